"""Motion from frame to frame, against frames that were moved by a known way."""

import pytest
import torch

from scumble_backend.engine import motion
from scumble_backend.engine.pyramid import resize


def scene(height=144, width=192):
    """Something to see everywhere, at several sizes."""
    generator = torch.Generator().manual_seed(0)
    sizes = (9, 12), (36, 48), (72, 96)
    layers = [
        resize(torch.rand((1, 3, *each), generator=generator), (height, width)) for each in sizes
    ]
    return (sum(layers) / len(layers)).clamp(0, 1)


def noise(like, seed):
    return 0.01 * torch.randn(like.shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("across", "down"), [(4, 0), (-9, 3), (0, 14), (1, 1)])
def test_a_pan_is_found_and_undone(across, down):
    whole = scene(200, 260)
    before = whole[:, :, 28:172, 30:222] + noise(whole[:, :, 28:172, 30:222], 1)
    after = whole[:, :, 28 + down : 172 + down, 30 + across : 222 + across]
    after = after + noise(after, 2)
    inside = (slice(None), slice(None), slice(24, -24), slice(24, -24))
    found = motion.flow(before, after)[inside]
    wanted = torch.tensor([across, down]).view(1, 2, 1, 1)
    assert (found - wanted).abs().mean() < 0.25
    moved = motion.moved(before, motion.flow(before, after))
    assert (moved - after)[inside].abs().mean() < 0.03
    assert (before - after)[inside].abs().mean() > 0.03


def test_what_stands_still_is_not_touched():
    before = scene()
    after = before + noise(before, 3)
    way, new = motion.between(before, after)
    assert not way.any()
    assert not new.any()
    painted = torch.rand(before.shape, generator=torch.Generator().manual_seed(4))
    assert (motion.carried(painted, way, new, after) == painted).all()


def test_what_comes_into_sight_begins_with_itself_and_nothing_else_does():
    before = scene()
    after = before.clone()
    after[:, :, 60:90, 80:120] = torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1)
    painted = torch.zeros_like(before)
    way, new = motion.between(before, after)
    begun = motion.carried(painted, way, new, after)
    assert (begun - after)[:, :, 70:80, 90:110].abs().mean() < 0.1
    assert begun[:, :, :30].abs().max() == 0
    assert begun[..., :40].abs().max() == 0


def test_flat_frames_have_no_motion():
    flat = torch.full((1, 3, 64, 80), 0.5)
    way, new = motion.between(flat, flat)
    assert way.isfinite().all()
    assert not way.any()
    assert not new.any()


@pytest.mark.parametrize("size", [(16, 16), (16, 300), (33, 47)])
def test_frames_of_any_size(size):
    way, new = motion.between(scene(*size), scene(*size).flip(3))
    assert way.shape == (1, 2, *size)
    assert new.shape == (1, 1, *size)
    assert way.isfinite().all()
