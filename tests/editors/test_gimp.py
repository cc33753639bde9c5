"""The real GIMP with its window, and the real backend: what an artist does, and what must never
happen.

One GIMP does all of it, since starting one takes long. Everything waits for what it needs to see;
the bounds are far away, for machines that have other things to do. Pixels: test_gimp_pixels.py.
"""

import pytest
from gimp_session import gimp_of_either_kind
from session import HOME, inside

# A window under a machine's load sometimes misses a click: once more, then it counts.
pytestmark = [pytest.mark.gimp, pytest.mark.flaky(reruns=2)]

QUICK = {"working-size": "256", "quality": "draft", "steps": "1"}
NO_CHANGE = {"steps": "0"}
ENDLESS = {"working-size": "256", "quality": "draft", "steps": "5000"}
LONG = 120.0  # s
TITLE = "Scumble: Style Transfer"
OPEN, REPEAT = "ctrl+alt+y", "ctrl+f"


running = gimp_of_either_kind(window=True)


@pytest.fixture
def gimp(running):
    """GIMP without an image or a dialog."""
    yield running
    if is_open(running):
        if running.dialog()["busy"]:
            running.dialog("press", button="cancel")
            running.wait(lambda: running.dialog("is_idle"), LONG, "an idle dialog")
        running.dialog("press", button="cancel")
        wait_until_closed(running)
    running.call("close_all")


@pytest.fixture
def picture(gimp):
    """An image in a window, its layer to repaint, its style."""
    return make(gimp)


@pytest.fixture
def unfinished(gimp, picture):
    """A picture that is painted without end: the image, its layer, and its state before."""
    image, content, _ = picture
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    start_endless(gimp)
    return image, content, before


def make(gimp, width=96, height=80) -> tuple[int, int, int]:
    image = gimp.call("new_image", width=width, height=height, shown=True)
    style = gimp.call("add_layer", image=image, name="Night wind", seed=3)
    content = gimp.call("add_layer", image=image, name="Photograph", width=width, height=height)
    return image, content, style


def is_open(gimp) -> bool:
    return TITLE in gimp.call("windows")


def press(gimp, keys: str) -> None:
    """In the image's window; it may take a moment to have the keyboard."""
    gimp.wait(lambda: gimp.call("focus", title="GIMP$"), LONG, "the image's window")
    gimp.call("press", keys=keys)


def open_dialog(gimp) -> None:
    press(gimp, OPEN)
    gimp.wait(lambda: is_open(gimp), LONG, "the dialog")
    gimp.wait(lambda: gimp.dialog("is_ready"), LONG, "the backend")


def wait_until_closed(gimp) -> None:
    """Until its process is gone: GIMP 3.0 crashes where an image is closed that it just answered
    a layer of."""
    gimp.wait(lambda: not gimp.call("processes", what="plug-in-scumble.py"), LONG, "the end")


def apply(gimp, styles: dict, values: dict) -> None:
    gimp.dialog("tick", styles=styles)
    gimp.dialog("set_values", values=values)
    gimp.dialog("press", button="apply")


def paint(gimp, styles: dict, values: dict) -> None:
    """Press Apply, and wait for the new layer: the dialog closes."""
    apply(gimp, styles, values)
    wait_until_closed(gimp)


def start_endless(gimp) -> None:
    apply(gimp, {"Night wind": 1.0}, ENDLESS)
    gimp.wait(lambda: gimp.dialog("has_preview"), LONG, "a preview")


def new_layer(before: dict, after: dict) -> dict:
    """The one layer that came; all others are as they were, byte for byte."""
    known = {layer["id"] for layer in before["layers"]}
    (new,) = [layer for layer in after["layers"] if layer["id"] not in known]
    assert [layer for layer in after["layers"] if layer["id"] in known] == before["layers"]
    return new


def test_a_style_becomes_a_layer_that_one_undo_takes_away(gimp, picture, pictures_of_the_screen):
    image, content, _ = picture
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    assert gimp.call("state", image=image) == before, "opening the dialog changes nothing"
    dialog = gimp.dialog()
    assert dialog["content"] == "Photograph"
    assert dialog["styles"] == [["Night wind", False, 1.0]]
    assert not dialog["apply"], "Apply waits for a style"
    paint(gimp, {"Night wind": 1.0}, QUICK)
    after = gimp.call("state", image=image)
    new = new_layer(before, after)
    assert after["layers"][0] == new
    assert (new["name"], new["place"]) == ("Style: Night wind", [0, 0, 96, 80])
    assert gimp.call("difference", one=content, other=new["id"]) > 0.01, "nothing was painted"
    gimp.screenshot(pictures_of_the_screen / "gimp-painted.png")
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=image) == before, LONG, "the undo")
    press(gimp, "ctrl+y")
    gimp.wait(lambda: gimp.call("state", image=image) == after, LONG, "the redo")


def test_the_dialog_fits_a_small_screen(gimp, picture, pictures_of_the_screen):
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 2.0})
    gimp.screenshot(pictures_of_the_screen / "gimp-dialog.png")
    for expert in (False, True):
        gimp.dialog("unfold", expert=expert)
        gimp.wait(lambda: gimp.dialog()["size"][1] > 640, LONG, "a larger dialog")
        assert gimp.dialog()["size"][1] <= 768 - 24, "with its frame"
    gimp.screenshot(pictures_of_the_screen / "gimp-advanced.png")


def test_layers_selected_together_are_ticked(gimp, picture):
    image, content, style = picture
    gimp.call("add_layer", image=image, name="Mosaic", seed=4)
    gimp.call("set_active", image=image, layers=[content, style])
    open_dialog(gimp)
    dialog = gimp.dialog()
    assert dialog["content"] == "Photograph"
    assert [style[:2] for style in dialog["styles"]] == [["Mosaic", False], ["Night wind", True]]


def test_cancel_frees_the_dialog_at_once_and_apply_works_again(
    gimp, unfinished, pictures_of_the_screen
):
    image, _, before = unfinished
    gimp.screenshot(pictures_of_the_screen / "gimp-painting.png")
    assert gimp.dialog("press", button="cancel") < 0.2
    assert gimp.dialog("is_idle")
    assert gimp.call("state", image=image) == before
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, gimp.call("state", image=image))


def test_stop_and_keep_makes_a_layer_of_what_is_painted_so_far(gimp, unfinished):
    image, content, before = unfinished
    gimp.dialog("press", button="keep")
    wait_until_closed(gimp)
    new = new_layer(before, gimp.call("state", image=image))
    assert gimp.call("difference", one=content, other=new["id"]) > 0.01, "nothing was painted"


def test_repeat_paints_the_original_again_without_the_dialog(gimp, picture):
    image, content, _ = picture
    open_dialog(gimp)
    paint(gimp, {"Night wind": 2.0}, NO_CHANGE)
    before = gimp.call("state", image=image)
    press(gimp, REPEAT)
    gimp.wait(lambda: len(gimp.call("state", image=image)["layers"]) == 4, LONG, "a second result")
    new = new_layer(before, gimp.call("state", image=image))
    assert gimp.call("difference", one=content, other=new["id"]) == 0
    assert not is_open(gimp)


def test_settings_and_styles_are_remembered_for_the_image_and_the_next_time(gimp, picture):
    image, _, _ = picture
    open_dialog(gimp)
    values = {"strength": 85.0, "brush-size": 150.0, "smoothing": 30.0}
    paint(gimp, {"Night wind": 3.0}, NO_CHANGE | values)
    saved = gimp.call("save_and_open", image=image, path=f"{HOME}/kept.xcf")
    assert gimp.call("layer_named", image=saved, name="Style: Night wind")
    gimp.call("close_all")
    gimp.call("open_shown", path=f"{HOME}/kept.xcf")
    open_dialog(gimp)
    dialog, settings = gimp.dialog(), gimp.dialog("settings")
    assert dialog["content"] == "Photograph", "again from the original, not from the last result"
    assert ["Night wind", True, 3.0] in dialog["styles"]
    assert settings["strength"] == 85
    assert settings["brush_size"] == 150


def test_a_picture_file_serves_as_a_style(gimp, picture):
    image, _, _ = picture
    gimp.call("save_picture", image=image, path=f"{HOME}/a style.png")
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    gimp.dialog("add_file", path=f"{HOME}/a style.png")
    assert gimp.dialog()["styles"][-1][:2] == ["a style", True]
    paint(gimp, {"a style": 2.0}, NO_CHANGE)
    assert new_layer(before, gimp.call("state", image=image))["name"] == "Style: a style"


def test_a_broken_picture_file_is_answered_with_a_sentence(gimp, picture):
    inside(f"{HOME}/broken.png").write_bytes(b"no picture")
    open_dialog(gimp)
    gimp.dialog("add_file", path=f"{HOME}/broken.png")
    assert "broken.png cannot be read" in gimp.dialog()["message"]


def test_all_that_is_visible_is_painted_on_top(gimp, picture):
    image, _, _ = picture
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    gimp.dialog("choose_content", layer="merged")
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)
    after = gimp.call("state", image=image)
    assert after["layers"][0] == new_layer(before, after)


def test_an_indexed_image_says_so_and_may_be_left_alone(gimp, picture):
    image, _, _ = picture
    gimp.call("make_indexed", image=image)
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    assert "palette" in gimp.dialog()["message"]
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE | {"rgb-copy": True})
    assert gimp.call("state", image=image) == before
    (copy,) = [each for each in gimp.call("images") if each != image]
    found = gimp.call("state", image=copy)
    assert found["base"] == "rgb"
    assert [each["name"] for each in found["layers"]][:2] == ["Style: Night wind", "Photograph"]


@pytest.mark.parametrize("victim", ["compute child", "backend"])
def test_a_killed_backend_gives_a_sentence_and_apply_works_again(gimp, unfinished, victim):
    image, _, before = unfinished
    gimp.call("kill", what=victim)
    gimp.wait(lambda: gimp.dialog("is_idle"), LONG, "the sentence")
    assert "again" in gimp.dialog()["message"]
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, gimp.call("state", image=image))


@pytest.mark.parametrize("gone", ["image", "layer"])
def test_a_result_without_a_home_opens_as_a_new_image(gimp, picture, gone):
    image, content, _ = picture
    open_dialog(gimp)
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)  # so that there is a process to hold
    press(gimp, "ctrl+z")
    open_dialog(gimp)
    gimp.call("hold_backend")
    apply(gimp, {"Night wind": 1.0}, NO_CHANGE)
    gimp.wait(lambda: gimp.dialog("is_sent"), LONG, "the job")
    if gone == "image":
        gimp.call("close", image=image)
    else:
        gimp.call("remove_layer", image=image, layer=content)
    gimp.call("release_backend")
    wait_until_closed(gimp)
    (new,) = [each for each in gimp.call("images") if each != image]
    (layer,) = gimp.call("state", image=new)["layers"]
    assert (layer["name"], layer["place"]) == ("Style: Night wind", [0, 0, 96, 80])


def test_gimps_own_cancel_kills_the_plug_in_and_the_backend_drops_the_job(gimp, unfinished):
    image, _, before = unfinished
    gimp.call("kill", what="plug-in")
    wait_until_closed(gimp)
    assert gimp.call("state", image=image) == before
    open_dialog(gimp)
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)  # the backend does not paint the other one first
    assert new_layer(before, gimp.call("state", image=image))
