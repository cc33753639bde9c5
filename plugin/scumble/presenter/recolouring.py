"""What another share of the photograph's colours makes of the result: seen while the slider moves,
before it is painted, which takes a second then."""

from collections.abc import Callable

from scumble.errors import InputError
from scumble.guard import told
from scumble.pixels import Extent, Pixels
from scumble.presenter import words
from scumble.presenter.painting import Painting
from scumble.presenter.picture import Picture
from scumble.presenter.records import Record
from scumble.presenter.states import State

SHOWN = words.RESULT, words.RECOLOURED  # what the picture says where a result is seen


class Recolouring:
    """state: of the dialog. asked: what it asks for; may raise InputError. show: gives the face
    another badge. say tells a sentence."""

    def __init__(
        self,
        painting: Painting,
        picture: Picture,
        state: Callable[[], State],
        asked: Callable[[], Record],
        show: Callable[..., object],
        say: Callable[[str], None],
    ):
        self._painting, self._picture, self._state = painting, picture, state
        self._asked, self._show, self._say = asked, show, say
        self._record: Record | None = None  # of the result
        self._result: Pixels | None = None  # as it was seen
        self._extent: Extent | None = None

    def end(self, record: Record | None, seen: Pixels | None) -> None:
        """A result came, of this record."""
        self._record, self._result, self._extent = record, seen, self._painting.extent

    @told
    def look(self) -> None:
        """Something that is asked for may be another."""
        if self._state().badge not in SHOWN or self._result is None:
            return
        pixels = self._recoloured()
        if pixels is None and self._state().badge == words.RESULT:
            return
        self._picture.draw_result(pixels or self._result, self._extent)
        self._show(badge=words.RECOLOURED if pixels else words.RESULT)
        self._picture.sharpen()

    def _recoloured(self) -> Pixels | None:
        """None where the result is what is asked for, or would be painted anew."""
        try:
            record = self._asked()
            if record == self._record:
                return None
            order = (record.content, record.choices, record.values, record.roles)
            return self._painting.recoloured(*order)
        except InputError:
            return None
