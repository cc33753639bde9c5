"""A picture's way through the encoder and the gradient's way back, both our own.

The weights are frozen, so a gradient with respect to the picture needs nothing of what goes into a
convolution; of a layer it needs where its ReLU let something through, which what left it says, and
of a pooling which of its places it took, which is found again in less time than indices of eight
bytes take to be kept and fetched. autograd keeps all that went in, too, with its borders, and holds
the gradients with respect to all layers at once.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine.encoder import Encoder, pools_before


class Passage:
    """features: {layer: (1, C, H, W)} of the layers asked for, shallow first, in the encoder's own
    type. picture: (1, 3, H, W), RGB in [0, 1], in channels_last."""

    @torch.no_grad()
    def __init__(self, encoder: Encoder, picture: Tensor, layers: tuple[str, ...]):
        self._encoder = encoder
        self._left = dict(encoder.walk(picture, encoder.up_to(layers)))  # every ReLU
        self.features = {layer: x for layer, x in self._left.items() if layer in layers}

    @torch.no_grad()
    def back(self, pull: Callable[[str, Tensor], Tensor]) -> Tensor:
        """The gradient with respect to the picture, float32, of what has these gradients with
        respect to its features: pull(layer, features), deepest first. Once: what is done with is
        forgotten on the way."""
        gradient: Tensor | None = None
        while self._left:
            layer, x = self._left.popitem()
            if self.features.pop(layer, None) is not None:
                pulled = pull(layer, x).to(x)
                gradient = pulled if gradient is None else gradient.add_(pulled)
            assert gradient is not None  # the deepest layer is one of those asked for
            passed: Tensor = torch.ops.aten.threshold_backward(gradient, x, 0)
            weight = self._encoder.convolution(layer).weight
            gradient = without_border(F.conv_transpose2d(passed, weight))
            if pools_before(layer):
                gradient = unpooled(gradient, next(reversed(self._left.values())))
        assert gradient is not None
        return gradient.float()


def without_border(gradient: Tensor) -> Tensor:
    """The gradient of `bordered`: (1, C, H + 2, W + 2) -> (1, C, H, W), a view of it."""
    for edge, inner in ((0, 1), (-1, -2)):
        gradient[:, :, inner].add_(gradient[:, :, edge])
    gradient = gradient[:, :, 1:-1]
    for edge, inner in ((0, 1), (-1, -2)):
        gradient[..., inner].add_(gradient[..., edge])
    return gradient[..., 1:-1]


def unpooled(gradient: Tensor, x: Tensor) -> Tensor:
    """The gradient of the pooling of x: (1, C, ceil(H / 2), ceil(W / 2)) -> (1, C, H, W)."""
    _, place = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
    return torch.ops.aten.max_pool2d_with_indices_backward(
        gradient, x, [2, 2], [2, 2], [0, 0], [1, 1], True, place
    )
