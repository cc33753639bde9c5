"""The list of styles: layers and picture files, each with tick, weight and brush size.

What the artist ticked and weighed stays when the document's layers change.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from scumble import parameters
from scumble.host import MERGED, Layer, readable
from scumble.places import NO_ROLES, Place, Roles
from scumble.presenter.roles import NO_PLACES, places_in, said
from scumble.session import StyleChoice

DEFAULTS = {
    each.name: float(each.default)  # type: ignore[arg-type]
    for each in parameters.STYLE_PARAMETERS
    if each.kind == "number"
}

INDENT, DEEPEST = 12, 4  # of a row for each group that a layer lies in, and of how many at most

Source = str | Path  # a layer's id, or a picture file


@dataclass(frozen=True)
class Row:
    """One style that may be used.

    depth: how many groups it lies in. visible: whether it is seen in the document.
    colour: as "#rrggbb", of where it lies, over the dialog's picture; nothing for everywhere.
    said: in small letters, where it lies and what it gives, if that is not as it comes.
    """

    source: Source
    name: str
    depth: int = 0
    visible: bool = True
    ticked: bool = False
    weight: float = DEFAULTS["weight"]
    brush_size: float = DEFAULTS["brush_size"]
    where: Place | None = None
    gives: str = "all"
    colour: str = ""
    said: str = ""

    @property
    def hint(self) -> str:
        """The whole of its name."""
        return readable(str(self.source)) if self.is_file else self.name

    @property
    def indent(self) -> int:
        """In the toolkit's units."""
        return INDENT * min(self.depth, DEEPEST)

    @property
    def is_file(self) -> bool:
        return isinstance(self.source, Path)

    def choice(self) -> StyleChoice:
        return StyleChoice(self.source, self.weight, self.brush_size, self.where, self.gives)


class StyleRows:
    def __init__(self) -> None:
        self._rows: dict[Source, Row] = {}
        self.roles, self.places = NO_ROLES, NO_PLACES
        self.repainted: list[str] = []  # layers that are repainted together

    def shown(self, content: str) -> tuple[Row, ...]:
        """All but the layer to repaint, or all layers, which are no styles of themselves."""
        return tuple(
            replace(row, said=said(row.where, row.gives, self.places) if row.ticked else "")
            for row in self._rows.values()
            if row.source != content and row.source not in self.repainted
        )

    def choices(self, content: str) -> list[StyleChoice]:
        return [row.choice() for row in self.shown(content) if row.ticked]

    def follow(self, layers: list[Layer]) -> None:
        """The document's layers as they are now, in its order; picture files stay below them."""
        deep = depths(layers)
        found: dict[Source, Row] = {}
        for each in layers:
            if each.id != MERGED:
                old = self._rows.get(each.id, Row(each.id, each.name))
                depth = deep[each.id]
                found[each.id] = replace(old, name=each.name, depth=depth, visible=each.visible)
        files = {source: row for source, row in self._rows.items() if row.is_file}
        self._rows = found | files
        self.places = places_in(layers)

    def offer(self, path: Path) -> None:
        """A picture file joins the list, if it is not in it."""
        self._rows.setdefault(path, Row(path, readable(path.stem)))

    def remove(self, path: Path) -> None:
        """A picture file leaves the list."""
        self._rows.pop(path, None)

    def knows(self, source: Source) -> bool:
        return source in self._rows

    def tick(self, source: Source, on: bool = True) -> None:
        self._change(source, ticked=on)

    def tick_all(self, layers: list[str], content: str) -> None:
        """Layers that are selected together are meant as styles, but the one to repaint."""
        for each in layers:
            if each != content:
                self.tick(each)

    def set_weight(self, source: Source, weight: float) -> None:
        self._change(source, weight=weight)

    def set_brush_size(self, source: Source, percent: float) -> None:
        self._change(source, brush_size=percent)

    def set_where(self, source: Source, place: Place | None) -> None:
        self._change(source, where=place)

    def set_gives(self, source: Source, what: str) -> None:
        self._change(source, gives=what)

    def set_roles(self, **roles: Place | None) -> None:
        self.roles = replace(self.roles, **roles)

    def choose(self, choices: Iterable[StyleChoice], roles: Roles = NO_ROLES) -> None:
        """Tick and weigh exactly these, so far as they are in the list; picture files come in."""
        for source in self._rows:
            self.tick(source, False)
        for each in choices:
            self.use(each)
        self.roles = roles

    def use(self, choice: StyleChoice) -> None:
        """Tick and weigh it, if it is in the list; a picture file comes in."""
        if isinstance(choice.source, Path):
            self.offer(choice.source)
        numbers = {"weight": choice.weight, "brush_size": choice.brush_size}
        says = {"where": choice.where, "gives": choice.gives}
        self._change(choice.source, ticked=True, **numbers, **says)

    def _change(self, source: Source, **fields) -> None:
        if source in self._rows:
            self._rows[source] = replace(self._rows[source], **fields)


def laid_out(rows: Iterable[Row]) -> dict[tuple[Source, int], Row]:
    """By what a row's widget is made for: its source, and how far it is indented."""
    return {(row.source, row.depth): row for row in rows}


def newly_ticked(before: Iterable[Row], rows: Iterable[Row]) -> Source | None:
    """The first that is ticked only now: what is used is to be seen, wherever the list stood."""
    known = {row.source for row in before if row.ticked}
    return next((row.source for row in rows if row.ticked and row.source not in known), None)


def depths(layers: list[Layer]) -> dict[str, int]:
    """How many groups each layer lies in. layers: each group before its own."""
    found: dict[str, int] = {}
    for layer in layers:
        found[layer.id] = found[layer.parent] + 1 if layer.parent in found else 0
    return found
