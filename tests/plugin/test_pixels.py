import struct
from random import Random

import pytest
from tests.sentences import says

from scumble.errors import PictureError
from scumble.pixels import FORMATS, MAX_BYTES, Extent, Pixels


def make(width: int, height: int, format: str = "rgba8", x: int = 0, y: int = 0) -> Pixels:
    size = width * height * FORMATS[format].bytes_per_pixel
    return Pixels(Extent(x, y, width, height), format, bytes(k % 251 for k in range(size)))


@pytest.mark.parametrize("format", FORMATS)
def test_a_crop_holds_the_pixels_of_its_place(format):
    whole, size = make(7, 5, format, x=-3, y=10), FORMATS[format].bytes_per_pixel
    part = whole.crop(Extent(-1, 11, 3, 2))
    assert part.extent == (-1, 11, 3, 2)
    expected = b"".join(
        whole.data[(row * 7 + column) * size :][:size] for row in (1, 2) for column in (2, 3, 4)
    )
    assert part.data == expected


def test_a_crop_ends_where_the_picture_ends():
    assert make(7, 5).crop(Extent(5, -2, 100, 4)).extent == (5, 0, 2, 2)


@pytest.mark.parametrize("format", ["rgba8", "rgba16", "rgbaf32"])
def test_a_picture_is_clear_where_no_pixel_is_seen(format):
    depth = FORMATS[format].bytes_per_pixel // 4
    clear = b"\x40" * 3 * depth + bytes(depth)
    assert Pixels(Extent(0, 0, 3, 2), format, clear * 6).is_clear()
    assert not Pixels(Extent(0, 0, 3, 2), format, clear * 5 + clear[:-1] + b"\x01").is_clear()


def test_a_wrong_length_is_refused():
    with pytest.raises(
        PictureError,
        match=says("px came with … bytes instead of …: it is damaged"),
    ):
        Pixels(Extent(0, 0, 2, 2), "rgba8", bytes(15))


def test_a_huge_picture_is_refused_with_a_size_that_fits():
    with pytest.raises(PictureError) as error:
        Pixels(Extent(0, 0, 20000, 20000), "rgba8", b"")
    width, height = (
        int(word) for word in str(error.value).split("at most ")[1].split(" px")[0].split(" x ")
    )
    assert width * height * 4 <= MAX_BYTES < (width + 10) * (height + 10) * 4


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, 5)])
def test_an_empty_picture_is_refused(size):
    with pytest.raises(PictureError, match=says("The picture is empty (… x … px): choose")):
        Pixels(Extent(0, 0, *size), "rgba8", b"")


def test_an_unknown_format_is_refused():
    with pytest.raises(PictureError, match=says("There is no pixel format …: there are ….")):
        Pixels(Extent(0, 0, 1, 1), "rgb5", b"")


def test_the_digest_names_the_content_and_not_the_place():
    assert make(4, 6).digest() == make(4, 6, x=9).digest()
    assert make(4, 6).digest() != make(6, 4).digest()


@pytest.mark.parametrize(
    ("format", "pixel"),
    [
        ("rgba8", bytes([10, 128, 255, 77])),
        ("rgba16", struct.pack("<4H", 10 * 257, 128 * 257, 65535, 77 * 257)),
        ("rgbaf32", struct.pack("<4f", 10 / 255, 128 / 255, 3.0, 77 / 255)),
        ("rgbaf32-linear", struct.pack("<4f", 0.003035, 0.215861, 1.0, 77 / 255)),
    ],
)
def test_a_small_picture_has_the_colours_of_the_large_one(format, pixel):
    small = Pixels(Extent(-5, 9, 100, 40), format, pixel * 4000).small(10)
    assert (small.extent, small.format) == (Extent(0, 0, 10, 4), "rgba8")
    assert small.data == bytes([10, 128, 255, 77]) * 40


def test_a_small_picture_is_taken_from_all_over_the_large_one():
    rows = b"".join(bytes([x, y, 0, 255]) for y in range(30) for x in range(60))
    small = Pixels(Extent(0, 0, 60, 30), "rgba8", rows).small(6)
    assert [tuple(small.data[k : k + 2]) for k in range(0, 24, 4)] == [
        (x, 0) for x in range(0, 60, 10)
    ]
    assert Pixels(Extent(0, 0, 60, 1), "rgba8", rows[:240]).small(6).extent[2:] == (6, 1)


def test_what_is_no_number_is_black_in_a_small_picture():
    nan = struct.pack("<4f", float("nan"), -1.0, float("inf"), 1.0)
    assert Pixels(Extent(0, 0, 1, 1), "rgbaf32", nan).small(8).data == bytes([0, 0, 255, 255])


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_two_pictures_are_mixed_byte_by_byte(share):
    extent, random = Extent(3, -4, 7, 5), Random(5)
    one, other = (Pixels(extent, "rgba8", random.randbytes(140)) for _ in range(2))
    mixed = one.mixed(other, share)
    assert mixed.extent == extent
    for each, ours, theirs in zip(mixed.data, one.data, other.data, strict=True):
        assert each == int((1 - share) * ours + share * theirs)
