"""What an artist steers by mouse in the real Krita, on a small screen."""

import pytest
from krita_actions import LONG, one_krita, open_dialog
from session import new_layer

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
    krita.wait(lambda: painted(krita) == 3, LONG, "three drafts")
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
    before = krita.call("state")
    krita.call("activate_dialog")
    click(krita, krita.call("hands.place_of_button", name="drafts"))
    krita.wait(lambda: painted(krita) == 1, LONG, "the first draft")
    click(krita, krita.call("hands.place_of_button", name="cancel"))
    krita.wait_for("is_idle", LONG)
    assert [each["painted"] for each in krita.call("hands.drafts")] == [True]
    assert krita.call("state") == before
