"""The backend's own Python, and an environment for it without what belongs to the editor."""

import os
import sys
from pathlib import Path

from scumble import connection
from scumble.errors import StartError

BESIDE = "interpreter.txt"  # install.py writes it beside the installed package
PROJECT = "project.zip"  # all of Scumble, inside every plug-in: installer/archive.py made it

# What an editor's bundle sets for its own Python, and would break another.
FOREIGN = (
    "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "LD_LIBRARY_PATH",
    "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "GI_TYPELIB_PATH",
    "GTK_PATH", "__PYVENV_LAUNCHER__",
)  # fmt: skip


def interpreter() -> Path:
    """The Python of the backend's environment. Raises StartError where there is none."""
    beside = Path(__file__).with_name(BESIDE)
    own = (
        connection.home()
        / "venv"
        / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    )
    if chosen := os.environ.get("SCUMBLE_PYTHON"):
        candidates = [Path(chosen)]
    elif beside.exists():
        candidates = [Path(beside.read_text(encoding="utf-8").strip()), own]
    else:
        candidates = [own]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise StartError(
        f"Scumble's painting process is not installed ({candidates[0]} is missing): {cure()}"
    )


def cure() -> str:
    """What sets it up again: the plug-in itself, where it has all that is needed inside it."""
    if Path(__file__).with_name(PROJECT).exists():
        return "open the window of Scumble: Style Transfer..., which sets it up."
    return "run install.py, in the folder that Scumble came in."


def clean_environment() -> dict[str, str]:
    """The environment without what belongs to the editor's own bundle."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in FOREIGN and not name.startswith("QT_")
    }
