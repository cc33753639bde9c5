"""The backend's own Python, and an environment for it without what belongs to the editor."""

import contextlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from scumble import connection
from scumble.errors import StartError
from scumble.language import tr

BESIDE = "home.txt"  # install.py writes it beside the installed package: Scumble's folder
DAMAGED = "damaged"  # in the state folder: what was set up is to be repaired
PROJECT = "project.zip"  # all of Scumble, inside every plug-in: installer/archive.py made it

# What an editor's bundle sets for its own Python, and would break another.
FOREIGN = (
    "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "LD_LIBRARY_PATH",
    "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "GI_TYPELIB_PATH",
    "GTK_PATH", "__PYVENV_LAUNCHER__",
)  # fmt: skip


def interpreter() -> Path:
    """The Python of the backend's environment. Raises StartError where there is none."""
    if chosen := os.environ.get("SCUMBLE_PYTHON"):
        candidates = [Path(chosen)]
    else:
        candidates = [python_of(current(each)) for each in homes()]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise StartError(
        tr(
            "Scumble's painting process is not installed ({path} is missing): {cure}",
            path=candidates[0],
            cure=cure(),
        )
    )


def homes() -> list[Path]:
    """Where the environment may lie: install.py may have been told another folder than we are."""
    try:
        beside = [Path(Path(__file__).with_name(BESIDE).read_text(encoding="utf-8").strip())]
    except OSError:
        beside = []
    return [*beside, connection.home()]


def home_in_use() -> Path | None:
    """The first of these where something is set up."""
    return next((each for each in homes() if installed(each)), None)


def is_chosen() -> bool:
    """Whether somebody has said which Python it is, and so answers for it."""
    return bool(os.environ.get("SCUMBLE_PYTHON"))


def installed(home: Path) -> dict[str, Any]:
    """What install.json says of the environment in use; nothing where none was ever whole. The
    installer writes it (installer/record.py), and a test compares the two."""
    try:
        found = json.loads((home / "install.json").read_text(encoding="utf-8"))["environment"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def only_sends(home: Path) -> bool:
    """Whether that has nothing to paint with, since another computer paints."""
    return bool(installed(home).get("only_sends"))


def current(home: Path) -> Path:
    """The environment in use, there or not."""
    name = str(installed(home).get("folder"))
    return home / (name if re.fullmatch(r"venv(-\d{1,9})?", name) else "venv")


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def check_paints() -> None:
    """Raises StartError where this computer was set up to send pictures to another one alone."""
    home = home_in_use()
    if home and only_sends(home) and not is_chosen():
        raise StartError(paints_nothing())


def paints_nothing() -> str:
    return tr(
        "Scumble was set up here for painting on another computer: choose one by `scumble backend "
        "use`, or set it up for painting on this one: {cure}",
        cure=cure(),
    )


def note_damage() -> None:
    """Files of the environment cannot be read: the dialog will offer Repair."""
    with contextlib.suppress(OSError, StartError):
        (connection.state_folder() / DAMAGED).touch()


def is_damaged(home: Path) -> bool:
    """Whether that was noted since the environment was made."""
    try:
        noted = (home / "state" / DAMAGED).stat().st_mtime
        return noted >= (home / "install.json").stat().st_mtime
    except OSError:
        return False


def damaged() -> str:
    return tr(
        "Files that Scumble was set up with are damaged: press Repair in the dialog, or run "
        "install.py again."
    )


def cure() -> str:
    """What sets it up again: the plug-in itself, where it has all that is needed inside it."""
    if Path(__file__).with_name(PROJECT).exists():
        return tr("open the window of Scumble: Style Transfer..., which sets it up.")
    return tr("run install.py, in the folder that Scumble came in.")


def clean_environment() -> dict[str, str]:
    """The environment without what belongs to the editor's own bundle."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in FOREIGN and not name.startswith("QT_")
    }
