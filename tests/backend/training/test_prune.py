import numpy as np
import pytest
import torch
from torch.nn import functional as F

from scumble_backend.engine.encoder import Encoder
from scumble_backend.training import prune


def network(width: int, names: tuple[str, ...], seed: int) -> Encoder:
    generator = torch.Generator().manual_seed(seed)
    weights, before = {}, 3
    for name in names:
        weights[f"conv{name}.weight"] = torch.randn(width, before, 3, 3, generator=generator) / 4
        weights[f"conv{name}.bias"] = torch.randn(width, generator=generator) / 10
        before = width
    return Encoder(weights)


@pytest.fixture
def crops() -> torch.Tensor:
    return torch.rand(30, 3, 32, 32, generator=torch.Generator().manual_seed(5))


def test_least_squares_find_the_convolution_that_was_there(crops):
    weight, bias = torch.randn(4, 3, 3, 3), torch.randn(4)
    outputs = F.conv2d(F.pad(crops, (1, 1, 1, 1), mode="replicate"), weight, bias)
    found, offset = prune.least_squares(crops, outputs, 2)
    torch.testing.assert_close(found, weight, rtol=1e-2, atol=1e-3)
    torch.testing.assert_close(offset, bias, rtol=1e-2, atol=1e-3)


def test_the_kept_channels_span_the_others_and_none_is_dead():
    """Of six channels two are copies and one is always off: the other three are kept."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(2, 6, 40, 40, generator=generator)
    x[:, 3], x[:, 4], x[:, 5] = 0.5 * x[:, 0], 0.25 * x[:, 1], 0
    kept = prune.kept_channels(x, 6, np.random.default_rng(0))
    assert set(kept[:3].tolist()) == {0, 1, 2}
    assert 5 not in kept


def test_a_network_pruned_to_its_own_width_computes_the_same(crops):
    teacher = network(6, ("1_1", "1_2", "2_1"), 1)
    widths = dict.fromkeys(("1_1", "1_2", "2_1"), 6)
    student = prune.pruned([teacher], widths, crops, np.random.default_rng(0))
    seen = torch.rand(1, 3, 40, 40, generator=torch.Generator().manual_seed(9))
    for layer, expected in teacher(seen, teacher.layers).items():
        found = student(seen, (layer,))[layer]
        for channel in expected[0]:  # in another order
            nearest = (found[0] - channel).abs().mean((1, 2)).min()
            assert float(nearest) < 0.02 * float(channel.abs().mean()) + 1e-3


def test_layers_that_the_first_teacher_lacks_are_the_seconds(crops):
    first, second = network(8, ("1_1", "1_2"), 1), network(4, ("1_1", "1_2", "2_1"), 2)
    widths = {"1_1": 6, "1_2": 6, "2_1": 5}
    student = prune.pruned([first, second], widths, crops, np.random.default_rng(0))
    assert student.widths == {"relu1_1": 6, "relu1_2": 6, "relu2_1": 5}
    assert float(student.convolution("relu2_1").weight[4].abs().max()) == 0  # filled up
    with pytest.raises(ValueError, match="no teacher holds relu2_1"):
        prune.pruned([first], widths, crops, np.random.default_rng(0))
