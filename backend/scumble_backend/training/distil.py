"""Train the encoder that ships: a slim VGG-19 that computes what its teachers compute.

It starts pruned from its teachers (prune.py). Then a linear 1x1 map from each tap of the student to
its teacher's channels, thrown away afterwards, must predict the teacher's features, standardised
per channel (Romero et al. 2015, "FitNets").
Departures, all for what the optimiser will make of the network: matched besides are the features'
inner products (`kernel_loss`) and the gradients of style losses (`gradient_loss`); and half of the
crops are cut from pastiches painted meanwhile with the student as it is, or with its teachers,
because an optimiser finds and paints what a network trained on photographs alone is blind to.

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
from numpy.random import Generator
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from scumble_backend.engine.encoder import (
    STYLE_LAYERS,
    Encoder,
    normalised,
)
from scumble_backend.engine.losses import gaussian, w2_loss, w2_target
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize
from scumble_backend.training import pictures, teachers
from scumble_backend.training.prune import pruned
from scumble_backend.training.teachers import Teacher, Together

WIDTHS = {
    "1_1": 32, "1_2": 16,
    "2_1": 64, "2_2": 32,
    "3_1": 128, "3_2": 64, "3_3": 64, "3_4": 64,
    "4_1": 128, "4_2": 128, "4_3": 128, "4_4": 128,
    "5_1": 128,
}  # fmt: skip
TAPS = (*STYLE_LAYERS, "relu4_2")
# Matched too, since deep layers learn faster where the layers before them are taught as well.
HINTS = ("relu4_3", "relu4_4")
LEADING = ("relu3_1", "relu4_1", "relu2_1", "relu5_1")  # whose gradients are matched, in turn
RIDGE = 1e-3  # of the mean variance, in least squares
SIDE = 128  # px of a crop
BATCH = 4  # crops
PRUNED_ON = 360  # crops that the start is fitted to
POOL = 1600  # crops kept with their targets, to be seen again
EVERY = {"1": 4, "2": 2}  # blocks 1 and 2 teach at every n-th place of a row or column
PAINTINGS, PASTICHES = 60, 120  # kept at a time, the oldest given up first
PASTICHE_SIDE = 160  # px
DEAD = 0.002  # of its layer's mean activation: less than this a channel is dead
CLAMP = 4.0  # standard deviations


def copy(encoder: Encoder) -> dict[str, Tensor]:
    return {name: x.detach().clone() for name, x in encoder.state_dict().items()}


def fast(network: Encoder) -> Encoder:
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
    x, y = columns(features), columns(target)
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


def style_gradients(encoder: nn.Module, crops: Tensor, layer: str, learn: bool = False) -> Tensor:
    """Of one layer's W2 style loss with respect to each crop, where each has the style of the one
    before it: (N, 3, H, W) -> (N, 3, H, W). learn: differentiable once more, but for the transport.
    """
    crops = crops.detach().requires_grad_()
    features = encoder(crops, (layer,))[layer]
    shares = torch.full((1, 1), 1 / features[0, 0].numel())
    pulls = []
    for one, other in zip(features.split(1), features.detach().roll(1, 0).split(1), strict=True):
        target = w2_target(*gaussian(other, shares))
        pulls.append(w2_loss(one, shares, target)[1])
    return torch.autograd.grad(features, crops, torch.cat(pulls), create_graph=learn)[0]


def gradient_loss(student: Encoder, together: Together, crops: Tensor, layer: str) -> Tensor:
    """1 - the cosine between the student's and the teachers' `style_gradients`: the direction is
    all that an optimiser sees of a network."""
    theirs = style_gradients(together, crops, layer).flatten(1)
    ours = style_gradients(student, crops, layer, learn=True).flatten(1)
    return 1 - torch.cosine_similarity(ours, theirs, 1).mean()


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
def revive(student: Encoder, maps: nn.ModuleDict, crops: Tensor) -> int:
    """Give every channel that all but never fires on these crops half of a lively one's work.

    A ReLU that is always off has no gradient: it is lost to the student for good, and so half of a
    deep layer can be. Both halves are the lively channel over sqrt(2), so that neither what is
    computed from them nor their inner products change (Chen et al. 2016, "Net2Net"), but for some
    noise on the new one, by which the two grow apart. Returns how many were revived.
    """
    means = {layer: x.mean((0, 2, 3)) for layer, x in student(crops, student.layers).items()}
    revived = 0
    for layer, following in zip(student.layers, (*student.layers[1:], None), strict=True):
        into = student.convolution(layer)
        readers: list[nn.Module] = [student.convolution(following)] if following else []
        readers += [maps[layer]] if layer in maps else []
        dead = means[layer] < DEAD * means[layer].mean()
        for channel in dead.nonzero()[:, 0].tolist():
            source = int(torch.multinomial(means[layer] * ~dead, 1))
            for parameter in (into.weight, into.bias):
                parameter[source] /= math.sqrt(2)  # type: ignore[index]
                parameter[channel] = parameter[source]  # type: ignore[index]
            into.weight[channel] += (
                0.3 * into.weight[source].std() * torch.randn_like(into.weight[0])
            )
            for weight in (reader.get_parameter("weight") for reader in readers):
                weight[:, source] /= math.sqrt(2)
                weight[:, channel] = weight[:, source]
            revived += 1
    return revived


def learning_rate(step: int, steps: int, peak: float = 6e-4, warm_up: int = 100) -> float:
    """A linear warm-up, then half a cosine down to zero."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))


def share_of_rate(conv: nn.Module) -> float:
    """The share of the learning rate that a convolution gets, less the more inputs it has.

    Behind a ReLU all inputs are positive, so that one step of Adam, equal for all weights, moves
    the sum of them all by as much as their number: at the full rate most of a deep layer dies.
    """
    return min(1.0, 200 / conv.weight[0].numel())  # type: ignore[index,union-attr]


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
        student: Encoder,
        side: int = SIDE,
    ):
        self.staff, self.source, self.step, self.side = staff, source, 0, side
        for teacher in staff:
            fast(teacher.encoder)
        crops = source.crops(64, side)
        self.standard = Standard(staff, [crops])
        self.together = Together(staff, mosaic(source, 2))
        self.student = fast(Encoder(copy(student))).requires_grad_(True)
        self.average = fast(Encoder(copy(student)))
        taught = self.standard(lesson(staff, crops))
        self.maps = fitted_maps(self.student, taught, crops)
        self.parameters = [*self.student.parameters(), *self.maps.parameters()]
        convolutions = [self.student.convolution(layer) for layer in self.student.layers]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": [*conv.parameters()], "share": share_of_rate(conv)}
                for conv in [*convolutions, *self.maps.values()]
            ],
            weight_decay=1e-3,
        )
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
        """Revive dead channels; the average of the weights begins anew where there were any."""
        if revive(self.student, self.maps, self.source.crops(4 * BATCH, self.side)):
            self.average.load_state_dict(self.student.state_dict())

    def run(
        self, steps: int, repeats: int = 4, paint_every: int = 60
    ) -> Iterator[dict[str, float]]:
        """Train up to step `steps`; yields the losses of every step."""
        while self.step < steps:
            if self.step % 200 == 100 and self.step < 0.6 * steps:
                self.revive()
            if self.step % paint_every == 0 and self.step >= 6 * paint_every:
                self.paint()
            for group in self.optimiser.param_groups:
                group["lr"] = group["share"] * learning_rate(self.step, steps)
            batch = self.batch(repeats)
            found = losses(self.student, self.maps, self.standard, batch)
            layer = LEADING[self.step % len(LEADING)]
            if layer in found:
                pair = batch["crops"][:2].contiguous(memory_format=torch.channels_last)
                loss = gradient_loss(self.student, self.together, pair, layer)
                found[f"{layer} gradient"] = loss
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


def start(file: Path | None, staff: list[Teacher], source: Source) -> Encoder:
    """The encoder in the file, or else one pruned from the teachers."""
    if file:
        return Encoder(load_file(file))
    sources = [normalised(teacher.encoder, mosaic(source)) for teacher in staff]
    return pruned(sources, WIDTHS, source.crops(PRUNED_ON, 96), source.random)


def fingerprint(path: str) -> str:
    """sha256 of a file, or the name of what is no file."""
    file = Path(path)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scumble_backend.training.distil")
    parser.add_argument("--teacher", required=True, help="VGG-19: a file, or 'torchvision'")
    parser.add_argument("--deep", help="quarter-width network for the layers that VGG-19 lacks")
    parser.add_argument("--start", type=Path, help="an encoder to go on from; default: prune")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True, help="for checkpoints; resumed from")
    asked = parser.parse_args()

    torch.set_num_threads(asked.threads)
    torch.manual_seed(asked.seed)
    source = Source(np.random.default_rng(asked.seed))
    staff = teachers.load(asked.teacher, asked.deep, TAPS, HINTS)
    checkpoint = asked.folder / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        training = Training(staff, source, Encoder(state["student"]))
        training.resume(state)
    else:
        training = Training(staff, source, start(asked.start, staff, source))
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
