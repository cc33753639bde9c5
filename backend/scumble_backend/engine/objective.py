"""Equation 7 of Gatys, Ecker and Bethge 2016 at one octave: its value and its gradient."""

import torch
from torch import Tensor

from scumble_backend.engine import guides, losses, styles
from scumble_backend.engine.encoder import CONTENT_LAYER, STYLE_LAYERS, Encoder
from scumble_backend.engine.styles import Style


class Objective:
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
        self.encoder = encoder
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

    def differentiate(self, picture: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Its parts, {"content", "style", "variation": 0-d tensors}, the first and the last without
        their weights, and its gradient with respect to the picture, (1, 3, h, w) both."""
        picture = picture.detach().requires_grad_()
        features = self.encoder(_channels_last(picture), self.layers)
        gradients, style = {}, picture.new_zeros(())
        with torch.no_grad():
            for layer, weight in self.weights.items():
                value, gradients[layer] = self._style_loss(layer, features[layer], weight)
                style = style + value
            layer = self.content_layer
            content, gradient = losses.content_loss(
                features[layer], self.shares[layer], self.content
            )
            gradient *= self.content_weight
            gradients[layer] = gradients[layer] + gradient if layer in gradients else gradient
            variation, total = losses.total_variation(picture)
            total *= self.smoothness
        _Known.apply(list(gradients.values()), *(features[each] for each in gradients)).backward()
        assert picture.grad is not None
        return {"content": content, "style": style, "variation": variation}, total + picture.grad

    def _style_loss(self, layer: str, features: Tensor, weight: float) -> tuple[Tensor, Tensor]:
        shares, target = self.shares[layer], self.targets[layer]
        if isinstance(target, losses.W2Target):
            return losses.w2_loss(features, shares, target, weight)
        return losses.gram_loss(features, shares, target, weight)


class _Known(torch.autograd.Function):
    """A value whose gradients with respect to features are known; autograd goes on from there.

    torch.autograd.backward takes gradients, too, but imports sympy for it: seconds before the first
    step.
    """

    @staticmethod
    def forward(ctx, gradients: list[Tensor], *features: Tensor) -> Tensor:
        ctx.gradients = gradients
        return features[0].new_zeros(())

    @staticmethod
    def backward(ctx, _):  # type: ignore[override]
        return None, *ctx.gradients


def _channels_last(picture: Tensor) -> Tensor:
    """Convolutions on CPUs are two to three times as fast in this layout."""
    return picture.contiguous(memory_format=torch.channels_last)
