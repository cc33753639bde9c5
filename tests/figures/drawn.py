"""Pictures drawn by code, for contact sheets: kinds of style of which no picture lies at hand, and
a product on white.

Each is (h, w, 3), in [0, 1], the same every time.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

HEIGHT, WIDTH = 480, 640  # px
Rgb = NDArray[np.float64]


def _clouds(seed: int, cells: int, octaves: int = 4) -> NDArray[np.float64]:
    """Noise in [0, 1] whose largest forms are a cell wide."""
    random, found = np.random.default_rng(seed), np.zeros((HEIGHT, WIDTH))
    for octave in range(octaves):
        side = cells * 2**octave
        noise = Image.fromarray(random.random((side * 3 // 4 + 1, side)).astype(np.float32))
        found += 0.5**octave * np.asarray(noise.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
    return (found - found.min()) / np.ptp(found)


def pen() -> Rgb:
    """Hatched with a pen: the darker, the more layers of strokes, along the forms."""
    random, tone = np.random.default_rng(1), _clouds(1, 4)
    sheet = Image.new("RGB", (WIDTH * 2, HEIGHT * 2), (246, 242, 230))
    draw = ImageDraw.Draw(sheet)
    for layer, limit in enumerate((0.75, 0.55, 0.4, 0.25)):
        for _ in range(5200):
            x, y = random.random(2) * (WIDTH, HEIGHT)
            if tone[int(y), int(x)] > limit:
                continue
            angle = 0.6 + 0.7 * layer + 2.0 * tone[int(y), int(x)] + random.normal(0, 0.06)
            away = 9 * np.array([np.cos(angle), np.sin(angle)])
            ends = [tuple(2 * (np.array([x, y]) + part * away)) for part in (-1, 1)]
            draw.line(ends, fill=(28, 30, 44), width=int(random.integers(1, 4)))
    return _array(sheet)


def flat() -> Rgb:
    """A poster: few flat colours, round and straight borders."""
    colours = np.array(
        [
            [0.95, 0.9, 0.78],
            [0.9, 0.35, 0.22],
            [0.15, 0.25, 0.42],
            [0.96, 0.7, 0.25],
            [0.2, 0.55, 0.5],
        ]
    )
    sheet = Image.fromarray(
        (255 * colours[(_clouds(2, 3, 1) * 4.99).astype(int)]).astype(np.uint8)
    ).resize((WIDTH * 2, HEIGHT * 2), Image.Resampling.NEAREST)
    draw, random = ImageDraw.Draw(sheet), np.random.default_rng(2)
    for _ in range(26):
        x, y, side = *(random.random(2) * (2 * WIDTH, 2 * HEIGHT)), random.uniform(40, 190)
        colour = tuple(int(255 * part) for part in colours[random.integers(5)])
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x, y, x + side, y + side), fill=colour)
    return _array(sheet)


def mosaic() -> Rgb:
    """Tiles with dark joints, their colours in drifts."""
    random = np.random.default_rng(3)
    rows, lines = np.mgrid[0:HEIGHT:13, 0:WIDTH:13].reshape(2, -1)
    seeds = np.stack([rows, lines], 1) + random.uniform(-4, 4, (len(rows), 2))
    places = np.moveaxis(np.mgrid[0:HEIGHT, 0:WIDTH], 0, -1).astype(np.float32)
    nearest, second = np.full((2, HEIGHT, WIDTH), np.inf)
    owner = np.zeros((HEIGHT, WIDTH), int)
    for number, seed in enumerate(seeds):
        top, left = (max(0, int(each) - 24) for each in seed)
        part = np.s_[top : top + 48, left : left + 48]
        away = np.linalg.norm(places[part] - seed, axis=-1)
        closer = away < nearest[part]
        second[part] = np.where(closer, nearest[part], np.minimum(second[part], away))
        owner[part] = np.where(closer, number, owner[part])
        nearest[part] = np.where(closer, away, nearest[part])
    drift = _clouds(3, 3)
    where = drift[tuple(seeds.astype(int).clip(0, (HEIGHT - 1, WIDTH - 1)).T)]
    stops = np.array([[0.1, 0.2, 0.45], [0.15, 0.5, 0.6], [0.9, 0.8, 0.55], [0.75, 0.3, 0.15]])
    colour = np.stack([np.interp(where, np.linspace(0, 1, 4), stop) for stop in stops.T], 1)
    colour += random.normal(0, 0.06, colour.shape)
    joint = (second - nearest < 2.2)[..., None]
    return np.where(joint, 0.12, colour[owner]).clip(0, 1)


def watercolour() -> Rgb:
    """Washes that run out into paper, darker at their edges."""
    paper = 0.95 + 0.05 * _clouds(4, 160, 1)[..., None]
    found = paper * np.ones((1, 1, 3))
    for number, ink in enumerate(
        [(0.2, 0.45, 0.75), (0.85, 0.45, 0.3), (0.35, 0.6, 0.35), (0.55, 0.35, 0.6)]
    ):
        wash = _clouds(40 + number, 5) - 0.6
        inside = 1 / (1 + np.exp(-wash * 60))
        edge = np.exp(-((wash / 0.012) ** 2))
        strength = inside * (0.45 + 0.35 * _clouds(50 + number, 8)) + 0.3 * edge
        found *= 1 - strength[..., None].clip(0, 1) * (1 - np.array(ink))
    return found.clip(0, 1)


def bottle() -> Rgb:
    """A product on white: a green bottle with a label, lettering and a soft shadow."""
    rows, lines = np.mgrid[0:HEIGHT, 0:WIDTH] / HEIGHT
    middle = WIDTH / HEIGHT / 2
    half = np.interp(rows[:, 0], [0.1, 0.34, 0.44, 0.9], [0.035, 0.04, 0.12, 0.12])[:, None]
    across = (lines - middle) / half
    inside = (np.abs(across) < 1) & (rows > 0.1) & (rows < 0.9)
    light = 0.35 + 0.5 * np.exp(-(((across + 0.45) / 0.18) ** 2)) + 0.25 * (1 - across**2)
    shadow = 0.3 * np.exp(-(((lines - middle - 0.1) / 0.2) ** 2) - ((rows - 0.91) / 0.02) ** 2)
    found = (1 - shadow)[..., None] * np.ones(3)
    found = np.where(inside[..., None], light[..., None] * (0.25, 0.75, 0.4), found)
    label = inside & (rows > 0.55) & (rows < 0.75)
    shade = (0.75 + 0.25 * (1 - across.clip(-1, 1) ** 2))[..., None]
    found = np.where(label[..., None], shade * (0.97, 0.93, 0.85), found)
    sheet = Image.fromarray((255 * found.clip(0, 1)).astype(np.uint8))
    draw = ImageDraw.Draw(sheet)
    for text, row, size in (("OLIO", 0.59, 34), ("extra vergine", 0.68, 14)):
        draw.text((WIDTH / 2, row * HEIGHT), text, fill=(40, 60, 40), anchor="mt", font_size=size)
    return np.asarray(sheet) / 255


def _array(sheet: Image.Image) -> Rgb:
    """Drawn at twice the size, so that borders are smooth."""
    return np.asarray(sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)) / 255


PICTURES: dict[str, Callable[[], Rgb]] = {
    "pen": pen, "flat": flat, "mosaic": mosaic, "watercolour": watercolour, "bottle": bottle
}  # fmt: skip
