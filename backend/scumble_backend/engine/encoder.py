"""The encoder: VGG-19's convolutions, cut at named layers.

Simonyan and Zisserman 2015, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
configuration E; Gatys, Ecker and Bethge 2016, "Image Style Transfer Using Convolutional Neural
Networks", section 2, for its use here.

Departures, each made once and for every encoder:
- every convolution pads by replication (VGG pads with zeros, which paints a dark frame);
- pooling rounds sizes up (VGG drops the odd row, and with it up to 15 px at two borders, which then
  nothing deep holds in place);
- the input's normalisation is folded into conv1_1, so that pictures go in as RGB in [0, 1]: with
  replicated borders this is exact;
- the content layer is relu3_1 (Gatys et al.: relu4_2): at the same style distance, by a network
  that the engine never sees, a tenth less of the photograph is lost; houses keep their windows, and
  flat skies get strokes and swirls instead of an embossed grain;
- every layer is scaled to a mean activation of 1 on a reference picture (`normalised`), again
  folded into the weights, which ReLU makes exact (Gatys et al. 2016, section 2, "normalised"
  network). So one set of loss weights serves every encoder, and half precision cannot overflow.
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Configuration E, up to the last layer that style transfer looks at. A number is VGG-19's width.
CONVOLUTIONS = {
    "1_1": 64, "1_2": 64,
    "2_1": 128, "2_2": 128,
    "3_1": 256, "3_2": 256, "3_3": 256, "3_4": 256,
    "4_1": 512, "4_2": 512, "4_3": 512, "4_4": 512,
    "5_1": 512,
}  # fmt: skip
LAYERS = tuple(f"relu{name}" for name in CONVOLUTIONS)
STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT_LAYER = "relu3_1"
SMALLEST_SIDE = 16  # px; relu5_1 lies behind four halvings
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


def stride(layer: str) -> int:
    """Picture pixels per feature pixel, along one side: 1 at relu1_x, 16 at relu5_1."""
    return 2 ** (int(layer[4]) - 1)


class Encoder(nn.Module):
    """A frozen network of VGG-19's shape, of any width, whole or cut short.

    weights: {"conv1_1.weight": (C, 3, 3, 3), "conv1_1.bias": (C,), "conv1_2.weight": ...} in order,
    for pictures with RGB in [0, 1]. Raises ValueError where a layer is missing in between.
    widths: {"relu1_1": channels, ...}.
    strip: share of a strip's usual values (passage.py), less where memory is short.
    """

    strip = 1.0

    def __init__(self, weights: dict[str, Tensor]):
        super().__init__()
        held = [name for name in CONVOLUTIONS if f"conv{name}.weight" in weights]
        if not held or held != list(CONVOLUTIONS)[: len(held)]:
            raise ValueError(f"these weights are not a VGG-19 from conv1_1 on; they hold {held}")
        self.layers = tuple(f"relu{name}" for name in held)
        for name in held:
            weight, bias = weights[f"conv{name}.weight"], weights[f"conv{name}.bias"]
            conv = nn.Conv2d(weight.shape[1], weight.shape[0], 3)
            conv.weight.data, conv.bias.data = weight.float(), bias.float()  # type: ignore[union-attr]
            self.add_module(f"conv{name}", conv)
        self.widths = {layer: self.convolution(layer).out_channels for layer in self.layers}
        self.requires_grad_(False)

    def convolution(self, layer: str) -> nn.Conv2d:
        """The convolution before the ReLU that gives the layer its name."""
        return self.get_submodule(layer.replace("relu", "conv"))  # type: ignore[return-value]

    def forward(self, picture: Tensor, layers: tuple[str, ...]) -> dict[str, Tensor]:
        """Features of a picture.

        picture: (N, 3, H, W), RGB in [0, 1], both sides at least 16 px.
        layers: which to return; those the network lacks are left out.
        -> {"relu3_1": (N, C, ceil(H / 4), ceil(W / 4)), ...}, shallow first, in the picture's type
        whatever the type that the network computes in. Nothing is computed behind the deepest layer
        asked for.
        """
        return {layer: x.to(picture.dtype) for layer, x in self.walk(picture, layers)}

    def walk(self, picture: Tensor, layers: tuple[str, ...]) -> Iterator[tuple[str, Tensor]]:
        """What `forward` returns, one after the other and in the network's own type."""
        x = picture.to(self.dtype)
        for layer in self.up_to(layers):
            if pools_before(layer):
                x = F.max_pool2d(x, 2, ceil_mode=True)  # H -> ceil(H / 2)
            x = F.relu(self.convolution(layer)(bordered(x)), inplace=True)
            if layer in layers:
                yield layer, x

    def up_to(self, layers: tuple[str, ...]) -> tuple[str, ...]:
        """The network's own, up to the deepest of these."""
        deepest = max((n for n, layer in enumerate(self.layers) if layer in layers), default=-1)
        return self.layers[: deepest + 1]

    @property
    def dtype(self) -> torch.dtype:
        """What it computes in."""
        return self.convolution(self.layers[0]).weight.dtype


def pools_before(layer: str) -> bool:
    """Whether there is a pooling between a layer and the one before it."""
    return layer.endswith("_1") and layer != "relu1_1"


def bordered(x: Tensor) -> Tensor:
    """(1, C, H, W) with a border of one pixel, replicated, in channels_last: on CUDA F.pad's is
    not, and every convolution behind it would turn it round."""
    if x.requires_grad:  # in training, where autograd would keep a copy for every part
        return F.pad(x, (1, 1, 1, 1), mode="replicate")
    height, width = x.shape[2:]
    found = torch.empty(
        (len(x), x.shape[1], height + 2, width + 2),
        dtype=x.dtype, device=x.device, memory_format=torch.channels_last,
    )  # fmt: skip
    found[:, :, 1:-1, 1:-1] = x
    for edge, inner in ((0, 1), (-1, -2)):
        found[:, :, 1:-1, edge] = found[:, :, 1:-1, inner]
    for edge, inner in ((0, 1), (-1, -2)):
        found[:, :, edge] = found[:, :, inner]
    return found


def fold_input(weights: dict[str, Tensor], mean: Tensor, std: Tensor) -> dict[str, Tensor]:
    """Weights for (x - mean) / std -> weights for x, by conv1_1: w / std and b - sum(w mean / std).

    mean, std: (3,), in the units of the new input.
    """
    weight, bias = weights["conv1_1.weight"], weights["conv1_1.bias"]
    scaled = weight / std.view(1, 3, 1, 1)
    folded = {
        "conv1_1.weight": scaled,
        "conv1_1.bias": bias - (scaled * mean.view(1, 3, 1, 1)).sum((1, 2, 3)),
    }
    return {**weights, **folded}


@torch.no_grad()
def normalised(encoder: Encoder, picture: Tensor) -> Encoder:
    """The encoder with every layer scaled to a mean activation of 1 on a picture (1, 3, H, W).

    ReLU(s x) = s ReLU(x) for s > 0, so a layer is divided by its mean and the next one multiplied
    by it: the network computes the same functions, in other units.
    """
    means = {layer: x.mean() for layer, x in encoder(picture, encoder.layers).items()}
    weights, before = {}, torch.tensor(1.0)
    for layer in encoder.layers:
        conv, mean = encoder.convolution(layer), means[layer].clamp_min(1e-12)
        name = layer.replace("relu", "conv")
        weights[f"{name}.weight"] = conv.weight * (before / mean)
        weights[f"{name}.bias"] = conv.bias / mean  # type: ignore[operator]
        before = mean
    return Encoder(weights)
