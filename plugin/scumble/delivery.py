"""A result's way into its document: where it comes, what it is called, what is said of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from scumble import placement
from scumble.errors import KeptError
from scumble.host import MERGED, Host, Layer, NewLayer
from scumble.language import tr
from scumble.pixels import Extent
from scumble.protocol import Done


@dataclass(frozen=True)
class Coming:
    """A result that has come, and what was painted.

    content: the id of the layer repainted; called: its name then. styles: sources and names.
    earlier: the ids of results that it had. canvas: the document's extent when it was read.
    """

    job: str
    done: Done
    content: str
    called: str
    styles: list[tuple[str | Path, str]]
    earlier: list[str]
    canvas: Extent | None

    def name(self, taken: Iterable[str] = ()) -> str:
        return placement.result_name([name for _, name in self.styles], taken)

    def above(self, layers: list[Layer]) -> str:
        """Above its content, earlier results of it, and visible styles that would hide it."""
        return placement.place_above(layers, self.content, self.style_layers(), self.earlier)

    def new_layer(self, name: str, above: str, content: str) -> NewLayer:
        return NewLayer(self.done.pixels, name, above, self.done.mask, content)

    def style_layers(self) -> list[str]:
        return [source for source, _ in self.styles if isinstance(source, str)]


@dataclass(frozen=True)
class Delivered:
    """A result that is in its document. layer: its id there; nothing where its content was gone,
    and the history alone has it."""

    layer: str
    name: str
    coming: Coming


def deliver(host: Host, coming: Coming, taken: Callable[[Coming], None]) -> Delivered | None:
    """Put a result where it is seen, on top of all where its content is gone. Where no place can be
    found it is set aside. taken: called when the backend need not keep it any more."""
    try:
        is_open, layers = host.is_open(), host.layers()
        content = coming.content if host.is_there(coming.content) else ""
        above = coming.above(layers) if content else MERGED
    except Exception:
        set_aside(host, coming, taken)
        raise
    name = coming.name(layer.name for layer in layers)
    if not is_open:
        set_aside(host, coming, taken, name)
        return None
    try:
        layer = host.insert(coming.new_layer(name, above, content))
    except KeptError:
        taken(coming)
        raise
    taken(coming)
    if not host.is_there(coming.content):
        host.say(tr("The layer it was painted from is gone: “{name}” lies on top.", name=name))
    else:
        _say_what_hides(host, coming, layers, above, name)
    _say_of_size(host, coming, layers, name)
    for note in coming.done.notes:
        host.say(note)
    return Delivered(layer, name, coming)


def deliver_together(
    host: Host, results: list[Coming], taken: Callable[[Coming], None]
) -> list[Delivered]:
    """Put the results of several layers in, each above its own, undone in one step. One whose
    content is gone comes into the history alone, and that is said."""
    try:
        is_open, layers = host.is_open(), host.layers()
        places = {layer.id: place for place, layer in enumerate(layers)}
        there = sorted(
            (each for each in results if each.content in places), key=lambda e: places[e.content]
        )
        new = _new_layers(there, layers)
    except Exception:
        for each in results:
            set_aside(host, each, taken)
        raise
    if not is_open:
        for each in results:
            set_aside(host, each, taken)
        return []
    group = placement.together_name(there[0].name(), len(there)) if there else ""
    try:
        ids = host.insert_together(new, group) if new else []
    except KeptError:
        for each in results:
            taken(each)
        raise
    for each in results:
        taken(each)
    for each, layer in zip(there, new, strict=True):
        _say_what_hides(host, each, layers, layer.above, layer.name)
        _say_of_size(host, each, layers, layer.name)
    for note in dict.fromkeys(note for each in there for note in each.done.notes):
        host.say(note)
    gone = [each for each in results if each not in there]
    for each in gone:
        host.say(
            tr(
                "“{layer}” is gone: what was painted of it is kept in the history.",
                layer=each.called,
            )
        )
    found = [Delivered(*each) for each in zip(ids, (e.name for e in new), there, strict=True)]
    return found + [Delivered("", each.name(), each) for each in gone]


def set_aside(host: Host, coming: Coming, taken: Callable[[Coming], None], name: str = "") -> None:
    host.set_aside(coming.done.pixels, name or coming.name(), coming.done.mask)
    taken(coming)


def canvas_of(layers: Iterable[Layer]) -> Extent | None:
    """The document's own extent, where the host tells it."""
    return next((layer.extent for layer in layers if layer.id == MERGED), None)


def _new_layers(results: list[Coming], layers: list[Layer]) -> list[NewLayer]:
    names, found = [layer.name for layer in layers], []
    for each in results:
        name = each.name(names)
        names.append(name)
        found.append(each.new_layer(name, each.above(layers), each.content))
    return found


def _say_what_hides(host: Host, coming: Coming, layers: list[Layer], above: str, name: str) -> None:
    if hiding := placement.hiding(layers, above, coming.style_layers()):
        host.say(
            tr(
                "“{hiding}” lies over the result: hide it to see “{name}”.",
                hiding=hiding,
                name=name,
            )
        )


def _say_of_size(host: Host, coming: Coming, layers: list[Layer], name: str) -> None:
    if canvas_of(layers) != coming.canvas:
        host.say(tr("The document has another size now; “{name}” is of the former one.", name=name))
