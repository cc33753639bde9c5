"""What a GPU would be asked to do in a step, followed on torch's "meta" device: its tensors have no
numbers, so that whatever had to wait for one fails."""

import copy

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

from scumble_backend.engine import losses
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.optimisers import LBFGS, Adam
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import LAYER_WEIGHTS, stylize


class Watch(TorchDispatchMode):
    """Notes every tensor that an operation takes or gives."""

    def __init__(self):
        super().__init__()
        self.operations, self.tensors = set(), []

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        self.operations.add(operation.overloadpacket.__name__)
        leaves = tree_leaves((args, kwargs, result))
        self.tensors += [each for each in leaves if isinstance(each, torch.Tensor)]
        return result


def far_away(objective: Objective) -> Objective:
    """Prepared here, to be stepped on a device without numbers."""

    def moved(each: torch.Tensor | losses.Chosen) -> torch.Tensor | losses.Chosen:
        if isinstance(each, torch.Tensor):
            return each.to("meta")
        there = copy.copy(each)
        there.places = each.places.to("meta")
        return there

    found = copy.copy(objective)
    found.encoder = copy.deepcopy(objective.encoder).to("meta")
    found.root = losses.by_iteration
    found.neighbours = copy.copy(objective.neighbours)
    for owner, names in (
        (found, ("aims", "content", "content_shares", "shares")),
        (found.neighbours, vars(found.neighbours)),
    ):
        for name in names:
            there = tree_map_only((torch.Tensor, losses.Chosen), moved, getattr(owner, name))
            setattr(owner, name, there)
    return found


@pytest.mark.parametrize("make", [LBFGS, Adam])
@pytest.mark.parametrize("transparent", [False, True], ids=["opaque", "part transparent"])
@pytest.mark.parametrize("regions", [False, True], ids=["everywhere", "regions"])
@pytest.mark.parametrize("loss", ["w2", "gram"])
def test_a_step_reads_nothing_back_and_needs_no_double_precision(
    encoder, picture, make, transparent, regions, loss
):
    content, guide = picture(48, 64), torch.ones(1, 1, 48, 64)
    if transparent:
        guide[..., 10:20, 20:40] = 0
    left = torch.zeros_like(guide)
    left[..., :32] = 1
    used = [
        Style(
            picture(64, 48, seed), torch.ones(1, 1, 64, 48), 0.5, where=where if regions else None
        )
        for seed, where in ((1, left), (2, 1 - left))
    ]
    objective = far_away(
        Objective(encoder, content, guide, used, loss, "barycentre", LAYER_WEIGHTS, 0.1, 5.0, 0.4)
    )
    descent = make(content.to("meta"))
    with Watch() as watch:
        for step in (1, 2, 3):
            _, gradient = objective.differentiate(descent.picture, renew=True)
            descent.step(gradient, step, 3)
    assert descent.result.shape == content.shape
    assert "max_pool2d_with_indices_backward" in watch.operations
    assert not watch.operations & {"_linalg_eigh", "_local_scalar_dense", "nonzero"}
    assert "replication_pad2d_backward" not in watch.operations  # in any order on CUDA
    assert {each.device.type for each in watch.tensors if each.dim()} == {"meta"}
    assert torch.float64 not in {each.dtype for each in watch.tensors}


def test_nothing_in_a_painting_needs_double_precision(encoder, picture):
    """Apple's GPUs have none. The neighbours' principal components are the processor's work."""
    content, columns = picture(48, 64), 16
    used = [Style(picture(64, 48, seed), torch.ones(1, 1, 64, 48), 0.5) for seed in (1, 2)]
    with Watch() as watch:
        list(stylize(encoder, content, torch.ones_like(content[:, :1]), used, steps=2))
    assert watch.tensors
    double = {tuple(each.shape) for each in watch.tensors if each.dtype == torch.float64}
    assert double <= {(columns,), (columns, columns)}


def features(channels: int, places: int, seed: int) -> torch.Tensor:
    """(1, C, places, 1) float64, whose principal components' variances span seven decades."""
    generator = torch.Generator().manual_seed(seed)
    spread = 10 ** torch.linspace(0, -3.5, channels, dtype=torch.float64)
    numbers = torch.randn(channels, places, generator=generator, dtype=torch.float64)
    turn = torch.linalg.qr(torch.randn(channels, channels, generator=generator).double()).Q
    return (turn @ (spread[:, None] * numbers))[None, :, :, None] + 1


@pytest.mark.parametrize("channels", [32, 128])
@pytest.mark.parametrize("places", [2000, 12], ids=["many places", "fewer places than channels"])
def test_roots_by_iteration_are_as_good_as_by_eigenvectors(channels, places):
    ours, style = features(channels, places, 1), features(channels, places, 2)

    def gradient(dtype, way):
        even = torch.full((1, 1), 1 / places, dtype=dtype)
        goal = losses.w2_target(*losses.gaussian(style.to(dtype), even), way)
        x = ours.to(dtype)
        seen = losses.gaussian(x, even)
        moved = losses.transport(seen.covariance, goal, way)
        return losses.gradient(x, [losses.w2_loss(seen, even, goal, moved)[1]]).double()

    truth = gradient(torch.float64, losses.by_eigenvectors)
    for way in (losses.by_eigenvectors, losses.by_iteration):
        found = gradient(torch.float32, way)
        assert float((found - truth).norm() / truth.norm()) < 0.02


@pytest.mark.parametrize("way", [losses.by_eigenvectors, losses.by_iteration])
def test_the_roots_of_what_has_no_variance_are_finite(way):
    flat = torch.zeros(8, 8)
    flat[0, 0] = 3.0
    for matrix in (flat, losses.FLOOR * torch.eye(8), 1e6 * flat):
        assert all(part.isfinite().all() for part in way(matrix))
