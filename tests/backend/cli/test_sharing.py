"""Which devices the compute children paint on."""

import re

import pytest
from tests.sentences import says

from scumble.errors import InputError
from scumble_backend.cli.commands import main
from scumble_backend.cli.sharing import MOST, shared
from scumble_backend.compute import devices
from scumble_backend.server.station import Share

LAPTOP = {"cpu": "Core 7"}
WINDOWS = {"cpu": "Intel64 6, GenuineIntel"}
STUDIO = {"cuda:0": "RTX 9", "cuda:1": "RTX 9 (2)", "cpu": "Core 7"}


@pytest.mark.parametrize(
    ("text", "there", "meant"),
    [
        ("all", LAPTOP, [Share("cpu", "Core 7", 8)]),
        ("all", STUDIO, [Share("cuda:0", "RTX 9", 4), Share("cuda:1", "RTX 9 (2)", 4)]),
        ("cuda:1", STUDIO, [Share("cuda:1", "RTX 9 (2)", 8)]),
        (
            "rtx 9 (2), RTX 9",
            STUDIO,
            [Share("cuda:1", "RTX 9 (2)", 4), Share("cuda:0", "RTX 9", 4)],
        ),
        ("core,cpu", LAPTOP, [Share("cpu", "Core 7", 4)] * 2),
        ("Intel64 6, GenuineIntel", WINDOWS, [Share("cpu", WINDOWS["cpu"], 8)]),
        ("cuda:0,cpu", STUDIO, [Share("cuda:0", "RTX 9", 8), Share("cpu", "Core 7", 8)]),
    ],
)
def test_devices_are_named_and_have_the_cores_among_them(text, there, meant):
    assert shared(text, there, 8) == meant


def test_each_has_a_thread_at_least():
    assert [each.threads for each in shared("cpu,cpu,cpu", LAPTOP, 2)] == [1, 1, 1]


@pytest.mark.parametrize("text", ["cuda:2", "rtx", "", "cpu,,cpu", "Voodoo,cpu"])
def test_what_names_no_device_or_several_is_refused(text):
    with pytest.raises(InputError, match=r"is not one of .* RTX 9 \(cuda:0\), .* Core 7 \(cpu\)"):
        shared(text, STUDIO, 8)


def test_too_many_are_refused():
    with pytest.raises(InputError, match=says("… devices are too many: name at most …")):
        shared(",".join(["cpu"] * (MOST + 1)), LAPTOP, 8)


def test_the_command_says_which_devices_there_are(scumble_home, capsys):
    assert main(["serve", "--devices", "cpu,Voodoo"]) == 1
    said = capsys.readouterr().err
    assert re.match(says("“…” is not one of this computer's devices: …."), said)
    assert "“Voodoo”" in said
    assert f"{devices.processor()} (cpu)" in said
