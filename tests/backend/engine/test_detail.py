import torch
from torch.nn import functional as F

from scumble_backend.engine.detail import Change


def test_no_change_leaves_the_full_size_as_it_is(picture):
    full = picture(200, 300)
    small = F.interpolate(full, (50, 75), mode="area")
    found = Change(small, small).lay_over(full, 0, 200)
    assert float((found - full).abs().max()) < 2 / 255


def test_strips_give_what_the_whole_gives(picture):
    full, painted = picture(203, 160), picture(64, 50, 1)
    small = F.interpolate(full, (64, 50), mode="area")
    change = Change(painted, small)
    whole = change.lay_over(full, 0, 203)
    strips = torch.cat(
        [change.lay_over(full[:, :, t : t + 40], t, 203) for t in range(0, 203, 40)], 2
    )
    torch.testing.assert_close(strips, whole, rtol=0, atol=1e-5)


def test_the_result_shrunk_is_the_painting_and_keeps_the_photographs_edges():
    """A sharp edge in the photograph is as sharp afterwards, which no enlargement could do."""
    full = torch.full((1, 3, 240, 240), 0.2)
    full[..., 118:] = 0.8
    small = F.interpolate(full, (60, 60), mode="area")
    tint = torch.tensor([1.0, 0.6, 0.3]).view(1, 3, 1, 1)
    painted = (small * tint + 0.05).clamp(0, 1)
    found = Change(painted, small).lay_over(full, 0, 240)
    shrunk = F.interpolate(found, (60, 60), mode="area")
    assert float((shrunk - painted).abs().mean()) < 0.01
    step = (found[..., 118] - found[..., 117]).abs().mean() / (
        found[..., 200] - found[..., 20]
    ).abs().mean()
    assert float(step) > 0.7
