"""Help in GIMP's dialog: the manual opens at what has the keyboard."""

import browser
import pytest
from browser import goes_to
from gimp_artist import LONG, open_dialog
from gimp_session import gimp_of_either_kind

pytestmark = pytest.mark.gimp

running = gimp_of_either_kind(window=True, kinds=("pyzmq",))


@pytest.fixture
def opened(gimp, picture):
    browser.make()
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.call("clear_the_view")
    gimp.wait(lambda: not gimp.dialog("is_moving"), LONG, "its final size")
    gimp.call("focus", title="Style Transfer$")


@pytest.mark.parametrize(
    ("keys", "field", "topic"),
    [
        ("alt+t", "Strength", "strength"),
        ("alt+q", "Quality", "quality"),
        ("alt+r", "Layer to repaint", "content"),
    ],
)
def test_f1_opens_the_manual_at_the_field_that_has_the_keyboard(gimp, opened, keys, field, topic):
    gimp.hand("key", keys)
    gimp.wait(lambda: gimp.dialog("focused") == field, LONG, f"the keyboard at {field}")
    gimp.hand("key", "F1")
    assert goes_to(topic) in browser.page(gimp)


def test_the_button_opens_it_where_the_keyboard_was(gimp, opened, pictures_of_the_screen):
    gimp.dialog("give_keyboard", what="brush", name="Night wind")
    gimp.hand("mousemove", *map(str, gimp.dialog("place_of_help")), "click", "1")
    assert goes_to("style-brush_size") in (page := browser.page(gimp))
    assert "<title>Scumble 0." in page, "its version"
    assert "On canvas" not in page
    gimp.wait(lambda: "manual.html" in gimp.dialog()["message"], LONG, "where it lies")
    gimp.screenshot(pictures_of_the_screen / "gimp-help.png")
    assert gimp.dialog("cut_off") == []


@pytest.mark.parametrize(
    ("shelf", "title", "topic"),
    [("open_history", "^History$", "history"), ("open_presets", "^Presets$", "presets")],
)
def test_f1_in_the_window_over_it_opens_the_part_about_that(gimp, opened, shelf, title, topic):
    gimp.dialog(shelf)
    gimp.wait(lambda: gimp.call("focus", title=title), LONG, "the keyboard")
    gimp.hand("key", "F1")
    assert goes_to(topic) in browser.page(gimp)
    gimp.dialog("close_shelf")
