"""Several layers, or the frames of one, are repainted, one after the other, and come into the
document in one undo step.

Each is a job with the same settings and styles. Its result is held, by the backend, too, until all
are painted; then all come in together. As an artist would expect:

- What is selected counts as it is when the first one begins: the artist paints on meanwhile.
- One that cannot be painted is said; other layers go on. Where the painting process itself is
  gone, no other is begun, and what is painted comes in.
- Cancel leaves the document as it is, and begins no other. What was painted to the end by then took
  its time: it is in the history, from where it can be put in. Of frames, which are many, the last
  are, as many as push out nothing that is older.
- "Stop and keep" takes the one under way as it is, and begins no other.
- A layer that is gone when all are painted has its result in the history alone.
- A document or editor that closes: what is held is set aside, and offered, as every result is.
"""

import contextlib
from collections.abc import Callable

from scumble.delivery import Coming
from scumble.guard import sentence, told
from scumble.pixels import Pixels
from scumble.presenter.editor import EditorHost
from scumble.presenter.frames import FrameSeries
from scumble.presenter.painting import Interrupted, Painting
from scumble.presenter.records import Record
from scumble.presenter.series import LayerSeries, Series
from scumble.session import Held


class Together:
    """paint: starts a job whose result is held; may raise InputError. keep: puts a result into the
    history. say tells a sentence."""

    def __init__(
        self,
        host: EditorHost,
        painting: Painting,
        paint: Callable[[Record, Held], object],
        keep: Callable[[Coming, str, Record | None], object],
        say: Callable[[str], None],
    ):
        self._host, self._painting, self._paint = host, painting, paint
        self._keep, self._say = keep, say
        self._series: Series | None = None
        self._selection: Pixels | None = None  # as it was when the first one began
        self.running = False  # whether one is painted
        self._puts_in = False

    def said(self, stage: str) -> str:
        """What is said of a job, with which of several it is."""
        return self._series.said(stage) if self._series and self.running else stage

    def far(self, fraction: float) -> float:
        """How far all are, of how far a job is."""
        series = self._series if self.running else None
        return (series.place + fraction) / series.count if series else fraction

    def record_of(self, content: str) -> Record | None:
        return self._series.record_of(content) if self._series else None

    # Intents

    def begin(self, record: Record, layers: list[str], animated: bool) -> None:
        """Paint each of these so, the last one first; or all frames of one that is animated. Raises
        InputError where one of them could not even start."""
        host = self._host
        with contextlib.suppress(Interrupted):
            series = self._painting.prepare(
                lambda: FrameSeries(host, record) if animated else LayerSeries(host, record, layers)
            )
            series.check(self._painting)
            self._series, self._selection = series, host.selection()
            self._go_on(series)

    def begin_no_other(self) -> None:
        if self._series:
            self._series.stop()

    def forget(self) -> None:
        """Something else is painted."""
        self._series, self.running, self._puts_in = None, False, False

    # Events

    def end(self, state: str) -> bool:
        """A job ended; whether the next one, or the putting in, is under way now, or it is said how
        all ended."""
        series = self._series if self.running else None
        if series is None:
            if state == "cancelled" and self._puts_in:
                self._let_go()
            self._puts_in = False
            return False
        if state == "cancelled":
            series.stop()
            self.running = False
            self._let_go()
            return False
        if state == "failed":
            self._say(series.not_repainted())
            if not self._painting.has_backend:
                series.stop()
        else:
            series.take(self._painting.held[-1])
        return self._go_on(series)

    def _go_on(self, series: Series) -> bool:
        """The next one that can be painted; all are put in after the last. As `end`."""
        self.running = True
        while series.advance():
            try:
                if held := self._painting.prepare(lambda: series.held(self._selection)):
                    self._paint(series.record(), held)
                    return True
            except Interrupted:
                return True
            except Exception as error:  # one that is too large for the memory, say
                if not self._host.is_open():
                    series.stop()
                else:
                    self._say(f"{sentence(error)} {series.not_repainted()}")
        self.running = False
        if self._painting.held:
            self._puts_in = True
            self._painting.put_in(series.deliver)
        return self._painting.busy

    @told
    def _let_go(self) -> None:
        held, series = self._painting.let_go(), self._series
        assert series
        if not self._host.is_open():
            for each in held:
                self._host.set_aside(each.done.pixels, each.name_alone(), each.done.mask)
        elif held:
            kept = series.worth_keeping(held)
            for each in kept:
                self._keep(each, each.name_alone(), self.record_of(each.content))
            self._say(series.kept_in_history(len(kept), len(held)))
        series.release()
