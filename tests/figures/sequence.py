"""How still what stands still stays, of the frames of a drawn animation; and a strip to look at.

`python -m tests.figures.sequence FOLDER` paints each frame for itself, and each from the one before
it, as the frames of an animated layer are painted. It prints how much the part that does not move
changes from frame to frame, and lays out FOLDER/alone.png and FOLDER/sequence.png: frames, and
below them their results.
"""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from tests.figures.control import Studio, image, pixels

from scumble import protocol
from scumble.pixels import Pixels

SIZE = (384, 288)
FRAMES, SHOWN = 5, (0, 2, 4)
STYLE = Path(__file__).parents[2] / "plugin/scumble/samples/night-wind.jpg"
FINER = 4  # what is drawn is made smaller by, so that its edges are soft
AROUND = 24  # px around what moves, which may change with it
GAP = 8  # px


def balloon(time: int) -> tuple[float, float]:
    """Where its middle is, px."""
    return 80 + 50 * time, 150 - 18 * time


def drawn(time: int) -> Image.Image:
    """A balloon over hills, in the evening."""
    width, height = (FINER * side for side in SIZE)
    down = np.linspace(0, 1, height)[:, None, None]
    sky = np.array([60, 90, 160]) * (1 - down) + np.array([250, 190, 130]) * down
    sheet = Image.fromarray(np.broadcast_to(sky, (height, width, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(sheet)
    draw.ellipse(_box(310, 60, 24, 24), fill=(255, 240, 200))
    for colour, top, high, waves in (
        ((96, 116, 110), 190, 20, 2.5), ((58, 92, 70), 220, 14, 4.0), ((34, 58, 46), 250, 12, 3.0),
    ):  # fmt: skip
        across = np.linspace(0, 1, 60)
        ridge = top - high * np.sin(2 * np.pi * waves * across + top)
        points = [(x * width, y * FINER) for x, y in zip(across, ridge, strict=True)]
        draw.polygon([*points, (width, height), (0, height)], fill=colour)
    x, y = balloon(time)
    draw.line([(FINER * (x - 12), FINER * (y + 26)), (FINER * (x - 5), FINER * (y + 52))], width=5)
    draw.line([(FINER * (x + 12), FINER * (y + 26)), (FINER * (x + 5), FINER * (y + 52))], width=5)
    draw.ellipse(_box(x, y, 30, 34), fill=(196, 60, 44))
    draw.ellipse(_box(x, y, 11, 34), fill=(240, 206, 120))
    draw.rectangle(_box(x, y + 56, 7, 5), fill=(90, 60, 40))
    return sheet.resize(SIZE, Image.Resampling.BOX)


def _box(x: float, y: float, wide: float, high: float) -> list[float]:
    return [FINER * (x - wide), FINER * (y - high), FINER * (x + wide), FINER * (y + high)]


def still() -> np.ndarray:
    """(H, W): where nothing moves in any frame, nor near to it."""
    moves = np.zeros(SIZE[::-1], bool)
    for x, y in map(balloon, range(FRAMES)):
        top, bottom = (max(0, int(each)) for each in (y - 34 - AROUND, y + 61 + AROUND))
        moves[top:bottom, max(0, int(x - 30 - AROUND)) : int(x + 30 + AROUND)] = True
    return ~moves


def painted(studio: Studio, frames: list[Pixels], goes_on: bool) -> list[Image.Image]:
    style = pixels(Image.open(STYLE))
    styles, found = (protocol.Style("night wind", style.digest()),), []
    for number, frame in enumerate(frames):
        onward = {}
        if goes_on and number:
            onward = {"init": "result", "start": pixels(found[-1]), "before": frames[number - 1]}
        found.append(studio.paint(frame, styles, [style], **onward))
    return found


def change(results: list[Image.Image], where: np.ndarray) -> float:
    """From frame to frame, on average, of 255."""
    arrays = [np.asarray(each, float)[where] for each in results]
    changes = [np.abs(one - other).mean() for one, other in pairwise(arrays)]
    return float(np.mean(changes))


def strip(rows: list[list[Image.Image]]) -> Image.Image:
    (width, height), columns = SIZE, len(rows[0])
    size = (columns * (width + GAP) - GAP, len(rows) * (height + GAP) - GAP)
    sheet = Image.new("RGB", size, "white")
    for down, row in enumerate(rows):
        for across, each in enumerate(row):
            sheet.paste(each, (across * (width + GAP), down * (height + GAP)))
    return sheet


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    studio, where = Studio(folder, folder, max(SIZE)), still()
    frames = [pixels(drawn(time)) for time in range(FRAMES)]
    alone, onward = (painted(studio, frames, goes_on) for goes_on in (False, True))
    for name, results in (("each for itself", alone), ("each from the one before", onward)):
        print(f"{name}: what stands still changes by {change(results, where):.2f} of 255 a frame")
    for name, results in (("alone", alone), ("sequence", onward)):
        rows = [[each[number] for number in SHOWN] for each in (list(map(image, frames)), results)]
        strip(rows).save(folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
