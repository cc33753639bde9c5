"""Several styles as one target."""

import pytest
import torch

from scumble_backend.engine import losses, styles
from scumble_backend.engine.styles import Style


@pytest.mark.parametrize("blend", ["barycentre", "mixture"])
def test_a_blend_of_two_palettes_reaches_from_one_to_the_other(encoder, blend):
    """Along the way between their means at relu1_1; one Gaussian between the two would be mud."""
    noise = 0.05 * torch.rand(1, 3, 48, 48)
    colours = (torch.tensor(each).view(1, 3, 1, 1) for each in ((0.1, 0.2, 0.8), (0.8, 0.2, 0.1)))
    used = [Style(each + noise, torch.ones(1, 1, 48, 48), 0.5) for each in colours]
    layers = ("relu1_1", "relu2_1")
    seen = [styles._look(encoder, each, 48, layers)["relu1_1"] for each in used]
    way = seen[0].mean - seen[1].mean
    target = styles.targets(encoder, used, 48, layers, blend=blend)["relu1_1"]
    assert isinstance(target, losses.W2Target)
    along = way @ target.covariance @ way / way.square().sum()
    assert along >= 0.25 * way.square().sum()
