import pytest
import torch

from scumble_backend.engine.encoder import CONVOLUTIONS, Encoder, normalised

torch.set_num_threads(2)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """A random network of VGG-19's shape, 8 channels wide: fast, and not the one that ships."""
    generator = torch.Generator().manual_seed(1)
    weights, before = {}, 3
    for name in CONVOLUTIONS:
        weights[f"conv{name}.weight"] = torch.randn(8, before, 3, 3, generator=generator) / 4
        weights[f"conv{name}.bias"] = torch.randn(8, generator=generator) / 10
        before = 8
    return normalised(Encoder(weights), torch.rand(1, 3, 64, 64, generator=generator))


@pytest.fixture
def picture():
    """picture(height, width, seed) -> (1, 3, H, W): smooth blobs with some noise."""

    def make(height: int, width: int, seed: int = 0) -> torch.Tensor:
        generator = torch.Generator().manual_seed(seed)
        coarse = torch.rand(1, 3, 5, 5, generator=generator)
        smooth = torch.nn.functional.interpolate(coarse, (height, width), mode="bilinear")
        noise = torch.randn(1, 3, height, width, generator=generator)
        return (smooth + 0.05 * noise).clamp(0, 1)

    return make
