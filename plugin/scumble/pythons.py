"""Find a Python that can carry Scumble's environment, or the command that fetches one.

An editor's own Python is none: on Windows, on macOS and in an AppImage it is part of the editor. In
a flatpak or a snap the system's Python is the sandbox's, and changes with it. Where none is found,
uv fetches one into Scumble's folder.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from scumble.connection import NO_WINDOW
from scumble.environment import clean_environment
from scumble.uv import ensure_uv

VERSIONS = ("3.13", "3.12", "3.11", "3.10", "3.14")  # the best tried first
PATIENCE = 20.0  # s for a Python to start; a cold disk with a virus scanner needs many

# What the environment asks of a Python: its version, 64 bits, and parts that some systems keep
# apart. MSYS2's on Windows has another ABI than torch.
PROBE = """
import sys, venv, ensurepip, ssl, ctypes, zipfile
assert (3, 10) <= sys.version_info[:2] <= (3, 14) and sys.maxsize > 2**32
assert sys.platform != "win32" or "MSC" in sys.version
"""


def command(home: Path, on_bytes: Callable[[int, int], None]) -> tuple[list[str], dict[str, str]]:
    """What starts a Python, and the environment for it; uv is fetched where none is found.

    home: Scumble's folder. on_bytes: told what of uv is there, and its size. Raises StartError.
    """
    environment = clean_environment()
    for python in candidates(home):
        if _serves(python, environment):
            return [str(python)], environment
    uv = ensure_uv(home, on_bytes)
    # UV_PYTHON is a folder's or a person's own wish, and may name the one that does not serve
    environment = {n: value for n, value in environment.items() if n != "UV_PYTHON"}
    run = [str(uv), "run", "--no-project", "--managed-python", "--python", VERSIONS[0], "python"]
    return run, {**environment, "UV_PYTHON_INSTALL_DIR": str(home / "python")}


def candidates(home: Path) -> Iterator[Path]:
    """Those of uv's first, then the system's: every place where one may lie."""
    yield from sorted(home.glob("python/*/python.exe" if _windows() else "python/*/bin/python3"))
    if is_sandboxed():
        return
    path = os.pathsep.join(filter(_is_the_systems, os.get_exec_path()))
    for version in VERSIONS:
        if found := shutil.which(f"python{version}", path=path):
            yield Path(found)
        yield from (place for place in _places(version) if place.is_file())
    for name in ("python3", "python"):
        if found := shutil.which(name, path=path):
            yield Path(found)


def is_sandboxed() -> bool:
    return Path("/.flatpak-info").exists() or "SNAP" in os.environ


def _places(version: str) -> list[Path]:
    """Where installers put a Python that an editor's PATH does not name."""
    if _windows():
        programs = [os.environ.get("LOCALAPPDATA", "") + "/Programs/Python", "C:/Program Files"]
        return [Path(each, f"Python{version.replace('.', '')}", "python.exe") for each in programs]
    if sys.platform == "darwin":
        framework = f"/Library/Frameworks/Python.framework/Versions/{version}/bin"
        return [Path(each, f"python{version}") for each in (framework, "/opt/homebrew/bin")]
    return [Path("/usr/bin", f"python{version}"), Path("/usr/local/bin", f"python{version}")]


def _is_the_systems(folder: str) -> bool:
    """Not the editor's own; not the Store's, which would open a shop; not Apple's, which would ask
    to install a compiler."""
    own = os.environ.get("APPDIR")
    return not (
        (own and folder.startswith(own))
        or "WindowsApps" in folder
        or (sys.platform == "darwin" and folder == "/usr/bin")
    )


def _serves(python: Path, environment: dict[str, str]) -> bool:
    try:
        return not subprocess.call(
            [python, "-c", PROBE], env=environment, timeout=PATIENCE, creationflags=NO_WINDOW,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False


def _windows() -> bool:
    return sys.platform == "win32"
