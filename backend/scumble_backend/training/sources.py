"""What crops are cut from: photographs, paintings, and pastiches, on which the student is wrong."""

import torch
from numpy.random import Generator
from torch import Tensor, nn

from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize
from scumble_backend.training import pictures

SIDE = 128  # px of a crop
BATCH = 4  # crops
PASTICHE_SIDE = 160  # px


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


def mosaic(source: Source, side: int = 4) -> Tensor:
    """side x side training crops as one picture (1, 3, H, W): what `normalised` looks at."""
    rows = [torch.cat(list(source.crops(side)), 2) for _ in range(side)]
    return torch.cat(rows, 1)[None]


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
