"""The real GIMP without its window, and the real backend: what comes back for what went.

A job of no steps gives the content back, so every difference is the plug-in's own.
"""

import math
import re

import pytest
from gimp_session import gimp_of_either_kind
from tests.sentences import says

pytestmark = pytest.mark.gimp

NO_CHANGE = {"steps": "0"}


console = gimp_of_either_kind(window=False)


@pytest.fixture
def gimp(console):
    console.call("close_all")
    return console


def make(gimp, **how) -> tuple[int, int, int]:
    """An image, its layer to repaint and its style."""
    image = gimp.call("new_image", width=64, height=48, **how)
    content = gimp.call("add_layer", image=image, name="Photograph", seed=2)
    style = gimp.call("add_layer", image=image, name="Night wind", seed=3)
    return image, content, style


def make_grouped(gimp) -> tuple[int, int, int, int]:
    """An image, its style, a group and the layer in it."""
    image, _, style = make(gimp)
    group = gimp.call("add_group", image=image, name="Group")
    low = gimp.call("add_layer", image=image, name="Low", group=group, x=5, y=6)
    return image, style, group, low


def paint(gimp, image, content, style, **values) -> dict:
    """The one layer that came; all others are as they were, byte for byte."""
    before = gimp.call("state", image=image)
    done = gimp.call(
        "run", image=image, drawables=[content], styles=[style], values=NO_CHANGE | values
    )
    assert done["status"] == "success", done["said"]
    after = gimp.call("state", image=image)
    (new,) = [layer for layer in after["layers"] if layer["id"] == done["layer"]]
    assert after | {"layers": 0} == before | {"layers": 0}
    assert [layer for layer in after["layers"] if layer != new] == before["layers"]
    return new | {"above": after["layers"][after["layers"].index(new) + 1]["id"]}


PRECISIONS = {  # the difference allowed, in parts of the whole range
    "u8": 1 / 255,
    "u16": 1 / 4095,
    "u32": 1 / 4095,
    "half": 1 / 4095,
    "float": 1 / 4095,
    "double": 1 / 4095,
}


@pytest.mark.parametrize("base", ["rgb", "grey"])
@pytest.mark.parametrize("encoding", ["linear", "non-linear", "perceptual"])
@pytest.mark.parametrize("depth", PRECISIONS)
def test_a_picture_comes_back_as_it_went(gimp, depth, encoding, base):
    image, content, style = make(gimp, precision=f"{depth}-{encoding}", base=base)
    new = paint(gimp, image, content, style)
    assert new["type"] == ("rgba-image" if base == "rgb" else "graya-image")
    assert gimp.call("difference", one=content, other=new["id"]) <= PRECISIONS[depth]


def test_eight_bits_come_back_exactly(gimp):
    image, content, style = make(gimp)
    new = paint(gimp, image, content, style)
    assert gimp.call("difference", one=content, other=new["id"]) == 0


@pytest.mark.parametrize("depth", PRECISIONS)
def test_another_profile_is_kept(gimp, depth):
    image, content, style = make(gimp, precision=f"{depth}-non-linear", profile="adobe")
    assert gimp.call("state", image=image)["profile"]
    new = paint(gimp, image, content, style)
    assert gimp.call("difference", one=content, other=new["id"]) <= PRECISIONS[depth]


def test_without_alpha_the_result_is_opaque(gimp):
    image, _, style = make(gimp)
    content = gimp.call("add_layer", image=image, name="Opaque", alpha=False)
    new = paint(gimp, image, content, style)
    assert set(gimp.call("alphas", layer=new["id"])) == {1.0}
    assert gimp.call("difference", one=content, other=new["id"]) == 0


def test_an_indexed_image_keeps_its_palette(gimp):
    image, content, style = make(gimp)
    gimp.call("make_indexed", image=image)
    new = paint(gimp, image, content, style)
    assert new["type"] == "indexeda-image"


def test_a_script_may_ask_for_an_rgb_copy_instead(gimp):
    image, content, style = make(gimp)
    gimp.call("make_indexed", image=image)
    before = gimp.call("state", image=image)
    values = NO_CHANGE | {"rgb-copy": True}
    done = gimp.call("run", image=image, drawables=[content], styles=[style], values=values)
    assert gimp.call("state", image=image) == before
    assert done["image"] != image
    copy = gimp.call("state", image=done["image"])
    assert copy["base"] == "rgb"
    assert [each["name"] for each in copy["layers"]] == [
        "Style: Night wind", "Night wind", "Photograph",
    ]  # fmt: skip


def test_the_result_lies_above_its_layer_at_the_same_place(gimp):
    image, _, style = make(gimp)
    wide = gimp.call("add_layer", image=image, name="Wide", x=-20, y=-10, width=150, height=130)
    new = paint(gimp, image, wide, style)
    assert (new["place"], new["above"]) == ([-20, -10, 150, 130], wide)
    assert (new["name"], new["opacity"]) == ("Style: Night wind", 100.0)
    assert gimp.call("difference", one=wide, other=new["id"]) == 0


def test_a_layer_in_a_group_gets_its_result_there(gimp):
    image, style, _, low = make_grouped(gimp)
    new = paint(gimp, image, low, style)
    assert (new["parent"], new["place"]) == ("Group", [5, 6, 64, 48])


def test_a_group_is_painted_as_it_is_seen(gimp):
    image, style, group, low = make_grouped(gimp)
    new = paint(gimp, image, group, style)
    assert (new["parent"], new["place"]) == ("", [5, 6, 64, 48])
    assert gimp.call("difference", one=low, other=new["id"]) <= 1 / 255


def test_a_hidden_group_serves_as_a_style(gimp):
    image, content, _ = make(gimp)
    group = gimp.call("add_group", image=image, name="Hidden", visible=False)
    gimp.call("add_layer", image=image, name="Inside", group=group)
    assert paint(gimp, image, content, group)["name"] == "Style: Hidden"


@pytest.mark.parametrize("precision", ["u8-non-linear", "u16-non-linear", "float-linear"])
def test_a_mask_hides_in_the_result_what_it_hides_in_the_layer(gimp, precision):
    image, _, style = make(gimp, precision=precision)
    content = gimp.call("add_layer", image=image, name="Masked", alpha=False)
    gimp.call("add_mask", layer=content)
    new = paint(gimp, image, content, style)
    assert gimp.call("alphas", layer=new["id"]) == pytest.approx(
        [0.0] * 32 + [128 / 255] * 16 + [1.0] * 16, abs=1 / 255
    )


def test_the_mask_itself_may_be_what_is_active(gimp):
    image, content, style = make(gimp)
    gimp.call("add_mask", layer=content)
    mask = gimp.call("mask_of", layer=content)
    done = gimp.call("run", image=image, drawables=[mask], styles=[style], values=NO_CHANGE)
    assert done["status"] == "success"


def test_filters_that_gimp_keeps_apart_are_applied(gimp):
    image, content, style = make(gimp)
    plain = gimp.call("middle", layer=content)
    gimp.call("add_filter", layer=content)
    new = paint(gimp, image, content, style)
    inverted = [1 - each for each in plain[:3]]
    assert gimp.call("middle", layer=new["id"])[:3] == pytest.approx(inverted, abs=2 / 255)


def test_a_selection_limits_the_result(gimp):
    image, content, style = make(gimp)
    gimp.call("select", image=image, x=16, y=8, width=32, height=32)
    new = paint(gimp, image, content, style, feather=0.0)
    assert new["place"] == [0, 0, 64, 48]
    alphas = gimp.call("alphas", layer=new["id"])
    assert set(alphas[:16] + alphas[48:]) == {0.0}
    assert min(alphas[16:48]) > 0


@pytest.mark.parametrize("feather", [0.0, 10.0])
@pytest.mark.parametrize("precision", ["u8-non-linear", "u16-non-linear", "float-linear"])
def test_a_layer_mask_hides_what_the_selection_would_and_keeps_what_lies_under_it(
    gimp, precision, feather
):
    seen, row = {}, []
    for way in ("limit", "mask"):
        image, content, style = make(gimp, precision=precision)
        gimp.call("select", image=image, x=0, y=0, width=32, height=48)
        new = paint(gimp, image, content, style, selection=way, feather=feather)
        seen[way] = gimp.call("seen_numbers", image=image)
        if way == "mask":
            row = gimp.call("mask_row", layer=new["id"])
            depth = precision.partition("-")[0]
            found = gimp.call("difference", one=content, other=new["id"])
            assert found <= PRECISIONS[depth], "the whole painting lies under it"
    assert seen["mask"] == pytest.approx(seen["limit"], abs=2 / 255)
    softened_by_boxes = 3 / 255
    assert row == pytest.approx(feathered(32, 64, feather), abs=softened_by_boxes)


def feathered(edge: int, width: int, feather: float) -> list[float]:
    """A row that is selected up to an edge, softened by a Gaussian over feather px on either
    side."""
    places = ((x + 0.5 - edge) / max(1e-9, feather / 2) for x in range(width))
    return [(1 - math.erf(each / math.sqrt(2))) / 2 for each in places]


def test_an_indexed_image_gets_a_layer_mask_too(gimp):
    image, content, style = make(gimp)
    gimp.call("make_indexed", image=image)
    gimp.call("select", image=image, x=16, y=8, width=32, height=32)
    new = paint(gimp, image, content, style, selection="mask", feather=0.0)
    assert gimp.call("mask_row", layer=new["id"]) == [0.0] * 16 + [1.0] * 32 + [0.0] * 16


def test_without_a_selection_there_is_no_layer_mask(gimp):
    image, content, style = make(gimp)
    assert paint(gimp, image, content, style, selection="mask")["mask"] == ""


def test_only_the_selected_part_may_be_painted(gimp):
    image, content, style = make(gimp)
    gimp.call("select", image=image, x=20, y=20, width=8, height=8)
    new = paint(gimp, image, content, style, selection="crop", feather=0.0)
    assert new["place"] == [4, 4, 40, 40]


def test_a_selection_may_be_ignored(gimp):
    image, content, style = make(gimp)
    gimp.call("select", image=image, x=16, y=8, width=32, height=32)
    new = paint(gimp, image, content, style, selection="ignore")
    assert gimp.call("difference", one=content, other=new["id"]) == 0


def test_a_layer_outside_of_the_selection_is_answered_with_a_sentence(gimp):
    image, _, style = make(gimp)
    away = gimp.call("add_layer", image=image, name="Away", x=50, y=40, width=10, height=8)
    gimp.call("select", image=image, x=0, y=0, width=10, height=10)
    done = gimp.call("run", image=image, drawables=[away], styles=[style], values=NO_CHANGE)
    assert (done["status"], "Nothing of “Away” is selected" in done["said"]) == (
        "execution-error", True,
    )  # fmt: skip


def test_styles_are_painted_with_their_weights(gimp):
    image, content, style = make(gimp)
    other = gimp.call("add_layer", image=image, name="Mosaic", seed=9)
    quick = {"working-size": "256", "quality": "draft", "steps": "1"}
    results = [
        gimp.call(
            "run", image=image, drawables=[content], styles=[style, other], weights=weights,
            values=quick,
        )["layer"]
        for weights in ("", "1, 1", "0.1, 5")
    ]  # fmt: skip
    assert gimp.call("difference", one=content, other=results[0]) > 0.01, "nothing was painted"
    assert gimp.call("difference", one=results[0], other=results[1]) == 0
    assert gimp.call("difference", one=results[0], other=results[2]) > 0


def test_styles_are_painted_with_their_brush_sizes(gimp):
    image, content, style = make(gimp)
    quick = {"working-size": "256", "quality": "draft", "steps": "1"}
    results = [
        gimp.call(
            "run", image=image, drawables=[content], styles=[style],
            values=quick | {"style-brush-sizes": brushes},
        )["layer"]
        for brushes in ("", "100", "300")
    ]  # fmt: skip
    assert gimp.call("difference", one=results[0], other=results[1]) == 0
    assert gimp.call("difference", one=results[0], other=results[2]) > 0


def test_script_fu_may_call_it(gimp):
    image, content, style = make(gimp)
    text = (
        f"(plug-in-scumble-stylize #:run-mode RUN-NONINTERACTIVE #:image {image} "
        f'#:drawables (vector {content}) #:styles (vector {style}) #:steps "0")'
    )
    assert gimp.call("run_script", text=text) == "success"
    assert gimp.call("layer_named", image=image, name="Style: Night wind")


def test_the_procedure_describes_itself(gimp):
    found = gimp.call("describe_procedure")
    assert found["menus"] == ["<Image>/Filters/Artistic"]
    assert found["label"].replace("_", "") == "Scumble: Style Transfer..."
    assert found["results"] == ["result"]
    asked = {"styles", "style-weights", "style-brush-sizes", "strength", "brush-size"}
    assert asked <= set(found["arguments"])


def test_a_large_layer_takes_at_most_three_times_its_bytes(gimp):
    image = gimp.call("new_image", width=8192, height=8192)
    style = gimp.call("add_layer", image=image, name="Night wind", seed=3)
    small = gimp.call("add_layer", image=image, name="Small")
    large = gimp.call("add_large_layer", image=image, name="Large", width=4000, height=3000)
    least, most = (
        gimp.call(
            "memory_of_run", image=image, drawables=[layer], styles=[style], values=NO_CHANGE
        )
        for layer in (small, large)
    )  # fmt: skip
    times = (most - least) / (4 * 4000 * 3000)
    print(f"{times:.2f} times the layer's bytes, beside {least / 2**20:.0f} MiB of Python and GIMP")
    assert times <= 3


WRONG = {  # what a script gives -> what it is told
    "no style": ({"styles": []}, says("'styles' is empty: give at least one layer to paint like.")),
    "a style of another image": (
        {"styles": ["elsewhere"]},
        says("The style “…” is a layer of another image: copy it into this one"),
    ),
    "itself as a style": ({"styles": ["content"]}, "cannot be a style of itself"),
    "too few weights": (
        {"weights": "1, 2"},
        says("There are … styles and … …: give one for each style."),
    ),
    "weights that are none": (
        {"weights": "much"},
        says("Style … cannot be “…”: write numbers with commas."),
    ),
    "a weight out of range": ({"weights": "-1"}, "weight"),
    "too many brush sizes": (
        {"values": NO_CHANGE | {"style-brush-sizes": "100, 200"}},
        "There are 1 styles and 2 brush sizes",
    ),
    "a brush size out of range": (
        {"values": NO_CHANGE | {"style-brush-sizes": "500"}},
        "Brush size cannot be “500",
    ),
    "a size that is none": ({"values": {"working-size": "huge"}}, "Working size cannot be “huge”"),
    "a size out of range": ({"values": {"working-size": "3"}}, "Working size cannot be"),
    "two layers": (
        {"drawables": ["content", "style"]},
        says("Select one layer: Scumble repaints that."),
    ),
    "a channel": ({"drawables": ["channel"]}, "Select one layer"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_is_answered_with_a_sentence(gimp, wrong):
    image, content, style = make(gimp)
    channel = gimp.call("add_channel", image=image)
    other = gimp.call("new_image", width=8, height=8)
    elsewhere = gimp.call("add_layer", image=other, name="Elsewhere")
    ids = {"content": content, "style": style, "channel": channel, "elsewhere": elsewhere}
    given, sentence = WRONG[wrong]
    asked = {"drawables": ["content"], "styles": ["style"], "values": NO_CHANGE} | given
    for name in ("drawables", "styles"):
        asked[name] = [ids[each] for each in asked[name]]
    before = gimp.call("state", image=image)
    done = gimp.call("run", image=image, **asked)
    assert done["status"] == "execution-error"
    assert re.search(sentence, done["said"])
    assert "Traceback" not in done["said"]
    assert gimp.call("state", image=image) == before


def test_a_floating_selection_is_answered_with_a_sentence(gimp):
    image, content, style = make(gimp)
    gimp.call("float_a_part", image=image, layer=content)
    done = gimp.call("run", image=image, drawables=[content], styles=[style], values=NO_CHANGE)
    assert done["status"] == "execution-error"
    assert "anchor it (Layer > Anchor Floating Selection)" in done["said"]


def test_repeat_without_a_style_is_answered_with_a_sentence(gimp):
    image, content, style = make(gimp)
    asked = {"image": image, "drawables": [content], "styles": [style]}
    done = gimp.call("run", **asked, mode="WITH_LAST_VALS")
    assert done["status"] == "execution-error"
    assert "No style used last is in this image" in done["said"]
