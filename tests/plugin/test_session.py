"""What is said of a job that cannot be, before a pixel is read."""

from pathlib import Path

import pytest
from tests.sentences import says

from scumble import protocol
from scumble.errors import LayerError
from scumble.host import Layer
from scumble.pixels import Extent
from scumble.session import StyleChoice, check

SIZE = Extent(0, 0, 32, 20)
LAYERS = {
    "photograph": Layer("photograph", "Photograph", "paint", SIZE),
    "ink": Layer("ink", "Ink", "paint", SIZE),
    "blank": Layer("blank", "Blank", "paint", Extent(0, 0, 0, 0)),
}
INK = StyleChoice("ink")
MANY = [StyleChoice(Path(f"{number}.png")) for number in range(protocol.MAX_STYLES + 1)]


def test_a_job_that_can_be_is_let_through():
    check(LAYERS, "photograph", [INK, StyleChoice("gone", 0.0)], {})


@pytest.mark.parametrize(
    ("content", "styles", "sentence"),
    [
        ("gone", [INK], says("The layer to repaint is gone: choose another.")),
        ("photograph", [], says("Choose at least one style, with a weight above 0.")),
        ("photograph", [StyleChoice("ink", 0.0)], "Choose at least one style, with a weight"),
        ("photograph", MANY, says("… styles are too many: at most ….")),
        ("ink", [INK], says("“…” cannot be a style of itself: choose another.")),
        ("photograph", [StyleChoice("gone")], says("A style layer is gone: choose another.")),
        (
            "photograph",
            [StyleChoice("blank")],
            says("“…” is empty: paint on it, or choose another"),
        ),
        ("blank", [INK], "“Blank” is empty"),
    ],
)
def test_a_job_that_cannot_be_is_answered_with_a_sentence(content, styles, sentence):
    with pytest.raises(LayerError, match=sentence):
        check(LAYERS, content, styles, {})
