"""Brushwork at full size, in a style that is stripes of single pixels: a painting of flat colours
gets stripes, and stays as it is in the mean."""

import pytest
import torch
from torch.nn import functional as F

from scumble_backend.engine.brushwork import Brushwork
from scumble_backend.engine.detail import Change
from scumble_backend.engine.styles import Style, canonical

SIZE = (192, 256)


def style(down: int, across: int, weight: float = 1.0, **more) -> Style:
    """Stripes every 4 px, in a light that differs from place to place."""
    rows, lines = torch.arange(160)[:, None], torch.arange(200)
    stripes = 0.15 * (((down * rows + across * lines) // 2) % 2)
    light = 0.2 + 0.5 * lines / 200
    picture = (light + stripes).expand(1, 3, 160, 200)
    return Style(picture, torch.ones(1, 1, 160, 200), weight, **more)


@pytest.fixture
def painted(picture):
    return F.interpolate(picture(12, 16, 3), (48, 64), mode="bicubic").clamp(0.2, 0.8)


@pytest.fixture
def photograph(picture):
    return picture(*SIZE)


def whole(painted, photograph, styles, *more, **values):
    small = F.interpolate(photograph, painted.shape[2:], mode="area")
    end = Brushwork(painted, small, SIZE, styles, *more, **values)
    return end.lay_over(photograph, 0)


def striped(picture: torch.Tensor) -> tuple[float, float]:
    """How much of it changes from a row to the next but one, and from a column to it."""
    down, across = ((picture - picture.roll(2, axis)).abs().mean() for axis in (2, 3))
    return float(down), float(across)


def test_strips_give_what_the_whole_gives_and_again_the_same(painted, photograph):
    styles = [style(1, 0, 0.5), style(0, 1, 0.5)]
    found = whole(painted, photograph, styles)
    assert torch.equal(found, whole(painted, photograph, styles))
    small = F.interpolate(photograph, (48, 64), mode="area")
    end = Brushwork(painted, small, SIZE, styles)
    strips = [end.lay_over(photograph[:, :, t : t + 50], t) for t in range(0, SIZE[0], 50)]
    torch.testing.assert_close(torch.cat(strips, 2), found, rtol=0, atol=1e-5)


def test_strokes_are_the_styles_and_colours_the_paintings(painted, photograph):
    found = whole(painted, photograph, [style(1, 0)])
    down, across = striped(found)
    assert down > 0.05
    assert down > 2 * across
    coarse = F.avg_pool2d(found, 16)
    assert float((coarse - F.avg_pool2d(painted, 4)).abs().mean()) < 0.02
    assert float((found.mean((2, 3)) - painted.mean((2, 3))).abs().max()) < 0.01


def test_nothing_of_the_photograph_shines_through(painted, photograph, picture):
    styles = [style(1, 0)]
    other = whole(painted, picture(*SIZE, 9), styles)
    assert torch.equal(whole(painted, photograph, styles), other)


def test_what_is_kept_is_the_photograph_to_the_bit(painted, photograph):
    keep = torch.zeros(1, 1, 48, 64)
    keep[..., :20] = 1
    found = whole(painted, photograph, [style(1, 0)], keep)
    assert torch.equal(found[..., :60], photograph[..., :60])
    assert float((found - photograph)[..., 120:].abs().mean()) > 0.05


def test_a_place_has_strokes_of_the_style_that_lies_there(painted, photograph):
    left = torch.zeros(1, 1, 48, 64)
    left[..., :32] = 1
    styles = [style(1, 0, 0.5, where=left), style(0, 1, 0.5, where=1 - left)]
    found = whole(painted, photograph, styles)
    down, across = striped(found[..., 8:100])
    assert down > 1.5 * across
    down, across = striped(found[..., 156:-8])
    assert across > 1.5 * down


@pytest.mark.parametrize("weight", [0.2, 0.5, 0.7])
def test_each_style_has_its_weights_share_of_the_places(painted, photograph, weight):
    small = F.interpolate(photograph, (48, 64), mode="area")
    styles = [style(1, 0, 1 - weight), style(0, 1, weight)]
    first = canonical(styles)[0]  # whose pixels begin the table
    taken = Brushwork(painted, small, SIZE, styles)._vote.start > 0
    assert float(taken.float().mean()) == pytest.approx(1 - first.weight, abs=0.03)


def test_without_a_share_of_brushwork_it_is_the_change_that_is_laid_over(painted, photograph):
    small = F.interpolate(photograph, (48, 64), mode="area")
    change = Change(painted, small, SIZE[0]).lay_over(photograph, 0)
    found = whole(painted, photograph, [style(1, 0)], shown=0.0)
    torch.testing.assert_close(found, change, rtol=0, atol=1e-5)


def test_strokes_in_the_photographs_colours_have_none_of_their_own(painted, photograph):
    red = style(1, 0)
    tint = torch.tensor((1.0, 0.5, 0.5)).view(1, 3, 1, 1)
    stripes = torch.where((torch.arange(160) // 2 % 2)[:, None] > 0, 1.0, tint)
    red = Style(red.picture * stripes, red.guide)
    grey = painted.mean(1, keepdim=True).expand(1, 3, -1, -1)
    plain = whole(grey, photograph, [red], chroma=0.0)
    assert float((plain - plain.mean(1, keepdim=True)).abs().max()) < 0.02
    assert float((whole(grey, photograph, [red]) - plain).abs().mean()) > 0.01


@pytest.mark.parametrize("around", [(True, False), (False, True), (True, True)])
def test_what_tiles_is_as_whole_at_its_border_as_inside(photograph, around):
    axes = [axis for axis, goes_on in enumerate(around, 2) if goes_on]
    by = [SIZE[axis - 2] // 2 for axis in axes]
    painted = (
        0.4
        + 0.1
        * torch.ones(1, 3, 1, 1)
        * torch.cos(torch.arange(64) * (2 * torch.pi / 64))
        * torch.cos(torch.arange(48) * (2 * torch.pi / 48))[:, None]
    )
    found = whole(painted, photograph, [style(1, 1)], None, around)
    steps = [(found - found.roll(1, axis)).abs() for axis in axes]
    moved = [step.roll(half, axis) for step, half, axis in zip(steps, by, axes, strict=True)]
    for step, axis in zip(moved, axes, strict=True):
        seam = step.select(axis, SIZE[axis - 2] // 2).mean()
        assert float(seam) < 1.5 * float(step.mean()) + 1e-3


def test_a_style_smaller_than_a_patch_and_a_hole_in_another_are_no_matter(painted, photograph):
    tiny = Style(torch.rand(1, 3, 6, 5, generator=torch.Generator().manual_seed(0)),
                 torch.ones(1, 1, 6, 5), 0.5)  # fmt: skip
    holed = style(1, 0, 0.5)
    guide = holed.guide.clone()
    guide[..., :100] = 0
    picture = torch.where(guide > 0, holed.picture, torch.tensor((1.0, 0, 0)).view(1, 3, 1, 1))
    found = whole(painted, photograph, [tiny, Style(picture, guide, 0.5)])
    assert bool(found.isfinite().all())
    only = whole(painted, photograph, [Style(picture, guide)])
    tint = (only - only.mean(1, keepdim=True)) - F.interpolate(
        painted - painted.mean(1, keepdim=True), SIZE, mode="bicubic"
    )
    assert float(tint.abs().mean()) < 0.05, "nothing of what is hidden under the hole is seen"
