"""Seamless pictures: left goes on at the right, top at the bottom.

The engine sees the picture with a margin of what comes round from the other side, so that nothing
stops at a border; only the picture itself counts, the margin is context. What is to be repainted is
made to tile first (images.py), as every editor does it: towards its borders it is mixed with
itself, moved by half.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine.pyramid import Around

STRIDE = 16  # px: margins are whole features of the deepest layer
MOST = 3  # strides of a margin; what is seen from further away is the same for both sides

Margins = tuple[int, int]  # px above and below, left and right


def around(seamless: str) -> Around:
    """seamless: "none", "across", "down" or "both"."""
    return seamless in ("down", "both"), seamless in ("across", "both")


def margins(size: tuple[int, int], seamless: str) -> Margins:
    """For a picture of this (height, width)."""
    height, width = (STRIDE * max(1, min(MOST, side // 96)) for side in size)
    down, across = around(seamless)
    return height * down, width * across


def with_margins(picture: Tensor, by: Margins) -> Tensor:
    """The picture with its margins, (N, C, H + 2 by[0], W + 2 by[1])."""
    return F.pad(picture, (by[1], by[1], by[0], by[0]), mode="circular") if any(by) else picture


def gathered(gradient: Tensor, by: Margins) -> Tensor:
    """The gradient of `with_margins`: what is asked of the margins is asked of where they are from.

    gradient: (N, C, H + 2 by[0], W + 2 by[1]), changed in place -> (N, C, H, W), a view of it.
    """
    for axis, margin in zip((2, 3), by, strict=True):
        length = gradient.shape[axis] - 2 * margin
        own = gradient.narrow(axis, margin, length)
        own.narrow(axis, length - margin, margin).add_(gradient.narrow(axis, 0, margin))
        own.narrow(axis, 0, margin).add_(gradient.narrow(axis, margin + length, margin))
        gradient = own
    return gradient


def nothing_around(guide: Tensor, by: Margins) -> Tensor:
    """A guide by which margins do not count."""
    return F.pad(guide, (by[1], by[1], by[0], by[0])) if any(by) else guide


def own_share(length: int) -> Tensor:
    """(length,) of a picture's share in its mixture with itself moved by half: 0 at the borders, 1
    in the middle half."""
    place = (torch.arange(length) + 0.5) / length
    rise = (4 * torch.minimum(place, 1 - place)).clamp(max=1)
    return rise * rise * (3 - 2 * rise)
