"""Where results go in the real GIMP, and what becomes of them when the image is another by then."""

import re

import pytest
from gimp_artist import (
    LONG,
    NO_CHANGE,
    QUICK,
    make,
    open_dialog,
    paint,
    press,
    start_and_hold,
    wait_until_closed,
)
from gimp_session import gimp_of_either_kind
from session import new_layer
from tests.sentences import says

pytestmark = pytest.mark.gimp


running = gimp_of_either_kind(window=True, kinds=("pyzmq",))


@pytest.fixture
def covered(gimp):
    """An image as "Open as Layers" makes it: the photograph lowest, styles over it. Their ids."""
    image = gimp.call("new_image", width=64, height=48, shown=True)
    names = ("Photograph", "Oil", "Ink")
    layers = [
        gimp.call("add_layer", image=image, name=name, seed=seed, alpha=False)
        for seed, name in enumerate(names)
    ]
    gimp.call("set_active", image=image, layers=layers[:1])
    return image, *layers


def test_a_result_is_seen_also_under_styles_that_cover_the_photograph(
    gimp, covered, pictures_of_the_screen
):
    image = covered[0]
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    paint(gimp, {"Ink": 1.0, "Oil": 1.0}, NO_CHANGE)
    new = new_layer(before, gimp.call("state", image=image))
    gimp.screenshot(pictures_of_the_screen / "gimp-seen.png")
    assert gimp.call("seen", image=image) == new["pixels"]


def test_a_second_try_is_seen_over_the_first_and_has_a_name_of_its_own(
    gimp, covered, pictures_of_the_screen
):
    image, content, *_ = covered
    open_dialog(gimp)
    paint(gimp, {"Ink": 1.0}, NO_CHANGE)
    gimp.call("set_active", image=image, layers=[content])
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    paint(gimp, {"Ink": 1.0}, QUICK)
    new = new_layer(before, gimp.call("state", image=image))
    gimp.screenshot(pictures_of_the_screen / "gimp-second.png")
    assert new["name"] == "Style 2: Ink"
    assert gimp.call("seen", image=image) == new["pixels"]


def test_what_is_noted_of_a_result_is_undone_with_it_and_comes_back(gimp, covered):
    image = covered[0]
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    paint(gimp, {"Ink": 2.0}, NO_CHANGE)
    assert gimp.call("noted", image=image) == 1
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=image) == before, LONG, "the undo")
    assert gimp.call("noted", image=image) == 0
    press(gimp, "ctrl+y")
    gimp.wait(lambda: gimp.call("noted", image=image) == 1, LONG, "the redo")
    open_dialog(gimp)
    dialog = gimp.dialog()
    assert dialog["content"] == "Photograph", "of the result, its original"
    assert ["Ink", True, 2.0] in dialog["styles"]


def test_a_result_and_its_layer_mask_are_undone_in_one_step(gimp, covered, pictures_of_the_screen):
    image = covered[0]
    gimp.call("select", image=image, x=0, y=0, width=32, height=48)
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    paint(gimp, {"Ink": 1.0}, NO_CHANGE | {"selection": "mask"})
    after = gimp.call("state", image=image)
    new = new_layer(before, after)
    assert new["mask"]
    assert not gimp.call("edits_mask", layer=new["id"]), "a brush paints on the result"
    gimp.screenshot(pictures_of_the_screen / "gimp-mask.png")
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=image) == before, LONG, "the undo")
    press(gimp, "ctrl+y")
    gimp.wait(lambda: gimp.call("state", image=image) == after, LONG, "the redo")


def test_a_style_that_hides_the_result_all_the_same_is_named(gimp):
    image = gimp.call("new_image", width=64, height=48, shown=True)
    group = gimp.call("add_group", image=image, name="Group")
    content = gimp.call("add_layer", image=image, name="Photograph", group=group)
    gimp.call("add_layer", image=image, name="Ink", seed=3)
    gimp.call("set_active", image=image, layers=[content])
    open_dialog(gimp)
    gimp.dialog("hear")
    paint(gimp, {"Ink": 1.0}, NO_CHANGE)
    assert re.search(says("“…” lies over the result: hide it to see “…”."), gimp.call("heard"))


def test_a_floating_selection_is_told_before_apply_for_as_long_as_it_is_there(gimp, picture):
    image, content, _ = picture
    gimp.call("float_a_part", image=image, layer=content)
    open_dialog(gimp)
    assert "anchor it" in gimp.dialog()["message"]
    assert gimp.dialog()["content"] == "Photograph"
    gimp.call("anchor", image=image)
    gimp.wait(lambda: gimp.dialog()["message"] == "", LONG, "a dialog that sees it is gone")


def test_a_result_waits_for_a_floating_selection_to_be_anchored(gimp, picture):
    image, content, _ = picture
    start_and_hold(gimp)
    gimp.call("float_a_part", image=image, layer=content)
    gimp.call("release_backend")
    gimp.wait(lambda: "is anchored" in gimp.dialog()["stage"], LONG, "the sentence")
    assert not gimp.call("layer_named", image=image, name="Style: Night wind")
    gimp.call("anchor", image=image)  # from now on it may come at any moment
    wait_until_closed(gimp)
    assert gimp.call("layer_named", image=image, name="Style: Night wind")


def test_an_image_that_was_scaled_meanwhile_gets_its_result_with_a_word(gimp, picture):
    image, _, _ = picture
    start_and_hold(gimp)
    gimp.dialog("hear")
    gimp.call("scale", image=image, width=48, height=40)
    before = gimp.call("state", image=image)
    gimp.call("release_backend")
    wait_until_closed(gimp)
    assert new_layer(before, gimp.call("state", image=image))["place"] == [0, 0, 96, 80]
    assert "has another size now; “Style: Night wind” is of the former one" in gimp.call("heard")


def test_a_kept_result_that_comes_while_the_dialog_is_open_is_offered_there(gimp, picture):
    open_dialog(gimp)
    assert gimp.dialog()["offer"] == ""
    gimp.call("leave_result", name="Style: Ink", document="Elsewhere", side=16)
    gimp.wait(lambda: gimp.dialog()["offer"], LONG, "the offer")
    gimp.dialog("press", button="discard")


def test_a_result_for_another_image_is_put_in_only_after_a_question(gimp, picture):
    image, _, _ = picture
    before = gimp.call("state", image=image)
    gimp.call("leave_result", name="Style: Ink", document="Elsewhere", side=16)
    open_dialog(gimp)
    gimp.dialog("press", button="insert")
    question = gimp.dialog("question")
    assert question.startswith("“Style: Ink” was painted for “Elsewhere”. Insert it into “")
    gimp.dialog("answer", yes=False)
    assert gimp.call("state", image=image) == before
    assert gimp.call("unclaimed") == 1
    gimp.dialog("press", button="insert")
    gimp.dialog("answer", yes=True)
    assert new_layer(before, gimp.call("state", image=image))["name"] == "Style: Ink"
    assert gimp.call("unclaimed") == 0


def test_the_result_of_an_image_that_is_closed_does_not_come_into_another(gimp, picture):
    image, _, _ = picture
    start_and_hold(gimp)
    gimp.call("close", image=image)
    other, _, _ = make(gimp)
    before = gimp.call("state", image=other)
    gimp.call("release_backend")
    gimp.wait(lambda: "is kept" in gimp.dialog()["message"], LONG, "the sentence")
    assert gimp.dialog()["message"].count("\n") == 0, "one sentence, and no error beside it"
    assert gimp.call("state", image=other) == before
    assert gimp.call("images") == [other], "nor into an image of its own"
    assert gimp.call("unclaimed") == 1
    assert "attach-parasite" not in gimp.words()
