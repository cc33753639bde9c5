"""Three drafts to choose from, which differ in what matters most; the chosen one is painted to the
end from where it is.

They are jobs, one after the other, whose results come into no document. They are held here, at the
layer's size, until something else is painted.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from scumble.errors import InputError
from scumble.guard import told
from scumble.pixels import Pixels
from scumble.presenter import words
from scumble.presenter.records import Record
from scumble.presenter.states import Card
from scumble.protocol import Done
from scumble.ways import WAYS, quick, varied

SMALL = 256  # px of their small pictures


@dataclass
class Draft:
    """record: what is painted where it is chosen. pixels: of the draft, once it is painted."""

    caption: str
    record: Record
    pixels: Pixels | None = None
    picture: Pixels | None = None  # small


class Drafts:
    """asked: what the dialog asks for. paint: starts a job, from a picture where one is given, a
    draft or not; either may raise InputError. adopt: makes settings and styles the dialog's. stop:
    cancels the job under way. say tells a sentence."""

    def __init__(
        self,
        asked: Callable[[], Record],
        paint: Callable[..., object],
        adopt: Callable[[Record], object],
        is_busy: Callable[[], bool],
        stop: Callable[[], object],
        say: Callable[[str], None],
    ):
        self._asked, self._paint, self._adopt = asked, paint, adopt
        self._is_busy, self._stop, self._say = is_busy, stop, say
        self._all: list[Draft] = []
        self._current: Draft | None = None  # what is being painted
        self._chosen: Draft | None = None

    @property
    def running(self) -> bool:
        return self._current is not None

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(
            Card(str(place), each.caption, words.draft_note(each.record.values), each.picture)
            for place, each in enumerate(self._all)
        )

    @property
    def chosen(self) -> str:
        """The card of the one that was painted last, or is."""
        return next((str(n) for n, each in enumerate(self._all) if each is self._chosen), "")

    def said(self, stage: str) -> str:
        """What is said while they are painted, in place of what is said of a job."""
        number, count = self._place()
        return words.drafting(number + 1, count)

    def far(self, fraction: float) -> float:
        """How far all are, of how far a job is."""
        number, count = self._place()
        return (number + fraction) / count

    def _place(self) -> tuple[int, int]:
        """Of the one that is being painted, from 0; and of how many."""
        return sum(each.pixels is not None for each in self._all), len(self._all)

    # Intents

    @told
    def paint(self) -> None:
        if self._is_busy():
            return
        self.forget()
        record = self._asked()
        self._all = [
            Draft(way.caption, replace(record, values=varied(record.values, way))) for way in WAYS
        ]
        self._go_on()

    @told
    def choose(self, card: str) -> None:
        """Paint this one to the end; those that are not painted yet are not wanted any more."""
        draft = next((e for n, e in enumerate(self._all) if str(n) == card and e.pixels), None)
        if draft is None or (self._is_busy() and not self.running):
            return
        if self.running:
            self._stop()
        self._chosen = draft
        self._adopt(draft.record)
        self._paint(draft.record, draft.pixels)

    def forget(self) -> None:
        """Something else is painted."""
        self._all, self._current, self._chosen = [], None, None

    # Events

    def end(self, done: Done | None) -> bool:
        """A job ended, with this result if it has one; whether the next draft is under way now."""
        draft, self._current = self._current, None
        if draft is None:
            return False
        if done:
            draft.pixels, draft.picture = done.pixels, done.pixels.small(SMALL)
            self._go_on()
        else:
            self._give_up()
        return self.running

    def _go_on(self) -> None:
        """Paint the next one, if it is still to be had."""
        self._current = next((each for each in self._all if each.pixels is None), None)
        if self._current is None:
            return
        try:
            record = self._current.record
            self._paint(replace(record, values=quick(record.values)), None, draft=True)
        except InputError as error:
            self._give_up()
            self._say(str(error))

    def _give_up(self) -> None:
        """Those that are painted stay."""
        self._current = None
        self._all = [each for each in self._all if each.pixels]
