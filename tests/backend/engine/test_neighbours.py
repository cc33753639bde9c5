from itertools import pairwise

import pytest
import torch

from scumble_backend.compute import weights
from scumble_backend.engine import guides, losses, neighbours
from scumble_backend.engine.hypercolumns import hypercolumns, projected
from scumble_backend.engine.neighbours import Neighbours, assigned
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.regions import regions
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import LAYER_WEIGHTS

SIDE = 64  # px


@pytest.fixture
def style(picture):
    def make(seed: int, weight: float = 1.0, side: int = SIDE) -> Style:
        found = picture(side, side, seed)
        return Style(found, torch.ones_like(found[:, :1]), weight)

    return make


@pytest.fixture
def matcher(encoder, monkeypatch):
    """matcher(content, styles) -> Neighbours that match by the picture alone, edges and all."""
    monkeypatch.setattr(neighbours, "CONTENT_SHARE", 0.0)
    monkeypatch.setattr(neighbours, "EDGE", 0)

    def make(content: torch.Tensor, styles: list[Style], blend: str = "barycentre") -> Neighbours:
        features = encoder(content, neighbours.SEEN)
        guide, everywhere = torch.ones_like(content[:, :1]), regions(styles, None)
        return Neighbours(encoder, features, guide, styles, everywhere, blend)

    return make


def whole(goal: neighbours.Goal, like: torch.Tensor) -> torch.Tensor:
    """What all places should look like, (1, C, H, W), in parts that begin anywhere."""
    count = like[0, 0].numel()
    ends = [0, count // 3, count // 2 + 1, count]
    parts = [goal(slice(*each)) for each in pairwise(ends)]
    return losses.as_features(torch.cat(parts).float(), like)


def columns(features: dict) -> torch.Tensor:
    return torch.cat(list(hypercolumns(features, None, 0.0)))


@pytest.mark.parametrize("places", [neighbours.PLACES, 64], ids=["places", "blocks"])
def test_a_style_finds_itself(encoder, style, matcher, monkeypatch, places):
    monkeypatch.setattr(neighbours, "PLACES", places)
    own = style(1)
    features = encoder(own.picture, neighbours.LAYERS)
    found = matcher(own.picture, [own]).match(dict(features))
    for layer in ("relu2_1", "relu3_1"):
        shown = whole(found[layer], features[layer])
        torch.testing.assert_close(shown, features[layer], rtol=1e-2, atol=1e-3)


def test_matches_are_those_of_every_place_against_every_place(
    encoder, picture, style, matcher, monkeypatch
):
    # All that this network's columns have.
    monkeypatch.setattr("scumble_backend.engine.hypercolumns.COMPONENTS", 16)
    monkeypatch.setattr(neighbours, "CHUNK", 1000)
    content, own = picture(SIDE, SIDE + 12, 2), style(1)
    ours, theirs = (encoder(each, neighbours.LAYERS) for each in (content, own.picture))
    found = whole(matcher(content, [own]).match(dict(ours))["relu3_1"], ours["relu3_1"])
    queries, keys = (columns(each) for each in (ours, theirs))
    nearest = [int((keys * query).sum(1).argmax()) for query in queries]
    expected = theirs["relu3_1"][0].flatten(1)[:, nearest].view_as(found[0])
    same = (found[0] - expected).abs().amax(0) < 1e-2 * expected.abs().amax()
    assert float(same.float().mean()) > 0.98  # a tie may be broken otherwise


def test_blocks_find_what_is_nearly_as_like(encoder, picture, style, matcher, monkeypatch):
    content, own = picture(128, 120, 2), style(1, side=128)
    features = encoder(content, neighbours.SEEN)
    likeness = {}
    for places in (neighbours.PLACES, 256):
        monkeypatch.setattr(neighbours, "PLACES", places)
        found = matcher(content, [own])
        columns = projected(features, found._basis)
        likeness[found._block] = float(found._search(columns, found._shown[0]).likeness.mean())
    assert likeness[2] > 0.9 * likeness[1]


def test_what_is_transparent_is_nobodys_neighbour(encoder, picture, style, matcher):
    own = style(1)
    features = encoder(own.picture, neighbours.LAYERS)
    guide = own.guide.clone()
    guide[..., 32:] = 0
    half = Style(own.picture, guide, 1.0)
    found = matcher(own.picture, [half])
    assert all(int(each) < 8 for each in found._shown[0].lines)
    assert whole(found.match(dict(features))["relu3_1"], features["relu3_1"]).isfinite().all()


def test_edges_are_nobodys_neighbours(encoder, style, matcher, monkeypatch):
    """A picture's edge is most like a style's: what is there, a frame, would line it."""
    monkeypatch.setattr(neighbours, "EDGE", 3)
    shown = matcher(style(1).picture, [style(1)])._shown[0]
    last = SIDE // 4 - 1
    for places in (shown.rows, shown.lines):
        assert (int(places.min()), int(places.max())) == (3, last - 3)
    small = matcher(style(1).picture, [style(2, side=16)])._shown[0]
    assert {int(each) for each in small.rows} == {1, 2}  # of four places


@pytest.mark.parametrize("side", [192, 362])
def test_one_flat_colour_has_places_that_can_be_told(picture, side):
    encoder = weights.load_encoder("lite")
    flat = torch.tensor([0.8, 0.3, 0.2])[:, None, None].expand(1, 3, 480, 640).contiguous()
    own = Style(flat, torch.ones_like(flat[:, :1]))
    content = picture(side, side)
    like, guide = encoder(content, neighbours.LAYERS), torch.ones_like(content[:, :1])
    features = {layer: like[layer] for layer in neighbours.SEEN}
    everywhere = regions([own], None)
    found = Neighbours(encoder, features, guide, [own], everywhere, "barycentre").match(
        dict(features)
    )
    assert all(whole(goal, like[name]).isfinite().all() for name, goal in found.items())


def test_lines_thinner_than_a_place_have_neighbours(encoder, style, matcher):
    own = style(1)
    own.guide[..., 1:, :] = 0
    assert len(matcher(own.picture, [own])._shown[0].rows) == SIDE // 4


@pytest.mark.parametrize("weights", [(2.0, 1.0), (1.0, 1.0), (1.0, 4.0), (5.0, 3.0, 2.0)])
@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "part transparent"])
def test_styles_share_the_area_by_their_weights(weights, transparent):
    generator = torch.Generator().manual_seed(0)
    likeness = torch.rand(len(weights), 40, 60, generator=generator)
    likeness[0] += 0.3  # what is most like every place gets no more for that
    guide = torch.ones(1, 1, 160, 240)
    if transparent:
        guide[..., 100:] = 0
    areas = guides.shares(guide, "relu3_1").expand(40 * 60, 1)
    wanted = torch.tensor(weights) / sum(weights)
    chosen = assigned(likeness, wanted, areas).flatten()
    for number, share in enumerate(wanted):
        assert float(areas[chosen == number].sum()) == pytest.approx(float(share), rel=0.1)


def test_the_same_style_twice_takes_no_more_than_its_weight():
    """Every place is as like the one as the other; in the end the first of them has both shares."""
    generator = torch.Generator().manual_seed(0)
    one, other = torch.rand(2, 40, 60, generator=generator)
    likeness, weights = torch.stack((one, one, other)), torch.tensor([0.25, 0.25, 0.5])
    areas = torch.full((40 * 60, 1), 1 / (40 * 60))
    chosen = assigned(likeness, weights, areas)
    assert float((chosen == 2).float().mean()) == pytest.approx(0.5, abs=0.03)


def test_regions_are_larger_where_styles_lie_side_by_side(encoder, picture, style, matcher):
    """Measured by how many neighbouring places differ in what paints them."""
    content, styles = picture(128, 128), [style(1, 0.5), style(2, 0.5)]
    features = encoder(content, neighbours.SEEN)
    borders = {}
    for blend in ("barycentre", "mixture"):
        found = matcher(content, styles, blend)
        columns = projected(features, found._basis)
        likeness = torch.stack([found._search(columns, each).likeness for each in found._shown])
        chosen = neighbours.assigned_among(
            neighbours.averaged(likeness, found._region), found._owned
        )
        borders[blend] = int((chosen.diff(dim=0) != 0).sum() + (chosen.diff(dim=1) != 0).sum())
    assert borders["mixture"] < borders["barycentre"]


@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "part transparent"])
def test_the_gradient_with_neighbours_is_autograds(encoder, picture, style, transparent):
    content, guide = picture(48, 56), torch.ones(1, 1, 48, 56)
    if transparent:
        guide[..., 10:20, 20:40] = 0
    objective = Objective(
        encoder, content, guide, [style(1)], "gram", "barycentre", LAYER_WEIGHTS, 0.3, 0.0, 0.5
    )
    painted = picture(48, 56, 7)
    _, found = objective.differentiate(painted, renew=True)

    x = painted.clone().requires_grad_()
    features = encoder(x, encoder.layers)
    value = (
        0.3
        * (features["relu3_1"] - objective.content).square().mean(1).flatten()
        @ (objective.content_shares[:, 0].expand(objective.content[0, 0].numel()))
    )
    for layer, weight in objective.weights.items():
        ((places, target),) = objective.aims[layer]
        assert isinstance(target, torch.Tensor)
        seen = losses.gaussian(features[layer], places.shares)
        value = value + losses.gram_loss(seen, places.shares, target, weight)[0]
    for layer, goal in objective.matched.items():
        target = whole(goal, features[layer])
        squares = (features[layer] - target).square().mean(1).flatten()
        shares = objective.shares[layer][:, 0].expand(len(squares))
        value = value + 0.5 / len(neighbours.LAYERS) * (squares * shares).sum()
    (expected,) = torch.autograd.grad(value, x)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-6)


def test_a_network_cut_before_the_last_layer_still_has_neighbours(encoder, picture, style):
    """The true VGG-19 that is at hand ends at relu3_4."""
    short = type(encoder)(
        {
            f"conv{name}.{part}": getattr(encoder.get_submodule(f"conv{name}"), part)
            for name in ("1_1", "1_2", "2_1", "2_2", "3_1")
            for part in ("weight", "bias")
        }
    )
    content = picture(48, 48)
    objective = Objective(
        short, content, torch.ones(1, 1, 48, 48), [style(1)], "w2", "barycentre", LAYER_WEIGHTS,
        0.1, 0.0, 0.5,
    )  # fmt: skip
    objective.differentiate(content, renew=True)
    assert set(objective.matched) == {"relu2_1", "relu3_1"}
