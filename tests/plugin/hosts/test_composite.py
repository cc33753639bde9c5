"""Layers are laid over each other as W3C's Compositing and Blending Level 1 says.

The truth is calculated here in numpy, pixel by pixel, from the text of the standard.
"""

import colorsys

import numpy as np
import pytest
import pyvips

from scumble.hosts.composite import flatten
from scumble.hosts.stack import Node, parse
from scumble.pixels import Extent

SIZE = 24  # px


def lum(colour):
    return (colour * [0.3, 0.59, 0.11]).sum(-1, keepdims=True)


def set_lum(colour, light):
    colour = colour + light - lum(colour)
    low, high = colour.min(-1, keepdims=True), colour.max(-1, keepdims=True)
    light = lum(colour)
    with np.errstate(all="ignore"):
        colour = np.where(low < 0, light + (colour - light) * light / (light - low), colour)
        colour = np.where(high > 1, light + (colour - light) * (1 - light) / (high - light), colour)
    return colour


def set_sat(colour, like):
    low, high = colour.min(-1, keepdims=True), colour.max(-1, keepdims=True)
    wanted = like.max(-1, keepdims=True) - like.min(-1, keepdims=True)
    return np.where(high > low, (colour - low) * wanted / np.maximum(high - low, 1e-12), 0)


def hard(b, s):
    return np.where(s <= 0.5, 2 * b * s, b + (2 * s - 1) - b * (2 * s - 1))


def soft(b, s):
    curve = np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(b))
    return np.where(s <= 0.5, b - (1 - 2 * s) * b * (1 - b), b + (2 * s - 1) * (curve - b))


# b: backdrop, s: source, both colours 0..1.
BLENDS = {
    "svg:src-over": lambda b, s: s,
    "svg:multiply": lambda b, s: b * s,
    "svg:screen": lambda b, s: b + s - b * s,
    "svg:overlay": lambda b, s: hard(s, b),
    "svg:darken": np.minimum,
    "svg:lighten": np.maximum,
    "svg:color-dodge": lambda b, s: np.where(
        b == 0, 0, np.where(s == 1, 1, np.minimum(1, b / np.maximum(1 - s, 1e-12)))
    ),
    "svg:color-burn": lambda b, s: np.where(
        b == 1, 1, np.where(s == 0, 0, 1 - np.minimum(1, (1 - b) / np.maximum(s, 1e-12)))
    ),
    "svg:hard-light": hard,
    "svg:soft-light": soft,
    "svg:difference": lambda b, s: np.abs(b - s),
    "svg:exclusion": lambda b, s: b + s - 2 * b * s,
    "svg:hue": lambda b, s: set_lum(set_sat(s, b), lum(b)),
    "svg:saturation": lambda b, s: set_lum(set_sat(b, s), lum(b)),
    "svg:color": lambda b, s: set_lum(s, lum(b)),
    "svg:luminosity": lambda b, s: set_lum(b, lum(s)),
    "krita:something": lambda b, s: s,
}
# Porter and Duff: shares of source and backdrop, given their alphas.
SHARES = {
    "svg:dst-in": lambda s, b: (0, s),
    "svg:dst-out": lambda s, b: (0, 1 - s),
    "svg:src-atop": lambda s, b: (b, 1 - s),
    "svg:dst-atop": lambda s, b: (1 - b, s),
    "svg:plus": lambda s, b: (1, 1),
}


def picture(seed: int, top: int = 255) -> np.ndarray:
    """Noise with every alpha, and rows of grey, black and white, (SIZE, SIZE, 4)."""
    found = np.random.default_rng(seed).integers(0, top + 1, (SIZE, SIZE, 4))
    found[0, :, :3] = found[0, :, :1]
    found[1, :, :3], found[2, :, :3] = 0, top
    found[:, 0, 3], found[:, 1, 3] = 0, top
    return found.astype(np.uint8 if top == 255 else np.uint16)


def blended(below: np.ndarray, above: np.ndarray, mode: str) -> np.ndarray:
    """Two pictures 0..1 in one mode, by the standard's general formula (section 5.8)."""
    cb, ab, cs, as_ = below[..., :3], below[..., 3:], above[..., :3], above[..., 3:]
    mixed = BLENDS[mode](cb, cs) if mode in BLENDS else cs
    source = (1 - ab) * cs + ab * mixed if mode in BLENDS else cs
    fa, fb = SHARES[mode](as_, ab) if mode in SHARES else (1, 1 - as_)
    alpha = np.clip(fa * as_ + fb * ab, 0, 1)
    colour = np.clip(fa * as_ * source + fb * ab * cb, 0, 1)
    return np.concatenate([colour / np.maximum(alpha, 1e-12), alpha], -1)


def stack_of(*layers: str) -> Node:
    text = "".join(layers)
    return parse(f'<image w="{SIZE}" h="{SIZE}"><stack>{text}</stack></image>'.encode()).root


def shown(root: Node, pictures: dict, deep: bool = False, extent: Extent | None = None):
    """The composite 0..1, (height, width, 4)."""

    def load(node):
        array = pictures[node.src]
        kind = "rgb16" if array.dtype == np.uint16 else "srgb"
        return pyvips.Image.new_from_array(array).copy(interpretation=kind)

    found = flatten(root, extent or Extent(0, 0, SIZE, SIZE), load, deep).numpy()
    assert found.dtype == (np.uint16 if deep else np.uint8)
    return found / (65535 if deep else 255)


def premultiplied(array):
    return np.concatenate([array[..., :3] * array[..., 3:], array[..., 3:]], -1)


def assert_looks_like(found, expected, steps: float = 1, top: int = 255):
    """The same colours where anything is to be seen, within rounding."""
    assert np.abs(premultiplied(found) - premultiplied(expected)).max() <= steps / top


@pytest.mark.parametrize("mode", [*BLENDS, *SHARES])
@pytest.mark.parametrize("deep", [False, True])
def test_each_mode_is_the_formula_of_the_standard(mode, deep):
    top = 65535 if deep else 255
    below, above = picture(1, top), picture(2, top)
    root = stack_of(f'<layer src="above" composite-op="{mode}"/>', '<layer src="below"/>')
    found = shown(root, {"above": above, "below": below}, deep)
    assert_looks_like(found, blended(below / top, above / top, mode), 2 if deep else 1, top)


def test_the_modes_of_hue_agree_with_another_colour_model_on_who_is_grey():
    grey = np.full((SIZE, SIZE, 4), 255, np.uint8)
    grey[..., :3] = 128
    below = picture(3)
    below[..., 3] = 255
    root = stack_of('<layer src="above" composite-op="svg:color"/>', '<layer src="below"/>')
    found = shown(root, {"above": grey, "below": below})
    assert max(colorsys.rgb_to_hsv(*pixel[:3])[1] for pixel in found.reshape(-1, 4)) < 0.02


@pytest.mark.parametrize("opacity", [0.0, 0.25, 1.0])
def test_opacity_is_a_factor_on_alpha(opacity):
    root = stack_of(f'<layer src="above" opacity="{opacity}"/>', '<layer src="below"/>')
    below, above = picture(1), picture(2)
    faded = above / 255 * [1, 1, 1, opacity]
    expected = blended(below / 255, faded, "svg:src-over")
    assert_looks_like(shown(root, {"above": above, "below": below}), expected)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (5, -7), (-3, 9), (-SIZE, 0), (1000, 1000)])
def test_a_layer_shows_where_it_lies_and_is_cut_at_the_border(x, y):
    above = picture(2)
    found = shown(stack_of(f'<layer src="a" x="{x}" y="{y}"/>'), {"a": above})
    expected = np.zeros((SIZE, SIZE, 4))
    for row in range(SIZE):
        for column in range(SIZE):
            if 0 <= row - y < SIZE and 0 <= column - x < SIZE:
                expected[row, column] = above[row - y, column - x] / 255
    assert_looks_like(found, expected)


def test_a_part_of_a_group_is_that_part_of_the_whole():
    root = stack_of('<layer src="a" x="4" y="-2"/>', '<layer src="b" composite-op="svg:hue"/>')
    pictures = {"a": picture(1), "b": picture(2)}
    whole = shown(root, pictures)
    part = shown(root, pictures, extent=Extent(3, 5, 10, 7))
    assert_looks_like(part, whole[5:12, 3:13], steps=0)


def test_hidden_layers_and_groups_are_never_loaded():
    hidden = '<layer src="missing" visibility="hidden"/>'
    group = '<stack visibility="hidden"><layer src="missing"/></stack>'
    found = shown(stack_of(hidden, group, '<layer src="a"/>'), {"a": picture(1)})
    assert_looks_like(found, picture(1) / 255)


def test_a_group_that_is_not_isolated_is_as_if_its_layers_had_none():
    layers = '<layer src="a" composite-op="svg:multiply"/>', '<layer src="b"/>'
    pictures = {"a": picture(1), "b": picture(2), "c": picture(3)}
    grouped = stack_of(f"<stack>{''.join(layers)}</stack>", '<layer src="c"/>')
    assert_looks_like(
        shown(grouped, pictures), shown(stack_of(*layers, '<layer src="c"/>'), pictures), steps=0
    )


def test_an_isolated_group_is_composed_first_and_then_laid_over():
    group = '<stack opacity="0.5" composite-op="svg:screen">{}</stack>'
    inner = '<layer src="a" composite-op="svg:multiply"/><layer src="b"/>'
    a, b, c = (picture(seed) / 255 for seed in (1, 2, 3))
    composed = blended(b, a, "svg:multiply") * [1, 1, 1, 0.5]
    root = stack_of(group.format(inner), '<layer src="c"/>')
    found = shown(root, {"a": picture(1), "b": picture(2), "c": picture(3)})
    assert_looks_like(found, blended(c, composed, "svg:screen"))


def test_layers_of_both_depths_meet_in_16_bits():
    root = stack_of('<layer src="deep"/>', '<layer src="flat"/>')
    deep, flat = picture(1, 65535), picture(2)
    expected = blended(flat / 255, deep / 65535, "svg:src-over")
    found = shown(root, {"deep": deep, "flat": flat}, deep=True)
    assert_looks_like(found, expected, steps=2, top=65535)


def test_hundreds_of_faint_layers_add_up():
    """n layers of opacity a hide all but (1 - a)^n of what is below."""
    opaque = np.full((SIZE, SIZE, 4), 255, np.uint8)
    layers = 400 * ['<layer src="a" opacity="0.01"/>']
    found = shown(stack_of(*layers), {"a": opaque})
    assert found[..., 3] == pytest.approx(1 - 0.99**400, abs=1 / 255)
