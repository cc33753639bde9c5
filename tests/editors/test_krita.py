"""The real Krita, the real backend: what an artist does, and what must never happen.

One Krita does all of a file, since starting one takes long. Everything waits for what it needs to
see; the bounds are far away, for machines that have other things to do. Pixels and places:
test_krita_pixels.py; what is kept: test_krita_memory.py.
"""

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
)
from session import INSTALL, new_layer

pytestmark = pytest.mark.krita

running = one_krita()

SOON = 5.0  # s for what is noticed at once, on a machine that has other things to do


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


def test_apply_is_heard_while_an_estimate_is_awaited(krita, two_layers):
    start_and_hold(krita, two_layers[0])
    krita.call("release_backend")
    krita.wait_for("is_idle", LONG)
    krita.call("hold_backend")
    krita.call("set_values", values={"strength": 35})
    krita.wait_for("awaits_estimate", LONG)
    before = krita.call("state")
    krita.call("press_apply")
    krita.wait_for("is_sent", SOON)
    krita.call("release_backend")
    krita.wait_for("is_idle", LONG)
    assert new_layer(before, krita.call("state"))["name"] == "Style 2: Night wind"


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
    assert below(after, new) == "Night wind", "where it is seen: above a style that would hide it"
    assert krita.call("difference", one=background, other=new["id"]) > 0.01, "nothing was painted"
    krita.screenshot(pictures_of_the_screen / "krita-painted.png")
    krita.call("trigger", name="edit_undo")
    assert krita.call("state")["layers"] == before["layers"]
    krita.call("trigger", name="edit_redo")
    assert krita.call("state")["layers"] == after["layers"]


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


def kill_child(krita) -> None:
    """And wait for the next one, which paints it again."""
    killed = krita.call("compute_child")
    krita.call("kill", what="compute child")
    krita.wait(lambda: krita.call("compute_child") not in (0, killed), LONG, "the next one")


@pytest.mark.parametrize("victim", ["compute child", "backend"])
def test_a_killed_backend_gives_a_sentence_and_apply_works_again(krita, two_layers, victim):
    background, _ = two_layers
    open_dialog(krita, background)
    before = krita.call("state")
    start_endless(krita)
    if victim == "compute child":
        kill_child(krita)
    krita.call("kill", what=victim)
    krita.wait_for("is_idle", SOON)
    assert "again" in krita.call("message")
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    assert new_layer(before, krita.call("state"))


def test_krita_closes_at_once_while_a_picture_is_painted(krita, two_layers):
    open_dialog(krita, two_layers[0])
    start_endless(krita)
    krita.call("close_all")
    krita.call("quit")
    krita.wait_for_end(LONG)
