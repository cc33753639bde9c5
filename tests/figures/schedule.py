"""Scumble's schedule against K. Crowson's: the objective that each reaches, and its time.

`python -m tests.figures.schedule FOLDER` paints a pair at qualities "standard" and "reference" one
after the other, with the same encoder, and evaluates equation 7 of both pictures with the same
targets. The pictures stay in FOLDER. Times are of the processor, which what else the machine does
hardly changes.
"""

import argparse
import time
from pathlib import Path

import torch
from tests.figures.paintings import Painter, Painting, image

from scumble import parameters
from scumble_backend.compute import devices, weights
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.stylize import LAYER_WEIGHTS, SMOOTHNESS, content_weight, stylize

PAIRS = (
    ("tubingen", "starry_night"),
    ("golden_gate", "the_scream"),
    ("golden_gate", "shipwreck"),
)
QUALITIES = ("standard", "reference")


def compare(painter: Painter, encoder: Encoder, size: int, pair: tuple[str, str]) -> None:
    reached = {}
    for quality in QUALITIES:
        painting = Painting(pair[0], ((pair[1], 1.0),), size, quality)
        content, styles = painter.given(painting)
        opaque, done = torch.ones_like(content[:, :1]), content
        began = time.process_time()
        for iterate in stylize(encoder, content, opaque, styles, quality=quality):
            done = iterate.picture
        seconds = time.process_time() - began
        image(done).save(painter.path(painting))
        reached[quality] = _objective(encoder, content, opaque, styles, done), seconds
        print(f"{painting.name}: {reached[quality][0]:.4f}, {seconds:.0f} s", flush=True)
    (ours, less), (theirs, more) = (reached[quality] for quality in QUALITIES)
    print(f"  objective {ours / theirs - 1:+.1%} in {less / more:.0%} of the time", flush=True)


def _objective(encoder: Encoder, content, opaque, styles, picture) -> float:
    """Equation 7 of a picture at the default strength and smoothing."""
    values = parameters.defaults()
    alpha = content_weight(float(values["strength"]))  # type: ignore[arg-type]
    smoothness = SMOOTHNESS * float(values["smoothing"]) / 100  # type: ignore[arg-type]
    objective = Objective(
        encoder, content, opaque, styles, "w2", "barycentre", LAYER_WEIGHTS, alpha, smoothness
    )
    parts, _ = objective.differentiate(picture)
    return float(parts["style"] + alpha * parts["content"] + smoothness * parts["variation"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.figures.schedule")
    parser.add_argument("folder", type=Path, help="where pictures go")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with pictures")
    parser.add_argument("--encoder", choices=("lite", "vgg19"), default="lite")
    parser.add_argument("--size", type=int, default=512, help="long side, px")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    encoder = devices.place(weights.load_encoder(asked.encoder), torch.device("cpu"))
    painter = Painter(asked.shared / "pictures", asked.folder)
    for pair in PAIRS:
        compare(painter, encoder, asked.size, pair)


if __name__ == "__main__":
    main()
