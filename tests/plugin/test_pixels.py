import pytest

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


def test_a_wrong_length_is_refused():
    with pytest.raises(PictureError, match="damaged"):
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
    with pytest.raises(PictureError, match="empty"):
        Pixels(Extent(0, 0, *size), "rgba8", b"")


def test_the_digest_names_the_content_and_not_the_place():
    assert make(4, 6).digest() == make(4, 6, x=9).digest()
    assert make(4, 6).digest() != make(6, 4).digest()
