"""One process at a time: a lock that the system lets go of when its holder ends."""

import sys
from pathlib import Path
from typing import BinaryIO


def lock(path: Path) -> BinaryIO | None:
    """The file, locked for this process's life; None where another process holds it."""
    file = open(path, "a+b")  # noqa: SIM115 - held until the process ends
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
