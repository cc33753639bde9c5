"""The picture in Krita's dialog under a hand: zoom, move, compare, and where styles lie."""

import pytest
from krita_actions import LONG, QUICK, click, one_krita, open_dialog, paint

pytestmark = pytest.mark.krita

running = one_krita()

NEAR = 12  # of 255
PAINTED = QUICK | {"strength": 90, "painterly": 0}


def view(krita) -> dict:
    return krita.call("picture.view")


def is_whole(krita) -> bool:
    found = view(krita)
    return found["zoom"] == found["fits"]


def at(krita, x: float, y: float) -> list[str]:
    return [str(each) for each in krita.call("picture.place_in_picture", x=x, y=y)]


def colour(krita, x: float, y: float) -> list[int]:
    return krita.call("picture.colour", x=x, y=y)


def is_same(one: list[int], other: list[int]) -> bool:
    """The picture may lie a px elsewhere, and be scaled otherwise."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= NEAR


def spread(colours) -> int:
    """How far the reds of some are from each other."""
    reds = [each[0] for each in colours]
    return max(reds) - min(reds)


@pytest.fixture
def seen(krita, two_layers):
    """The dialog is open, and has found its size."""
    open_dialog(krita, two_layers[0])
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("activate_dialog")
    krita.wait(lambda: view(krita)["zoom"] > 1, LONG, "the picture")
    return krita


def test_wheel_drag_and_keys_zoom_and_move_the_picture(seen, pictures_of_the_screen):
    whole = view(seen)
    assert whole["says"] == f"{100 * whole['fits']:.0f} %"
    seen.hand("mousemove", "--sync", *at(seen, 0.25, 0.5), "click", "--repeat", "3", "4")
    seen.wait(lambda: view(seen)["zoom"] > 1.9 * whole["zoom"], LONG, "three notches")
    assert view(seen)["moves"]
    before = view(seen)["place"]
    seen.wait(lambda: view(seen)["fine"], LONG, "the part that is seen, read anew")
    seen.screenshot(pictures_of_the_screen / "krita-zoomed.png")
    assert seen.own_log() == ""
    seen.hand("mousemove", "--sync", *at(seen, 0.5, 0.5), "mousedown", "1")
    seen.hand("mousemove", "--sync", *at(seen, 0.4, 0.5), "mouseup", "1")
    seen.wait(lambda: view(seen)["place"][0] < before[0], LONG, "the drag")
    seen.hand("key", "0")
    seen.wait(lambda: is_whole(seen), LONG, "all of it")
    click(seen, seen.call("picture.place_in_bar", part="pixels"))
    seen.wait(lambda: view(seen)["says"] == "100 %", LONG, "its own pixels")
    click(seen, seen.call("picture.place_in_bar", part="fit"))
    seen.wait(lambda: is_whole(seen), LONG, "all of it")


def test_before_and_after_are_split_by_mouse_and_by_key(seen, pictures_of_the_screen):
    spots = [(0.3, 0.3), (0.7, 0.3)]
    before = [colour(seen, *spot) for spot in spots]
    paint(seen, {"Night wind": 1.0}, PAINTED)
    after = [colour(seen, *spot) for spot in spots]
    assert not any(is_same(one, other) for one, other in zip(before, after, strict=True))
    line = [str(each) for each in seen.call("picture.place_of_line")]
    seen.hand("mousemove", "--sync", *line, "mousedown", "1")
    seen.hand("mousemove", "--sync", *at(seen, 0.5, 0.5), "mouseup", "1")
    seen.wait(lambda: abs(view(seen)["split"] - 0.5) < 0.05, LONG, "the line in the middle")
    now = [colour(seen, *spot) for spot in spots]
    assert is_same(now[0], before[0])
    assert is_same(now[1], after[1])
    seen.screenshot(pictures_of_the_screen / "krita-split.png")
    seen.hand("key", "--repeat", "8", "Right")
    seen.wait(lambda: view(seen)["split"] > 0.85, LONG, "the keys")
    now = [colour(seen, *spot) for spot in spots]
    assert all(is_same(one, other) for one, other in zip(now, before, strict=True))


def test_where_styles_lie_is_seen_in_their_colours_until_they_are_painted(
    seen, pictures_of_the_screen
):
    assert view(seen)["regions"] is None
    spots = [(0.2, 0.3), (0.8, 0.3)]
    before = [colour(seen, *spot) for spot in spots]
    seen.call("select", x=0, y=0, width=48, height=80)
    seen.call("picture.lie_in_selection", name="Night wind")
    seen.wait(lambda: not is_same(colour(seen, *spots[0]), before[0]), LONG, "the colour")
    left, right = (colour(seen, *spot) for spot in spots)
    assert left[0] - left[2] > 60, "orange"
    assert is_same(right, before[1])
    assert seen.call("picture.swatch", name="Night wind")
    seen.screenshot(pictures_of_the_screen / "krita-regions.png")
    click(seen, seen.call("picture.place_in_bar", part="regions"))
    seen.wait(lambda: is_same(colour(seen, *spots[0]), before[0]), LONG, "the picture alone")
    seen.call("picture.keep_selection")
    seen.wait(lambda: view(seen)["regions"], LONG, "shown again")
    row = [(0.19 + x / 100, 0.45) for x in range(12)]  # where the picture is all of one colour
    seen.wait(lambda: spread(colour(seen, *spot) for spot in row) > 25, LONG, "stripes")
    seen.screenshot(pictures_of_the_screen / "krita-regions-kept.png")
    seen.call("set_values", values=PAINTED)
    seen.call("press_apply")
    assert view(seen)["regions"] is False
    seen.wait_for("is_idle", LONG)
