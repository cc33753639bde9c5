"""The picture in GIMP's dialog under a hand: zoom, move, compare, and where styles lie."""

import pytest
from gimp_artist import LONG, QUICK, make, open_dialog, wait_until_closed
from gimp_session import WITH_WINDOW, gimp_of_either_kind

pytestmark = WITH_WINDOW

running = gimp_of_either_kind(window=True, kinds=("pyzmq",))

NEAR = 12  # of 255
PAINTED = QUICK | {"strength": 90.0, "painterly": 0.0}


def view(gimp) -> dict:
    return gimp.dialog("view")


def is_whole(gimp) -> bool:
    found = view(gimp)
    return found["zoom"] == found["fits"]


def at(gimp, x: float, y: float) -> list[str]:
    return [str(each) for each in gimp.dialog("place_in_picture", x=x, y=y)]


def click(gimp, part: str) -> None:
    place = [str(each) for each in gimp.dialog("place_in_bar", part=part)]
    gimp.hand("mousemove", "--sync", *place, "click", "1")


def colour(gimp, x: float, y: float) -> list[int]:
    return gimp.dialog("colour", x=x, y=y)


def is_same(one: list[int], other: list[int]) -> bool:
    """The picture may lie a px elsewhere, and be scaled otherwise."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= NEAR


def spread(colours) -> int:
    """How far the reds of some are from each other."""
    reds = [each[0] for each in colours]
    return max(reds) - min(reds)


@pytest.fixture
def seen(gimp):
    """The dialog is open, and has found its size; the image's id is in the session."""
    gimp.image, _, _ = make(gimp)
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.wait(lambda: not gimp.dialog("is_moving"), LONG, "its final size")
    gimp.wait(lambda: view(gimp)["zoom"] > 1, LONG, "the picture")
    return gimp


def test_wheel_drag_and_keys_zoom_and_move_the_picture(seen, pictures_of_the_screen):
    whole = view(seen)
    assert whole["says"] == f"{100 * whole['fits']:.0f} %"
    seen.hand("mousemove", "--sync", *at(seen, 0.25, 0.5), "click", "--repeat", "3", "4")
    seen.wait(lambda: view(seen)["zoom"] > 1.5 * whole["zoom"], LONG, "the notches")
    assert view(seen)["moves"]
    before = view(seen)["place"]
    seen.wait(lambda: view(seen)["fine"], LONG, "the part that is seen, read anew")
    seen.screenshot(pictures_of_the_screen / "gimp-zoomed.png")
    assert seen.own_log() == ""
    seen.hand("mousemove", "--sync", *at(seen, 0.5, 0.5), "mousedown", "1")
    seen.hand("mousemove", "--sync", *at(seen, 0.4, 0.5), "mouseup", "1")
    seen.wait(lambda: view(seen)["place"][0] < before[0], LONG, "the drag")
    seen.hand("key", "0")
    seen.wait(lambda: is_whole(seen), LONG, "all of it")
    click(seen, "pixels")
    seen.wait(lambda: view(seen)["says"] == "100 %", LONG, "its own pixels")
    click(seen, "fit")
    seen.wait(lambda: is_whole(seen), LONG, "all of it")


def test_before_and_after_are_split_by_mouse_and_by_key(seen, pictures_of_the_screen):
    spots = [(0.3, 0.3), (0.7, 0.3)]
    before = [colour(seen, *spot) for spot in spots]
    seen.dialog("set_values", values=PAINTED | {"keep-open": True})
    seen.dialog("press", button="apply")
    seen.wait(lambda: seen.dialog()["stage"].startswith("Done"), LONG, "the result")
    after = [colour(seen, *spot) for spot in spots]
    assert not any(is_same(one, other) for one, other in zip(before, after, strict=True))
    line = [str(each) for each in seen.dialog("place_of_line")]
    seen.hand("mousemove", "--sync", *line, "mousedown", "1")
    seen.hand("mousemove", "--sync", *at(seen, 0.5, 0.5), "mouseup", "1")
    seen.wait(lambda: abs(view(seen)["split"] - 0.5) < 0.05, LONG, "the line in the middle")
    now = [colour(seen, *spot) for spot in spots]
    assert is_same(now[0], before[0])
    assert is_same(now[1], after[1])
    seen.screenshot(pictures_of_the_screen / "gimp-split.png")
    seen.hand("key", "--repeat", "8", "Right")
    seen.wait(lambda: view(seen)["split"] > 0.85, LONG, "the keys")
    now = [colour(seen, *spot) for spot in spots]
    assert all(is_same(one, other) for one, other in zip(now, before, strict=True))
    seen.dialog("press", button="cancel")
    wait_until_closed(seen)


def test_where_styles_lie_is_seen_in_their_colours_until_they_are_painted(
    seen, pictures_of_the_screen
):
    assert view(seen)["regions"] is None
    spots = [(0.2, 0.3), (0.8, 0.3)]
    before = [colour(seen, *spot) for spot in spots]
    seen.call("select", image=seen.image, x=0, y=0, width=48, height=80)
    seen.dialog("lie_in_selection", name="Night wind")
    seen.wait(lambda: not is_same(colour(seen, *spots[0]), before[0]), LONG, "the colour")
    left, right = (colour(seen, *spot) for spot in spots)
    assert left[0] - left[2] > 60, "orange"
    assert is_same(right, before[1])
    assert seen.dialog("swatch", name="Night wind")
    seen.screenshot(pictures_of_the_screen / "gimp-regions.png")
    click(seen, "regions")
    seen.wait(lambda: is_same(colour(seen, *spots[0]), before[0]), LONG, "the picture alone")
    seen.dialog("keep_selection")
    seen.wait(lambda: view(seen)["regions"], LONG, "shown again")
    row = [(0.19 + x / 100, 0.45) for x in range(12)]  # where the picture is all of one colour
    seen.wait(lambda: spread(colour(seen, *spot) for spot in row) > 25, LONG, "stripes")
    seen.screenshot(pictures_of_the_screen / "gimp-regions-kept.png")
