"""Where styles lie, in colours over the dialog's picture."""

import numpy as np
import pytest

from scumble.host import SELECTION
from scumble.pixels import Extent, Pixels
from scumble.places import Place
from scumble.presenter.regions import COLOURS, coloured, lightness, overlay, rgb, sampled
from scumble.presenter.styles import Row
from scumble_backend.compute import images

RED, BLUE = (200, 0, 0), (0, 0, 200)
WIDE = (8, 1)


def pixels(found: Pixels) -> np.ndarray:
    return np.frombuffer(found.data, np.uint8).reshape(found.extent.height, found.extent.width, 4)


def test_styles_that_lie_somewhere_have_a_colour_each():
    place = Place(SELECTION)
    rows = (
        Row("a", "A", ticked=True, where=place), Row("b", "B", ticked=True),
        Row("c", "C", where=place), Row("d", "D", ticked=True, where=place),
    )  # fmt: skip
    assert [row.colour for row in coloured(rows)] == [COLOURS[0], "", "", COLOURS[1]]
    many = tuple(Row(str(n), "", ticked=True, where=place) for n in range(len(COLOURS) + 1))
    assert coloured(many)[-1].colour == COLOURS[0]


def test_a_place_is_sampled_where_it_lies_and_is_nowhere_else():
    mask = Pixels(Extent(0, 0, 2, 1), "grey8", bytes((100, 200)))
    whole = Extent(0, 0, 80, 10)
    assert sampled(mask, Extent(20, 0, 40, 10), whole, WIDE) == bytes(
        (0, 0, 100, 100, 200, 200, 0, 0)
    )
    assert sampled(mask, Extent(-40, 0, 80, 10), whole, WIDE) == bytes([200] * 4 + [0] * 4)
    assert sampled(mask, Extent(0, 90, 80, 10), whole, WIDE) == bytes(8)


def test_a_layer_is_there_as_the_painting_itself_is_told():
    dice = np.random.default_rng(3)
    data = dice.integers(0, 256, (6, 8, 4), np.uint8)
    extent = Extent(0, 0, 8, 6)
    layer = Pixels(extent, "rgba8", data.tobytes())
    ours = np.frombuffer(sampled(layer, extent, extent, (8, 6)), np.uint8)
    its = np.frombuffer(images.as_mask(layer).data, np.uint8)
    assert np.abs(ours.astype(int) - its).max() <= 1
    assert (lightness(0, 0, 0), lightness(255, 255, 255)) == (0, pytest.approx(1, abs=1e-4))


def test_colours_are_mixed_by_the_guides_and_nothing_is_where_no_style_lies():
    guides = (bytes((255, 128, 0, 0)), RED), (bytes((0, 128, 255, 0)), BLUE)
    (row,) = pixels(overlay(guides, bytes(4), (4, 1)))
    assert [tuple(each[:3]) for each in row[:3]] == [RED, (100, 0, 100), BLUE]
    assert row[0, 3] == row[2, 3] > 0
    assert row[3, 3] == 0


def test_what_stays_is_striped_and_no_style_colours_it():
    (row,) = pixels(overlay([(bytes([255] * 12), RED)], bytes([255] * 6 + [0] * 6), (12, 1)))
    assert all(row[3:6, 3] > 0), "a stripe"
    assert all(each[0] == each[1] == each[2] for each in row[3:6])
    assert not any(row[:3, 3]), "between stripes is the photograph"
    assert all(tuple(each[:3]) == RED for each in row[6:9])


# In the dialog


def test_they_are_shown_once_a_place_is_chosen_and_no_more_while_it_is_painted(world):
    world.ready()
    assert world.state.regions is None
    assert world.face.regions is None
    world.presenter.choosing.set_where("ink", Place("oil"))
    world.settle()
    assert world.state.regions is True
    assert world.face.regions is not None
    ink = next(row for row in world.state.rows if row.source == "ink")
    assert ink.colour == COLOURS[0]
    world.presenter.picture.regions.show(False)
    world.settle()
    assert (world.state.regions, world.face.regions) == (False, None)
    world.presenter.picture.regions.show(True)
    world.settle()
    world.presenter.apply()
    world.settle()
    assert (world.state.regions, world.face.regions) == (False, None)


def test_what_is_kept_is_shown_alone_too(world):
    world.ready()
    extent = world.document.layers()[2].extent
    half = extent._replace(width=extent.width // 2)
    world.document.selected = Pixels(half, "grey8", bytes([255] * half.width * half.height))
    world.presenter.choosing.keep(Place(SELECTION, outside=True))
    world.settle()
    found = pixels(world.face.regions)
    assert found[:, : found.shape[1] // 2, 3].max() == 0
    assert found[:, found.shape[1] // 2 :, 3].max() > 0


def test_a_place_that_is_gone_colours_nothing(world):
    world.ready()
    world.presenter.choosing.set_where("ink", Place(SELECTION))
    world.settle()
    assert pixels(world.face.regions)[..., 3].max() == 0, "nothing is selected"
    world.presenter.choosing.set_where("ink", Place("oil"))
    world.document.remove("oil")
    world.settle()
    assert pixels(world.face.regions)[..., 3].max() == 0
    assert world.unforeseen == []
    assert rgb(COLOURS[0]) == (230, 159, 0)
