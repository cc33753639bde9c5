"""Both go downhill on a problem whose answer is known, and on the real one."""

import copy

import pytest
import torch

from scumble_backend.engine import pyramid
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.optimisers import HISTORY, LBFGS, Adam
from scumble_backend.engine.styles import Style

BOTH = [LBFGS, Adam]


def grey(height: int = 12, width: int = 10) -> torch.Tensor:
    return torch.full((1, 3, height, width), 0.5)


def descend(optimiser, gradient, steps: int) -> torch.Tensor:
    for step in range(1, steps + 1):
        optimiser.step(gradient(optimiser.picture), step, steps)
    return optimiser.result


@pytest.mark.parametrize("optimiser", BOTH)
def test_the_least_squares_picture_is_found(optimiser, picture):
    """sum a_i (x_i - b_i)^2 with curvatures from 1 to 100; b lies within the colours."""
    goal = picture(12, 10)
    curvature = torch.logspace(0, 2, goal.numel()).view(goal.shape) / goal.numel()
    found = descend(optimiser(grey()), lambda x: curvature * (x - goal), 150)
    assert float((found - goal).abs().max()) < 0.03


@pytest.mark.parametrize("optimiser", BOTH)
def test_what_would_leave_the_colours_stays_at_their_border(optimiser):
    found = descend(optimiser(grey()), lambda x: (x - 3.0) / x.numel(), 80)
    assert float(found.min()) > 0.95
    assert float(found.max()) <= 1.0


@pytest.mark.parametrize("optimiser", BOTH)
@pytest.mark.parametrize("gradient", [0.0, 1e-30, 1e20])
def test_no_gradient_gives_what_is_no_number(optimiser, gradient):
    found = descend(optimiser(grey()), lambda x: torch.full_like(x, gradient), 3)
    assert found.isfinite().all()


@pytest.mark.parametrize("optimiser", BOTH)
def test_the_next_octave_goes_on_from_the_result(optimiser, picture):
    descent = optimiser(picture(12, 10))
    before = descend(descent, lambda x: (x - 0.2) / x.numel(), 20).mean()
    detail = torch.zeros(1, 3, 24, 20)
    detail[..., 12, 10] = 0.1
    plain, detailed = copy.deepcopy(descent), descent
    plain.enlarge((24, 20), torch.zeros_like(detail))
    detailed.enlarge((24, 20), detail)
    assert float(plain.result.mean()) == pytest.approx(float(before), abs=5e-3)
    assert torch.allclose(detailed.result - plain.result, detail, atol=1e-6)


def test_a_large_picture_goes_the_same_way_channel_by_channel(picture, monkeypatch):
    goal = picture(12, 10)
    curvature = torch.logspace(0, 2, goal.numel()).view(goal.shape) / goal.numel()
    found = []
    for large in (pyramid.LARGE, 0):
        monkeypatch.setattr(pyramid, "LARGE", large)
        found.append(descend(LBFGS(grey()), lambda x: curvature * (x - goal), 2 * HISTORY))
    torch.testing.assert_close(*found, atol=1e-4, rtol=0)


def test_lbfgs_finds_a_quadratics_answer_in_as_many_steps_as_it_keeps_pairs():
    """In theory n + 1 steps with exact line searches; without them some more."""
    curvatures = torch.tensor([1.0, 5, 30]).view(1, 3, 1, 1) / 120
    goal = torch.tensor([0.3, 0.6, 0.8]).view(1, 3, 1, 1)
    found = descend(LBFGS(grey()), lambda x: curvatures * (x - goal), 3 * HISTORY)
    assert float((found - goal).abs().max()) < 1e-3


def test_lbfgs_needs_half_of_adams_steps_on_a_real_painting(encoder, picture):
    whole = torch.ones(1, 1, 64, 64)
    styles = [Style(picture(64, 64, 1), whole)]
    objective = Objective(
        encoder, picture(64, 64), whole, styles, "w2", "barycentre", (1.0,) * 5, 0.1, 1.0
    )

    def painted(optimiser, steps: int) -> float:
        found = descend(optimiser(picture(64, 64)), lambda x: objective.differentiate(x)[1], steps)
        values = objective.differentiate(found)[0]
        return float(values["style"] + 0.1 * values["content"] + values["variation"])

    assert painted(LBFGS, 30) < painted(Adam, 60)
