import math

import pytest
import torch
from torch.nn import functional as F

from scumble_backend.engine.encoder import Encoder, fold_input, normalised, stride


def test_features_have_the_papers_sizes(encoder, picture):
    found = encoder(picture(50, 67), encoder.layers)
    for layer, x in found.items():
        side = stride(layer)
        assert x.shape[2:] == (math.ceil(50 / side), math.ceil(67 / side)), layer


def test_features_equal_an_independent_calculation(encoder, picture):
    x = picture(33, 47)
    expected = x
    for name in ("1_1", "1_2", "pool", "2_1"):
        if name == "pool":
            expected = F.max_pool2d(expected, 2, ceil_mode=True)
            continue
        conv = encoder.convolution(f"relu{name}")
        rows = F.unfold(F.pad(expected, (1, 1, 1, 1), mode="replicate"), 3)
        y = conv.weight.flatten(1) @ rows[0] + conv.bias[:, None]
        expected = y.clamp_min(0).reshape(1, -1, *expected.shape[2:])
    torch.testing.assert_close(encoder(x, ("relu2_1",))["relu2_1"], expected, rtol=1e-4, atol=1e-5)


def test_nothing_is_computed_behind_the_deepest_layer(encoder, picture):
    whole = encoder(picture(32, 32), encoder.layers)
    assert list(encoder(picture(32, 32), ("relu2_1", "relu1_1"))) == ["relu1_1", "relu2_1"]
    torch.testing.assert_close(
        encoder(picture(32, 32), ("relu2_1",))["relu2_1"], whole["relu2_1"], rtol=0, atol=0
    )


def test_the_last_rows_and_columns_are_seen_by_every_layer(encoder, picture):
    x = picture(40, 47)
    x[..., -1, -1] = 0
    other = x.clone()
    other[..., -1, -1] = 1
    for layer in encoder.layers:
        assert not torch.equal(encoder(x, (layer,))[layer], encoder(other, (layer,))[layer]), layer


def test_a_flat_colour_stays_flat_up_to_the_border(encoder):
    for x in encoder(torch.full((1, 3, 48, 48), 0.3), encoder.layers).values():
        assert float((x - x.mean((2, 3), keepdim=True)).abs().max()) < 1e-4


def test_folding_the_input_changes_nothing(encoder, picture):
    mean, std = torch.tensor([0.48, 0.45, 0.4]), torch.tensor([0.2, 0.3, 0.25])
    folded = Encoder(fold_input(encoder.state_dict(), mean, std))
    x = picture(40, 40)
    shifted = (x - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)
    for layer, y in encoder(shifted, encoder.layers).items():
        torch.testing.assert_close(folded(x, (layer,))[layer], y, rtol=1e-3, atol=1e-3)


def test_normalisation_gives_a_mean_of_one_and_the_same_functions(encoder, picture):
    x = picture(64, 64, 3)
    scaled = normalised(encoder, x)
    for layer, y in scaled(x, scaled.layers).items():
        assert float(y.mean()) == pytest.approx(1, rel=1e-3)
        before = encoder(x, (layer,))[layer]
        torch.testing.assert_close(y * before.mean(), before, rtol=1e-3, atol=1e-4)


def test_a_truncated_network_serves_and_a_gap_does_not(encoder):
    weights = encoder.state_dict()
    cut = {key: value for key, value in weights.items() if key.split("_")[0] < "conv4"}
    assert Encoder(cut).layers[-1] == "relu3_4"
    with pytest.raises(ValueError, match="not a VGG-19"):
        Encoder({key: value for key, value in weights.items() if "2_1" not in key})


def test_half_precision_hands_out_float32_and_gradients_that_point_the_same_way(encoder, picture):
    half = Encoder(encoder.state_dict()).to(torch.bfloat16)
    gradients = []
    for one in (encoder, half):
        x = picture(40, 47).requires_grad_()
        found = one(x, ("relu1_1", "relu3_1"))
        assert {y.dtype for y in found.values()} == {torch.float32}
        sum(y.square().mean() for y in found.values()).backward()
        gradients.append(x.grad.flatten())
    whole, rounded = (encoder(picture(40, 47), ("relu3_1",)), half(picture(40, 47), ("relu3_1",)))
    away = (whole["relu3_1"] - rounded["relu3_1"]).norm() / whole["relu3_1"].norm()
    assert float(away) < 0.02
    assert float(torch.cosine_similarity(*gradients, dim=0)) > 0.95
