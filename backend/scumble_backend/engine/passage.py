"""A picture's way through the encoder and the gradient's way back, both our own.

The weights are frozen, so a gradient with respect to the picture needs nothing of what goes into a
convolution; of a layer it needs where its ReLU let something through, which what left it says, and
of a pooling which of its places it took, which is found again in less time than indices of eight
bytes take to be kept and fetched. autograd keeps all that went in, too, with its borders, and holds
the gradients with respect to all layers at once.

Large pictures go in strips, a block of the encoder (what lies between two poolings) after another:
only what goes into the blocks is kept, a twentieth of it all, and on the way back each strip goes
through its block once more. A strip has as many rows more, above and below, as its block has
convolutions, which is as far as these see: the numbers are those of the whole picture. (Tiles of
the whole encoder, as in SPST's "exact statistics by blocks", need 80 to 160 px more on every side.)
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine.encoder import Encoder, bordered, pools_before

VALUES = 3 * 2**22  # of a layer, that a strip holds: few enough to be held (compute/devices.py)
VALUES_ELSEWHERE = 2**28  # on a GPU, to which small pieces of work are long ones
LEAST = 16  # rows of a strip


class Strip(NamedTuple):
    """Rows of a block's places: its own, from first on, and with those around it that it sees."""

    own: slice
    seen: slice

    def inside(self, x: Tensor) -> Tensor:
        """Its own rows of what is there of the rows seen, a view."""
        first = self.own.start - self.seen.start
        return x[:, :, first : first + self.own.stop - self.own.start]

    def around(self, x: Tensor, like: Tensor) -> Tensor:
        """Its own rows in as many as are seen, of which the others are nothing."""
        if self.own == self.seen:
            return x
        found = torch.zeros_like(like)
        self.inside(found).copy_(x)
        return found


class Passage:
    """A picture's: forward, then back, once each; layer by layer and strip by strip.

    picture: (1, 3, H, W), RGB in [0, 1]. layers: those asked for.
    """

    def __init__(self, encoder: Encoder, picture: Tensor, layers: tuple[str, ...]):
        self._encoder, self._asked = encoder, layers
        self._values = strip_values(encoder)
        self._blocks = _blocks(encoder.up_to(layers))
        self._inputs = [picture]  # of each block
        self._left: dict[tuple[str, ...], dict[str, Tensor]] = {}  # of blocks that are one strip

    @property
    def height(self) -> int:
        """Rows of the layers that are passed now."""
        return self._inputs[-1].shape[2]

    @torch.no_grad()
    def forward(self) -> Iterator[tuple[str, int, Tensor]]:
        """The layers asked for: name, first row, features (1, C, rows, W) in the encoder's own type
        and in channels_last."""
        for block in self._blocks:
            x, pooled = self._inputs[-1], None
            strips = self._strips(block, x)
            for strip in strips:
                left = self._through(block, x[:, :, strip.seen])
                for layer in block:
                    if layer in self._asked:
                        yield layer, strip.own.start, strip.inside(left[layer])
                if block is not self._blocks[-1]:
                    own = F.max_pool2d(strip.inside(left[block[-1]]), 2, ceil_mode=True)
                    pooled = laid(pooled, own, strip.own.start // 2, (x.shape[2] + 1) // 2)
                if len(strips) == 1:
                    self._left[block] = left
            if pooled is not None:
                self._inputs.append(pooled)

    @torch.no_grad()
    def back(self, pull: Callable[[str, int, Tensor], Tensor]) -> Tensor:
        """The gradient with respect to the picture, float32, of what has these gradients with
        respect to its features: pull(layer, first row, features), deepest first."""
        behind: Tensor | None = None  # with respect to what goes into the block behind
        for block in reversed(self._blocks):
            x = self._inputs.pop()
            strips = self._strips(block, x)
            if len(strips) == 1:
                behind = self._back_through(block, strips[0], x, behind, pull)
                continue
            into = torch.zeros_like(x)
            for strip in strips:
                # Each place's own part is counted once: the strips' gradients add up.
                into[:, :, strip.seen] += self._back_through(block, strip, x, behind, pull)
            behind = into
        assert behind is not None
        return behind.float().contiguous()

    def _back_through(
        self,
        block: tuple[str, ...],
        strip: Strip,
        x: Tensor,
        behind: Tensor | None,
        pull: Callable[[str, int, Tensor], Tensor],
    ) -> Tensor:
        """With respect to the rows seen of what goes into a block, x, of what is asked of the
        strip's own rows; behind: as `back` has it."""
        left = self._left.pop(block, None) or self._through(block, x[:, :, strip.seen])
        gradient: Tensor | None = None
        if behind is not None:
            pooled = behind[:, :, strip.own.start // 2 : (strip.own.stop + 1) // 2]
            last = left[block[-1]]
            gradient = strip.around(unpooled(pooled, strip.inside(last)), last)
        while left:
            layer, features = left.popitem()
            if layer in self._asked:
                own = pull(layer, strip.own.start, strip.inside(features)).to(features)
                if gradient is None:
                    gradient = strip.around(own, features)
                else:
                    strip.inside(gradient).add_(own)
            assert gradient is not None  # the deepest layer is one of those asked for
            passed: Tensor = torch.ops.aten.threshold_backward(gradient, features, 0)
            weight = self._encoder.convolution(layer).weight
            gradient = without_border(F.conv_transpose2d(passed, weight))
        assert gradient is not None
        return gradient

    def _through(self, block: tuple[str, ...], x: Tensor) -> dict[str, Tensor]:
        """Every ReLU of a block: {layer: (1, C, H, W)}."""
        left = {}
        x = x.to(self._encoder.dtype)
        for layer in block:
            x = F.relu(self._encoder.convolution(layer)(bordered(x)), inplace=True)
            left[layer] = x
        return left

    def _strips(self, block: tuple[str, ...], x: Tensor) -> list[Strip]:
        """Of what goes into a block; pooling takes rows in pairs."""
        height, width = x.shape[2:]
        wide = max(self._encoder.widths[layer] for layer in block)
        rows = max(LEAST, self._values // (width * wide) // 2 * 2)
        return [
            Strip(
                slice(first, min(first + rows, height)),
                slice(max(0, first - len(block)), min(first + rows + len(block), height)),
            )
            for first in range(0, height, rows)
        ]


def features_of(encoder: Encoder, picture: Tensor, layers: tuple[str, ...]) -> dict[str, Tensor]:
    """{layer: (1, C, H, W)} of those asked for that the encoder has, in its own type."""
    passage, found = Passage(encoder, picture, layers), {}
    for layer, row, x in passage.forward():
        found[layer] = laid(found.get(layer), x, row, passage.height)
    return found


def laid(whole: Tensor | None, strip: Tensor, row: int, height: int) -> Tensor:
    """A layer of this height with a strip of it, (1, C, h, W), in its place; whole: with those
    before it. Strips that wait to be joined would take the memory of all of it twice."""
    if strip.shape[2] == height:
        return strip
    if whole is None:
        size, kind = (*strip.shape[:2], height, strip.shape[3]), torch.channels_last
        whole = torch.empty(size, dtype=strip.dtype, device=strip.device, memory_format=kind)
    whole[:, :, row : row + strip.shape[2]] = strip
    return whole


def places_of(row: int, x: Tensor) -> slice:
    """Which of a layer's places a strip of it, (1, C, h, W), holds that begins with this row."""
    return slice(row * x.shape[3], (row + x.shape[2]) * x.shape[3])


def strip_values(encoder: Encoder) -> int:
    """Of a layer, that a strip holds."""
    device = encoder.convolution(encoder.layers[0]).weight.device
    return int(encoder.strip * (VALUES if device.type == "cpu" else VALUES_ELSEWHERE))


def _blocks(layers: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The layers between two poolings, together."""
    found: list[tuple[str, ...]] = []
    for layer in layers:
        if pools_before(layer) or not found:
            found.append(())
        found[-1] += (layer,)
    return found


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
