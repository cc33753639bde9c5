"""A result carried from frame to frame, as pixels."""

import numpy as np
import pytest

from scumble import protocol
from scumble.pixels import Extent, Pixels
from scumble_backend.compute import frames
from scumble_backend.compute.images import array


def made(values, format="rgba8", top=255):
    """(H, W, 4) in 0..1 as pixels."""
    data = (values * top).round().astype({"rgba8": "<u1", "rgba16": "<u2"}[format])
    return Pixels(Extent(0, 0, values.shape[1], values.shape[0]), format, data.tobytes())


@pytest.mark.parametrize(("format", "top"), [("rgba8", 255), ("rgba16", 65535)])
@pytest.mark.parametrize("size", [(120, 160), (480, 1040)])  # as it is, and looked at smaller
def test_a_result_moves_as_its_frame_moved_and_keeps_its_format(format, top, size):
    chance, (height, width) = np.random.default_rng(0), size
    shift = width // 40
    coarse = chance.random((height // 20 + 2, width // 20 + 2, 3))
    whole = np.kron(coarse, np.ones((20, 20, 1)))[: height + 2, : width + shift]
    for axis in (0, 1):  # soft edges
        whole = (whole + np.roll(whole, 3, axis) + np.roll(whole, -3, axis)) / 3
    whole = np.concatenate([whole, np.ones_like(whole[..., :1])], 2)
    before, after = whole[:height, :width], whole[:height, shift : width + shift]
    painted = np.concatenate([1 - before[..., :3], before[..., 3:]], 2)
    begun = frames.carried(*(made(each, format, top) for each in (painted, before, after)))
    assert (begun.format, begun.extent) == (format, Extent(0, 0, width, height))
    found, wanted = array(begun) / top, 1 - after[..., :3]
    inside = (slice(20, -20), slice(20, -20 - shift))
    assert np.abs(found[..., :3] - wanted)[inside].mean() < 0.02
    assert np.abs(painted[..., :3] - wanted)[inside].mean() > 0.04
    assert (found[..., 3] == 1).all()


def test_a_result_that_is_clear_somewhere_stays_so():
    values = np.random.default_rng(0).random((40, 40, 4))
    values[..., 3] = 1
    clear = values.copy()
    clear[:10, :, 3] = 0
    begun = array(frames.carried(made(clear), made(values), made(values)))
    assert (begun[:10, :, 3] == 0).all()
    assert (begun[10:, :, 3] == 255).all()


def asked(content, painted, before) -> protocol.Stylize:
    return protocol.Stylize("j", content, (), {}, start=painted, before=before)


def test_a_job_goes_on_from_the_result_before_as_it_lies_now():
    values = np.random.default_rng(0).random((40, 40, 4))
    painted, before, after = made(1 - values), made(values), made(values[:, ::-1])
    moved = frames.carried(painted, before, after)
    assert moved != painted
    assert frames.settled(asked(after, painted, before)) == asked(after, moved, None)


def test_what_is_no_frame_before_it_moves_nothing():
    values = np.random.default_rng(0).random((40, 40, 4))
    painted, after = made(1 - values), made(values)
    grey = Pixels(after.extent, "grey8", bytes(1600))
    for before in (None, made(values[:20]), grey):
        assert frames.settled(asked(after, painted, before)) == asked(after, painted, None)
