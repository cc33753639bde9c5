"""Masks: where a picture counts, and what stands in its holes.

A guide is (1, 1, H, W) in 0..1, here the picture's alpha: transparent pixels take no part in any
statistic (Gatys et al. 2017, "Controlling Perceptual Factors", section 4, with one region).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine.encoder import stride


def means(guide: Tensor, layer: str) -> Tensor:
    """Over the pixels of each of a layer's places, (1, 1, ceil(H / stride), ceil(W / stride))."""
    return F.avg_pool2d(guide, stride(layer), ceil_mode=True, count_include_pad=False)


def shares(guide: Tensor, layer: str) -> Tensor:
    """(H*W at the layer, 1): each place's share of the picture, summing to 1; (1, 1) where all
    places have the same.

    A place has the mean of the guide over its own cell of pixels; a guide is not 0 everywhere.
    """
    mean = means(guide, layer)
    if guide.min() == guide.max():
        return guide.new_full((1, 1), 1 / mean.numel())
    return mean.view(-1, 1) / mean.sum()


def fill_holes(picture: Tensor, guide: Tensor) -> Tensor:
    """The picture (1, 3, H, W) with the colour around spread into where the guide is 0.

    Pull and push (Gortler et al. 1996, "The Lumigraph", 3.4.1): means of what is there, ever
    coarser, are laid under what is not. So no colour hidden under full transparency is looked at.
    """
    if guide.min() == 1:
        return picture
    if min(picture.shape[2:]) == 1:
        known = (guide > 0).expand_as(picture)
        weight = guide.sum().clamp_min(1e-6)
        mean = torch.where(known, picture * guide, 0).sum((2, 3), keepdim=True) / weight
        return torch.where(known, picture, mean)
    small = F.avg_pool2d(guide, 2, ceil_mode=True)
    seen = torch.where(guide > 0, picture * guide, 0)  # also drops NaN under transparency
    colour = F.avg_pool2d(seen, 2, ceil_mode=True) / small.clamp_min(1e-6)
    coarse = fill_holes(colour, (small > 0).to(guide))
    under = F.interpolate(coarse, picture.shape[2:], mode="bilinear")
    return torch.where(guide > 0, picture, under)
