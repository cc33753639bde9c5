"""Going on from an earlier painting: as far as what was changed asks for."""

import pytest
import torch
from torch import Tensor

from scumble.hosts.openraster import OpenRasterHost
from scumble_backend.compute import images, weights
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import Iterate, stylize
from scumble_backend.sample import SAMPLE

SIZE = (128, 192)
ONE_AND_A_HALF = 1.5 / 255


@pytest.fixture(scope="module")
def lite() -> Encoder:
    return weights.load_encoder("lite").to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def layer(name: str) -> Tensor:
    document = OpenRasterHost(SAMPLE, SAMPLE)
    (found,) = (each for each in document.layers() if each.name == name)
    return images.to_tensors(document.read(found.id), SIZE)[0]


def paint(encoder: Encoder, weights: tuple[float, float], start: Tensor | None = None) -> Iterate:
    pictures = [layer("Night wind"), layer("Red harbour")]
    both = zip(pictures, weights, strict=True)
    styles = [Style(each, torch.ones_like(each[:, :1]), weight) for each, weight in both]
    content = layer("Photograph")
    init = "content" if start is None else "result"
    *_, end = stylize(encoder, content, torch.ones_like(content[:, :1]), styles, start, init=init)
    return end


@pytest.fixture(scope="module")
def before(lite) -> Tensor:
    """As a document gives it back, in 8 bits."""
    return (paint(lite, (2, 1)).picture * 255).round() / 255


def moved(a: Tensor, b: Tensor) -> float:
    return float((a - b).abs().mean())


def test_nothing_changed_does_not_move_away_nor_the_second_time(lite, before):
    once = paint(lite, (2, 1), before).picture
    assert moved(once, before) < ONE_AND_A_HALF
    assert moved(paint(lite, (2, 1), once).picture, once) < ONE_AND_A_HALF


def test_weights_turned_round_are_followed_as_far_as_a_new_painting_would(lite, before):
    onward, anew = paint(lite, (1, 4), before), paint(lite, (1, 4))
    assert moved(onward.picture, before) > 8 * ONE_AND_A_HALF
    assert onward.losses["style"] < 1.1 * anew.losses["style"]


def test_the_same_start_gives_the_same_picture(lite, before):
    assert torch.equal(*(paint(lite, (1, 4), before).picture for _ in range(2)))
