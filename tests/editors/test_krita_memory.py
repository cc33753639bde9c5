"""The real Krita and the real backend: what is remembered, offered again and never lost."""

import re
from pathlib import Path

import pytest
from krita_actions import (
    LONG,
    NO_CHANGE,
    below,
    close_document_of_job,
    one_krita,
    open_dialog,
    paint,
    start_and_hold,
)
from session import HOME, inside, new_layer
from tests.sentences import says

pytestmark = pytest.mark.krita

running = one_krita()


def open_dialog_and_add_file(krita, layer: str, path: str) -> None:
    """The file shows what the document shows."""
    krita.call("save_picture", path=path)
    open_dialog(krita, layer)
    krita.call("add_file", path=path)
    name = Path(path).stem
    krita.wait(lambda: name in [row[0] for row in krita.call("dialog")["styles"]], LONG, "its row")


def test_a_picture_file_serves_as_a_style(krita, two_layers):
    open_dialog_and_add_file(krita, two_layers[0], f"{HOME}/a style.png")
    assert krita.call("dialog")["styles"][-1][:2] == ["a style", True]
    before = krita.call("state")
    paint(krita, {"a style": 2.0}, NO_CHANGE)
    assert new_layer(before, krita.call("state"))["name"] == "Style: a style"


def test_a_broken_picture_file_is_answered_with_a_sentence(krita, two_layers):
    inside(f"{HOME}/broken.png").write_bytes(b"no picture")
    open_dialog(krita, two_layers[0])
    krita.call("add_file", path=f"{HOME}/broken.png")
    sentence = says("broken.png cannot be read (…): convert it.")
    krita.wait(lambda: krita.call("message"), LONG, "the sentence")
    assert re.fullmatch(sentence, krita.call("message"))


def test_settings_are_remembered(krita, two_layers):
    open_dialog(krita, two_layers[0])
    values = {**NO_CHANGE, "strength": 85, "brush_size": 150, "smoothing": 30}
    paint(krita, {"Night wind": 1.0}, values)
    krita.call("close_all")
    background = krita.call("new_document", width=64, height=64)
    open_dialog(krita, background)
    found = krita.call("settings")
    assert {name: found[name] for name in values} == values


def test_the_document_remembers_how_each_result_was_painted(krita, two_layers):
    open_dialog_and_add_file(krita, two_layers[0], f"{HOME}/a style.png")
    krita.call("set_brush", name="Night wind", percent=250)
    values = {**NO_CHANGE, "strength": 15, "blend": "mixture"}
    paint(krita, {"Night wind": 3.0, "a style": 0.5}, values)
    krita.call("set_values", values={"strength": 45})
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    background = krita.call("save_and_open_again", path=f"{HOME}/remembered.kra")
    results = [each["id"] for each in krita.call("state")["layers"] if "Style:" in each["name"]]
    assert len(results) == 2
    open_dialog(krita, background)
    assert krita.call("settings")["strength"] == 45, "the newest"
    names = {each["id"]: each["name"] for each in krita.call("state")["layers"]}
    (first,) = [each for each in results if "a style" in names[each]]
    open_dialog(krita, first)
    dialog = krita.call("dialog")
    assert dialog["content"] == "Background", "the original, not the result"
    ticked = {name: weight for name, on, weight in dialog["styles"] if on}
    assert ticked == {"Night wind": 3.0, "a style": 0.5}
    assert krita.call("brushes")["Night wind"] == 250
    found = krita.call("settings")
    assert {name: found[name] for name in values} == values


def test_picture_files_are_offered_again_in_another_document(krita, two_layers):
    open_dialog_and_add_file(krita, two_layers[0], f"{HOME}/again.png")
    paint(krita, {"again": 1.0}, NO_CHANGE)
    krita.call("hide_dialog")
    other = krita.call("new_document", width=64, height=64)
    open_dialog(krita, other)
    assert ["again", False, 1.0] in krita.call("dialog")["styles"]


def test_presets_are_saved_chosen_and_reset(krita, two_layers):
    open_dialog(krita, two_layers[0])
    krita.call("set_values", values={"strength": 33, "seed": 7})
    krita.call("preset", what="save", name="Evening")
    krita.call("preset", what="reset")
    assert krita.call("settings")["strength"] == 60
    first = ["All presets...", "Save as...", "Reset", "Another Computer..."]
    menu = krita.call("preset_menu")  # devices come in once the engine is awake
    assert menu[:5] == ["Evening", *first]
    assert menu[-1] == "About Scumble..."
    krita.call("preset", what="choose", name="Evening")
    assert (krita.call("settings")["strength"], krita.call("settings")["seed"]) == (33, 7)
    krita.call("set_values", values={"strength": 44})
    krita.call("preset", what="save", name="Evening")
    assert "a preset “Evening” already" in krita.wait_for("question")
    krita.call("answer", button="Cancel")
    krita.call("preset", what="choose", name="Evening")
    assert krita.call("settings")["strength"] == 33, "asked before it is lost"
    krita.call("preset", what="save", name="last used")
    assert "choose another name" in krita.call("message")
    krita.call("preset", what="save", name="Oil & Ink")
    assert "Oil && Ink" in krita.call("preset_menu"), "Qt takes one & for the mark of a key"
    for name in ("Evening", "Oil & Ink"):
        krita.call("preset", what="delete", name=name)
        assert f"Delete the preset “{name}”?" in krita.wait_for("question")
        krita.call("answer", button="Delete")
    assert krita.call("preset_menu")[:4] == first
    krita.call("preset", what="reset")


def test_repeat_paints_again_without_the_dialog(krita, two_layers):
    background, _ = two_layers
    open_dialog(krita, background)
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    krita.call("close_dialogs")
    before = krita.call("state")
    krita.call("trigger", name="scumble_repeat")
    krita.wait(lambda: len(krita.call("state")["layers"]) == 4, LONG, "the second result")
    after = krita.call("state")
    new = new_layer(before, after)
    assert krita.call("difference", one=background, other=new["id"]) == 0, "of the original"
    assert krita.call("dialog") is None


def test_a_result_whose_layer_is_gone_lies_on_top_of_the_document(krita, two_layers):
    background, _ = two_layers
    start_and_hold(krita, background)
    krita.call("remove_layer", layer=background)
    before = krita.call("state")
    krita.call("release_backend")
    krita.wait_for("is_idle", LONG)
    after = krita.call("state")
    new = new_layer(before, after)
    assert (new["name"], new["place"]) == ("Style: Night wind", [0, 0, 96, 80])
    assert below(after, new) == "Night wind"
    assert "The layer it was painted from is gone" in krita.call("message")
    assert krita.call("documents") == ["test"], "in its own document"


def insert_the_offer(krita, pictures_of_the_screen) -> None:
    """What is offered goes into another document, as one step."""
    background = krita.call("new_document", width=120, height=100)
    open_dialog(krita, background)
    assert "“Style: Night wind”, painted for “test” at" in krita.call("offer")
    krita.screenshot(pictures_of_the_screen / "krita-offer.png")
    before = krita.call("state")
    krita.call("answer_offer", button="take")
    after = krita.call("state")
    new = new_layer(before, after)
    assert (new["name"], new["place"]) == ("Style: Night wind", [0, 0, 96, 80])
    assert below(after, new) == "Background"
    assert krita.call("offer") == ""
    krita.call("trigger", name="edit_undo")
    assert krita.call("state")["layers"] == before["layers"]


def test_a_result_whose_document_is_closed_is_kept_and_offered(
    krita, two_layers, pictures_of_the_screen
):
    close_document_of_job(krita, two_layers[0])
    assert krita.call("dialog") is None
    insert_the_offer(krita, pictures_of_the_screen)


def test_a_result_whose_krita_is_closed_is_kept_and_offered(
    krita, two_layers, pictures_of_the_screen
):
    start_and_hold(krita, two_layers[0])
    krita.call("close_document")
    krita.start_again(lambda: krita.call("quit"))
    krita.call("release_backend")
    krita.wait_for("unclaimed", LONG)
    insert_the_offer(krita, pictures_of_the_screen)


def test_an_offer_that_is_discarded_can_be_had_back_until_it_is_deleted(krita, two_layers):
    background, _ = two_layers
    close_document_of_job(krita, background)
    background = krita.call("new_document", width=96, height=80)
    open_dialog(krita, background)
    krita.call("answer_offer", button="discard")
    assert krita.call("unclaimed") == []
    assert "was discarded. It stays here for a day" in krita.call("offer")
    krita.call("answer_offer", button="discard")
    assert krita.call("offer") == ""


def test_about_offers_to_free_what_is_not_used(
    krita, two_layers, old_version, pictures_of_the_screen
):
    open_dialog(krita, two_layers[0])
    krita.call("about")
    assert re.search(
        r"GB can be freed: older versions \(0\.[1-9]", krita.wait_for("question", LONG)
    )
    krita.screenshot(pictures_of_the_screen / "krita-about.png")
    krita.call("answer", button="Cancel")
    assert old_version.exists()
