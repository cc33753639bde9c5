import copy
import inspect
from itertools import islice

import pytest
import torch
import torch.nn.functional as F

from scumble import parameters
from scumble_backend.engine import losses
from scumble_backend.engine.encoder import CONTENT_LAYER
from scumble_backend.engine.pyramid import resize
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import Iterate, plan, stylize


def whole(picture: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(picture[:, :1])


def last(encoder, content, styles, guide=None, start=None, **how) -> Iterate:
    how = {"steps": 4} | how
    guide = whole(content) if guide is None else guide
    return list(stylize(encoder, content, guide, styles, start, **how))[-1]


@pytest.fixture
def style(picture):
    def make(seed: int, weight: float = 1.0, height: int = 48, width: int = 64) -> Style:
        found = picture(height, width, seed)
        return Style(found, whole(found), weight)

    return make


def test_the_engines_keywords_are_the_parameters():
    """The others are settled before the engine is called, or come after it."""
    keywords = {
        name: each.default
        for name, each in inspect.signature(stylize).parameters.items()
        if each.kind is each.KEYWORD_ONLY
    }
    others = ("working_size", "finish", "encoder", "selection", "feather")
    expected = {k: v for k, v in parameters.defaults().items() if k not in others}
    assert keywords == expected


@pytest.mark.parametrize(
    ("height", "width"),
    [(16, 16), (17, 16), (16, 400), (133, 131), (300, 21)],
    ids=["smallest", "odd", "very wide", "prime", "very tall"],
)
@pytest.mark.parametrize("loss", ["w2", "gram"])
def test_any_size_from_16_px_up_comes_back_at_its_size(
    encoder, picture, style, height, width, loss
):
    found = last(encoder, picture(height, width), [style(1)], loss=loss, steps=2).picture
    assert found.shape == (1, 3, height, width)
    assert found.isfinite().all()
    assert float(found.min()) >= 0
    assert float(found.max()) <= 1


@pytest.mark.parametrize("flat", [0.0, 0.5, 1.0])
def test_flat_pictures_give_no_nan(encoder, picture, style, flat):
    content = torch.full((1, 3, 40, 40), flat)
    assert last(encoder, content, [style(1)]).picture.isfinite().all()
    swatch = Style(content, whole(content))
    assert last(encoder, picture(40, 40), [swatch]).picture.isfinite().all()
    assert last(encoder, content, [swatch]).picture.isfinite().all()


def test_a_grey_picture_works(encoder, picture, style):
    grey = picture(48, 48).mean(1, keepdim=True).expand(1, 3, 48, 48)
    assert last(encoder, grey, [style(1)]).picture.isfinite().all()


def test_the_same_seed_gives_the_same_picture_and_another_one_another(encoder, picture, style):
    content = picture(48, 64)
    one, same = (last(encoder, content, [style(1)], seed=3).picture for _ in range(2))
    assert torch.equal(one, same)
    assert not torch.equal(one, last(encoder, content, [style(1)], seed=4).picture)


def test_a_style_of_weight_nothing_is_not_there(encoder, picture, style):
    content = picture(48, 64)
    alone = last(encoder, content, [style(1)]).picture
    both = last(encoder, content, [style(1, 1.0), style(2, 0.0)]).picture
    assert torch.equal(alone, both)


@pytest.mark.parametrize("loss", ["w2", "gram"])
@pytest.mark.parametrize("blend", ["barycentre", "mixture"])
def test_the_order_of_styles_does_not_matter(encoder, picture, style, loss, blend):
    content, styles = picture(48, 64), [style(1, 1.0), style(2, 2.0), style(3, 1.0)]
    one = last(encoder, content, styles, loss=loss, blend=blend).picture
    other = last(encoder, content, styles[::-1], loss=loss, blend=blend).picture
    assert torch.equal(one, other)


@pytest.mark.parametrize("blend", ["barycentre", "mixture"])
def test_the_same_style_twice_is_that_style(encoder, picture, style, blend):
    content = picture(48, 64)
    one = last(encoder, content, [style(1)], blend=blend).picture
    twice = last(encoder, content, [style(1, 3.0), style(1, 1.0)], blend=blend).picture
    assert float((one - twice).abs().mean()) < 2e-3


def test_the_weights_scale_does_not_matter(encoder, picture, style):
    content = picture(48, 64)
    one = last(encoder, content, [style(1, 1.0), style(2, 2.0)]).picture
    same = last(encoder, content, [style(1, 4.0), style(2, 8.0)]).picture
    assert torch.equal(one, same)


def test_transparent_pixels_take_no_part(encoder, picture, style):
    """Whatever hides under alpha 0, in content and style, the picture is the same."""
    content, guide = picture(64, 64), whole(picture(64, 64))
    guide[..., 20:] = 0
    lid = style(1)
    half = lid.guide.clone()
    half[..., :24, :] = 0

    def painted(hidden: float) -> torch.Tensor:
        under = torch.where(guide > 0, content, hidden)
        styles = [Style(torch.where(half > 0, lid.picture, hidden), half)]
        return last(encoder, under, styles, guide).picture

    one = painted(0.0)
    assert torch.equal(one, painted(1.0))
    assert torch.equal(one, painted(float("nan")))
    assert one.isfinite().all()


def test_a_style_seen_before_gives_the_same_picture(encoder, picture, style):
    content, used = picture(48, 64), [style(1), style(2, 2.0)]
    first = last(encoder, content, used).picture
    assert used[0].seen
    assert torch.equal(first, last(encoder, content, used).picture)
    assert torch.equal(first, last(encoder, content, [style(1), style(2, 2.0)]).picture)


def test_no_steps_give_the_content_back(encoder, picture, style):
    content = picture(48, 64)
    assert torch.equal(last(encoder, content, [style(1)], steps=0).picture, content)


def test_strength_0_is_the_photograph_and_a_faint_painting_is_near_it(encoder, picture, style):
    content = picture(96, 128)
    away = [
        float((last(encoder, content, [style(1)], strength=s).picture - content).abs().mean())
        for s in (0.0, 4.0, 12.0, 20.0)
    ]
    assert away[0] == 0
    assert 0 < away[1] < 0.3 * away[3]
    assert away == sorted(away)


def test_a_small_picture_can_be_painterly_too(encoder, picture, style):
    content = picture(64, 100)
    few, much = (
        last(encoder, content, [style(1)], painterly=painterly, steps=5).picture
        for painterly in (0.0, 100.0)
    )
    assert float((few - much).abs().mean()) > 1e-3


@pytest.fixture
def detailed(picture) -> torch.Tensor:
    """A photograph with detail everywhere, (1, 3, 181, 181)."""
    generator = torch.Generator().manual_seed(9)
    return (picture(181, 181) + 0.1 * torch.rand(1, 3, 181, 181, generator=generator)).clamp(0, 1)


def shows(painted: torch.Tensor, photograph: torch.Tensor) -> float:
    """How much of its own detail does."""
    details = torch.stack([fine(each).flatten() for each in (painted, photograph)])
    return float(torch.corrcoef(details)[0, 1])


def fine(picture: torch.Tensor) -> torch.Tensor:
    return picture - resize(resize(picture, (64, 64)), (181, 181))


def test_the_more_painterly_the_less_of_the_photographs_own_detail_shows(encoder, detailed, style):
    shown = [
        shows(
            last(encoder, detailed, [style(1, 1.0, 181, 181)], painterly=painterly).picture,
            detailed,
        )
        for painterly in (0.0, 50.0, 100.0)
    ]
    assert shown == sorted(shown, reverse=True)
    assert shown[2] < 0.6 * shown[0]


def test_on_large_octaves_fewer_of_the_photographs_forms_come_back(
    encoder, detailed, style, monkeypatch
):
    def painted(formed: int, **how) -> torch.Tensor:
        monkeypatch.setattr("scumble_backend.engine.stylize.FORMED", formed)
        return last(encoder, detailed, [style(1, 1.0, 181, 181)], **how).picture

    def away(painting: torch.Tensor) -> float:
        """From the photograph's forms."""
        found, forms = (encoder(each, (CONTENT_LAYER,)) for each in (painting, detailed))
        return float(F.mse_loss(found[CONTENT_LAYER], forms[CONTENT_LAYER]))

    assert away(painted(64, steps=12)) > 1.1 * away(painted(512, steps=12))
    assert torch.equal(painted(64, painterly=0.0), painted(512, painterly=0.0))


def test_what_is_kept_is_held_to_the_photograph_on_large_octaves_too(
    encoder, picture, style, monkeypatch
):
    monkeypatch.setattr("scumble_backend.engine.stylize.FORMED", 48)
    content = picture(96, 120)
    keep = whole(content)
    keep[..., 60:] = 0
    iterates = list(
        stylize(encoder, content, whole(content), [style(1)], None, keep, steps=2, painterly=100.0)
    )
    assert torch.allclose(iterates[-1].picture[..., :56], content[..., :56], atol=1 / 255)


@pytest.mark.parametrize("way", [losses.by_eigenvectors, losses.by_iteration])
@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("blended", [False, True], ids=["alone", "blended"])
@pytest.mark.parametrize("kind", ["flat", "graded", "ruled", "grained"])
def test_styles_with_little_in_them_give_a_picture(
    encoder, picture, style, monkeypatch, caplog, way, precision, blended, kind
):
    """By the roots of a processor and by those of a GPU; never by the slower, safer way."""
    monkeypatch.setattr(losses, "roots", way)
    ramp = torch.linspace(0, 1, 64).expand(1, 3, 64, 64)
    generator = torch.Generator().manual_seed(4)
    poor = {
        "flat": torch.full((1, 3, 64, 64), 0.5),
        "graded": ramp.contiguous(),
        "ruled": (torch.arange(64) % 8 < 1).float().expand(1, 3, 64, 64).contiguous(),
        "grained": 0.5 + torch.randn(1, 3, 64, 64, generator=generator) / 255,
    }[kind]
    styles = [Style(poor, whole(poor))] + ([style(1)] if blended else [])
    network = copy.deepcopy(encoder).to(precision)
    found = last(network, picture(64, 48), styles, steps=3).picture
    assert found.isfinite().all()
    assert not caplog.records


@pytest.mark.parametrize("optimiser", ["lbfgs", "adam"])
def test_an_octave_that_fails_starts_again_more_carefully(
    encoder, picture, style, monkeypatch, caplog, optimiser
):
    content, way = picture(136, 96), losses.by_eigenvectors
    asked = []

    def fails_at_last(matrix: torch.Tensor) -> losses.Roots:
        asked.extend(matrix.reshape(-1, *matrix.shape[-2:]))  # several layers' at once
        return losses.Roots(
            *(part * (float("nan") if len(asked) > 35 else 1) for part in way(matrix))
        )

    monkeypatch.setattr(losses, "roots", fails_at_last)
    found = list(
        stylize(encoder, content, whole(content), [style(1)], steps=4, optimiser=optimiser)
    )
    assert all(each.picture.isfinite().all() for each in found)
    assert float((found[-1].picture - found[3].picture.mean()).abs().mean()) > 0
    assert [each.step for each in found if each.octave == 2] == [1, 2, 3, 4, 1, 2, 3, 4]
    assert "slower" in caplog.text


def test_the_losses_fall(encoder, picture, style):
    content = picture(96, 96)
    found = list(stylize(encoder, content, whole(content), [style(1)], steps=30, strength=90))
    styles = [float(iterate.losses["style"]) for iterate in found if iterate.octave == 1]
    assert styles[-1] < 0.5 * styles[0]


def test_more_strength_keeps_less_of_the_content_and_takes_more_of_the_style(
    encoder, picture, style
):
    content = picture(64, 64)
    ends = [last(encoder, content, [style(1)], strength=s, steps=40).losses for s in (1, 50, 100)]
    away = [float(end["content"]) for end in ends]
    unlike = [float(end["style"]) for end in ends]
    assert away[0] < away[1] < away[2]
    assert unlike[0] > unlike[1] > unlike[2]


def test_the_iterates_follow_the_plan(encoder, picture, style):
    content = picture(200, 150)
    found = list(stylize(encoder, content, whole(content), [style(1)], steps=2))
    octaves = plan(200, 150, steps=2)
    assert [(each.octave, each.step) for each in found] == [
        (number, step) for number in range(1, len(octaves) + 1) for step in (1, 2)
    ]
    assert {(each.octaves, each.of) for each in found} == {(len(octaves), 2)}


def test_the_pyramid_ends_at_the_pictures_own_size():
    for size in [(16, 16), (384, 512), (16, 3000), (2047, 1000)]:
        octaves = plan(*size)
        assert (octaves[-1].height, octaves[-1].width) == size
        areas = [octave.height * octave.width for octave in octaves]
        assert areas == sorted(set(areas))
        assert all(min(octave.height, octave.width) >= 16 for octave in octaves)


def test_an_octave_begins_with_the_detail_that_the_one_before_could_not_show(
    encoder, picture, style
):
    """Painted on photographs: a checker of pixels that the octaves on the way blur to grey."""
    checker = torch.tensor([[0.4, 0.6], [0.6, 0.4]]).tile(1, 3, 96, 96)
    contrast = {
        quality: last(
            encoder, checker, [style(1)], strength=20.0, painterly=0.0, steps=1, quality=quality
        )
        .picture.diff(dim=-1)
        .abs()
        .mean()
        for quality in ("standard", "reference")
    }
    assert float(contrast["standard"]) > 2 * float(contrast["reference"])


def test_bigger_brushes_change_the_picture(encoder, picture, style):
    content = picture(128, 128)
    fine = last(encoder, content, [style(1, 1.0, 128, 128)], brush_size=50.0).picture
    broad = last(encoder, content, [style(1, 1.0, 128, 128)], brush_size=200.0).picture
    assert not torch.allclose(fine, broad, atol=1e-2)


def test_stopping_is_not_asking_for_the_next(encoder, picture, style):
    content = picture(64, 64)
    painting = stylize(encoder, content, whole(content), [style(1)], steps=1000)
    assert len(list(islice(painting, 3))) == 3
    painting.close()


def test_going_on_takes_a_third_of_the_work_and_keeps_the_large_forms():
    whole, onward = plan(384, 512), plan(384, 512, init="result")
    assert [max(each.height, each.width) for each in onward] == [256, 362, 512]

    def work(octaves):
        return sum(each.height * each.width * each.steps for each in octaves)

    assert work(onward) < 0.4 * work(whole)


def test_without_an_earlier_painting_it_begins_with_the_content(encoder, picture, style):
    content = picture(48, 64)
    found = [
        last(encoder, content, [style(1)], init=init).picture for init in ("content", "result")
    ]
    assert torch.equal(*found)
