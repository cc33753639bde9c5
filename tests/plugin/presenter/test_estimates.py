"""An estimate says what the job will take: a job like the last but for its colours, next to
nothing."""

import pytest
from world import World


@pytest.fixture
def world(scumble_home, monkeypatch):
    """Painted once."""
    world = World(monkeypatch)
    world.running()
    world.painted = world.backend.running.request.job
    world.backend.finish()
    world.settle()
    return world


def after(world: World, **settings) -> str:
    """The job that an estimate for other settings names."""
    world.face.settings.update(settings)
    world.presenter.edit()
    world.settle()
    return world.backend.questions[-1][1].after


def test_another_share_of_the_colours_is_asked_for_as_what_it_is(world):
    assert after(world, colour=70) == world.painted


def test_what_is_painted_anew_is_asked_for_as_that(world):
    assert after(world, colour=70, colour_by="palette") == ""


@pytest.mark.parametrize("other", [{"seed": 3}, {"strength": 20.0}, {"init": "result"}])
def test_so_is_whatever_else_is_another(world, other):
    assert after(world, **other) == ""
