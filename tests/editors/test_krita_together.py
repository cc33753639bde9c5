"""The real Krita: several layers painted at once, put in and undone in one step."""

import re

import pytest
from krita_actions import ENDLESS, LONG, NO_CHANGE, activate, one_krita, open_dialog
from session import HOME
from tests.sentences import says

pytestmark = pytest.mark.krita

running = one_krita()

SELECTED = "Selected layers (3)"
LAYERS = ["Background", "Hills", "Sea"]
GROUP = "Style: style, 3 layers"
RESULTS = ["Style 3: style", "Style 2: style", "Style: style"]  # the lowest first


@pytest.fixture
def three(krita) -> list[str]:
    """Three layers, all selected together, and a dialog with a style file, which paints them all;
    their ids, the lowest first."""
    found = [krita.call("new_document", width=96, height=80)]
    found += [krita.call("add_layer", name=name, seed=4) for name in LAYERS[1:]]
    krita.call("save_picture", path=f"{HOME}/style.png")
    open_dialog(krita, found[0])
    krita.call("trigger", name="select_all_layers")
    krita.wait(lambda: krita.call("selected") == 3, LONG, "all selected")
    krita.call("add_file", path=f"{HOME}/style.png")
    choose(krita, SELECTED)
    return found


def choose(krita, entry: str) -> None:
    krita.wait(lambda: entry in krita.call("dialog")["contents"], LONG, "the entry")
    krita.call("choose_content", name=entry)


def start(krita, values: dict) -> None:
    krita.call("set_values", values=values)
    krita.wait(lambda: krita.call("dialog")["apply"], LONG, "the button Apply")
    krita.call("press_apply")


def names(krita, parent: str = "") -> list[str]:
    return [e["name"] for e in krita.call("state")["layers"] if e["parent"] == parent]


def test_three_layers_come_in_one_group_that_one_undo_takes_away_and_one_redo_brings_back(
    krita, three, pictures_of_the_screen
):
    assert [name for name, *_ in krita.call("dialog")["styles"]] == ["style"]
    before = krita.call("state")["layers"]
    start(krita, NO_CHANGE)
    krita.wait(
        lambda: krita.call("dialog")["stage"].startswith(("Layer 2 of 3", "Layer 3", "Done")),
        LONG, "the second",
    )  # fmt: skip
    krita.screenshot(pictures_of_the_screen / "krita-together-paints.png")
    krita.wait_for("is_idle", LONG)
    assert krita.call("dialog")["stage"] == "Done. 3 new layers came in."
    krita.wait(lambda: krita.call("selected") == 1, LONG, "Krita selects one of them")
    krita.wait(lambda: krita.call("hands.has_thumbnail", name=RESULTS[0]), LONG, "a look at them")
    krita.screenshot(pictures_of_the_screen / "krita-together-done.png")
    dialog = krita.call("dialog")
    assert (dialog["content"], dialog["stage"]) == (SELECTED, "Done. 3 new layers came in.")
    assert [name for name, ticked, _ in dialog["styles"] if ticked] == ["style"]
    after = krita.call("state")["layers"]
    assert names(krita) == [*LAYERS, GROUP]
    assert names(krita, GROUP) == RESULTS
    new = {each["name"]: each for each in after}
    for layer, result in zip(LAYERS, RESULTS, strict=True):  # nothing was changed by painting
        assert new[result]["place"] == new[layer]["place"]
        assert krita.call("difference", one=new[layer]["id"], other=new[result]["id"]) < 0.01
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state")["layers"] == before, LONG, "the undo")
    krita.call("trigger", name="edit_redo")
    krita.wait(lambda: krita.call("state")["layers"] == after, LONG, "the redo")


def test_masks_come_with_them(krita, three):
    krita.call("select", x=10, y=10, width=40, height=40)
    before = krita.call("state")["layers"]
    start(krita, NO_CHANGE | {"selection": "mask"})
    krita.wait_for("is_idle", LONG)
    assert names(krita, GROUP) == RESULTS
    assert [names(krita, each) for each in RESULTS] == [["Selection"]] * 3
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state")["layers"] == before, LONG, "the undo")


def test_what_lies_between_and_is_covered_now_is_named(krita, three):
    krita.call("add_filter_layer", name="Blur")
    krita.call("add_layer", name="Birds", seed=5)
    krita.call("trigger", name="select_all_layers")
    krita.wait(lambda: krita.call("selected") == 5, LONG, "all selected")
    choose(krita, "Selected layers (4)")
    start(krita, NO_CHANGE)
    krita.wait_for("is_idle", LONG)
    assert re.search(
        says(
            "… lay between the layers repainted, and lies under “…” now: drag a new layer out of "
            "that group where it hides too much."
        ),
        krita.call("message"),
    )


def test_cancel_at_the_second_leaves_the_document_and_the_first_is_in_the_history(
    krita, three, pictures_of_the_screen
):
    before = krita.call("state")["layers"]
    krita.call("together.cancel_at", stage="Layer 2 of 3")
    start(krita, NO_CHANGE)
    krita.wait(lambda: "Cancelled" in krita.call("dialog")["stage"], LONG, "the end")
    krita.screenshot(pictures_of_the_screen / "krita-together-cancelled.png")
    found = krita.call("message")
    assert found == "1 layer was painted to the end: the result is in the history."
    assert krita.call("state")["layers"] == before
    krita.call("shelf.open_history")
    krita.wait(lambda: krita.call("shelf.shown")["cards"], LONG, "the history")
    assert krita.call("shelf.shown")["cards"] == ["Style: style"]


def test_stop_and_keep_begins_no_other(krita, three):
    before = krita.call("state")["layers"]
    start(krita, ENDLESS)
    krita.wait_for("has_preview", LONG)
    krita.call("press_keep")
    krita.wait_for("is_idle", LONG)
    assert names(krita) == ["Background", "Style: style", "Hills", "Sea"]
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state")["layers"] == before, LONG, "the undo")


def test_each_layer_of_a_group_lies_above_it_in_a_group(krita):
    style = krita.call("new_document", width=96, height=80)
    group = krita.call("add_group", name="People")
    for name in ("Ann", "Bob"):
        krita.call("add_layer", name=name, seed=4, group=group)
    activate(krita, style)
    open_dialog(krita, group)
    choose(krita, "Each layer of “People”")
    krita.call("tick", styles={"Background": 1.0})
    start(krita, NO_CHANGE)
    krita.wait_for("is_idle", LONG)
    assert names(krita, "People") == ["Ann", "Bob", "Style: Background, 2 layers"]
