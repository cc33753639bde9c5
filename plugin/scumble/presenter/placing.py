"""The intents by which parts of the document get something to do: where styles lie and what they
give, what stays as it is, where strokes run."""

from collections.abc import Callable

from scumble.guard import guarded
from scumble.places import Place
from scumble.presenter.regions import Regions
from scumble.presenter.styles import Source, StyleRows


class Placing:
    """edited: called after each change, when the regions are shown. say tells a sentence."""

    def __init__(
        self,
        rows: StyleRows,
        regions: Regions,
        edited: Callable[[], object],
        say: Callable[[str], None],
    ):
        self._rows, self._regions, self._edited, self._say = rows, regions, edited, say

    def _tell(self, message: str) -> None:
        self._say(message)

    def _change(self) -> None:
        self._regions.show(True)
        self._edited()

    @guarded(_tell)
    def set_where(self, source: Source, place: Place | None) -> None:
        self._rows.set_where(source, place)
        self._change()

    @guarded(_tell)
    def set_gives(self, source: Source, what: str) -> None:
        self._rows.set_gives(source, what)
        self._change()

    @guarded(_tell)
    def keep(self, place: Place | None) -> None:
        """It stays as it is."""
        self._rows.set_roles(keep=place)
        self._change()

    @guarded(_tell)
    def run_along(self, place: Place | None) -> None:
        """Strokes run along what is drawn there."""
        self._rows.set_roles(along=place)
        self._change()
