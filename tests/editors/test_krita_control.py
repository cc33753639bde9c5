"""What an artist steers by mouse in the real Krita, on a small screen."""

import pytest
from krita_actions import LONG, QUICK, activate, one_krita, open_dialog, paint
from session import new_layer

PATIENCE = 4 * LONG  # s for drafts: beside other work the polite painter has little of a processor
pytestmark = pytest.mark.krita

running = one_krita(small={"screen": "1366x768x24"})


def click(krita, place: list[int]) -> None:
    krita.hand("mousemove", *map(str, place), "click", "1")


def test_three_drafts_are_looked_at_and_one_is_painted_to_the_end(
    krita, photograph, pictures_of_the_screen
):
    open_dialog(krita, photograph)
    krita.call("tick", styles={"Starry night": 1.0})
    krita.call("set_values", values={"working_size": 256})
    before = krita.call("state")
    krita.call("activate_dialog")
    click(krita, krita.call("hands.place_of_button", name="drafts"))
    krita.wait(lambda: painted(krita) == 3, PATIENCE, "three drafts")
    krita.screenshot(pictures_of_the_screen / "krita-drafts.png")
    assert krita.call("looks.crowded") == []
    assert krita.call("state") == before, "a draft is no layer"
    click(krita, krita.call("hands.drafts")[1]["at"])
    krita.wait(lambda: len(krita.call("state")["layers"]) > len(before["layers"]), LONG, "it")
    krita.wait_for("is_idle", LONG)
    assert new_layer(before, krita.call("state"))
    assert krita.call("settings")["painterly"] == 80
    assert [each["chosen"] for each in krita.call("hands.drafts")] == [False, True, False]
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state")["layers"] == before["layers"], LONG, "one undo")


def painted(krita) -> int:
    return sum(each["painted"] for each in krita.call("hands.drafts"))


def test_drafts_are_stopped_half_way_and_what_is_painted_stays(krita, photograph):
    open_dialog(krita, photograph)
    krita.call("tick", styles={"Starry night": 1.0})
    krita.call("set_values", values={"working_size": 256})
    before = krita.call("state")
    krita.call("activate_dialog")
    click(krita, krita.call("hands.place_of_button", name="drafts"))
    krita.wait(lambda: painted(krita) >= 1, PATIENCE, "the first draft")
    click(krita, krita.call("hands.place_of_button", name="cancel"))
    krita.wait_for("is_idle", LONG)
    assert 1 <= painted(krita) == len(krita.call("hands.drafts")) < 3
    assert krita.call("state") == before


def test_what_is_selected_is_kept_as_it_is(krita, two_layers, pictures_of_the_screen):
    background, _ = two_layers
    activate(krita, background)
    krita.call("select", x=0, y=0, width=48, height=80)
    open_dialog(krita, background)
    krita.call("tick", styles={"Night wind": 1.0})
    choose_role(krita, "keep", "The selection")
    krita.screenshot(pictures_of_the_screen / "krita-keep.png")
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, QUICK)
    new = new_layer(before, krita.call("state"))
    found = krita.call("layers.changes", one=background, other=new["id"], row=40)
    assert max(found[4:40]) <= 1
    assert min(found[56:]) > 1
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state")["layers"] == before["layers"], LONG, "one undo")


def test_strokes_run_along_the_lines_of_a_layer(krita, two_layers):
    """The layer is chosen, stays chosen with the document, and makes another painting."""
    background, _ = two_layers
    krita.call("add_layer", name="Lines", seed=7)
    open_dialog(krita, background)
    made = []
    for chosen in ("", "Lines"):
        if chosen:
            choose_role(krita, "along", chosen)
        before = krita.call("state")
        paint(krita, {"Night wind": 1.0}, QUICK)
        made.append(new_layer(before, krita.call("state"))["id"])
    assert krita.call("difference", one=made[0], other=made[1]) > 0
    krita.call("hide_dialog")
    open_dialog(krita, made[0])
    assert krita.call("hands.role", name="along") == "As they come"
    krita.call("hide_dialog")
    open_dialog(krita, made[1])
    assert krita.call("hands.role", name="along") == "Lines"


def test_a_seamless_picture_goes_on_around_where_krita_wraps_it(
    krita, photograph, pictures_of_the_screen
):
    open_dialog(krita, photograph)
    before = krita.call("state")
    paint(
        krita, {"Starry night": 1.0}, {"seamless": "both", "working_size": 256, "quality": "draft"}
    )
    new = new_layer(before, krita.call("state"))
    krita.call("hide_dialog")
    krita.call("trigger", name="wrap_around_mode")
    for _ in range(3):
        krita.call("trigger", name="view_zoom_out")
    krita.screenshot(pictures_of_the_screen / "krita-wrapped.png")
    krita.call("trigger", name="wrap_around_mode")
    found = krita.call("layers.seams", layer=new["id"])
    assert max(found["over"]) < 1.5 * max(found["inside"]), found


def choose_role(krita, name: str, words: str) -> None:
    """By mouse and keyboard, in the list over the picture."""
    krita.call("activate_dialog")
    click(krita, krita.call("hands.place_of_role", name=name))
    krita.hand("key", words[0].lower(), "Return")  # no other begins so
    krita.wait(lambda: krita.call("hands.role", name=name) == words, LONG, "the choice")


def test_the_photographs_colours_are_seen_while_their_slider_moves(
    krita, photograph, pictures_of_the_screen
):
    open_dialog(krita, photograph)
    paint(krita, {"Starry night": 1.0}, {"working_size": 256, "steps": 3})
    krita.wait(lambda: krita.call("dialog")["badge"] == "Result", LONG, "the result")
    before = krita.call("state")
    krita.call("unfold")
    krita.call("activate_dialog")
    painted = krita.call("looks.preview")
    seen = [painted]
    for percent in (100.0, 50.0):
        type_colours(krita, percent)
        assert krita.call("dialog")["badge"] == "Not painted yet"
        assert krita.call("looks.preview") not in seen
        seen.append(krita.call("looks.preview"))
        krita.screenshot(pictures_of_the_screen / f"krita-colours-{percent:.0f}.png")
    assert krita.call("looks.crowded") == []
    assert krita.call("state") == before, "it is only looked at"
    krita.call("set_values", values={"colour": 0.0})
    assert krita.call("dialog")["badge"] == "Result"


def type_colours(krita, percent: float) -> None:
    at = krita.call("hands.place_of_number", name="colour")
    krita.hand("mousemove", *map(str, at), "sleep", "0.2", "click", "--repeat", "2", "1")
    krita.hand("key", "ctrl+a", "type", f"{percent:.0f}")
    krita.hand("key", "Tab")
    krita.wait(lambda: krita.call("settings")["colour"] == percent, LONG, f"{percent} %")
