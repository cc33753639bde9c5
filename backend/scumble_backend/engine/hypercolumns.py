"""What a place is matched by: features of two layers on one grid, a few rows after another.

Kolkin et al. 2022, "Neural Neighbor Style Transfer", section 3.2. Whole, those of a large picture
would be the largest thing of all that the engine holds.
"""

from collections.abc import Iterable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine import losses

GRID = "relu3_1"  # whose places are matched
SEEN = ("relu3_1", "relu4_1")  # what a place is matched by
FAINTEST = 1e-2  # length of a place's features, of mean 1 each, below which they are rounding
COMPONENTS = 64  # principal ones, that likeness is measured in
VALUES = 2**22  # that are held at once, in float

Features = dict[str, Tensor]  # {layer: (1, C, H, W)}, of any type


def hypercolumns(features: Features, other: Features | None, share: float) -> Iterator[Tensor]:
    """Features at SEEN -> (n, D), a few rows of GRID's places after others: each layer without its
    mean over places, every place of it of length 1, or less where there is next to nothing.

    other: features that a share of it is made of.
    """

    def mixed(layer: str, made: Tensor, of_other: Tensor | None) -> Tensor:
        return made if of_other is None else torch.lerp(made, of_other, share)

    layers = [layer for layer in SEEN if layer in features]
    means = {
        layer: mixed(layer, _mean(features[layer]), None if other is None else _mean(other[layer]))
        for layer in layers
    }
    height, width = features[GRID].shape[2:]
    some = max(1, VALUES // (width * sum(features[layer].shape[1] for layer in layers)))
    for first in range(0, height, some):
        rows, parts = slice(first, min(first + some, height)), []
        for layer in layers:
            own = _on_grid(features[layer], rows, (height, width))
            others = None if other is None else _on_grid(other[layer], rows, (height, width))
            x = mixed(layer, own, others) - means[layer]
            parts.append(x / x.norm(dim=1, keepdim=True).clamp_min(FAINTEST))
        yield losses.places(torch.cat(parts, 1))


def projected(
    features: Features, basis: Tensor, other: Features | None = None, share: float = 0.0
) -> Tensor:
    """(1, COMPONENTS, h, w): hypercolumns in the basis, (D, COMPONENTS). Each laid in its place:
    joined at the end, all of them would be held twice."""
    columns = basis.new_empty(features[GRID][0, 0].numel(), basis.shape[1])
    first = 0
    for rows in hypercolumns(features, other, share):
        torch.mm(rows, basis, out=columns[first : first + len(rows)])
        first += len(rows)
    return losses.as_features(columns, features[GRID])


def principal(pictures: Iterable[Features]) -> Tensor:
    """(D, COMPONENTS): the directions in which the pictures' hypercolumns differ most.

    In double precision: for one flat colour they differ by rounding alone, and LAPACK finds no end
    in single.
    """
    spread = torch.zeros(())
    for features in pictures:
        count = features[GRID][0, 0].numel()
        for rows in hypercolumns(features, None, 0.0):
            spread = spread.to(rows) + rows.T @ rows / count
    vectors = torch.linalg.eigh(spread.cpu().double()).eigenvectors
    return vectors[:, -COMPONENTS:].float().to(spread.device)


def _mean(x: Tensor) -> Tensor:
    """(1, C, 1, 1), some rows after others: torch makes float of all that it is to sum at once."""
    some = x.split(max(1, VALUES // x[0, :, 0].numel()), 2)
    sums = [each.sum((2, 3), keepdim=True, dtype=torch.float32) for each in some]
    return torch.stack(sums).sum(0) / x[0, 0].numel()


def _on_grid(x: Tensor, rows: slice, size: tuple[int, int]) -> Tensor:
    """Some rows of a layer's features, resized bilinearly to GRID's size: (1, C, rows, w)."""
    if x.shape[2:] == size:
        return x[:, :, rows].float()
    place = torch.arange(rows.start, rows.stop, device=x.device)
    place = ((place + 0.5) * (x.shape[2] / size[0]) - 0.5).clamp(0, x.shape[2] - 1)
    above = place.floor().long()
    below = (above + 1).clamp_max(x.shape[2] - 1)
    part = (place - above).float()[:, None]
    found = torch.lerp(x[:, :, above].float(), x[:, :, below].float(), part)
    return F.interpolate(found, (len(place), size[1]), mode="bilinear")
