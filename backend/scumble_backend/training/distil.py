"""Train the encoder that ships: a slim VGG-19 that computes what its teachers compute.

A linear 1x1 map from each tap of the student to its teacher's channels, thrown away afterwards,
must predict the teacher's features, standardised per channel (Romero et al. 2015, "FitNets").
Departures: half of the crops are cut from pastiches that an optimiser is painting with the student
as it is, or with its teachers, because an optimiser finds and paints what a network trained on
photographs alone is blind to; and besides the features, their inner products are matched, see
`kernel_loss`.

Wide where it is tapped, slim between: a tap is what the losses see, the rest only costs time.
"""

import argparse
import hashlib
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.random import Generator
from safetensors.torch import save_file
from torch import Tensor, nn

from scumble_backend.engine.encoder import (
    CONTENT_LAYER,
    STYLE_LAYERS,
    Encoder,
    normalised,
)
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize
from scumble_backend.training import pictures, teachers
from scumble_backend.training.teachers import Teacher, Together

WIDTHS = {
    "1_1": 32, "1_2": 16,
    "2_1": 64, "2_2": 32,
    "3_1": 128, "3_2": 64, "3_3": 64, "3_4": 64,
    "4_1": 128, "4_2": 128, "4_3": 128, "4_4": 128,
    "5_1": 128,
}  # fmt: skip
TAPS = (*STYLE_LAYERS, CONTENT_LAYER)
# Matched too, since deep layers learn faster where the layers before them are taught as well.
HINTS = ("relu3_2", "relu3_3", "relu3_4", "relu4_3", "relu4_4")
SIDE = 128  # px of a crop
BATCH = 4  # crops
POOL = 1600  # crops kept with their targets, to be seen again
EVERY = {"1": 4, "2": 2}  # blocks 1 and 2 teach at every n-th place of a row or column
PAINTINGS, PASTICHES = 60, 120  # kept at a time, the oldest given up first
PASTICHE_SIDE = 160  # px
CLAMP = 4.0  # standard deviations


def untrained(widths: dict[str, int], seed: int = 0) -> Encoder:
    """An encoder with random weights (He et al. 2015), ready to learn."""
    random = torch.Generator().manual_seed(seed)
    weights, before = {}, 3
    for name, width in widths.items():
        spread = math.sqrt(2 / (9 * before))
        weights[f"conv{name}.weight"] = spread * torch.randn(width, before, 3, 3, generator=random)
        weights[f"conv{name}.bias"] = torch.zeros(width)
        before = width
    return fast(Encoder(weights)).requires_grad_(True)


def fast(network: nn.Module) -> nn.Module:
    """channels_last runs up to three times as fast on a CPU."""
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


# What the teachers say


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


# Losses


def feature_loss(mapped: Tensor, target: Tensor) -> Tensor:
    """Mean squared error of standardised features; rare huge activations count as CLAMP."""
    return (mapped - target.clamp(-CLAMP, CLAMP)).square().mean()


def kernel_loss(features: Tensor, target: Tensor) -> Tensor:
    """1 - CKA, centred kernel alignment, linear (Kornblith et al. 2019, equation 3).

    0 where the inner products <x_i, x_j> between any two places are the teacher's but for one
    factor. Then an isometry leads from the student's features to the teacher's, and the distances
    that style losses take between Gaussians are the same in both.
    features: (N, C, H, W); target: (N, D, H, W), in the teacher's own units.
    """
    x, y = (z.transpose(0, 1).flatten(1) for z in (features, target))  # (C, N H W)
    x, y = x - x.mean(1, keepdim=True), y - y.mean(1, keepdim=True)
    return 1 - (x @ y.T).square().sum() / ((x @ x.T).norm() * (y @ y.T).norm() + 1e-12)


def losses(
    student: Encoder, maps: nn.ModuleDict, standard: Standard, batch: dict[str, Tensor]
) -> dict[str, Tensor]:
    """{"relu3_1": feature loss, "relu3_1 kernel": ..., ...} of one batch from the pool."""
    found = {}
    for layer, whole in student(batch["crops"], tuple(maps)).items():
        x = thin(layer, whole)
        found[layer] = feature_loss(maps[layer](x), batch[layer])
        if layer in TAPS:
            found[f"{layer} kernel"] = kernel_loss(x, batch[layer] * standard.deviation[layer])
    return found


# Pictures on which the student is wrong


def pastiche(
    random: Generator,
    encoder: nn.Module,
    photos: list[Tensor],
    paintings: list[Tensor],
    side: int = PASTICHE_SIDE,
) -> list[Tensor]:
    """What an optimiser makes of a pair of training pictures with this encoder, half way and at the
    end; timid or overdone, early or late, from the content or from noise. (3, side, side) each."""
    content, style = (
        pictures.recolour(random, pictures.crop(random, one, side, (0.3, 1.0)))
        for one in (choice(random, photos), choice(random, paintings + photos))
    )
    solid = torch.ones(1, 1, side, side)
    iterates = stylize(
        encoder,  # type: ignore[arg-type]
        content.clamp(0, 1)[None],
        solid,
        [Style(style.clamp(0, 1)[None], solid)],
        strength=random.uniform(20, 100),
        smoothing=random.choice([0.0, 10.0]),
        steps=int(random.choice([8, 16, 30])),
        init=random.choice(["content", "content", "noise"]),
        seed=int(random.integers(1 << 30)),
    )
    kept = [one.picture[0] for one in iterates if one.octave == one.octaves]
    return [kept[len(kept) // 2], kept[-1]]


def choice(random: Generator, those: list[Tensor]) -> Tensor:
    return those[random.integers(len(those))]


# Training


@torch.no_grad()
def revive(student: Encoder, crops: Tensor) -> list[tuple[str, tuple[Tensor, ...], Tensor]]:
    """Give every channel that never fires on these crops new random weights, that make it fire at
    every other place, and no say yet in the next layer.

    A ReLU that is always off has no gradient: it is lost to the student for good, and so half of a
    deep layer is. Returns (layer, its parameters, mask of its channels that were revived).
    """
    x, changed, layers = crops, [], student.layers
    for layer, following in zip(layers, (*layers[1:], None), strict=True):
        conv = student.convolution(layer)
        if layer.endswith("_1") and layer != "relu1_1":
            x = F.max_pool2d(x, 2)
        x = F.pad(x, (1, 1, 1, 1), mode="replicate")
        dead = conv(x).amax((0, 2, 3)) <= 0
        spread = conv.weight[~dead].std()
        conv.weight[dead] = spread * torch.randn_like(conv.weight[dead])
        before = conv(x) - conv.bias.view(1, -1, 1, 1)  # type: ignore[union-attr]
        conv.bias[dead] = -before.mean((0, 2, 3))[dead]  # type: ignore[index]
        changed.append((layer, (conv.weight, conv.bias), dead))
        if following:
            student.convolution(following).weight[:, dead] = 0
        x = F.relu(conv(x))
    return changed


def learning_rate(step: int, steps: int, peak: float = 2e-3, warm_up: int = 100) -> float:
    """A linear warm-up, then half a cosine down to zero."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))


class Source:
    """What crops are cut from: photographs, paintings and pastiches."""

    def __init__(self, random: Generator, paintings: int = 18):
        self.random = random
        self.photographs = list(pictures.photographs().values())
        self.paintings = [*self.paint(paintings)]
        self.pastiches: list[Tensor] = []

    def paint(self, count: int) -> list[Tensor]:
        return pictures.paintings(self.random, self.photographs, count)

    def crops(self, count: int = BATCH, side: int = SIDE) -> Tensor:
        """(count, 3, side, side); half of them from pastiches, once there are any."""
        made = []
        for _ in range(count):
            still = self.photographs if self.random.random() < 0.6 else self.paintings
            painted = self.pastiches and self.random.random() < 0.5
            made.append(
                pictures.training_crop(self.random, self.pastiches if painted else still, side)
            )
        return torch.stack(made).contiguous(memory_format=torch.channels_last)


class Training:
    """The state of a training run, saved and resumed as a whole (but for the pool)."""

    def __init__(
        self,
        staff: list[Teacher],
        source: Source,
        widths: dict[str, int] = WIDTHS,
        side: int = SIDE,
    ):
        self.staff, self.source, self.step, self.side = staff, source, 0, side
        for teacher in staff:
            fast(teacher.encoder)
        self.standard = Standard(staff, [source.crops(side=side) for _ in range(16)])
        self.together = Together(staff, mosaic(source, 2))
        self.student = untrained(widths)
        self.average = untrained(widths).requires_grad_(False)
        self.maps = nn.ModuleDict()
        for layer, deviation in self.standard.deviation.items():
            self.maps[layer] = nn.Conv2d(self.student.widths[layer], deviation.shape[1], 1)
        self.parameters = [*self.student.parameters(), *self.maps.parameters()]
        self.optimiser = torch.optim.AdamW(self.parameters, weight_decay=1e-3)
        self.pool = Pool()

    def state(self) -> dict:
        return {
            "step": self.step,
            "student": self.student.state_dict(),
            "average": self.average.state_dict(),
            "maps": self.maps.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "standard": vars(self.standard),
        }

    def resume(self, state: dict) -> None:
        self.step = state["step"]
        self.student.load_state_dict(state["student"])
        self.average.load_state_dict(state["average"])
        self.maps.load_state_dict(state["maps"])
        self.optimiser.load_state_dict(state["optimiser"])
        vars(self.standard).update(state["standard"])

    def batch(self, repeats: int) -> dict[str, Tensor]:
        """BATCH crops with their targets: new ones every `repeats` steps, else from the pool."""
        if self.step % repeats and self.pool.seen >= 16 * BATCH:
            return self.pool.draw(self.source.random, BATCH)
        crops = self.source.crops(side=self.side)
        batch = {"crops": crops, **self.standard(lesson(self.staff, crops))}
        self.pool.add(batch)
        return batch

    def paint(self) -> None:
        """Learn from a pastiche by the student as it is, or at times by its teachers."""
        source = self.source
        if source.random.random() < 0.75:
            encoder: nn.Module = fast(normalised(self.average, mosaic(source, 2)))
        else:
            encoder = self.together
        made = pastiche(source.random, encoder, source.photographs, source.paintings)
        source.pastiches = (source.pastiches + made)[-PASTICHES:]
        source.paintings = [*source.paintings, *source.paint(1)][-PAINTINGS:]

    def revive(self) -> None:
        """Revive dead channels; maps and optimiser forget what they knew of them."""
        for layer, parameters, dead in revive(
            self.student, self.source.crops(4 * BATCH, self.side)
        ):
            if layer in self.maps:
                self.maps[layer].weight.data[:, dead] = 0  # type: ignore[index,union-attr]
            for parameter in parameters:
                for moment in ("exp_avg", "exp_avg_sq"):
                    if moment in self.optimiser.state.get(parameter, {}):
                        self.optimiser.state[parameter][moment][dead] = 0

    def run(
        self, steps: int, repeats: int = 4, paint_every: int = 60
    ) -> Iterator[dict[str, float]]:
        """Train up to step `steps`; yields the losses of every step."""
        while self.step < steps:
            if self.step % 100 == 50 and self.step < 0.7 * steps:
                self.revive()
            if self.step % paint_every == 0 and self.step >= 6 * paint_every:
                self.paint()
            for group in self.optimiser.param_groups:
                group["lr"] = learning_rate(self.step, steps)
            found = losses(self.student, self.maps, self.standard, self.batch(repeats))
            self.optimiser.zero_grad()
            torch.stack(list(found.values())).sum().backward()
            nn.utils.clip_grad_norm_(self.parameters, 1.0)
            self.optimiser.step()
            self.step += 1
            keep = min(0.998, self.step / (self.step + 10))  # Polyak's average of the weights
            for mean, now in zip(self.average.parameters(), self.student.parameters(), strict=True):
                mean.lerp_(now.detach(), 1 - keep)
            yield {name: x.item() for name, x in found.items()}


def mosaic(source: Source, side: int = 4) -> Tensor:
    """side x side training crops as one picture (1, 3, H, W): what `normalised` looks at."""
    rows = [torch.cat(list(source.crops(side)), 2) for _ in range(side)]
    return torch.cat(rows, 1)[None]


def save(encoder: Encoder, path: Path, about: dict[str, str]) -> None:
    """Write the encoder in half precision, as safetensors, with what it was made from."""
    weights = {name: x.half().contiguous() for name, x in encoder.state_dict().items()}
    save_file(weights, path, {"format": "1", **about})


def fingerprint(path: str) -> str:
    """sha256 of a file, or the name of what is no file."""
    file = Path(path)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scumble_backend.training.distil")
    parser.add_argument("--teacher", required=True, help="VGG-19: a file, or 'torchvision'")
    parser.add_argument("--deep", help="quarter-width network for the layers that VGG-19 lacks")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True, help="for checkpoints; resumed from")
    asked = parser.parse_args()

    torch.set_num_threads(asked.threads)
    torch.manual_seed(asked.seed)
    source = Source(np.random.default_rng(asked.seed))
    training = Training(teachers.load(asked.teacher, asked.deep, TAPS, HINTS), source)
    checkpoint = asked.folder / "checkpoint.pt"
    if checkpoint.exists():
        training.resume(torch.load(checkpoint, weights_only=True))
    about = {
        "made by": "scumble_backend.training.distil",
        "made on": time.strftime("%Y-%m-%d"),
        "teachers": json.dumps([fingerprint(name) for name in (asked.teacher, asked.deep) if name]),
    }

    def keep() -> None:
        torch.save(training.state(), checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)
        save(normalised(training.average, mosaic(source)), asked.folder / "lite.safetensors", about)

    recent: dict[str, float] = {}
    for found in training.run(asked.steps):
        for name, loss in found.items():
            recent[name] = 0.98 * recent.get(name, loss) + 0.02 * loss
        if training.step % 100 == 0:
            figures = " ".join(f"{name[4:9]} {loss:.2f}" for name, loss in recent.items())
            print(time.strftime("%X"), training.step, figures, flush=True)
        if training.step % 200 == 0:
            keep()
    keep()


if __name__ == "__main__":
    main()
