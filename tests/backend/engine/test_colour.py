import pytest
import torch

from scumble_backend.engine import colour
from scumble_backend.engine.colour import from_oklab, oklab
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize

ONES = torch.ones(1, 1, 64, 64)


def test_oklab_has_the_published_values():
    """B. Ottosson, "A perceptual color space for image processing": white, and sRGB red."""
    colours = torch.tensor([[1.0, 1, 1], [1.0, 0, 0]]).T.reshape(1, 3, 1, 2)
    expected = torch.tensor([[1.0, 0, 0], [0.62796, 0.22486, 0.12585]]).T.reshape(1, 3, 1, 2)
    torch.testing.assert_close(oklab(colours), expected, rtol=0, atol=2e-4)


def test_oklab_and_back():
    x = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(from_oklab(oklab(x)), x, rtol=0, atol=1e-3)


def chroma(picture):
    return float(oklab(picture)[:, 1:].norm(dim=1).mean())


@pytest.fixture
def muted(picture):
    """A photograph whose colours have room on all sides."""
    return 0.35 + 0.3 * picture(64, 64, 3)


def test_the_photographs_colours_come_back_place_by_place(picture, muted):
    painted = 0.35 + 0.3 * picture(64, 64, 4)
    kept = colour.with_colours_of(painted, muted, ONES, 1.0)
    lights = torch.stack([oklab(each)[0, 0].flatten() for each in (kept, painted)])
    assert torch.corrcoef(lights)[0, 1] > 0.999, "light and shade are the painting's"
    torch.testing.assert_close(oklab(kept)[:, 1:], oklab(muted)[:, 1:], rtol=0, atol=4e-3)
    none = colour.with_colours_of(painted, muted, ONES, 0.0)
    torch.testing.assert_close(none, painted, rtol=0, atol=2e-3)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_painting_gets_the_photographs_light_and_contrast(picture, muted, share):
    painted = 0.1 + 0.8 * picture(64, 64, 5).mean(1, keepdim=True).expand(-1, 3, -1, -1)
    made = colour.with_colours_of(painted, muted, ONES, share)
    before, after, wanted = (oklab(each)[:, :1] for each in (painted, made, muted))
    for measure in (torch.mean, torch.std):
        between = torch.lerp(measure(before), measure(wanted), share)
        assert abs(measure(after) - between) < 0.01


def test_a_style_gets_the_photographs_palette(picture, muted):
    made = colour.with_palette_of(picture(64, 64, 5), ONES, muted, ONES, 1.0)
    found, wanted = (oklab(each)[0].flatten(1) for each in (made, muted))
    torch.testing.assert_close(found.mean(1), wanted.mean(1), rtol=0, atol=3e-3)
    torch.testing.assert_close(found.cov(), wanted.cov(), rtol=0, atol=2e-4)


def test_a_picture_in_the_palette_already_is_moved_nowhere(muted):
    made = colour.with_palette_of(muted, ONES, muted, ONES, 1.0)
    torch.testing.assert_close(made, muted, rtol=0, atol=2e-3)


@pytest.mark.parametrize("flat", ["style", "photograph"])
def test_one_flat_colour_has_a_palette_and_a_light_too(picture, muted, flat):
    grey = torch.full((1, 3, 64, 64), 0.5)
    style, photograph = (grey, muted) if flat == "style" else (picture(64, 64), grey)
    assert colour.with_palette_of(style, ONES, photograph, ONES, 1.0).isfinite().all()
    assert colour.with_colours_of(style, photograph, ONES, 1.0).isfinite().all()


def test_what_is_transparent_has_no_say(picture, muted):
    half = ONES.clone()
    half[..., 32:] = 0
    other = muted.clone()
    other[..., 32:] = torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1)
    style = picture(64, 64, 5)
    made = [colour.with_palette_of(style, ONES, each, half, 1.0) for each in (muted, other)]
    torch.testing.assert_close(*made, rtol=0, atol=1e-6)
    made = [colour.with_colours_of(style, each, half, 1.0)[..., :32] for each in (muted, other)]
    torch.testing.assert_close(*made, rtol=0, atol=1e-6)


def painted(encoder, muted, style, **values):
    styles = [Style(style, torch.ones(1, 1, 64, 64))]
    *_, last = stylize(encoder, muted, ONES, styles, steps=4, **values)
    return last.picture


def test_a_painting_has_the_photographs_colourfulness(encoder, picture, muted):
    """At 100 %; at 0 it has its own; between them it lies between."""
    vivid = picture(64, 64, 5)
    own = painted(encoder, muted, vivid, strength=100.0)
    half, whole = (
        painted(encoder, muted, vivid, strength=100.0, colour=each) for each in (50.0, 100.0)
    )
    assert chroma(whole) == pytest.approx(chroma(muted), rel=0.03)
    assert (own - muted).abs().mean() > (whole - muted).abs().mean()
    between = (oklab(half)[:, 1:] - oklab(muted)[:, 1:]).abs().mean()
    assert 0 < between < (oklab(own)[:, 1:] - oklab(muted)[:, 1:]).abs().mean()


def test_without_it_nothing_is_another(encoder, picture, muted):
    vivid = picture(64, 64, 5)
    both = [
        painted(encoder, muted, vivid, colour=0.0, colour_by=by) for by in ("lightness", "palette")
    ]
    assert torch.equal(*both)


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("strength", [10.0, 80.0])
def test_another_share_of_the_colours_is_a_matter_of_no_step(
    encoder, picture, muted, strength, keeps
):
    """Painted at first with one share, then with another: as if with that from the beginning."""
    styles = [Style(picture(64, 64, 5), ONES)]
    keep = torch.zeros_like(ONES) if keeps else None
    if keep is not None:
        keep[..., :20] = 1
    same = {"keep": keep, "steps": 4, "strength": strength}
    *_, first = stylize(encoder, muted, ONES, styles, colour=20.0, **same)
    for share in (0.0, 70.0, 100.0):
        *_, anew = stylize(encoder, muted, ONES, styles, colour=share, **same)
        (at_once,) = stylize(encoder, muted, ONES, styles, bare=first.bare, colour=share, **same)
        assert (at_once.step, at_once.of) == (0, 0)
        assert torch.equal(at_once.picture, anew.picture)
