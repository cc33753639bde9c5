"""The algorithm on one page: repaint a picture in a blend of styles, coarse to fine.

Gatys, Ecker and Bethge 2016, equation 7: minimise alpha L_content + beta L_style over the picture.
Coarse to fine, with Adam and an averaged iterate carried from octave to octave, after K. Crowson's
style-transfer-pytorch. Departures: the style loss is the Gaussian W2 with its gradient in closed
form (losses.py), and its transport map is renewed every second step only; the learning rate falls
within each octave; fewer steps on finer octaves, where forms are settled.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from scumble_backend.engine import guides, losses, pyramid, styles
from scumble_backend.engine.encoder import CONTENT_LAYER, STYLE_LAYERS, Encoder
from scumble_backend.engine.pyramid import Octave, resize, resize_positive
from scumble_backend.engine.styles import Style

# Steps on an octave of this long side, px, at quality "standard"; between them by the logarithm.
STEPS = {96: 150, 128: 120, 181: 90, 256: 70, 362: 50, 512: 36, 1024: 25, 2048: 20, 8192: 12}
QUALITY = {"draft": 0.3, "standard": 1.0, "fine": 3.0}  # times as many steps

CONTENT_WEIGHT = (4.0, 0.02)  # against the style's 1, at strength 0 and 100 %
SMOOTHNESS = 50.0  # weight of total variation at smoothing 100 %
RENEWAL = 2  # steps for which a transport map is kept
LEARNING_RATE = (0.02, 0.004)  # at the beginning and the end of an octave
BETAS = (0.9, 0.99)
AVERAGE = 0.97  # decay of the averaged iterate
NOISE = 0.05  # standard deviation on the first picture: what the seed decides


class Iterate(NamedTuple):
    """The picture after a step.

    octave, octaves: which of how many, from 1. step, of: which of how many, from 1.
    done: share of the work done, 0..1. losses: {"content", "style", "variation": 0-d tensors}.
    picture: (1, 3, h, w), RGB in [0, 1], at the octave's size; the averaged iterate.
    """

    octave: int
    octaves: int
    step: int
    of: int
    done: float
    losses: dict[str, Tensor]
    picture: Tensor


def plan(
    height: int,
    width: int,
    quality: str = "standard",
    steps: int | str = "auto",
    brush_size: float = 100.0,
) -> list[Octave]:
    """The octaves that `stylize` will go through, and the steps on each."""
    return [
        Octave(h, w, steps if isinstance(steps, int) else _steps(max(h, w), quality))
        for h, w in pyramid.sizes(height, width, pyramid.COARSEST * brush_size / 100)
    ]


def _steps(long_side: int, quality: str) -> int:
    """STEPS at this long side, times the quality's factor."""
    knots = sorted(STEPS)
    x = min(max(long_side, knots[0]), knots[-1])
    above = next(i for i, knot in enumerate(knots) if knot >= x)
    low, high = knots[max(0, above - 1)], knots[above]
    part = math.log(x / low) / math.log(high / low) if high > low else 0.0
    return max(1, round(QUALITY[quality] * (STEPS[low] + part * (STEPS[high] - STEPS[low]))))


def content_weight(strength: float) -> float:
    """alpha / beta of equation 7, from the artist's strength in percent."""
    weak, strong = CONTENT_WEIGHT
    return weak * (strong / weak) ** (strength / 100)


def stylize(
    encoder: Encoder,
    content: Tensor,
    content_guide: Tensor,
    style_list: list[Style],
    *,
    strength: float = 60.0,
    brush_size: float = 100.0,
    blend: str = "barycentre",
    quality: str = "standard",
    smoothing: float = 10.0,
    seed: int = 0,
    loss: str = "w2",
    steps: int | str = "auto",
    layer_weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0),
    init: str = "content",
) -> Iterator[Iterate]:
    """Repaint content in a blend of styles.

    content: (1, 3, H, W), RGB in [0, 1], both sides at least 16 px; content_guide: (1, 1, H, W),
    its alpha. The other parameters: see scumble.parameters. Yields an Iterate after every step;
    to stop is not to ask for the next. With 0 steps it yields the content, once.
    """
    octaves = plan(content.shape[2], content.shape[3], quality, steps, brush_size)
    total, done = sum(octave.work for octave in octaves), 0
    if total == 0:
        yield Iterate(len(octaves), len(octaves), 0, 0, 1.0, {}, content)
        return
    content = guides.fill_holes(content, content_guide)
    factor = brush_size / 100
    used = [
        style._replace(
            picture=guides.fill_holes(style.picture, style.guide),
            brush_size=style.brush_size * factor,
        )
        for style in styles.canonical(style_list)
    ]
    state = _start(resize(content, (octaves[0].height, octaves[0].width)), init, seed)
    for number, octave in enumerate(octaves, 1):
        size = (octave.height, octave.width)
        objective = _Objective(
            encoder, resize(content, size).clamp(0, 1), resize_positive(content_guide, size), used,
            loss, blend, layer_weights, content_weight(strength), SMOOTHNESS * smoothing / 100,
        )  # fmt: skip
        state = _enlarge(state, size)
        for step in range(1, octave.steps + 1):
            values = objective.differentiate(state.picture)
            _adam(state, _rate(step, octave.steps))
            done += size[0] * size[1]
            average = state.average / (1 - AVERAGE**state.averaged)
            yield Iterate(
                number, len(octaves), step, octave.steps, done / total, values, average.clamp(0, 1)
            )


class _Objective:
    """Equation 7 at one octave: fixed targets, and the gradient with respect to the picture."""

    def __init__(
        self,
        encoder: Encoder,
        content: Tensor,
        guide: Tensor,
        used: list[Style],
        loss: str,
        blend: str,
        layer_weights: tuple[float, ...],
        content_weight: float,
        smoothness: float,
    ):
        self.encoder, self.loss = encoder, loss
        self.content_weight, self.smoothness = content_weight, smoothness
        long_side = max(content.shape[2:])
        weights = {
            layer: weight
            for layer, weight in zip(STYLE_LAYERS, layer_weights, strict=True)
            if weight > 0 and layer in encoder.layers
        }
        whole = sum(weights.values()) or 1.0
        self.weights = {layer: weight / whole for layer, weight in weights.items()}
        self.targets = styles.targets(encoder, used, long_side, tuple(weights), loss, blend)
        self.content_layer = (
            CONTENT_LAYER if CONTENT_LAYER in encoder.layers else encoder.layers[-1]
        )
        with torch.no_grad():
            features = encoder(_channels_last(content), (self.content_layer,))
        self.content = features[self.content_layer]
        self.layers = (*weights, self.content_layer)
        self.shares = {layer: guides.shares(guide, layer) for layer in self.layers}
        self.transports: dict[str, losses.Transport] = {}
        self.step = 0

    def differentiate(self, picture: Tensor) -> dict[str, Tensor]:
        """Set picture.grad to the gradient of the objective; returns the losses."""
        picture.grad = None
        features = self.encoder(_channels_last(picture), self.layers)
        if self.step % RENEWAL == 0:
            self.transports = {}
        self.step += 1
        gradients, style = {}, picture.new_zeros(())
        with torch.no_grad():
            for layer, weight in self.weights.items():
                value, gradient = self._style_loss(layer, features[layer])
                style, gradients[layer] = style + weight * value, gradient.mul_(weight)
            layer = self.content_layer
            content, gradient = losses.content_loss(
                features[layer], self.shares[layer], self.content
            )
            gradient *= self.content_weight
            gradients[layer] = gradients[layer] + gradient if layer in gradients else gradient
        torch.autograd.backward([features[each] for each in gradients], list(gradients.values()))
        found = {"content": content, "style": style}
        if self.smoothness:
            with torch.no_grad():
                found["variation"], gradient = losses.total_variation(picture)
                assert picture.grad is not None
                picture.grad += self.smoothness * gradient
        return found

    def _style_loss(self, layer: str, features: Tensor) -> tuple[Tensor, Tensor]:
        shares, target = self.shares[layer], self.targets[layer]
        if isinstance(target, losses.W2Target):
            value, gradient, self.transports[layer] = losses.w2_loss(
                features, shares, target, self.transports.get(layer)
            )
            return value, gradient
        return losses.gram_loss(features, shares, target)


class _State:
    """What is carried from step to step: the picture, Adam's moments, the averaged iterate."""

    def __init__(self, picture: Tensor, first: Tensor, second: Tensor, steps: int):
        self.picture = picture.requires_grad_()
        self.first, self.second, self.steps = first, second, steps
        self.average, self.averaged = torch.zeros_like(picture, requires_grad=False), 0


def _start(content: Tensor, init: str, seed: int) -> _State:
    """The first picture: the content with a little noise, or noise of the content's mean colour."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(content.shape, generator=generator).to(content)
    if init == "noise":
        picture = content.mean((2, 3), keepdim=True) + 0.2 * noise
    else:
        picture = content + NOISE * noise
    picture = picture.clamp(0, 1)
    return _State(picture, torch.zeros_like(picture), torch.zeros_like(picture), 0)


def _enlarge(state: _State, size: tuple[int, int]) -> _State:
    """The state at the next octave's size: from the averaged iterate, with a new average."""
    picture = state.picture.detach()
    if state.averaged:
        picture = state.average / (1 - AVERAGE**state.averaged)
    return _State(
        resize(picture, size).clamp(0, 1),
        resize(state.first, size),
        resize_positive(state.second, size),
        state.steps,
    )


@torch.no_grad()
def _adam(state: _State, rate: float) -> None:
    """A step of Adam (Kingma and Ba 2015, algorithm 1), back into [0, 1], and into the average."""
    gradient, (beta1, beta2) = state.picture.grad, BETAS
    assert gradient is not None
    state.steps += 1
    state.first.lerp_(gradient, 1 - beta1)
    state.second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
    scale = (state.second / (1 - beta2**state.steps)).sqrt_().add_(1e-12)
    state.picture.addcdiv_(state.first, scale, value=-rate / (1 - beta1**state.steps))
    state.picture.clamp_(0, 1)
    state.averaged += 1
    state.average.lerp_(state.picture, 1 - AVERAGE)


def _rate(step: int, of: int) -> float:
    """The learning rate: half a cosine from LEARNING_RATE[0] to [1] within an octave."""
    high, low = LEARNING_RATE
    return low + (high - low) * (1 + math.cos(math.pi * step / of)) / 2


def _channels_last(picture: Tensor) -> Tensor:
    """Convolutions on CPUs are two to three times as fast in this layout."""
    return picture.contiguous(memory_format=torch.channels_last)
