"""The logs in the state folder: what the painting process and its helpers have to say."""

import contextlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from scumble import connection
from scumble.errors import StartError
from scumble.language import tr

SERVER = "server.log"
COURIER = "courier.log"
SIZE = 1_000_000  # bytes, after which a log is put aside


def trimmed(name: str) -> Path:
    """A log. What it held is put aside when it has grown; whoever writes it just now appends, and
    so goes on in the emptied file. Raises StartError."""
    path = connection.state_folder() / name
    try:
        if path.exists() and path.stat().st_size > SIZE:
            with contextlib.suppress(OSError):  # no room to put it aside
                shutil.copyfile(path, path.with_suffix(".old.log"))
            os.truncate(path, 0)
    except OSError as error:
        raise _unusable(path, error) from error
    return path


def opened(path: Path) -> BinaryIO:
    """A log, for another process to append to. Raises StartError."""
    try:
        return open(path, "ab", opener=connection.private)
    except OSError as error:
        raise _unusable(path, error) from error


def end_of(path: Path, lines: int = 8) -> str:
    """Its last words, in a sentence."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    end = "\n".join(text.splitlines()[-lines:])
    if end:
        return tr("The end of its log, {path}:\n{end}", path=path, end=end)
    return tr("Its log, {path}, is empty.", path=path)


def _unusable(path: Path, error: OSError) -> StartError:
    return StartError(
        tr(
            "Scumble cannot write its log {path} ({strerror}): make its folder writable, or "
            "name another by the environment variable SCUMBLE_HOME.",
            path=path,
            strerror=error.strerror,
        )
    )
