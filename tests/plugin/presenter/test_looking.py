"""What hand and keys do to the view of a picture."""

import pytest

from scumble.presenter.looking import PAN, Looking
from scumble.presenter.view import NOTCH


@pytest.fixture
def changes() -> list[str]:
    return []


@pytest.fixture
def looking(changes) -> Looking:
    """At a picture of 400 x 200 px, shown 200 units wide, 8 from the left and 58 from above."""
    looking = Looking(lambda: changes.append("changed"))
    looking.show(400, 200)
    looking.resize(216, 216, 1.0)
    changes.clear()
    return looking


def test_the_wheel_makes_it_larger_under_the_mouse(looking, changes):
    looking.zoom(1, 8, 58)
    assert looking.view.seen_at == 0.5 * NOTCH
    assert looking.view.place[:2] == pytest.approx((0, 45.5), abs=13)
    assert changes == ["changed"]


def test_the_same_picture_is_seen_as_before_and_another_one_whole(looking, changes):
    looking.show_pixels()
    looking.show(400, 200)
    assert looking.view.seen_at == 1
    looking.show(100, 200)
    assert looking.view.zoom == 0
    looking.show(0, 0)
    assert looking.view.picture == (1, 1), "an empty layer"


def test_nothing_is_told_where_nothing_changes(looking, changes):
    looking.fit()
    looking.zoom(0)
    looking.begin()
    assert changes == []


def test_the_original_shows_while_the_mouse_is_held_down_over_a_painting(looking):
    assert not looking.press(100, 100, compares=False)
    assert looking.press(100, 100, compares=True)
    assert not looking.pull(110, 100), "all of it is seen: it shows on"


def test_a_larger_picture_is_pulled_with_the_mouse(looking):
    looking.show_pixels()
    before = looking.view.place
    looking.press(100, 100, compares=True)
    assert looking.pull(110, 104)
    looking.release()
    assert looking.view.place[:2] == (before.left + 10, before.top)
    assert not looking.pull(150, 100), "it is let go"


def test_the_line_is_dragged_by_its_handle(looking):
    assert not looking.press(11, 100, compares=True), "taken near enough"
    assert looking.pull(108, 30)
    assert looking.view.split == 0.5
    looking.release()
    assert looking.press(11, 100, compares=True), "it is not there any more"
    looking.begin()
    assert looking.view.split == 0, "another painting is seen whole"


def test_without_a_painting_there_is_no_line_to_drag(looking):
    looking.press(11, 100, compares=False)
    assert not looking.pull(108, 30)
    assert not looking.key("right", False, compares=False)


def test_keys_do_all_that_the_mouse_does(looking):
    assert looking.key("+", False, True)
    assert looking.view.seen_at == 0.5 * NOTCH
    assert looking.key("-", False, True)
    assert looking.view.moves is False
    assert looking.key("right", False, True)
    assert looking.view.split == 0.05
    assert not looking.key("up", False, True)
    assert looking.key("1", False, True)
    assert looking.view.seen_at == 1
    before = looking.view.place
    assert looking.key("right", False, True)
    assert looking.view.place.left == before.left - PAN
    assert looking.key("left", True, True)
    assert looking.view.split == 0
    assert looking.key("0", False, True)
    assert looking.view.zoom == 0
    assert not looking.key("x", False, True)
