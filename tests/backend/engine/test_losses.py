import pytest
import torch

from scumble_backend.engine import losses, pyramid
from scumble_backend.engine.styles import barycentre, mixture

C, H, W = 6, 9, 7


def features(seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    mix = torch.randn(C, C, generator=generator, dtype=torch.float64)
    x = torch.randn(1, C, H, W, generator=generator, dtype=torch.float64)
    return torch.einsum("ij,njhw->nihw", mix, x) + torch.arange(C).view(1, C, 1, 1)


def even() -> torch.Tensor:
    return torch.full((1, 1), 1 / (H * W), dtype=torch.float64)


def spelt_out() -> torch.Tensor:
    return even().expand(H * W, 1).clone()


def uneven(seed: int = 5) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    shares = torch.rand(H * W, 1, generator=generator, dtype=torch.float64)
    shares[::4] = 0
    return shares / shares.sum()


def w2_loss(x, shares, goal, **more):
    seen = losses.gaussian(x, shares)
    return losses.w2_loss(seen, shares, goal, losses.transport(seen.covariance, goal), **more)


def gram_loss(x, shares, *others, **more):
    return losses.gram_loss(losses.gaussian(x, shares), shares, *others, **more)


def gram(x, shares):
    return losses.gram(losses.gaussian(x, shares))


def target(seed: int = 2) -> losses.W2Target:
    return losses.w2_target(*losses.gaussian(features(seed), even()))


def measured(x, loss) -> tuple[torch.Tensor, torch.Tensor]:
    """A style loss's value and its whole gradient."""
    value, pull = loss
    return value, losses.gradient(x, [pull])


def content_loss(x, shares, target, weight=1.0) -> tuple[torch.Tensor, torch.Tensor]:
    loss = losses.ContentLoss(shares, losses.places(target).__getitem__, weight)
    gradient = losses.gradient(x, [loss])
    return loss.value, gradient


def newton_root(a: torch.Tensor) -> torch.Tensor:
    """The matrix root by Denman and Beavers' iteration: no eigenvectors, differentiable."""
    y, z = a, torch.eye(len(a), dtype=a.dtype)
    for _ in range(40):
        y, z = (y + torch.linalg.inv(z)) / 2, (z + torch.linalg.inv(y)) / 2
    return y


def w2_by_the_book(x, shares, goal):
    """tr(S + S_t - 2 (S_t^1/2 S S_t^1/2)^1/2) + |mu - mu_t|^2, with other means than the code's."""
    flat, shares = x.flatten(2)[0], shares.expand(H * W, 1)[:, 0]
    mean = (flat * shares).sum(1)
    away = flat - mean[:, None]
    covariance = torch.einsum("in,jn,n->ij", away, away, shares)
    covariance = covariance + goal.ridge * torch.eye(C, dtype=x.dtype)
    half = newton_root(goal.covariance)
    cross = newton_root(half @ covariance @ half)
    distance = torch.trace(covariance + goal.covariance - 2 * cross)
    return ((mean - goal.mean).square().sum() + distance) / C


@pytest.mark.parametrize("shares", [even(), uneven()], ids=["opaque", "part transparent"])
def test_the_w2_gradient_in_closed_form_is_autograds(shares):
    x = features(1).requires_grad_()
    expected = w2_by_the_book(x, shares, target())
    expected.backward()
    value, gradient = measured(x.detach(), w2_loss(x.detach(), shares, target()))
    assert float(value) == pytest.approx(expected.item(), rel=1e-8)
    torch.testing.assert_close(gradient, x.grad, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("way", [losses.by_eigenvectors, losses.by_iteration])
def test_transports_of_several_widths_are_those_of_each(way):
    generator = torch.Generator().manual_seed(3)
    pairs = []
    for width in (3, 5, 3, 8, 5):
        one, two = torch.randn(2, 1, width, 9, 9, generator=generator, dtype=torch.float64)
        shares = torch.full((1, 1), 1 / 81, dtype=torch.float64)
        goal = losses.w2_target(*losses.gaussian(two, shares))
        pairs.append((losses.gaussian(one, shares), goal))
    for found, (seen, goal) in zip(losses.transports(pairs, way), pairs, strict=True):
        expected = losses.transport(seen.covariance, goal, way)
        torch.testing.assert_close(found.matrix, expected.matrix)
        torch.testing.assert_close(found.distance, expected.distance)


def test_w2_of_a_picture_to_itself_is_nothing():
    value, gradient = measured(features(2), w2_loss(features(2), even(), target(2)))
    assert float(value) == pytest.approx(0, abs=1e-6)
    assert float(gradient.abs().max()) < 1e-6


def test_gram_is_the_papers():
    """Equations 3 and 4 of Gatys et al. 2016, element by element."""
    f, a = features(1).flatten(2)[0], features(2).flatten(2)[0]
    n, m = C, H * W
    big_g, big_a = torch.zeros(n, n), torch.zeros(n, n)
    for i in range(n):
        for j in range(n):
            big_g[i, j] = sum(float(f[i, k] * f[j, k]) for k in range(m))
            big_a[i, j] = sum(float(a[i, k] * a[j, k]) for k in range(m))
    expected = float((big_g - big_a).square().sum()) / (4 * n**2 * m**2)
    goal = gram(features(2), even())
    value, _ = gram_loss(features(1), even(), goal)
    assert float(value) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("shares", [even(), uneven()], ids=["opaque", "part transparent"])
def test_the_gram_and_content_gradients_are_autograds(shares):
    goal = gram(features(2), even())
    x = features(1).requires_grad_()
    flat, each = x.flatten(2)[0], shares.expand(H * W, 1)[:, 0]
    own = torch.einsum("in,jn,n->ij", flat, flat, each)
    ((own - goal).square().sum() / (4 * C**2)).backward()
    own = x.detach()
    torch.testing.assert_close(measured(own, gram_loss(own, shares, goal))[1], x.grad)
    x.grad = None
    ((x - features(3)).square().mean(1).flatten() * each).sum().backward()
    _value, gradient = content_loss(x.detach(), shares, features(3))
    torch.testing.assert_close(gradient, x.grad)


def test_statistics_do_not_change_when_the_places_are_shuffled():
    x = features(1)
    order = torch.randperm(H * W, generator=torch.Generator().manual_seed(0))
    shuffled = x.flatten(2)[:, :, order].reshape(x.shape)
    torch.testing.assert_close(gram(x, even()), gram(shuffled, even()))
    for one, other in zip(
        losses.gaussian(x, even()), losses.gaussian(shuffled, even()), strict=True
    ):
        torch.testing.assert_close(one, other)


def test_even_shares_may_be_one_number():
    x, content, goal = features(1), features(3), gram(features(2), even())
    for short, long in (
        (losses.gaussian(x, even()), losses.gaussian(x, spelt_out())),
        *(
            tuple(measured(x, loss(x, shares, other)) for shares in (even(), spelt_out()))
            for loss, other in ((w2_loss, target()), (gram_loss, goal))
        ),
        (content_loss(x, even(), content), content_loss(x, spelt_out(), content)),
    ):
        torch.testing.assert_close(short, long)


@pytest.mark.parametrize("shares", [even(), uneven()], ids=["opaque", "part transparent"])
def test_a_weight_multiplies_loss_and_gradient(shares):
    x, goal = features(1), gram(features(2), even())
    for loss, other in ((w2_loss, target()), (gram_loss, goal)):
        once = measured(x, loss(x, shares, other))
        thrice = measured(x, loss(x, shares, other, weight=3.0))
        for one, three in zip(once, thrice, strict=True):
            torch.testing.assert_close(3 * one, three)


def test_places_without_a_share_take_no_part():
    x, shares = features(1), uneven()
    other = x.clone()
    none = shares[:, 0] == 0
    other.flatten(2)[:, :, none] = 1e3
    for one, same in zip(losses.gaussian(x, shares), losses.gaussian(other, shares), strict=True):
        torch.testing.assert_close(one, same)
    _value, gradient = measured(x, w2_loss(x, shares, target()))
    assert float(gradient.flatten(2)[:, :, none].abs().max()) == 0


@pytest.mark.parametrize("large", [0, pyramid.LARGE], ids=["channel by channel", "whole"])
def test_the_total_variations_gradient_is_autograds(large, monkeypatch):
    monkeypatch.setattr(pyramid, "LARGE", large)
    x = features(1)[:, :3].requires_grad_()
    p = torch.nn.functional.pad(x, (1, 1, 1, 1), mode="replicate")
    shift = {
        (dy, dx): p[..., 1 + dy : 1 + dy + H, 1 + dx : 1 + dx + W]
        for dy in (0, 1)
        for dx in (-1, 0, 1)
    }
    rows, columns = slice(None, -1), slice(None, -1)
    value = (shift[0, 1] - x)[..., columns].square().sum() / 3
    value = value + (shift[1, 0] - x)[..., rows, :].square().sum() / 3
    value = value + (shift[1, 1] - x)[..., rows, columns].square().sum() / 12
    value = value + (shift[1, -1] - x)[..., rows, 1:].square().sum() / 12
    (value / (H * W)).backward()
    found, gradient = losses.total_variation(x.detach())
    assert float(found) == pytest.approx(value.item() / (H * W))
    torch.testing.assert_close(gradient, x.grad)


@pytest.mark.parametrize("around", [(True, False), (False, True), (True, True)])
def test_the_total_variation_of_what_tiles_is_the_same_wherever_it_begins(around):
    x, by = features(1)[:, :3], [3 * goes_on for goes_on in around]
    (still, gradient), (moved, elsewhere) = (
        losses.total_variation(each, around) for each in (x, x.roll(by, (2, 3)))
    )
    assert float(moved) == pytest.approx(float(still))
    torch.testing.assert_close(elsewhere, gradient.roll(by, (2, 3)))


def gaussians(*seeds):
    return [losses.gaussian(features(seed), even()) for seed in seeds]


def test_the_barycentre_of_commuting_gaussians_averages_deviations():
    """For covariances that commute the roots are averaged (Agueh and Carlier 2011, section 6)."""
    one, two = torch.tensor([1.0, 4, 9]).double(), torch.tensor([9.0, 1, 16]).double()
    zero, weights = torch.zeros(3).double(), torch.tensor([0.25, 0.75]).double()
    found = barycentre(
        [losses.Gaussian(zero, torch.diag(one)), losses.Gaussian(zero, torch.diag(two))], weights
    )
    expected = torch.diag((0.25 * one.sqrt() + 0.75 * two.sqrt()).square())
    torch.testing.assert_close(found.covariance, expected, rtol=1e-3, atol=1e-3)


def test_the_barycentre_has_the_least_sum_of_distances():
    both, weights = gaussians(1, 2), torch.tensor([0.4, 0.6]).double()

    def total(candidate):
        goal = losses.w2_target(*candidate)
        distances = [
            (each.mean - goal.mean).square().sum()
            + losses.transport(each.covariance, goal).distance
            for each in both
        ]
        return float(weights @ torch.stack(distances))

    best = barycentre(both, weights)
    least = total(best)
    for seed in range(5):
        push = features(10 + seed).flatten(2)[0]
        wobble = 0.05 * push @ push.T / push.shape[1]
        assert least < total(losses.Gaussian(best.mean, best.covariance + wobble))
    assert least < total(mixture(both, weights))


@pytest.mark.parametrize("mix", [barycentre, mixture])
def test_blending_a_style_with_itself_gives_that_style(mix):
    (one,) = gaussians(1)
    found = mix([one, one, one], torch.tensor([0.2, 0.3, 0.5]).double())
    torch.testing.assert_close(found.mean, one.mean)
    torch.testing.assert_close(found.covariance, one.covariance, rtol=1e-4, atol=1e-4)


def test_the_mixture_is_the_gaussian_of_all_places_together():
    x, y = features(1), features(2)
    together = losses.gaussian(torch.cat((x, y), 2), even() / 2)
    found = mixture(gaussians(1, 2), torch.tensor([0.5, 0.5]).double())
    torch.testing.assert_close(found.mean, together.mean)
    torch.testing.assert_close(found.covariance, together.covariance)


def test_several_losses_pull_together_in_the_features_type_and_in_parts(monkeypatch):
    x, shares = features(1).float(), uneven().float()
    whole = losses.gaussian(x, shares)
    content = losses.ContentLoss(shares, losses.places(features(3).float()).__getitem__, 0.3)
    _, style = gram_loss(x, shares, gram(features(2).float(), shares))
    apart = losses.gradient(x, [content]) + losses.gradient(x, [style])
    value = content.value
    torch.testing.assert_close(losses.gradient(x, [style, content]), apart)
    assert not losses.gradient(x, []).any()
    half = losses.gradient(x.to(torch.bfloat16), [style, content])
    assert half.dtype == torch.bfloat16
    torch.testing.assert_close(half.float(), apart, rtol=2e-2, atol=1e-3)

    monkeypatch.setattr(losses, "VALUES", 5 * C)
    some = losses.ContentLoss(shares, losses.places(features(3).float()).__getitem__, 0.3)
    torch.testing.assert_close(losses.gradient(x, [some, style]), apart)
    torch.testing.assert_close(some.value, value)
    torch.testing.assert_close(tuple(losses.gaussian(x, shares)), tuple(whole))


@pytest.mark.parametrize("shares", [even(), uneven()], ids=["opaque", "part transparent"])
@pytest.mark.parametrize("flat", [0.0, 50.0])
def test_moments_in_pieces_are_those_of_the_whole(shares, flat):
    x = features(1) + flat
    moments, own = losses.Moments(), losses.places(x)
    for first, last in ((0, 1), (1, 1), (1, 40), (40, len(own))):
        some = shares if len(shares) == 1 else shares[first:last]
        moments.add(own[first:last], some)
    for part, whole in zip(moments.gaussian, losses.gaussian(x, shares), strict=True):
        torch.testing.assert_close(part, whole)
