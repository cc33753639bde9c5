"""The real Krita and the real backend: what comes back for what went, and where it lies.

A job of no steps gives the content back, so every difference is the plug-in's own.
"""

import math
import re

import pytest
from krita_actions import LONG, NO_CHANGE, QUICK, below, one_krita, open_dialog, paint
from session import new_layer
from tests.sentences import says

pytestmark = pytest.mark.krita

running = one_krita()

SPACES = {  # model, depth, profile (Krita's own choice where empty), the difference allowed
    "8-bit RGB": ("RGBA", "U8", "", 0),
    "8-bit RGB of another profile": ("RGBA", "U8", "ClayRGB-elle-V2-g22.icc", 1 / 255),
    "16-bit RGB": ("RGBA", "U16", "", 0),
    "16-bit RGB, encoded as sRGB": ("RGBA", "U16", "sRGB-elle-V2-srgbtrc.icc", 0),
    "16-bit RGB of another profile": ("RGBA", "U16", "ClayRGB-elle-V2-g22.icc", 1 / 4095),
    "half float RGB": ("RGBA", "F16", "", 1 / 4095),
    "float RGB": ("RGBA", "F32", "", 0),
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
    assert below(after, of_group) == "Night wind", "above a style that would hide it"
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


MASKED = ("8-bit RGB", "16-bit RGB", "half float RGB", "8-bit CMYK")


@pytest.mark.parametrize("space", MASKED)
def test_a_layer_mask_hides_what_the_selection_would_and_one_undo_takes_both_away(
    krita, space, pictures_of_the_screen
):
    model, depth, profile, allowed = SPACES[space]
    how = {"model": model, "depth": depth, "profile": profile}
    background = krita.call("new_document", width=96, height=80, **how)
    krita.call("add_layer", name="Night wind", seed=3)
    krita.call("select", x=0, y=0, width=48, height=80)
    before = krita.call("state")
    seen = {}
    for way in ("limit", "mask"):
        open_dialog(krita, background)
        values = NO_CHANGE | {"selection": way, "feather": 10}
        paint(krita, {"Night wind": 1.0}, values)
        seen[way] = krita.call("layers.seen")
        after = krita.call("state")
        krita.call("trigger", name="edit_undo")
        krita.wait(lambda: krita.call("state")["layers"] == before["layers"], LONG, "the undo")
    assert different(seen["mask"], seen["limit"]) <= 2 / 255

    def redone() -> bool:
        """Krita drops one that is asked for while it still undoes."""
        if krita.call("action", name="edit_redo")["enabled"]:
            krita.call("trigger", name="edit_redo")
        return krita.call("state")["layers"] == after["layers"]

    krita.wait(redone, LONG, "the redo")
    new, mask = (each for each in after["layers"] if each not in before["layers"])
    assert (mask["type"], mask["parent"]) == ("transparencymask", new["name"])
    assert new["place"] == [0, 0, 96, 80], "the whole painting lies under it"
    assert krita.call("difference", one=background, other=new["id"]) <= allowed
    found = krita.call("layers.mask_row", layer=new["id"], row=40)
    assert different(found, feathered(48, 96, 10)) <= 3, "what is softened is so by boxes"
    krita.call("close_dialogs")
    krita.screenshot(pictures_of_the_screen / f"krita-mask-{depth}-{model}.png")


def different(one: list, other: list) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def feathered(edge: int, width: int, feather: float) -> list[float]:
    """A row that is selected up to an edge, softened by a Gaussian over feather px on either
    side, 0..255."""
    places = ((x + 0.5 - edge) / (feather / 2) for x in range(width))
    return [255 * (1 - math.erf(each / math.sqrt(2))) / 2 for each in places]


def test_a_layer_mask_without_feather_is_the_selection(krita, two_layers):
    krita.call("select", x=30, y=20, width=20, height=30)
    open_dialog(krita, two_layers[0])
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, {**QUICK, "selection": "mask", "feather": 0})
    new, _ = (each for each in krita.call("state")["layers"] if each not in before["layers"])
    mask = krita.call("layers.mask_row", layer=new["id"], row=40)
    assert mask == [0] * 30 + [255] * 20 + [0] * 46


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
    sentence = says("Nothing of “…” is selected: select a part of it, or set Selection to “Ignore")
    assert re.search(sentence, krita.call("message"))


REFUSED = {
    "no pixels": says("“…” has no pixels of its own: choose another layer."),
    "too few bytes": says("The layer has … bytes and the picture …: try again, or convert"),
    "no such depth": says("Krita cannot convert … to …: convert the layer's colour space"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_krita_cannot_do_is_answered_with_a_sentence(krita, two_layers, what):
    krita.call("add_filter_layer", name="Soft")
    assert re.search(REFUSED[what], krita.call("refusals.refused", what=what))


def test_a_filter_layer_is_answered_with_a_sentence(krita, two_layers):
    blur = krita.call("add_filter_layer", name="Soft")
    open_dialog(krita, blur)
    dialog = krita.call("dialog")
    assert "“Soft” is a filter layer" in dialog["message"]
    assert dialog["content"] == "All that is visible"
