"""How the picture goes downhill: L-BFGS, and Adam.

Both hold the picture, (1, 3, h, w), RGB in [0, 1], and go coarse to fine with it:

    optimiser = LBFGS(picture)
    optimiser.enlarge((height, width), detail)   # at each octave
    optimiser.step(gradient_at(optimiser.picture), step, of)
    optimiser.result                             # what to show and to keep
    optimiser.failed                             # whether a step was no number, and was not taken

Departure from DECISIONS, which ask for Adam, for L-BFGS as in Gatys et al. 2016: it needs half of
the steps. The whole objective at the end, 256 px (Tuebingen and Starry Night; Golden Gate and The
Scream): Adam 0.273, 0.196; Adam with half of the steps 0.328, 0.242 (at best, of seven learning
rates and betas, 0.291, 0.210); L-BFGS with half of the steps 0.255, 0.191.
"""

import math
from collections import deque
from typing import NamedTuple

import torch
from torch import Tensor

from scumble_backend.engine.pyramid import NOWHERE, Around, pieces, resize, resize_positive

HISTORY = 5  # pairs that L-BFGS keeps; 10 or 20 bring nothing
HELD = torch.bfloat16  # what they are kept as: most of what a large picture takes
FIRST = 0.01  # mean change of a colour channel by the first step of all
LONGEST = 0.1  # root mean square of a step, at most
# In shares of the Nyquist frequency:
SLOW = 0.1  # what changes slower than this is moved further
FINE = (0.3, 0.5)  # from where to where lines begin to count as fine
STRAIGHT = 0.04  # how far off the axes of the spectrum a line counts as straight
WEAVE = 0.7  # by what share fine straight lines are moved less

LEARNING_RATE = (0.02, 0.004)  # of Adam, at the beginning and the end of an octave
BETAS = (0.9, 0.99)
AVERAGE = 0.97  # decay of the averaged iterate


class Pair(NamedTuple):
    """A step and how the gradient changed over it, as HELD; share: 1 / (step . change), 0 if that
    is no curvature to trust."""

    step: Tensor
    change: Tensor
    share: Tensor


class LBFGS:
    """Liu and Nocedal 1989, without line search: a step costs one gradient, as with Adam.

    The two-loop recursion is that of Nocedal and Wright 2006, algorithm 7.4. Its first guess of the
    inverse Hessian is not a multiple of one but larger the slower something changes over the
    picture, (1 + SLOW) / (f + SLOW) at frequency f, as in the decorrelated parametrisation of Olah
    et al. 2017: that saves a fifth of the steps. And it is smaller for fine lines that run straight
    along rows or columns of pixels. Square convolutions find those first, whoever goes downhill
    with them, and weave a net into flat skies: the axes of such a sky's spectrum held 2.3 to 3.5
    times the mean of their radius, in the styles 1.1 to 1.2; so it is 1.4 to 2.2 times, for an
    objective 0.4 % higher at equal steps. Nothing is read back from the device. Each octave begins
    with a history of its own; only the scale of the first step is carried over.
    """

    def __init__(
        self,
        picture: Tensor,
        around: Around = NOWHERE,
        first: float = FIRST,
        history: int = HISTORY,
    ):
        self.picture, self.around, self._first = picture, around, first
        self._pairs: deque[Pair] = deque(maxlen=history)
        self._before: tuple[Tensor, Tensor] | None = None  # the last step, as HELD, its gradient
        self._scale: Tensor | None = None  # of the inverse Hessian, per pixel of the picture
        self._gain = _gain(picture)
        self.failed = _no(picture)  # 0-d, on the device: nothing waits for it

    @property
    def result(self) -> Tensor:
        return self.picture

    def enlarge(self, size: tuple[int, int], detail: Tensor) -> None:
        """Go on at this size. detail: (1, 3, *size), to add to the enlarged picture."""
        self.picture = (resize(self.picture, size, self.around) + detail).clamp(0, 1)
        self._gain = _gain(self.picture)
        self.restart()

    def spare(self, history: int) -> None:
        """Go on with so many pairs."""
        self._pairs = deque(maxlen=history)
        self.restart()

    def restart(self) -> None:
        """Forget what was learned of the way at this size."""
        self._pairs.clear()
        self._before = None
        self.failed = _no(self.picture)

    @torch.no_grad()
    def step(self, gradient: Tensor, _step: int, _of: int) -> None:
        pixels = gradient[0, 0].numel()
        if self._scale is None:
            self._scale = self._first / (gradient.abs().mean() * pixels).clamp_min(1e-20)
        if self._before is not None:
            step, before = self._before
            change, self._before = torch.sub(gradient, before, out=before).to(HELD), None
            del before  # a large picture's takes as much as the picture
            self._remember(step, change, pixels)
        direction = self._direction(gradient, self._scale * pixels)
        length = direction.norm() / math.sqrt(direction.numel())
        direction *= (LONGEST / length.clamp_min(1e-20)).clamp_max(1)
        sound = length.isfinite()
        self.failed = self.failed | ~sound
        moved = direction.neg_().add_(self.picture).clamp_(0, 1)
        torch.where(sound, moved, self.picture, out=moved)
        step = torch.empty_like(moved, dtype=HELD)
        for part, to, since in zip(*map(pieces, (step, moved, self.picture)), strict=True):
            part.copy_(to - since)
        self._before = (step, gradient)
        self.picture = moved

    def _remember(self, step: Tensor, change: Tensor, pixels: int) -> None:
        curvature, squares = torch.zeros(2, device=change.device)
        for own, each in zip(pieces(step), pieces(change), strict=True):
            wide = each.float()
            curvature = curvature + _dot(own.float(), wide)
            squares = squares + _dot(wide, self._guess(wide))
        sound = curvature > 1e-10 * squares.clamp_min(1e-30)
        self._scale = torch.where(sound, curvature / squares / pixels, self._scale)  # type: ignore[arg-type]
        share = torch.where(sound, 1 / curvature, torch.zeros_like(curvature))
        self._pairs.append(Pair(step, change, share))

    def _direction(self, gradient: Tensor, scale: Tensor) -> Tensor:
        """The inverse Hessian, as far as the pairs know it, times the gradient."""
        direction, parts = gradient.clone(), []
        for pair in reversed(self._pairs):
            parts.append(pair.share * _along(pair.step, direction))
            _add(direction, pair.change, -parts[-1])
        for part in pieces(direction):
            part.copy_(self._guess(part)).mul_(scale)
        for pair, part in zip(self._pairs, reversed(parts), strict=True):
            _add(direction, pair.step, part - pair.share * _along(pair.change, direction))
        return direction

    def _guess(self, gradient: Tensor) -> Tensor:
        """The first guess of the inverse Hessian, without its scale, times the gradient, of some
        channels: (1, c, h, w).

        It wraps: 2 % of what the upper half asks for reaches the lower edge. Reflected instead, in
        four times the work, pictures of 256 px came to the same objective within 0.5 %.
        """
        size = gradient.shape[2:]
        return torch.fft.irfft2(torch.fft.rfft2(gradient).mul_(self._gain), s=size)


class Adam:
    """Kingma and Ba 2015, algorithm 1, with moments carried from octave to octave and an averaged
    iterate as the result, after K. Crowson's style-transfer-pytorch.

    rates: at the beginning and the end of an octave, half a cosine between them.
    average: decay of the averaged iterate.
    """

    def __init__(
        self,
        picture: Tensor,
        around: Around = NOWHERE,
        rates: tuple[float, float] = LEARNING_RATE,
        average: float = AVERAGE,
    ):
        self.picture, self.around, self.rates, self.decay = picture, around, rates, average
        self._first, self._second = torch.zeros_like(picture), torch.zeros_like(picture)
        self._average, self._steps, self._averaged = torch.zeros_like(picture), 0, 0
        self.failed = _no(picture)

    @property
    def result(self) -> Tensor:
        if not self._averaged:
            return self.picture
        return (self._average / (1 - self.decay**self._averaged)).clamp(0, 1)

    def enlarge(self, size: tuple[int, int], detail: Tensor) -> None:
        """Go on from the averaged iterate, with a new average."""
        self.picture = (resize(self.result, size, self.around) + detail).clamp(0, 1)
        self._first = resize(self._first, size, self.around)
        self._second = resize_positive(self._second, size)
        self._average, self._averaged = torch.zeros_like(self.picture), 0
        self.failed = _no(self.picture)

    def spare(self, _history: int) -> None:
        """Go on without pairs, of which there are none."""

    def restart(self) -> None:
        """Forget what was learned of the way."""
        self._first, self._second = torch.zeros_like(self.picture), torch.zeros_like(self.picture)
        self._steps, self.failed = 0, _no(self.picture)

    @torch.no_grad()
    def step(self, gradient: Tensor, step: int, of: int) -> None:
        (beta1, beta2), (high, low) = BETAS, self.rates
        rate = low + (high - low) * (1 + math.cos(math.pi * step / of)) / 2
        self._steps += 1
        sound = gradient.square().sum().isfinite()
        self.failed = self.failed | ~sound
        gradient = torch.where(sound, gradient, torch.zeros_like(gradient))
        self._first.lerp_(gradient, 1 - beta1)
        self._second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        scale = (self._second / (1 - beta2**self._steps)).sqrt_().add_(1e-12)
        self.picture = self.picture.addcdiv(
            self._first, scale, value=-rate / (1 - beta1**self._steps)
        ).clamp_(0, 1)
        self._averaged += 1
        self._average.lerp_(self.picture, 1 - self.decay)


def _gain(picture: Tensor) -> Tensor:
    """What LBFGS multiplies the spectrum of a gradient by, (h, w // 2 + 1), above 0."""
    height, width = picture.shape[2:]
    down = 2 * torch.fft.fftfreq(height, device=picture.device).abs()[:, None]
    across = 2 * torch.fft.rfftfreq(width, device=picture.device)
    frequency = (down.square() + across.square()).sqrt()
    straight = (-(torch.minimum(down, across) / STRAIGHT).square()).exp()
    fine = ((frequency - FINE[0]) / (FINE[1] - FINE[0])).clamp(0, 1)
    slow = (1 + SLOW) / (frequency.clamp_max(1) + SLOW)
    return slow * (1 - WEAVE * straight * fine)


def _no(like: Tensor) -> Tensor:
    return torch.zeros((), dtype=torch.bool, device=like.device)


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return torch.dot(a.flatten(), b.flatten())


# Of what is kept as HELD, a piece after another: in float it would take a picture's memory.


def _along(held: Tensor, x: Tensor) -> Tensor:
    """The inner product with a picture, 0-d."""
    parts = zip(pieces(held), pieces(x), strict=True)
    return torch.stack([_dot(own.float(), each) for own, each in parts]).sum()


def _add(x: Tensor, held: Tensor, share: Tensor) -> None:
    """A share of it to a picture."""
    for each, own in zip(pieces(x), pieces(held), strict=True):
        each.addcmul_(own.float(), share)
