"""Where each style lies: sets of styles, their places, and what is painted there."""

import math
from dataclasses import replace

import pytest
import torch

from scumble_backend.compute import weights
from scumble_backend.engine import losses, regions
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.regions import Region, Regions
from scumble_backend.engine.styles import Style, by_layers
from scumble_backend.engine.stylize import LAYER_WEIGHTS, stylize

SIDE = 64


def ramp(height: int = SIDE, width: int = SIDE) -> torch.Tensor:
    """From 0 at the left to 1 at the right."""
    return torch.linspace(0, 1, width).expand(1, 1, height, width).contiguous()


def half(height: int = SIDE, width: int = SIDE) -> torch.Tensor:
    """1 in the right half."""
    return (ramp(height, width) > 0.5).float()


@pytest.fixture
def style(picture):
    def make(seed: int, where: torch.Tensor | None = None, weight: float = 0.5) -> Style:
        found = picture(SIDE, SIDE, seed)
        return Style(found, torch.ones_like(found[:, :1]), weight, where=where)

    return make


def guide_of(part: Region) -> torch.Tensor:
    assert part.guide is not None
    return part.guide


def by_weights(found: Regions) -> dict[tuple[float, ...], Region]:
    return {part.weights: part for part in found.parts}


def test_styles_without_guides_are_one_region(style):
    found = regions.regions([style(1), style(2, torch.ones(1, 1, SIDE, SIDE))], None)
    assert found == Regions([Region(None, (0.5, 0.5))], None)


@pytest.mark.parametrize("guide", [half(), ramp()], ids=["hard", "soft"])
def test_complements_never_meet_and_leave_nothing_between_them(style, guide):
    found = regions.regions([style(1, guide), style(2, 1 - guide)], None)
    parts = by_weights(found)
    assert set(parts) == {(1.0, 0.0), (0.0, 1.0)}
    torch.testing.assert_close(parts[1.0, 0.0].guide, guide, atol=1 / regions.LEVELS, rtol=0)
    assert found.kept is not None
    assert found.kept.max() < 1e-5


@pytest.mark.parametrize("guide", [half(), ramp()], ids=["hard", "soft"])
def test_a_style_everywhere_shares_with_one_that_lies_in_a_part(style, guide):
    found = regions.regions([style(1), style(2, guide)], None)
    parts = by_weights(found)
    assert set(parts) == {(1.0, 0.0), (0.5, 0.5)}
    torch.testing.assert_close(parts[0.5, 0.5].guide, guide, atol=1 / regions.LEVELS, rtol=0)


def test_at_each_place_the_regions_and_what_is_kept_are_the_whole(style):
    torch.manual_seed(0)
    guides = torch.rand(3, 1, 1, SIDE, SIDE)
    keep = torch.rand(1, 1, SIDE, SIDE)
    found = regions.regions([style(n, guide) for n, guide in enumerate(guides)], keep)
    assert found.kept is not None
    whole = found.kept + torch.cat([guide_of(part) for part in found.parts]).sum(0)
    torch.testing.assert_close(whole, torch.ones_like(whole), atol=1.5 / regions.LEVELS, rtol=0)
    for number, guide in enumerate(guides):  # each has what its guide says
        own = torch.cat([guide_of(each) for each in found.parts if each.weights[number]]).sum(0)
        torch.testing.assert_close(own[None], guide * (1 - keep), atol=1 / regions.LEVELS, rtol=0)


def test_a_region_has_the_places_that_see_no_other(style):
    part = regions.regions([style(1, half()), style(2, 1 - half())], None).parts[0]
    alpha = torch.ones(1, 1, SIDE, SIDE)
    found = regions.places(part, alpha, "relu3_1")  # 16 x 16 places, 8 columns of them its own
    assert found is not None
    assert found.chosen is not None
    columns = {int(place) % 16 for place in found.chosen.places}
    assert columns in ({*range(7)}, {*range(9, 16)})
    assert found.area == pytest.approx(0.5)
    assert float(found.shares.sum()) == pytest.approx(1)


def test_a_narrow_region_has_all_its_places_and_a_tiny_one_none():
    alpha, guide = torch.ones(1, 1, SIDE, SIDE), torch.zeros(1, 1, SIDE, SIDE)
    guide[..., 8:24, 8:12] = 1
    found = regions.places(Region(guide, (1.0,)), alpha, "relu3_1")
    assert found is not None
    assert len(found.shares) == 4
    assert regions.places(Region(guide, (1.0,)), alpha, "relu5_1") is None


@pytest.mark.parametrize("loss", ["w2", "gram"])
def test_the_gradient_of_regions_is_autograds(encoder, picture, style, loss):
    content, alpha, keep = picture(SIDE, SIDE), torch.ones(1, 1, SIDE, SIDE), ramp().mT * 0.5
    alpha[..., 10:20, 20:40] = 0
    used = [style(1, half()), style(2)]
    where, held = regions.regions(used, keep), 5.0
    objective = Objective(
        encoder, content, alpha, used, loss, "barycentre", LAYER_WEIGHTS, 0.3, 0.0, 0.5,
        where=where, held=held,
    )  # fmt: skip
    painted = picture(SIDE, SIDE, 7)
    _, found = objective.differentiate(painted, renew=True)

    x = painted.clone().requires_grad_()
    features = encoder(x, encoder.layers)
    layer = objective.content_layer
    squares = (features[layer] - objective.content).square().mean(1).flatten()
    kept = torch.nn.functional.avg_pool2d(keep, 4).flatten()
    alphas = torch.nn.functional.avg_pool2d(alpha, 4).flatten()
    value = 0.3 * (squares * alphas / alphas.sum() * (1 + (held - 1) * kept)).sum()
    for layer, weight in objective.weights.items():
        for places, target in objective.aims[layer]:
            assert places.chosen is not None
            y = losses.places(features[layer])[places.chosen.places].T[None, ..., None]
            g = losses.gaussian(y, places.shares)
            if loss == "gram":
                assert isinstance(target, torch.Tensor)
                second = g.covariance + torch.outer(g.mean, g.mean)
                part = (second - target).square().sum() / (4 * len(g.mean) ** 2)
            else:
                assert isinstance(target, losses.W2Target)
                s = g.covariance + target.ridge * torch.eye(len(g.mean))
                middle = torch.linalg.eigvalsh(target.root @ s @ target.root).clamp_min(1e-12)
                part = (g.mean - target.mean).square().sum() + (s + target.covariance).trace()
                part = (part - 2 * middle.sqrt().sum()) / len(g.mean)
            value = value + weight * places.area * part
    for layer, goal in objective.matched.items():
        target = losses.as_features(goal(slice(0, features[layer][0, 0].numel())), features[layer])
        squares = (features[layer] - target).square().mean(1).flatten()
        value = value + 0.5 / 3 * (squares * objective.shares[layer][:, 0]).sum()
    (expected,) = torch.autograd.grad(value, x)
    torch.testing.assert_close(found, expected, rtol=5e-3, atol=2e-5)


def painted(content, styles, keep=None, **values) -> torch.Tensor:
    alpha = torch.ones_like(content[:, :1])
    iterates = stylize(
        weights.load_encoder("lite"), content, alpha, styles, keep=keep, **{"steps": 4} | values
    )
    *_, last = iterates
    return last.picture


def test_a_style_that_lies_nowhere_changes_nothing(picture, style):
    content = picture(SIDE, SIDE)
    nowhere = torch.zeros(1, 1, SIDE, SIDE)
    alone = painted(content, [style(1)])
    assert torch.equal(painted(content, [style(1), style(2, nowhere)]), alone)


def test_where_no_style_lies_the_photograph_stays(picture, style):
    content = picture(SIDE, SIDE)
    found = painted(content, [style(1, half())])
    left, right = (found - content).abs().chunk(2, 3)
    assert left.max() < 1e-5
    assert right.mean() > 0.02
    assert torch.equal(painted(content, [style(1, 0 * half())]), content)


def test_what_is_kept_stays_and_the_rest_is_painted(picture, style):
    content = picture(SIDE, SIDE)
    found = painted(content, [style(1), style(2)], keep=half())
    left, right = (found - content).abs().chunk(2, 3)
    assert right.max() < 1e-5
    assert left.mean() > 0.02


def test_each_of_two_halves_comes_as_close_to_its_style_as_that_alone(picture, style):
    """By the distance between Gaussians of a layer's features, away from the border."""
    encoder, content = weights.load_encoder("lite"), picture(96, 192, 3)
    guide = half(96, 192)
    one, two = style(1), style(2)

    def distance(found: torch.Tensor, aim: Style, left: bool) -> float:
        part = found[..., :80] if left else found[..., -80:]
        target, own = (
            losses.gaussian(x["relu2_1"], torch.full((1, 1), 1 / x["relu2_1"][0, 0].numel()))
            for x in (encoder(aim.picture, ("relu2_1",)), encoder(part, ("relu2_1",)))
        )
        whole = losses.w2_target(*target)
        away = (own.mean - whole.mean).square().sum()
        return math.sqrt(away + losses.transport(own.covariance, whole).distance)

    both = painted(
        content,
        [
            Style(one.picture, one.guide, where=1 - guide),
            Style(two.picture, two.guide, where=guide),
        ],
        steps=20,
    )
    for aim, other, left in ((one, two, True), (two, one, False)):
        alone = painted(content, [Style(aim.picture, aim.guide)], steps=20)
        assert distance(both, aim, left) < 1.15 * distance(alone, aim, left)
        assert distance(both, aim, left) < 0.8 * distance(both, other, left)


# Forms from one, strokes from another


def test_forms_are_the_deep_layers_and_all_of_the_small_octaves():
    nothing = torch.zeros(1, 1, 1, 1)
    one, two, both = (Style(nothing, nothing, 0.25, gives=gives) for gives in
                      ("forms", "strokes", "all"))  # fmt: skip
    layers = ("relu1_1", "relu3_1", "relu4_1")
    large = by_layers([one, two, both], layers, forms=False)
    assert [(there, [each.gives for each in used]) for there, used in large] == [
        (("relu1_1", "relu3_1"), ["strokes", "all"]), (("relu4_1",), ["forms", "all"])
    ]  # fmt: skip
    assert all(sum(each.weight for each in used) == 1 for _, used in large)
    small = by_layers([one, two], layers, forms=True)
    assert [(there, [each.gives for each in used]) for there, used in small] == [
        (layers, ["forms"])
    ]


def test_a_style_that_gives_forms_is_nobodys_neighbour(style):
    styles = [replace(style(1, half()), gives="forms"), replace(style(2), gives="strokes")]
    found = regions.regions(styles, None).with_strokes(styles)
    assert {part.weights for part in found.parts} == {(0.0, 1.0)}
    alone = [styles[0]]
    found = regions.regions(alone, None).with_strokes(alone)
    assert found.parts == []
    assert found.kept is not None
    assert found.kept.min() == 1


def test_what_is_all_forms_and_all_strokes_of_one_style_is_that_style(picture, style):
    """Both parts of one style beside each other are the whole, by the gradient."""
    content, alpha = picture(SIDE, SIDE), torch.ones(1, 1, SIDE, SIDE)
    encoder, whole = weights.load_encoder("lite"), style(1, weight=1.0)
    parts = [replace(style(1), gives=gives) for gives in ("forms", "strokes")]
    gradients = [
        Objective(
            encoder, content, alpha, used, "w2", "barycentre", LAYER_WEIGHTS, 0.1, 0.0, 0.3
        ).differentiate(picture(SIDE, SIDE, 7), renew=True)[1]
        for used in ([whole], parts)
    ]
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-6)
