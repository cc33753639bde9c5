"""install.py as a user starts it: a process of its own, with a home of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer.hands import MARKED, MARKER

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "install.py"


@pytest.fixture
def run(tmp_path):
    """Start install.py with flags; its home is tmp_path/home and its folder tmp_path/desk."""
    (tmp_path / "desk").mkdir()

    def start(*flags, home=tmp_path / "home", script=SCRIPT):
        return subprocess.run(
            [sys.executable, script, *flags], cwd=tmp_path / "desk", timeout=500,
            env={**os.environ, "SCUMBLE_HOME": str(home)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip

    return start


@pytest.fixture
def installed(tmp_path):
    """A home as install.py leaves it, but for what lies in venv."""
    home = tmp_path / "home"
    for folder in (home, home / "venv"):
        folder.mkdir()
        (folder / MARKER).write_text(MARKED)
    (home / "venv/lib").mkdir()
    (home / "venv/lib/torch.py").touch()
    (home / "install.log").touch()
    (home / "state").mkdir()
    for name in ("presets.json", "keys.json", "server.log"):
        (home / "state" / name).touch()
    list_folders(home, home / "venv")
    return home


def list_folders(home, *folders):
    (home / "install.json").write_text(
        json.dumps({"version": 1, "folders": list(map(str, folders))})
    )


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
