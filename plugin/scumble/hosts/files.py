"""Files: read with a limit, written whole or not at all; the system's errors in our words."""

import contextlib
import os
import stat
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from scumble.errors import PictureError
from scumble.pixels import MAX_BYTES


def read(path: Path, limit: int = 2 * MAX_BYTES) -> bytes:
    """A whole file. Raises PictureError where it is no plain file, too large or out of reach."""
    try:
        check_file(path)
        if path.stat().st_size > limit:
            raise PictureError(f"{path} is larger than {limit >> 20} MB: make it smaller.")
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def check_file(path: Path) -> None:
    """Raises PictureError where there is no file; reading a pipe or a device might never end."""
    if not path.is_file():
        missing = "is not a file" if path.exists() else "does not exist"
        raise PictureError(f"{path} {missing}: name a picture file.")


def unreadable(path: Path, error: OSError) -> PictureError:
    reason = error.strerror or error
    return PictureError(f"{path} cannot be read ({reason}): check its name and who may read it.")


def check_writable(path: Path) -> None:
    """Raises PictureError where a file could not be written there. Leaves nothing behind."""
    target = _target(path)
    probe = _beside(target)
    try:
        _check_kind(path, target)
        if _is_there(target) and not os.access(target, os.W_OK):
            raise PictureError(f"{path} is write-protected: name another file.")
        if not target.parent.is_dir():
            raise PictureError(f"The folder {path.parent} does not exist: make it first.")
        with open(probe, "xb"):
            pass
        probe.unlink()
    except OSError as error:
        raise unwritable(path, error) from error


def write(path: Path, fill: Callable[[BinaryIO], object], temporary: Path | None = None) -> None:
    """Write a file atomically: fill writes a new one beside it, or where temporary says on the same
    disk, which then takes its place.

    An existing file keeps its mode; a link keeps pointing where it points. Raises PictureError,
    and then the file is as it was.
    """
    target = _target(path)
    temporary = temporary or _beside(target)
    try:
        _check_kind(path, target)
        with open(temporary, "xb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def put(path: Path, data: bytes, temporary: Path | None = None) -> None:
    """Write a file of these bytes, as `write`."""
    write(path, lambda file: file.write(data), temporary)


def _check_kind(path: Path, target: Path) -> None:
    """Raises PictureError for what a file must not take the place of."""
    if _is_there(target) and not target.is_file():
        what = "a folder" if target.is_dir() else "a device or a pipe"
        raise PictureError(f"{path} is {what}: name a file to write.")


def free_name(path: Path) -> Path:
    """The path, or where that is taken the first of "name-2", "name-3" ... that is not."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _target(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_there(target: Path) -> bool:
    """As Path.exists, which in some versions of Python takes every error for "no"."""
    try:
        target.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _beside(target: Path) -> Path:
    """A new name in the same folder, short enough wherever the target's own name is."""
    return target.with_name(f".scumble-{uuid.uuid4().hex[:12]}.tmp")


def unwritable(path: Path, error: OSError) -> PictureError:
    reason = error.strerror or error
    return PictureError(f"{path} cannot be written ({reason}): make room, or name another place.")
