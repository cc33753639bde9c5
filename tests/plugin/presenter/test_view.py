"""How a picture is looked at, without a toolkit: what lies where, limits, and the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.pixels import Extent
from scumble.presenter.view import MARGIN, MOST, NOTCH, Box, View

VIEW = View(picture=(400, 200), room=(216, 216))


def test_a_picture_is_seen_whole_in_the_middle_to_begin_with():
    assert VIEW.place == VIEW.seen == Box(MARGIN, 58, 200, 100)
    assert (VIEW.seen_at, VIEW.moves) == (0.5, False)


def test_zoom_says_px_of_the_screen_whatever_the_toolkits_units_are():
    fine = VIEW.resized(VIEW.room, 2.0)
    assert (fine.seen_at, fine.place) == (1.0, VIEW.place)
    assert fine.zoomed(1.0).place == VIEW.place
    assert VIEW.zoomed(1.0).place == Box(-92, 8, 400, 200)


@pytest.mark.parametrize("at", [(8, 58), (100, 100), (207, 157)])
def test_what_is_under_the_mouse_stays_there(at):
    view = VIEW.zoomed(4.0)
    here = view.place
    there = view.stepped(2, at).place
    for axis in (0, 1):
        before = (at[axis] - here[axis]) / here[axis + 2]
        after = (at[axis] - there[axis]) / there[axis + 2]
        assert after == pytest.approx(before)


def test_as_many_notches_back_as_forth_and_it_is_whole_again():
    view = VIEW
    for _ in range(5):
        view = view.stepped(1)
    assert view.seen_at == pytest.approx(0.5 * NOTCH**5)
    for _ in range(5):
        view = view.stepped(-1)
    assert view.place == pytest.approx(VIEW.place)


def test_a_small_picture_that_is_shown_enlarged_can_be_seen_at_its_own_size():
    small = View(picture=(20, 20), room=(216, 216))
    assert small.seen_at == 10
    assert small.zoomed(0.01).seen_at == 1
    assert VIEW.zoomed(0.01).seen_at == 0.5, "never smaller than whole"
    assert VIEW.zoomed(1000).seen_at == MOST


def test_it_moves_as_far_as_there_is_more_of_it():
    view = VIEW.zoomed(2.0)
    assert view.moves
    assert view.moved(10, -10).place == Box(-282, -102, 800, 400)
    assert view.moved(9999, 9999).place[:2] == (0, 0)
    assert view.moved(-9999, -9999).place[:2] == (216 - 800, 216 - 400)
    assert VIEW.moved(50, 50) == VIEW


def test_the_line_lies_in_what_is_seen_and_cuts_the_painting_off():
    assert VIEW.after == VIEW.seen, "to begin with all is painted"
    view = VIEW.split_at(108)
    assert (view.split, view.line, view.after) == (0.5, 108, Box(108, 58, 100, 100))
    assert view.at_line(112)
    assert not view.at_line(140)
    assert VIEW.split_at(-5).split == 0
    assert VIEW.split_at(500).after.width == 0
    assert view.zoomed(2.0).line == 108, "it stays in the middle of what is seen"


def test_a_picture_that_is_seen_whole_never_moves_however_its_sides_are_rounded():
    for width in range(300, 700):
        view = View(picture=(96, 80), room=(width / 1.1, 333.3))
        assert not view.moves
        assert view.zoomed(2 * view.fits).moves


def test_a_part_of_the_picture_lies_in_its_place_in_it():
    whole = Extent(-100, 50, 400, 200)
    assert VIEW.box(whole, whole) == VIEW.place
    assert VIEW.box(Extent(0, 150, 200, 100), whole) == Box(58, 108, 100, 50)


def test_the_part_that_is_seen_is_known_in_px_of_the_document():
    whole = Extent(-100, 50, 400, 200)
    assert VIEW.part(whole) == whole
    part = VIEW.zoomed(2.0).part(whole)
    assert part.intersection(whole) == part
    assert (part.x, part.width) == (-100 + 146, 110)


sides, places = st.integers(1, 5000), st.tuples(st.floats(-50, 900), st.floats(-50, 900))
steps = st.one_of(
    st.tuples(st.just("stepped"), st.floats(-9, 9), places),
    st.tuples(st.just("moved"), st.floats(-9e3, 9e3), st.floats(-9e3, 9e3)),
    st.tuples(st.just("resized"), st.tuples(st.floats(1, 900), st.floats(1, 900)), st.floats(1, 3)),
    st.tuples(st.just("split_at"), st.floats(-9e3, 9e3)),
    st.tuples(st.just("of"), st.tuples(sides, sides)),
)  # fmt: skip


@given(st.lists(steps, max_size=20))
def test_whatever_is_done_the_picture_fills_the_room_or_lies_whole_in_it(doings):
    view = VIEW
    for name, *how in doings:
        view = getattr(view, name)(*how)
        for axis in (0, 1):
            start, side, room = view.place[axis], view.place[axis + 2], view.room[axis]
            end = start + side
            inside = start >= -1e-6 and end <= room + 1e-6
            filled = start <= 1e-6 and end >= room - 1e-6
            assert inside or filled
        assert view.seen.left - 1e-6 <= view.line <= view.seen.right + 1e-6
        assert (
            min(1, view.fits) / 1.001 <= view.seen_at <= max(MOST, view.fits) * 1.001 or view.zoom
        )
