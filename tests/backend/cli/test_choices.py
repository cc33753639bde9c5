"""The words of the command line become layers, files, weights and brush sizes."""

from pathlib import Path

import pytest
from tests.sentences import says

from scumble.errors import InputError, LayerError, ParameterError
from scumble.host import Layer
from scumble.pixels import Extent
from scumble.places import Place
from scumble.session import StyleChoice
from scumble_backend.cli import choices
from scumble_backend.cli.choices import Written


def layer(id: str, name: str, kind: str = "paint", visible: bool = True) -> Layer:
    return Layer(id, name, kind, Extent(0, 0, 9, 9), visible)


LAYERS = [layer("0", "ink"), layer("1", "a=2"), layer("2", "twin"), layer("3", "twin"),
          layer("4", "#2"), layer("5", "über = alles")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("ink", StyleChoice("0", 1, 100)),
        ("ink=2", StyleChoice("0", 2, 100)),
        ("ink=0.5@50%", StyleChoice("0", 0.5, 50)),
        ("ink=.5@50", StyleChoice("0", 0.5, 50)),
        ("ink=@400%", StyleChoice("0", 1, 400)),
        ("ink=0", StyleChoice("0", 0, 100)),
        ("a=2", StyleChoice("1", 1, 100)),
        ("a=2=3", StyleChoice("1", 3, 100)),
        ("#3", StyleChoice("2", 1, 100)),
        ("#4=2", StyleChoice("3", 2, 100)),
        ("#2", StyleChoice("4", 1, 100)),
        ("über = alles=2", StyleChoice("5", 2, 100)),
    ],
)
def test_a_layer_is_named_with_its_weight_and_brush(text, choice):
    assert choices.styles([Written(text)], LAYERS) == [choice]


@pytest.mark.parametrize("name", ["a.jpg", "b=2", "c=2@50%", "with = signs = 3.png", "x" * 200])
@pytest.mark.parametrize("weight", ["", "=3"])
def test_a_file_is_found_whatever_signs_its_name_holds(tmp_path, monkeypatch, name, weight):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.touch()
    for text in (str(path), name):
        (found,) = choices.styles([Written(text + weight)], LAYERS)
        assert (Path(found.source).resolve(), found.weight) == (path, 3 if weight else 1)


def test_a_layer_goes_before_a_file_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ink").touch()
    assert choices.styles([Written("ink")], LAYERS)[0].source == "0"
    assert choices.styles([Written("./ink")], LAYERS)[0].source != "0"


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        (
            "none",
            LayerError,
            says("The style … is neither a layer nor a picture file. There are #1 'ink', #2 …"),
        ),
        ("none=2", LayerError, "'none' is neither"),
        (
            "ink=x",
            LayerError,
            says("should have a weight behind its name, a brush size, or both: …=0.5, …"),
        ),
        ("ink=nan", LayerError, "'ink=nan' should have a weight"),
        ("ink=", LayerError, "'ink=' should have a weight"),
        ("ink=1@", LayerError, "'ink=1@' should have a weight"),
        ("", LayerError, "'' is neither"),
        ("=2", LayerError, "'=2' is neither"),
        ("#0", LayerError, "'#0' is neither"),
        ("#7", LayerError, "'#7' is neither"),
        ("#٣", LayerError, "is neither"),
        ("null\0", LayerError, "is neither"),
        ("x" * 10_000, LayerError, "is neither"),
        ("twin", LayerError, "2 layers are called 'twin': say which by #3, #4"),
        ("twin=2", LayerError, "2 layers are called 'twin'"),
        ("ink=11", ParameterError, "Weight cannot be “11”"),
        ("ink=-1", ParameterError, "Weight cannot be “-1”"),
        ("ink=1@10%", ParameterError, "Brush size cannot be “10"),
    ],
)
def test_a_style_that_cannot_be_meant_is_one_sentence(text, error, sentence):
    with pytest.raises(error, match=sentence):
        choices.styles([Written(text)], LAYERS)


def test_for_a_plain_picture_only_files_are_styles():
    with pytest.raises(LayerError, match=r"'none\.jpg' is no picture file\.$"):
        choices.styles([Written("none.jpg")], [])


def test_the_content_is_the_layer_that_is_named():
    assert choices.content("ink", LAYERS, None, set()).id == "0"
    assert choices.content("#3", LAYERS, None, set()).id == "2"
    with pytest.raises(InputError, match=says("There is no layer …. …")):
        choices.content("sky", LAYERS, None, set())


@pytest.mark.parametrize(
    ("active", "styles", "content"),
    [("0", [], "0"), ("0", ["0"], "2"), ("0", ["0", "2"], "1"), (None, [], "0")],
)
def test_without_a_name_it_is_the_active_layer_or_the_topmost_that_is_no_style(
    active, styles, content
):
    layers = [layer("0", "a"), layer("1", "b", visible=False), layer("2", "c"),
              layer("3", "d", kind="group")]  # fmt: skip
    found = next((each for each in layers if each.id == active), None)
    assert choices.content(None, layers, found, set(styles)).id == content


def test_where_every_layer_is_a_style_none_is_left():
    with pytest.raises(LayerError, match="No layer is left to repaint"):
        choices.content(None, [layer("0", "a")], None, {"0"})


def test_where_a_style_lies_is_a_layer_or_a_file(tmp_path):
    (mask := tmp_path / "sky.png").touch()
    written = [Written("a=2", "ink"), Written("#3", str(mask), outside=True), Written("#2=0.5")]
    assert [each.gives for each in choices.styles([Written("ink", gives="forms")], LAYERS)] == [
        "forms"
    ]
    found = [each.where for each in choices.styles(written, LAYERS)]
    assert found == [Place("0"), Place(mask, outside=True), None]
    with pytest.raises(LayerError, match=r"The place 'sea' is neither a layer nor a picture file"):
        choices.styles([Written("ink", "sea")], LAYERS)
    with pytest.raises(LayerError, match=r"The place 'sea' is no picture file\.$"):
        choices.place("sea", [])
