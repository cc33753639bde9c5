"""The history of the document and the presets in the real Krita, on a small screen."""

import pytest
from krita_actions import LONG, NO_CHANGE, one_krita, open_dialog, paint
from session import HOME, SCUMBLE, inside, new_layer

pytestmark = pytest.mark.krita

running = one_krita(small={"screen": "1366x768x24"})

PRESETS = f"{SCUMBLE}/state/presets.json"
SHARED = f"{HOME}/krita.scumble-presets"
QUICK = {"working_size": 256, "quality": "draft"}


def test_the_history_is_looked_at_painted_again_and_put_back(
    krita, photograph, pictures_of_the_screen
):
    open_dialog(krita, photograph)
    paint(krita, {"Starry night": 1.0}, {**QUICK, "strength": 80})
    paint(krita, {"Starry night": 0.5, "The scream": 2.0}, {**QUICK, "strength": 50})
    krita.call("shelf.open_history")
    krita.wait(lambda: krita.call("shelf.shown")["looks"], LONG, "the large picture")
    krita.call("shelf.choose", row=1)
    krita.call("shelf.press", act="star")
    krita.wait(lambda: krita.call("shelf.shown")["looks"], LONG, "the other large picture")
    krita.screenshot(pictures_of_the_screen / "krita-history.png")
    shown = krita.call("shelf.shown")
    assert shown["cards"] == ["Style: The scream + Starry night", "★ Style: Starry night"]
    assert all(shown["pictures"])
    assert "Strength: 80 %" in shown["details"]
    assert krita.call("looks.crowded", part="shelf") == []

    before = krita.call("state")
    krita.call("shelf.press", act="insert")
    after = krita.call("state")
    assert new_layer(before, after)["name"] == "Style 2: Starry night"
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: len(krita.call("state")["layers"]) == len(before["layers"]), 10, "one undo")

    krita.call("shelf.press", act="use")
    assert krita.call("shelf.shown") is None
    assert krita.call("settings")["strength"] == 80
    assert ["Starry night", True, 1.0] in krita.call("dialog")["styles"]
    krita.call("shelf.open_history")
    krita.call("hide_dialog")
    assert krita.call("shelf.is_closed"), "it closes with the dialog"


def test_what_is_kept_is_what_was_painted(krita, two_layers):
    open_dialog(krita, two_layers[0])
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, {"working_size": 256, "quality": "draft", "steps": 3})
    layer = new_layer(before, krita.call("state"))["id"]
    krita.call("shelf.open_history")
    krita.wait(lambda: krita.call("shelf.shown")["cards"], LONG, "the entry")
    assert krita.call("shelf.is_lossless", layer=layer)


def test_nothing_that_is_cancelled_changes_the_document(krita, two_layers):
    open_dialog(krita, two_layers[0])
    krita.call("shelf.set_unmodified")
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("set_values", values={"working_size": 256, "quality": "draft", "steps": 5000})
    krita.call("press_apply")
    krita.wait_for("has_preview", LONG)
    krita.call("press_cancel")
    assert not krita.call("shelf.modified")


def test_the_history_goes_with_the_document_when_it_is_saved_and_opened(krita, two_layers):
    open_dialog(krita, two_layers[0])
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    background = krita.call("save_and_open_again", path=f"{HOME}/history.kra")
    open_dialog(krita, background)
    krita.call("shelf.open_history")
    assert krita.call("shelf.shown")["cards"] == ["Style: Night wind"]
    krita.call("shelf.press", act="delete")
    krita.wait_for("question")
    krita.call("answer", button="Delete")
    krita.wait(lambda: krita.call("shelf.shown")["empty"], 10, "an empty shelf")


def write_path(krita, path: str) -> None:
    """Into the box that asks for a file, as by hand: told by Qt it may take another one."""
    krita.wait_for("shelf.asks_for_file")
    krita.hand("key", "ctrl+a")
    krita.hand("type", path)
    krita.hand("key", "Return")


def test_presets_are_looked_through_saved_and_shared(krita, photograph, pictures_of_the_screen):
    for path in (PRESETS, SHARED):
        inside(path).unlink(missing_ok=True)
    open_dialog(krita, photograph)
    krita.call("tick", styles={"Starry night": 2.0})
    krita.call("set_values", values={**QUICK, "strength": 80})
    krita.call("shelf.open_presets")
    krita.call("shelf.press", act="save")
    krita.call("shelf.answer_name", text="Stars")
    krita.wait(lambda: "Stars" in krita.call("shelf.shown")["cards"], 10, "the preset")
    krita.call("shelf.choose", row=0)
    krita.call("shelf.press", act="star")
    krita.screenshot(pictures_of_the_screen / "krita-presets.png")
    shown = krita.call("shelf.shown")
    assert shown["cards"][0] == "★ Stars"
    assert all(shown["pictures"][1:]), "of those that came along"
    assert "Starry night (Weight 2)" in shown["details"]
    assert krita.call("looks.crowded", part="shelf") == []
    krita.call("shelf.press", act="export")
    write_path(krita, SHARED)
    krita.wait(lambda: inside(SHARED).exists(), 10, "the file")
    krita.call("shelf.press", act="delete")
    krita.wait_for("question")
    krita.call("answer", button="Delete")
    krita.wait(lambda: "★ Stars" not in krita.call("shelf.shown")["cards"], 10, "the end of it")
    krita.call("shelf.press", act="import")
    write_path(krita, SHARED)
    krita.wait(lambda: "★ Stars" in krita.call("shelf.shown")["cards"], 10, "it comes back")


def test_a_preset_comes_with_its_styles_or_asks_for_others(krita, two_layers):
    open_dialog(krita, two_layers[0])
    krita.call("preset", what="choose", name="Red harbour")
    assert ["red-harbour", True, 1.0] in krita.call("dialog")["styles"]
    krita.call("tick", styles={"Night wind": 3.0})
    krita.call("preset", what="save", name="Wind")
    krita.call("hide_dialog")  # each document has its own
    other = krita.call("new_document", width=64, height=64)
    krita.call("add_layer", name="Reed", seed=3)
    open_dialog(krita, other)
    krita.call("preset", what="choose", name="Wind")
    assert "“Night wind”" in krita.call("message")
    assert krita.call("shelf.answer_choice", place=0)[0] == "Reed"
    assert ["Reed", True, 3.0] in krita.call("dialog")["styles"]
    krita.call("preset", what="delete", name="Wind")
    krita.wait_for("question")
    krita.call("answer", button="Delete")
