"""The connection file: where the backend listens, and the keys to talk to it.

The one place that knows the file and the folder it lies in. The backend writes it once it is bound;
it holds the user's own secret key, so only the user may read it.
"""

import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from scumble.errors import StartError
from scumble.language import tr

NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of Windows, for what no artist starts
ADDRESS = re.compile(r"tcp://127\.0\.0\.1:\d{1,5}")
FAR_ADDRESS = re.compile(r"tcp://[A-Za-z0-9][A-Za-z0-9.-]{0,252}:\d{1,5}")
KEY = re.compile(r"[!-~]{40}")  # Z85


@dataclass(frozen=True)
class Connection:
    """address: "tcp://127.0.0.1:port". Keys: Z85 text of CURVE keys (rfc.zeromq.org/spec/32).
    name: of the other computer that it leads to (backends.py), or nothing."""

    address: str
    server_key: str
    client_key: str
    client_secret: str
    pid: int
    started: float
    version: str
    name: str = ""

    def is_sound(self) -> bool:
        """Whether address and keys look like ones; zmq looks closer."""
        keys = (self.server_key, self.client_key, self.client_secret)
        pattern = FAR_ADDRESS if self.name else ADDRESS
        return bool(pattern.fullmatch(self.address) and all(map(KEY.fullmatch, keys)))


LOCK = "server.lock"  # in the state folder; the backend holds it for its life


def home() -> Path:
    """Scumble's folder: SCUMBLE_HOME, else where the system keeps a user's data.

    Never below $XDG_DATA_HOME, which differs between packages of the same editor.
    """
    if chosen := os.environ.get("SCUMBLE_HOME"):
        return Path(chosen).absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "scumble"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/scumble"
    return Path.home() / ".local/share/scumble"


def state_folder() -> Path:
    """SCUMBLE_HOME/state, made if it is missing, for the user's eyes only."""
    folder = home() / "state"
    try:
        _make(folder)
        if sys.platform == "win32":
            _grant_to_user_only(folder)
        elif stat.S_IMODE(folder.stat().st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError as error:
        raise StartError(
            tr(
                "Scumble cannot use its folder {folder} ({strerror}): make it writable, or "
                "name another by the environment variable SCUMBLE_HOME.",
                folder=folder,
                strerror=error.strerror,
            )
        ) from error
    return folder


def _make(folder: Path) -> None:
    """A folder, and those around it, the user's alone from the first moment on."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _grant_to_user_only(folder: Path) -> None:
    """Windows: drop what the folder inherits. Once, since it is slow: the marker says so."""
    marker = folder / ".private"
    if not marker.exists():
        user = sid(_said("whoami", "/user", "/fo", "csv", "/nh"))
        _said("icacls", str(folder), "/inheritance:r", "/grant:r", f"*{user}:(OI)(CI)F")
        marker.touch()


def sid(line: str) -> str:
    """The user's own number in what whoami says: a name may be another user's, too, or hold letters
    that a console does not know. Raises OSError."""
    if found := re.search(r"S-1(-\d+)+", line):
        return found[0]
    raise OSError(None, "whoami does not say who you are")


def _said(*command: str) -> str:
    """What a program of Windows' own says. Raises OSError."""
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", creationflags=NO_WINDOW
    )
    if done.returncode:
        raise OSError(None, f"{command[0]} failed: {done.stdout} {done.stderr}".strip())
    return done.stdout


def connection_file() -> Path:
    return state_folder() / "connection.json"


def private(path: str, flags: int) -> int:
    """For open(): what it makes is the user's alone, whatever the umask says."""
    return os.open(path, flags, 0o600)


def write_private(path: Path, data: str | bytes) -> None:
    """Write a file that only the user can read, whole or not at all."""
    data = data.encode() if isinstance(data, str) else data
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        with open(temporary, "xb", opener=private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)  # a full disk is not to be made fuller


def is_private(path: Path) -> bool:
    """Whether nobody but the user could read or write a file; on Windows its folder sees to it."""
    found = path.stat()
    if sys.platform == "win32":
        return True
    return found.st_uid == os.getuid() and not found.st_mode & 0o077


def check_private(path: Path) -> None:
    """Raises StartError where others could have read or written a file."""
    if not is_private(path):
        raise StartError(
            tr(
                "Other users can open {path}, which holds your key: delete it and try again.",
                path=path,
            )
        )


def write(connection: Connection) -> None:
    write_private(connection_file(), json.dumps(asdict(connection)))


def read() -> Connection | None:
    """The connection file, or None where there is none or it is broken.

    Raises StartError where others could have read or written it.
    """
    path = connection_file()
    try:
        found = json.loads(path.read_text())
        check_private(path)
        names = Connection.__dataclass_fields__.keys() - {"name"}
        connection = Connection(**{name: found[name] for name in names})
        return connection if connection.is_sound() else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def remove(pid: int) -> None:
    """Delete the file if it is the one that this process wrote."""
    found = read()
    if found and found.pid == pid:
        connection_file().unlink(missing_ok=True)
