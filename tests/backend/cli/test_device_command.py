import re

from tests.sentences import says

from scumble import machine
from scumble_backend.cli.commands import main
from scumble_backend.compute import devices


def test_devices_are_listed_and_chosen_by_a_part_of_their_name(scumble_home, capsys):
    name = devices.processor()
    assert main(["device"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "* auto"
    assert main(["device", name[:-1].upper()]) == 0
    assert f"* {name}" in capsys.readouterr().out.splitlines()
    assert machine.chosen() == name
    assert main(["device", "auto"]) == 0
    assert machine.chosen() == machine.AUTOMATIC


def test_a_device_that_is_not_there_is_not_chosen(scumble_home, capsys):
    assert main(["device", "Voodoo"]) == 1
    said = capsys.readouterr().err
    assert re.match(says("“…” is not one of this computer's devices: …."), said)
    assert "Voodoo" in said
    assert devices.processor() in said
    assert machine.chosen() == machine.AUTOMATIC


def test_one_that_is_gone_is_named(scumble_home, capsys):
    machine.choose("Voodoo")
    assert main(["device"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["“Voodoo” was chosen, and is not there any more.", "* auto"]
