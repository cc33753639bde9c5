"""Distillation: what is learnt from, what the teachers say, and that a student learns it."""

import numpy as np
import pytest
import torch

from scumble_backend.engine.encoder import CONVOLUTIONS, Encoder
from scumble_backend.training import distil, lessons, matching, sources, teachers
from scumble_backend.training.teachers import Teacher

NARROW = {"1_1": 6, "1_2": 4, "2_1": 8}


def torchvision_weights(widths: dict[str, int], seed: int = 0) -> dict[str, torch.Tensor]:
    """Random weights under torchvision's names: convolutions, each with its ReLU, and pooling."""
    random, weights, before, index = torch.Generator().manual_seed(seed), {}, 3, 0
    for name, width in widths.items():
        index += name.endswith("_1") and name != "1_1"
        spread = (2 / (9 * before)) ** 0.5
        weights[f"features.{index}.weight"] = spread * torch.randn(
            width, before, 3, 3, generator=random
        )
        weights[f"features.{index}.bias"] = 0.1 * torch.randn(width, generator=random)
        before, index = width, index + 2
    return weights


def untrained() -> Encoder:
    return teachers.vgg19(torchvision_weights(NARROW, seed=9)).encoder


def quarter_weights(seed: int = 0) -> dict[str, torch.Tensor]:
    """Random weights under the names of the Collaborative Distillation network."""
    random, before = torch.Generator().manual_seed(seed), 3
    weights = {
        "conv0.weight": torch.randn(3, 3, 1, 1, generator=random),
        "conv0.bias": torch.randn(3, generator=random),
    }
    for name, full in CONVOLUTIONS.items():
        key, width = f"conv{name.replace('_', '')}", full // 32
        weights[f"{key}.weight"] = 0.3 * torch.randn(width, before, 3, 3, generator=random)
        weights[f"{key}.bias"] = 0.1 * torch.randn(width, generator=random)
        if name.endswith("_1"):
            weights[f"{key}_aux.weight"] = torch.randn(full // 8, width, 1, 1, generator=random)
            weights[f"{key}_aux.bias"] = torch.randn(full // 8, generator=random)
        before = width
    return weights


@pytest.fixture(scope="module")
def picture() -> torch.Tensor:
    return torch.rand(1, 3, 32, 48, generator=torch.Generator().manual_seed(3))


def test_folding_conv0_changes_nothing(picture):
    weights = quarter_weights()
    whole = teachers.collaborative(weights).encoder(picture, ("relu1_1",))["relu1_1"]
    mixed = torch.nn.functional.conv2d(picture, weights["conv0.weight"], weights["conv0.bias"])
    padded = torch.nn.functional.pad(mixed, (1, 1, 1, 1), mode="replicate")
    apart = torch.nn.functional.conv2d(padded, weights["conv11.weight"], weights["conv11.bias"])
    torch.testing.assert_close(whole, apart.relu(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("convention", [teachers.OXFORD, teachers.TORCHVISION])
def test_folding_the_input_normalisation_changes_nothing(picture, convention):
    weights = torchvision_weights(NARROW)
    whole = teachers.vgg19(weights, convention)(picture)["relu1_1"]
    mean, deviation = (torch.tensor(numbers).view(1, 3, 1, 1) for numbers in convention)
    padded = torch.nn.functional.pad((picture - mean) / deviation, (1, 1, 1, 1), mode="replicate")
    first = torch.nn.functional.conv2d(
        padded, weights["features.0.weight"], weights["features.0.bias"]
    )
    torch.testing.assert_close(whole, first.relu(), rtol=1e-3, atol=1e-3)


def test_a_whole_vgg19_file_teaches_every_tap_alone(tmp_path):
    file = tmp_path / "vgg19.pth"
    torch.save(torchvision_weights({name: n // 32 for name, n in CONVOLUTIONS.items()}), file)
    (alone,) = teachers.load(str(file), None, matching.TAPS, distil.HINTS)
    assert set(alone.layers) == {*matching.TAPS, *distil.HINTS}


def test_a_cut_vgg19_needs_a_second_teacher_for_what_it_lacks(tmp_path):
    cut, deep = tmp_path / "cut.pth", tmp_path / "deep.pth"
    shallow = {name: n // 32 for name, n in CONVOLUTIONS.items() if name < "4"}
    torch.save(torchvision_weights(shallow), cut)
    torch.save(quarter_weights(), deep)
    with pytest.raises(ValueError, match=r"relu4_1.*--deep"):
        teachers.load(str(cut), None, matching.TAPS)
    first, second = teachers.load(str(cut), str(deep), matching.TAPS, distil.HINTS)
    assert first.layers == ("relu1_1", "relu2_1", "relu3_1")
    assert set(second.layers) == {"relu4_1", "relu4_2", "relu5_1", *distil.HINTS}


def test_an_isometry_costs_no_kernel_loss(picture):
    features = torch.rand(2, 5, 8, 8, generator=torch.Generator().manual_seed(0))
    turn = torch.linalg.qr(torch.randn(9, 9, generator=torch.Generator().manual_seed(1)))[0][:, :5]
    turned = torch.einsum("dc,nchw->ndhw", 3 * turn, features) + 7
    assert matching.kernel_loss(features, turned) < 1e-5
    assert matching.kernel_loss(features, torch.rand(2, 9, 8, 8)) > 0.1


def test_dead_channels_teach_nothing(picture):
    weights = torchvision_weights(NARROW)
    weights["features.0.weight"][2] = 0
    staff = [Teacher(teachers.vgg19(weights).encoder, ("relu1_1",))]
    standard = lessons.Standard(staff, [picture])
    assert 2 not in standard.alive["relu1_1"].tolist()
    assert standard(lessons.lesson(staff, picture))["relu1_1"].std() == pytest.approx(1, abs=0.01)


@pytest.fixture(scope="module")
def training() -> distil.Training:
    """A narrow student of a narrow teacher, on very few pictures."""
    source = sources.Source(np.random.default_rng(0), paintings=2)
    source.photographs = source.photographs[:3]
    teacher = Teacher(teachers.vgg19(torchvision_weights(NARROW)).encoder, ("relu1_1", "relu2_1"))
    return distil.Training([teacher], source, untrained(), side=32)


def test_a_student_learns(training):
    crops = training.source.crops(32, side=32)
    exam = {"crops": crops, **training.standard(lessons.lesson(training.staff, crops))}

    def marks() -> float:
        with torch.no_grad():
            found = matching.losses(training.student, training.maps, training.standard, exam)
        return float(sum(found.values()))

    before = marks()
    for _ in training.run(200, paint_every=1000):
        pass
    assert marks() < 0.95 * before


def test_dead_channels_are_revived_and_disturb_little():
    student = untrained()
    crops = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        student.convolution("relu1_2").bias[1] = -1e6  # type: ignore[index]
        before = student(crops, student.layers)
        assert distil.revive(student, torch.nn.ModuleDict(), crops) >= 1
        after = student(crops, student.layers)
    assert before["relu1_2"][:, 1].max() == 0
    assert after["relu1_2"][:, 1].mean() > distil.DEAD * before["relu1_2"].mean()
    assert matching.kernel_loss(after["relu2_1"], before["relu2_1"]) < 0.1


def test_what_is_saved_is_resumed(training):
    again = distil.Training(training.staff, training.source, untrained(), side=32)
    again.resume(training.state())
    assert again.step == training.step
    for name, weight in training.student.state_dict().items():
        assert torch.equal(again.student.state_dict()[name], weight)


def test_pastiches_are_learnt_from_once_there_are_any(training):
    encoder = Encoder({name: x.detach() for name, x in training.student.state_dict().items()})
    source = training.source
    made = sources.pastiche(source.random, encoder, source.photographs, source.paintings, side=32)
    assert [one.shape for one in made] == [(3, 32, 32)] * 2
    assert all(one.min() >= 0 and one.max() <= 1 for one in made)
    source.photographs, source.paintings = [torch.zeros(3, 64, 64)], [torch.zeros(3, 64, 64)]
    source.pastiches = [torch.ones(3, 64, 64)]
    assert 10 < sum(float(crop.mean()) > 0.5 for crop in source.crops(64, side=16)) < 54
