"""Help in Krita's dialog: the manual opens at what has the keyboard."""

import browser
import pytest
from browser import goes_to
from krita_actions import LONG, click, one_krita, open_dialog

pytestmark = pytest.mark.krita

running = one_krita(with_a_browser=browser.FOR_QT)


@pytest.fixture
def opened(krita, two_layers):
    browser.make()
    open_dialog(krita, two_layers[0])
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("activate_dialog")


@pytest.mark.parametrize(
    ("step", "what", "topic"),
    [
        ("place_of_number", {"name": "strength"}, "strength"),
        ("place_of_choice", {"name": "working_size"}, "working_size"),
        ("place_of_row", {"name": "Night wind", "part": "brush"}, "style-brush_size"),
    ],
)
def test_f1_opens_the_manual_at_the_field_that_has_the_keyboard(krita, opened, step, what, topic):
    click(krita, krita.call(f"hands.{step}", **what))
    krita.hand("key", "F1")
    assert goes_to(topic) in browser.page(krita)


def test_the_button_opens_it_where_the_keyboard_was(krita, opened, pictures_of_the_screen):
    click(krita, krita.call("hands.place_of_number", name="painterly"))
    click(krita, krita.call("hands.place_of_button", name="help"))
    assert goes_to("painterly") in (page := browser.page(krita))
    assert "<title>Scumble 0." in page, "its version"
    assert "On canvas" in page
    krita.wait(lambda: "manual.html" in krita.call("message"), LONG, "where it lies")
    krita.screenshot(pictures_of_the_screen / "krita-help.png")
    assert krita.call("looks.crowded") == []


@pytest.mark.parametrize(
    ("shelf", "topic"), [("open_history", "history"), ("open_presets", "presets")]
)
def test_f1_in_the_window_beside_it_opens_the_part_about_that(krita, opened, shelf, topic):
    krita.call(f"shelf.{shelf}")
    krita.wait(lambda: krita.call("shelf.has_keyboard"), LONG, "the keyboard")
    krita.hand("key", "F1")
    assert goes_to(topic) in browser.page(krita)
    krita.call("shelf.close")
