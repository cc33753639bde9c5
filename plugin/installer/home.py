"""Scumble's folder: where it lies, what is written down in it, the backend that may run in it."""

import json
import os
import platform
import socket
import subprocess
import sys
from pathlib import Path

from installer import Problem
from installer.environment import parts, venv_python
from installer.hands import MARKER, carries_marker, clean_environment
from installer.project import PACKAGES, ROOT, sha256
from installer.record import NAME, as_json, current, read_record
from scumble.language import tr

FETCHED = ("weights", "python", "uv", "bin")  # folders of Scumble's alone
OURS = ("state", *FETCHED, "install.json", "install.log", MARKER)
TURN = 2.0  # s between questions whether the backend still paints


def home():
    """Scumble's folder; the same rule as scumble/connection.py, and a test compares the two."""
    chosen = os.environ.get("SCUMBLE_HOME")
    if chosen:
        return Path(chosen).absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "scumble"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/scumble"
    return Path.home() / ".local/share/scumble"


def check_home(folder, deleting=False):
    """Refuse a folder that is not Scumble's alone."""
    cure = "name a folder for Scumble alone by the environment variable SCUMBLE_HOME."
    real = folder.resolve()
    if real == Path.home().resolve() or real in Path.home().resolve().parents:
        raise Problem(f"Scumble cannot live in {folder}, which holds all that is yours: {cure}")
    if real == ROOT or real in ROOT.parents:
        raise Problem(f"Scumble cannot live in {folder}, which holds this installer: {cure}")
    if folder.is_symlink() and deleting:
        raise Problem(
            f"{folder} is a link, so nothing was deleted: set SCUMBLE_HOME to {real} and start "
            "again."
        )
    if deleting or not folder.exists() or carries_marker(real):
        return
    if not folder.is_dir():
        raise Problem(f"{folder} is not a folder: {cure}")
    if others := not_ours(folder):
        raise Problem(f"{folder} holds other things ({', '.join(others[:3])}): {cure}")


def not_ours(folder):
    """The names of what lies in Scumble's folder and is not Scumble's."""
    names = (path.name for path in folder.iterdir())
    return sorted(name for name in names if name not in OURS and not NAME.fullmatch(name))


def describe(venv, wanted, editors):
    """What install.json says of a complete installation."""
    names = parts(wanted["only_sends"])
    code = (
        "import json, sysconfig; from importlib.util import find_spec; "
        "from importlib.metadata import version; "
        f"parts = [find_spec(name).origin for name in {names}]; "
        f"torch = version('torch') if 'torch' in {names} else ''; "
        "print(json.dumps([sysconfig.get_path('purelib'), torch, parts]))"
    )
    command = [venv_python(venv), "-c", code]
    said = subprocess.check_output(command, env=clean_environment(), text=True, encoding="utf-8")
    site, torch, places = json.loads(said)
    files = {
        str(path): sha256(path)
        for package in PACKAGES
        for path in sorted(Path(site, package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    tools = {"python": platform.python_version(), "torch": torch, "parts": places}
    environment = {"folder": venv.name, **wanted, **tools}
    whole = {"version": 1, "folders": [str(venv)], "environment": environment}
    return as_json({**whole, "editors": editors, "files": files})


def unchanged(record):
    """Whether the installed files are still as they were written."""
    return all(
        Path(name).is_file() and sha256(Path(name)) == value
        for name, value in record.get("files", {}).items()
    )


def installed_in(editor, folder):
    """Where the plug-in was put before."""
    return read_record(folder / "install.json").get("editors", {}).get(editor, [])


def note_editor(editor, places, folder, hands):
    """Before the first file, so that --uninstall knows of an installation that broke off."""
    record, known = read_record(folder / "install.json"), installed_in(editor, folder)
    places = known + [each for each in places if each not in known]
    editors = {**record.get("editors", {}), editor: places}
    hands.write(folder / "install.json", as_json({**record, "editors": editors}))


def let_backend_finish(folder, hands):
    """Wait until a running backend has painted what it was asked to."""
    if backend_jobs(folder) > 0:
        hands.say("Waiting for the picture that is being painted")
        while backend_jobs(folder) > 0:
            hands.wait(TURN)


def stop_backend(folder, hands):
    """Ask a running backend to leave: its files are about to change."""
    if not backend_listens(folder):
        return
    hands.say("Stopping the backend")
    command = [venv_python(current(folder)), "-m", "scumble_backend", "stop"]
    variables = {"SCUMBLE_HOME": str(folder)}
    stopped = command[0].exists() and hands.run(
        command, folder / "install.log", variables, limit=30
    )
    if not hands.dry and (not stopped or backend_listens(folder)):
        raise Problem(
            tr(
                "Scumble's backend is still at work: close your editor and start again. If you "
                "read this once more, wait a quarter of an hour: the backend leaves by itself."
            )
        )


def backend_jobs(folder):
    """How many jobs the running backend has; 0 where none runs."""
    if not backend_listens(folder):
        return 0
    code = (
        "from scumble import client, connection; "
        "print(client.Client(connection.read()).status(2.0).jobs)"
    )
    variables = {**clean_environment(), "SCUMBLE_HOME": str(folder)}
    try:
        said = subprocess.check_output(
            [venv_python(current(folder)), "-c", code],
            env=variables, text=True, stderr=subprocess.DEVNULL, timeout=30,
        )  # fmt: skip
        return int(said)
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def backend_listens(folder):
    """Whether something accepts connections at the address in the connection file."""
    found = read_record(folder / "state/connection.json")
    try:
        host, _, port = found["address"].rpartition("//")[2].rpartition(":")
        socket.create_connection((host, int(port)), timeout=1).close()
        return True
    except (OSError, KeyError, ValueError, AttributeError):
        return False
