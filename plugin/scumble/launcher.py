"""Find the backend, or start it: detached, shared by all editors of the user."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scumble import backends, connection, environment, logs
from scumble.client import Client, greet, other_version, unknown_key
from scumble.connection import NO_WINDOW
from scumble.environment import clean_environment, cure, interpreter
from scumble.errors import ProtocolError, StartError, VersionError
from scumble.language import tr
from scumble.lock import holder
from scumble.protocol import DAMAGED, StatusReply

FAR = 10.0  # s for another computer to answer
PATIENCE = 30.0  # s from start to greeting; a cold disk with a virus scanner needs many


def find_or_start(
    on_stage: Callable[[str], None] = lambda stage: None, backend: str | None = None
) -> Client:
    """A client of the running backend, started first where none answers; see `ensure`."""
    return Client(ensure(on_stage, backend))


def ensure(
    on_stage: Callable[[str], None] = lambda stage: None, backend: str | None = None
) -> connection.Connection:
    """Where the backend listens. This computer's is started first where none answers, and greeted;
    another computer's is greeted, and never started. backend: see `backends.find`.

    It takes up to seconds, so an editor calls it in a thread; nothing of zmq's outlives the call.
    on_stage: told what is going on, in words. Raises StartError with the end of the log.
    """
    if far := backends.find(backend):
        on_stage(tr("asking “{name}”", name=far.name))
        status_of(far)
        return far
    return _ensure_here(on_stage)


def status_of(far: connection.Connection) -> StatusReply:
    """How another computer is. Raises StartError, VersionError."""
    with Client(far) as client:
        try:
            status = client.status(FAR)
        except ProtocolError as error:
            raise VersionError(other_version(far.name)) from error
        if status:
            return status
        if not client.knows_us():
            raise StartError(unknown_key(far.name))
    raise StartError(
        tr(
            "“{name}” ({address}) cannot be reached: see that it is on, in the same network, and "
            "that `scumble serve --listen` runs there.",
            name=far.name,
            address=far.address.removeprefix("tcp://"),
        )
    )


def _ensure_here(on_stage: Callable[[str], None]) -> connection.Connection:
    found = connection.read()
    if found and greet(found):
        return found
    environment.check_paints()
    on_stage(tr("starting the painting process"))
    log = logs.trimmed(logs.SERVER)
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
    if shutil.disk_usage(log.parent).free < logs.SIZE:
        raise StartError(
            tr(
                "The painting process did not start: the disk of {folder} is full. Make "
                "room, or name another folder by the environment variable SCUMBLE_HOME.",
                folder=log.parent,
            )
        )
    if code := _probe():
        environment.note_damage()
        if code == DAMAGED:
            raise StartError(environment.damaged())
    raise StartError(tr("The painting process did not start. {end}", end=logs.end_of(log)))


def _probe() -> int:
    """How a Python ends that imports what the backend begins with: 0 where nothing is damaged."""
    found = "import scumble_backend.server.serving"
    code = f"import sys\ntry: {found}\nexcept Exception: sys.exit({DAMAGED})"
    try:
        return subprocess.call(
            [interpreter(), "-c", code], env=clean_environment(), creationflags=NO_WINDOW,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return 0


def mute() -> str:
    """Of a backend that holds its lock, and does not answer."""
    number = holder(connection.state_folder() / connection.LOCK)
    process = tr("process {number}", number=number) if number else tr("its process")
    return tr(
        "The painting process runs, but does not answer: end {process}, and try again.",
        process=process,
    )


def _start(log: Path) -> subprocess.Popen:
    on_windows = sys.platform == "win32"
    with logs.opened(log) as output:
        try:
            return subprocess.Popen(
                [interpreter(), "-m", "scumble_backend", "serve"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd=connection.state_folder(), env=clean_environment(),
                start_new_session=not on_windows, creationflags=NO_WINDOW, close_fds=True,
            )  # fmt: skip
        except OSError as error:
            raise StartError(
                tr(
                    "The painting process cannot be started ({error}): {cure}",
                    error=error,
                    cure=cure(),
                )
            ) from error
