"""The machine with real editors, Scumble installed in it as a user does."""

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import machine

REPOSITORY = Path(__file__).parents[2]
NOT_CLONED = (".git", ".venv", "__pycache__", "*_cache", "build", "*.egg-info")
PATIENCE = 1200  # s for another session with the machine, and for the downloads of the first


@pytest.fixture(scope="session")
def editors():
    """The machine, for this session alone, with the clone in it and install.py run."""
    if cure := machine.missing():
        if os.environ.get("SCUMBLE_STRICT") == "1":
            pytest.fail(cure)
        pytest.skip(cure)
    with machine.lock(PATIENCE):
        machine.copy_in(REPOSITORY, machine.CLONE, shutil.ignore_patterns(*NOT_CLONED))
        done = machine.run("python3", f"{machine.CLONE}/install.py", timeout=PATIENCE)
        assert done.returncode == 0, done.stdout
        yield machine


@pytest.fixture(scope="session")
def pictures_of_the_screen() -> Path:
    """Where screenshots are kept, to be looked at."""
    folder = REPOSITORY / "build/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def krita(running):
    """Krita without a document."""
    krita = running.get()
    krita.call("close_dialogs")
    krita.wait_for("close_all")
    yield krita
    assert krita.has_ended() or krita.call("boxes") == [], "a window blocks Krita"


@pytest.fixture
def two_layers(krita):
    """A small document: a background to repaint, a style above it. Their ids."""
    background = krita.call("new_document", width=96, height=80)
    style = krita.call("add_layer", name="Night wind", seed=3)
    return background, style
