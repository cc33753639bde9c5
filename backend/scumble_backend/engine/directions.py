"""Which way strokes run: drawn by a few lines, and seen in a style.

A direction is an axis, not an arrow: (cos 2t, sin 2t) times how sure it is, 0..1, with t the angle
of the strokes; so directions can be averaged. What is seen is the structure tensor's (Foerstner and
Guelch 1987; Knutsson 1989 for the doubled angle): strokes run along what changes least.

Matches (neighbours.py) take it as two more numbers of a hypercolumn: among places of a style that
are like a place of the picture, one whose strokes run the right way is more like it. A style is
looked at turned by a right angle, too, so that it has strokes of either way.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

SMOOTH = 9  # px over which a direction is seen
FAINT = 1e-4  # squared change of colour a pixel, below which nothing can be seen
REACH = 0.15  # of the long side: as far from a line its direction is half as sure


def seen(picture: Tensor) -> Tensor:
    """(1, C, H, W) -> (1, 2, H, W): which way its strokes run, and how sure that is."""
    across, down = (_change(picture, axis) for axis in (3, 2))
    parts = (across**2 - down**2, 2 * across * down, across**2 + down**2)
    cosine, sine, whole = (_smooth(part.sum(1, keepdim=True)) for part in parts)
    return -torch.cat((cosine, sine), 1) / (whole + FAINT)  # at right angles to the change


def field(lines: Tensor) -> Tensor:
    """A few lines drawn on a layer, (1, 4, H, W), RGB and alpha -> (1, 2, H, W): the direction at
    every place, that of the lines near it, and less sure the further they are."""
    own = seen(torch.cat((lines[:, :3] * lines[:, 3:], lines[:, 3:]), 1))
    return _filled(own, own.norm(dim=1, keepdim=True), 1, REACH * max(lines.shape[2:]))


def _filled(own: Tensor, sure: Tensor, side: int, near: float) -> Tensor:
    """Pull and push (Gortler et al. 1996, "The Lumigraph", 3.4.1): where no line is, the mean of a
    larger neighbourhood. side: px of a place."""
    here = own / sure.clamp_min(1e-6) / (1 + (side / near) ** 2)
    if min(own.shape[2:]) < 2:
        return here
    coarse, surer = (F.avg_pool2d(each, 2, ceil_mode=True) for each in (own, sure))
    around = _filled(coarse, surer, 2 * side, near)
    around = F.interpolate(around, own.shape[2:], mode="bilinear")
    return torch.lerp(around, here, (sure * side).clamp(max=1))


def _change(picture: Tensor, axis: int) -> Tensor:
    """Of the picture along an axis, as a mean of central differences; none over the border."""
    padded = F.pad(picture, (1, 1, 1, 1), mode="replicate")
    smooth = F.avg_pool2d(padded, 3, 1, 1, count_include_pad=False)
    moved = (smooth.roll(-1, axis) - smooth.roll(1, axis)) / 2
    return moved[..., 1:-1, 1:-1]


def _smooth(x: Tensor) -> Tensor:
    """Over SMOOTH px, twice."""
    for _ in range(2):
        x = F.avg_pool2d(x, SMOOTH, 1, SMOOTH // 2, count_include_pad=False)
    return x
