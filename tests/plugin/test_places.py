"""Where a style lies: read from the selection, a layer or a picture file."""

from pathlib import Path

import pytest
from tests.sentences import says

from scumble import places
from scumble.errors import LayerError
from scumble.host import SELECTION, Layer
from scumble.pixels import Extent, Pixels
from scumble.places import Place

CONTENT = Extent(10, 20, 30, 40)


def grey(extent: Extent) -> Pixels:
    return Pixels(extent, "grey8", bytes(extent.width * extent.height))


def rgba(extent: Extent) -> Pixels:
    return Pixels(extent, "rgba8", bytes(4 * extent.width * extent.height))


class Document:
    """Of a host no more than what is asked here."""

    def __init__(self, selected: Pixels | None = None, picture: Pixels | None = None):
        self.selected, self.picture = selected, picture

    def read(self, layer, extent):
        return rgba(Extent(0, 0, 50, 50)).crop(extent)

    def read_picture(self, path):
        return self.picture


def read(place: Place, **found):
    document = Document(**found)
    return places.read(document, place, CONTENT, document.selected)  # type: ignore[arg-type]


def test_of_the_selection_and_of_a_layer_what_lies_in_the_content_is_read():
    found = read(Place(SELECTION, outside=True), selected=grey(Extent(0, 0, 15, 25)))
    assert (found.pixels.extent, found.outside) == (Extent(10, 20, 5, 5), True)
    assert read(Place("7")).pixels.extent == Extent(10, 20, 30, 30)


def test_a_picture_file_lies_over_the_content_and_has_its_size():
    place = Place(Path("sky.png"))
    assert read(place, picture=rgba(Extent(0, 0, 30, 40))).pixels.extent == CONTENT
    with pytest.raises(
        LayerError,
        match=says(
            "“…” is … x … px, and what is repainted … x … px: make it as large, so that it says "
            "where."
        ),
    ):
        read(place, picture=rgba(Extent(0, 0, 9, 9)))


def test_without_a_selection_or_with_one_elsewhere_that_is_said():
    with pytest.raises(LayerError, match="Nothing is selected: select where a style lies"):
        read(Place(SELECTION))
    with pytest.raises(LayerError, match="What is selected lies beside the layer"):
        read(Place(SELECTION), selected=grey(Extent(100, 0, 5, 5)))


def test_a_layer_that_says_where_and_is_gone_is_said():
    layers = {"1": Layer("1", "sky", "paint", CONTENT)}
    places.check(Place("1"), layers)
    places.check(Place(SELECTION), layers)
    places.check(Place(Path("sky.png")), layers)
    with pytest.raises(LayerError, match="A layer that says where is gone"):
        places.check(Place("2"), layers)
