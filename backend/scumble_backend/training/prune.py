"""The start of the training: a slim VGG-19 cut out of its teachers, in closed form.

Channel pruning with reconstruction (He, Zhang and Sun 2017, "Channel Pruning for Accelerating Very
Deep Neural Networks"), layer by layer: of a teacher's channels those are kept that span the others
best (pivoted QR: Golub 1965), and the weights that give them from the student's own layer before
are a linear least-squares problem. Departure: the kept channels of a layer are found by the QR, not
by a lasso. It takes minutes where gradient descent from random weights takes a day.
"""

import numpy as np
import scipy.linalg
import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine.encoder import Encoder

STRIDES = {"1": 4, "2": 3, "3": 2}  # of the places that give equations; neighbours say the same
SAMPLES = 20000  # places that the choice of channels looks at
RIDGE = 1e-5  # of the mean diagonal
BATCH = 24


class Follower:
    """A network walked through layer by layer, for many pictures at once."""

    def __init__(self, pictures: Tensor):
        self.features = pictures

    def enter(self, layer: str) -> None:
        """The pooling before a block."""
        if layer.endswith("_1") and layer != "relu1_1":
            self.features = F.max_pool2d(self.features, 2, ceil_mode=True)

    def convolve(self, weight: Tensor, bias: Tensor) -> Tensor:
        """What comes before the ReLU, (N, C, H, W); the features are what comes after."""
        parts = [
            F.conv2d(F.pad(part, (1, 1, 1, 1), mode="replicate"), weight, bias)
            for part in self.features.split(BATCH)
        ]
        before = torch.cat(parts).contiguous(memory_format=torch.channels_last)
        self.features = F.relu(before)
        return before


def kept_channels(features: Tensor, count: int, random: np.random.Generator) -> Tensor:
    """The channels that span the others best, (at most count,): dead ones are not among them.

    features: (N, C, H, W). Scaled by the root of their deviation, since what varies more counts
    more in every style loss.
    """
    places = features.permute(0, 2, 3, 1).flatten(0, 2)
    x = places[torch.from_numpy(random.integers(0, len(places), SAMPLES))].double()
    x = x - x.mean(0)
    deviation = x.std(0)
    alive = (deviation > 1e-3 * deviation.mean()).nonzero()[:, 0]
    scaled = (x / deviation.clamp_min(1e-12).sqrt())[:, alive]
    order = scipy.linalg.qr(scaled.numpy(), mode="r", pivoting=True)[-1]
    return alive[torch.from_numpy(order[:count].copy())]


def least_squares(inputs: Tensor, outputs: Tensor, stride: int) -> tuple[Tensor, Tensor]:
    """The convolution, weight (K, C, 3, 3) and bias (K,), that best gives outputs from inputs.

    inputs: (N, C, H, W). outputs: (N, K, H, W). By the normal equations in double precision.
    """
    channels, kept = inputs.shape[1], outputs.shape[1]
    size = 9 * channels + 1
    square = torch.zeros(size, size, dtype=torch.float64)
    right = torch.zeros(size, kept, dtype=torch.float64)
    for x, y in zip(inputs.split(BATCH // 2), outputs.split(BATCH // 2), strict=True):
        patches = F.unfold(F.pad(x.contiguous(), (1, 1, 1, 1), mode="replicate"), 3)
        patches = patches.unflatten(2, x.shape[2:])[:, :, ::stride, ::stride]  # (n, 9 C, h, w)
        rows = patches.permute(0, 2, 3, 1).flatten(0, 2)
        rows = torch.cat((rows, torch.ones(len(rows), 1)), 1).double()
        square += rows.T @ rows
        right += rows.T @ y[:, :, ::stride, ::stride].permute(0, 2, 3, 1).flatten(0, 2).double()
    square += RIDGE * square.diagonal().mean() * torch.eye(size)
    found = torch.linalg.solve(square, right).float()  # (9 C + 1, K)
    return found[:-1].T.reshape(kept, channels, 3, 3).contiguous(), found[-1]


@torch.inference_mode()
def pruned(
    sources: list[Encoder],
    widths: dict[str, int],
    crops: Tensor,
    random: np.random.Generator,
) -> Encoder:
    """A network of these widths that follows its teachers.

    sources: the teachers, normalised; each layer follows the first that holds it. crops:
    (N, 3, H, W), RGB in [0, 1], a few hundred of 96 px or more. Where a teacher has fewer living
    channels than are wanted, dead ones fill up, for training to revive.
    """
    crops = crops.contiguous(memory_format=torch.channels_last)
    student, walks = Follower(crops), [Follower(crops) for _ in sources]
    weights: dict[str, Tensor] = {}
    for name, width in widths.items():
        layer, target = f"relu{name}", None
        for source, walk in zip(sources, walks, strict=True):
            if layer in source.layers:
                walk.enter(layer)
                conv = source.convolution(layer)
                before = walk.convolve(conv.weight, conv.bias)  # type: ignore[arg-type]
                target = before if target is None else target
        if target is None:
            raise ValueError(f"no teacher holds {layer}")
        kept = kept_channels(F.relu(target), width, random)
        student.enter(layer)
        stride = STRIDES.get(name[0], 1)
        weight, bias = least_squares(student.features, target[:, kept], stride)
        missing = width - len(kept)
        weight, bias = F.pad(weight, (0, 0) * 3 + (0, missing)), F.pad(bias, (0, missing))
        weights[f"conv{name}.weight"], weights[f"conv{name}.bias"] = weight, bias
        student.convolve(weight, bias)
    return Encoder({name: x.clone() for name, x in weights.items()})
