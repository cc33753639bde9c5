"""Krita 5 is built with Qt 5 and Krita 6 with Qt 6: the dialog works with either.

Debian 13 has no Krita 6, so here a double of Krita's module stands beside the real dialog, the real
backend and both real Qts: what it shows with Qt 5, where real Krita is tested too, it must show
with Qt 6. The real one is in Debian's next: SCUMBLE_DEBIAN=sid, for provision and for the tests.
"""

import json
import shutil

import machine
import pytest
from machine import CLONE, HOME
from session import clear, inside, scumbles_python

pytestmark = pytest.mark.krita

DOUBLE = f"{CLONE}/tests/editors/without_krita"
SHOTS = f"{HOME}/shots"
DOWNLOAD = 600.0  # s for 80 MB
LONG = 300.0  # s


@pytest.mark.parametrize("qt", ["PyQt5", "PyQt6"])
def test_the_dialog_paints_with_either_qt(editors, qt, pictures_of_the_screen):
    clear()  # no presets of an artist's own
    packages = f"{HOME}/{qt}"
    if not inside(packages).exists():
        install = ("uv", "pip", "install", "--quiet", "--target", packages, qt)
        done = machine.run(scumbles_python(), "-m", *install, timeout=DOWNLOAD)
        assert done.returncode == 0, done.stdout
    shots = inside(SHOTS)
    shots.mkdir(exist_ok=True)
    done = machine.run(
        "python3", f"{DOUBLE}/drive.py", SHOTS, timeout=LONG, SCUMBLE_QT=qt,
        PYTHONPATH=f"{packages}:{CLONE}/plugin", QT_QPA_PLATFORM="offscreen",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    seen = json.loads(done.stdout.splitlines()[-1])
    menu = seen.pop("presets")
    assert menu[:4] == ["All presets...", "Save as...", "Reset", "Another Computer..."]
    assert "Automatic" in menu, "among this computer's devices"
    assert menu[-1] == "About Scumble..."
    assert seen == {
        "qt": qt,
        "contents": ["Ink", "Night wind", "Photograph", "All that is visible"],
        "rows": ["Ink", "Night wind", "one", "two"],
        "message": "",
        "stage": "Done. The new layer is “Style: Ink + Night wind”.",
        "layers": ["Photograph", "Night wind", "Ink", "Style: Ink + Night wind"],
        "remembered": True,
    }
    for shot in shots.glob(f"{qt}-*.png"):
        shutil.copy(shot, pictures_of_the_screen)


def test_a_loop_that_ends_while_threads_speak_to_it_ends_no_krita(editors):
    done = machine.run(
        "python3", f"{DOUBLE}/loops.py", timeout=LONG, SCUMBLE_QT="PyQt5",
        PYTHONPATH=f"{CLONE}/plugin", QT_QPA_PLATFORM="offscreen",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.split()[-1] == "1000"
