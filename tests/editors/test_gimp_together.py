"""The real GIMP: several layers painted at once, put in and undone in one step."""

import pytest
from gimp_artist import (
    ENDLESS,
    LONG,
    NO_CHANGE,
    is_open,
    open_dialog,
    press,
    wait_until_closed,
)
from gimp_session import gimp_of_either_kind

pytestmark = pytest.mark.gimp

running = gimp_of_either_kind(window=True, kinds=("pyzmq",))

SELECTED = "selected"
LAYERS = ["Sea", "Hills", "Sky"]  # topmost first


@pytest.fixture
def three(gimp) -> int:
    """An image with three layers that are selected together, over a style."""
    image = gimp.call("new_image", width=96, height=80, shown=True)
    gimp.call("add_layer", image=image, name="Night wind", seed=3)
    found = [gimp.call("add_layer", image=image, name=name) for name in reversed(LAYERS)]
    gimp.call("set_active", image=image, layers=found)
    return image


def choose(gimp) -> None:
    open_dialog(gimp)
    gimp.dialog("choose_content", layer=SELECTED)
    gimp.dialog("tick", styles={"Night wind": 1.0})


def names(gimp, image) -> list[str]:
    return [each["name"] for each in gimp.call("state", image=image)["layers"]]


def test_three_layers_come_each_above_its_own_and_one_undo_takes_them_away(
    gimp, three, pictures_of_the_screen
):
    before = gimp.call("state", image=three)
    choose(gimp)
    found = gimp.dialog("contents")
    assert found["words"][0] == found["chosen"] == "Selected layers (3)"
    assert [name for name, *_ in gimp.dialog()["styles"]] == ["Night wind"]
    gimp.screenshot(pictures_of_the_screen / "gimp-together.png")
    gimp.dialog("set_values", values=NO_CHANGE)
    gimp.dialog("press", button="keep open")
    gimp.dialog("press", button="apply")
    gimp.wait(lambda: gimp.dialog()["stage"].startswith("Done"), LONG, "the results")
    gimp.screenshot(pictures_of_the_screen / "gimp-together-done.png")
    assert gimp.dialog()["stage"] == "Done. 3 new layers came in."
    gimp.dialog("press", button="keep open")
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)
    after = gimp.call("state", image=three)
    assert names(gimp, three) == [
        "Style: Night wind", "Sea", "Style 2: Night wind", "Hills", "Style 3: Night wind", "Sky",
        "Night wind",
    ]  # fmt: skip
    pixels = {each["name"]: each["pixels"] for each in after["layers"]}
    assert pixels["Style: Night wind"] == pixels["Sea"], "nothing was changed by painting"
    assert gimp.call("noted", image=three) == 3
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=three) == before, LONG, "the undo")
    press(gimp, "ctrl+y")
    gimp.wait(lambda: gimp.call("state", image=three) == after, LONG, "the redo")


def test_cancel_at_the_second_leaves_the_image_as_it_is(gimp, three, pictures_of_the_screen):
    before = gimp.call("state", image=three)
    choose(gimp)
    gimp.dialog("set_values", values=NO_CHANGE)
    gimp.dialog("cancel_at", stage="Layer 2 of 3")
    gimp.dialog("press", button="apply")
    gimp.wait(lambda: "Cancelled" in gimp.dialog()["stage"], LONG, "the end")
    gimp.screenshot(pictures_of_the_screen / "gimp-together-cancelled.png")
    found = gimp.dialog()["message"]
    assert found == "1 layer was painted to the end: the result is in the history."
    assert gimp.call("state", image=three) == before


def test_stop_and_keep_begins_no_other(gimp, three):
    choose(gimp)
    gimp.dialog("set_values", values=ENDLESS)
    gimp.dialog("press", button="apply")
    gimp.wait(lambda: gimp.dialog("has_preview"), LONG, "a preview")
    gimp.dialog("press", button="keep")
    gimp.wait(lambda: not is_open(gimp), LONG, "the result")
    assert names(gimp, three) == [*LAYERS[:2], "Style: Night wind", "Sky", "Night wind"]


@pytest.mark.parametrize("content", [SELECTED, ""])
def test_what_is_replaced_is_undone_in_one_step(gimp, three, content, pictures_of_the_screen):
    """content: all three, or the lowest alone."""
    before = gimp.call("state", image=three)
    choose(gimp)
    if not content:
        gimp.dialog("choose_content", layer=str(gimp.call("layer_named", image=three, name="Sky")))
    gimp.dialog("set_values", values={"steps": "1", "working-size": "256"})
    gimp.dialog("unfold")
    gimp.dialog("replace", on=True)
    gimp.screenshot(pictures_of_the_screen / f"gimp-replace-{content}.png")
    gimp.dialog("press", button="keep open")
    gimp.dialog("press", button="apply")
    gimp.wait(lambda: gimp.dialog()["stage"].startswith("Done"), LONG, "the result")
    gimp.screenshot(pictures_of_the_screen / f"gimp-replaced-{content}.png")
    said = "Done. 3 layers are repainted." if content else "Done. “Sky” is repainted."
    assert gimp.dialog()["stage"] == said
    gimp.dialog("press", button="keep open")
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)
    after = gimp.call("state", image=three)
    pixels = [{each["name"]: each["pixels"] for each in of["layers"]} for of in (before, after)]
    assert names(gimp, three) == [*LAYERS, "Night wind"]
    changed = {name for name in pixels[0] if pixels[0][name] != pixels[1][name]}
    assert changed == (set(LAYERS) if content else {"Sky"})
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=three) == before, LONG, "the undo")
    press(gimp, "ctrl+y")
    gimp.wait(lambda: gimp.call("state", image=three) == after, LONG, "the redo")


def test_a_layer_that_cannot_be_replaced_is_said_and_gets_a_new_one(
    gimp, three, pictures_of_the_screen
):
    choose(gimp)
    sky = gimp.call("layer_named", image=three, name="Sky")
    gimp.call("lock", layer=sky)
    gimp.dialog("choose_content", layer=str(sky))
    gimp.dialog("set_values", values=NO_CHANGE)
    gimp.dialog("replace", on=True)
    warning = (
        "The pixels of “Sky” cannot be replaced: a group, a text, and a layer with a mask, filters "
        "or a lock get a new layer."
    )
    assert gimp.dialog()["message"] == warning
    hills = gimp.call("layer_named", image=three, name="Hills")
    gimp.dialog("choose_content", layer=str(hills))
    assert gimp.dialog()["message"] == ""
    gimp.dialog("choose_content", layer=SELECTED)
    assert gimp.dialog()["message"] == warning
    gimp.screenshot(pictures_of_the_screen / "gimp-not-replaced.png")
    gimp.dialog("replace", on=False)
    assert gimp.dialog()["message"] == ""
    gimp.dialog("replace", on=True)
    gimp.dialog("press", button="keep open")
    gimp.dialog("press", button="apply")
    gimp.wait(lambda: gimp.dialog()["stage"].startswith("Done"), LONG, "the result")
    assert gimp.dialog()["stage"] == "Done. Layers repainted: 2; new layers: 1."
    assert gimp.dialog()["message"] == warning
    gimp.dialog("press", button="keep open")
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)
