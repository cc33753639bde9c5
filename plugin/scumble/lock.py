"""One process at a time: a lock that the system lets go of when its holder ends."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

FAR = 1 << 30  # where Windows locks a byte: what it locks nobody else can read
TICK = 0.02  # s


def lock(path: Path, patience: float = 0.0) -> BinaryIO | None:
    """The file, locked until it is closed, with the number of this process in it; None where
    another process holds it for longer than patience, in seconds. Raises OSError."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
    until = time.monotonic() + patience
    while not _taken(file.fileno()):
        if time.monotonic() >= until:
            file.close()
            return None
        time.sleep(TICK)
    with contextlib.suppress(OSError):  # on a full disk it does without the number
        file.truncate()
        file.write(str(os.getpid()).encode())
    return file


@contextlib.contextmanager
def held(path: Path, patience: float) -> Iterator[None]:
    """For what changes a file within: locked, but where another process holds the lock for longer
    than patience, in seconds. Raises OSError."""
    file = lock(path, patience)
    try:
        yield
    finally:
        if file:
            file.close()


def holder(path: Path) -> str:
    """The process that holds a lock, by number; "" where that cannot be known."""
    try:
        found = path.read_bytes()[:20]
    except OSError:
        return ""
    return found.decode() if found.isdigit() else ""


def _taken(number: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(number, FAR, os.SEEK_SET)
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
            os.lseek(number, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
