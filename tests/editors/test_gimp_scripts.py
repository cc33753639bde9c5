"""The real GIMP without its window: where a script's styles lie, what they give, what stays."""

import re

import pytest
from gimp_session import gimp_of_either_kind
from tests.sentences import says

pytestmark = pytest.mark.gimp

QUICK = {"quality": "draft", "working-size": "256", "strength": 90.0}
WIDTH, HEIGHT = 96, 64

console = gimp_of_either_kind(window=False, kinds=("pyzmq",))


@pytest.fixture
def gimp(console):
    console.call("close_all")
    return console


@pytest.fixture
def drawn(gimp) -> dict[str, int]:
    """An image with a layer that covers its left half."""
    size = {"width": WIDTH, "height": HEIGHT}
    image = gimp.call("new_image", **size)
    layers = {
        name: gimp.call("add_layer", image=image, name=name, seed=seed, alpha=False, **size)
        for seed, name in enumerate(("Night wind", "Ink", "Photograph"), 3)
    }
    left = gimp.call("add_white_layer", image=image, name="Left", width=WIDTH // 2, height=HEIGHT)
    return {"image": image, "Left": left} | layers


def changed(gimp, drawn, values=None, roles=None, styles=("Night wind",)) -> tuple[float, float]:
    """How far the result is from the photograph, on average: away from the middle on the left, and
    on the right."""
    done = gimp.call(
        "run",
        image=drawn["image"],
        drawables=[drawn["Photograph"]],
        styles=[drawn[each] for each in styles],
        values=QUICK | (values or {}),
        roles=roles or {},
    )
    assert done["status"] == "success", done["said"]
    found = gimp.call("changes", one=drawn["Photograph"], other=done["layer"])
    left, right = found[4 : WIDTH // 2 - 12], found[WIDTH // 2 + 12 : -4]
    return sum(left) / len(left), sum(right) / len(right)


STAYS = 1.01 / 255
LEFT = {"style-where": "Left"}, {"style-where": "selection"}
RIGHT = {"style-outside": "Left"}, {"style-outside": "selection"}


@pytest.mark.parametrize("values", LEFT + RIGHT, ids=str)
def test_a_style_lies_where_a_script_says_and_all_else_stays(gimp, drawn, values):
    gimp.call("select", image=drawn["image"], x=0, y=0, width=WIDTH // 2, height=HEIGHT)
    there, elsewhere = changed(gimp, drawn, {"selection": "ignore"} | values)
    if values in RIGHT:
        there, elsewhere = elsewhere, there
    assert elsewhere <= STAYS < 2 * STAYS < there


def test_a_place_is_given_by_its_id_and_nothing_is_everywhere(gimp, drawn):
    styles = ("Night wind", "Ink")
    given = {"style-where": f"{drawn['Left']},", "style-weights": "1, 0"}
    left, right = changed(gimp, drawn, given, styles=styles)
    assert right <= STAYS < 2 * STAYS < left
    left, right = changed(gimp, drawn, given | {"style-weights": "1, 1"}, styles=styles)
    assert min(left, right) > 2 * STAYS, "the other lies everywhere"


def test_what_is_kept_stays(gimp, drawn):
    left, right = changed(gimp, drawn, roles={"keep": drawn["Left"]})
    assert left <= STAYS < 2 * STAYS < right
    gimp.call("select", image=drawn["image"], x=WIDTH // 2, y=0, width=WIDTH // 2, height=HEIGHT)
    left, right = changed(gimp, drawn, {"selection": "ignore"}, {"keep": 0})
    assert right <= STAYS < 2 * STAYS < left


def test_forms_strokes_and_lines_make_another_picture(gimp, drawn):
    """Those of the argument reach the painting; what they do there is the engine's to test."""
    whole = changed(gimp, drawn)
    assert changed(gimp, drawn, {"style-gives": "forms"}) != whole
    assert changed(gimp, drawn, {"style-gives": "strokes"}) != whole
    assert changed(gimp, drawn, roles={"along": drawn["Left"]}) != whole
    assert changed(gimp, drawn, {"style-gives": "all"}) == whole


WRONG = {
    "a layer that is not there": (
        {"values": {"style-where": "Sky"}},
        says("“…” is no layer of this image: give a layer's name or its id."),
    ),
    "inside and outside": (
        {"values": {"style-where": "Left", "style-outside": "Ink"}},
        says("A style lies in “…” or outside of “…”: leave one of them empty."),
    ),
    "two places for one style": ({"values": {"style-where": "Left, Ink"}}, "1 styles and 2 where"),
    "what no style gives": ({"values": {"style-gives": "much"}}, "Gives cannot be “much”"),
    "a channel to keep": (
        {"roles": {"keep": "channel"}},
        says("“…” says no place: give a layer of this image, or its selection."),
    ),
    "nothing selected": ({"roles": {"keep": "selection"}}, "Nothing is selected"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_is_answered_with_a_sentence(gimp, drawn, wrong):
    given, sentence = WRONG[wrong]
    ids = {"channel": gimp.call("add_channel", image=drawn["image"]), "selection": 0}
    roles = {role: ids[each] for role, each in given.get("roles", {}).items()}
    before = gimp.call("state", image=drawn["image"])
    asked = {"drawables": [drawn["Photograph"]], "styles": [drawn["Night wind"]]}
    done = gimp.call(
        "run", image=drawn["image"], values=given.get("values", {}), roles=roles, **asked
    )
    assert done["status"] == "execution-error"
    assert re.search(sentence, done["said"])
    assert gimp.call("state", image=drawn["image"]) == before
