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

RADIUS = 1  # px of the working size
COARSE = 2.0  # times the working size, from where on its single pixels would be seen
EPSILON = 1e-4  # lightness variance, out of 1, below which there is no edge to follow


class Change:
    """What a painting changed, ready to be laid over the full-size photograph, strip by strip.

    painted, photograph: (1, 3, h, w), RGB in [0, 1], at the working size. height: the full size's.
    """

    def __init__(self, painted: Tensor, photograph: Tensor, height: int):
        before = oklab(photograph)
        change, light = oklab(painted) - before, before[:, :1]
        mean, mean_change = _mean(light), _mean(change)
        variance = _mean(light * light) - mean * mean
        slope = (_mean(light * change) - mean * mean_change) / (variance + EPSILON)
        slope, offset = _mean(slope), _mean(mean_change - slope * mean)
        rest = change - (slope * light + offset)
        if height >= COARSE * rest.shape[2]:
            rest = _softened(rest)
        self._height = height
        self.layers = torch.cat((slope, offset + rest), 1)  # (1, 6, h, w)

    def lay_over(self, rows: Tensor, top: int) -> Tensor:
        """The full-size painting's rows from top on.

        rows: (1, 3, n, W), the photograph's. -> (1, 3, n, W), RGB in [0, 1].
        """
        photograph = oklab(rows)
        slope, offset = self._enlarged(top, rows.shape[2], rows.shape[3]).split(3, 1)
        return from_oklab(photograph + slope * photograph[:, :1] + offset)

    def _enlarged(self, top: int, count: int, width: int) -> Tensor:
        """The layers at rows top .. top + count of the full size, (1, 6, count, width).

        Rows by hand, since only some are wanted; the columns are all there. Cubic both ways: linear
        enlargement would show the working size's pixels as a grid.
        """
        h = self.layers.shape[2]
        y = (torch.arange(top, top + count).to(self.layers) + 0.5) * (h / self._height) - 0.5
        base = y.floor()
        taps = torch.arange(-1, 3).to(y)[:, None]  # (4, 1)
        rows = (base + taps).clamp(0, h - 1).long()  # (4, count)
        weights = _cubic((y - base - taps).abs())
        lines = torch.einsum("tr,nctrw->ncrw", weights, self.layers[:, :, rows])
        return F.interpolate(lines, (count, width), mode="bicubic")


def _cubic(x: Tensor) -> Tensor:
    """Keys' kernel (1981), a = -3/4, as torch's own bicubic."""
    a = -0.75
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * (x**3 - 5 * x**2 + 8 * x - 4)
    return torch.where(x <= 1, near, torch.where(x < 2, far, 0))


def _softened(x: Tensor) -> Tensor:
    """By the cubic B-spline's (1, 4, 1) / 6 each way, which leaves a third of what alternates from
    pixel to pixel."""
    line = torch.tensor((1.0, 4.0, 1.0)).to(x) / 6
    kernel = (line[:, None] * line).expand(x.shape[1], 1, 3, 3)
    return F.conv2d(F.pad(x, (1,) * 4, mode="replicate"), kernel, groups=x.shape[1])


def _mean(x: Tensor) -> Tensor:
    """Over a square window, edges replicated."""
    padded = F.pad(x, (RADIUS,) * 4, mode="replicate")
    return F.avg_pool2d(padded, 2 * RADIUS + 1, 1)
