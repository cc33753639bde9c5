"""What this computer paints on, as it is noted and chosen."""

import pytest

from scumble import machine
from scumble.connection import state_folder
from scumble.machine import AUTOMATIC, CHOSEN, FOUND, Device

TWO = [Device("Quadro", False), Device("Some processor", True)]


def test_what_was_found_and_chosen_is_remembered(scumble_home):
    assert machine.found() == []
    assert machine.chosen() == AUTOMATIC
    machine.note_found(TWO)
    machine.choose("Quadro")
    assert machine.found() == TWO
    assert machine.chosen() == "Quadro"
    machine.choose(AUTOMATIC)
    assert machine.chosen() == AUTOMATIC


@pytest.mark.faults
@pytest.mark.parametrize("text", ["", "{", "[1]", "[{}]", "7", "[" * 100_000, "\xff"])
def test_a_damaged_file_is_none(scumble_home, text):
    for name in (FOUND, CHOSEN):
        (state_folder() / name).write_bytes(text.encode("latin-1"))
    assert machine.found() == []
    assert machine.chosen() == AUTOMATIC
