"""Where the styles lie, in colours over the dialog's picture, before anything is painted.

From what the painting itself is given: a place's alpha times its lightness, or what is selected. At
the size of a small picture, which is enough to be looked at.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from scumble.errors import InputError
from scumble.guard import told
from scumble.host import SELECTION
from scumble.pixels import Extent, Pixels
from scumble.places import Place
from scumble.presenter.detail import Subject
from scumble.presenter.styles import Row, StyleRows

SIDE = 192  # px
PAUSE = 60  # ms without a change
NAME = "regions"  # of what runs by itself
# Told apart by eyes that see fewer colours, too (Okabe and Ito, 2008).
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#f0e442", "#0072b2", "#d55e00")
GREY = (32, 32, 32)  # of what stays
STRENGTH = 0.55  # of a colour over the picture
HATCH = 3  # px of a stripe

Guide = bytes  # 0..255 for each px of the small picture


def coloured(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Styles that lie somewhere have a colour each."""
    placed = [row.source for row in rows if row.ticked and row.where]
    colours = {source: COLOURS[n % len(COLOURS)] for n, source in enumerate(placed)}
    return tuple(replace(row, colour=colours.get(row.source, "")) for row in rows)


class Regions:
    """shown: whether they are wanted. changed: called after that is another."""

    def __init__(self, subject: Subject, rows: StyleRows, changed: Callable[[], object]):
        self._subject, self._rows, self._say = subject, rows, subject.say
        self._changed = changed
        self.shown = False

    @property
    def any(self) -> bool:
        """Whether there is something to show."""
        return bool(self._rows.roles.keep or self._placed())

    @property
    def state(self) -> bool | None:
        """Whether they are shown; None where there is nothing to show."""
        return self.shown if self.any else None

    @told
    def show(self, on: bool) -> None:
        self.shown = on
        self.look()
        self._changed()

    def look(self) -> None:
        """What lies where may be another by now."""
        self._subject.timers.run(NAME, PAUSE, self._draw)

    @told
    def _draw(self) -> None:
        self._subject.timers.halt(NAME)
        extent = self._subject.extent(self._subject.content())
        seen = (
            self.shown
            and self.any
            and extent
            and not extent.is_empty
            and self._subject.host.is_open()
        )
        self._subject.face.draw_regions(self._picture(extent) if seen and extent else None)

    def _placed(self) -> list[Row]:
        return [row for row in coloured(self._rows.shown(self._subject.content())) if row.colour]

    def _picture(self, whole: Extent) -> Pixels:
        scale = min(1.0, SIDE / max(whole.width, whole.height))
        size = (max(1, round(scale * whole.width)), max(1, round(scale * whole.height)))
        keep = self._rows.roles.keep
        kept = self._guide(keep, whole, size) if keep else bytes(size[0] * size[1])
        placed = [
            (self._guide(row.where, whole, size), rgb(row.colour))
            for row in self._placed()
            if row.where
        ]
        return overlay(placed, kept, size)

    def _guide(self, place: Place, whole: Extent, size: tuple[int, int]) -> Guide:
        """A place that is gone, or nothing selected, is nowhere: Apply says so."""
        try:
            if place.source == SELECTION:
                mask, lies = self._subject.host.selection(), None
            else:
                mask = self._subject.host.small(str(place.source), SIDE)
                lies = self._subject.extent(str(place.source))
        except InputError:
            mask = lies = None
        if mask is None:
            return bytes(size[0] * size[1])
        found = sampled(mask, lies or mask.extent, whole, size)
        return bytes(255 - each for each in found) if place.outside else found


def rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def sampled(mask: Pixels, lies: Extent, whole: Extent, size: tuple[int, int]) -> Guide:
    """A mask, or a picture as one, at each px of a small picture of the whole. lies: where in the
    document it does; outside of that there is nothing."""
    width, height = mask.extent[2:]
    columns = _places(size[0], whole.x, whole.width, lies.x, lies.width, width)
    rows = _places(size[1], whole.y, whole.height, lies.y, lies.height, height)
    data, grey = mask.data, mask.format == "grey8"
    found = bytearray()
    for row in rows:
        for column in columns:
            if row < 0 or column < 0:
                found.append(0)
            elif grey:
                found.append(data[row * width + column])
            else:
                place = 4 * (row * width + column)
                alpha = data[place + 3]
                found.append(round(alpha * lightness(*data[place : place + 3])) if alpha else 0)
    return bytes(found)


def _places(count: int, start: int, length: int, its: int, side: int, px: int) -> list[int]:
    """Which px of a picture lies at each of so many places along one side; -1 where none does."""
    ahead = (((n + 0.5) * length / count + start - its) * px / side for n in range(count))
    return [int(each) if 0 <= each < px else -1 for each in ahead]


@lru_cache(1 << 12)
def lightness(red: int, green: int, blue: int) -> float:
    """Of an sRGB colour, 0..1: Oklab's L (Ottosson, 2020)."""
    r, g, b = (_light(each / 255) for each in (red, green, blue))
    long = 0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b
    middle = 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b
    short = 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b
    cones = (each ** (1 / 3) for each in (long, middle, short))
    weights = (0.2104542553, 0.7936177850, -0.0040720468)
    found = sum(each * weight for each, weight in zip(cones, weights, strict=True))
    return min(1.0, max(0.0, found))


def _light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def overlay(
    placed: Sequence[tuple[Guide, tuple[int, int, int]]], kept: Guide, size: tuple[int, int]
) -> Pixels:
    """The colours mixed by their guides; stripes of grey over what stays."""
    width, height = size
    found = bytearray()
    for place in range(width * height):
        stays = kept[place] / 255
        if stays and (place % width + place // width) // HATCH % 2:
            found += bytes((*GREY, round(255 * STRENGTH * stays)))
            continue
        shares = [(guide[place], colour) for guide, colour in placed if guide[place]]
        total = sum(share for share, _ in shares)
        if not total:
            found += bytes(4)
            continue
        mixed = (
            round(sum(share * colour[channel] for share, colour in shares) / total)
            for channel in range(3)
        )
        alpha = STRENGTH * (1 - stays) * min(255, total)
        found += bytes((*mixed, round(alpha)))
    return Pixels(Extent(0, 0, width, height), "rgba8", bytes(found))
