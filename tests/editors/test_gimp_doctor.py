"""`install.py --doctor` for a user of the real GIMP: what is right, what is wrong, and the cure."""

import machine
import pytest
from gimp_session import GIMP, fresh_profile
from session import HOME, INSTALL, clear, inside, install_into

pytestmark = pytest.mark.gimp

PLUGIN = f"{GIMP}/plug-ins/plug-in-scumble"
SHOWN = "~/.config/GIMP/3.0/plug-ins"
PATIENCE = 300.0  # s; a small picture is painted too
CURE = "run install.py --editor gimp."


@pytest.fixture
def user(editors):
    """With GIMP, the plug-in in it, and no Krita."""
    clear(f"{HOME}/.local/share/krita")
    fresh_profile()


def doctor() -> tuple[int, list[str]]:
    done = machine.run("python3", INSTALL, "--doctor", timeout=PATIENCE)
    assert HOME not in done.stdout, "the home folder is not for others to see"
    return done.returncode, done.stdout.splitlines()


def test_where_all_is_well_the_doctor_says_so(user):
    code, lines = doctor()
    assert f"ok   The plug-in is in GIMP ({SHOWN})." in lines
    assert lines[-1] == "All is well."
    assert code == 0


def test_a_plug_in_that_gimp_may_not_start_is_found_and_cured(user):
    inside(f"{PLUGIN}/plug-in-scumble.py").chmod(0o644)
    code, lines = doctor()
    assert f"BAD  GIMP may not start the plug-in in {SHOWN}: {CURE}" in lines
    assert (code, lines[-1]) == (1, "Not all is well: do what the lines marked BAD say.")
    install_into("gimp")
    assert doctor()[0] == 0


def test_a_plug_in_of_another_version_is_found(user):
    with open(inside(f"{PLUGIN}/scumble/session.py"), "a", encoding="utf-8") as file:
        file.write("# another version\n")
    code, lines = doctor()
    assert f"BAD  The plug-in in GIMP ({SHOWN}) is of another version: {CURE}" in lines
    assert code == 1


def test_a_gimp_without_the_plug_in_is_no_fault(user):
    machine.run("rm", "-r", PLUGIN, timeout=PATIENCE)
    code, lines = doctor()
    assert f"ok   GIMP ({SHOWN}) is without the plug-in: install.py --editor gimp." in lines
    assert code == 0
