"""The real Krita, painting on another computer, and here again."""

import pytest
from krita_actions import LONG, NO_CHANGE, click, one_krita, open_dialog, paint
from session import SCUMBLE, inside, new_layer, stop_backend

pytestmark = pytest.mark.krita

running = one_krita()


def choose(krita, words: str) -> None:
    """From the menu of presets, by mouse."""
    click(krita, krita.call("hands.place_of_presets"))
    click(krita, krita.wait_for("hands.place_of_item", words=words))


def test_what_is_pasted_paints_and_the_foot_says_so(
    krita, two_layers, studio, pictures_of_the_screen
):
    open_dialog(krita, two_layers[0])
    assert krita.call("dialog")["private"] == "Your pictures stay on this computer."
    krita.call("activate_dialog")
    choose(krita, "Another Computer...")
    krita.wait_for("hands.is_asked_for_a_line")
    krita.hand("type", studio.key)
    krita.screenshot(pictures_of_the_screen / "krita-another-computer.png")
    krita.hand("key", "Return")
    krita.wait(lambda: "are sent to" in krita.call("dialog")["private"], LONG, "the other computer")
    krita.wait_for("is_ready", LONG)
    krita.screenshot(pictures_of_the_screen / "krita-elsewhere.png")
    stop_backend()
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, krita.call("state"))
    assert not inside(f"{SCUMBLE}/state/connection.json").exists(), "none was started here"
    krita.call("activate_dialog")
    choose(krita, "Paint on This Computer")
    krita.wait(lambda: "stay on this" in krita.call("dialog")["private"], LONG, "this one")
    krita.wait_for("is_ready", LONG)
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, krita.call("state"))
    assert inside(f"{SCUMBLE}/state/connection.json").exists()
