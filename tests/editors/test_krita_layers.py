"""The real Krita: layers of every kind, and what becomes of them while a job runs."""

import pytest
from krita_actions import (
    LONG,
    NO_CHANGE,
    QUICK,
    activate,
    below,
    one_krita,
    open_dialog,
    paint,
    start_and_hold,
    start_endless,
)  # fmt: skip
from session import HOME, new_layer

pytestmark = pytest.mark.krita

running = one_krita()

BROWN = [0x30, 0x60, 0xB0, 0xFF]  # of the vector layer, blue first
FREE = 0.05  # s that Krita's window may not be free


@pytest.fixture
def background(krita) -> str:
    """A small document with a style; the id of the layer to repaint."""
    background = krita.call("new_document", width=96, height=80)
    krita.call("add_layer", name="Night wind", seed=3)
    return background


def add_shape(krita) -> str:
    """A vector layer, which Krita renders some time after it came; its id."""
    vector = krita.call("layers.add_vector_layer", name="Shape", side=40)
    seen = lambda: krita.call("layers.colour_at", layer=vector, x=20, y=20)  # noqa: E731
    krita.wait(lambda: seen() == BROWN, LONG, "its square")
    return vector


def test_a_vector_layer_is_painted_as_it_is_rendered(krita, background):
    vector = add_shape(krita)
    open_dialog(krita, vector)
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    new = new_layer(before, krita.call("state"))
    assert new["place"] == krita.call("layers.place_of", layer=vector)
    colours = [
        krita.call("layers.colour_at", layer=each, x=20, y=20) for each in (vector, new["id"])
    ]
    assert colours == [BROWN, BROWN]


def test_a_vector_layer_that_is_not_rendered_yet_is_shown_once_it_is(krita, background):
    vector = krita.call("layers.add_vector_layer", name="Shape", side=40)
    open_dialog(krita, vector)
    seen = lambda: krita.call("looks.middle_of_preview")  # noqa: E731
    krita.wait(lambda: seen() == BROWN[2::-1], LONG, "its square in the dialog")


def test_vector_and_file_layers_serve_as_styles(krita, background):
    add_shape(krita)
    krita.call("save_picture", path=f"{HOME}/beside.png")
    krita.call("layers.add_file_layer", name="Beside", path=f"{HOME}/beside.png")
    open_dialog(krita, background)
    before = krita.call("state")
    paint(krita, {"Shape": 1.0, "Beside": 0.5}, QUICK)
    assert new_layer(before, krita.call("state"))["name"] == "Style: Beside + Shape"


def test_of_a_mask_its_layer_is_taken_and_that_is_said(krita, background):
    krita.call("add_transparency_mask", layer=background)
    krita.wait(lambda: krita.call("layers.stand_on_mask", layer=background), LONG, "the mask")
    krita.call("trigger", name="scumble_stylize")
    krita.wait_for("is_ready", LONG)
    assert krita.call("dialog")["content"] == "Background"
    assert krita.call("message") == "“mask” is a mask: the layer that it masks is taken."


def test_a_swatch_of_20_px_half_transparent_serves_as_a_style(krita, background):
    krita.call("add_layer", name="Swatch", x=30, y=20, width=20, height=20, seed=9)
    open_dialog(krita, background)
    before = krita.call("state")
    paint(krita, {"Swatch": 1.0}, QUICK)
    new = new_layer(before, krita.call("state"))
    assert krita.call("difference", one=background, other=new["id"]) > 0.01, "nothing was painted"


def test_a_style_too_small_to_look_at_is_answered_with_a_sentence(krita, background):
    krita.call("add_layer", name="Crumb", width=5, height=5, seed=9)
    open_dialog(krita, background)
    krita.call("tick", styles={"Crumb": 1.0})
    krita.call("press_apply")
    krita.wait_for("message", LONG)
    assert "The style “Crumb” is only 5 x 5 px: it needs at least 16 px" in krita.call("message")


def test_a_layer_renamed_moved_and_shifted_meanwhile_gets_its_result_where_it_was_read(
    krita, background
):
    group = krita.call("add_group", name="Group")
    start_and_hold(krita, background)
    krita.call("layers.rename", layer=background, name="Photograph")
    krita.call("layers.move_into", layer=background, group=group)
    krita.call("layers.shift", layer=background, x=7, y=5)
    before = krita.call("state")
    krita.call("release_backend")
    krita.wait_for("is_idle", LONG)
    after = krita.call("state")
    new = new_layer(before, after)
    assert (new["parent"], below(after, new)) == ("Group", "Photograph")
    assert new["place"] == [0, 0, 96, 80]


def test_a_group_that_is_locked_stays_as_it_is_and_the_result_lies_above_it(krita, background):
    group = krita.call("add_group", name="Group")
    inside = krita.call("add_layer", name="Photograph", seed=5, group=group)
    krita.call("layers.lock", layer=group)
    open_dialog(krita, inside)
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, QUICK)
    after = krita.call("state")
    new = new_layer(before, after)
    assert (new["parent"], below(after, new)) == ("", "Group")


def test_the_window_stays_free_while_a_picture_is_painted(krita, background):
    open_dialog(krita, background)
    start_endless(krita)
    krita.call("freedom.watch")
    krita.wait(lambda: krita.call("freedom.previews") >= 5, LONG, "five previews")
    assert krita.call("freedom.longest") < FREE


def test_the_original_is_seen_while_the_mouse_is_held_down(krita, background):
    open_dialog(krita, background)
    original = krita.call("looks.preview")
    paint(krita, {"Night wind": 1.0}, QUICK)
    activate(krita, background)
    assert krita.call("looks.preview") != original
    for down in (True, False):  # it has the keyboard now, and an edge that says so
        krita.call("looks.hold_preview", down=down)
    painted = krita.call("looks.preview")
    krita.call("looks.hold_preview", down=True)
    assert krita.call("looks.preview") != painted
    krita.call("looks.hold_preview", down=False)
    assert krita.call("looks.preview") == painted
