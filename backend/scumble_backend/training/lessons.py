"""What the teachers say of crops, standardised and kept; and the best linear guess at it."""

import torch
from numpy.random import Generator
from torch import Tensor, nn

from scumble_backend.training.teachers import Teacher

RIDGE = 1e-3  # of the mean variance, in least squares
POOL = 1600  # crops kept with their targets, to be seen again
EVERY = {"1": 4, "2": 2}  # blocks 1 and 2 teach at every n-th place of a row or column


@torch.inference_mode()
def lesson(staff: list[Teacher], crops: Tensor) -> dict[str, Tensor]:
    """Every teacher's features of (N, 3, H, W), thinned: {"relu3_1": (N, C, h, w), ...}"""
    return {layer: thin(layer, x) for one in staff for layer, x in one(crops).items()}


def thin(layer: str, features: Tensor) -> Tensor:
    """Every n-th place: neighbours in the wide shallow layers say nearly the same."""
    step = EVERY.get(layer[4], 1)
    return features[:, :, ::step, ::step]


class Standard:
    """Mean and deviation of every channel of every teacher; dead channels are left out.

    A channel is dead where it varies less than a thousandth of its layer's average deviation.
    """

    def __init__(self, staff: list[Teacher], batches: list[Tensor]):
        self.mean, self.deviation, self.alive = {}, {}, {}
        lessons = [lesson(staff, batch) for batch in batches]
        for layer in lessons[0]:
            x = torch.cat([one[layer].transpose(0, 1).flatten(1) for one in lessons], 1)  # (C, N)
            alive = x.std(1) > 1e-3 * x.std(1).mean()
            self.alive[layer] = alive.nonzero()[:, 0].clone()
            self.mean[layer] = x.mean(1)[alive].view(1, -1, 1, 1).clone()
            self.deviation[layer] = x.std(1)[alive].view(1, -1, 1, 1).clone()

    def __call__(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        """Features with mean 0 and deviation 1 in every living channel."""
        return {
            layer: (x[:, self.alive[layer]] - self.mean[layer]) / self.deviation[layer]
            for layer, x in features.items()
        }


class Pool:
    """The last POOL crops and their targets, in half precision: a lesson costs more than a step."""

    def __init__(self, size: int = POOL):
        self.size, self.seen = size, 0
        self.kept: dict[str, Tensor] = {}

    def add(self, batch: dict[str, Tensor]) -> None:
        for name, x in batch.items():
            if name not in self.kept:
                empty = torch.empty((self.size, *x.shape[1:]), dtype=torch.half)
                self.kept[name] = empty.to(memory_format=torch.channels_last)
            at = torch.arange(self.seen, self.seen + len(x)) % self.size
            self.kept[name][at] = x.half()
        self.seen += len(next(iter(batch.values())))

    def draw(self, random: Generator, count: int) -> dict[str, Tensor]:
        at = torch.from_numpy(random.integers(0, min(self.seen, self.size), count))
        return {name: x[at].float() for name, x in self.kept.items()}


@torch.no_grad()
def fitted_maps(student: nn.Module, taught: dict[str, Tensor], crops: Tensor) -> nn.ModuleDict:
    """Per layer the 1x1 convolution that best predicts what is taught from the student's features
    on these crops: linear least squares."""
    maps = nn.ModuleDict()
    for layer, whole in student(crops, tuple(taught)).items():
        x, y = columns(thin(layer, whole)), columns(taught[layer])
        centre = x.mean(1, keepdim=True)
        x = x - centre
        ridge = RIDGE * x.square().sum() / len(x) * torch.eye(len(x))
        matrix = torch.linalg.solve(x @ x.T + ridge, x @ y.T).T  # (D, C)
        maps[layer] = nn.Conv2d(len(x), len(y), 1)
        maps[layer].weight.data = matrix[:, :, None, None].contiguous()
        maps[layer].bias.data = (y.mean(1, keepdim=True) - matrix @ centre)[:, 0]
    return maps


def columns(features: Tensor) -> Tensor:
    """(N, C, H, W) -> (C, N H W)"""
    return features.transpose(0, 1).flatten(1)
