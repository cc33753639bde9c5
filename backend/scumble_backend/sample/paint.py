"""Paint the sample document: a photograph, and two pictures made by the brush below.

    python -m scumble_backend.sample.paint [-o sample.ora]

The brush is a bundle of bristles drawn along a path. Its paint varies from bristle to bristle and
along the way, it covers less where the brush runs dry, and it lies in ridges that catch the light:
what a style's statistics are made of. Everything is painted at twice the size and reduced, and
every draw comes from one seeded generator, so the same code always makes the same picture.
"""

import argparse
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from skimage.data import chelsea  # by Stefan van der Walt, CC0

from scumble_backend.sample import SAMPLE

SIZE = (540, 360)  # of the document and of every layer in it
FINE = 2  # painted so many times larger than shown
LAYERS = ("Photograph", "Night wind", "Red harbour")  # from the top

Array = np.ndarray


# The brush ------------------------------------------------------------------------------------


class Canvas:
    """Colour (H, W, 3) and height of the paint (H, W), at FINE times the shown size."""

    def __init__(self, ground: tuple[float, float, float], seed: int):
        width, height = SIZE[0] * FINE, SIZE[1] * FINE
        self.random = np.random.default_rng(seed)
        self.colour = np.tile(np.array(ground, float), (height, width, 1))
        self.height = np.zeros((height, width))
        self.bristles = _bristles(self.random)

    def stroke(
        self, path: Array, width: float, paints: Array, dry: float = 0.4, body: float = 1.0
    ) -> None:
        """One stroke along path (N, 2), in pixels of the canvas.

        paints (K, 3): the colours on the brush, side by side. dry: how early it runs out of paint.
        body: how thick the paint lies.
        """
        length = _steps(path).sum()
        if length < 4:
            return
        along = np.linspace(0, 1, max(int(length * 1.5), 4))  # (A)
        across = np.linspace(-1, 1, max(int(width * 1.5), 4))  # (B)
        x, y = self._place(path, along, across, width)
        hair = self._hair(along * length, across * width / 2)  # (A, B), 0..1
        press = 1 - np.abs(across) ** 4 * 0.7
        load = 1.25 - dry * (0.35 + along[:, None] ** 2) - 0.4 * (1 - press)
        cover = _ramp((load - 0.75 * (1 - hair)) * 4 - 0.6)  # dry bristles leave the ground bare
        from_end = np.minimum(along, 1.06 - along)[:, None] * length
        round_off = (1 - np.sqrt(1 - across**2) * 0.95) * width * 0.5
        ends = _ramp((from_end - round_off) / 5 + (hair - 0.5) * 4)
        inside = (x >= 0) & (y >= 0) & (x < self.height.shape[1]) & (y < self.height.shape[0])
        alpha = (cover * ends)[inside]
        paint = self._mix(paints, along, across, hair)[inside]
        ridge = (hair * 0.8 + np.abs(across) ** 6 * 0.5)[inside] * body * width**0.5
        here = y[inside], x[inside]
        self.colour[here] += (paint - self.colour[here]) * alpha[:, None]
        self.height[here] += (self.height[here] * -0.7 + ridge) * alpha

    def _place(self, path: Array, along: Array, across: Array, width: float) -> tuple:
        """Pixel coordinates (A, B) of every bristle at every step; thin at the ends."""
        steps = np.cumsum(_steps(path))
        steps = np.append(0, steps) / steps[-1]
        centre = np.stack([np.interp(along, steps, path[:, k]) for k in (0, 1)])  # (2, A)
        way = np.gradient(centre, axis=1)
        normal = np.stack([-way[1], way[0]]) / np.maximum(np.hypot(way[0], way[1]), 1e-6)
        swell = 0.55 + 0.45 * np.sin(np.pi * np.clip(along * 0.85 + 0.12, 0, 1)) ** 0.7
        offset = across[None] * (swell * width / 2)[:, None]  # (A, B)
        x, y = (centre[k][:, None] + normal[k][:, None] * offset for k in (0, 1))
        return x.astype(int), y.astype(int)

    def _hair(self, along: Array, across: Array) -> Array:
        """A random patch of the bristle texture."""
        rows, columns = self.bristles.shape
        u = (along * 0.5 + self.random.integers(rows)).astype(int) % rows
        v = (across + self.random.integers(columns)).astype(int) % columns
        return self.bristles[np.ix_(u, v)]

    def _mix(self, paints: Array, along: Array, across: Array, hair: Array) -> Array:
        """The paint at every place: colours side by side, smeared into each other on the way."""
        order = self.random.permutation(len(paints))
        drift = self.random.normal(0, 0.5)
        at = (across[None] + 1) / 2 + (hair - 0.5) * 0.9 + drift * (along[:, None] - 0.5)
        at = np.clip(at, 0, 1) * (len(paints) - 1)
        low = np.minimum(at.astype(int), len(paints) - 2) if len(paints) > 1 else at.astype(int)
        part = (at - low)[..., None]
        chosen = paints[order]
        mixed = chosen[low] * (1 - part) + chosen[np.minimum(low + 1, len(paints) - 1)] * part
        return mixed + (hair[..., None] - 0.5) * 0.10

    def picture(self, relief: float) -> Image.Image:
        """Lit from the upper left, and reduced to the shown size."""
        height = _blur(self.height, 1)
        dy, dx = np.gradient(height)
        light = np.tanh((dx + dy) * -relief)[..., None]
        lit = self.colour * (1 + 0.32 * light) + 0.10 * np.clip(light - 0.4, 0, 1)
        pixels = (np.clip(lit, 0, 1) * 255 + 0.5).astype(np.uint8)
        return Image.fromarray(pixels).resize(SIZE, Image.Resampling.LANCZOS)


def _bristles(random: np.random.Generator) -> Array:
    """A texture of hairs, long the first way and fine the second, 0..1, evenly spread."""
    total = np.zeros((2048, 512))
    for long, wide, share in ((400, 2, 1.0), (160, 5, 1.0), (700, 14, 0.9), (40, 3, 0.45)):
        total += share * _noise(random, total.shape, long, wide)
    return total.ravel().argsort().argsort().reshape(total.shape) / total.size


def _noise(random: np.random.Generator, shape: tuple, tall: float, wide: float) -> Array:
    """Smooth noise of unit spread whose grains are tall x wide pixels."""
    rows, columns = int(shape[0] / tall) + 3, int(shape[1] / wide) + 3
    coarse = Image.fromarray(random.normal(size=(rows, columns)).astype(np.float32))
    size = int(columns * wide), int(rows * tall)
    smooth = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), float)
    smooth = smooth[int(tall) : int(tall) + shape[0], int(wide) : int(wide) + shape[1]]
    return (smooth - smooth.mean()) / smooth.std()


def _blur(values: Array, radius: int) -> Array:
    """Three box filters, nearly a Gaussian."""
    for axis in (0, 1, 0, 1, 0, 1):
        values = np.mean([np.roll(values, k, axis) for k in range(-radius, radius + 1)], axis=0)
    return values


def _steps(path: Array) -> Array:
    """How far it is from each point of a path to the next."""
    return np.linalg.norm(np.diff(path, axis=0), axis=1)


def _ramp(values: Array) -> Array:
    values = np.clip(values, 0, 1)
    return values * values * (3 - 2 * values)


def _paints(*colours: str) -> Array:
    """ "#rrggbb", ... -> (K, 3), 0..1."""
    return np.array([[int(c[k : k + 2], 16) / 255 for k in (1, 3, 5)] for c in colours])


def _between(palette: Array, at: float) -> Array:
    """The colour at 0..1 of a row of colours."""
    at = float(np.clip(at, 0, 1)) * (len(palette) - 1)
    low = min(int(at), len(palette) - 2)
    return palette[low] * (1 - at + low) + palette[low + 1] * (at - low)


# Night wind: impasto along a swirling field ----------------------------------------------------

NIGHT = _paints(
    "#0a1030", "#101c52", "#16307e", "#1c4aa0", "#2a6fb8", "#4c9ac4", "#8cc4c8", "#d8dcb4"
)  # fmt: skip
WARM = _paints("#c8741c", "#e8a02c", "#f4c850", "#fbe9a6")
GRASS = _paints("#06121e", "#0b2a34", "#124650", "#2a6a5c", "#6f8a4a", "#c9a83e")


def night_wind() -> Image.Image:
    """Gusts over tall grass after sunset."""
    canvas = Canvas((0.07, 0.09, 0.22), seed=7)
    random = canvas.random
    stream = _stream(random, canvas.height.shape)
    down, right = np.gradient(stream)
    flow = down, -right  # (x, y): along the lines of equal stream
    tone = (stream - stream.min()) / np.ptp(stream)
    rows, columns = stream.shape
    horizon = rows * 0.74
    for width, length, count, spread in (
        (64, 420, 260, 0.05), (34, 320, 700, 0.07), (20, 230, 1300, 0.09), (11, 130, 1500, 0.12)
    ):  # fmt: skip
        for _ in range(count):
            x, y = random.uniform(-0.2, 1) * columns, random.uniform(-0.05, 0.86) * rows
            path = _trace(flow, x, y, length * random.uniform(0.3, 1.2), random.normal(0, 0.09))
            band = np.sin(tone[max(int(y), 0), max(int(x), 0)] * 40) * 0.5 + 0.5
            at = 0.12 + 0.62 * band + random.normal(0, spread) - 0.1 * (width > 40)
            glow = np.exp(-((((x / columns) - 0.3) / 0.3) ** 2) - ((y - horizon) / 150) ** 2)
            crest = band > 0.86 and random.random() < 0.55
            paints = [_between(NIGHT, at + step) for step in (-0.13, 0.0, 0.12)]
            if random.random() < glow * 0.9 or (crest and width < 40):
                paints[1:] = [_between(WARM, random.uniform(0.1, 1)) for _ in range(2)]
            canvas.stroke(path, width * random.uniform(0.7, 1.25), np.array(paints), dry=0.5)
    _grass(canvas, horizon)
    return canvas.picture(relief=0.8)


def _stream(random: np.random.Generator, shape: tuple) -> Array:
    """A stream function: a wind from the left, broken into a few whirls."""
    rows, columns = shape
    y, x = np.mgrid[0:rows, 0:columns] / rows
    stream = y * 0.9 + 0.10 * _noise(random, shape, rows * 0.42, rows * 0.5)
    for cx, cy, size, turn in (
        (0.42, 0.33, 0.17, 0.30),
        (0.98, 0.22, 0.13, -0.22),
        (1.22, 0.52, 0.16, 0.26),
        (0.10, 0.10, 0.10, -0.14),
    ):
        stream += turn * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / size**2)
    return stream


def _trace(flow: Sequence[Array], x: float, y: float, length: float, stray: float) -> Array:
    """Follow the field from a point, a few pixels a step, off its way by an angle (radians)."""
    rows, columns = flow[0].shape
    path = [(x, y)]
    for _ in range(max(int(length / 6), 3)):
        r, c = int(np.clip(y, 0, rows - 1)), int(np.clip(x, 0, columns - 1))
        angle = np.arctan2(flow[1][r, c], flow[0][r, c]) + stray
        x, y = x + 6 * np.cos(angle), y + 6 * np.sin(angle)
        path.append((x, y))
    return np.array(path)


def _grass(canvas: Canvas, horizon: float) -> None:
    """Blades bent by the wind, from the far ones to the near ones."""
    random, (rows, columns) = canvas.random, canvas.height.shape
    for near in np.sort(random.random(900)):
        x = random.uniform(-0.08, 1.02) * columns
        y = horizon + 20 * np.sin(x / 170) + near * (rows * 1.12 - horizon)
        tall = (50 + 190 * near) * random.uniform(0.6, 1.2)
        t = np.linspace(0, 1, 14)
        bend = tall * random.uniform(0.5, 1.0)
        path = np.stack([x + bend * t**1.7, y - tall * t * (1 - 0.25 * t)], axis=1)
        at = 0.35 - 0.25 * near + random.normal(0, 0.14) + 0.5 * (random.random() < 0.12)
        paints = np.array([_between(GRASS, at + step) for step in (-0.1, 0.05, 0.2)])
        canvas.stroke(path, (7 + 17 * near) * random.uniform(0.7, 1.3), paints, dry=0.45)


# Red harbour: broad gouache with dark contours -------------------------------------------------


INK = _paints("#141a26", "#1d2a36", "#2b1a22")
SKY = _paints("#a8281e", "#d2452a", "#e8743a", "#f2a45a")
GLOW = _paints("#f0a04a", "#f6c667", "#fbe3a4", "#f7b890")
HILLS = _paints("#5a2a3e", "#7c3440", "#a4483c", "#3c3450")
WATER = _paints("#0d4650", "#14707a", "#2f9a98", "#7cc0b0")
GLINT = _paints("#d2452a", "#f2a45a", "#f8d98a", "#e8743a")
SUN = _paints("#f8d98a", "#fbe9b0", "#f6c05c", "#fdf2cf")
CREAM = _paints("#f8ecd0", "#efd2a4", "#e4b680", "#f4e4c8")
RED = _paints("#8c1a1c", "#b8281e", "#d8432a", "#ec6a3c")
OCHRE = _paints("#b06a1c", "#d4922c", "#eab84a", "#f4d27c")
HULL = _paints("#161d30", "#243048", "#4a2434", "#1a4a56", "#7a2c2c")
TEAL = _paints("#0c3a46", "#11606a", "#2a8a88", "#56a8a0")


def red_harbour() -> Image.Image:
    """Sails in the evening: flat brushes within shapes, and a pointed brush around them."""
    canvas = Canvas((0.93, 0.80, 0.62), seed=11)
    _fill(canvas, _outline(PAGE, 0), 35, 110, OCHRE, dry=0.9)
    for corners, bow, angle, width, paints in SHAPES:
        shape = _outline(corners, bow)
        if paints is GLINT:  # light on the water: broken, and without a contour
            _fill(canvas, shape, angle, width, paints, dry=1.1, spacing=1.3)
            continue
        for finer, dry in ((1.0, 0.25), (0.55, 0.75)):
            _fill(canvas, shape, angle, width * finer, paints, dry)
        _contour(canvas, shape, max(7, width**0.6))
    return canvas.picture(relief=0.5)


# Corners in hundredths of the picture, how far the sides bow outwards, the angle and width of the
# brush, and its paints; the farthest first.
PAGE = ((-4, -4), (104, -4), (104, 104), (-4, 104))
SHAPES = (
    (((-4, -4), (104, -4), (104, 30), (60, 24), (-4, 38)), 0.02, -14, 80, SKY),
    (((-4, 36), (60, 22), (104, 28), (104, 58), (-4, 58)), 0.02, -8, 60, GLOW),
    (((65, 20), (73, 25), (75, 36), (69, 45), (61, 44), (56, 34), (58, 24)), 0.1, 40, 30, SUN),
    (((-4, 48), (14, 40), (30, 47), (52, 52), (70, 46), (88, 38), (104, 45), (104, 60), (-4, 60)),
     0.05, 22, 46, HILLS),
    (((-4, 58), (104, 58), (104, 104), (-4, 104)), 0.0, 3, 56, WATER),
    (((4, 34), (13, 33), (13, 60), (3, 60)), 0.0, 84, 40, CREAM),
    (((2, 35), (8, 25), (15, 34)), 0.0, -30, 26, RED),
    (((13, 42), (23, 41), (24, 60), (13, 60)), 0.0, 88, 36, OCHRE),
    (((12, 43), (18, 35), (25, 42)), 0.0, 30, 24, TEAL),
    (((60, 60), (76, 60), (72, 74), (78, 90), (62, 94), (56, 78)), 0.05, 2, 24, GLINT),
    (((18, 72), (44, 70), (46, 80), (40, 97), (24, 92)), 0.05, -3, 30, GLINT),
    (((31, 8), (33, 66), (10, 62)), 0.07, 72, 50, RED),
    (((35, 14), (52, 64), (35, 66)), 0.07, 66, 44, CREAM),
    (((6, 68), (56, 67), (49, 80), (15, 81)), 0.06, 4, 34, HULL),
    (((84, 24), (85, 62), (70, 60)), 0.07, 68, 36, OCHRE),
    (((87, 28), (98, 60), (87, 62)), 0.07, 60, 30, RED),
    (((68, 63), (103, 62), (98, 71), (74, 72)), 0.06, 4, 26, HULL),
    (((62, 86), (72, 78), (90, 80), (104, 76), (104, 104), (58, 104)), 0.04, -16, 50, TEAL),
)  # fmt: skip


def _outline(corners: tuple, bow: float) -> Array:
    """A closed line (N, 2) in pixels of the canvas, its sides bowed outwards."""
    points = np.array(corners, float) / 100 * np.array(SIZE) * FINE
    middle, t = points.mean(0), np.linspace(0, 1, 24, endpoint=False)[:, None]
    sides = []
    for a, b in zip(points, np.roll(points, -1, 0), strict=True):
        out = np.array([b[1] - a[1], a[0] - b[0]]) * bow
        out *= np.sign(out @ ((a + b) / 2 - middle)) or 1
        sides.append(a + (b - a) * t + out * 4 * t * (1 - t))
    return np.concatenate(sides)


def _fill(
    canvas: Canvas,
    shape: Array,
    angle: float,
    width: float,
    paints: Array,
    dry: float,
    spacing: float = 0.5,
) -> None:
    """Hatch a shape with strokes side by side, at random in order, a little over the edge."""
    random, (rows, columns) = canvas.random, canvas.height.shape
    mask = Image.new("1", (columns + 200, rows + 200))
    ImageDraw.Draw(mask).polygon([tuple(point + 100) for point in shape], fill=1)
    within = np.asarray(mask)
    turn = np.deg2rad(angle)
    way, side = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    middle = shape.mean(0)
    reach = np.hypot(*np.ptp(shape, axis=0)) / 2
    lanes = np.arange(-reach, reach, width * spacing)
    times = int(np.ceil(reach * 2 / (width * 6) * 1.7))  # each place is passed nearly twice
    for lane in random.permutation(np.repeat(lanes, times)):
        start = random.uniform(-1.1, 0.95) * reach
        t = np.arange(start, start + width * random.uniform(3, 9), 6.0)
        bend = random.normal(0, 0.3) * width * ((t - start) / np.ptp(t) - 0.5) ** 2 * 4
        path = middle + t[:, None] * way + (lane + bend + random.normal(0, 3))[:, None] * side
        x, y = np.clip(path.astype(int) + 100, 0, (columns + 199, rows + 199)).T
        kept = np.flatnonzero(within[y, x])
        path = path[kept[: 1 + np.argmax(np.append(np.diff(kept) > 1, True))]]  # to the first gap
        if len(path) > 3:
            at = random.normal(0.5, 0.35)
            mix = np.array([_between(paints, at + step) for step in (-0.22, 0, 0.22)])
            canvas.stroke(path, width * random.uniform(0.7, 1.2), mix, dry, body=1.2)


def _contour(canvas: Canvas, shape: Array, width: float) -> None:
    """Draw around a shape side by side: thick and thin, unsteady, past the corners."""
    random, limit = canvas.random, np.array(canvas.height.shape[::-1])
    for side in np.split(np.concatenate([shape[-1:], shape[:-1]]), len(shape) // 24):
        if ((side < 8) | (side > limit - 8)).any(1).all():
            continue  # the edge of the picture is not drawn
        start, end = side[0] * 1.03 - side[1] * 0.03, side[-1] * 2 - side[-2]
        path = np.concatenate([[start], side, [end]])
        path = path + np.cumsum(random.normal(0, 0.7, path.shape), axis=0)
        canvas.stroke(path, width * random.uniform(0.8, 1.5), INK, dry=0.55, body=0.6)


# The document ---------------------------------------------------------------------------------


def photograph() -> Image.Image:
    """The cat, cut to the document's proportions; enlarged, since it is small."""
    cat = Image.fromarray(chelsea())
    width = cat.height * SIZE[0] // SIZE[1]
    left = (cat.width - width) // 2
    return cat.crop((left, 0, left + width, cat.height)).resize(SIZE, Image.Resampling.LANCZOS)


def build(path: Path, say: Callable[[str], None] = lambda text: None) -> None:
    """Write the document (openraster.org: mimetype first and stored)."""
    pictures = []
    for name, make in zip(LAYERS, (photograph, night_wind, red_harbour), strict=True):
        say(name)
        pictures.append(make())
    small = pictures[0].copy()
    small.thumbnail((256, 256))
    files = {
        "mimetype": b"image/openraster",
        "stack.xml": _stack().encode(),
        **{f"data/layer{k}.png": _png(picture) for k, picture in enumerate(pictures)},
        "mergedimage.png": _png(pictures[0]),  # it covers the layers below
        "Thumbnails/thumbnail.png": _png(small),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # stored; always the same date


def _stack() -> str:
    layers = "".join(
        f'  <layer name="{name}" src="data/layer{k}.png" x="0" y="0" opacity="1.0" '
        'visibility="visible" composite-op="svg:src-over"/>\n'
        for k, name in enumerate(LAYERS)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<image version="0.0.3" w="{SIZE[0]}" h="{SIZE[1]}">\n'
        f" <stack>\n{layers} </stack>\n</image>\n"
    )


def _png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description="Paint the sample document.")
    parser.add_argument("-o", type=Path, default=SAMPLE, metavar="FILE", help="where to write it")
    build(parser.parse_args().o, print)


if __name__ == "__main__":
    main()
