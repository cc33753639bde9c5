"""The real GIMP with its window, and the real backend: what an artist does, and what must never
happen.

One GIMP does all of it, since starting one takes long. Everything waits for what it needs to see;
the bounds are far away, for machines that have other things to do. Pixels: test_gimp_pixels.py.
"""

import re

import pytest
from gimp_artist import (
    ENDLESS,
    LONG,
    NO_CHANGE,
    QUICK,
    REPEAT,
    apply,
    is_open,
    make,
    open_dialog,
    paint,
    press,
    start_and_hold,
    wait_until_closed,
)
from gimp_session import gimp_of_either_kind
from session import HOME, inside, new_layer
from tests.sentences import says

pytestmark = pytest.mark.gimp


running = gimp_of_either_kind(window=True)


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


def test_a_backend_that_ends_is_seen_in_the_status_line_and_started_there(
    gimp, picture, pictures_of_the_screen
):
    open_dialog(gimp)
    gimp.call("kill", what="backend")
    gimp.wait(lambda: gimp.dialog("status") == ["Not running", "Start", "Log"], LONG, "its end")
    gimp.screenshot(pictures_of_the_screen / "gimp-not-running.png")
    gimp.dialog("press", button="log")
    assert "server.log" in gimp.dialog()["message"]
    gimp.dialog("press", button="start")
    gimp.wait(lambda: gimp.dialog("is_ready"), LONG, "the backend")
    assert len(gimp.dialog("status")) == 1, "no buttons where it runs"


def test_time_and_memory_are_told_before_apply(gimp, picture, pictures_of_the_screen):
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.dialog("set_values", values=QUICK)
    gimp.wait(lambda: gimp.dialog()["stage"].startswith("Takes about "), LONG, "the estimate")
    assert gimp.dialog()["stage"].endswith("GB at 96 x 80 px.")
    gimp.screenshot(pictures_of_the_screen / "gimp-estimate.png")


def test_why_a_job_would_fail_is_told_before_apply(gimp, picture):
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.dialog("set_values", values={"encoder": "vgg19"})
    gimp.wait(lambda: "VGG-19" in gimp.dialog()["message"], LONG, "the sentence")


def test_what_no_dialog_offers_is_shown_where_it_is_set(gimp, picture):
    open_dialog(gimp)
    gimp.dialog("set_values", values={"quality": "reference"})
    assert gimp.dialog("shown_choice", name="quality") == "Reference"
    gimp.dialog("set_values", values={"quality": "fine"})
    assert gimp.dialog("shown_choice", name="quality") == "Fine"


def test_a_picture_waits_for_another_and_says_so(gimp, picture):
    image, _, _ = picture
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    gimp.call("start_other_job")
    try:
        apply(gimp, {"Night wind": 1.0}, NO_CHANGE)
        gimp.wait(lambda: "1 before it" in gimp.dialog()["stage"], LONG, "the place in the queue")
    finally:  # or it would hold up every test after this one
        gimp.call("end_other_job")
    wait_until_closed(gimp)
    assert new_layer(before, gimp.call("state", image=image))


def test_the_preview_lies_in_its_place_and_gives_way_to_the_original(gimp, picture):
    image, _, _ = picture
    gimp.call("select", image=image, x=60, y=0, width=36, height=80)
    open_dialog(gimp)
    apply(gimp, {"Night wind": 1.0}, ENDLESS | {"selection": "crop", "feather": 0.0})
    gimp.wait(lambda: gimp.dialog("has_preview"), LONG, "a preview")
    painted = gimp.dialog("canvas_colours")
    gimp.dialog("hold_mouse", down=True)
    original = gimp.dialog("canvas_colours")
    gimp.dialog("hold_mouse", down=False)
    assert painted[0] == original[0], "the left is not painted"
    assert painted[1] != original[1], "the right is"
    assert gimp.dialog("canvas_colours") != original


def test_of_layers_selected_together_the_lowest_is_repainted_in_the_style_of_the_others(
    gimp, picture
):
    image, content, _ = picture
    mosaic = gimp.call("add_layer", image=image, name="Mosaic", seed=4)
    gimp.call("set_active", image=image, layers=[content, mosaic])
    open_dialog(gimp)
    dialog = gimp.dialog()
    assert dialog["content"] == "Photograph"
    assert [style[:2] for style in dialog["styles"]] == [["Mosaic", True], ["Night wind", False]]


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
    gimp.dialog("set_brush", name="Night wind", percent=250)
    paint(gimp, {"Night wind": 3.0}, NO_CHANGE | values)
    saved = gimp.call("save_and_open", image=image, path=f"{HOME}/kept.xcf")
    assert gimp.call("layer_named", image=saved, name="Style: Night wind")
    gimp.call("close_all")
    gimp.call("open_shown", path=f"{HOME}/kept.xcf")
    open_dialog(gimp)
    dialog, settings = gimp.dialog(), gimp.dialog("settings")
    assert dialog["content"] == "Photograph", "again from the original, not from the last result"
    assert ["Night wind", True, 3.0] in dialog["styles"]
    assert gimp.dialog("brushes") == {"Night wind": 250}
    assert settings["strength"] == 85
    assert settings["brush_size"] == 150


def add_file(gimp, name: str) -> None:
    gimp.dialog("add_file", path=f"{HOME}/{name}.png")
    gimp.wait(lambda: name in [row[0] for row in gimp.dialog()["styles"]], LONG, "its row")


def test_a_picture_file_serves_as_a_style(gimp, picture):
    image, _, _ = picture
    gimp.call("save_picture", image=image, path=f"{HOME}/a style.png")
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    add_file(gimp, "a style")
    assert gimp.dialog()["styles"][-1][:2] == ["a style", True]
    paint(gimp, {"a style": 2.0}, NO_CHANGE)
    assert new_layer(before, gimp.call("state", image=image))["name"] == "Style: a style"


def test_picture_files_are_offered_again_in_another_image(gimp, picture):
    image, _, _ = picture
    gimp.call("save_picture", image=image, path=f"{HOME}/again.png")
    open_dialog(gimp)
    add_file(gimp, "again")
    paint(gimp, {"again": 1.0}, NO_CHANGE)
    gimp.call("close_all")
    make(gimp, width=64, height=64)
    gimp.call("forget_last_values")
    open_dialog(gimp)
    assert ["again", False, 1.0] in gimp.dialog()["styles"]


def test_a_broken_picture_file_is_answered_with_a_sentence(gimp, picture):
    inside(f"{HOME}/broken.png").write_bytes(b"no picture")
    open_dialog(gimp)
    gimp.dialog("add_file", path=f"{HOME}/broken.png")
    sentence = says("broken.png cannot be read (…): choose another file.")
    gimp.wait(lambda: gimp.dialog()["message"], LONG, "the sentence")
    assert re.fullmatch(sentence, gimp.dialog()["message"])


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
    palette = says("This image has a palette: a result in it will have the palette's colours only")
    assert re.match(palette, gimp.dialog()["message"])
    gimp.dialog("hear")
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE | {"rgb-copy": True})
    assert gimp.call("state", image=image) == before
    (copy,) = [each for each in gimp.call("images") if each != image]
    found = gimp.call("state", image=copy)
    assert found["base"] == "rgb"
    assert [each["name"] for each in found["layers"]][:2] == ["Style: Night wind", "Photograph"]
    assert gimp.call("heard") == "", "it was said in the dialog"


def kill_child(gimp) -> None:
    """And wait for the next one, which paints it again."""
    killed = gimp.call("compute_child")
    gimp.call("kill", what="compute child")
    gimp.wait(lambda: gimp.call("compute_child") not in (0, killed), LONG, "the next one")


@pytest.mark.parametrize("victim", ["compute child", "backend"])
def test_a_killed_backend_gives_a_sentence_and_apply_works_again(gimp, unfinished, victim):
    image, _, before = unfinished
    if victim == "compute child":
        kill_child(gimp)
    gimp.call("kill", what=victim)
    gimp.wait(lambda: gimp.dialog("is_idle"), LONG, "the sentence")
    assert "again" in gimp.dialog()["message"]
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, gimp.call("state", image=image))


def test_where_the_repainted_layer_is_deleted_meanwhile_the_result_lies_on_top(gimp, picture):
    image, content, _ = picture
    start_and_hold(gimp)
    gimp.call("remove_layer", image=image, layer=content)
    before = gimp.call("state", image=image)
    gimp.call("release_backend")
    wait_until_closed(gimp)
    after = gimp.call("state", image=image)
    new = new_layer(before, after)
    assert after["layers"][0] == new
    assert (new["name"], new["place"]) == ("Style: Night wind", [0, 0, 96, 80])
    assert gimp.call("images") == [image]


def test_where_the_image_is_closed_meanwhile_the_result_is_kept_and_that_is_said(gimp, picture):
    image, _, _ = picture
    start_and_hold(gimp)
    gimp.call("close", image=image)
    gimp.call("release_backend")
    gimp.wait(lambda: "is kept" in gimp.dialog()["message"], LONG, "the sentence")
    assert gimp.call("unclaimed") == 1
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)
    make(gimp)
    open_dialog(gimp)
    assert "Style: Night wind" in gimp.dialog()["offer"]
    gimp.dialog("press", button="discard")
    assert gimp.call("unclaimed") == 0


def test_gimps_own_cancel_kills_the_plug_in_and_the_backend_drops_the_job(gimp, unfinished):
    """GIMP's Cancel stands beside its own progress bar, which Repeat shows."""
    image, _, _ = unfinished
    gimp.dialog("press", button="keep")  # so that its settings are the last ones
    wait_until_closed(gimp)
    before = gimp.call("state", image=image)
    press(gimp, REPEAT)
    gimp.wait(lambda: "with 1 job" in gimp.call("backend_status"), LONG, "the job")
    gimp.call("kill", what="plug-in")
    wait_until_closed(gimp)
    gimp.wait(lambda: "with 0 jobs" in gimp.call("backend_status"), LONG, "its end")
    assert gimp.call("state", image=image) == before
    open_dialog(gimp)
    assert gimp.dialog()["offer"] == ""
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)  # the backend does not paint the other one first
    assert new_layer(before, gimp.call("state", image=image))


def leave_a_result(gimp, image: int) -> None:
    """A plug-in that goes while it paints, as with a GIMP that crashes; the result comes later."""
    start_and_hold(gimp)
    gimp.wait(lambda: "with 1 job" in gimp.call("backend_status"), LONG, "the job in the queue")
    gimp.call("kill", what="plug-in")
    wait_until_closed(gimp)
    gimp.call("release_backend")
    gimp.wait(lambda: gimp.call("unclaimed"), LONG, "the result")


def test_a_result_whose_editor_is_gone_is_kept_and_offered(gimp, picture, pictures_of_the_screen):
    image, content, _ = picture
    leave_a_result(gimp, image)
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    offer = gimp.dialog()["offer"]
    assert offer.startswith("“Style: Night wind”, painted for “")
    assert offer.endswith(", was never inserted.")
    gimp.screenshot(pictures_of_the_screen / "gimp-offer.png")
    gimp.dialog("press", button="insert")
    assert gimp.dialog()["offer"] == ""
    after = gimp.call("state", image=image)
    new = new_layer(before, after)
    assert (new["name"], new["place"]) == ("Style: Night wind", [0, 0, 96, 80])
    assert after["layers"][after["layers"].index(new) + 1]["id"] == content
    assert gimp.call("difference", one=content, other=new["id"]) == 0
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=image) == before, LONG, "the undo")


def test_an_offer_that_is_discarded_can_be_had_back_until_it_is_deleted(gimp, picture):
    image, _, _ = picture
    leave_a_result(gimp, image)
    open_dialog(gimp)
    gimp.dialog("press", button="discard")
    assert gimp.call("unclaimed") == 0
    assert "was discarded. It stays here for a day" in gimp.dialog()["offer"]
    gimp.dialog("press", button="discard")
    assert gimp.dialog()["offer"] == ""
