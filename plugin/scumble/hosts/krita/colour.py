"""Pixels in Krita's colour spaces <-> Pixels on the wire (RGBA, sRGB-encoded, straight alpha).

Krita itself converts, in a document that is never shown; its own numbers, profiles and intents are
then the ones the artist sees. Integer RGBA in Krita is stored blue first.
"""

import array
import contextlib
import struct
from collections.abc import Iterator
from typing import NamedTuple

from scumble.errors import PictureError
from scumble.hosts.krita.qt import Krita, QtCore
from scumble.language import tr
from scumble.pixels import FORMATS, LINEAR, Extent, Pixels

DEPTHS = {
    "rgba8": "U8",
    "rgba16": "U16",
    "rgbaf32": "F32",
    f"rgba16{LINEAR}": "U16",
    f"rgbaf32{LINEAR}": "F32",
}
SRGB = (
    "sRGB-elle-V2-srgbtrc.icc",
    "sRGB-elle-V4-srgbtrc.icc",
    "sRGB built-in",
    "sRGB IEC61966-2.1",
)
LINEAR_SRGB = ("sRGB-elle-V2-g10.icc", "sRGB-elle-V4-g10.icc")  # Krita's own for deep RGB
CHUNK = 1 << 16  # floats made halves at a time
STRIP = 1 << 18  # px converted as one layer
LARGEST_HALF = 65504.0
PLAIN = ("RGBA", "GRAYA")  # models that 8 bits hold without loss, where they are encoded as sRGB is


class Space(NamedTuple):
    """model, depth and profile, in Krita's words."""

    model: str
    depth: str
    profile: str


def space_of(owner) -> Space:
    """The colour space of a node or document."""
    return Space(owner.colorModel(), owner.colorDepth(), owner.colorProfile())


def wire_format(space: Space) -> str:
    """The format that keeps all a layer of this space has."""
    encoded = space.profile in SRGB or (
        "gray" in space.profile.lower() and "srgbtrc" in space.profile
    )
    if space.depth == "U8" and space.model in PLAIN and encoded:
        return "rgba8"
    format = "rgba16" if space.depth in ("U8", "U16") else "rgbaf32"
    linear = space.model == "RGBA" and space.profile in LINEAR_SRGB and space.depth != "U8"
    return format + LINEAR if linear else format


def wire_space(format: str) -> Space:
    """Krita's space for a format of the wire."""
    depth = DEPTHS[format]
    known = Krita.instance().profiles("RGBA", depth)
    profile = next((name for name in _profiles(format) if name in known), "")
    return Space("RGBA", depth, profile)


def to_wire(data: bytes, extent: Extent, space: Space) -> Pixels:
    """A layer's bytes, as Krita gives them."""
    format = wire_format(space)
    if not _is_wire(space, format):
        data = convert(data, extent.width, extent.height, space, wire_space(format))
    return Pixels(extent, format, swapped(data, format))


def from_wire(pixels: Pixels, space: Space) -> bytes:
    """The bytes of a layer of this space."""
    data = swapped(pixels.data, pixels.format)
    if _is_wire(space, pixels.format):
        return data
    size, source = (pixels.extent.width, pixels.extent.height), wire_space(pixels.format)
    if space.depth == "F16":  # Krita cuts what half floats cannot hold, and so darkens
        return halves(convert(data, *size, source, space._replace(depth="F32")))
    return convert(data, *size, source, space)


def swapped(data: bytes, format: str) -> bytes:
    """Blue and red exchanged, where Krita stores the one first and the wire the other."""
    size = FORMATS[format].bytes_per_channel
    if DEPTHS[format] == "F32":
        return data
    turned = bytearray(data)
    for byte in range(size):
        red, blue, step = byte, 2 * size + byte, 4 * size
        turned[red::step], turned[blue::step] = turned[blue::step], turned[red::step]
    return bytes(turned)


def halves(data: bytes) -> bytes:
    """32-bit floats as the nearest 16-bit ones."""
    floats, found = array.array("f", data), bytearray()
    for start in range(0, len(floats), CHUNK):
        part = floats[start : start + CHUNK]
        try:
            found += struct.pack(f"<{len(part)}e", *part)
        except OverflowError:
            kept = (max(-LARGEST_HALF, min(LARGEST_HALF, each)) for each in part)
            found += struct.pack(f"<{len(part)}e", *kept)
    return bytes(found)


def convert(data: bytes, width: int, height: int, source: Space, target: Space) -> bytes:
    """Bytes of one colour space as bytes of another, by Krita. Raises PictureError.

    In strips, each a layer: Krita converts layers at the same time, each on a core of its own. The
    canvas is as small as can be, since what lies on it is rendered too.
    """
    with workshop(source) as document:
        rows, pitch = max(1, STRIP // width), len(data) // height
        strips = []
        for top in range(0, height, rows):
            extent = Extent(0, 0, width, min(rows, height - top))
            node = document.createNode("strip", "paintlayer")
            write(node, data[top * pitch : (top + extent.height) * pitch], extent)
            document.rootNode().addChildNode(node, None)
            strips.append((node, extent))
        document.setColorSpace(*target)
        document.waitForDone()
        if space_of(strips[0][0])[:2] != target[:2]:
            raise PictureError(
                tr(
                    "Krita cannot convert {source} to {target}: convert the "
                    "layer's colour space, and try again.",
                    source=f"{source.model} {source.depth}",
                    target=f"{target.model} {target.depth}",
                )
            )
        return b"".join(bytes(node.pixelData(*extent)) for node, extent in strips)


@contextlib.contextmanager
def workshop(space: Space, width: int = 1, height: int = 1) -> Iterator:
    """A document that nobody sees. Raises PictureError."""
    document = Krita.instance().createDocument(width, height, "Scumble", *space, 72.0)
    if document is None:
        raise PictureError(
            tr(
                "Krita cannot make a picture in {model}: close other pictures, and try again.",
                model=space.model,
            )
        )
    try:
        yield document
    finally:
        document.setModified(False)
        document.close()


def write(node, data: bytes, extent: Extent) -> None:
    """Put bytes into a layer that no undo step knows yet. Raises PictureError.

    Krita takes too few bytes without a word, and writes garbage: the length is checked here.
    """
    expected = extent.width * extent.height * len(node.pixelData(0, 0, 1, 1))
    if len(data) != expected:
        raise PictureError(
            tr(
                "The layer has {expected} bytes and the picture {count}: try again, or "
                "convert the document to RGB.",
                expected=expected,
                count=len(data),
            )
        )
    node.setPixelData(QtCore.QByteArray(data), *extent)


def _is_wire(space: Space, format: str) -> bool:
    known = _profiles(format)
    return space.model == "RGBA" and space.depth == DEPTHS[format] and space.profile in known


def _profiles(format: str) -> tuple[str, ...]:
    """What Krita calls the colours of a format."""
    return LINEAR_SRGB if format.endswith(LINEAR) else SRGB
