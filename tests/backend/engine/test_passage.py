import copy
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from scumble_backend.engine import losses, regions
from scumble_backend.engine import passage as passages
from scumble_backend.engine.encoder import STYLE_LAYERS, bordered
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.passage import VALUES, Passage, unpooled, without_border
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import LAYER_WEIGHTS


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def close(one, other) -> None:
    torch.testing.assert_close(one, other, rtol=1e-5, atol=5e-5)


@pytest.mark.parametrize("size", [(16, 16), (17, 16), (33, 61), (64, 48)])
@pytest.mark.parametrize("layers", [STYLE_LAYERS, ("relu1_2", "relu3_4", "relu4_2")])
@pytest.mark.parametrize("values", [VALUES, 1])
def test_the_gradient_is_autograds(encoder, picture, size, layers, values, monkeypatch):
    monkeypatch.setattr(passages, "VALUES", values)
    monkeypatch.setattr(passages, "LEAST", 4)
    x = picture(*size).requires_grad_()
    features = encoder(x, layers)
    wanted = {name: random(*each.shape, seed=len(name)) for name, each in features.items()}
    sum((features[name] * wanted[name]).sum() for name in layers).backward()

    passage = Passage(encoder, picture(*size), layers)
    forth: dict[str, list[torch.Tensor]] = {layer: [] for layer in layers}
    for layer, row, piece in passage.forward():
        assert row == sum(each.shape[2] for each in forth[layer])
        forth[layer].append(piece)
    strips = sum(map(len, forth.values()))
    assert strips == len(layers) if values == VALUES else strips > len(layers)
    for layer, pieces in forth.items():
        close(torch.cat(pieces, 2), features[layer].detach())
    asked = []

    def pull(layer, row, found):
        asked.append(layer)
        rows = slice(row, row + found.shape[2])
        close(found, features[layer].detach()[:, :, rows])
        return wanted[layer][:, :, rows]

    gradient = passage.back(pull)
    assert list(dict.fromkeys(asked)) == list(reversed(layers))
    assert len(asked) == strips
    assert float((gradient - x.grad).norm() / x.grad.norm()) < 1e-5


def test_in_half_precision_it_points_the_same_way(encoder, picture):
    half = type(encoder)(encoder.state_dict()).to(torch.bfloat16)
    found = []
    for one in (encoder, half):
        passage = Passage(one, picture(40, 47), STYLE_LAYERS)
        assert {x.dtype for _, _, x in passage.forward()} == {one.dtype}
        gradient = passage.back(lambda _layer, _row, x: x.float() / x.numel())
        assert gradient.dtype == torch.float32
        found.append(gradient.flatten())
    assert float(torch.cosine_similarity(*found, dim=0)) > 0.95


@pytest.mark.parametrize("size", [(5, 7), (1, 4), (1, 1), (2, 1)])
def test_the_border_and_its_gradient_are_torchs(size):
    x = random(1, 3, *size).requires_grad_()
    wanted = random(1, 3, size[0] + 2, size[1] + 2, seed=1)
    theirs = F.pad(x, (1, 1, 1, 1), mode="replicate")
    assert torch.equal(bordered(x.detach()), theirs)
    assert bordered(x.detach()).is_contiguous(memory_format=torch.channels_last)
    (expected,) = torch.autograd.grad(theirs, x, wanted)
    torch.testing.assert_close(without_border(wanted.clone()), expected)


def test_where_a_pooling_could_take_several_its_gradient_goes_to_one():
    x = torch.ones(1, 2, 5, 3)
    found = unpooled(torch.ones(1, 2, 3, 2), x)
    assert found.shape == x.shape
    assert float(found.sum()) == 2 * 3 * 2
    assert set(found.unique().tolist()) == {0.0, 1.0}


@pytest.mark.parametrize("margins", [(0, 0), (16, 0), (0, 16), (16, 16)])
def test_the_gradient_of_a_whole_objective_is_autograds(encoder, picture, style, margins):
    """Gram, the content and what comes round from the other side; W2's is in test_losses."""
    content, painted = picture(48, 53), picture(48, 53, 7)
    objective = Objective(
        encoder, content, torch.ones(1, 1, 48, 53), [style], "gram", "barycentre", LAYER_WEIGHTS,
        0.3, 2.0, margins=margins,
    )  # fmt: skip
    _, found = objective.differentiate(painted)

    x = painted.clone().requires_grad_()
    down, across = margins
    seen = F.pad(x, (across, across, down, down), mode="circular") if any(margins) else x
    features = encoder(seen, encoder.layers)
    even = objective.content_shares.expand(objective.content[0, 0].numel(), 1)[:, 0]
    value = 0.3 * (features["relu3_1"] - objective.content).square().mean(1).flatten() @ even
    for layer, weight in objective.weights.items():
        ((places, target),) = objective.aims[layer]
        flat = features[layer].flatten(2)[0]
        gram = flat * places.shares.expand(flat.shape[1], 1)[:, 0] @ flat.T
        value = value + weight * (gram - target).square().sum() / (4 * len(gram) ** 2)
    (expected,) = torch.autograd.grad(value, x)
    expected = expected + 2.0 * losses.total_variation(painted, objective.around)[1]
    assert float((found - expected).norm() / expected.norm()) < 1e-5


@pytest.fixture
def style(picture):
    found = picture(40, 44, 3)
    return Style(found, torch.ones_like(found[:, :1]))


@pytest.mark.parametrize("loss", ["w2", "gram"])
@pytest.mark.parametrize("margins", [(0, 0), (16, 16)])
@pytest.mark.parametrize("parts", [False, True], ids=["one", "regions"])
def test_a_picture_in_strips_has_the_gradient_of_the_whole(
    encoder, picture, style, monkeypatch, loss, margins, parts
):
    """Statistics, neighbours, regions, a hole and what comes round; at an odd size, and in double
    precision: roots of few places' covariances blow up the rounding of others."""
    encoder = copy.deepcopy(encoder).double()
    monkeypatch.setattr(passages, "LEAST", 6)
    content = picture(75, 53).double()
    alpha, left = torch.ones_like(content[:, :1]), torch.zeros_like(content[:, :1])
    alpha[..., 10:20, 30:40], left[..., :26] = 0, 1
    one = replace(style, picture=style.picture.double(), guide=style.guide.double(), weight=0.5)
    used = [
        replace(one, where=left if parts else None),
        replace(one, picture=one.picture.flip(1), seen={}),
    ]
    found = []
    for values in (VALUES, 1):
        monkeypatch.setattr(passages, "VALUES", values)
        where = regions.regions(used, None).at((75, 53), margins) if parts else None
        objective = Objective(
            encoder, content, alpha, used, loss, "barycentre", LAYER_WEIGHTS, 0.3, 2.0, 0.5,
            margins=margins, where=where,
        )  # fmt: skip
        found.append(objective.differentiate(picture(75, 53, 7).double(), renew=True))
    (values, gradient), (in_strips, other_gradient) = found
    for name, value in values.items():
        torch.testing.assert_close(in_strips[name], value, rtol=1e-4, atol=1e-7)
    assert float((other_gradient - gradient).norm() / gradient.norm()) < 1e-5
