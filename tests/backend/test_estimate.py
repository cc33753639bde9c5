import json

import pytest
import torch

from scumble.connection import state_folder
from scumble_backend import devices, estimate, weights
from scumble_backend.engine.stylize import plan

MANNER = ("standard", "auto", 100.0)
PLENTY = 10**9  # px of memory


@pytest.fixture(scope="module")
def encoder():
    torch.set_num_threads(2)
    return weights.load_encoder("lite")


def test_auto_is_the_layers_own_size_where_that_is_quick():
    assert estimate.working_side(600, 800, PLENTY, 1e9, *MANNER) == 800


@pytest.mark.parametrize("rate", [1e4, 1e5, 1e6, 1e7])
def test_auto_is_the_largest_size_under_two_minutes(rate):
    side = estimate.working_side(3000, 4000, PLENTY, rate, *MANNER)

    def takes(side: int) -> float:
        return estimate.seconds(side * 3 // 4, side, rate, *MANNER)

    assert takes(side) <= estimate.PATIENCE * 1.01 or side == estimate.SIDES[0]
    larger = [each for each in estimate.SIDES if side < each < 4000]
    assert not larger or takes(larger[0]) > estimate.PATIENCE * 0.99


def test_auto_fits_into_memory():
    side = estimate.working_side(4000, 4000, 10**6, 1e12, *MANNER)
    assert side**2 <= 10**6


def test_auto_never_leaves_the_sizes_and_survives_a_strip():
    assert estimate.working_side(16, 5000, PLENTY, 1.0, *MANNER) == estimate.SIDES[0]
    assert estimate.working_side(16, 100, PLENTY, 1e-9, *MANNER) == 100


def test_the_time_follows_the_plan():
    work = sum(octave.height * octave.width * octave.steps for octave in plan(300, 400))
    assert estimate.seconds(300, 400, 1000.0, *MANNER) == pytest.approx(work / 1000)


def test_the_speed_is_measured_once_and_kept(scumble_home, encoder):
    cpu = torch.device("cpu")
    rate = estimate.speed(encoder, "lite", cpu)
    assert rate > 0
    path = state_folder() / "speed.json"
    kept = json.loads(path.read_text())
    assert list(kept.values()) == [rate]
    path.write_text(json.dumps({key: 123.0 for key in kept}))
    assert estimate.speed(encoder, "lite", cpu) == 123.0
    path.write_text("{")
    assert estimate.speed(encoder, "lite", cpu) != 123.0


def test_too_large_a_job_is_told_what_would_fit(encoder):
    cpu = torch.device("cpu")
    with pytest.raises(devices.JobError, match="working size of at most") as error:
        devices.check_memory(encoder, cpu, 10**6, 10**6)
    side = int(str(error.value).split("at most ")[1].split(" px")[0])
    devices.check_memory(encoder, cpu, side // 2, side // 2)
