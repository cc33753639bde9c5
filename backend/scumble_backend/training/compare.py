"""How close an encoder comes to its teachers, on pictures that neither was trained on.

`python -m scumble_backend.training.compare lite.safetensors --teacher FILE --deep FILE
--style painting.jpg photo.jpg ...` prints a line per layer and the mean over the pictures of:

- correlation: between the teacher's channels and their best linear prediction from the encoder's
  channels, fitted on training pictures; the median over channels;
- covariance: |S - S_t| / |S_t|, of that prediction and of the teacher's standardised features;
- kernel: centred kernel alignment, 1 where the two layers are isometric (see matching.kernel_loss);
- gradient: the cosine between the two gradients of the style loss with respect to the picture,
  which is all that the optimiser sees of a network.

Numbers hide what the eye sees: make pastiches with both, too.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor, nn

from scumble_backend.engine import guides, losses, styles
from scumble_backend.engine.encoder import STYLE_LAYERS, Encoder
from scumble_backend.engine.styles import Style
from scumble_backend.training import distil, matching, pictures, teachers
from scumble_backend.training.lessons import Standard, columns, fitted_maps, lesson
from scumble_backend.training.sources import Source, mosaic
from scumble_backend.training.teachers import Together

FIGURES = ("correlation", "covariance", "kernel", "gradient")


def style_gradient(encoder: nn.Module, picture: Tensor, style: Style, layer: str) -> Tensor:
    """The gradient of one layer's W2 style loss with respect to the picture, (1, 3, H, W)."""
    long_side = max(picture.shape[2:])
    target = styles.targets(encoder, [style], long_side, (layer,))[layer]  # type: ignore[arg-type]
    picture = picture.clone().requires_grad_()
    features = encoder(picture, (layer,))[layer]
    shares = guides.shares(torch.ones_like(picture[:, :1]), layer)
    seen = losses.gaussian(features.detach(), shares)
    moved = losses.transport(seen.covariance, target)  # type: ignore[arg-type]
    _, pull = losses.w2_loss(seen, shares, target, moved)  # type: ignore[arg-type]
    return torch.autograd.grad(features, picture, losses.gradient(features.detach(), [pull]))[0]


def measure(
    encoder: nn.Module,
    reference: Together,
    standard: Standard,
    maps: nn.ModuleDict,
    picture: Tensor,
    style: Style,
) -> dict[str, dict[str, float]]:
    """{"relu1_1": {"correlation": ..., ...}, ...} on one picture (1, 3, H, W)."""
    with torch.no_grad():
        ours, theirs = (net(picture, reference.layers) for net in (encoder, reference))
    taught = standard({k: x / reference.scales[k] for k, x in theirs.items()})
    found = {}
    for layer, features in ours.items():
        x, y = columns(maps[layer](features)), columns(taught[layer])
        x, y = x - x.mean(1, keepdim=True), y - y.mean(1, keepdim=True)
        correlation = (x * y).sum(1) / (x.norm(dim=1) * y.norm(dim=1)).clamp_min(1e-9)
        found[layer] = {
            "correlation": correlation.median().item(),
            "covariance": ((x @ x.T - y @ y.T).norm() / (y @ y.T).norm()).item(),
            "kernel": 1 - matching.kernel_loss(features, theirs[layer]).item(),
        }
        if layer in STYLE_LAYERS:
            a, b = (style_gradient(net, picture, style, layer) for net in (encoder, reference))
            found[layer]["gradient"] = torch.cosine_similarity(a.flatten(), b.flatten(), 0).item()
    return found


def read(path: Path, long_side: int) -> Tensor:
    """A picture file as (1, 3, H, W), at most long_side px on its long side."""
    return pictures.shrink(pictures.from_image(Image.open(path)), long_side)[None]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scumble_backend.training.compare")
    parser.add_argument("encoder", type=Path)
    parser.add_argument("pictures", type=Path, nargs="+")
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--deep")
    parser.add_argument("--style", type=Path, required=True)
    parser.add_argument("--size", type=int, default=256, help="long side, px")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()

    torch.set_num_threads(asked.threads)
    source = Source(np.random.default_rng(1), paintings=9)
    staff = teachers.load(asked.teacher, asked.deep, matching.TAPS)
    reference = Together(staff, mosaic(source, 2))
    encoder = distil.fast(Encoder(load_file(asked.encoder)))
    crops = source.crops(48)
    standard = Standard(staff, [crops])
    maps = fitted_maps(encoder, standard(lesson(staff, crops)), crops)
    maps.requires_grad_(False)
    painting = read(asked.style, asked.size)
    style = Style(painting, torch.ones_like(painting[:, :1]))
    all_found = [
        measure(encoder, reference, standard, maps, read(path, asked.size), style)
        for path in asked.pictures
    ]
    print(f"{'':8}" + "".join(f"{figure:>12}" for figure in FIGURES))
    for layer in all_found[0]:
        means = [np.mean([one[layer].get(name, np.nan) for one in all_found]) for name in FIGURES]
        print(f"{layer:8}" + "".join(f"{mean:12.3f}" for mean in means))


if __name__ == "__main__":
    main()
