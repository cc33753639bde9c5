"""A result lies where it is seen, and has a short name of its own."""

import pytest

from scumble import placement
from scumble.host import MERGED, Layer
from scumble.pixels import Extent

BOX = Extent(0, 0, 8, 8)


def layer(id: str, parent: str = "", visible: bool = True) -> Layer:
    return Layer(id, id.capitalize(), "paint", BOX, visible, parent)


@pytest.mark.parametrize(
    ("layers", "styles", "earlier", "above"),
    [
        # topmost first
        (["ink", "photo"], [], [], "photo"),
        (["ink", "photo"], ["ink"], [], "ink"),
        (["ink", "first", "photo"], [], ["first"], "first"),
        (["second", "first", "ink", "photo"], ["ink"], ["first", "second"], "second"),
        (["photo", "ink"], ["ink"], [], "photo"),
        (["ink", "photo"], ["gone"], ["gone, too"], "photo"),
    ],
)
def test_a_result_lies_above_its_content_earlier_ones_and_styles_that_cover_it(
    layers, styles, earlier, above
):
    found = placement.place_above([layer(each) for each in layers], "photo", styles, earlier)
    assert found == above


@pytest.mark.parametrize(
    ("above", "place", "between"),
    [
        (["b", "a"], "b", []),
        (["c", "a"], "c", ["B"]),
        (["in", "a"], "group", []),
        (["in", "deep"], "deeper", []),
        (["deep"], "deep", []),
        (["c", "deep"], "c", ["B", "A"]),
    ],
)
def test_results_in_one_group_lie_above_the_topmost_and_what_they_cover_is_told(
    above, place, between
):
    layers = [
        layer("c"), layer("b"), layer("hidden", visible=False),
        Layer("empty", "Empty", "paint", Extent(0, 0, 0, 0)), layer("a"),
        layer("group"), layer("deeper", "group"), layer("deep", "deeper"), layer("in", "group"),
    ]  # fmt: skip
    if place == "group":
        layers = layers[5:] + layers[:5]
    assert placement.place_together(layers, above)[0] == place
    if place != "group":
        assert placement.place_together(layers, above)[1] == between


def test_a_hidden_style_covers_nothing():
    layers = [layer("ink", visible=False), layer("photo")]
    assert placement.place_above(layers, "photo", ["ink"], []) == "photo"
    inside = [layer("group", visible=False), layer("ink", "group"), layer("photo")]
    assert placement.place_above(inside, "photo", ["ink"], []) == "photo"


def test_of_a_style_in_a_group_the_group_counts_and_a_result_stays_in_its_content_s():
    beside = [layer("group"), layer("ink", "group"), layer("photo")]
    assert placement.place_above(beside, "photo", ["ink"], []) == "group"
    inside = [layer("ink"), layer("group"), layer("oil", "group"), layer("photo", "group")]
    assert placement.place_above(inside, "photo", ["oil"], []) == "oil"
    assert placement.place_above(inside, "photo", ["ink"], []) == "photo"
    assert placement.hiding(inside, "photo", ["ink"]) == "Ink", "and that is said"
    assert placement.hiding(inside, "photo", ["oil"]) == "Oil"
    assert placement.hiding(inside, "oil", ["oil"]) == ""


def test_of_all_that_is_visible_the_result_lies_on_top():
    assert placement.place_above([layer("ink")], MERGED, ["ink"], []) == MERGED


def test_a_name_is_short_and_taken_by_no_other_layer():
    assert placement.result_name(["Sunset", "Ink"], []) == "Style: Sunset + Ink"
    assert placement.result_name(["Ink"], ["Style: Ink"]) == "Style 2: Ink"
    assert placement.result_name(["Ink"], ["Style: Ink", "Style 2: Ink"]) == "Style 3: Ink"
    assert placement.free_name("Style 2: Ink", ["Style 2: Ink"]) == "Style 3: Ink"
    assert placement.result_name(["a", "b", "c", "d"], []) == "Style: a + b + 2 more"
    for names in (["n" * 300], ["n" * 89, "m" * 300], ["n" * 89, "m" * 89, "o", "p"]):
        name = placement.result_name(names, [])
        assert len(name) <= placement.LONGEST
        assert name.startswith("Style: n")
