"""What is looked at closely is read as fine as it is, and only as far as it is seen."""

import pytest

from scumble.host import MERGED
from scumble.pixels import Extent, Pixels
from scumble.presenter.detail import MOST, SIDE, is_coarse, plain
from scumble.presenter.view import View

ROOM = (416, 316)


@pytest.fixture
def large(world):
    """A layer of 4000 x 3000 px is looked at."""
    place = next(n for n, each in enumerate(world.document.all) if each.id == "photograph")
    old = world.document.all[place]
    extent = Extent(-10, 20, 4000, 3000)
    world.document.all[place] = type(old)(old.id, old.name, old.kind, extent)
    read = []

    def spy(layer, part=None):
        read.append((layer, part))
        return Pixels(part, "rgba8", bytes(4 * part.width * part.height))

    world.document.read = spy
    world.document.small = lambda layer, side: None  # of which an editor keeps its own
    world.presenter.picture.looking.resize(*ROOM, 1.0)
    world.presenter.look()
    world.settle()
    return world, read


def test_the_whole_of_it_is_seen_in_the_small_picture(large):
    world, read = large
    assert world.state.view.seen_at == 0.1
    assert read == []
    assert world.face.detail is None


def test_the_part_that_is_seen_is_read_once_the_view_stands_still(large):
    world, read = large
    looking = world.presenter.picture.looking
    looking.show_pixels()
    looking.press(200, 150, compares=False)
    for step in range(5):
        looking.pull(190 - step, 150)
    assert read == []
    world.settle()
    ((layer, part),) = read
    assert layer == "photograph"
    assert part == world.state.view.part(Extent(-10, 20, 4000, 3000))
    assert part.width * part.height < 1.02 * ROOM[0] * ROOM[1]
    assert world.face.detail[0].extent == part


def test_too_much_is_not_read(large):
    world, read = large
    world.presenter.picture.looking.resize(3000, 2000, 1.0)
    world.settle()
    assert is_coarse(world.state.view)
    assert MOST < 3000 * 2000
    assert read == []


def test_a_layer_that_cannot_be_read_is_scaled_and_nothing_is_said(large):
    world, _ = large
    del world.document.read
    world.presenter.picture.looking.show_pixels()
    world.document.remove("photograph")
    world.settle()
    assert world.state.message == ""
    assert world.unforeseen == []


def test_the_result_is_seen_as_fine_as_it_is(world):
    world.done()
    world.presenter.picture.looking.resize(9000, 9000, 1.0)
    world.settle()
    content, painting = world.face.detail
    assert content.extent == painting.extent == world.document.layers()[-2].extent
    assert painting.data == world.presenter.painting.result.pixels.data
    assert world.document.layers()[-1].id == MERGED


def test_small_pictures_are_coarse_where_the_screen_shows_more():
    view = View(picture=(4000, 3000), room=ROOM)
    assert not is_coarse(view)
    assert is_coarse(view.zoomed(0.2))
    assert not is_coarse(view.resized((SIDE, SIDE), 2.0)), "they are twice as large there"


def test_every_format_becomes_one_that_can_be_shown():
    extent = Extent(3, 4, 2, 1)
    deep = Pixels(extent, "rgba16", bytes((0, 255, 0, 128, 0, 0, 0, 255)) * 2)
    assert plain(deep) == Pixels(extent, "rgba8", bytes((255, 128, 0, 255)) * 2)
    assert plain(plain(deep)) == plain(deep)
