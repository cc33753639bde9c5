"""The networks that the encoder learns from, each run as our own `Encoder`.

So teacher and student pad alike: where a teacher pads with zeros or by reflection and its student
by replication, the student learns a border that no picture has, and paints it as a dotted frame.
"""

from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from scumble_backend.engine.encoder import (
    CONVOLUTIONS,
    IMAGENET_MEAN,
    IMAGENET_STD,
    LAYERS,
    Encoder,
    fold_input,
)

# Input conventions: (mean, deviation) of RGB in [0, 1]
OXFORD = ((123.68 / 255, 116.779 / 255, 103.939 / 255), (1 / 255, 1 / 255, 1 / 255))
TORCHVISION = (IMAGENET_MEAN, IMAGENET_STD)


@dataclass(frozen=True)
class Teacher:
    """Some layers of a network, each through a linear 1x1 map where `maps` holds one."""

    encoder: Encoder
    layers: tuple[str, ...]
    maps: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict)

    def __call__(self, pictures: Tensor) -> dict[str, Tensor]:
        """(N, 3, H, W), RGB in [0, 1] -> {"relu3_1": (N, C, H // 4, W // 4), ...}"""
        features = self.encoder(pictures, self.layers)
        for layer, (weight, bias) in self.maps.items():
            if layer in features:
                features[layer] = F.conv2d(features[layer], weight, bias)
        return features

    def only(self, layers: tuple[str, ...]) -> "Teacher":
        return Teacher(self.encoder, tuple(one for one in self.layers if one in layers), self.maps)


class Together(nn.Module):
    """Several teachers as one encoder, to stylise with: each layer scaled to a mean size of 1 on a
    picture (1, 3, H, W), like the encoders that `normalised` gives."""

    def __init__(self, staff: list[Teacher], picture: Tensor):
        super().__init__()
        self.staff = staff
        held = {layer for teacher in staff for layer in teacher.layers}
        self.layers = tuple(layer for layer in LAYERS if layer in held)
        self.scales: dict[str, Tensor] = {}
        with torch.no_grad():
            self.scales = {k: 1 / x.abs().mean() for k, x in self(picture, self.layers).items()}

    def forward(self, picture: Tensor, layers: tuple[str, ...]) -> dict[str, Tensor]:
        """As `Encoder.forward`."""
        found = {}
        for teacher in self.staff:
            for layer, x in teacher.only(layers)(picture).items():
                found[layer] = x * self.scales.get(layer, 1.0)
        return {layer: found[layer] for layer in self.layers if layer in found}


def vgg19(weights: dict[str, Tensor], convention: tuple = OXFORD) -> Teacher:
    """VGG-19 with torchvision's key names ("features.0.weight", ...), whole or cut short."""
    names, index = {}, 0
    for name in CONVOLUTIONS:
        if name.endswith("_1") and name != "1_1":
            index += 1  # a pooling layer
        names[name] = f"features.{index}"
        index += 2  # the convolution and its ReLU
    named = {
        f"conv{name}.{part}": weights[f"{key}.{part}"]
        for name, key in names.items()
        for part in ("weight", "bias")
        if f"{key}.{part}" in weights
    }
    encoder = Encoder(fold_input(named, *(torch.tensor(numbers) for numbers in convention)))
    return Teacher(encoder, encoder.layers)


def collaborative(weights: dict[str, Tensor]) -> Teacher:
    """The quarter-width VGG-19 of Wang et al. 2020, "Collaborative Distillation".

    Its 1x1 conv0, which normalises the picture, is folded into conv1_1, exactly; its `_aux` maps,
    where it has them, give VGG's features at full width.
    """
    named = {
        f"conv{name}.{part}": weights[f"conv{name.replace('_', '')}.{part}"]
        for name in CONVOLUTIONS
        for part in ("weight", "bias")
    }
    encoder = Encoder(fold_first(named, weights["conv0.weight"], weights["conv0.bias"]))
    maps = {
        f"relu{name}": (weights[f"{key}.weight"], weights[f"{key}.bias"])
        for name in CONVOLUTIONS
        if f"{(key := 'conv' + name.replace('_', '') + '_aux')}.weight" in weights
    }
    return Teacher(encoder, encoder.layers, maps)


def fold_first(weights: dict[str, Tensor], matrix: Tensor, offset: Tensor) -> dict[str, Tensor]:
    """Weights for (matrix x + offset) -> weights for x. matrix: (3, 3, 1, 1), offset: (3,)."""
    weight, bias = weights["conv1_1.weight"], weights["conv1_1.bias"]
    folded = {
        "conv1_1.weight": torch.einsum("oiyx,ij->ojyx", weight, matrix[:, :, 0, 0]),
        "conv1_1.bias": bias + torch.einsum("oiyx,i->o", weight, offset),
    }
    return {**weights, **folded}


def staff(taps: tuple[str, ...], hints: tuple[str, ...], teachers: list[Teacher]) -> list[Teacher]:
    """The teachers cut to what each alone teaches.

    The first that holds a tap teaches it; the last teaches the hints, so that the first, which is
    the better and the slower, need not be run deeper than its taps.
    """
    cut, left = [], taps
    for teacher in teachers:
        more = hints if teacher is teachers[-1] else ()
        cut.append(teacher.only(left + more))
        left = tuple(layer for layer in left if layer not in teacher.layers)
    if left:
        raise ValueError(f"no teacher holds {', '.join(left)}; name a second one with --deep")
    return [teacher for teacher in cut if teacher.layers]


def load(
    teacher: str, deep: str | None, taps: tuple[str, ...], hints: tuple[str, ...] = ()
) -> list[Teacher]:
    """The teachers named on the command line: "torchvision", or files of weights."""
    if teacher == "torchvision":
        from torchvision.models import VGG19_Weights  # only whoever downloads it needs torchvision

        weights = VGG19_Weights.IMAGENET1K_V1.get_state_dict(check_hash=True, progress=True)
        return staff(taps, hints, [vgg19(dict(weights), TORCHVISION)])
    found = [vgg19(read(Path(teacher)))]
    if deep:
        found.append(collaborative(read(Path(deep))))
    return staff(taps, hints, found)


def read(path: Path) -> dict[str, Tensor]:
    """A file of weights, nothing in it executed."""
    return torch.load(path, map_location="cpu", weights_only=True)
