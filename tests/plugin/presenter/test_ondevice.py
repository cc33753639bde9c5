"""Which of this computer's devices paints, in the menu."""

import pytest

from scumble import backends, machine, presets
from scumble.connection import Connection
from scumble.machine import AUTOMATIC, Device
from scumble.presenter import menus
from scumble.session import BUSY

QUADRO, PROCESSOR = Device("Quadro", False), Device("Ryzen", True)


def devices(world) -> dict[str, menus.Item]:
    """The lines of the menu below its heading, by what they say."""
    lines = menus.of_presets(world.presenter)
    heads = [n for n, each in enumerate(lines) if each.words == "Device:"]
    if not heads:
        return {}
    below = lines[heads[0] + 1 :]
    return {each.words: each for each in below[: [each.words for each in below].index("")]}


def choose(world, line: str) -> None:
    act = devices(world)[line].act
    assert act
    act()
    world.settle()


@pytest.fixture
def found(world):
    machine.note_found([QUADRO, PROCESSOR])
    return world


def ticked(world) -> list[str]:
    return [line for line, each in devices(world).items() if each.ticked]


def test_nothing_is_offered_before_devices_are_known(world):
    assert devices(world) == {}


def test_devices_are_offered_by_name_and_the_fastest_is_used(found):
    assert list(devices(found)) == ["Automatic", "Quadro", "Processor (Ryzen)"]
    assert ticked(found) == ["Automatic"]


def test_what_is_chosen_is_remembered_for_this_computer_and_no_preset(found):
    choose(found, "Processor (Ryzen)")
    assert machine.chosen() == "Ryzen"
    assert ticked(found) == ["Processor (Ryzen)"]
    assert "device" not in presets.last_used()
    choose(found, "Automatic")
    assert machine.chosen() == AUTOMATIC


def test_one_that_is_gone_is_as_if_nothing_were_chosen(found):
    machine.choose("Old card")
    assert ticked(found) == ["Automatic"]
    choose(found, "Automatic")
    assert machine.chosen() == AUTOMATIC


def test_while_a_picture_is_painted_it_stays(found):
    found.running()
    choose(found, "Quadro")
    assert found.state.message == BUSY
    assert machine.chosen() == AUTOMATIC


def test_another_computer_has_devices_of_its_own(found):
    keys = ("S" * 40, "C" * 40, "s" * 40)
    far = Connection(
        "tcp://192.168.1.5:27182", *keys, pid=0, started=0.0, version="", name="studio"
    )
    found.presenter.elsewhere.choose(backends.add(backends.as_text(far)).name)
    assert devices(found) == {}
