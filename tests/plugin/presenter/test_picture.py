"""The picture follows the layer: where it lies an editor may know later than that it is there."""

from dataclasses import replace

from world import CANVAS, NOWHERE

from scumble.pixels import Extent
from scumble.presenter import words

SECOND = 1000  # ms


def test_a_layer_whose_place_is_not_known_yet_is_shown_once_it_is(world):
    world.document.growing = {"photograph"}  # as a vector layer that was only just drawn
    world.presenter.look()
    world.settle()
    assert (world.face.content, world.face.whole) == (None, NOWHERE)
    world.document.growing = set()
    world.loop.wait(2 * SECOND)
    assert world.face.content is not None
    assert world.face.whole == CANVAS


def test_it_is_not_drawn_anew_in_the_middle_of_a_stroke(world):
    before = world.face.content
    world.document.growing, world.document.stroke = {"photograph"}, True
    world.loop.wait(2 * SECOND)
    assert world.face.content is before
    world.document.stroke = False
    world.loop.wait(2 * SECOND)
    assert world.face.content is None


def test_it_is_looked_at_as_closely_as_before_while_it_becomes_larger(world):
    world.presenter.picture.looking.zoom(3)
    seen = world.state.view
    world.document.all[-1] = replace(world.document.all[-1], extent=Extent(-8, 0, 40, 20))
    world.loop.wait(2 * SECOND)
    assert world.state.view == seen


def test_a_result_stays_in_view_while_its_layer_is_painted_on(world):
    world.done()
    result = world.face.painting
    assert world.state.badge == words.RESULT
    place = next(n for n, each in enumerate(world.document.all) if each.id == "photograph")
    world.document.all[place] = replace(world.document.all[place], extent=Extent(0, 0, 40, 20))
    world.loop.wait(2 * SECOND)
    assert world.face.painting is result
