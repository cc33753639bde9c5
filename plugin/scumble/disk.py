"""What Scumble takes on the disk, and what of that can be freed.

Used by the dialog's About, and by the installer; standard library only.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scumble import connection, environment
from scumble.errors import ScumbleError, StartError
from scumble.language import tr
from scumble.lock import lock
from scumble.needs import LOCK, size_of

MARKER = ".made-by-scumble"  # lies in every folder that the installer made
OLD_LOGS = ("*.old.log", "*.log.1", "install.log")  # what nobody writes any more


@dataclass(frozen=True)
class Disk:
    """Bytes. whole: Scumble's folder. Of it, and of uv's cache, can be freed: environments that are
    not in use, logs that nobody writes, and downloads."""

    whole: int
    environments: int = 0
    logs: int = 0
    downloads: int = 0

    @property
    def freeable(self) -> int:
        return self.environments + self.logs + self.downloads


def look(folder: Path) -> Disk:
    """Some seconds. What lies in both counts where it is used: links take no room."""
    seen: set[tuple[int, int]] = set()
    used = size_of(environment.current(folder), seen)
    old = sum(size_of(path, seen) for path in old_environments(folder))
    logs = sum(path.stat().st_size for path in _old_logs(folder))
    rest = size_of(folder, seen)
    return Disk(used + old + rest, old, logs, size_of(cache(), seen))


def free(folder: Path) -> None:
    """Delete what `look` says can be freed. Raises StartError."""
    try:
        held = lock(folder / "state" / LOCK)
    except OSError:
        held = None
    if held is None:
        raise StartError(tr("Scumble is being set up just now: free the disk afterwards."))
    with held:
        for path in old_environments(folder):
            _delete(path)
        for path in _old_logs(folder):
            path.unlink(missing_ok=True)
        _clean_cache(environment.python_of(environment.current(folder)))


def old_environments(folder: Path) -> list[Path]:
    """Those that the installer made and that are not in use; none while a backend may run that was
    started out of one."""
    record = folder / "install.json"
    if not environment.installed(folder) or _is_older(record):
        return []
    return [
        path
        for path in sorted(folder.glob("venv*"))
        if re.fullmatch(r"venv(-\d{1,9})?", path.name)
        and path != environment.current(folder)
        and not path.is_symlink()
        and (path / MARKER).is_file()
    ]


def cache() -> Path:
    """Where uv keeps what it fetched."""
    if chosen := os.environ.get("UV_CACHE_DIR"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local"), "uv/cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "uv")


def _is_older(record: Path) -> bool:
    """Whether a backend was started before the environment in use was."""
    try:
        found = connection.read()
        return found is not None and found.started < record.stat().st_mtime
    except (ScumbleError, OSError):
        return True


def _old_logs(folder: Path) -> list[Path]:
    places = (folder, folder / "state")
    return [path for place in places for each in OLD_LOGS for path in place.glob(each)]


def _delete(path: Path) -> None:
    """The mark goes last, so that what was interrupted can be taken up again."""
    for below in path.iterdir():
        if below.name != MARKER:
            if below.is_dir() and not below.is_symlink():
                shutil.rmtree(below, ignore_errors=True)
            else:
                below.unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def _clean_cache(python: Path) -> None:
    """By uv itself, which knows who else reads it just now."""
    with contextlib.suppress(OSError):
        subprocess.run(
            [python, "-m", "uv", "cache", "clean"], env=environment.clean_environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            creationflags=connection.NO_WINDOW, check=False,
        )  # fmt: skip
