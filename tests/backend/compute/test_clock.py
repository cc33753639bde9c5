import pytest

from scumble import parameters
from scumble.protocol import StyleSize
from scumble_backend.compute import clock as clock_module
from scumble_backend.compute.clock import TELL_EVERY, Clock
from scumble_backend.compute.estimate import Forecast, Speed, Task, paces
from scumble_backend.engine.stylize import Iterate, plan

SPEED = Speed(step=0.02, pixel=1e-6, style=0.05, style_pixel=1e-6, overlay=0.0, pair=0.0, brush=0.0)
SIZE = (300, 400)
TASK = Task(*SIZE, [StyleSize(400, 300)] * 2, parameters.check({}))


class Painting:
    """A painting on a machine that goes as the model says, times slower, seen step by step."""

    def __init__(self, monkeypatch, known: bool = True, slower: float = 1.0, jobs: tuple = ()):
        self.now = 1000.0
        monkeypatch.setattr(clock_module.time, "monotonic", lambda: self.now)
        forecast = Forecast("this machine", SPEED, list(jobs)) if known else None
        self.clock, self.slower = Clock(forecast, TASK, *SIZE), slower

    def __iter__(self):
        """(share done, seconds told to be left, seconds really left), after every step."""
        octaves = paces(SPEED, TASK, *SIZE)
        end = 1000 + self.slower * sum(pace.before + n * pace.step for pace, n in octaves)
        for number, (pace, steps) in enumerate(octaves, 1):
            self.now += self.slower * pace.before
            for step in range(1, steps + 1):
                self.now += self.slower * pace.step
                iterate = Iterate(number, len(octaves), step, steps, {}, None)
                share = self.clock.share(iterate)
                yield share, self.clock.seconds_left(share), end - self.now


def test_the_share_is_of_the_time_and_rises_to_one(monkeypatch):
    steps = list(Painting(monkeypatch))
    shares = [share for share, _, _ in steps]
    whole = steps[0][2] / (1 - shares[0])
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    for share, _, left in steps:
        assert share == pytest.approx(1 - left / whole, abs=1e-6)


def test_on_a_known_machine_the_first_word_is_right(monkeypatch):
    for _, told, left in Painting(monkeypatch):
        assert told == pytest.approx(left, abs=0.01)


@pytest.mark.parametrize("slower", [0.5, 3.0])
def test_a_machine_that_is_busy_now_is_found_out(monkeypatch, slower):
    for share, told, left in Painting(monkeypatch, slower=slower):
        assert share < 0.2 or told == pytest.approx(left, abs=0.01)


def test_what_the_last_jobs_took_is_in_the_first_word(monkeypatch):
    _, told, left = next(iter(Painting(monkeypatch, slower=2.0, jobs=(2.0, 2.0, 2.0))))
    assert told == pytest.approx(left, rel=0.05)


def test_on_an_unknown_machine_nothing_is_said_at_first(monkeypatch):
    steps = list(Painting(monkeypatch, known=False, slower=4.0))
    assert steps[0][1] < 0
    assert all(told == pytest.approx(left, rel=0.4, abs=1) for _, told, left in steps[30:])


def test_without_steps_all_is_done(monkeypatch):
    task = TASK._replace(values=parameters.check({"steps": 0}))
    octaves = len(plan(*SIZE))
    clock = Clock(None, task, *SIZE)
    assert clock.share(Iterate(octaves, octaves, 0, 0, {}, None)) == 1.0
    assert clock.seconds_left(1.0) == 0.0


def test_it_tells_at_once_and_then_from_time_to_time(monkeypatch):
    painting = Painting(monkeypatch)
    told = []
    for _ in range(40):
        told.append(painting.clock.ticks())
        painting.now += TELL_EVERY / 4 + 1e-6
    assert told == [n % 4 == 0 for n in range(40)]
