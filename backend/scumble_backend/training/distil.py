"""Train the encoder that ships: a slim VGG-19 that computes what its teachers compute.

It starts pruned from its teachers (prune.py). Then a linear 1x1 map from each tap of the student to
its teacher's channels, thrown away afterwards, must predict the teacher's features, standardised
per channel (Romero et al. 2015, "FitNets").
Departures, all for what the optimiser will make of the network: matched besides are the features'
inner products and the gradients of style losses (matching.py); and half of the crops are cut from
pastiches painted meanwhile with the student as it is, or with its teachers (sources.py), because an
optimiser finds and paints what a network trained on photographs alone is blind to.

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
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from scumble_backend.engine.encoder import Encoder, normalised
from scumble_backend.training import teachers
from scumble_backend.training.lessons import Pool, Standard, fitted_maps, lesson
from scumble_backend.training.matching import TAPS, gradient_loss, losses
from scumble_backend.training.prune import pruned
from scumble_backend.training.sources import BATCH, SIDE, Source, mosaic, pastiche
from scumble_backend.training.teachers import Teacher, Together

WIDTHS = {
    "1_1": 32, "1_2": 16,
    "2_1": 64, "2_2": 32,
    "3_1": 128, "3_2": 64, "3_3": 64, "3_4": 64,
    "4_1": 128, "4_2": 128, "4_3": 128, "4_4": 128,
    "5_1": 128,
}  # fmt: skip
# Matched too, since deep layers learn faster where the layers before them are taught as well.
HINTS = ("relu4_3", "relu4_4")
LEADING = ("relu3_1", "relu4_1", "relu2_1", "relu5_1")  # whose gradients are matched, in turn
PRUNED_ON = 360  # crops that the start is fitted to
PAINTINGS, PASTICHES = 60, 120  # kept at a time, the oldest given up first
DEAD = 0.002  # of its layer's mean activation: less than this a channel is dead


def copy(encoder: Encoder) -> dict[str, Tensor]:
    return {name: x.detach().clone() for name, x in encoder.state_dict().items()}


def fast(network: Encoder) -> Encoder:
    """channels_last runs up to three times as fast on a CPU."""
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


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
