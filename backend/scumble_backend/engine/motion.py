"""How one frame moved on from the one before, and a painting of that carried along.

Lucas and Kanade 1981, coarse to fine after Bouguet 2000, at every place: within a window the motion
is one, and least squares find it from how the picture changes in space and from frame to frame.
Where nothing is to be seen that could move, the motion found at the size below stays.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine.pyramid import resize

LARGEST = 512  # px, long side: larger frames move as they do when they are reduced
SMALLEST = 16  # px, short side of the coarsest size
WINDOW = 9  # px
ROUNDS = 8  # at each size
FLAT = 1e-3  # squared slope, mean of a window, in which no motion is seen: noise has that
LEAST = 0.3  # px: less is none, so that what stands still is not made soft
AROUND = 37  # px: as far around a place it must be better that it moved, or it stands still
KNOWN, NEW = 0.04, 0.12  # mean difference in a window from which, and at which, a place is new


def flow(before: Tensor, after: Tensor) -> Tensor:
    """(1, 2, H, W), px across and down: where each place of a frame was in the one before it.

    before, after: (1, 3, H, W), RGB in [0, 1].
    """
    height, width = after.shape[2:]
    sizes = [(height, width)]
    while min(sizes[-1]) >= 2 * SMALLEST:
        sizes.append((sizes[-1][0] // 2, sizes[-1][1] // 2))
    found = after.new_zeros((1, 2, *sizes[-1]))
    for size in reversed(sizes):
        grown = size[1] / found.shape[3]
        found = F.interpolate(found, size, mode="bilinear", align_corners=False) * grown
        was, now = (resize(each, size) for each in (before, after))
        for _ in range(ROUNDS):
            found = _mean(found + _closer(moved(was, found), now))
    length = found.square().sum(1, keepdim=True).sqrt()
    off_still, off_moved = (
        _mean((each - after).abs().mean(1, keepdim=True), AROUND)
        for each in (before, moved(before, found))
    )
    still = (length < LEAST) | (off_still <= off_moved)
    return torch.where(still, torch.zeros_like(found), found)


def moved(picture: Tensor, flow: Tensor, mode: str = "bilinear") -> Tensor:
    """A picture of the frame before, (1, C, H, W), as it lies in the frame after."""
    height, width = picture.shape[2:]
    down, across = torch.meshgrid(
        torch.arange(height, device=flow.device, dtype=flow.dtype),
        torch.arange(width, device=flow.device, dtype=flow.dtype),
        indexing="ij",
    )
    x = (2 * (across + flow[0, 0]) + 1) / width - 1
    y = (2 * (down + flow[0, 1]) + 1) / height - 1
    grid = torch.stack((x, y), -1)[None]
    return F.grid_sample(picture, grid, mode, padding_mode="border", align_corners=False)


def between(before: Tensor, after: Tensor) -> tuple[Tensor, Tensor]:
    """The flow, and how much of each place is new, (1, 1, H, W) in 0..1. before, after: as there,
    at most LARGEST px long."""
    way = flow(before, after)
    off = _mean((moved(before, way) - after).abs().mean(1, keepdim=True))
    return way, ((off - KNOWN) / (NEW - KNOWN)).clamp(0, 1)


def carried(painted: Tensor, flow: Tensor, new: Tensor, after: Tensor) -> Tensor:
    """A painting of the frame before, as the frame after begins with it; where that is new, it
    begins with itself. Pictures: (1, 3, H, W), RGB in [0, 1]; flow and new of the same size."""
    if flow.any():
        painted = moved(painted, flow, "bicubic").clamp(0, 1)
    return torch.lerp(painted, after, new.clamp(0, 1))


def _closer(was: Tensor, now: Tensor) -> Tensor:
    """What is to be added to the flow by which a frame before is moved already."""
    across, down = _slope(was, 3), _slope(was, 2)
    change = now - was
    a, b, c, d, e = (
        _mean((one * other).sum(1, keepdim=True))
        for one, other in (
            (across, across), (across, down), (down, down), (across, change), (down, change)
        )
    )  # fmt: skip
    a, c = a + FLAT, c + FLAT
    whole = a * c - b * b
    step = torch.cat(((c * d - b * e) / whole, (a * e - b * d) / whole), 1)
    return step.clamp(-1, 1)


def _slope(picture: Tensor, along: int) -> Tensor:
    return (picture.roll(-1, along) - picture.roll(1, along)) / 2


def _mean(x: Tensor, window: int = WINDOW) -> Tensor:
    return F.avg_pool2d(x, window, 1, window // 2, count_include_pad=False)
