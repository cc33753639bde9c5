"""What can be repainted at once: layers selected together, each one of a group, the frames of one.

In the list of what is repainted they stand among the layers. What is selected is followed, but one
layer alone, on which an artist paints, and which Krita selects when a result comes, changes nothing
of what is to be repainted. Of a group each layer with pixels counts, in groups inside it, too, but
those that are empty and those that are results themselves. The lowest stands for all in the picture
and where it is estimated.
"""

from scumble.host import MERGED, Layer
from scumble.presenter import records, words
from scumble.presenter.editor import EditorHost
from scumble.presenter.layerlist import FILTER, LayerList
from scumble.presenter.states import Entry
from scumble.presenter.styles import StyleRows

SELECTED = "selected"
EACH = "each:"  # before a group's id
FRAMES = "frames:"  # before the id of an animated layer


class Several:
    """chosen: the id of the entry that is chosen; nothing where one layer is repainted.
    layers: the ids of those it stands for, topmost first."""

    def __init__(self, host: EditorHost, layers: LayerList, rows: StyleRows):
        self._host, self._list, self._rows = host, layers, rows
        self.chosen = ""
        self.layers: list[str] = []
        self._results: tuple[object, set[str]] = None, set()  # of what, and which

    @property
    def lowest(self) -> str:
        return self.layers[-1] if self.layers else ""

    @property
    def animated(self) -> bool:
        """Whether all frames of one layer are chosen."""
        return self.chosen.startswith(FRAMES)

    def of_all(self, takes: str) -> str:
        """What is said of the time of one job."""
        if self.animated:
            return words.first_of_frames(takes, self._frames(self.lowest))
        return words.one_of_layers(takes, len(self.layers)) if len(self.layers) > 1 else takes

    def warning(self, layer: str) -> str:
        """Of what is repainted; of several the first that there is one of."""
        layers = [] if self.animated else self.layers or [layer] * bool(layer)
        return next(filter(None, map(self._host.warning, layers)), "")

    @property
    def contents(self) -> tuple[Entry, ...]:
        """All that can be repainted."""
        groups = {each.id for each in self._list.layers if each.kind == "group"}
        found: list[Entry] = []
        if selected := self._selected(self.layers if self.chosen == SELECTED else []):
            found.append(Entry(SELECTED, words.selected_layers(len(selected))))
        for each in self._list.contents:
            found.append(each)
            if each.id in groups:
                found.append(Entry(EACH + each.id, words.each_layer(each.name), each.depth + 1))
            if (count := self._frames(each.id)) > 1:
                name = words.all_frames(each.name, count)
                found.append(Entry(FRAMES + each.id, name, each.depth + 1))
        return tuple(found)

    def choose(self, entry: str) -> bool:
        """Whether it stands for several layers."""
        self.chosen = entry if entry == SELECTED or entry.startswith((EACH, FRAMES)) else ""
        self.follow()
        for each in self.layers:  # which may have been meant as styles before
            self._rows.tick(each, False)
        return bool(self.chosen)

    def follow(self) -> bool:
        """Whether they are others than a moment ago."""
        before, self.layers = self.layers, []
        if self.chosen == SELECTED:
            self.layers = self._selected(before)
        elif self.animated:
            layer = self.chosen[len(FRAMES) :]
            self.layers = [layer] if self._frames(layer) > 1 else []
        elif self.chosen:
            self.layers = self._inside(self.chosen[len(EACH) :])
        if not self.layers:
            self.chosen = ""
        self._rows.repainted = self.layers
        return self.layers != before

    def _frames(self, layer: str) -> int:
        return next((each.frames for each in self._list.layers if each.id == layer), 0)

    def _selected(self, before: list[str]) -> list[str]:
        """Those of before that are there, where less than two are selected now."""
        together = self._list.together
        known = {each.id for each in self._list.layers if _has_pixels(each)}
        found = [each.id for each in self._list.layers if each.id in known & set(together)]
        return found if len(found) > 1 else [each for each in before if each in known]

    def _inside(self, group: str) -> list[str]:
        parents = {each.id: each.parent for each in self._list.layers}
        found = []
        for each in self._list.layers:
            around = each.parent
            while around and around != group:
                around = parents.get(around, "")
            if around and each.kind != "group" and _has_pixels(each):
                found.append(each.id)
        results = self._results_of(found)
        return [each for each in found if each not in results]

    def _results_of(self, layers: list[str]) -> set[str]:
        """Looked up only where something is another: an editor takes its time to find a layer."""
        key = layers, self._host.kept()
        if self._results[0] != key:
            found = {each for layer in layers for each in records.results_of(self._host, layer)}
            self._results = key, found
        return self._results[1]


def _has_pixels(layer: Layer) -> bool:
    is_own = layer.id != MERGED and layer.kind != FILTER
    return is_own and bool(layer.extent.width and layer.extent.height)
