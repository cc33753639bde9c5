"""The encoder that ships: small, alive, and of the units that every encoder has."""

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

import scumble_backend.encoders
from scumble_backend.engine.encoder import CONTENT_LAYER, STYLE_LAYERS, Encoder
from scumble_backend.training import compare, pictures

FILE = Path(scumble_backend.encoders.__file__).parent / "lite.safetensors"


@pytest.fixture(scope="module")
def lite() -> Encoder:
    return Encoder(load_file(FILE))


@pytest.fixture(scope="module")
def features(lite) -> dict[str, torch.Tensor]:
    """Of a mosaic of both unseen photographs."""
    unseen = [pictures.resize(one, 192, 192) for one in pictures.held_out().values()]
    with torch.no_grad():
        return lite(torch.cat(unseen, 2)[None], lite.layers)


def test_it_has_the_taps(lite):
    assert {*STYLE_LAYERS, CONTENT_LAYER} <= set(lite.layers)


def test_it_is_at_most_8_mb_in_half_precision_and_says_what_made_it():
    assert FILE.stat().st_size <= 8_000_000
    with safe_open(FILE, "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.half}  # noqa: SIM118
        assert {"format", "made by", "made on", "teachers"} <= set(file.metadata())


def test_mean_activations_are_near_1_on_an_unseen_picture(features):
    for layer, x in features.items():
        assert x.isfinite().all()
        assert 1 / 3 < x.mean() < 3, layer


def test_few_channels_are_dead(features):
    for layer, x in features.items():
        assert (x.amax((0, 2, 3)) == 0).float().mean() < 0.15, layer


def test_it_is_nearer_to_vgg19_than_chance(lite, shared):
    """The gradients of a style loss with respect to the picture point the same way."""
    from scumble_backend.training.teachers import read, vgg19

    teacher = vgg19(read(shared / "weights" / "vgg19_conv1_1-conv3_4.pth")).encoder
    content = compare.read(shared / "pictures" / "tubingen.jpg", 128)
    style = compare.Style(painting := compare.read(shared / "pictures" / "starry_night.jpg", 128),
                          torch.ones_like(painting[:, :1]))  # fmt: skip
    for layer, least in (("relu1_1", 0.8), ("relu2_1", 0.7), ("relu3_1", 0.4)):
        ours, theirs = (
            compare.style_gradient(encoder, content, style, layer).flatten()
            for encoder in (lite, teacher)
        )
        assert torch.cosine_similarity(ours, theirs, 0) > least, layer
