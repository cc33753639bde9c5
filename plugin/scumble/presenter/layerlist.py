"""The layers of the document as they were seen last, and what of them is another now."""

from scumble.host import MERGED, Layer
from scumble.pixels import Extent
from scumble.presenter.editor import EditorHost
from scumble.presenter.states import Entry
from scumble.presenter.styles import StyleRows, depths
from scumble.presenter.thumbnails import Thumbnails

FILTER = "filter"  # the kind of a layer without pixels of its own


class LayerList:
    """Rows follow what is seen; thumbnails are drawn of what is new."""

    def __init__(self, host: EditorHost, rows: StyleRows, thumbnails: Thumbnails):
        self._host, self._rows, self._thumbnails = host, rows, thumbnails
        self._layers: list[Layer] = []
        self.contents: tuple[Entry, ...] = ()  # what can be repainted
        self.together: list[str] = []  # layers that are selected together

    @property
    def layers(self) -> list[Layer]:
        return self._layers

    def read(self) -> None:
        self._layers = self._host.layers()
        paintable, depth = [e for e in self._layers if e.kind != FILTER], depths(self._layers)
        self.contents = tuple(Entry(each.id, each.name, depth[each.id]) for each in paintable)
        self._rows.follow(paintable)

    def read_changes(self) -> bool:
        """Whether the layers are others than a moment ago."""
        before = _outline(self._layers)
        self.read()
        known = {each[0] for each in before}
        if new := [each.id for each in self._layers if each.id not in known]:
            self._thumbnails.add(new)
        return _outline(self._layers) != before

    def read_together(self) -> list[str]:
        """Those that joined the layers that are selected together; one alone is only the one that
        the artist stands on."""
        before, selected = self.together, self._host.selected_layers()
        self.together = selected if len(selected) > 1 else []
        return [each for each in self.together if each not in before]

    def meant(self, active: Layer | None) -> str:
        """The layer to repaint to begin with: of several that are selected together the lowest;
        all that is visible where the artist stands on none, or on one without pixels."""
        if together := [each.id for each in self.contents if each.id in self.together]:
            return together[-1]
        return active.id if active and active.kind != FILTER else MERGED

    def first(self) -> str:
        return next((each.id for each in self.contents), "")

    def extent(self, layer: str) -> Extent | None:
        return next((each.extent for each in self._layers if each.id == layer), None)


def _outline(layers: list[Layer]) -> list[tuple]:
    return [(each.id, each.name, each.parent, each.visible) for each in layers]
