"""The running painting over the document itself."""

import pytest
from world import Document, World

ENDS = {
    "result": lambda world: world.backend.finish(),
    "failure": lambda world: world.backend.fail(),
    "cancel": lambda world: world.presenter.cancel(),
    "close": lambda world: world.presenter.close(),
    "closed document": lambda world: (setattr(world.document, "open", False), world.backend.fail()),
    "no longer wanted": lambda world: world.presenter.picture.overlay.show(False),
}


def test_it_is_shown_only_where_it_is_wanted_and_then_where_it_lies(world):
    world.running()
    assert world.state.overlay is False
    assert not world.document.over
    world.presenter.picture.overlay.show(True)
    assert world.state.overlay is True
    picture, part = world.document.over
    assert picture.format == "rgba8"
    assert part == world.presenter.painting.extent


@pytest.mark.parametrize("end", ENDS)
def test_it_vanishes_with_the_job(world, end):
    world.running()
    world.presenter.picture.overlay.show(True)
    assert world.document.over
    ENDS[end](world)
    world.settle()
    assert world.document.over is None


def test_the_wish_is_remembered(world, monkeypatch):
    world.presenter.picture.overlay.show(True)
    again = World(monkeypatch)
    again.running()
    assert again.state.overlay is True
    assert again.document.over
    again.presenter.picture.overlay.show(False)
    assert World(monkeypatch).state.overlay is False


def test_where_the_editor_cannot_show_it_there_is_no_such_choice(monkeypatch, world):
    world.presenter.picture.overlay.show(True)
    monkeypatch.setattr(Document, "SHOWS_OVER", False)
    again = World(monkeypatch)
    again.running()
    assert again.state.overlay is None
    assert again.document.over is None
