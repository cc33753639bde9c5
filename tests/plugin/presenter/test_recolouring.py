"""Another share of the photograph's colours, seen before it is painted."""

import pytest
from world import BARE, COLOURED, number_of

OTHERS = {
    "a knob": {"colour": 50.0, "strength": 30.0},
    "colours by palette": {"colour": 50.0, "colour_by": "palette"},
    "a field of nonsense": None,
}


def slide(world, **values) -> tuple[str, int]:
    """The artist moves a slider: what the picture says, and shows."""
    world.face.settings |= values
    world.presenter.edit()
    return world.state.badge, number_of(world.face.painting)


def test_it_is_seen_at_once_and_the_result_again_where_it_is_what_is_asked_for(world):
    world.done()
    result = number_of(world.face.painting)
    assert world.state.badge == "Result"
    assert slide(world, colour=100.0) == ("Not painted yet", COLOURED)
    assert slide(world, colour=50.0) == ("Not painted yet", 0x40404080)
    assert slide(world, colour=0.0) == ("Result", result), "as it was painted"
    assert not world.backend.jobs, "nothing is painted for it"
    assert world.in_document() == [result]


def test_a_result_with_some_of_the_colours_goes_both_ways(world):
    world.face.settings |= {"colour": 50.0}
    world.done()
    assert slide(world, colour=0.0) == ("Not painted yet", BARE)
    assert slide(world, colour=100.0) == ("Not painted yet", COLOURED)
    assert slide(world, colour=50.0)[0] == "Result"


@pytest.mark.parametrize("what", OTHERS)
def test_what_would_have_to_be_painted_is_not_shown(world, what):
    world.done()
    result = number_of(world.face.painting)
    slide(world, colour=100.0)
    if values := OTHERS[what]:
        assert slide(world, **values) == ("Result", result)
    else:
        world.face.nonsense = True
        assert slide(world) == ("Result", result)


def test_where_the_backend_is_gone_the_result_is_shown_and_nothing_goes_wrong(world):
    world.done()
    result = number_of(world.face.painting)
    slide(world, colour=100.0)
    world.backend.die()
    world.settle(9.0)
    world.face.settings["colour"] = 50.0
    world.presenter.edit()
    assert (world.state.badge, number_of(world.face.painting)) == ("Result", result)
    assert world.state.message == ""


def test_apply_paints_it(world):
    world.done()
    slide(world, colour=100.0)
    world.presenter.apply()
    world.settle()
    assert world.state.badge == ""
    number = world.backend.finish()
    world.settle()
    assert (world.state.badge, number_of(world.face.painting)) == ("Result", number)
    assert len(world.in_document()) == 2
    assert slide(world, colour=0.0)[0] == "Not painted yet"


def test_after_its_end_a_result_that_is_undone_is_not_coloured(world):
    world.done()
    slide(world, colour=100.0)
    (result,) = world.document.inserted
    world.document.remove(result)
    world.settle()
    assert (world.state.badge, world.face.painting) == ("", None)
    world.face.settings |= {"colour": 50.0}
    world.presenter.edit()
    assert (world.state.badge, world.face.painting) == ("", None)


def test_while_it_paints_nothing_of_an_earlier_result_is_shown(world):
    world.done()
    world.presenter.apply()
    world.settle()
    world.backend.preview()
    world.settle()
    shown = world.face.painting
    world.face.settings |= {"colour": 100.0}
    world.presenter.edit()
    assert (world.state.badge, world.face.painting) == ("Painting", shown)
