"""The real Krita: all frames of an animated layer, painted into a new animated layer."""

import re

import pytest
from krita_actions import ENDLESS, LONG, NO_CHANGE, QUICK, activate, one_krita, open_dialog
from session import HOME, new_layer
from tests.sentences import says

pytestmark = pytest.mark.krita

running = one_krita()

# By their times: what is drawn, and where; the first lasts for four, the second for five. One is
# like another, one is empty, and one lies outside of the canvas in part.
DRAWN = {
    0: {"seed": 11, "width": 96, "height": 80},
    4: {"seed": 12, "x": 20, "y": 10},
    9: {"seed": 11, "width": 96, "height": 80},
    10: None,
    12: {"seed": 13, "x": -20, "y": -10},
}
ALL = "All frames of “Walk” (5)"
NOW = 6  # where the artist stands
RESULT = "Style: style"


def animated(krita, drawn: dict) -> str:
    """A layer with these frames; its id."""
    layer = krita.call("add_layer", name="Walk", seed=1)
    activate(krita, layer)
    for at, drawing in drawn.items():
        krita.call("frames.go_to", time=at)
        krita.call("trigger", name="add_blank_frame")
        krita.wait(lambda at=at: at in krita.call("frames.times", layer=layer), LONG, f"frame {at}")
        if drawing:
            krita.call("frames.draw", layer=layer, **drawing)
    krita.call("frames.go_to", time=NOW)
    return layer


@pytest.fixture
def walk(krita) -> str:
    """An animated layer over a background, all of whose frames are chosen, and a style file."""
    krita.call("new_document", width=96, height=80)
    krita.call("save_picture", path=f"{HOME}/style.png")
    krita.call("looks.maximise")
    krita.call("frames.show_timeline")
    layer = animated(krita, DRAWN)
    open_dialog(krita, layer)
    krita.call("add_file", path=f"{HOME}/style.png")
    krita.wait(lambda: ALL in krita.call("dialog")["contents"], LONG, "the entry")
    krita.call("choose_content", name=ALL)
    return layer


def start(krita, values: dict) -> None:
    krita.call("set_values", values=values)
    krita.wait(lambda: krita.call("dialog")["apply"], LONG, "the button Apply")
    krita.call("press_apply")


def finish(krita) -> None:
    krita.wait_for("is_idle", LONG)
    found = krita.call("dialog")
    assert found["stage"] == f"Done. The new layer is “{RESULT}”.", found


def test_they_come_as_one_animated_layer_that_one_undo_takes_away_and_one_redo_brings_back(
    krita, walk, pictures_of_the_screen
):
    before, drawn = krita.call("state"), krita.call("frames.pictures", layer=walk)
    assert [*drawn] == [str(each) for each in DRAWN]
    assert len({*drawn.values()}) == 4
    start(krita, NO_CHANGE)
    finish(krita)
    new = new_layer(before, krita.call("state"))
    assert new["name"] == RESULT
    assert krita.call("frames.pictures", layer=new["id"]) == drawn, "nothing changed by painting"
    assert krita.call("frames.pictures", layer=walk) == drawn, "the artist's are as they were"
    assert krita.call("frames.time") == NOW
    krita.screenshot(pictures_of_the_screen / "krita-frames-done.png")
    krita.call("hide_dialog")
    activate(krita, new["id"])  # so that the timeline shows it
    krita.screenshot(pictures_of_the_screen / "krita-frames-timeline.png")
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state")["layers"] == before["layers"], LONG, "the undo")
    krita.call("trigger", name="edit_redo")
    krita.wait(lambda: krita.call("frames.times", layer=new["id"]), LONG, "the redo")
    assert krita.call("frames.pictures", layer=new["id"]) == drawn
    assert krita.call("frames.time") == NOW


def test_they_are_painted(krita, walk, pictures_of_the_screen):
    before, drawn = krita.call("state"), krita.call("frames.pictures", layer=walk)
    start(krita, QUICK)
    krita.wait(
        lambda: krita.call("dialog")["stage"].startswith(("Frame 2 of 5", "Frame 5", "Done")),
        LONG, "the second",
    )  # fmt: skip
    krita.screenshot(pictures_of_the_screen / "krita-frames-paints.png")
    finish(krita)
    new = new_layer(before, krita.call("state"))
    painted = krita.call("frames.pictures", layer=new["id"])
    assert [*painted] == [*drawn]
    assert krita.call("frames.pictures", layer=walk) == drawn
    assert painted["0"] == painted["9"], "the same are the same"
    changed = [at for at in painted if painted[at] != drawn[at]]
    assert changed == ["0", "4", "9", "12"]
    assert krita.call("frames.is_empty", layer=new["id"], at=10)


def test_it_is_seen_whole_and_has_its_mask_whatever_its_original_looks_like(krita, walk):
    krita.call("frames.set_look", layer=walk, opacity=120, blending="multiply")
    krita.call("add_transparency_mask", layer=walk)
    krita.call("select", x=10, y=10, width=40, height=40)
    before = krita.call("state")
    start(krita, NO_CHANGE | {"selection": "mask"})
    finish(krita)
    after = krita.call("state")
    (new,) = [each for each in after["layers"] if each["name"] == RESULT]
    assert krita.call("frames.look_of", layer=new["id"]) == [255, "normal", True, False]
    assert [e["name"] for e in after["layers"] if e["parent"] == RESULT] == ["Selection"]
    assert [e["name"] for e in after["layers"] if e["parent"] == "Walk"] == ["mask"]
    assert krita.call("frames.times", layer=new["id"]) == [*DRAWN]
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state")["layers"] == before["layers"], LONG, "the undo")


def test_an_opacity_that_is_animated_itself_stays_so(krita, walk):
    for at, opacity in ((0, 255), (12, 60)):
        krita.call("frames.go_to", time=at)
        krita.call("trigger", name="add_scalar_keyframes")
        krita.call("frames.set_look", layer=walk, opacity=opacity, blending="normal")
    fading = krita.call("frames.opacities", layer=walk)
    assert fading[0] > fading[1] > fading[4] == 60
    before = krita.call("state")
    start(krita, NO_CHANGE)
    finish(krita)
    new = new_layer(before, krita.call("state"))
    assert krita.call("frames.opacities", layer=new["id"]) == fading


def test_cancel_leaves_the_document_and_what_was_painted_is_in_the_history(krita, walk):
    before = krita.call("state")["layers"]
    krita.call("together.cancel_at", stage="Frame 2 of 5")
    start(krita, NO_CHANGE)
    krita.wait(lambda: "Cancelled" in krita.call("dialog")["stage"], LONG, "the end")
    found = krita.call("message")
    assert found == "1 frame was painted to the end: the result is in the history."
    assert krita.call("state")["layers"] == before
    assert krita.call("frames.time") == NOW
    krita.call("shelf.open_history")
    krita.wait(lambda: krita.call("shelf.shown")["cards"], LONG, "the history")
    assert krita.call("shelf.shown")["cards"] == [f"{RESULT}, frame 0"]


def test_stop_and_keep_takes_what_is_painted_and_the_other_frames_are_empty(krita, walk):
    before = krita.call("state")
    start(krita, ENDLESS)
    krita.wait_for("has_preview", LONG)
    krita.call("press_keep")
    finish(krita)
    new = new_layer(before, krita.call("state"))
    assert krita.call("frames.times", layer=new["id"]) == [*DRAWN]
    empty = [at for at in DRAWN if krita.call("frames.is_empty", layer=new["id"], at=at)]
    assert empty == [4, 9, 10, 12]


def test_of_a_document_that_closes_nothing_is_lost(krita, walk):
    krita.call("together.close_at", stage="Frame 2 of 5")
    start(krita, NO_CHANGE)
    krita.wait_for("unclaimed", LONG)
    assert f"{RESULT}, frame 0" in krita.call("unclaimed")
    assert krita.call("documents") == []


def test_where_krita_copies_no_keyframes_that_is_said(krita, walk):
    before = krita.call("state")["layers"]
    krita.call("frames.lose_keyframes", lost=True)
    start(krita, NO_CHANGE)
    krita.wait_for("message", LONG)
    krita.call("frames.lose_keyframes", lost=False)
    assert re.search(
        says("Krita did not copy the keyframes of “…”: repaint its frames one by one."),
        krita.call("message"),
    )
    assert krita.call("state")["layers"] == before


@pytest.mark.parametrize(("model", "depth"), [("RGBA", "U16"), ("RGBA", "F32"), ("GRAYA", "U8")])
def test_all_depths_and_models_come_back_as_they_were(krita, model, depth):
    krita.call("new_document", width=96, height=80, model=model, depth=depth)
    krita.call("save_picture", path=f"{HOME}/style.png")
    layer = animated(krita, {0: DRAWN[0], 4: DRAWN[4]})
    open_dialog(krita, layer)
    krita.call("add_file", path=f"{HOME}/style.png")
    krita.call("choose_content", name="All frames of “Walk” (2)")
    before, drawn = krita.call("state"), krita.call("frames.pictures", layer=layer)
    start(krita, NO_CHANGE)
    finish(krita)
    new = new_layer(before, krita.call("state"))
    old = next(each for each in before["layers"] if each["id"] == layer)
    assert new["space"] == old["space"]
    assert krita.call("frames.pictures", layer=new["id"]) == drawn


def test_of_one_frame_it_is_said_how_to_paint_all_and_one_frame_alone_is_no_animation(krita):
    krita.call("new_document", width=96, height=80)
    layer = animated(krita, {0: DRAWN[0]})
    open_dialog(krita, layer)
    assert not any(each.startswith("All frames") for each in krita.call("dialog")["contents"])
    assert krita.call("message") == ""
    krita.call("hide_dialog")
    krita.call("frames.go_to", time=4)
    krita.call("trigger", name="add_blank_frame")
    krita.wait(lambda: krita.call("frames.times", layer=layer) == [0, 4], LONG, "the second")
    krita.call("frames.draw", layer=layer, **DRAWN[4])
    open_dialog(krita, layer)
    assert re.search(
        says(
            "“…” is animated: only the frame that is shown now is repainted. For the others, "
            "choose “All frames” under its name."
        ),
        krita.call("message"),
    )
