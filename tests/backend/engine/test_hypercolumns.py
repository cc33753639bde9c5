import pytest
import torch
import torch.nn.functional as F

from scumble_backend.engine import hypercolumns as module
from scumble_backend.engine.hypercolumns import FAINTEST, SEEN, hypercolumns, principal, projected


@pytest.fixture
def features(encoder, picture):
    def make(seed: int = 0, size: tuple[int, int] = (67, 41)) -> dict[str, torch.Tensor]:
        return encoder(picture(*size, seed), SEEN)

    return make


def plainly(features: dict[str, torch.Tensor]) -> torch.Tensor:
    """As the paper has it, all at once."""
    size, parts = features["relu3_1"].shape[2:], []
    for x in features.values():
        x = F.interpolate(x - x.mean((2, 3), keepdim=True), size, mode="bilinear")
        parts.append(x / x.norm(dim=1, keepdim=True).clamp_min(FAINTEST))
    return torch.cat(parts, 1)[0].flatten(1).T


@pytest.mark.parametrize("values", [1, 2000, module.VALUES], ids=["rows", "some rows", "whole"])
def test_in_rows_they_are_those_of_the_whole(features, monkeypatch, values):
    monkeypatch.setattr(module, "VALUES", values)
    ours, other = features(), features(1)
    pieces = list(hypercolumns(ours, None, 0.0))
    assert (len(pieces) == 1) == (values == 2**22)
    torch.testing.assert_close(torch.cat(pieces), plainly(ours), rtol=1e-4, atol=1e-5)
    mixed = {layer: torch.lerp(x, other[layer], 0.3) for layer, x in ours.items()}
    found = torch.cat(list(hypercolumns(ours, other, 0.3)))
    torch.testing.assert_close(found, plainly(mixed), rtol=1e-4, atol=1e-5)


def test_the_basis_is_where_the_pictures_differ_most(features, monkeypatch):
    monkeypatch.setattr(module, "COMPONENTS", 3)
    pictures = [features(), features(1, (48, 64))]
    basis = principal(pictures)
    torch.testing.assert_close(basis.T @ basis, torch.eye(3), rtol=0, atol=1e-5)
    one, other = (plainly(each) for each in pictures)
    spread = one.T @ one / len(one) + other.T @ other / len(other)
    held = torch.trace(basis.T @ spread @ basis)
    torch.testing.assert_close(held, torch.linalg.eigvalsh(spread)[-3:].sum(), rtol=1e-4, atol=0)


def test_they_are_projected_place_by_place(features):
    ours = features()
    basis = torch.linalg.qr(plainly(features(2)).T[:, :5]).Q
    found = projected(ours, basis)
    assert found.shape == (1, 5, *ours["relu3_1"].shape[2:])
    torch.testing.assert_close(found[0].flatten(1).T, plainly(ours) @ basis, rtol=1e-4, atol=1e-4)
