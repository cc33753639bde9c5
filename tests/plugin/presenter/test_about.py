from pathlib import Path

import pytest

from scumble import disk, setup
from scumble.disk import Disk
from scumble.errors import StartError


@pytest.fixture
def there(monkeypatch):
    """Set up, for as long as nobody removes it."""
    found = {"lack": "", "disk": Disk(5_900_000_000)}

    def look():
        return setup.Found(found["lack"], Path("/scumble"), "0.2.0", "0.2.0")

    def remove(folder):
        found["lack"] = "missing"

    monkeypatch.setattr(setup, "look", look)
    monkeypatch.setattr(setup, "about", lambda folder: ("0.2.0", found["disk"]))
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


def test_what_can_be_freed_is_said_and_freed_at_a_press(world, there, monkeypatch):
    freed = []
    monkeypatch.setattr(disk, "free", freed.append)
    world.presenter.about.show()
    world.settle()
    assert world.face.others == {}, "nothing is to be freed"
    there["disk"] = Disk(5_900_000_000, 1_400_000_000, 0, 3_100_000_000)
    world.presenter.about.show()
    world.settle()
    said, _ = world.face.asked.pop()
    assert "4.5 GB can be freed: older versions (1.4 GB), downloads (3.1 GB;" in said
    world.face.others["Free it"]()
    world.settle()
    assert freed == [Path("/scumble")]
    assert world.state.message == "4.5 GB are free again."
