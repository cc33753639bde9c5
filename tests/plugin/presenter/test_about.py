from pathlib import Path

import pytest

from scumble import setup
from scumble.errors import StartError


@pytest.fixture
def there(monkeypatch):
    """Set up, for as long as nobody removes it."""
    found = {"lack": ""}

    def look():
        return setup.Found(found["lack"], Path("/scumble"), "0.2.0", "0.2.0")

    def remove(folder):
        found["lack"] = "missing"

    monkeypatch.setattr(setup, "look", look)
    monkeypatch.setattr(setup, "about", lambda folder: ("0.2.0", 5_900_000_000))
    monkeypatch.setattr(setup, "can_remove", lambda folder: not found["lack"])
    monkeypatch.setattr(setup, "remove", remove)
    return found


def answer(world, question):
    said, then = world.face.asked.pop()
    assert question in said
    then()
    world.settle()


def test_it_says_what_it_is_and_takes_and_can_be_removed(world, there):
    world.presenter.about.show()
    world.settle()
    answer(world, "Scumble 0.2.0. Your pictures stay on this computer.")
    answer(world, "Remove what was set up for Scumble from this computer?")
    assert there["lack"] == "missing"
    assert "is removed" in world.state.message
    assert world.state.page is not None


def test_it_is_not_removed_while_a_picture_is_being_painted(world, there):
    world.running()
    world.presenter.about.show()
    world.settle()
    answer(world, "takes 5.9 GB of the disk")
    answer(world, "Remove what was set up")
    assert there["lack"] == ""
    assert "A picture is being painted" in world.state.message


def test_where_it_cannot_be_removed_the_reason_is_said(world, there, monkeypatch):
    def remove(folder):
        raise StartError("Krita is open: close it first.")

    monkeypatch.setattr(setup, "remove", remove)
    world.presenter.about.show()
    world.settle()
    answer(world, "Scumble 0.2.0")
    answer(world, "Remove what was set up")
    assert world.state.message == "Krita is open: close it first."


def test_where_there_is_nothing_to_remove_it_only_says_what_it_is(world, there):
    there["lack"] = "missing"
    world.presenter.about.show()
    world.settle()
    assert world.face.asked == []
    assert "Scumble 0.2.0" in world.state.message
