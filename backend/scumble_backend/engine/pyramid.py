"""The pyramid: from coarse to fine, each octave sqrt(2) larger than the one before.

Gatys et al. 2017, "Controlling Perceptual Factors", section 6 (coarse to fine); the step of sqrt(2)
is that of K. Crowson's style-transfer-pytorch. Coarse octaves set the large forms at little cost.
"""

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine.encoder import SMALLEST_SIDE

COARSEST = 96  # px, long side of the first octave
LARGE = 2**20  # pixels

Around = tuple[bool, bool]  # whether a picture goes on from its bottom at its top, right at left
NOWHERE: Around = (False, False)


def pieces(picture: Tensor) -> tuple[Tensor, ...]:
    """All of a picture, (1, C, H, W), or the channels of a LARGE one, views of it: what is made of
    one after another takes a third of the memory. On a small one, more pieces are more time."""
    large = picture[0, 0].numel() > LARGE
    return picture.split(1 if large else picture.shape[1], 1)


class Octave(NamedTuple):
    height: int
    width: int
    steps: int


def fit(height: int, width: int, long_side: float) -> tuple[int, int]:
    """The size of this shape with a given long side, but no side below SMALLEST_SIDE."""
    scale = max(long_side / max(height, width), SMALLEST_SIDE / min(height, width))
    return max(SMALLEST_SIDE, round(height * scale)), max(SMALLEST_SIDE, round(width * scale))


def sizes(height: int, width: int, coarsest: float = COARSEST) -> list[tuple[int, int]]:
    """(height, width) of each octave, coarse to fine; the last is the picture's own size."""
    long_side = max(height, width)
    octaves = max(0, round(2 * math.log2(long_side / coarsest)))
    found: list[tuple[int, int]] = []
    for octave in range(octaves, 0, -1):
        size = fit(height, width, long_side / math.sqrt(2) ** octave)
        if size[0] * size[1] < height * width and size not in found:
            found.append(size)
    return [*found, (height, width)]


def resize(picture: Tensor, size: tuple[int, int], around: Around = NOWHERE) -> Tensor:
    """A picture at another size, (N, C, H, W) -> (N, C, *size), bicubic, without aliasing.

    Where it goes on around, the middle one of three in a row: only so the pixels fall in place.
    """
    if tuple(picture.shape[2:]) == tuple(size):
        return picture
    for axis in (axis for axis, goes_on in enumerate(around, 2) if goes_on):
        thrice = [3 * size[0], picture.shape[3]] if axis == 2 else [picture.shape[2], 3 * size[1]]
        picture = F.interpolate(
            torch.cat([picture] * 3, axis), thrice, mode="bicubic", antialias=True
        ).narrow(axis, size[axis - 2], size[axis - 2])
    return F.interpolate(picture, size, mode="bicubic", antialias=True)


def resize_positive(guide: Tensor, size: tuple[int, int]) -> Tensor:
    """A guide or second moment at another size: never below zero, so bilinear."""
    if tuple(guide.shape[2:]) == tuple(size):
        return guide
    return F.interpolate(guide, size, mode="bilinear", antialias=True)
