"""Several weighted styles -> one target per layer, so that a step costs the same for any number.

Gram: the weighted mean of the Grams; for squared errors that has the same gradient as the weighted
sum of losses. W2: the Wasserstein barycentre (Agueh and Carlier 2011) by the fixed point of
Alvarez-Esteban et al. 2016, or the mixture of the styles' Gaussians.

Departure: at PALETTE, whose features are colours, it is the mixture in either blend. The barycentre
of a blue palette and a red one is brown mud: half Starry Night, half The Scream had a sixth less
chroma than the two (mean in Oklab .055 of .069, 320 px; with the mixture .065).
"""

from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from scumble_backend.engine import guides
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.losses import (
    FLOOR,
    Gaussian,
    Moments,
    Root,
    W2Target,
    carefully,
    gram,
    places,
    roots,
    those_of,
    w2_target,
)
from scumble_backend.engine.passage import Passage, places_of
from scumble_backend.engine.pyramid import fit, resize, resize_positive

DEEP = ("relu4_1", "relu5_1")  # layers of forms; those before them are of strokes and colours
PALETTE = "relu1_1"
BARYCENTRE_STEPS = 8  # at most; from its start it converges in a few
BARYCENTRE_CHANGE = 1e-2  # relative: nobody sees less


@dataclass(frozen=True, eq=False)
class Style:
    """A picture to paint like.

    picture: (1, 3, H, W), RGB in [0, 1]. guide: (1, 1, H, W), its alpha. weight: its share, > 0.
    brush_size: the size at which it is looked at, 1 = as it is. seen: what was seen of it so far,
    for whoever paints like it again; a copy with another picture needs a new one. where:
    (1, 1, H, W) in 0..1, where of the content it lies; None: everywhere. gives: "all", or only the
    "forms" or the "strokes" of the painting.
    """

    picture: Tensor
    guide: Tensor
    weight: float = 1.0
    brush_size: float = 1.0
    seen: dict[tuple, dict[str, Gaussian]] = field(default_factory=dict, repr=False)
    where: Tensor | None = None
    gives: str = "all"

    def gives_at(self, layer: str, forms: bool) -> bool:
        """Whether the painting has anything of it at a layer, on an octave that settles forms
        alone, or on another."""
        deep = forms or layer in DEEP
        return self.gives == "all" or (self.gives == "forms") == deep


def canonical(styles: list[Style]) -> list[Style]:
    """Styles with weights that sum to 1, in an order of their own: the order in which they were
    ticked changes nothing, not even a rounding, and a style of weight 0 is not there."""
    total = sum(style.weight for style in styles)
    used = [replace(style, weight=style.weight / total) for style in styles if style.weight > 0]
    return sorted(used, key=lambda s: (s.weight, s.brush_size, float(s.picture.mean())))


def by_layers(
    styles: list[Style], layers: tuple[str, ...], forms: bool
) -> list[tuple[tuple[str, ...], list[Style]]]:
    """Layers together with the styles that the painting has anything of there, of weights that sum
    to 1; layers without any are left out. forms: whether the octave settles forms alone."""
    found: dict[tuple[int, ...], list[str]] = {}
    for layer in layers:
        those = tuple(n for n, style in enumerate(styles) if style.gives_at(layer, forms))
        found.setdefault(those, []).append(layer)
    groups = []
    for those, there in found.items():
        whole = sum(styles[n].weight for n in those)
        used = [replace(styles[n], weight=styles[n].weight / whole) for n in those]
        groups += [(tuple(there), used)] if used else []
    return groups


def targets(
    encoder: Encoder,
    styles: list[Style],
    long_side: int,
    layers: tuple[str, ...],
    loss: str = "w2",
    blend: str = "barycentre",
    root: Root = roots,
) -> dict[str, W2Target | Tensor]:
    """One target per layer: a W2Target for loss "w2", a Gram matrix (C, C) for "gram".

    long_side: of the octave, px.
    """
    seen = [_look(encoder, style, long_side, layers) for style in styles]
    weights = torch.tensor([style.weight for style in styles]).to(styles[0].picture)
    found: dict[str, W2Target | Tensor] = {}
    for layer in seen[0]:
        gaussians = [look[layer] for look in seen]
        if loss == "gram":
            grams = [gram(each) for each in gaussians]
            found[layer] = torch.einsum("s,sij->ij", weights, torch.stack(grams))
        else:
            if blend == "mixture" or layer == PALETTE:
                mixed = mixture(gaussians, weights)
            else:
                mixed = barycentre(gaussians, weights, root)
            found[layer] = w2_target(*mixed, root)
    return found


@torch.no_grad()
def _look(
    encoder: Encoder, style: Style, long_side: int, layers: tuple[str, ...]
) -> dict[str, Gaussian]:
    """{layer: its features' Gaussian} of a style at an octave."""
    size = size_looked_at(style, long_side)
    if (key := (encoder, size, layers)) not in style.seen:
        picture, guide = looked_at(style, long_side)
        shares = {layer: guides.shares(guide, layer) for layer in layers}
        moments = {layer: Moments() for layer in layers if layer in encoder.layers}
        for layer, row, x in Passage(encoder, picture, layers).forward():
            moments[layer].add(places(x), those_of(shares[layer], places_of(row, x)))
        style.seen[key] = {layer: each.gaussian for layer, each in moments.items()}
    return style.seen[key]


def size_looked_at(style: Style, long_side: int) -> tuple[int, int]:
    """(height, width) of a style at an octave of this long side, px: that times its brush size, but
    never enlarged beyond its own pixels unless its brush size asks for it."""
    height, width = style.picture.shape[2:]
    most = max(height, width) * max(1.0, style.brush_size)
    return fit(height, width, min(long_side * style.brush_size, most))


def looked_at(style: Style, long_side: int) -> tuple[Tensor, Tensor]:
    """A style's picture and guide at an octave, (1, 3, h, w) and (1, 1, h, w)."""
    size = size_looked_at(style, long_side)
    picture = resize(style.picture, size).clamp(0, 1)
    return picture, resize_positive(style.guide, size)


def mixture(gaussians: list[Gaussian], weights: Tensor) -> Gaussian:
    """The Gaussian of all styles' places together: it also spans what lies between the means."""
    mean = torch.einsum("s,si->i", weights, torch.stack([g.mean for g in gaussians]))
    covariance = torch.zeros_like(gaussians[0].covariance)
    for weight, each in zip(weights, gaussians, strict=True):
        away = each.mean - mean
        covariance += weight * (each.covariance + torch.outer(away, away))
    return Gaussian(mean, covariance)


def barycentre(gaussians: list[Gaussian], weights: Tensor, root: Root = roots) -> Gaussian:
    """The Gaussian with the least weighted sum of W2^2 to all of them.

    Its mean is the mean of means; its covariance the fixed point of
    S <- S^-1/2 (sum w_i (S^1/2 C_i S^1/2)^1/2)^2 S^-1/2.
    """
    mean = torch.einsum("s,si->i", weights, torch.stack([g.mean for g in gaussians]))
    if len(gaussians) == 1:
        return gaussians[0]
    covariances = torch.stack([g.covariance for g in gaussians])
    ridge = 1e-6 * covariances.diagonal(dim1=1, dim2=2).mean() + FLOOR
    covariances = covariances + ridge * torch.eye(len(mean)).to(mean)
    start = torch.einsum("s,sij->ij", weights, root(covariances).root)
    found = start @ start  # exact where the covariances commute
    for _ in range(BARYCENTRE_STEPS):
        half, inverse = root(found)
        middle = torch.einsum("s,sij->ij", weights, root(half @ covariances @ half).root)
        before, found = found, inverse @ middle @ middle @ inverse
        if (found - before).norm() <= BARYCENTRE_CHANGE * found.norm():
            break
    if not found.isfinite().all():
        return barycentre(gaussians, weights, carefully)
    return Gaussian(mean, (found + found.T) / 2)
