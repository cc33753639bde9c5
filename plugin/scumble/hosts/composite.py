"""Layers laid over each other: OpenRaster's composite-ops, groups and opacity.

The formulas are W3C's Compositing and Blending Level 1, calculated by libvips. Of its own modes
only those of Porter and Duff named here are used: where something is half transparent the others
miss the standard by up to half of the range (measured, libvips 8.18; tests/.../test_composite.py).

All is calculated with 16 bits, so that hundreds of layers add up without a loss.
"""

from collections.abc import Callable

from pyvips import Image

from scumble.hosts.stack import NORMAL, Node
from scumble.pixels import Extent

# composite-op -> libvips' name, where its result is the standard's.
VIPS_MODES = {
    NORMAL: "over",
    "svg:plus": "add",
    "svg:dst-in": "dest-in",
    "svg:dst-out": "dest-out",
    "svg:clear": "clear",
}
LUMINOSITY = (0.3, 0.59, 0.11)
TOP = 65535.0
RUN = 50  # layers to a pipeline, before what is below them is computed

# The picture of a layer as 8- or 16-bit RGBA.
Load = Callable[[Node], Image]


def flatten(group: Node, extent: Extent, load: Load, deep: bool) -> Image:
    """What a group shows inside extent: RGBA, 16 bits where deep, else 8.

    load is called only for visible layers.
    """
    image = _lay(_clear(extent), group, extent, load)
    if deep:
        return image
    return (image / 257).rint().cast("uchar").copy(interpretation="srgb")


def _clear(extent: Extent) -> Image:
    return _deep(Image.black(extent.width, extent.height, bands=4))


def _deep(image: Image) -> Image:
    """16 bits a channel."""
    if image.format == "uchar":
        image = (image * 257).cast("ushort")
    return image.copy(interpretation="rgb16")


def _lay(base: Image, group: Node, extent: Extent, load: Load) -> Image:
    """The visible children of a group over base, from the lowest up."""
    for number, node in enumerate(reversed(group.children), 1):
        if not node.visible or node.opacity == 0:
            continue
        if node.group and not node.isolated:
            base = _lay(base, node, extent, load)
            continue
        if node.group:
            image, x, y = _lay(_clear(extent), node, extent, load), 0, 0
        else:
            left, top = node.place
            image, x, y = _deep(load(node)), left - extent.x, top - extent.y
        base = _blend(base, _faded(image, node.opacity), node.mode, x, y)
        if number % RUN == 0:
            base = base.copy_memory()
    return base


def _faded(image: Image, opacity: float) -> Image:
    return image if opacity == 1 else _rounded(image * [1, 1, 1, opacity])


def _rounded(image: Image) -> Image:
    return image.rint().cast("ushort").copy(interpretation="rgb16")


def _blend(base: Image, image: Image, mode: str, x: int, y: int) -> Image:
    """One layer over base. A mode that nobody knows is NORMAL, as OpenRaster asks."""
    if mode not in MIXES and mode not in ATOPS:
        return _composite(base, image, VIPS_MODES.get(mode, "over"), x, y)
    base = base.copy_memory()  # each is asked for many times below
    # On a canvas of base's size, so that the two can be reckoned with pixel by pixel.
    image = _composite((base * 0).cast("ushort"), image, "over", x, y).copy_memory()
    below, above = base / TOP, image / TOP
    if mode in ATOPS:
        return _rounded(ATOPS[mode](below, above) * TOP)
    # Section 5.8: Cs' = (1 - ab) Cs + ab B(Cb, Cs), then NORMAL.
    mixed = MIXES[mode](below[:3], above[:3])
    colour = above[:3] * (1 - below[3]) + mixed * below[3]
    return _composite(base, _rounded(colour.bandjoin(above[3]) * TOP), "over", 0, 0)


def _composite(base: Image, image: Image, mode: str, x: int, y: int) -> Image:
    base = base.cast("float").copy(interpretation="rgb16")  # libvips cuts whole numbers off
    return _rounded(base.composite2(image, mode, x=x, y=y, compositing_space="rgb16"))


# Porter and Duff's atop. RGBA, 0..1; the shares of section 9.1 divided by the alpha that results.
ATOPS = {
    "svg:src-atop": lambda b, s: (b[:3] * (1 - s[3]) + s[:3] * s[3]).bandjoin(b[3]),
    "svg:dst-atop": lambda b, s: (s[:3] * (1 - b[3]) + b[:3] * b[3]).bandjoin(s[3]),
}


# Mixes of two colours, section 10. Three bands, 0..1; b: the backdrop, s: the source, as there.


def _less(b: Image, s: Image) -> Image:
    return (b < s).ifthenelse(b, s)


def _more(b: Image, s: Image) -> Image:
    return (b > s).ifthenelse(b, s)


def _screen(b: Image, s: Image) -> Image:
    return b + s - b * s


def _hard_light(b: Image, s: Image) -> Image:
    return (s <= 0.5).ifthenelse(b * s * 2, _screen(b, s * 2 - 1))


def _soft_light(b: Image, s: Image) -> Image:
    curve = (b <= 0.25).ifthenelse(((b * 16 - 12) * b + 4) * b, b**0.5)
    return (s <= 0.5).ifthenelse(b - (1 - s * 2) * b * (1 - b), b + (s * 2 - 1) * (curve - b))


def _dodge(b: Image, s: Image) -> Image:
    bright = (s >= 1).ifthenelse(1, _less(b / (1 - s), b * 0 + 1))
    return (b <= 0).ifthenelse(0, bright)


def _burn(b: Image, s: Image) -> Image:
    return 1 - _dodge(1 - b, 1 - s)


def _lum(colour: Image) -> Image:
    red, green, blue = (colour[band] * LUMINOSITY[band] for band in range(3))
    return red + green + blue


def _low(colour: Image) -> Image:
    return colour[0].bandrank([colour[1], colour[2]], index=0)


def _high(colour: Image) -> Image:
    return colour[0].bandrank([colour[1], colour[2]], index=2)


def _clip(colour: Image) -> Image:
    """ClipColor: towards the luminosity until all is within 0..1."""
    lum, low, high = _lum(colour), _low(colour), _high(colour)
    colour = (low < 0).ifthenelse(lum + (colour - lum) * lum / (lum - low), colour)
    return (high > 1).ifthenelse(lum + (colour - lum) * (1 - lum) / (high - lum), colour)


def _set_lum(colour: Image, lum: Image) -> Image:
    return _clip(colour + (lum - _lum(colour)))


def _sat(colour: Image) -> Image:
    return _high(colour) - _low(colour)


def _set_sat(colour: Image, sat: Image) -> Image:
    """SetSat: libvips divides by zero to zero, which is what grey asks for."""
    return (colour - _low(colour)) * sat / _sat(colour)


MIXES = {
    "svg:multiply": lambda b, s: b * s,
    "svg:screen": _screen,
    "svg:overlay": lambda b, s: _hard_light(s, b),
    "svg:darken": _less,
    "svg:lighten": _more,
    "svg:color-dodge": _dodge,
    "svg:color-burn": _burn,
    "svg:hard-light": _hard_light,
    "svg:soft-light": _soft_light,
    "svg:difference": lambda b, s: (b - s).abs(),
    "svg:exclusion": lambda b, s: b + s - b * s * 2,
    "svg:hue": lambda b, s: _set_lum(_set_sat(s, _sat(b)), _lum(b)),
    "svg:saturation": lambda b, s: _set_lum(_set_sat(b, _sat(s)), _lum(b)),
    "svg:color": lambda b, s: _set_lum(s, _lum(b)),
    "svg:luminosity": lambda b, s: _set_lum(b, _lum(s)),
}
