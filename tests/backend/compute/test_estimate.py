import errno
import json

import pytest
import torch

from scumble import parameters
from scumble.connection import state_folder
from scumble.protocol import StyleSize
from scumble_backend.compute import devices, estimate, weights
from scumble_backend.compute.estimate import Cost, Forecast, Speed, Task
from scumble_backend.engine import brushwork
from scumble_backend.engine.stylize import plan

CPU = torch.device("cpu")
SPEED = Speed(
    step=0.01, pixel=2e-6, style=0.1, style_pixel=1e-6, overlay=2e-7, pair=1e-10, brush=6e-7
)
PLENTY = 1e12  # bytes


def task(height: int = 600, width: int = 800, styles: int = 2, **values) -> Task:
    chosen = parameters.check(values)
    return Task(height, width, [StyleSize(1000, 700)] * styles, chosen)


def painting_at(rate: float, side: int, wanted: Task) -> float:
    size = (wanted.height * side // wanted.width, side)
    return estimate.painting(slower(rate), wanted, *size)


def slower(times: float) -> Speed:
    return Speed(*(times * each for each in SPEED))


@pytest.fixture(scope="module")
def encoder():
    torch.set_num_threads(2)
    return weights.load_encoder("lite")


# The model


def test_the_time_is_that_of_every_step_and_of_every_look_at_a_style():
    speed = Speed(
        step=1.0, pixel=0.01, style=100.0, style_pixel=0.0, overlay=0.0, pair=0.0, brush=0.0
    )
    octaves = plan(300, 400)
    steps = sum(each.steps * (1 + 0.01 * each.height * each.width) for each in octaves)
    found = estimate.painting(speed, task(300, 400, styles=3), 300, 400)
    assert found == pytest.approx(steps + 300 * len(octaves))


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({"quality": "fine"}, {"quality": "standard"}),
        ({"steps": 50}, {"steps": 5}),
        ({"brush_size": 200}, {"brush_size": 50}),
        ({"styles": 5}, {"styles": 1}),
    ],
)
def test_more_work_takes_longer(more, less):
    longer, shorter = (
        estimate.painting(SPEED, task(**{"styles": 2} | each), 600, 800) for each in (more, less)
    )
    assert longer > shorter


def test_no_steps_take_no_time():
    assert estimate.painting(SPEED, task(steps=0), 600, 800) == 0


def test_the_change_laid_over_the_full_size_is_in_the_time(encoder):
    known = Forecast("", SPEED)
    small, large = (
        estimate.cost(known, encoder, task(*size, finish="photographic"), 192, 256)
        for size in [(192, 256), (3000, 4000)]
    )
    assert large.seconds - small.seconds == pytest.approx(12e6 * SPEED.overlay)
    assert large.memory > small.memory


def test_brushwork_at_full_size_is_in_the_time_and_in_the_memory(encoder):
    known = Forecast("", SPEED)
    photographic, painted, both = (
        estimate.cost(known, encoder, task(3000, 4000, **values), 192, 256)
        for values in ({"finish": "photographic"}, {}, {"strength": 10})
    )
    matching = SPEED.pair * brushwork.pairs(192, 256)
    more = 12e6 * (SPEED.brush - SPEED.overlay) + matching
    assert painted.seconds - photographic.seconds == pytest.approx(more)
    assert both.seconds - painted.seconds == pytest.approx(12e6 * SPEED.overlay)
    assert painted.memory > photographic.memory
    assert estimate.ending(SPEED, task(192, 256), 192, 256) == 0


# The automatic working size


def test_auto_is_the_layers_own_size_where_that_is_quick(encoder):
    assert estimate.automatic(slower(0.01), encoder, task(), PLENTY) == 800


@pytest.mark.parametrize("times", [0.1, 0.5, 1, 3, 10, 100])
def test_auto_is_the_largest_size_under_two_minutes(encoder, times):
    wanted = task(3000, 4000)
    side = estimate.automatic(slower(times), encoder, wanted, PLENTY)
    assert painting_at(times, side, wanted) <= estimate.PATIENCE or side == estimate.SIDES[0]
    larger = [each for each in estimate.SIDES if side < each < 4000]
    assert not larger or painting_at(times, larger[0], wanted) > estimate.PATIENCE * 0.99


def test_auto_fits_into_memory(encoder):
    wanted = task(4000, 4000)
    side = estimate.automatic(slower(1e-6), encoder, wanted, 2e9)
    assert side < 4000
    assert estimate.memory(encoder, wanted, side, side) <= 2e9


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({"styles": 8}, {"styles": 1}),
        ({"brush_size": 400}, {}),
        ({"painterly": 50}, {"painterly": 0}),
    ],
)
def test_more_that_is_looked_at_takes_more_memory(encoder, more, less):
    larger, smaller = (
        estimate.memory(encoder, task(**{"styles": 2} | each), 600, 800) for each in (more, less)
    )
    assert larger > smaller


def test_matching_takes_time_where_it_is_asked_for():
    slow = SPEED._replace(pair=1e-6)
    without, none = (estimate.painting(each, task(painterly=0), 600, 800) for each in (slow, SPEED))
    assert without == none
    assert estimate.painting(slow, task(), 600, 800) > 2 * estimate.painting(
        SPEED, task(), 600, 800
    )


def test_auto_never_leaves_the_sizes_and_survives_a_strip(encoder):
    assert estimate.automatic(slower(1e6), encoder, task(16, 5000), PLENTY) == estimate.SIDES[0]
    size, _ = estimate.working_size(None, None, CPU, task(16, 100))  # type: ignore[arg-type]
    assert size == (16, 100)


def test_a_chosen_size_needs_no_measuring_and_never_enlarges(encoder):
    for wanted, found in ((512, (384, 512)), (4096, (600, 800))):
        chosen = task(working_size=wanted)
        assert not estimate.hangs_on_speed(chosen)
        assert estimate.working_size(None, encoder, CPU, chosen) == (found, "")


def test_what_jobs_teach_changes_no_automatic_size(scumble_home, encoder):
    """Same seed, same machine, same picture."""
    wanted, known = task(3000, 4000), Forecast("key", SPEED)
    before = estimate.working_size(known, encoder, CPU, wanted)
    for _ in range(20):
        known.learn(Cost(10, 1), Cost(17, 1))
    assert known.corrected(Cost(10, 1)).seconds == pytest.approx(17)
    assert estimate.working_size(known, encoder, CPU, wanted) == before


def test_nor_does_the_memory_of_the_moment_unless_it_is_too_short(encoder, monkeypatch):
    known, wanted = Forecast("key", slower(0.01)), task(3000, 4000)
    whole, note = estimate.working_size(known, encoder, CPU, wanted)
    assert note == ""
    monkeypatch.setattr(devices, "free_memory", lambda device: 1_000_000_000)
    short, note = estimate.working_size(known, encoder, CPU, wanted)
    assert short < whole
    assert f"painted at {short[1]} px, not at {whole[1]} px" in note


# What is learnt


def test_after_three_jobs_a_steady_machine_is_known_within_a_quarter(scumble_home):
    """A model wrong by a factor of 1.9, and jobs that take 10 % more or less by chance."""
    known = Forecast("key", SPEED)
    for model, chance in ((5, 0.9), (40, 1.1), (12, 1.0)):
        known.learn(Cost(model, 100), Cost(1.9 * chance * model, 80))
    told = known.corrected(Cost(30, 1000))
    assert told.seconds == pytest.approx(1.9 * 30, rel=0.25)
    assert told.memory == pytest.approx(800)


def test_one_job_beside_a_busy_program_counts_for_nothing(scumble_home):
    known = Forecast("key", SPEED)
    for factor in (1, 1, 50, 1, 1):
        known.learn(Cost(10, 1), Cost(10 * factor, 1))
    assert known.corrected(Cost(10, 1)).seconds == 10


def test_the_correction_is_bounded(scumble_home):
    known = Forecast("key", SPEED)
    known.learn(Cost(10, 1), Cost(10000, 0))
    assert known.corrected(Cost(10, 8)) == (10 * estimate.BOUNDS[1], 8 * estimate.BOUNDS[0])


def test_a_short_job_teaches_nothing(scumble_home):
    known = Forecast("key", SPEED)
    known.learn(Cost(0.1, 1), Cost(7, 1))
    assert known == Forecast("key", SPEED)


def test_constants_measured_at_a_bad_moment_are_put_right_by_five_jobs_that_agree(scumble_home):
    known = Forecast("key", SPEED)
    for _ in range(estimate.REMEMBERED - 1):
        known.learn(Cost(10, 1), Cost(3, 1))
    assert known.speed == SPEED
    known.learn(Cost(10, 1), Cost(3, 1))
    assert known.speed == pytest.approx(slower(0.3))
    assert known.corrected(Cost(3, 1)).seconds == 3


# What is kept


def test_the_speed_is_measured_once_and_kept(scumble_home, encoder):
    found = estimate.forecast(encoder, "lite", "w2", CPU)
    assert found.speed.pixel > 0
    assert found.speed.overlay > 0
    assert found.speed.brush > 0
    found.learn(Cost(10, 1), Cost(12, 2))
    assert estimate.known("lite", "w2", CPU) == found
    assert estimate.forecast(encoder, "lite", "w2", CPU) == found
    assert estimate.known("lite", "gram", CPU) is None


@pytest.mark.faults
def test_a_full_disk_costs_no_job_its_result(scumble_home, encoder, monkeypatch):
    def full(path, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(estimate, "write_private", full)
    found = estimate.forecast(encoder, "lite", "w2", CPU)
    found.learn(Cost(10, 1), Cost(12, 2))
    assert found.seconds == [1.2]


@pytest.mark.parametrize(
    "entry",
    [
        "{",
        "[]",
        "[" * 100_000,
        {"speed": [0.1, 1e-6, 0, 0, 0], "seconds": [], "memory": []},
        {"speed": [0.1, 0, 0, 0, 0, 0], "seconds": [], "memory": []},
        {"speed": [0.1, -1, 0, 0, 0, 0], "seconds": [], "memory": []},
        {"speed": [0.1, 1, 0, 0, 0, 0], "seconds": [float("nan")], "memory": []},
        {"speed": [0.1, 1, 0, 0, 0, 0], "seconds": 3},
        {"speed": [10**400, 1, 0, 0, 0, 0], "seconds": [], "memory": []},
    ],
)
def test_what_is_damaged_is_as_good_as_unknown(scumble_home, entry):
    kept = state_folder() / "speed.json"
    key = estimate._key("lite", "w2", CPU)
    kept.write_text(entry if isinstance(entry, str) else json.dumps({key: entry}))
    assert estimate.known("lite", "w2", CPU) is None


# Memory


def test_too_large_a_job_is_told_what_would_fit(encoder):
    with pytest.raises(devices.JobError, match="working size of at most") as error:
        devices.check_memory(CPU, estimate.memory(encoder, task(), 10**6, 10**6), 10**6, 10**6)
    side = int(str(error.value).split("at most ")[1].split(" px")[0]) // 2
    devices.check_memory(CPU, estimate.memory(encoder, task(), side, side), side, side)


def test_the_peak_is_what_was_held_at_most():
    size, more = 200_000_000, 4_000_000  # what the process gives back meanwhile is off the peak
    devices.give_back(CPU)
    peak = devices.Peak(CPU)
    with peak:
        held = torch.zeros((size + more) // 4)
        held += 1
        peak._over.wait(10 * devices.LOOK)
        del held
    assert size <= peak.bytes < 1.5 * size
