"""The pictures that the encoder that ships is trained on: nothing is downloaded.

Photographs: those inside the wheels of scikit-image and scikit-learn (credits in
`encoders/README.md`). Paintings: made here by code, since no painting at hand may be committed, and
since flat and nearly flat areas, where an optimiser shows a network's blind spots, are rare in
photographs. `HELD_OUT` are never trained on: they judge.

A picture is a float32 tensor (3, H, W), RGB in [0, 1]. Every random choice comes from the
`numpy.random.Generator` handed in.
"""

import importlib.resources
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from numpy.random import Generator
from PIL import Image, ImageDraw
from torch import Tensor

SKIMAGE = (
    "astronaut.png", "rocket.jpg", "motorcycle_left.png", "motorcycle_right.png",
    "hubble_deep_field.jpg", "retina.jpg", "ihc.png", "camera.png", "brick.png", "grass.png",
    "gravel.png", "moon.png", "coins.png", "cell.png", "page.png", "text.png", "clock_motion.png",
    "logo.png",
)  # fmt: skip
SKLEARN = ("china.jpg", "flower.jpg")
HELD_OUT = ("chelsea.png", "coffee.png")


def from_image(image: Image.Image) -> Tensor:
    """-> (3, H, W); what is transparent becomes white."""
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    pixels = np.array(image.convert("RGB"), dtype=np.float32)  # (H, W, 3)
    return torch.from_numpy(pixels).permute(2, 0, 1).contiguous() / 255


def packaged(package: str, name: str) -> Tensor:
    """A picture that another package carries: packaged("skimage", "data/coffee.png")."""
    with importlib.resources.as_file(importlib.resources.files(package) / name) as path:
        return from_image(Image.open(path))


def photographs() -> dict[str, Tensor]:
    """Every photograph that may be trained on, by name, with at most 640 px on its long side."""
    found = {name: packaged("skimage", f"data/{name}") for name in SKIMAGE}
    found |= {name: packaged("sklearn", f"datasets/images/{name}") for name in SKLEARN}
    return {name: shrink(picture, 640) for name, picture in found.items()}


def held_out() -> dict[str, Tensor]:
    """The photographs in the same wheels that only judge."""
    return {name: packaged("skimage", f"data/{name}") for name in HELD_OUT}


def resize(picture: Tensor, height: int, width: int) -> Tensor:
    """(3, H, W) -> (3, height, width), bilinear, with antialiasing."""
    size = (height, width)
    return F.interpolate(picture[None], size, mode="bilinear", antialias=True)[0]


def shrink(picture: Tensor, long_side: int) -> Tensor:
    """The picture with at most long_side px on its long side; never enlarged."""
    factor = min(1.0, long_side / max(picture.shape[1:]))
    height, width = (max(1, round(side * factor)) for side in picture.shape[1:])
    return resize(picture, height, width)


# Fields that the paintings are made of


def cloud(random: Generator, side: int, channels: int, slope: float) -> np.ndarray:
    """Noise with amplitude 1 / frequency^slope: (channels, side, side), mean 0, deviation 1."""
    rows, columns = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)
    amplitude = 1 / np.maximum(np.hypot(rows, columns), 1 / side) ** slope
    amplitude[0, 0] = 0
    phase = np.exp(2j * np.pi * random.random((channels, side, side // 2 + 1)))
    noise = np.fft.irfft2(amplitude * phase, (side, side))
    return noise / noise.std((1, 2), keepdims=True)


def palette(random: Generator, colours: int) -> np.ndarray:
    """Colours near a random line through the colour cube: (colours, 3) in [0, 1]."""
    start, end = random.random(3), random.random(3)
    line = start + (end - start) * random.random((colours, 1))
    return np.clip(line + random.normal(0, 0.12, (colours, 3)), 0, 1)


def soft_colours(random: Generator, side: int) -> np.ndarray:
    """A smooth coloured ground, sometimes all but flat: (side, side, 3) in [0, 1]."""
    field = cloud(random, side, 3, random.uniform(1.5, 2.5)).transpose(1, 2, 0)
    spread = random.choice([0.0, 0.03, 0.1, 0.3])
    ramp = np.linspace(-0.5, 0.5, side)[:, None, None] * random.normal(0, 0.3, 3)
    mixing = 0.7 * np.ones((3, 3)) / 3 + 0.3 * random.normal(0, 1, (3, 3))
    return np.clip(random.random(3) + ramp + spread * field @ mixing, 0, 1)


def ground(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """What a painting depicts: a piece of a photograph, or soft colours. (side, side, 3)."""
    if random.random() < 0.4:
        return soft_colours(random, side)
    return crop(random, photo, side, (0.4, 1.5)).permute(1, 2, 0).numpy()


# Paintings: (random, side, photo) -> (side, side, 3)


def flat(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """A smooth ground under faint noise, as sky and haze are."""
    noise = cloud(random, side, 3, random.uniform(0, 1.5)).transpose(1, 2, 0)
    if random.random() < 0.5:
        noise = noise[..., :1]
    return soft_colours(random, side) + random.choice([0.0, 0.005, 0.02, 0.05]) * noise


def clouds(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """Noise with the spectrum of natural pictures, in correlated colours."""
    field = cloud(random, side, 3, random.uniform(0.7, 1.6)).transpose(1, 2, 0)
    mixing = random.normal(0, 0.12, (3, 3)) + random.uniform(0, 0.15)
    return random.uniform(0.2, 0.8, 3) + field @ mixing


def strokes(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """Brush strokes that flow along a smooth field of directions."""
    colours = ground(random, side, photo)
    angle = np.pi * cloud(random, side, 1, random.uniform(2, 3))[0]
    if random.random() < 0.3:
        angle = angle * 0.15 + random.uniform(0, np.pi)
    image = to_image(colours)
    draw = ImageDraw.Draw(image)
    width, jitter = random.uniform(2, 9), random.choice([0.03, 0.08, 0.15])
    for _ in range(int(6 * (side / width) ** 2 / 10)):
        path = flow(random, angle, steps=int(random.integers(3, 9)), stride=width)
        x, y = path[0].astype(int)
        colour = colours[y % side, x % side] + random.normal(0, jitter)
        for offset in np.linspace(-0.4, 0.4, 3) * width:  # three bristles of differing tone
            tone = np.clip(colour + random.normal(0, jitter, 3) * 0.5, 0, 1)
            line = [tuple(point) for point in path + offset * np.array([0.7, 0.7])]
            draw.line(line, fill=tuple((255 * tone).astype(int)), width=max(1, round(width / 2)))
    return np.asarray(image) / 255


def dabs(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """Round dabs of nearly pure colour, as pointillists set them."""
    colours = ground(random, side, photo)
    image = to_image(np.broadcast_to(colours.mean((0, 1)), colours.shape))
    draw = ImageDraw.Draw(image)
    radius, jitter = random.uniform(1.5, 5), random.uniform(0.05, 0.3)
    for x, y in random.integers(0, side, (int(2 * (side / radius) ** 2 / 3), 2)):
        tone = np.clip(colours[y, x] + random.normal(0, jitter, 3), 0, 1)
        wide, high = radius * random.uniform(0.6, 1.4, 2)
        box = (x - wide, y - high, x + wide, y + high)
        draw.ellipse(box, fill=tuple((255 * tone).astype(int)))
    return np.asarray(image) / 255


def hatching(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """Pen lines on paper, denser where the ground is dark."""
    dark = 1 - ground(random, side, photo).mean(2)
    paper, ink = palette(random, 1)[0] * 0.4 + 0.6, palette(random, 1)[0] * 0.4
    angle = random.uniform(0, np.pi) + 0.3 * cloud(random, side, 1, 2.5)[0]
    image = to_image(np.broadcast_to(paper, (side, side, 3)))
    draw = ImageDraw.Draw(image)
    fill, width = tuple((255 * ink).astype(int)), int(random.integers(1, 3))
    for _ in range(int(side * side / random.uniform(20, 80))):
        path = flow(random, angle, steps=4, stride=random.uniform(2, 6))
        x, y = path[0].astype(int) % side
        if random.random() < dark[y, x]:
            draw.line([tuple(point) for point in path], fill=fill, width=width)
    return np.asarray(image) / 255


def mosaic(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """Tiles between seeds strewn at random, each of one colour, often with grout."""
    colours = ground(random, side, photo)
    seeds = random.random((int(random.integers(20, 250)), 2)) * side
    rows, columns = np.mgrid[:side, :side]
    far = np.hypot(rows[..., None] - seeds[:, 0], columns[..., None] - seeds[:, 1])
    first, second = np.partition(far, 1, axis=2)[..., :2].transpose(2, 0, 1)
    at = seeds.astype(int)[far.argmin(2)]  # (side, side, 2)
    tiles = colours[at[..., 0], at[..., 1]] + random.normal(0, 0.05, 3)
    grout = random.choice([0.0, 1.0, 2.5])
    return np.where((second - first < grout)[..., None], palette(random, 1)[0] * 0.5, tiles)


def blots(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """Ink blots: noise cut at a level, on paper, with soft or hard edges."""
    field = cloud(random, side, 1, random.uniform(1.2, 2.5))[0] - random.normal(0, 0.7)
    ink = 1 / (1 + np.exp(-np.clip(field * random.choice([3, 10, 60]), -30, 30)))[..., None]
    paper, colour = soft_colours(random, side), palette(random, 1)[0]
    return paper * (1 - ink) + colour * ink


def leaves(random: Generator, side: int, photo: Tensor) -> np.ndarray:
    """Dead leaves: shapes of all sizes that hide one another, as things do in photographs."""
    image = to_image(soft_colours(random, side))
    draw = ImageDraw.Draw(image)
    colours = palette(random, 60)
    for fill in (255 * colours[random.integers(0, 60, 400)]).astype(int):
        radius = min(side / 3, 3 / random.random())  # density 1 / radius^2
        corners = int(random.integers(3, 12))
        turn = np.sort(random.random(corners)) * 2 * np.pi
        reach = radius * random.uniform(0.6, 1.2, corners)
        x, y = random.random(2) * side
        shape = np.stack([x + reach * np.cos(turn), y + reach * np.sin(turn)], 1)
        draw.polygon([tuple(point) for point in shape], fill=tuple(fill))
    shade = 1 + random.choice([0.0, 0.1, 0.2]) * cloud(random, side, 1, 1.5)[0]
    return np.asarray(image) / 255 * shade[..., None]


Painter = Callable[[Generator, int, Tensor], np.ndarray]
PAINTERS: tuple[Painter, ...] = (
    flat, clouds, strokes, strokes, dabs, hatching, mosaic, blots, leaves,
)  # fmt: skip


def to_image(pixels: np.ndarray) -> Image.Image:
    """(H, W, 3) in [0, 1] -> an 8-bit image to draw on."""
    return Image.fromarray((255 * np.clip(pixels, 0, 1)).astype(np.uint8))


def flow(random: Generator, angle: np.ndarray, steps: int, stride: float) -> np.ndarray:
    """A path from a random point along a field of angles: (steps, 2), x before y, in px."""
    side = len(angle)
    point = random.random(2) * side
    path = [point]
    for _ in range(steps - 1):
        x, y = path[-1].astype(int) % side
        path.append(path[-1] + stride * np.array([np.cos(angle[y, x]), np.sin(angle[y, x])]))
    return np.array(path)


def paintings(random: Generator, photos: list[Tensor], count: int, side: int = 256) -> list[Tensor]:
    """count paintings by painters drawn at random: (3, side, side) each."""
    made = []
    for _ in range(count):
        photo, painter = photos[random.integers(len(photos))], random.integers(len(PAINTERS))
        pixels = np.clip(PAINTERS[painter](random, side, photo), 0, 1)
        made.append(torch.from_numpy(pixels).float().permute(2, 0, 1).contiguous())
    return made


# Crops


def crop(random: Generator, picture: Tensor, side: int, scales: tuple[float, float]) -> Tensor:
    """A random square of the picture, looked at from a random distance, flipped, turned.

    scales: the range of (px of the crop) / (px of the picture). -> (3, side, side)
    """
    scale = np.exp(random.uniform(*np.log(scales)))
    taken = int(min(round(side / scale), *picture.shape[1:]))
    y, x = (int(random.integers(0, full - taken + 1)) for full in picture.shape[1:])
    square = resize(picture[:, y : y + taken, x : x + taken], side, side)
    if random.random() < 0.5:
        square = square.flip(2)
    if random.random() < 0.5:
        square = square.transpose(1, 2)
    return square if random.random() < 0.5 else square.flip(1)


def recolour(random: Generator, square: Tensor) -> Tensor:
    """Other colours: channels permuted, saturation, contrast and brightness changed."""
    if random.random() < 0.5:
        square = square[random.permutation(3).tolist()]
    if random.random() < 0.3 and square.std(0).mean() < 0.01:  # a grey picture: tint it
        dark, light = (torch.from_numpy(random.random((3, 1, 1))).float() for _ in range(2))
        square = dark + (light - dark) * square
    grey, mean = square.mean(0, keepdim=True), square.mean()
    square = grey + (square - grey) * random.uniform(0.2, 1.6)
    return (square - mean) * random.uniform(0.4, 1.3) + mean + random.normal(0, 0.1)


def roughen(random: Generator, square: Tensor) -> Tensor:
    """Noise on top, of any coarseness: what a picture looks like to a young optimiser."""
    side = square.shape[-1]
    noise = cloud(random, side, 3, random.choice([0.0, 0.0, 0.5, 1.0]))
    return square + random.uniform(0, 0.15) * torch.from_numpy(noise).float()


def training_crop(random: Generator, pictures: list[Tensor], side: int) -> Tensor:
    """One augmented crop, sometimes blended with another or under noise: (3, side, side)."""
    square = crop(random, pictures[random.integers(len(pictures))], side, (0.3, 2.0))
    square = recolour(random, square)
    if random.random() < 0.15:
        other = crop(random, pictures[random.integers(len(pictures))], side, (0.3, 2.0))
        square = square + random.uniform(0.2, 0.8) * (recolour(random, other) - square)
    if random.random() < 0.25:
        square = roughen(random, square)
    return square.clamp(0, 1)
