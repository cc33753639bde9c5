import pytest
import torch
from torch.nn import functional as F

from scumble_backend.engine.detail import Change


def test_no_change_leaves_the_full_size_as_it_is(picture):
    full = picture(200, 300)
    small = F.interpolate(full, (50, 75), mode="area")
    found = Change(small, small, 200).lay_over(full, 0)
    assert float((found - full).abs().max()) < 2 / 255


def test_strips_give_what_the_whole_gives(picture):
    full, painted = picture(203, 160), picture(64, 50, 1)
    small = F.interpolate(full, (64, 50), mode="area")
    change = Change(painted, small, 203)
    whole = change.lay_over(full, 0)
    strips = torch.cat([change.lay_over(full[:, :, t : t + 40], t) for t in range(0, 203, 40)], 2)
    torch.testing.assert_close(strips, whole, rtol=0, atol=1e-5)


def test_the_result_shrunk_is_the_painting_and_keeps_the_photographs_edges():
    """A sharp edge in the photograph is as sharp afterwards, which no enlargement could do."""
    full = torch.full((1, 3, 240, 240), 0.2)
    full[..., 118:] = 0.8
    small = F.interpolate(full, (60, 60), mode="area")
    tint = torch.tensor([1.0, 0.6, 0.3]).view(1, 3, 1, 1)
    painted = (small * tint + 0.05).clamp(0, 1)
    found = Change(painted, small, 240).lay_over(full, 0)
    shrunk = F.interpolate(found, (60, 60), mode="area")
    assert float((shrunk - painted).abs().mean()) < 0.01
    step = (found[..., 118] - found[..., 117]).abs().mean() / (
        found[..., 200] - found[..., 20]
    ).abs().mean()
    assert float(step) > 0.7


def shown(change: torch.Tensor, times: float) -> float:
    """How much of a change of a grey picture is seen at so many times its size."""
    small = torch.full_like(change, 0.5)
    side = round(change.shape[2] * times)
    full = torch.full((1, 3, side, side), 0.5)
    seen = Change(small + change, small, side).lay_over(full, 0) - 0.5
    return float(seen[..., side // 4 : -side // 4].std() / change.std())


def test_a_weave_of_single_pixels_is_softened_where_it_would_be_seen_and_strokes_are_not():
    weave = torch.tensor([-0.1, 0.1]).repeat(40).expand(1, 3, 80, 80)
    stroke = 0.1 * torch.sin(torch.arange(80) * (torch.pi / 4)).expand(1, 3, 80, 80)
    assert shown(weave, 3) < 0.35
    assert shown(stroke, 3) > 0.95
    assert shown(weave, 1.5) > 0.6, "a painting nearly as large is as sharp as it was painted"


@pytest.mark.parametrize("around", [(True, False), (False, True), (True, True)])
def test_a_change_that_tiles_does_so_at_full_size(picture, around):
    """Photograph and painting moved round: so is what comes of them."""
    small, painted = picture(20, 30), picture(20, 30, 1)
    full = F.interpolate(small, (60, 90), mode="nearest")
    by = [each * goes_on for each, goes_on in zip((7, 11), around, strict=True)]
    still = Change(painted, small, 60, around).lay_over(full, 0)
    small, painted = (each.roll(by, (2, 3)) for each in (small, painted))
    thrice = [3 * each for each in by]
    moved = Change(painted, small, 60, around).lay_over(full.roll(thrice, (2, 3)), 0)
    torch.testing.assert_close(moved, still.roll(thrice, (2, 3)), rtol=0, atol=1e-4)
