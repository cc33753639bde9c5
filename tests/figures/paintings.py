"""The pictures by which Scumble is looked at and measured, painted once and kept in a folder.

Contents and styles come from the folder of pictures beside the project and from scikit-image; none
of them, nor a network, was trained on them.
"""

import argparse
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from tests.figures import drawn

from scumble_backend.compute import devices, weights
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.pyramid import fit
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize

PHOTOGRAPHS = ("tubingen", "golden_gate")  # of the folder
PACKAGED = ("chelsea", "coffee", "astronaut")  # of scikit-image
STYLES = ("starry_night", "the_scream", "shipwreck")
# People, an animal, lettering, night, a machine, a product on white; and oil, pen, a poster, tiles,
# watercolour, a photograph of a texture. Of scikit-image or drawn, but for the first style.
KINDS = ("astronaut", "chelsea", "page", "rocket", "motorcycle_left", "bottle")
KINDS_OF_STYLE = ("starry_night", "pen", "flat", "mosaic", "watercolour", "gravel")
STYLE_SIDE = 1024  # px a style is read at, at most: no octave looks closer


class Painting(NamedTuple):
    """content, and the styles with their weights, by name. size: long side, px."""

    content: str
    styles: tuple[tuple[str, float], ...]
    size: int = 512
    quality: str = "standard"
    strength: float = 60.0
    brush_size: float = 100.0
    painterly: float = 50.0
    blend: str = "barycentre"

    @property
    def name(self) -> str:
        blend = "+".join(f"{name}={weight:g}" for name, weight in self.styles)
        return (
            f"{self.content} {blend} {self.size} {self.quality} s{self.strength:g} "
            f"b{self.brush_size:g} p{self.painterly:g} {self.blend}"
        )


class Painter:
    """Paints what its folder does not hold yet, with the encoder that ships."""

    def __init__(self, pictures: Path, folder: Path):
        self.pictures, self.folder = pictures, folder
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder: Encoder | None = None

    def whole(self, name: str) -> Image.Image:
        """A content or style as it lies there, or as it is drawn."""
        if name in drawn.PICTURES:
            return Image.fromarray(np.rint(255 * drawn.PICTURES[name]()).astype(np.uint8))
        found = self.pictures / f"{name}.jpg"
        if not found.exists():
            import skimage

            found = next((Path(skimage.__file__).parent / "data").glob(f"{name}.*g"))  # jpg, png
        return Image.open(found).convert("RGB")

    def picture(self, name: str, size: int) -> Image.Image:
        """At this long side, px; smaller ones are enlarged."""
        whole = self.whole(name)
        height, width = fit(whole.height, whole.width, size)
        return whole.resize((width, height), Image.Resampling.LANCZOS)

    def path(self, painting: Painting) -> Path:
        return self.folder / f"{painting.name}.png"

    def paint(self, paintings: Iterable[Painting]) -> None:
        """Those that are missing, saying how long each took."""
        for each in paintings:
            if self.path(each).exists():
                continue
            began = time.monotonic()
            done = self._painted(each)
            temporary = self.path(each).with_suffix(".part")
            done.save(temporary, "png")
            temporary.replace(self.path(each))
            print(f"{each.name}: {time.monotonic() - began:.1f} s", flush=True)

    def given(self, painting: Painting) -> tuple[torch.Tensor, list[Style]]:
        """The content, (1, 3, H, W), and the styles as the engine takes them."""
        content = tensor(self.picture(painting.content, painting.size))
        styles = []
        for name, weight in painting.styles:
            size = min(STYLE_SIDE, max(self.whole(name).size))
            style = tensor(self.picture(name, size))
            styles.append(Style(style, torch.ones_like(style[:, :1]), weight))
        return content, styles

    def _painted(self, painting: Painting) -> Image.Image:
        if self._encoder is None:
            self._encoder = devices.place(weights.load_encoder("lite"), torch.device("cpu"))
        content, styles = self.given(painting)
        done = content
        for iterate in stylize(
            self._encoder, content, torch.ones_like(content[:, :1]), styles,
            quality=painting.quality, strength=painting.strength, brush_size=painting.brush_size,
            painterly=painting.painterly, blend=painting.blend,
        ):  # fmt: skip
            done = iterate.picture
        return image(done)


def tensor(picture: Image.Image) -> torch.Tensor:
    """(1, 3, H, W), RGB in [0, 1]."""
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1)[None].float() / 255


def image(picture: torch.Tensor) -> Image.Image:
    """The inverse of `tensor`."""
    rows = picture[0].permute(1, 2, 0).clamp(0, 1).numpy()
    return Image.fromarray(np.rint(rows * 255).astype(np.uint8))


def options(module: str, folder: str) -> argparse.Namespace:
    """What the command line asks of a module that paints into a folder; torch takes its threads.

    folder: what the folder is for.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    parser.add_argument("folder", type=Path, help=folder)
    parser.add_argument(
        "--shared", type=Path, default=os.environ.get("SCUMBLE_SHARED", "../shared")
    )
    parser.add_argument("--size", type=int, default=512, help="long side to paint at, px")
    parser.add_argument("--quality", default="standard")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    return asked


# What is shown and measured, row by row.


def pairs(**values) -> list[list[Painting]]:
    """A row for each photograph, a column for each style."""
    return [
        [Painting(content, ((style, 1.0),), **values) for style in STYLES]
        for content in (*PHOTOGRAPHS, *PACKAGED)
    ]


def kinds(**values) -> list[list[Painting]]:
    """A row for each kind of photograph, a column for each kind of style."""
    return [
        [Painting(content, ((style, 1.0),), **values) for style in KINDS_OF_STYLE]
        for content in KINDS
    ]


def blends(**values) -> list[Painting]:
    """Three blends, of two styles and of all."""
    return [
        Painting("tubingen", (("starry_night", 1.0), ("the_scream", 1.0)), **values),
        Painting("golden_gate", (("the_scream", 1.0), ("shipwreck", 1.0)), **values),
        Painting("chelsea", tuple((style, 1.0) for style in STYLES), **values),
    ]


def sweep(**values) -> list[Painting]:
    """From one style to another in five steps."""
    return [
        Painting("tubingen", (("starry_night", 1 - part), ("the_scream", part)), **values)
        for part in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]


def strengths(content: str, style: str, **values) -> list[Painting]:
    return [
        Painting(content, ((style, 1.0),), **{"strength": s} | values) for s in (30.0, 60.0, 90.0)
    ]


def painterly(content: str, style: str, **values) -> list[Painting]:
    found = (0.0, 25.0, 50.0, 75.0, 100.0)
    return [Painting(content, ((style, 1.0),), **{"painterly": p} | values) for p in found]


def shares(content: str, one: str, other: str, **values) -> list[Painting]:
    """Side by side, with a fifth, half and two thirds of the area for the first."""
    return [
        Painting(content, ((one, part), (other, 1 - part)), blend="mixture", **values)
        for part in (0.2, 0.5, 2 / 3)
    ]


def brush_sizes(content: str, style: str, **values) -> list[Painting]:
    found = (25.0, 50.0, 100.0, 200.0, 400.0)
    return [Painting(content, ((style, 1.0),), **{"brush_size": b} | values) for b in found]
