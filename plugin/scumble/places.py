"""Where a style lies, or what of the content stays: a part of the document, named and read."""

from dataclasses import dataclass, replace
from pathlib import Path

from scumble import protocol
from scumble.errors import LayerError
from scumble.host import SELECTION, Host, Layer, ReadOnce, readable
from scumble.language import tr
from scumble.pixels import Extent, Pixels


@dataclass(frozen=True)
class Place:
    """source: SELECTION, a layer's id, or a picture file. outside: all but that."""

    source: str | Path
    outside: bool = False


@dataclass(frozen=True)
class Roles:
    """What parts of the document do that are no styles. keep: what stays as it is. along: lines
    that strokes run along, of a layer or a picture file."""

    keep: Place | None = None
    along: Place | None = None

    def places(self) -> list[Place]:
        return [each for each in (self.keep, self.along) if each]


NO_ROLES = Roles()


def check(place: Place, layers: dict[str, Layer]) -> None:
    """Raises LayerError where its layer is gone. layers: those of the document, by id."""
    if isinstance(place.source, str) and place.source != SELECTION and place.source not in layers:
        raise LayerError(tr("A layer that says where is gone: choose another, or Everywhere."))


def read(
    host: Host | ReadOnce, place: Place, extent: Extent, selection: Pixels | None
) -> protocol.Place:
    """Its pixels, as far as they lie in what is repainted. selection: the document's, if it has
    one. Raises InputError.

    A layer is there where it is opaque and light; so is a picture file, of the content's size.
    """
    if isinstance(place.source, Path):
        pixels = host.read_picture(place.source)
        if pixels.extent[2:] != extent[2:]:
            (width, height), name = pixels.extent[2:], readable(place.source.name)
            raise LayerError(
                tr(
                    "“{name}” is {width} x {height} px, and what is repainted {wide} x "
                    "{high} px: make it as large, so that it says where.",
                    name=name,
                    width=width,
                    height=height,
                    wide=extent.width,
                    high=extent.height,
                )
            )
        return protocol.Place(replace(pixels, extent=extent), place.outside)
    if place.source != SELECTION:
        return protocol.Place(host.read(place.source, extent), place.outside)
    if selection is None:
        raise LayerError(
            tr("Nothing is selected: select where a style lies, or what stays as it is.")
        )
    if selection.extent.intersection(extent).is_empty:
        raise LayerError(
            tr("What is selected lies beside the layer: select a part of what is repainted.")
        )
    return protocol.Place(selection.crop(extent), place.outside)
