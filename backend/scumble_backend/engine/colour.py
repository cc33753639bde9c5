"""sRGB and Oklab (Ottosson 2020), and how a painting keeps the photograph's colours.

Gatys et al. 2017, "Controlling Perceptual Factors in Neural Style Transfer", section 5: either only
lightness is painted and the colours are the photograph's, place by place; or the styles are given
the photograph's palette before anything is painted. Departures: in Oklab, whose lightness is nearer
to the eye's than YIQ's; by any share; and lightness is matched to the photograph's in the painting
and not in the styles, so that another share takes no new painting.
"""

import torch
from torch import Tensor

# Oklab, matrices of Ottosson's page, for linear sRGB.
TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
SPREAD = 1e-6  # variance in each direction that even one flat colour has


def light(picture: Tensor) -> Tensor:
    """sRGB-encoded -> linear in light, both in [0, 1]."""
    return torch.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)


def encoded(light: Tensor) -> Tensor:
    """The inverse of `light`."""
    return torch.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def oklab(picture: Tensor) -> Tensor:
    """sRGB-encoded (N, 3, H, W) in [0, 1] -> Oklab, lightness 0..1 first."""
    return _mix(TO_LAB, _mix(TO_LMS, light(picture)).clamp_min(0) ** (1 / 3))


def from_oklab(lab: Tensor) -> Tensor:
    """The inverse of `oklab`; colours outside sRGB are clipped."""
    lms = _mix(_inverse(TO_LAB), lab) ** 3
    return encoded(_mix(_inverse(TO_LMS), lms).clamp(0, 1))


def with_colours_of(picture: Tensor, photograph: Tensor, guide: Tensor, share: float) -> Tensor:
    """By a share the photograph's colours, place by place, and as light and as contrasted as it is
    on the whole: with the mean and the standard deviation of its lightness.

    Both (1, 3, H, W), RGB in [0, 1]; guide: (1, 1, H, W), where there is a photograph; share: 0..1.
    """
    lab, wanted = oklab(picture.clamp(0, 1)), oklab(photograph.clamp(0, 1))
    (mean, variance), (aim, its_variance) = (
        _statistics(each[:, :1], guide) for each in (lab, wanted)
    )
    scale = float((its_variance / variance).sqrt())
    moved = float(aim) + scale * (lab[:, :1] - float(mean))
    return from_oklab(torch.lerp(lab, torch.cat((moved, wanted[:, 1:]), 1), share))


def with_palette_of(
    picture: Tensor, guide: Tensor, photograph: Tensor, its_guide: Tensor, share: float
) -> Tensor:
    """A style in the photograph's palette: its colours moved linearly, as little as can be (the
    optimal transport between two Gaussians), to the photograph's mean and covariance."""
    lab = oklab(picture)
    (mean, own), (aim, wanted) = (
        _statistics(lab, guide), _statistics(oklab(photograph), its_guide),
    )  # fmt: skip
    root = _power(own, 0.5)
    back = _power(own, -0.5)
    move = back @ _power(root @ wanted @ root, 0.5) @ back
    shifted = _mix(move, lab - mean.to(lab).view(1, 3, 1, 1)) + aim.to(lab).view(1, 3, 1, 1)
    return from_oklab(torch.lerp(lab, shifted, share))


def _statistics(x: Tensor, guide: Tensor) -> tuple[Tensor, Tensor]:
    """(1, C, H, W) -> mean (C,) and covariance (C, C) where the guide lets it be seen, in double
    precision on the processor, where the roots of such small matrices are at home."""
    # on the processor first: Apple's GPUs have no double precision
    rows, weight = (each[0].flatten(1).cpu().double() for each in (x, guide))
    weight = weight / weight.sum().clamp_min(SPREAD)
    mean = (rows * weight).sum(1)
    centred = rows - mean[:, None]
    return mean, (centred * weight) @ centred.T + SPREAD * torch.eye(len(x[0]), dtype=mean.dtype)


def _power(matrix: Tensor, exponent: float) -> Tensor:
    """Of a symmetric matrix with positive eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values**exponent) @ vectors.T


def _mix(matrix, x: Tensor) -> Tensor:
    return torch.einsum("ij,njhw->nihw", torch.as_tensor(matrix).to(x), x)


def _inverse(matrix) -> Tensor:
    return torch.linalg.inv(torch.tensor(matrix, dtype=torch.float64))
