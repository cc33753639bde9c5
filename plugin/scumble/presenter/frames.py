"""The frames of an animated layer are repainted, and come into the document as one animated layer.

They are painted in the order of their times, with the same seed, each from the result of the one
before it, moved as the picture moved: so what stands still stays still. As an artist would expect:

- They are painted as they were when the first one began, and so are their styles: the artist paints
  on meanwhile.
- A frame that is like another one is painted once, and so is as that one; an empty one stays so.
- Where one cannot be painted those after it are not, since they would go on from it; what is
  painted comes in, and the other frames are empty, so that what lies below them is seen.
"""

from collections.abc import Callable
from dataclasses import replace

from scumble import history, parameters
from scumble.delivery import Coming, Delivered, deliver_as_one
from scumble.host import NewLayer, ReadOnce
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.presenter import words
from scumble.presenter.editor import EditorHost
from scumble.presenter.painting import Painting
from scumble.presenter.records import Record
from scumble.presenter.series import Series
from scumble.session import Frame, Held


class FrameSeries(Series[int]):
    """Those of the layer that a record says, by their times. Raises InputError where they cannot be
    had."""

    def __init__(self, host: EditorHost, record: Record):
        self._host, self._frames = host, host.take_frames(record.content)
        super().__init__(list(self._frames.times))
        # its newest result is a picture of one moment, and which one nobody knows
        start = parameters.defaults()["init"]
        values = record.values if record.values["init"] != "result" else {"init": start}
        self._record = replace(record, values=record.values | values)
        self._styles = ReadOnce(host)
        self._known: dict[str, Coming] = {}  # results by the digest of their frame
        self._results: dict[int, Coming] = {}  # by their times
        self._frame: Pixels | None = None  # that is painted
        self._before: tuple[Pixels, Pixels] | None = None  # frame and result

    def check(self, painting: Painting) -> None:
        record = self._record
        order = (record.content, record.choices, record.values, record.roles)
        painting.check(*order, self._frames.extent)

    def record(self) -> Record:
        return self._record

    def held(self, selection: Pixels | None) -> Held | None:
        frame = self._frame = self._frames.read(self.current)
        if frame is None:
            return None
        if known := self._known.get(frame.digest()):
            self._keep(frame, known)
            return None
        before, painted = self._before or (None, None)
        part = Frame(frame, before, painted, words.frame(self.current))
        return Held(selection, part, self._styles)

    def take(self, coming: Coming) -> None:
        assert self._frame is not None
        self._known[self._frame.digest()] = coming
        self._keep(self._frame, coming)

    def _keep(self, frame: Pixels, coming: Coming) -> None:
        self._results[self.current] = coming
        self._before = frame, coming.done.pixels

    def record_of(self, content: str) -> Record | None:
        return self._record

    def said(self, stage: str) -> str:
        return words.frame_of(self.place + 1, self.count, stage)

    def not_repainted(self) -> str:
        self.stop()
        return words.frames_not_repainted(self.current)

    def worth_keeping(self, results: list[Coming]) -> list[Coming]:
        room = history.room_for([(each.done.pixels, each.done.mask) for each in results])
        return results[-room:]

    def kept_in_history(self, count: int, painted: int) -> str:
        if count == painted:
            return words.frames_kept_in_history(count)
        return tr(
            "{number} frames were painted to the end; the history had room for the last of them "
            "({count}).",
            number=painted,
            count=count,
        )

    def deliver(
        self, host: EditorHost, results: list[Coming], taken: Callable[[Coming], None]
    ) -> list[Delivered]:
        painted = {time: each.done.pixels for time, each in self._results.items()}

        def insert(new: NewLayer) -> str:
            alone = [each.new_layer(each.name_alone(), new.above) for each in results]
            return host.insert_frames(self._frames, painted, new, alone)

        found = deliver_as_one(host, results, taken, insert)
        self.release()
        return [found] if found else []

    def release(self) -> None:
        self._known, self._results, self._before, self._frame = {}, {}, None, None
        self._styles.forget()
