"""Scumble sets itself up out of the plug-in: what is there, and the process that sets it up.

All of Scumble travels inside the plug-in as project.zip, which a Python on this machine runs: a
process of its own, which goes on when the editor closes. It tells how it goes in a file, so that
every window of every editor can show it; so does the thread here that looks for a Python first.
"""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from scumble import backends, connection, disk, environment, language, pythons
from scumble.disk import Disk
from scumble.errors import ScumbleError, StartError
from scumble.language import tr
from scumble.lock import lock
from scumble.needs import CANCEL, LANGUAGE, LOCK, REPORT

HERE = Path(__file__).parent
LOG = "set-up.log"
SILENCE = 15.0  # s without a word and without the lock, after which it counts as broken off
MOST = 4096  # bytes at the end of the report, in which its last line lies

Lack = Literal["", "missing", "broken", "older", "newer"]


@dataclass(frozen=True)
class Found:
    """What this machine has. lack: what keeps from painting with it, seen from this plug-in's own
    version; nothing where all is well, or where it is not for this plug-in to set up.
    sends: whether another computer paints, and all that is needed is what sends pictures there."""

    lack: Lack
    folder: Path
    own: str = ""
    there: str = ""
    sends: bool = False


@dataclass(frozen=True)
class Report:
    """How it goes. done, total: bytes, 0 where there is nothing to count. left: s, below 0 where
    that is not known. end: how it ended; message: why it failed."""

    stage: str = ""
    done: int = 0
    total: int = 0
    left: float = -1.0
    end: Literal["", "done", "failed", "cancelled"] = ""
    message: str = ""


def look() -> Found:
    """Reads two small files, and looks for a dozen."""
    folder = environment.home_in_use() or connection.home()
    own = _about()
    if not own or environment.is_chosen():
        return Found("", folder)
    there = environment.installed(folder)
    small = not there or environment.only_sends(folder)
    sends = small and _is_elsewhere()
    if not there or (small and not sends):
        return Found("missing", folder, own["version"], sends=sends)
    versions = own["version"], str(there.get("version", "0"))
    return Found(_difference(folder, own, there), folder, *versions, sends)


def _difference(folder: Path, own: dict[str, str], there: dict[str, Any]) -> Lack:
    if not _is_whole(folder) or environment.is_damaged(folder):
        return "broken"
    if there.get("sources") == own["sources"]:
        return ""
    older = _numbers(str(there.get("version", "0"))) <= _numbers(own["version"])
    return "older" if older else "newer"


def _is_elsewhere() -> bool:
    try:
        return backends.find(None) is not None
    except ScumbleError:  # which the dialog says
        return False


def start(folder: Path, sends: bool = False) -> None:
    """Set Scumble up in this folder; nothing where that is under way. sends: what sends pictures to
    another computer alone. Raises StartError."""
    state = folder / "state"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state.mkdir(mode=0o700, exist_ok=True)
        held = lock(state / LOCK)
        if held is None:
            return
        for name in (CANCEL, REPORT):
            (state / name).unlink(missing_ok=True)
        _tell(folder, stage=tr("Looking for a Python on this computer"))
    except OSError as error:
        raise StartError(
            tr(
                "Scumble cannot use its folder {folder} ({strerror}): make it writable, or "
                "name another by the environment variable SCUMBLE_HOME.",
                folder=folder,
                strerror=error.strerror,
            )
        ) from error

    aim = ["--another-computer"] if sends else []

    def work() -> None:
        try:
            with held:
                command, variables = pythons.command(folder, _teller(folder))
            fetched = len(command) > 1  # by uv, which says nothing to the windows
            _tell(folder, stage=tr("Fetching Python") if fetched else tr("Starting"))
            _run([*command, str(HERE / environment.PROJECT), *aim], variables, folder)
        except _Cancelled:
            _tell(folder, end="cancelled")
        except (ScumbleError, OSError) as error:
            _tell(folder, end="failed", message=str(error))

    threading.Thread(target=work, daemon=True).start()


def report(folder: Path) -> Report | None:
    """How it goes, or how it ended the last time; None where it never began."""
    path = folder / "state" / REPORT
    try:
        with open(path, "rb") as file:
            file.seek(max(0, file.seek(0, 2) - MOST))
            lines = file.read().split(b"\n")[:-1]  # what is not yet a whole line counts not
        silent = time.time() - path.stat().st_mtime
    except OSError:
        return None
    found = _read(lines[-1]) if lines else Report()
    if not found.end and silent > SILENCE and not is_running(folder):
        return Report(end="failed", message=_broken_off(folder))
    return found


def is_running(folder: Path) -> bool:
    """Whether a process sets Scumble up just now."""
    try:
        held = lock(folder / "state" / LOCK)
    except OSError:
        return False
    if held:
        held.close()
    return held is None


def cancel(folder: Path) -> None:
    """What worked before is kept, and what was downloaded, too."""
    with contextlib.suppress(OSError):
        (folder / "state" / CANCEL).touch()


def forget(folder: Path) -> None:
    """The artist has read how it ended."""
    with contextlib.suppress(OSError):
        (folder / "state" / REPORT).unlink()


def about(folder: Path) -> tuple[str, Disk]:
    """This plug-in's version, and what was set up takes; some seconds."""
    return _about().get("version", ""), disk.look(folder)


def can_remove(folder: Path) -> bool:
    """Whether it was set up out of a plug-in, or could have been."""
    return bool(_about() and environment.installed(folder))


def remove(folder: Path) -> None:
    """Take away what was set up; what the artist made stays. Some seconds. Raises StartError."""
    command, variables = pythons.command(folder, lambda *_: None)
    done = subprocess.run(
        [*command, str(HERE / environment.PROJECT), "--uninstall"],
        env={**variables, "SCUMBLE_HOME": str(folder)}, cwd=HERE, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, errors="replace", creationflags=connection.NO_WINDOW,
    )  # fmt: skip
    if done.returncode:
        words = done.stderr.strip().splitlines()[-1:] or [tr("its process was ended")]
        raise StartError(words[0].removeprefix("install.py: "))


class _Cancelled(Exception):
    pass


def version() -> str:
    """Of the plug-in that this is part of; nothing where it runs out of a clone."""
    return _about().get("version", "")


def _about() -> dict[str, str]:
    """Of the project inside this plug-in; nothing where none is."""
    try:
        found = json.loads((HERE / "project.json").read_text(encoding="utf-8"))
        whole = (HERE / environment.PROJECT).is_file()
        return {name: str(found[name]) for name in ("version", "sources")} if whole else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _is_whole(folder: Path) -> bool:
    """Whether its Python is there, and the parts that were put beside it. A sandbox has no Python
    of the system's, or another one of the same name."""
    python = environment.python_of(environment.current(folder))
    noted = environment.installed(folder).get("parts")
    parts = [Path(str(each)) for each in noted] if isinstance(noted, list) else []
    own = not pythons.is_sandboxed() or folder.resolve() in python.resolve().parents
    return own and all(path.is_file() for path in (python, *parts))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _run(command: list[str], variables: dict[str, str], folder: Path) -> None:
    """A command, by a process that neither the editor nor its window ends; until it has ended,
    where it tells nothing of its end any more, that it broke off."""
    state = folder / "state"
    tell = ["--report", str(state / REPORT)]
    with open(state / LOG, "wb", opener=connection.private) as log:
        process = subprocess.Popen(
            [*command, *tell],
            env={**variables, "SCUMBLE_HOME": str(folder), LANGUAGE: language.spoken()}, cwd=state,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=sys.platform != "win32", close_fds=True,
            creationflags=connection.NO_WINDOW,
        )  # fmt: skip
    process.wait()
    told = report(folder)
    if told and not told.end:
        _tell(folder, end="failed", message=_broken_off(folder))


def _teller(folder: Path) -> Callable[[int, int], None]:
    """Tells what of uv has come, not too often. Raises _Cancelled where that is wished."""
    told = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if (folder / "state" / CANCEL).exists():
            raise _Cancelled
        if time.monotonic() - told > 0.5:
            told = time.monotonic()
            _tell(folder, stage=tr("Fetching uv, which fetches Python"), done=done, total=total)

    return tell


def _tell(folder: Path, **what: Any) -> None:
    line = json.dumps(what) + "\n"
    with open(folder / "state" / REPORT, "a", encoding="utf-8", opener=connection.private) as file:
        file.write(line)


def _read(line: bytes) -> Report:
    """Fields of another version are left out."""
    try:
        found = json.loads(line)
        names = Report.__dataclass_fields__
        return Report(**{name: found[name] for name in found if name in names})
    except (ValueError, TypeError, RecursionError):
        return Report()


def _broken_off(folder: Path) -> str:
    log = folder / "state" / LOG
    try:
        words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
    except OSError:
        words = []
    why = " ".join(words) or tr("its process was ended")
    return tr(
        "Setting up broke off ({why}): try again; what was downloaded is not fetched twice.",
        why=why,
    )
