import pytest
import torch

from scumble.pixels import Extent
from scumble_backend.compute import images
from scumble_backend.engine import wrap
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.pyramid import resize
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize

SHALLOW = (1.0, 1.0, 1.0, 0.0, 0.0)  # layers that see no further than a margin of 16 px


def seam(picture, axis):
    """How much more changes from the last row or column to the first than between others."""
    change = (picture - picture.roll(1, axis)).abs().mean([i for i in range(4) if i != axis])
    return float(change[0] / change[1:].mean())


def tileable(picture, seamless):
    """As the worker makes a layer tile."""
    height, width = picture.shape[2:]
    opaque = torch.ones(1, 1, height, width)
    layer = images.to_pixels(picture, opaque, Extent(0, 0, width, height), "rgbaf32")
    return images.to_tensors(images.tileable(layer, seamless))[0]


@pytest.mark.parametrize(
    ("seamless", "expected"),
    [("none", (0, 0)), ("across", (0, 32)), ("down", (16, 0)), ("both", (16, 32))],
)
def test_margins_lie_where_the_picture_goes_on(seamless, expected):
    assert wrap.margins((96, 200), seamless) == expected


def test_what_comes_round_stands_in_the_margins(picture):
    x = picture(32, 48)
    seen = wrap.with_margins(x, (16, 16))
    assert seen.shape == (1, 3, 64, 80)
    assert torch.equal(seen[..., 16:48, :16], x[..., -16:])
    assert torch.equal(seen[..., :16, 16:64], x[..., -16:, :])


@pytest.mark.parametrize(("seamless", "axes"), [("across", [3]), ("down", [2]), ("both", [2, 3])])
def test_what_is_made_to_tile_has_no_seam_and_keeps_its_middle(seamless, axes):
    ramp = torch.linspace(0, 1, 64)
    x = (ramp.view(1, 1, 1, 64) + ramp.view(1, 1, 64, 1)).expand(1, 3, 64, 64) / 2
    made = tileable(x, seamless)
    for axis in (2, 3):
        assert (seam(made, axis) < 1.2) == (axis in axes)
    torch.testing.assert_close(made[..., 24:40, 24:40], x[..., 24:40, 24:40])


@pytest.mark.parametrize("axis", [2, 3])
def test_a_seamless_picture_has_no_border(encoder, picture, axis):
    """Whatever comes round to lie at the border: the gradient comes round with it."""
    whole = torch.ones(1, 1, 64, 64)
    content, now, style = (picture(64, 64, seed) for seed in range(3))
    styles = [Style(style, whole)]

    def gradient(by):
        aim = Objective(
            encoder, content.roll(by, axis), whole, styles, "w2", "barycentre", SHALLOW, 0.5, 0.0,
            margins=(16, 16),
        )  # fmt: skip
        return aim.differentiate(now.roll(by, axis))[1]

    moved, still = gradient(16), gradient(0)
    torch.testing.assert_close(moved, still.roll(16, axis), rtol=0, atol=2e-3 * still.abs().max())


def test_margins_do_not_count(encoder, picture):
    """Of a picture that is the same everywhere they change nothing."""
    flat = torch.full((1, 3, 64, 64), 0.4)
    whole, styles = torch.ones(1, 1, 64, 64), [Style(picture(64, 64), torch.ones(1, 1, 64, 64))]
    found = [
        Objective(
            encoder, flat, whole, styles, "w2", "barycentre", SHALLOW, 0.5, 0.0, margins=margins
        ).differentiate(flat + 0.1)[0]
        for margins in ((0, 0), (16, 16))
    ]
    for name in ("content", "style"):
        torch.testing.assert_close(found[0][name], found[1][name], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(("seamless", "axes"), [("none", []), ("across", [3]), ("both", [2, 3])])
def test_a_painting_that_is_to_tile_has_no_seam(encoder, picture, seamless, axes):
    ramp = torch.linspace(0, 1, 80).view(1, 1, 1, 80) * torch.linspace(0.2, 1, 64).view(1, 1, 64, 1)
    content = tileable(ramp.expand(1, 3, 64, 80).contiguous(), seamless)
    whole = torch.ones(1, 1, 64, 80)
    styles = [Style(picture(64, 64), torch.ones(1, 1, 64, 64))]
    *_, last = stylize(encoder, content, whole, styles, steps=8, seamless=seamless)
    for axis in (2, 3):
        assert (seam(last.picture, axis) < 1.3) == (axis in axes)


@pytest.mark.parametrize("size", [(68, 90), (23, 29)])
def test_another_size_of_what_tiles_tiles(picture, size):
    """A picture moved round by a third, at another size, is that moved round by a third."""
    x = picture(48, 60)
    both = wrap.around("both")
    small = resize(x, (3 * size[0], 3 * size[1]), both)
    moved = resize(x.roll((16, 20), (2, 3)), (3 * size[0], 3 * size[1]), both)
    torch.testing.assert_close(moved, small.roll(size, (2, 3)), rtol=0, atol=1e-5)


def test_a_painting_of_several_sizes_has_no_seam(encoder, picture):
    """Noise has no lines of its own, so a seam would be the only one."""
    noise = torch.rand(1, 3, 130, 190, generator=torch.Generator().manual_seed(2))
    content, whole = 0.3 + 0.4 * noise, torch.ones(1, 1, 130, 190)
    styles = [Style(picture(64, 64), torch.ones(1, 1, 64, 64))]
    seams = {}
    for seamless in ("none", "both"):
        *_, last = stylize(
            encoder, content, whole, styles, steps=6, smoothing=100.0, seamless=seamless
        )
        seams[seamless] = [seam(last.picture, axis) for axis in (2, 3)]
    assert max(seams["both"]) < 1.15 < min(seams["none"]), seams
