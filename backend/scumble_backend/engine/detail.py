"""From the working size to the full size: the change, not the picture, is enlarged.

What the painting changed, in Oklab (Ottosson 2020), is enlarged along the edges of the photograph
and laid over it at full resolution, so that its detail stays. Edge-aware by the fast guided filter
(He and Sun 2015): within a small window the change is a line in the photograph's lightness, and the
line's coefficients are smooth, so they may be enlarged; what the line leaves over is enlarged, too,
so that no stroke is lost. Convolutions leave in it a weave of single pixels, too fine to be seen
unless it is enlarged: then it is softened first.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine.colour import from_oklab, oklab
from scumble_backend.engine.pyramid import NOWHERE, Around

RADIUS = 1  # px of the working size
COARSE = 2.0  # times the working size, from where on its single pixels would be seen
EPSILON = 1e-4  # lightness variance, out of 1, below which there is no edge to follow


class Change:
    """What a painting changed, ready to be laid over the full-size photograph, strip by strip.

    painted, photograph: (1, 3, h, w), RGB in [0, 1], at the working size. height: the full size's.
    around: where the photograph goes on at its other side.
    """

    def __init__(self, painted: Tensor, photograph: Tensor, height: int, around: Around = NOWHERE):
        before = oklab(photograph)
        change, light = oklab(painted) - before, before[:, :1]
        mean, mean_change = _mean(light, around), _mean(change, around)
        variance = _mean(light * light, around) - mean * mean
        slope = (_mean(light * change, around) - mean * mean_change) / (variance + EPSILON)
        slope, offset = _mean(slope, around), _mean(mean_change - slope * mean, around)
        rest = change - (slope * light + offset)
        if height >= COARSE * rest.shape[2]:
            rest = _softened(rest, around)
        self._height, self._around = height, around
        self.layers = torch.cat((slope, offset + rest), 1)  # (1, 6, h, w)

    def lay_over(self, rows: Tensor, top: int) -> Tensor:
        """The full-size painting's rows from top on.

        rows: (1, 3, n, W), the photograph's. -> (1, 3, n, W), RGB in [0, 1].
        """
        photograph = oklab(rows)
        (count, width), height = rows.shape[2:], self._height
        layers = enlarged(self.layers, height, width, top, count, self._around)
        slope, offset = layers.split(3, 1)
        return from_oklab(photograph + slope * photograph[:, :1] + offset)


def enlarged(
    layers: Tensor, height: int, width: int, top: int, count: int, around: Around = NOWHERE
) -> Tensor:
    """Rows top .. top + count of a (1, C, h, w) enlarged to (height, width), (1, C, count, width).

    Rows by hand, since only some are wanted; the columns are all there. Cubic both ways: linear
    enlargement would show the working size's pixels as a grid.
    """
    (h, w), (down, across) = layers.shape[2:], around
    places = torch.arange(top, top + count).to(layers)
    rows, weights = _taps(places, h, height, down)
    lines = torch.einsum("tr,nctrw->ncrw", weights, layers[:, :, rows])
    if not across:
        return F.interpolate(lines, (count, width), mode="bicubic")
    columns, weights = _taps(torch.arange(width).to(lines), w, width, across)
    found = lines[..., columns[0]] * weights[0]
    for column, weight in zip(columns[1:], weights[1:], strict=True):
        found += lines[..., column] * weight
    return found


def _taps(places: Tensor, few: int, many: int, around: bool) -> tuple[Tensor, Tensor]:
    """Which of few px, (4, n), make a place of many px, (n,), and their weights, (4, n)."""
    x = (places + 0.5) * (few / many) - 0.5
    base = x.floor()
    taps = torch.arange(-1, 3).to(x)[:, None]  # (4, 1)
    near = (base + taps).long()
    near = near % few if around else near.clamp(0, few - 1)
    return near, _cubic((x - base - taps).abs())


def _cubic(x: Tensor) -> Tensor:
    """Keys' kernel (1981), a = -3/4, as torch's own bicubic."""
    a = -0.75
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * (x**3 - 5 * x**2 + 8 * x - 4)
    return torch.where(x <= 1, near, torch.where(x < 2, far, 0))


def _softened(x: Tensor, around: Around) -> Tensor:
    """By the cubic B-spline's (1, 4, 1) / 6 each way, which leaves a third of what alternates from
    pixel to pixel."""
    line = torch.tensor((1.0, 4.0, 1.0)).to(x) / 6
    kernel = (line[:, None] * line).expand(x.shape[1], 1, 3, 3)
    return F.conv2d(bordered(x, 1, around), kernel, groups=x.shape[1])


def _mean(x: Tensor, around: Around) -> Tensor:
    """Over a square window."""
    return F.avg_pool2d(bordered(x, RADIUS, around), 2 * RADIUS + 1, 1)


def bordered(x: Tensor, by: int, around: Around) -> Tensor:
    """With a border of some px: what comes round from the other side, or the edge again."""
    down, across = ("circular" if goes_on else "replicate" for goes_on in around)
    return F.pad(F.pad(x, (by, by, 0, 0), mode=across), (0, 0, by, by), mode=down)
