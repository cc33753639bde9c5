"""The widgets of the styles' rows: which there are, which is to be seen, what stands over them."""

from collections.abc import Callable
from typing import NamedTuple

from scumble.pixels import Pixels
from scumble.presenter import words
from scumble.presenter.styles import Row, Source, laid_out, newly_ticked
from scumble.presenter.widgetlist import Widget, WidgetList


class Change(NamedTuple):
    """others: whether there are others than before, or in another order. newly: what is ticked only
    now, and is to be seen."""

    others: bool = False
    newly: Source | None = None


class RowList:
    """make, put, drop: as of WidgetList; a widget can draw(row) and show_picture(small)."""

    def __init__(
        self,
        make: Callable[[Row], Widget],
        put: Callable[[Widget, int], object],
        drop: Callable[[Widget], object],
    ):
        self._widgets = WidgetList(make, put, drop)
        self.drawn: tuple[Row, ...] = ()

    @property
    def all(self) -> dict[Source, Widget]:
        """By what they are made for."""
        return {source: widget for (source, _), widget in self._widgets.all.items()}

    @property
    def heading(self) -> str:
        return words.styles(sum(row.ticked for row in self.drawn))

    def draw(self, rows: tuple[Row, ...]) -> Change:
        if rows == self.drawn:
            return Change()
        change = Change(self._widgets.draw(laid_out(rows)), newly_ticked(self.drawn, rows))
        self.drawn = rows
        for row, widget in zip(rows, self._widgets.all.values(), strict=True):
            widget.draw(row)
        return change

    def draw_thumbnail(self, source: Source, small: Pixels) -> None:
        if widget := self.all.get(source):
            widget.show_picture(small)
