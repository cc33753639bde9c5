"""Gegl buffers <-> bytes on the wire (RGBA, sRGB-encoded, straight alpha).

A format that names no space means sRGB: Gegl itself then converts from and to the image's profile,
precision and base type. A wrong name would end the process, and bytes of a wrong length would be
left unwritten without a word: so the names stand here, once, and Pixels has checked the length.
"""

import io
from collections.abc import Iterator

from scumble.hosts.gimp.api import Gegl, Gimp
from scumble.pixels import FORMATS, Extent, Pixels

BABL = {
    "rgba8": "R'G'B'A u8",
    "rgba16": "R'G'B'A u16",
    "rgbaf32": "R'G'B'A float",
    "rgba16-linear": "RGBA u16",  # of a result that Krita did not take
    "rgbaf32-linear": "RGBA float",
    "grey8": "Y u8",
}
STRIP = 1 << 22  # bytes at a time: Gegl counts to 2 GiB, and a copy of a strip is soon gone


def wire_format(image) -> str:
    """The format that keeps all a layer of this image has."""
    depth, _, encoding = image.get_precision().value_nick.partition("-")
    if depth == "u8" and encoding in ("non-linear", "perceptual") and _is_srgb(image):
        return "rgba8"
    return "rgba16" if depth in ("u8", "u16") else "rgbaf32"


def read(buffer, part: Extent, format: str) -> bytes:
    """part: in the buffer's own coordinates."""
    whole = io.BytesIO()  # which hands its bytes over without another copy
    for strip in _strips(part, format):
        whole.write(buffer.get(_rectangle(strip), 1.0, BABL[format], Gegl.AbyssPolicy.NONE))
    return whole.getvalue()


def small(buffer, part: Extent, side: int) -> Pixels:
    """A part, at no more than so many px a side, in the screen's own 8 bits."""
    scale = min(1.0, side / max(part.width, part.height))
    size = Extent(
        *(round(scale * each) for each in part[:2]),
        *(max(1, round(scale * each)) for each in part[2:]),
    )
    data = buffer.get(_rectangle(size), scale, BABL["rgba8"], Gegl.AbyssPolicy.CLAMP)
    return Pixels(size, "rgba8", bytes(data))


def write(buffer, pixels: Pixels, left: int = 0, top: int = 0) -> None:
    """Lay a picture into a buffer, from its own corner; what lies outside is left out."""
    size, data = FORMATS[pixels.format].bytes_per_pixel, memoryview(pixels.data)
    width = pixels.extent.width
    for strip in _strips(Extent(left, top, width, pixels.extent.height), pixels.format):
        rows = data[(strip.y - top) * width * size :][: strip.height * width * size]
        buffer.set(_rectangle(strip), BABL[pixels.format], bytes(rows))
    buffer.flush()


def under_mask(buffer, mask):
    """A copy of a layer's buffer whose alpha is less where the layer's mask is dark."""
    extent, graph = buffer.get_extent(), Gegl.Node()
    masked = Gegl.Buffer.new(BABL["rgbaf32"], extent.x, extent.y, extent.width, extent.height)
    source, aux = (graph.create_child("gegl:buffer-source") for _ in range(2))
    source.set_property("buffer", buffer)
    aux.set_property("buffer", mask)
    opacity, sink = (graph.create_child(each) for each in ("gegl:opacity", "gegl:write-buffer"))
    sink.set_property("buffer", masked)
    source.connect_to("output", opacity, "input")
    aux.connect_to("output", opacity, "aux")
    opacity.connect_to("output", sink, "input")
    sink.process()
    return masked


def copy(source, target) -> None:
    """All of a buffer into another one of its place and size."""
    graph = Gegl.Node()
    read, write = (graph.create_child(f"gegl:{each}") for each in ("buffer-source", "write-buffer"))
    read.set_property("buffer", source)
    write.set_property("buffer", target)
    read.connect_to("output", write, "input")
    write.process()
    target.flush()


def _is_srgb(image) -> bool:
    profile = image.get_color_profile()
    return profile is None or any(
        profile.is_equal(each)
        for each in (Gimp.ColorProfile.new_rgb_srgb(), Gimp.ColorProfile.new_d65_gray_srgb_trc())
    )


def _strips(part: Extent, format: str) -> Iterator[Extent]:
    rows = max(1, STRIP // (part.width * FORMATS[format].bytes_per_pixel))
    for top in range(0, part.height, rows):
        yield Extent(part.x, part.y + top, part.width, min(rows, part.height - top))


def _rectangle(extent: Extent):
    return Gegl.Rectangle.new(*extent)
