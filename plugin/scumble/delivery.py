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
    replaces: whether it is to take the place of the layer's pixels. part: which frame of an
    animated layer it is, in words; nothing of others.
    """

    job: str
    done: Done
    content: str
    called: str
    styles: list[tuple[str | Path, str]]
    earlier: list[str]
    canvas: Extent | None
    replaces: bool = False
    part: str = ""

    def name(self, taken: Iterable[str] = ()) -> str:
        return placement.result_name([name for _, name in self.styles], taken)

    def name_alone(self) -> str:
        """What it is called where it does not lie with the other frames."""
        return alone([name for _, name in self.styles], self.part)

    def above(self, layers: list[Layer]) -> str:
        """Above its content, earlier results of it, and visible styles that would hide it."""
        return placement.place_above(layers, self.content, self.style_layers(), self.earlier)

    def new_layer(self, name: str, above: str) -> NewLayer:
        replaces = self.content if self.replaces else ""
        return NewLayer(self.done.pixels, name, above, self.done.mask, replaces)

    def delivered(self, layer: str, name: str) -> "Delivered":
        """layer: that it came in as."""
        return Delivered(layer, name, self, self.replaces and layer == self.content)

    def style_layers(self) -> list[str]:
        return [source for source, _ in self.styles if isinstance(source, str)]


def alone(styles: list[str], part: str) -> str:
    """What a result of these styles is called by itself."""
    return ", ".join(each for each in (placement.result_name(styles, ()), part) if each)


@dataclass(frozen=True)
class Delivered:
    """A result that is in its document. layer: its id there; nothing where its content was gone,
    and the history alone has it. replaced: whether it took the place of its layer's pixels."""

    layer: str
    name: str
    coming: Coming
    replaced: bool = False

    @property
    def seen_as(self) -> str:
        """The name of the layer that shows it."""
        return self.coming.called if self.replaced else self.name


def deliver(host: Host, coming: Coming, taken: Callable[[Coming], None]) -> Delivered | None:
    """Put a result where it is seen, on top of all where its content is gone. Where no place can be
    found it is set aside. taken: called when the backend need not keep it any more."""
    return deliver_as_one(host, [coming], taken, host.insert)


def deliver_as_one(
    host: Host,
    results: list[Coming],
    taken: Callable[[Coming], None],
    insert: Callable[[NewLayer], str],
) -> Delivered | None:
    """The same of all frames of a layer, as one layer. insert: puts that in, as Host.insert does,
    which is told the first of them."""
    coming = results[0]
    try:
        is_open, layers, above = host.is_open(), host.layers(), MERGED
        if host.is_there(coming.content):
            above = coming.above(layers)
    except Exception:
        _set_all_aside(host, results, taken)
        raise
    name = coming.name(layer.name for layer in layers)
    if not is_open:
        _set_all_aside(host, results, taken)
        return None
    try:
        layer = insert(coming.new_layer(name, above))
    except KeptError:
        for each in results:
            taken(each)
        raise
    for each in results:
        taken(each)
    delivered = coming.delivered(layer, name)
    if not host.is_there(coming.content):
        host.say(tr("The layer it was painted from is gone: “{name}” lies on top.", name=name))
    else:
        _say_what_hides(host, delivered, layers, above)
    _say_of_size(host, delivered, layers)
    _say_notes(host, results)
    return delivered


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
        _set_all_aside(host, results, taken)
        raise
    if not is_open:
        _set_all_aside(host, results, taken)
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
    found = [
        each.delivered(layer, into.name) for each, layer, into in zip(there, ids, new, strict=True)
    ]
    for each, into in zip(found, new, strict=True):
        _say_what_hides(host, each, layers, into.above)
        _say_of_size(host, each, layers)
    _say_notes(host, there)
    gone = [each for each in results if each not in there]
    for each in gone:
        host.say(
            tr(
                "“{layer}” is gone: what was painted of it is kept in the history.",
                layer=each.called,
            )
        )
    return found + [Delivered("", each.name(), each) for each in gone]


def set_aside(host: Host, coming: Coming, taken: Callable[[Coming], None]) -> None:
    host.set_aside(coming.done.pixels, coming.name_alone(), coming.done.mask)
    taken(coming)


def _set_all_aside(host: Host, results: list[Coming], taken: Callable[[Coming], None]) -> None:
    for each in results:
        set_aside(host, each, taken)


def canvas_of(layers: Iterable[Layer]) -> Extent | None:
    """The document's own extent, where the host tells it."""
    return next((layer.extent for layer in layers if layer.id == MERGED), None)


def _new_layers(results: list[Coming], layers: list[Layer]) -> list[NewLayer]:
    names, found = [layer.name for layer in layers], []
    for each in results:
        name = each.name(names)
        names.append(name)
        found.append(each.new_layer(name, each.above(layers)))
    return found


def _say_what_hides(host: Host, result: Delivered, layers: list[Layer], above: str) -> None:
    placed = result.coming.content if result.replaced else above
    if hiding := placement.hiding(layers, placed, result.coming.style_layers()):
        host.say(
            tr(
                "“{hiding}” lies over the result: hide it to see “{name}”.",
                hiding=hiding,
                name=result.seen_as,
            )
        )


def _say_notes(host: Host, results: list[Coming]) -> None:
    """Each once."""
    for note in dict.fromkeys(note for each in results for note in each.done.notes):
        host.say(note)


def _say_of_size(host: Host, result: Delivered, layers: list[Layer]) -> None:
    if canvas_of(layers) != result.coming.canvas:
        name = result.seen_as
        host.say(tr("The document has another size now; “{name}” is of the former one.", name=name))
