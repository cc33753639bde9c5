"""What an artist steers by mouse in the real GIMP, on a small screen."""

import pytest
from gimp_artist import (
    LONG,
    QUICK,
    is_open,
    make,
    open_dialog,
    paint,
    press,
    wait_until_closed,
)
from gimp_session import gimp_of_either_kind
from session import new_layer

pytestmark = pytest.mark.gimp

PATIENCE = 4 * LONG  # s for drafts: beside other work the polite painter has little of a processor

running = gimp_of_either_kind(window=True, kinds=("pyzmq",))


def click(gimp, place: list[int]) -> None:
    gimp.hand("mousemove", "--sync", *map(str, place), "click", "1")


def painted(gimp) -> int:
    return sum(each["painted"] for each in gimp.dialog("drafts"))


def test_drafts_are_stopped_half_way_looked_at_and_one_is_painted_to_the_end(
    gimp, pictures_of_the_screen
):
    image, content, _ = make(gimp, 320, 240)
    gimp.call("set_active", image=image, layers=[content])
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.dialog("set_values", values={"working-size": "256"})
    before = gimp.call("state", image=image)
    click(gimp, gimp.dialog("place", what="drafts"))
    gimp.wait(lambda: painted(gimp) >= 1, PATIENCE, "the first draft")
    click(gimp, gimp.dialog("place", what="cancel"))
    gimp.wait(lambda: gimp.dialog("is_idle"), LONG, "the end")
    assert is_open(gimp), "the dialog stays"
    assert 1 <= painted(gimp) == len(gimp.dialog("drafts")) < 3
    click(gimp, gimp.dialog("place", what="drafts"))
    gimp.wait(lambda: painted(gimp) == 3, PATIENCE, "three drafts")
    gimp.wait(lambda: gimp.dialog("is_idle"), LONG, "the end")
    gimp.screenshot(pictures_of_the_screen / "gimp-drafts.png")
    assert gimp.dialog("cut_off") == []
    assert gimp.call("state", image=image) == before, "a draft is no layer"
    click(gimp, gimp.dialog("drafts")[1]["at"])
    wait_until_closed(gimp)
    assert new_layer(before, gimp.call("state", image=image))
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=image) == before, LONG, "one undo")


def test_what_is_selected_is_kept_as_it_is(gimp, pictures_of_the_screen):
    image, content, _ = make(gimp)
    gimp.call("select", image=image, x=0, y=0, width=48, height=80)
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    choose_role(gimp, "keep as it is", "keep", "The selection", 1)
    gimp.screenshot(pictures_of_the_screen / "gimp-keep.png")
    before = gimp.call("state", image=image)
    paint(gimp, {"Night wind": 1.0}, QUICK)
    new = new_layer(before, gimp.call("state", image=image))
    found = gimp.call("changes", one=content, other=new["id"])
    assert max(found[4:40]) <= 1.01 / 255
    assert min(found[56:]) > 1 / 255
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=image) == before, LONG, "one undo")


def test_strokes_run_along_the_lines_of_a_layer(gimp, pictures_of_the_screen):
    """The layer is chosen by mouse, stays chosen with the result, and makes another painting."""
    image, content, _ = make(gimp)
    gimp.call("add_layer", image=image, name="Lines", seed=7)
    gimp.call("set_active", image=image, layers=[content])
    made = []
    for chosen in (False, True):
        open_dialog(gimp)
        if chosen:
            choose_role(gimp, "along", "along", "Lines", 1)
            gimp.screenshot(pictures_of_the_screen / "gimp-along.png")
        before = gimp.call("state", image=image)
        paint(gimp, {"Night wind": 1.0}, QUICK)
        made.append(new_layer(before, gimp.call("state", image=image))["id"])
        gimp.call("set_active", image=image, layers=[content])
    assert gimp.call("difference", one=made[0], other=made[1]) > 0
    for layer, role in zip(made, ("As they come", "Lines"), strict=True):
        gimp.call("set_active", image=image, layers=[layer])
        open_dialog(gimp)
        assert gimp.dialog("role", name="along") == role
        gimp.dialog("press", button="cancel")
        wait_until_closed(gimp)


def test_a_style_gives_its_forms_alone_where_that_is_chosen(gimp):
    image, content, _ = make(gimp)
    gimp.call("set_active", image=image, layers=[content])
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    click(gimp, gimp.dialog("place", what="more", name="Night wind"))
    gimp.hand("key", "End", "Up", "Return")  # the last but one: after it come strokes
    gimp.wait(lambda: gimp.dialog("said", name="Night wind") == "Forms", LONG, "the choice")
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)


def test_the_photographs_colours_are_seen_as_soon_as_they_are_set(gimp, pictures_of_the_screen):
    """Where the dialog stays open."""
    image, content, _ = make(gimp)
    gimp.call("set_active", image=image, layers=[content])
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.dialog("set_values", values=QUICK | {"keep-open": True})
    gimp.dialog("press", button="apply")
    gimp.wait(lambda: gimp.dialog()["stage"].startswith("Done"), LONG, "the result")
    gimp.wait(lambda: gimp.dialog("view")["badge"] == "Result", LONG, "the result")
    painted, before = gimp.dialog("canvas_mean"), gimp.call("state", image=image)
    gimp.dialog("set_values", values={"colour": 60.0})
    gimp.wait(lambda: gimp.dialog("view")["badge"] == "Not painted yet", LONG, "it")
    assert gimp.dialog("canvas_mean") != painted
    gimp.screenshot(pictures_of_the_screen / "gimp-colours.png")
    gimp.dialog("set_values", values={"colour": 0.0})
    gimp.wait(lambda: gimp.dialog("view")["badge"] == "Result", LONG, "the result again")
    assert gimp.call("state", image=image) == before, "it was only looked at"
    gimp.dialog("set_values", values={"keep-open": False})
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)


def choose_role(gimp, what: str, part: str, words: str, down: int) -> None:
    """By mouse and keyboard, in the list over the picture."""
    click(gimp, gimp.dialog("place", what=what))
    gimp.hand("key", *["Down"] * down, "Return")
    gimp.wait(lambda: gimp.dialog("role", name=part) == words, LONG, "the choice")
