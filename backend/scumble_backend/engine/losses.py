"""What a pastiche is measured by: one function per equation, each with its gradient in closed form.

Content and Gram losses: Gatys, Ecker and Bethge 2016, equations 1-6. Gaussian W2: the Wasserstein
distance of two Gaussians (Dowson and Landau 1982; Givens and Shortt 1984), with the gradient of its
optimal transport map, so that nothing is differentiated through a matrix root.

Features are (1, C, H, W); every loss takes what it measures of them, and shares (N, 1), the share
of each of the N = H W places in every mean: they sum to 1, and a transparent place has share 0;
(1, 1), 1 / N, where all places have the same, which saves passes over the features. It returns
(value, pull): a 0-d tensor, and what it asks of places, which `gradient` puts together with what
other losses ask. Features may be of any type, and come in strips (passage.py); what is made of them
is float32, of a few places at a time, which stay in a processor's cache.

Departure: where the paper sums over places, all means are over places, so that pictures of
different sizes can be compared; at equal sizes the functions agree up to a constant factor (`gram`:
exactly).
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from scumble_backend.engine.pyramid import NOWHERE, Around, pieces

# Share of the target's mean variance that is added to both covariances: keeps the roots of flat or
# small pictures defined. FLOOR, against a mean activation of 1, serves where there is no variance.
REGULARISER = 1e-4
FLOOR = 1e-6
ITERATIONS = 20  # of `by_iteration`
VALUES = 2**18  # of features, worked on at once on a processor
SOME = 61  # of so many places one, for a first guess of a mean
TINY = 1e-12
# Of total variation: to which neighbour, down and across, and how much it counts.
VARIATIONS = ((0, 1, 1 / 3), (1, 0, 1 / 3), (1, 1, 1 / 12), (1, -1, 1 / 12))

# (which places, their features (n, C)) -> the gradient of a loss with respect to them, (n, C).
Pull = Callable[[slice, Tensor], Tensor]


class Gaussian(NamedTuple):
    """mean (C,) and covariance (C, C) of features over places."""

    mean: Tensor
    covariance: Tensor


class W2Target(NamedTuple):
    """A Gaussian to come close to, with the root of its covariance; ridge is the regulariser. Or
    several of one width, along a first axis."""

    mean: Tensor
    covariance: Tensor
    root: Tensor
    ridge: Tensor


class Transport(NamedTuple):
    """The optimal transport map (..., C, C) between centred Gaussians, and their W2 distance,
    (...)."""

    matrix: Tensor
    distance: Tensor


def places(features: Tensor) -> Tensor:
    """(1, C, H, W) -> (H*W, C), a view where features are channels_last."""
    return features[0].permute(1, 2, 0).flatten(0, 1)


def as_features(x: Tensor, like: Tensor) -> Tensor:
    """(H*W, C) -> (1, C, H, W), the inverse of `places`."""
    return x.unflatten(0, like.shape[2:]).permute(2, 0, 1)[None]


def wide(x: Tensor) -> Tensor:
    """In float32, or in the wider type that it has."""
    return x if x.dtype == torch.float64 else x.float()


def parts(x: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """(N, C) a few places after another: which, and their numbers, `wide`."""
    rows = max(1, VALUES // x.shape[1]) if x.device.type == "cpu" else len(x)
    for first in range(0, len(x), rows):
        part = slice(first, min(first + rows, len(x)))
        yield part, wide(x[part])


class Moments:
    """Weight, mean and covariance of features over places, which come a piece after another.

    Centred before it is multiplied, at the mean of some places: sum p_n x_n x_n^T - mu mu^T of a
    flat picture is the difference of two large numbers, with eigenvalues below zero, of which
    `by_iteration` makes NaN. What the centre is off by is small, and taken off in the end. Pieces
    are put together as by Chan, Golub and LeVeque 1983, equation 2.1, for the same reason.
    """

    def __init__(self):
        self._weight: Tensor | None = None

    def add(self, x: Tensor, shares: Tensor) -> None:
        """x: (n, C), of any type. shares: (n, 1), or (1, 1), of all places there are."""
        if not len(x):
            return
        weight = (shares.sum() if len(shares) > 1 else shares[0, 0] * len(x)).clamp_min(TINY)
        some = shares.expand(len(x), 1)[::SOME]
        centre = (some * wide(x[::SOME])).sum(0) / some.sum().clamp_min(TINY)
        off, second = _moments(x, shares, centre)
        mean, scatter = centre + off / weight, second - torch.outer(off, off) / weight
        if self._weight is None:
            self._weight, self._mean, self._scatter = weight, mean, scatter
            return
        away, whole = mean - self._mean, self._weight + weight
        self._mean = self._mean + away * (weight / whole)
        self._scatter = self._scatter + scatter
        self._scatter += torch.outer(away, away) * (self._weight * weight / whole)
        self._weight = whole

    @property
    def gaussian(self) -> Gaussian:
        assert self._weight is not None  # something was added
        return Gaussian(self._mean, self._scatter / self._weight)


def those_of(shares: Tensor, part: slice) -> Tensor:
    """The shares of some of all places, (n, 1); (1, 1), where all have the same."""
    return shares if len(shares) == 1 else shares[part]


class Chosen:
    """Some of all places, (n,), in order: on the device, and on the processor, which can tell which
    of them a strip has without waiting for a GPU."""

    def __init__(self, places: Tensor):
        self.places, self._order = places, places.cpu().numpy()

    def within(self, part: slice) -> slice:
        """Which of them are some of all places."""
        return slice(*self._order.searchsorted((part.start, part.stop)).tolist())


def gaussian(features: Tensor, shares: Tensor) -> Gaussian:
    """Mean and covariance: mu = sum p_n x_n, S = sum p_n (x_n - mu) (x_n - mu)^T."""
    moments = Moments()
    moments.add(places(features), shares)
    return moments.gaussian


def gram(seen: Gaussian) -> Tensor:
    """G = sum p_n x_n x_n^T (C, C): equation 3, divided by the number of places."""
    return seen.covariance + torch.outer(seen.mean, seen.mean)


def _moments(x: Tensor, shares: Tensor, centre: Tensor) -> tuple[Tensor, Tensor]:
    """sum p_n (x_n - c) and sum p_n (x_n - c) (x_n - c)^T: (N, C) -> (C,), (C, C)."""
    first = torch.zeros_like(shares[0, 0])
    second = first
    for part, each in parts(x):
        away = each - centre
        if len(shares) == 1:
            first, second = first + away.sum(0), second + away.T @ away
        else:
            weighted = away * shares[part]
            first, second = first + weighted.sum(0), second + weighted.T @ away
    return (first * shares[0], second * shares[0]) if len(shares) == 1 else (first, second)


class Roots(NamedTuple):
    """The root of a matrix and its inverse, both (..., C, C)."""

    root: Tensor
    inverse: Tensor


def roots(matrix: Tensor) -> Roots:
    """Of a symmetric positive semidefinite matrix, or of several of one size; eigenvalues below the
    rounding of the largest are only noise, which an inverse would blow up: they count as that
    rounding.

    On a GPU by iteration: at eigenvectors it is slow, the processor has to wait for them at every
    step, and Apple's had none for long.
    """
    return by_eigenvectors(matrix) if matrix.device.type == "cpu" else by_iteration(matrix)


Root = Callable[[Tensor], Roots]


def carefully(matrix: Tensor) -> Roots:
    """On the processor, in double precision: slow, and the way out where others fail."""
    return Roots(*(part.to(matrix) for part in by_eigenvectors(matrix.cpu().double())))


def by_eigenvectors(matrix: Tensor) -> Roots:
    """On one thread: several bring nothing for so small a matrix, and waiting for each other they
    take twenty times as long on a machine that has other things to do."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        values, vectors = torch.linalg.eigh(matrix)
    finally:
        torch.set_num_threads(threads)
    values = values.clamp_min(values[..., -1:] * torch.finfo(values.dtype).eps)
    values = values.sqrt()[..., None, :]
    return Roots((vectors * values) @ vectors.mT, (vectors / values) @ vectors.mT)


def by_iteration(matrix: Tensor) -> Roots:
    """Newton and Schulz, coupled: Higham 2008, "Functions of Matrices", equation 6.35.

    An eigenvalue's root grows by half at each step until it is there: after ITERATIONS those are
    that float32 can tell from nothing.
    """
    kind, size = torch.finfo(matrix.dtype), matrix.shape
    matrix = matrix.reshape(-1, *size[-2:])
    one = _one(matrix).expand_as(matrix)
    norm = matrix.norm(dim=(1, 2), keepdim=True).clamp_min(kind.tiny)
    root, inverse, three_halves = matrix / norm + kind.eps * one, one.contiguous(), 1.5 * one
    for _ in range(ITERATIONS):
        step = torch.baddbmm(three_halves, inverse, root, alpha=-0.5)
        root, inverse = torch.bmm(root, step), torch.bmm(step, inverse)
    return Roots((root * norm.sqrt()).view(size), (inverse / norm.sqrt()).view(size))


def _one(matrix: Tensor) -> Tensor:
    """The identity of a matrix's size, made where the matrix is: nothing waits for a copy."""
    return torch.eye(matrix.shape[-1], dtype=matrix.dtype, device=matrix.device)


def w2_target(mean: Tensor, covariance: Tensor, root: Root = roots) -> W2Target:
    ridge = REGULARISER * covariance.diagonal().mean() + FLOOR
    covariance = covariance + ridge * _one(covariance)
    return W2Target(mean, covariance, root(covariance).root, ridge)


def transport(covariance: Tensor, target: W2Target, root: Root = roots) -> Transport:
    """T = R (R S R)^-1/2 R, with R = S_t^1/2, and tr(S + S_t - 2 (R S R)^1/2); of one, or of
    several of one width at once."""
    covariance = covariance + target.ridge[..., None, None] * _one(covariance)
    middle = root(target.root @ covariance @ target.root)
    whole = covariance + target.covariance - 2 * middle.root
    distance = whole.diagonal(dim1=-2, dim2=-1).sum(-1)
    return Transport(target.root @ middle.inverse @ target.root, distance)


def transports(pairs: list[tuple[Gaussian, W2Target]], root: Root = roots) -> list[Transport]:
    """Of each to its target, those of one width together: to a GPU so small matrices are launches
    above all."""
    by_width: dict[int, list[int]] = {}
    for number, (seen, _) in enumerate(pairs):
        by_width.setdefault(len(seen.mean), []).append(number)
    found: dict[int, Transport] = {}
    for numbers in by_width.values():
        seen, targets = zip(*(pairs[number] for number in numbers), strict=True)
        covariances = torch.stack([each.covariance for each in seen])
        together = W2Target(*map(torch.stack, zip(*targets, strict=True)))
        moved = transport(covariances, together, root)
        found.update(zip(numbers, map(Transport._make, zip(*moved, strict=True)), strict=True))
    return [found[number] for number in range(len(pairs))]


def w2_loss(
    seen: Gaussian, shares: Tensor, target: W2Target, moved: Transport, weight: float = 1.0
) -> tuple[Tensor, Pull]:
    """W2^2 / C = (|mu - mu_t|^2 + tr(S + S_t - 2 (R S R)^1/2)) / C.

    Its gradient with respect to x_n is 2 p_n / C [(mu - mu_t) + (I - T)(x_n - mu)]. moved: T, of
    what is seen to the target, through which no gradient goes, in training neither.
    """
    mean, width = seen.mean, len(seen.mean)
    away = mean - target.mean
    value = weight * (away.square().sum() + moved.distance) / width
    back = _one(moved.matrix) - moved.matrix
    return value, _affine(back, away - mean @ back, 2 * weight / width * shares)


def gram_loss(
    seen: Gaussian, shares: Tensor, target: Tensor, weight: float = 1.0
) -> tuple[Tensor, Pull]:
    """E = 1 / (4 C^2) sum (G - A)^2, equation 4; its gradient is p_n / C^2 (G - A) x_n."""
    width = len(seen.mean)
    difference = gram(seen) - target
    value = weight * difference.square().sum() / (4 * width**2)
    none = torch.zeros_like(difference[0])
    return value, _affine(difference, none, weight / width**2 * shares)


def _affine(matrix: Tensor, offset: Tensor, scale: Tensor) -> Pull:
    """x_n -> scale_n (x_n M + b); scale: (N, 1), or (1, 1)."""
    if len(scale) > 1:
        return lambda part, x: torch.addmm(offset, x, matrix) * scale[part]
    matrix, offset = scale * matrix, scale[0] * offset
    return lambda _part, x: torch.addmm(offset, x, matrix)


class ContentLoss:
    """sum_n p_n |x_n - t_n|^2 / C: equation 1 as a mean. A Pull: its gradient is 2 p_n / C
    (x_n - t_n), times weight. target: which places -> theirs, (n, C).

    value: 0-d, without the weight, of the places that it was asked for so far.
    """

    def __init__(self, shares: Tensor, target: Callable[[slice], Tensor], weight: float = 1.0):
        self._target, self._shares, self._weight = target, shares, weight
        self.value = torch.zeros_like(shares[0, 0])

    def __call__(self, part: slice, x: Tensor) -> Tensor:
        difference = x - wide(self._target(part))  # of two types it is ten times as slow
        weighted = difference * (those_of(self._shares, part) / x.shape[1])
        self.value = self.value + torch.dot(weighted.flatten(), difference.flatten())
        return weighted.mul_(2 * self._weight)


def among(chosen: Chosen, pull: Pull) -> Pull:
    """What is asked of chosen places by one that knows no others: of all."""

    def asked(part: slice, x: Tensor) -> Tensor:
        own = chosen.within(part)
        here = chosen.places[own] - part.start
        return torch.zeros_like(x).index_add_(0, here, pull(own, x[here]))

    return asked


def gradient(features: Tensor, pulls: list[Pull], first: int = 0) -> Tensor:
    """Of losses together, with respect to features and in their type; first: which of all places
    theirs begin with."""
    x = places(features)
    found = torch.zeros_like(x)
    for part, each in parts(x) if pulls else ():
        which = slice(first + part.start, first + part.stop)
        pulled = pulls[0](which, each)
        for pull in pulls[1:]:
            pulled = pulled + pull(which, each)
        found[part] = pulled
    return as_features(found, features)


def total_variation(picture: Tensor, around: Around = NOWHERE) -> tuple[Tensor, Tensor]:
    """Mean over pixels of the squared differences to the neighbours: those beside and below at
    1/3, the diagonal ones at 1/12.

    picture: (1, 3, H, W); around: where its first pixels are neighbours of its last. Its gradient
    is the difference times 2, once for either neighbour.
    """
    pixels = picture.shape[2] * picture.shape[3]
    gradient = torch.zeros_like(picture)
    value = picture.new_zeros(())
    for x, own in zip(pieces(picture), pieces(gradient), strict=True):
        for down, across, weight in VARIATIONS:
            difference = x.roll((-down, -across), (2, 3)).sub_(x)
            if down and not around[0]:
                difference[:, :, -1] = 0
            if across and not around[1]:
                difference[..., -1 if across > 0 else 0] = 0
            value = value + _square(difference) * (weight / pixels)
            difference *= 2 * weight / pixels
            own += difference.roll((down, across), (2, 3))
            own -= difference
    return value, gradient


def _square(x: Tensor) -> Tensor:
    return torch.dot(x.flatten(), x.flatten())
