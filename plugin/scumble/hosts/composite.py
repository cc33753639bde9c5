"""Layers laid over each other: OpenRaster's composite-ops, groups and opacity, by libvips.

The formulas are W3C's Compositing and Blending Level 1. libvips knows the separable modes; the
four that mix hue, saturation and luminosity are spelt out here (section 10.2).
"""

from collections.abc import Callable

import pyvips

from scumble.hosts.stack import NORMAL, Node
from scumble.pixels import Extent

# composite-op -> libvips' name. What is not here is laid over as NORMAL, as the specification asks.
MODES = {
    NORMAL: "over",
    "svg:multiply": "multiply",
    "svg:screen": "screen",
    "svg:overlay": "overlay",
    "svg:darken": "darken",
    "svg:lighten": "lighten",
    "svg:color-dodge": "colour-dodge",
    "svg:color-burn": "colour-burn",
    "svg:hard-light": "hard-light",
    "svg:soft-light": "soft-light",
    "svg:difference": "difference",
    "svg:exclusion": "exclusion",
    "svg:plus": "add",
    "svg:dst-in": "dest-in",
    "svg:dst-out": "dest-out",
    "svg:src-atop": "atop",
    "svg:dst-atop": "dest-atop",
    "svg:clear": "clear",
}
LUMINOSITY = (0.3, 0.59, 0.11)
RUN = 50  # layers to a pipeline, before what is below them is computed

# The picture of a layer as 8- or 16-bit RGBA.
Load = Callable[[Node], pyvips.Image]


def flatten(group: Node, extent: Extent, load: Load, deep: bool) -> pyvips.Image:
    """What a group shows inside extent: RGBA, 16 bits where deep, else 8.

    load is called only for visible layers.
    """
    return _lay(_clear(extent, deep), group, extent, load, deep)


def _clear(extent: Extent, deep: bool) -> pyvips.Image:
    empty = pyvips.Image.black(extent.width, extent.height, bands=4)
    kind, interpretation = ("ushort", "rgb16") if deep else ("uchar", "srgb")
    return empty.cast(kind).copy(interpretation=interpretation)


def _lay(base: pyvips.Image, group: Node, extent: Extent, load: Load, deep: bool) -> pyvips.Image:
    """The visible children of a group over base, from the lowest up."""
    for number, node in enumerate(reversed(group.children), 1):
        if not node.visible or node.opacity == 0:
            continue
        if node.group and not node.isolated:
            base = _lay(base, node, extent, load, deep)
            continue
        if node.group:
            image, (x, y) = flatten(node, extent, load, deep), (0, 0)
        else:
            left, top = node.place
            image, x, y = _in_depth(load(node), deep), left - extent.x, top - extent.y
        base = _blend(base, _faded(image, node.opacity), node.mode, x, y)
        if number % RUN == 0:
            base = base.copy_memory()
    return base


def _in_depth(image: pyvips.Image, deep: bool) -> pyvips.Image:
    if deep and image.format == "uchar":
        return (image * 257).cast("ushort").copy(interpretation="rgb16")
    return image


def _faded(image: pyvips.Image, opacity: float) -> pyvips.Image:
    if opacity == 1:
        return image
    return (image * [1, 1, 1, opacity]).rint().cast(image.format)


def _blend(base: pyvips.Image, image: pyvips.Image, mode: str, x: int, y: int) -> pyvips.Image:
    if mode in COLOUR_MODES:
        return _blend_colour(base, image, COLOUR_MODES[mode], x, y)
    blended = base.composite2(image, MODES.get(mode, "over"), x=x, y=y)
    return blended.cast(base.format)


# The modes that mix colours as a whole. Images of three bands, 0..1.


def _blend_colour(
    base: pyvips.Image, image: pyvips.Image, mix: Callable, x: int, y: int
) -> pyvips.Image:
    """Cs' = (1 - ab) Cs + ab B(Cb, Cs), then laid over as NORMAL: section 5.8."""
    top = 65535.0 if base.format == "ushort" else 255.0
    base = base.copy_memory()  # each is asked for many times below
    empty = (base * 0).cast(base.format).copy(interpretation=base.interpretation)
    source = empty.composite2(image, "over", x=x, y=y).copy_memory() / top  # base's size
    below = base / top
    alpha = below[3]
    colour = source[:3] * (1 - alpha) + mix(below[:3], source[:3]) * alpha
    recoloured = (colour.bandjoin(source[3]) * top).rint().cast(base.format)
    recoloured = recoloured.copy(interpretation=base.interpretation)
    return base.composite2(recoloured, "over").cast(base.format)


def _lum(colour: pyvips.Image) -> pyvips.Image:
    red, green, blue = (colour[band] * LUMINOSITY[band] for band in range(3))
    return red + green + blue


def _low(colour: pyvips.Image) -> pyvips.Image:
    return colour[0].bandrank([colour[1], colour[2]], index=0)


def _high(colour: pyvips.Image) -> pyvips.Image:
    return colour[0].bandrank([colour[1], colour[2]], index=2)


def _clip(colour: pyvips.Image) -> pyvips.Image:
    """ClipColor: towards the luminosity until all is within 0..1."""
    lum, low, high = _lum(colour), _low(colour), _high(colour)
    colour = (low < 0).ifthenelse(lum + (colour - lum) * lum / (lum - low), colour)
    return (high > 1).ifthenelse(lum + (colour - lum) * (1 - lum) / (high - lum), colour)


def _set_lum(colour: pyvips.Image, lum: pyvips.Image) -> pyvips.Image:
    return _clip(colour + (lum - _lum(colour)))


def _sat(colour: pyvips.Image) -> pyvips.Image:
    return _high(colour) - _low(colour)


def _set_sat(colour: pyvips.Image, sat: pyvips.Image) -> pyvips.Image:
    """SetSat: libvips divides by zero to zero, which is what grey asks for."""
    return (colour - _low(colour)) * sat / _sat(colour)


COLOUR_MODES = {
    "svg:hue": lambda below, above: _set_lum(_set_sat(above, _sat(below)), _lum(below)),
    "svg:saturation": lambda below, above: _set_lum(_set_sat(below, _sat(above)), _lum(below)),
    "svg:color": lambda below, above: _set_lum(above, _lum(below)),
    "svg:luminosity": lambda below, above: _set_lum(below, _lum(above)),
}
