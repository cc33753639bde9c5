"""Find the backend, or start it: detached, shared by all editors of the user."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scumble import connection
from scumble.client import Client, greet
from scumble.environment import clean_environment, cure, interpreter
from scumble.errors import StartError
from scumble.lock import holder

PATIENCE = 30.0  # s from start to greeting; a cold disk with a virus scanner needs many
LOG = "server.log"
LOG_SIZE = 1_000_000  # bytes, after which a log is put aside


def find_or_start(on_stage: Callable[[str], None] = lambda stage: None) -> Client:
    """A client of the running backend, started first where none answers; see `ensure`."""
    return Client(ensure(on_stage))


def ensure(on_stage: Callable[[str], None] = lambda stage: None) -> connection.Connection:
    """Where the backend listens; it is started first where none answers, and greeted.

    It takes up to seconds, so an editor calls it in a thread; nothing of zmq's outlives the call.
    on_stage: told what is going on, in words. Raises StartError with the end of the log.
    """
    found = connection.read()
    if found and greet(found):
        return found
    on_stage("starting the painting process")
    log = log_file(LOG)
    process = _start(log)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = connection.read()
        if found and greet(found):
            return found
        if process.poll():  # 0 is a second start that found a first one
            break
        time.sleep(0.05)
    if process.poll() == 0:
        raise StartError(mute())
    if shutil.disk_usage(log.parent).free < LOG_SIZE:
        raise StartError(
            f"The painting process did not start: the disk of {log.parent} is full. Make room, or "
            "name another folder by the environment variable SCUMBLE_HOME."
        )
    raise StartError(f"The painting process did not start. {_end_of(log)}")


def mute() -> str:
    """Of a backend that holds its lock, and does not answer."""
    number = holder(connection.state_folder() / connection.LOCK)
    process = f"process {number}" if number else "its process"
    return f"The painting process runs, but does not answer: end {process}, and try again."


def log_file(name: str) -> Path:
    """A log in the state folder. What it held is put aside when it has grown; whoever writes it
    just now appends, and so goes on in the emptied file."""
    path = connection.state_folder() / name
    try:
        if path.exists() and path.stat().st_size > LOG_SIZE:
            with contextlib.suppress(OSError):  # no room to put it aside
                shutil.copyfile(path, path.with_suffix(".old.log"))
            os.truncate(path, 0)
    except OSError as error:
        raise _no_log(path, error) from error
    return path


def _no_log(path: Path, error: OSError) -> StartError:
    return StartError(
        f"Scumble cannot write its log {path} ({error.strerror}): make its folder writable, or "
        "name another by the environment variable SCUMBLE_HOME."
    )


def _start(log: Path) -> subprocess.Popen:
    flags, session = 0, True
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.DETACHED_PROCESS
        session = False
    try:
        output = open(log, "ab", opener=connection.private)  # noqa: SIM115  closed below
    except OSError as error:
        raise _no_log(log, error) from error
    with output:
        try:
            return subprocess.Popen(
                [interpreter(), "-m", "scumble_backend", "serve"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd=connection.state_folder(), env=clean_environment(),
                start_new_session=session, creationflags=flags, close_fds=True,
            )  # fmt: skip
        except OSError as error:
            raise StartError(
                f"The painting process cannot be started ({error}): {cure()}"
            ) from error


def _end_of(log: Path, lines: int = 8) -> str:
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    end = "\n".join(text.splitlines()[-lines:])
    return f"The end of its log, {log}:\n{end}" if end else f"Its log, {log}, is empty."
