"""Several layers are repainted, one after the other, and come into the document in one undo step.

Each is a job with the same settings and styles. Its result is held, by the backend, too, until all
are painted; then all come in together. As an artist would expect:

- What is selected counts as it is when the first one begins: the artist paints on meanwhile.
- A layer that cannot be painted is said; the others go on. Where the painting process itself is
  gone, no other is begun, and what is painted comes in.
- Cancel leaves the document as it is, and begins no other. What was painted to the end by then took
  its time: it is in the history, from where it can be put in.
- "Stop and keep" takes the layer under way as it is, and begins no other.
- A layer that is gone when all are painted has its result in the history alone.
- A document or editor that closes: what is held is set aside, and offered, as every result is.
"""

from collections.abc import Callable
from dataclasses import replace

from scumble.delivery import Coming
from scumble.errors import InputError
from scumble.guard import told
from scumble.presenter import words
from scumble.presenter.editor import EditorHost
from scumble.presenter.painting import Painting
from scumble.presenter.records import Record
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
        self._waiting: list[Record] = []
        self._current: Record | None = None
        self._all: dict[str, Record] = {}  # by their contents
        self._puts_in = False
        self._held = Held(None)

    @property
    def running(self) -> bool:
        """Whether one is painted."""
        return self._current is not None

    def said(self, stage: str) -> str:
        """What is said of a job, with which of several layers it is."""
        if not self.running:
            return stage
        return words.layer_of(self._place() + 1, len(self._all), stage)

    def far(self, fraction: float) -> float:
        """How far all are, of how far a job is."""
        return (self._place() + fraction) / len(self._all) if self.running else fraction

    def _place(self) -> int:
        return len(self._all) - len(self._waiting) - 1

    def record_of(self, content: str) -> Record | None:
        return self._all.get(content)

    # Intents

    def begin(self, record: Record, layers: list[str]) -> None:
        """Paint each of these so, the last one first. Raises InputError where one of
        them could not even start."""
        for each in layers:
            self._painting.check(each, record.choices, record.values, record.roles)
        self._all = {each: replace(record, content=each) for each in reversed(layers)}
        self._waiting = list(self._all.values())
        self._held = Held(self._host.selection())
        self._go_on()

    def begin_no_other(self) -> None:
        for each in self._waiting:
            del self._all[each.content]
        self._waiting = []

    def forget(self) -> None:
        """Something else is painted."""
        self._all, self._waiting, self._current, self._puts_in = {}, [], None, False

    # Events

    def end(self, state: str) -> bool:
        """A job ended; whether the next one, or the putting in, is under way now."""
        current, self._current = self._current, None
        if self._puts_in or current is None:
            if state == "cancelled" and self._puts_in:
                self._let_go()
            self._puts_in = False
            return False
        if state == "cancelled":
            self._waiting = []
            self._let_go()
            return False
        if state == "failed":
            self._say(words.not_repainted(self._name(current.content)))
            if not self._painting.has_backend:
                self._waiting = []
        self._go_on()
        return self._painting.busy

    def _go_on(self) -> None:
        """The next one that can be painted; all are put in after the last."""
        while self._waiting:
            self._current = self._waiting.pop(0)
            try:
                self._paint(self._current, self._held)
                return
            except InputError as error:
                if not self._host.is_open():
                    self._waiting = []
                else:
                    self._say(f"{error} {words.not_repainted(self._name(self._current.content))}")
        self._current = None
        if self._painting.held:
            self._puts_in = True
            self._painting.put_in()

    @told
    def _let_go(self) -> None:
        held = self._painting.let_go()
        for each in held:
            if self._host.is_open():
                self._keep(each, each.name(), self.record_of(each.content))
            else:
                self._host.set_aside(each.done.pixels, each.name(), each.done.mask)
        if held and self._host.is_open():
            self._say(words.kept_in_history(len(held)))

    def _name(self, layer: str) -> str:
        return next((each.name for each in self._host.layers() if each.id == layer), "")
