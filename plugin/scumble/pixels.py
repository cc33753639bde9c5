"""Pixels: a rectangle of a picture, as it travels.

Row-major, unpadded, little-endian, straight (not premultiplied) alpha, with sRGB's primaries;
sRGB-encoded, or linear in light where the format says so.
"""

import hashlib
from array import array
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from scumble.errors import PictureError
from scumble.language import tr

MAX_SIDE = 32768  # px
MAX_BYTES = 2**30  # of one picture: 16384 x 16384 px at 8 bits


class Format(NamedTuple):
    channels: int
    bytes_per_channel: int

    @property
    def bytes_per_pixel(self) -> int:
        return self.channels * self.bytes_per_channel


_CODES = {1: "B", 2: "H", 4: "f"}  # of a channel, by its bytes, for struct
LINEAR = "-linear"  # how the names of such formats end
FORMATS = {
    "rgba8": Format(4, 1),
    "rgba16": Format(4, 2),
    "rgbaf32": Format(4, 4),
    f"rgba16{LINEAR}": Format(4, 2),
    f"rgbaf32{LINEAR}": Format(4, 4),
    "grey8": Format(1, 1),  # of a mask: what is selected, and how much
}


class Extent(NamedTuple):
    """A rectangle in document pixels; x and y may be negative."""

    x: int
    y: int
    width: int
    height: int

    @property
    def is_empty(self) -> bool:
        return not (self.width and self.height)

    def intersection(self, other: "Extent") -> "Extent":
        """The part that both cover; of zero width or height where they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        return Extent(x, y, max(0, right - x), max(0, bottom - y))


@dataclass(frozen=True)
class Pixels:
    """A picture and where it lies. format is a key of FORMATS; data holds width * height pixels.

    Raises PictureError where the data's length does not fit or the picture is too large.
    """

    extent: Extent
    format: str
    data: bytes

    def __post_init__(self):
        check_size(self.extent.width, self.extent.height, self.format)
        expected = self.extent.width * self.extent.height * FORMATS[self.format].bytes_per_pixel
        if len(self.data) != expected:
            raise PictureError(
                tr(
                    "A picture of {width} x {height} px came with {count} bytes instead of "
                    "{expected}: it is damaged; send it again.",
                    width=self.extent.width,
                    height=self.extent.height,
                    count=len(self.data),
                    expected=expected,
                )
            )

    def is_clear(self) -> bool:
        """Whether it is transparent all over. Of RGBA alone."""
        size = FORMATS[self.format].bytes_per_pixel
        alphas = (self.data[place::size] for place in range(3 * size // 4, size))
        return all(each.count(0) == len(each) for each in alphas)

    def crop(self, extent: Extent) -> "Pixels":
        """The part of the picture inside extent."""
        part = self.extent.intersection(extent)
        size = FORMATS[self.format].bytes_per_pixel
        pitch, left = self.extent.width * size, (part.x - self.extent.x) * size
        top, view = part.y - self.extent.y, memoryview(self.data)
        rows = (
            view[row * pitch + left :][: part.width * size] for row in range(top, top + part.height)
        )
        return Pixels(part, self.format, b"".join(rows))

    def small(self, side: int) -> "Pixels":
        """To be looked at: at most side px, as rgba8, one pixel of each so many; for colours."""
        channels = FORMATS[self.format].channels
        width, height = self.extent.width, self.extent.height
        scale = max(1.0, max(width, height) / side)
        extent = Extent(0, 0, max(1, int(width / scale)), max(1, int(height / scale)))
        columns = [int(column * scale) * channels for column in range(extent.width)]
        pick = itemgetter(*(column + each for column in columns for each in range(channels)))
        code = _CODES[FORMATS[self.format].bytes_per_channel]
        numbers, picked = memoryview(self.data).cast(code), array(code)  # type: ignore[arg-type]
        for row in range(extent.height):
            picked.extend(pick(numbers[int(row * scale) * width * channels :]))
        return Pixels(extent, "rgba8", _as_8_bits(picked, self.format.endswith(LINEAR)))

    def mixed(self, other: "Pixels", share: float) -> "Pixels":
        """With a share, 0..1, of another picture of the same extent; both rgba8. A slider waits for
        it, so that all bytes are mixed at once: as one number, in two halves of every second."""
        weight, length = round(share * 256), len(self.data)
        every_second = int.from_bytes(b"\xff\x00" * (length // 2), "little")
        ours, theirs = (int.from_bytes(each.data, "little") for each in (self, other))

        def half(shift: int) -> int:
            sum_ = (ours >> shift & every_second) * (256 - weight)
            sum_ += (theirs >> shift & every_second) * weight
            return (sum_ >> 8 & every_second) << shift

        data = (half(0) | half(8)).to_bytes(length, "little")
        return Pixels(self.extent, self.format, data)

    def digest(self) -> str:
        """A name for the content, wherever it lies: the same pixels have the same digest."""
        head = f"{self.format} {self.extent.width} {self.extent.height} ".encode()
        made = hashlib.sha256(head)
        made.update(self.data)  # which may be large: not once more in memory
        return made.hexdigest()


def _as_8_bits(numbers: array, linear: bool) -> bytes:
    """Pixels of four channels, their colours sRGB-encoded; linear: whether they were in light."""
    top = 1.0 if numbers.typecode == "f" else 256.0**numbers.itemsize - 1
    if numbers.typecode == "f":
        plain = bytearray(map(_byte, numbers))
    else:  # the highest byte of each
        plain = bytearray(numbers.tobytes()[numbers.itemsize - 1 :: numbers.itemsize])
    for channel in range(3 * linear):
        plain[channel::4] = bytes(map(_encoded, (each / top for each in numbers[channel::4])))
    return bytes(plain)


def _byte(value: float) -> int:
    return round(255 * min(1.0, max(0.0, value))) if value == value else 0


@lru_cache(1 << 16)
def _encoded(light: float) -> int:
    """A colour's light as sRGB's byte (IEC 61966-2-1)."""
    return _byte(12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055)


def check_size(width: int, height: int, format: str) -> None:
    """Raises PictureError where a picture is empty, too large, or of an unknown format."""
    if format not in FORMATS:
        raise PictureError(
            tr(
                "There is no pixel format {format}: there are {formats}.",
                format=repr(format),
                formats=", ".join(FORMATS),
            )
        )
    if width < 1 or height < 1:
        raise PictureError(
            tr(
                "The picture is empty ({width} x {height} px): choose another layer.",
                width=width,
                height=height,
            )
        )
    room = MAX_BYTES // FORMATS[format].bytes_per_pixel
    if width * height > room or max(width, height) > MAX_SIDE:
        scale = min(1.0, (room / (width * height)) ** 0.5, MAX_SIDE / max(width, height))
        fits = f"{max(1, int(width * scale))} x {max(1, int(height * scale))} px"
        raise PictureError(
            tr(
                "The picture is too large ({width} x {height} px): at most {fits} of this "
                "shape and depth fit; make it smaller, or choose a part of it.",
                width=width,
                height=height,
                fits=fits,
            )
        )
