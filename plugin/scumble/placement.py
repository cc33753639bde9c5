"""Where a result goes among the layers, and what it is called."""

from collections.abc import Iterable

from scumble.host import MERGED, Layer
from scumble.language import tr

LONGEST = 40  # letters of a result's name, so that an editor's list of layers shows it whole
ELLIPSIS = "…"


def shortened(text: str, letters: int) -> str:
    """The text, its middle left out where it is longer."""
    if len(text) <= letters:
        return text
    head = (letters - 1) // 2
    return text[:head].rstrip() + ELLIPSIS + text[len(text) - (letters - 1 - head) :].lstrip()


def result_name(names: list[str], taken: Iterable[str]) -> str:
    """A short name that no other layer has: "Style: Sunset + Ink", then "Style 2: Sunset + Ink"."""
    shown, more = names[:2], len(names) - 2
    tail = tr(" + {number} more", number=more) if more > 0 else ""
    head = tr("Style: {styles}", styles="")
    room = (LONGEST - len(head) - len(tail) - 3 * (len(shown) - 1)) // max(1, len(shown))
    styles = " + ".join(shortened(each, room) for each in shown) + tail
    return free_name(tr("Style: {styles}", styles=styles), taken)


def free_name(name: str, taken: Iterable[str]) -> str:
    """A result's name, numbered where it is taken: in front, since an editor's narrow list of
    layers shows no more than that of a name."""
    names, styles = set(taken), name.partition(": ")[2] or name
    numbered = (
        tr("Style {number}: {styles}", number=number, styles=styles)
        for number in range(2, len(names) + 3)
    )
    return name if name not in names else next(each for each in numbered if each not in names)


def together_name(name: str, count: int) -> str:
    """Of a group that the results of several layers lie in. name: of one of them."""
    return tr("{name}, {count} layers", name=name, count=count)


def place_above(layers: list[Layer], content: str, styles: list[str], earlier: list[str]) -> str:
    """The id of the layer right below a new result: what would hide it lies below it.

    layers: topmost first. styles: the ids of those it was painted like. earlier: those of results
    of the same content. Each may lie in another group than the content: then the group counts that
    lies beside the content.
    """
    if content == MERGED:
        return MERGED
    by_id = {layer.id: layer for layer in layers}
    parent = by_id[content].parent
    covering = {content}
    for each in earlier:
        covering.add(_beside(by_id, each, parent))
    for each in styles:
        if _is_seen(by_id, each):
            covering.add(_beside(by_id, each, parent))
    return next(layer.id for layer in layers if layer.id in covering and layer.parent == parent)


def hiding(layers: list[Layer], placed: str, styles: list[str]) -> str:
    """The name of a style that hides a result placed above this layer all the same, since it lies
    above the group that both are in; nothing where none does."""
    by_id = {layer.id: layer for layer in layers}
    if placed not in by_id:
        return ""
    above = [layer.id for layer in layers[: layers.index(by_id[placed])]]
    around = set(_groups(by_id, placed))
    hides = [each for each in styles if each in above and _is_seen(by_id, each)]
    return next((by_id[each].name for each in hides if not around & {each}), "")


def place_together(layers: list[Layer], above: list[str]) -> tuple[str, list[str]]:
    """The id of the layer right below a group of results that would each lie above one of these;
    and the names of visible layers, none of these, that lie between, and will lie under them all.
    """
    by_id = {layer.id: layer for layer in layers}
    parent = by_id[above[0]].parent
    while not all(_beside(by_id, each, parent) for each in above):
        parent = by_id[parent].parent
    beside = [layer.id for layer in layers if layer.parent == parent]
    taken = {_beside(by_id, each, parent) for each in above}
    first = next(each for each in beside if each in taken)
    last = next(each for each in reversed(beside) if each in taken)
    between = beside[beside.index(first) : beside.index(last)]
    seen = [by_id[each] for each in between if each not in taken and by_id[each].visible]
    return first, [each.name for each in seen if each.kind != "paint" or each.extent.width]


def _groups(layers: dict[str, Layer], layer: str) -> Iterable[str]:
    """The ids of the groups around a layer, the nearest first."""
    while layer in layers and (layer := layers[layer].parent):
        yield layer


def _is_seen(layers: dict[str, Layer], layer: str) -> bool:
    return layer in layers and all(
        layers[each].visible for each in (layer, *_groups(layers, layer)) if each in layers
    )


def _beside(layers: dict[str, Layer], layer: str, parent: str) -> str:
    """The layer itself, or the group around it, that lies in this parent; nothing where none."""
    around = [each for each in (layer, *_groups(layers, layer)) if each in layers]
    return next((each for each in around if layers[each].parent == parent), "")
