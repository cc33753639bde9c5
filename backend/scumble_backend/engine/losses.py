"""What a pastiche is measured by: one function per equation, each with its gradient in closed form.

Content and Gram losses: Gatys, Ecker and Bethge 2016, equations 1-6. Gaussian W2: the Wasserstein
distance of two Gaussians (Dowson and Landau 1982; Givens and Shortt 1984), with the gradient of its
optimal transport map, so that nothing is differentiated through a matrix root.

Every loss takes features (1, C, H, W) and shares (N,), the share of each of the N = H W places in
every mean: they sum to 1, and a transparent place has share 0. It returns (value, gradient): a 0-d
tensor, and a tensor of the features' shape.

Departure: where the paper sums over places, all means are over places, so that pictures of
different sizes can be compared; at equal sizes the functions agree up to a constant factor (`gram`:
exactly).
"""

from typing import NamedTuple

import torch
from torch import Tensor

# Share of the target's mean variance that is added to both covariances: keeps the roots of flat or
# small pictures defined. FLOOR, against a mean activation of 1, serves where there is no variance.
REGULARISER = 1e-4
FLOOR = 1e-6


class Gaussian(NamedTuple):
    """mean (C,) and covariance (C, C) of features over places."""

    mean: Tensor
    covariance: Tensor


class W2Target(NamedTuple):
    """A Gaussian to come close to, with the root of its covariance; ridge is the regulariser."""

    mean: Tensor
    covariance: Tensor
    root: Tensor
    ridge: Tensor


class Transport(NamedTuple):
    """The optimal transport map (C, C) between two centred Gaussians, and their W2 distance."""

    matrix: Tensor
    distance: Tensor


def places(features: Tensor) -> Tensor:
    """(1, C, H, W) -> (H*W, C), a view where features are channels_last."""
    return features[0].permute(1, 2, 0).flatten(0, 1)


def as_features(x: Tensor, like: Tensor) -> Tensor:
    """(H*W, C) -> (1, C, H, W), the inverse of `places`."""
    return x.unflatten(0, like.shape[2:]).permute(2, 0, 1)[None]


def gaussian(features: Tensor, shares: Tensor) -> Gaussian:
    """Mean and covariance: mu = sum p_n x_n, S = sum p_n (x_n - mu)(x_n - mu)^T."""
    x = places(features)  # (N, C)
    mean = shares @ x
    centred = x - mean
    return Gaussian(mean, (centred * shares[:, None]).T @ centred)


def gram(features: Tensor, shares: Tensor) -> Tensor:
    """G = sum p_n x_n x_n^T (C, C): equation 3, divided by the number of places."""
    x = places(features)
    return (x * shares[:, None]).T @ x


def root(matrix: Tensor) -> Tensor:
    """The root of a symmetric positive semidefinite matrix."""
    values, vectors = torch.linalg.eigh(matrix)
    return (vectors * values.clamp_min(0).sqrt()) @ vectors.T


def w2_target(mean: Tensor, covariance: Tensor) -> W2Target:
    ridge = REGULARISER * covariance.diagonal().mean() + FLOOR
    covariance = covariance + ridge * torch.eye(len(mean)).to(covariance)
    return W2Target(mean, covariance, root(covariance), ridge)


def transport(covariance: Tensor, target: W2Target) -> Transport:
    """T = R (R S R)^-1/2 R, with R = S_t^1/2, and tr(S + S_t - 2 (R S R)^1/2)."""
    covariance = covariance + target.ridge * torch.eye(len(covariance)).to(covariance)
    values, vectors = torch.linalg.eigh(target.root @ covariance @ target.root)
    # Below the rounding of the largest eigenvalue there is only noise, which a root would blow up.
    values = values.clamp_min(values[-1] * torch.finfo(values.dtype).eps)
    inverse = (vectors / values.sqrt()) @ vectors.T
    distance = (covariance + target.covariance).trace() - 2 * values.sqrt().sum()
    return Transport(target.root @ inverse @ target.root, distance)


def w2_loss(
    features: Tensor, shares: Tensor, target: W2Target, kept: Transport | None = None
) -> tuple[Tensor, Tensor, Transport]:
    """W2^2 / C = (|mu - mu_t|^2 + tr(S + S_t - 2 (R S R)^1/2)) / C.

    Its gradient with respect to x_n is 2 p_n / C [(mu - mu_t) + (I - T)(x_n - mu)].

    kept: a transport of a step ago to use again; the mean is always exact. Returns the transport
    used as well.
    """
    x = places(features)  # (N, C)
    if kept is None:
        mean, covariance = gaussian(features, shares)
        kept = transport(covariance, target)
    else:
        mean = shares @ x
    away, width = mean - target.mean, len(mean)
    value = (away.square().sum() + kept.distance) / width
    back = torch.eye(width).to(x) - kept.matrix
    gradient = torch.addmm(away - mean @ back, x, back)  # (N, C)
    gradient.mul_((2 / width) * shares[:, None])
    return value, as_features(gradient, features), kept


def gram_loss(features: Tensor, shares: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """E = 1 / (4 C^2) sum (G - A)^2, equation 4; its gradient is p_n / C^2 (G - A) x_n."""
    x, width = places(features), features.shape[1]
    difference = gram(features, shares) - target
    value = difference.square().sum() / (4 * width**2)
    gradient = x @ (difference / width**2) * shares[:, None]
    return value, as_features(gradient, features)


def content_loss(features: Tensor, shares: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """sum_n p_n |x_n - t_n|^2 / C: equation 1 as a mean; its gradient is 2 p_n / C (x_n - t_n)."""
    difference = features - target
    weighted = difference * (shares.view(1, 1, *features.shape[2:]) / features.shape[1])
    return (weighted * difference).sum(), 2 * weighted


def total_variation(picture: Tensor) -> tuple[Tensor, Tensor]:
    """Mean over pixels of the squared differences to the neighbours: those beside and below at
    1/3, the diagonal ones at 1/12.

    picture: (1, 3, H, W). Its gradient is the difference times 2, once for either neighbour.
    """
    pixels = picture.shape[2] * picture.shape[3]
    gradient = torch.zeros_like(picture)
    value = picture.new_zeros(())
    every, first, last = slice(None), slice(None, -1), slice(1, None)
    pairs = (
        ((every, first), (every, last), 1 / 3),
        ((first, every), (last, every), 1 / 3),
        ((first, first), (last, last), 1 / 12),
        ((first, last), (last, first), 1 / 12),
    )
    for (top, left), (bottom, right), weight in pairs:
        difference = picture[..., bottom, right] - picture[..., top, left]
        value = value + difference.square().sum() * (weight / pixels)
        difference *= 2 * weight / pixels
        gradient[..., bottom, right] += difference
        gradient[..., top, left] -= difference
    return value, gradient
