"""The real Krita, the real backend: what an artist does, and what must never happen.

One Krita does all of it, since starting one takes long. Everything waits for what it needs to see;
the bounds are far away, for machines that have other things to do.
"""

import pytest
from krita_actions import (
    LONG,
    NO_CHANGE,
    QUICK,
    activate,
    below,
    new_layer,
    one_krita,
    open_dialog,
    paint,
    start_and_hold,
    start_endless,
)  # fmt: skip
from session import HOME, INSTALL, inside

# A window under a machine's load sometimes misses a click: once more, then it counts.
pytestmark = [pytest.mark.krita, pytest.mark.flaky(reruns=2)]

running = one_krita()

SOON = 5.0  # s for what is noticed at once, on a machine that has other things to do


@pytest.fixture
def two_layers(krita):
    """A small document: a background to repaint, a style above it. Their ids."""
    background = krita.call("new_document", width=96, height=80)
    style = krita.call("add_layer", name="Night wind", seed=3)
    return background, style


def test_krita_starts_without_loading_anything_heavy(running):
    loaded = running.get().call("modules")
    assert "scumble.hosts.krita.extension" in loaded
    assert not {"zmq", "scumble.client", "scumble.hosts.krita.dialog"} & set(loaded)


def test_install_refuses_while_krita_runs(running):
    done = running.get().call("install", script=INSTALL)
    assert done["code"] == 1
    assert "Krita is open" in done["said"]


def test_the_actions_lie_in_filter_artistic_and_are_grey_without_an_image(krita):
    for name, text in (
        ("scumble_stylize", "Scumble: Style Transfer..."),
        ("scumble_repeat", "Scumble: Repeat"),
    ):
        assert krita.call("menu_path", action=name) == ["Filter", "Artistic"]
        assert krita.call("action", name=name)["text"] == text
        krita.wait(lambda name=name: not krita.call("action", name=name)["enabled"], LONG, "grey")


@pytest.mark.parametrize("name", ["stylize", "repeat"])
def test_without_an_image_there_is_a_sentence(krita, name):
    krita.call("call_extension", name=name)
    assert "Open a picture first" in krita.wait_for("message_box")


def test_opening_the_dialog_changes_nothing_and_starts_the_backend(
    krita, two_layers, pictures_of_the_screen
):
    activate(krita, two_layers[0])
    before = krita.call("state")
    open_dialog(krita, two_layers[0])
    dialog = krita.call("dialog")
    assert dialog["content"] == "Background"
    assert dialog["styles"] == [["Night wind", False, 1.0]]
    assert not dialog["apply"], "Apply waits for a style"
    assert krita.call("state") == before
    assert krita.call("backend")
    krita.screenshot(pictures_of_the_screen / "krita-dialog.png")


@pytest.mark.parametrize("theme", ["Krita bright", "Krita dark"])
def test_the_dialog_fits_a_small_screen_in_either_theme(
    krita, two_layers, theme, pictures_of_the_screen
):
    krita.call("use_theme", name=theme)
    krita.wait(lambda: krita.call("is_dark") == ("dark" in theme), LONG, theme)
    open_dialog(krita, two_layers[0])
    for expert in (False, True):
        krita.call("unfold", expert=expert)
        krita.wait_for("fits_on_screen")
    krita.call("unfold")
    word = theme.split()[1]
    krita.screenshot(pictures_of_the_screen / f"krita-advanced-{word}.png")
    krita.call("fold")


def test_layers_selected_together_are_ticked(krita, two_layers):
    background, _ = two_layers
    krita.call("add_layer", name="Mosaic", seed=4)
    activate(krita, background)
    krita.call("trigger", name="select_all_layers")
    krita.wait(lambda: krita.call("selected") == 3, LONG, "three layers selected")
    krita.call("trigger", name="scumble_stylize")
    krita.wait_for("is_ready", LONG)
    dialog = krita.call("dialog")
    others = {"Background", "Night wind", "Mosaic"} - {dialog["content"]}
    assert {name for name, ticked, _ in dialog["styles"] if ticked} == others


def test_what_cannot_be_painted_is_said_before_the_backend_is_asked(krita, two_layers):
    background, _ = two_layers
    open_dialog(krita, background)
    krita.call("tick", styles={"Night wind": 0.0})
    krita.call("press_apply")
    assert "weight above 0" in krita.call("message")
    assert krita.call("is_idle")


def test_a_backend_that_ends_is_seen_in_the_status_line_and_started_there(
    krita, two_layers, pictures_of_the_screen
):
    open_dialog(krita, two_layers[0])
    krita.call("kill", what="backend")
    krita.wait(lambda: krita.call("status") == ["Not running", "Start", "Log"], LONG, "its end")
    krita.screenshot(pictures_of_the_screen / "krita-not-running.png")
    krita.call("press_status", button="log")
    assert "server.log" in krita.wait_for("message", LONG)
    krita.call("press_status", button="start")
    krita.wait_for("is_ready", LONG)


def test_time_and_memory_are_told_before_apply(krita, two_layers, pictures_of_the_screen):
    open_dialog(krita, two_layers[0])
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("set_values", values=QUICK)
    krita.wait(lambda: (krita.call("stage") or "").startswith("Takes about "), LONG, "the estimate")
    assert krita.call("stage").endswith("GB at 96 x 80 px.")
    krita.screenshot(pictures_of_the_screen / "krita-estimate.png")


def test_two_documents_paint_one_after_the_other(krita, two_layers):
    open_dialog(krita, two_layers[0])
    start_endless(krita)
    krita.call("hide_dialog")
    second = krita.call("new_document", width=64, height=64)
    krita.call("add_layer", name="Night wind", seed=3)
    open_dialog(krita, second)
    before = krita.call("state")
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("set_values", values=NO_CHANGE)
    krita.call("press_apply")
    krita.wait(
        lambda: "1 before it" in krita.call("dialog")["stage"], LONG, "the place in the queue"
    )
    krita.call("cancel_others")
    krita.wait_for("is_idle", LONG)
    assert new_layer(before, krita.call("state"))["place"] == [0, 0, 64, 64]


def test_a_style_becomes_a_layer_that_one_undo_takes_away(
    krita, two_layers, pictures_of_the_screen
):
    background, _ = two_layers
    open_dialog(krita, background)
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, QUICK)
    after = krita.call("state")
    new = new_layer(before, after)
    assert new["name"] == "Style: Night wind"
    assert new["place"] == [0, 0, 96, 80]
    assert below(after, new) == "Background"
    assert krita.call("difference", one=background, other=new["id"]) > 0.01, "nothing was painted"
    krita.screenshot(pictures_of_the_screen / "krita-painted.png")
    krita.call("trigger", name="edit_undo")
    assert krita.call("state")["layers"] == before["layers"]
    krita.call("trigger", name="edit_redo")
    assert krita.call("state")["layers"] == after["layers"]


SPACES = {  # model, depth, profile (Krita's own choice where empty), the difference allowed
    "8-bit RGB": ("RGBA", "U8", "", 0),
    "8-bit RGB of another profile": ("RGBA", "U8", "ClayRGB-elle-V2-g22.icc", 1 / 255),
    "16-bit RGB": ("RGBA", "U16", "", 1 / 4095),
    "half float RGB": ("RGBA", "F16", "", 1 / 4095),
    "float RGB": ("RGBA", "F32", "", 1 / 4095),
    "8-bit grey": ("GRAYA", "U8", "", 1 / 255),
    "16-bit grey": ("GRAYA", "U16", "", 1 / 4095),
    "float grey": ("GRAYA", "F32", "", 1 / 4095),
    "8-bit CMYK": ("CMYKA", "U8", "", 3 / 255),
    "16-bit CMYK": ("CMYKA", "U16", "", 3 / 255),
    "8-bit Lab": ("LABA", "U8", "", 3 / 255),
    "16-bit Lab": ("LABA", "U16", "", 3 / 255),
}


@pytest.mark.parametrize("space", SPACES)
def test_a_picture_comes_back_as_it_went(krita, space):
    model, depth, profile, allowed = SPACES[space]
    how = {"model": model, "depth": depth, "profile": profile}
    background = krita.call("new_document", width=64, height=48, **how)
    krita.call("add_layer", name="Night wind", seed=3)
    open_dialog(krita, background)
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    new = new_layer(before, krita.call("state"))
    assert new["space"] == before["layers"][0]["space"]
    assert krita.call("difference", one=background, other=new["id"]) <= allowed


def test_a_layer_larger_than_the_canvas_keeps_its_place(krita, two_layers):
    wide = krita.call("add_layer", name="Wide", x=-20, y=-10, width=150, height=130, seed=5)
    open_dialog(krita, wide)
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    after = krita.call("state")
    new = new_layer(before, after)
    assert new["place"] == [-20, -10, 150, 130]
    assert below(after, new) == "Wide"
    assert krita.call("difference", one=wide, other=new["id"]) == 0


def test_a_group_is_painted_as_it_is_seen_and_a_layer_in_it_gets_its_result_there(krita):
    krita.call("new_document", width=96, height=80)
    group = krita.call("add_group", name="Group")
    low = krita.call("add_layer", name="Low", x=8, y=4, seed=6, group=group)
    krita.call("add_layer", name="Night wind", width=70, height=70, seed=3)
    open_dialog(krita, group)
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    after = krita.call("state")
    of_group = new_layer(before, after)
    assert of_group["parent"] == ""
    assert below(after, of_group) == "Group"
    assert krita.call("difference", one=low, other=of_group["id"]) == 0
    open_dialog(krita, low)
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    inner = new_layer(after, krita.call("state"))
    assert inner["parent"] == "Group"


def test_hidden_groups_serve_as_styles_and_masks_hide(krita, two_layers):
    _, style = two_layers
    group = krita.call("add_group", name="Hidden", visible=False)
    krita.call("add_layer", name="Inside", seed=8, group=group)
    krita.call("add_transparency_mask", layer=style)
    open_dialog(krita, style)
    before = krita.call("state")
    paint(krita, {"Hidden": 1.0}, NO_CHANGE)
    new = new_layer(before, krita.call("state"))
    assert new["name"] == "Style: Hidden"
    assert new["place"] == [32, 0, 32, 64], "the mask hides the left half"


def test_all_that_is_visible_is_painted_on_top(krita, two_layers):
    background, _ = two_layers
    open_dialog(krita, background)
    krita.call("choose_content", name="All that is visible")
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    after = krita.call("state")
    new = new_layer(before, after)
    assert after["layers"][-1] == new
    assert new["place"] == [0, 0, 96, 80]


def paint_selected(krita, layer: str, **values) -> dict:
    """Paint with a selection; the new layer. What is selected stays as it is."""
    selected = krita.call("selection")
    open_dialog(krita, layer)
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, {**QUICK, **values})
    assert krita.call("selection") == selected
    return new_layer(before, krita.call("state"))


def test_the_result_is_limited_to_the_selection_with_a_soft_edge(
    krita, two_layers, pictures_of_the_screen
):
    background, _ = two_layers
    krita.call("select", x=0, y=0, width=48, height=80)
    new = paint_selected(krita, background, selection="limit", feather=10)
    row = krita.call("alpha", layer=new["id"], row=40)
    original = krita.call("alpha", layer=background, row=40)
    assert row[:28] == original[:28]
    assert 0.3 < row[48] / original[48] < 0.7, "half at the edge"
    assert set(row[68:]) == {0}
    krita.screenshot(pictures_of_the_screen / "krita-selection.png")


def test_only_the_selected_part_is_painted_where_that_is_asked_for(krita, two_layers):
    background, _ = two_layers
    krita.call("select", x=30, y=20, width=20, height=30)
    new = paint_selected(krita, background, selection="crop", feather=0)
    assert new["place"] == [30, 20, 20, 30]


def test_the_selection_is_ignored_where_that_is_asked_for(krita, two_layers):
    background, _ = two_layers
    krita.call("select", x=30, y=20, width=20, height=30)
    assert paint_selected(krita, background, selection="ignore")["place"] == [0, 0, 96, 80]


def test_an_inverted_selection_limits_too(krita, two_layers):
    background, _ = two_layers
    krita.call("select", x=0, y=0, width=96, height=40, inverted=True)
    new = paint_selected(krita, background, selection="limit", feather=0)
    assert new["place"] == [0, 40, 96, 40]


def test_a_selection_beside_the_layer_is_answered_with_a_sentence(krita, two_layers):
    _, style = two_layers
    krita.call("select", x=70, y=66, width=10, height=10)
    open_dialog(krita, style)
    krita.call("tick", styles={"Background": 1.0})
    krita.call("press_apply")
    krita.wait_for("is_idle", LONG)
    assert "Nothing of 'Night wind' is selected" in krita.call("message")


def test_a_filter_layer_is_answered_with_a_sentence(krita, two_layers):
    blur = krita.call("add_filter_layer", name="Soft")
    open_dialog(krita, blur)
    dialog = krita.call("dialog")
    assert "'Soft' is a filter layer" in dialog["message"]
    assert dialog["content"] == "All that is visible"


def open_dialog_and_add_file(krita, layer: str, path: str) -> None:
    """The file shows what the document shows."""
    krita.call("save_picture", path=path)
    open_dialog(krita, layer)
    krita.call("add_file", path=path)


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
    assert "broken.png cannot be read" in krita.call("message")


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
    assert krita.call("preset_menu") == ["Evening", "Save as...", "Delete", "Reset"]
    krita.call("preset", what="choose", name="Evening")
    assert (krita.call("settings")["strength"], krita.call("settings")["seed"]) == (33, 7)
    krita.call("preset", what="delete", name="Evening")
    assert krita.call("preset_menu") == ["Save as...", "Reset"]
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


def test_cancel_frees_the_dialog_at_once_and_apply_works_again(
    krita, two_layers, pictures_of_the_screen
):
    background, _ = two_layers
    open_dialog(krita, background)
    before = krita.call("state")
    start_endless(krita)
    krita.screenshot(pictures_of_the_screen / "krita-painting.png")
    assert krita.call("press_cancel") < 0.2
    assert krita.call("is_idle")
    assert krita.call("state")["layers"] == before["layers"]
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, krita.call("state"))


def test_stop_and_keep_makes_a_layer_of_what_is_painted_so_far(krita, two_layers):
    background, _ = two_layers
    open_dialog(krita, background)
    before = krita.call("state")
    start_endless(krita)
    krita.call("press_keep")
    krita.wait_for("is_idle", LONG)
    new = new_layer(before, krita.call("state"))
    assert new["place"] == [0, 0, 96, 80]
    assert krita.call("difference", one=background, other=new["id"]) > 0.01, "nothing was painted"


@pytest.mark.parametrize("victim", ["compute child", "backend"])
def test_a_killed_backend_gives_a_sentence_and_apply_works_again(krita, two_layers, victim):
    background, _ = two_layers
    open_dialog(krita, background)
    before = krita.call("state")
    start_endless(krita)
    krita.call("kill", what=victim)
    krita.wait_for("is_idle", SOON)
    assert "again" in krita.call("message")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, krita.call("state"))


def test_a_result_whose_layer_is_gone_opens_as_a_new_document(krita, two_layers):
    background, _ = two_layers
    start_and_hold(krita, background)
    krita.call("remove_layer", layer=background)
    krita.call("release_backend")
    krita.wait(lambda: "Style: Night wind" in krita.call("documents"), LONG, "the new document")
    (layer,) = krita.call("state_of", name="Style: Night wind")["layers"]
    assert layer["place"] == [0, 0, 96, 80]
    assert layer["name"] == "Style: Night wind"


def insert_the_offer(krita, pictures_of_the_screen) -> None:
    """What is offered goes into another document, as one step."""
    background = krita.call("new_document", width=120, height=100)
    open_dialog(krita, background)
    assert "'Style: Night wind', painted for 'test' at" in krita.call("offer")
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
    start_and_hold(krita, two_layers[0])
    krita.call("close_document")
    krita.call("release_backend")
    krita.wait_for("unclaimed", LONG)
    assert krita.call("dialog") is None
    insert_the_offer(krita, pictures_of_the_screen)


def test_a_result_whose_krita_is_closed_is_kept_and_offered(
    krita, two_layers, pictures_of_the_screen
):
    start_and_hold(krita, two_layers[0])
    krita.call("close_document")
    krita.start_again()
    krita.call("release_backend")
    krita.wait_for("unclaimed", LONG)
    insert_the_offer(krita, pictures_of_the_screen)


def test_an_offer_that_is_discarded_is_gone(krita, two_layers):
    background, _ = two_layers
    start_and_hold(krita, background)
    krita.call("close_document")
    krita.call("release_backend")
    krita.wait_for("unclaimed", LONG)
    background = krita.call("new_document", width=96, height=80)
    open_dialog(krita, background)
    krita.call("answer_offer", button="discard")
    assert krita.call("offer") == ""
    assert krita.call("unclaimed") == []


def test_krita_closes_at_once_while_a_picture_is_painted(krita, two_layers):
    open_dialog(krita, two_layers[0])
    start_endless(krita)
    krita.call("close_all")
    krita.call("quit")
    krita.wait_for_end(LONG)
