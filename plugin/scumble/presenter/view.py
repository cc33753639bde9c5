"""How a picture is looked at: how large, which part of it, and where before and after meet.

Lengths are the toolkit's own units, places are in the room that the picture is shown in, from its
upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from scumble.pixels import Extent

MARGIN = 8  # around a picture that is seen whole
NOTCH = 1.25  # how much larger one notch of the wheel, or one press, makes it
MOST = 16.0  # px of the screen to one of the picture
NOTHING = 1e-6  # less than can be seen: of rounding
SPLIT_STEP = 0.05  # of what is seen, for a key
GRIP = 8  # how far from the line the mouse still takes it


class Box(NamedTuple):
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def intersection(self, other: Box) -> Box:
        """The part that both cover; of no width or height where they do not meet."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))


@dataclass(frozen=True)
class View:
    """picture: its size, px. room: width and height. density: px of the screen to a unit.
    zoom: px of the screen to one of the picture; 0: as large as fits.
    centre: what of the picture lies in the middle, in parts of its size.
    split: what is left of it shows the picture before, in parts of what is seen.
    """

    picture: tuple[int, int] = (1, 1)
    room: tuple[float, float] = (1.0, 1.0)
    density: float = 1.0
    zoom: float = 0.0
    centre: tuple[float, float] = (0.5, 0.5)
    split: float = 0.0

    @property
    def fits(self) -> float:
        """The zoom at which all of the picture is seen."""
        sides = zip(self.room, self.picture, strict=True)
        scale = min(max(1.0, room - 2 * MARGIN) / side for room, side in sides)
        return scale * self.density

    @property
    def seen_at(self) -> float:
        """px of the screen to one of the picture."""
        return self.zoom or self.fits

    @property
    def place(self) -> Box:
        """Where the picture lies; beyond the room where it is larger."""
        scale = self.seen_at / self.density
        width, height = (scale * side for side in self.picture)
        left = _start(self.room[0], width, self.centre[0])
        top = _start(self.room[1], height, self.centre[1])
        return Box(left, top, width, height)

    @property
    def seen(self) -> Box:
        """The part of the room where the picture is."""
        return self.place.intersection(Box(0, 0, *self.room))

    @property
    def line(self) -> float:
        """Where before and after meet, across."""
        return self.seen.left + self.split * self.seen.width

    @property
    def after(self) -> Box:
        """Where what is painted is to be seen."""
        seen = self.seen
        return Box(self.line, seen.top, seen.right - self.line, seen.height)

    @property
    def moves(self) -> bool:
        """Whether there is more of the picture than the room shows."""
        place = self.place
        return place.width > self.room[0] + NOTHING or place.height > self.room[1] + NOTHING

    def at_line(self, x: float) -> bool:
        """Whether the mouse takes the line here."""
        return abs(x - self.line) <= GRIP

    def box(self, part: Extent, whole: Extent) -> Box:
        """Where a part of the picture lies. whole: the picture; both in px of the document."""
        across, down = self.place.width / whole.width, self.place.height / whole.height
        return Box(
            self.place.left + (part.x - whole.x) * across,
            self.place.top + (part.y - whole.y) * down,
            part.width * across,
            part.height * down,
        )

    def part(self, whole: Extent) -> Extent:
        """The part of the picture that is seen, in px of the document."""
        scale, seen = self.seen_at / self.density, self.seen
        left, top = (int((a - b) / scale) for a, b in zip(seen[:2], self.place[:2], strict=True))
        width, height = (int(side / scale) + 2 for side in seen[2:])
        return Extent(whole.x + left, whole.y + top, width, height).intersection(whole)

    def zoomed(self, zoom: float, at: tuple[float, float] | None = None) -> View:
        """As large as that, as far as goes; what lies at a place stays there."""
        x, y = at or (self.room[0] / 2, self.room[1] / 2)
        place = self.place
        under = ((x - place.left) / place.width, (y - place.top) / place.height)
        new = replace(self, zoom=min(max(MOST, self.fits), max(min(1.0, self.fits), zoom)))
        sides = new.place[2:]
        centre = (
            there + (room / 2 - here) / side
            for there, here, room, side in zip(under, (x, y), self.room, sides, strict=True)
        )
        return new.centred(*centre)

    def stepped(self, notches: float, at: tuple[float, float] | None = None) -> View:
        """Larger by so many notches, or smaller. Where all is seen it stays as large as fits."""
        zoom = self.seen_at * NOTCH**notches
        crosses = (self.seen_at - self.fits) * (zoom - self.fits) < 0
        if crosses and abs(zoom / self.fits - 1) < NOTCH - 1:
            return self.fitted()
        return self.zoomed(zoom, at)

    def fitted(self) -> View:
        return replace(self, zoom=0.0, centre=(0.5, 0.5))

    def moved(self, across: float, down: float) -> View:
        """The picture moved, as far as there is more of it."""
        return self.centred(
            self.centre[0] - across / self.place.width, self.centre[1] - down / self.place.height
        )

    def centred(self, x: float, y: float) -> View:
        """Never beyond the picture's edges."""
        across, down = self.room[0] / self.place.width, self.room[1] / self.place.height
        return replace(self, centre=(_within(x, across / 2), _within(y, down / 2)))

    def resized(self, room: tuple[float, float], density: float) -> View:
        new = replace(self, room=room, density=density)
        return new.zoomed(new.zoom) if new.zoom else new

    def of(self, picture: tuple[int, int]) -> View:
        """Another picture in the same room: whole, and nothing of it before."""
        return View(picture, self.room, self.density)

    def split_at(self, x: float) -> View:
        """The line as near as goes to a place."""
        seen = self.seen
        return self.split_to((x - seen.left) / max(1.0, seen.width))

    def split_to(self, share: float) -> View:
        return replace(self, split=min(1.0, max(0.0, share)))


WHOLE = View()  # of no picture yet


def _start(room: float, side: float, centre: float) -> float:
    """Where a side of the picture begins: in the middle, where there is room."""
    return (room - side) / 2 if side <= room else room / 2 - centre * side


def _within(centre: float, half: float) -> float:
    """half: of the room, in parts of the picture."""
    return 0.5 if half >= 0.5 else min(1 - half, max(half, centre))
