"""How far a student is from its teachers: features, inner products, gradients."""

import torch
from torch import Tensor, nn

from scumble_backend.engine.encoder import STYLE_LAYERS, Encoder
from scumble_backend.engine.losses import gaussian, gradient, transport, w2_loss, w2_target
from scumble_backend.training.lessons import Standard, columns, thin
from scumble_backend.training.teachers import Together

TAPS = (*STYLE_LAYERS, "relu4_2")
CLAMP = 4.0  # standard deviations


def feature_loss(mapped: Tensor, target: Tensor) -> Tensor:
    """Mean squared error of standardised features; rare huge activations count as CLAMP."""
    return (mapped - target.clamp(-CLAMP, CLAMP)).square().mean()


def kernel_loss(features: Tensor, target: Tensor) -> Tensor:
    """1 - CKA, centred kernel alignment, linear (Kornblith et al. 2019, equation 3).

    0 where the inner products <x_i, x_j> between any two places are the teacher's but for one
    factor. Then an isometry leads from the student's features to the teacher's, and the distances
    that style losses take between Gaussians are the same in both.
    features: (N, C, H, W); target: (N, D, H, W), in the teacher's own units.
    """
    x, y = columns(features), columns(target)
    x, y = x - x.mean(1, keepdim=True), y - y.mean(1, keepdim=True)
    return 1 - (x @ y.T).square().sum() / ((x @ x.T).norm() * (y @ y.T).norm() + 1e-12)


def losses(
    student: Encoder, maps: nn.ModuleDict, standard: Standard, batch: dict[str, Tensor]
) -> dict[str, Tensor]:
    """{"relu3_1": feature loss, "relu3_1 kernel": ..., ...} of one batch from the pool."""
    found = {}
    for layer, whole in student(batch["crops"], tuple(maps)).items():
        x = thin(layer, whole)
        found[layer] = feature_loss(maps[layer](x), batch[layer])
        if layer in TAPS:
            found[f"{layer} kernel"] = kernel_loss(x, batch[layer] * standard.deviation[layer])
    return found


def style_gradients(encoder: nn.Module, crops: Tensor, layer: str, learn: bool = False) -> Tensor:
    """Of one layer's W2 style loss with respect to each crop, where each has the style of the one
    before it: (N, 3, H, W) -> (N, 3, H, W). learn: differentiable once more, but for the transport.
    """
    crops = crops.detach().requires_grad_()
    features = encoder(crops, (layer,))[layer]
    shares = torch.full((1, 1), 1 / features[0, 0].numel())
    pulls = []
    for one, other in zip(features.split(1), features.detach().roll(1, 0).split(1), strict=True):
        target = w2_target(*gaussian(other, shares))
        seen = gaussian(one, shares)
        moved = transport(seen.covariance.detach(), target)
        pulls.append(gradient(one, [w2_loss(seen, shares, target, moved)[1]]))
    return torch.autograd.grad(features, crops, torch.cat(pulls), create_graph=learn)[0]


def gradient_loss(student: Encoder, together: Together, crops: Tensor, layer: str) -> Tensor:
    """1 - the cosine between the student's and the teachers' `style_gradients`: the direction is
    all that an optimiser sees of a network."""
    theirs = style_gradients(together, crops, layer).flatten(1)
    ours = style_gradients(student, crops, layer, learn=True).flatten(1)
    return 1 - torch.cosine_similarity(ours, theirs, 1).mean()
