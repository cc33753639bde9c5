"""The real GIMP, painting on another computer, and here again."""

import pytest
from gimp_artist import LONG, NO_CHANGE, OPEN, is_open, make, open_dialog, paint, press
from gimp_session import gimp_of_either_kind
from session import SCUMBLE, inside, new_layer, stop_backend

pytestmark = pytest.mark.gimp

running = gimp_of_either_kind(window=True)


def click(gimp, place: list[int]) -> None:
    gimp.hand("mousemove", "--sync", *map(str, place), "click", "1")


def choose(gimp, words: str) -> None:
    """From the menu of presets, by mouse."""
    click(gimp, gimp.dialog("place", what="presets"))
    click(gimp, gimp.wait(lambda: gimp.dialog("place_of_item", words=words), LONG, "the menu"))


def test_what_is_pasted_paints_and_the_foot_says_so(gimp, studio, pictures_of_the_screen):
    image, _, _ = make(gimp)
    open_dialog(gimp)
    assert gimp.dialog()["private"] == "Your pictures stay on this computer."
    gimp.call("clear_the_view")
    choose(gimp, "Another Computer...")
    gimp.wait(lambda: gimp.dialog("is_asked"), LONG, "the question")
    gimp.hand("type", studio.key)
    gimp.screenshot(pictures_of_the_screen / "gimp-another-computer.png")
    gimp.hand("key", "Return")
    gimp.wait(lambda: "are sent to" in gimp.dialog()["private"], LONG, "the other computer")
    gimp.wait(lambda: gimp.dialog("is_ready"), LONG, "its answer")
    gimp.screenshot(pictures_of_the_screen / "gimp-elsewhere.png")
    stop_backend()
    before = gimp.call("state", image=image)
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, gimp.call("state", image=image))
    assert not inside(f"{SCUMBLE}/state/connection.json").exists(), "none was started here"
    studio.run("key", "remove", "editor")
    press(gimp, OPEN)
    gimp.wait(lambda: is_open(gimp), LONG, "the dialog")
    unknown = "does not know this computer's key any more"
    gimp.wait(lambda: unknown in gimp.dialog()["message"], LONG, "the sentence")
    gimp.call("clear_the_view")
    choose(gimp, "Paint on This Computer")
    gimp.wait(lambda: gimp.dialog("is_ready"), LONG, "the backend here")
    assert gimp.dialog()["private"] == "Your pictures stay on this computer."
    before = gimp.call("state", image=image)
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, gimp.call("state", image=image))
