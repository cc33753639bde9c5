"""The history of each document: its results as they were painted, shared by all editors.

Each result is a file (resultfiles.py) in the document's own folder, where it stays when its layer
or the document is gone, until the artist deletes it. All histories together take at most MOST
bytes: then the oldest go, those with a star last.
"""

import contextlib
import re
from pathlib import Path
from typing import Any

from scumble import resultfiles
from scumble.connection import state_folder
from scumble.errors import PictureError
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.resultfiles import Result, ResultFile

MOST = 2 * 2**30  # bytes of all together; the newest stays, whatever its size
PLAIN, STARRED = ".result", ".starred"
SIDE = 96  # px of a small picture
BESIDE = resultfiles.MAX_HEAD + 4 * SIDE**2  # bytes of a file beside its pixels and mask, at most
IDENTITY = re.compile("[0-9a-f]{32}")  # of a document; it is read from one, and names a folder


class Entry(ResultFile):
    @property
    def id(self) -> str:
        return self.path.stem

    @property
    def starred(self) -> bool:
        return self.path.suffix == STARRED

    @property
    def took(self) -> float:
        """s; below 0 where it is not known."""
        found = self.head.get("took")
        return found if isinstance(found, float) else -1.0

    @property
    def asked(self) -> Any:
        """What presenter.records described of the job."""
        return self.head.get("asked")

    def star(self, on: bool) -> None:
        with contextlib.suppress(OSError):  # then it stays as it is
            self.path.replace(self.path.with_suffix(STARRED if on else PLAIN))


def keep(identity: str, result: Result, took: float, asked: dict) -> None:
    """Put a result into a document's history. Raises PictureError."""
    try:
        folder = _folder(identity)
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        path = resultfiles.write(folder, PLAIN, result, SIDE, {"took": took, "asked": asked})
    except OSError as error:
        raise PictureError(
            tr(
                "“{name}” is in the document, but not in its history ({strerror}): free some of "
                "the disk for the next ones.",
                name=result.name,
                strerror=error.strerror,
            )
        ) from error
    _make_room(path)


def entries(identity: str) -> list[Entry]:
    """The results of a document, the newest first."""
    files = list(_folder(identity).glob("*")) if IDENTITY.fullmatch(identity) else []
    found = resultfiles.found(Entry, files, (PLAIN, STARRED))
    return sorted(found, key=lambda each: -each.when)


def size() -> int:
    """Bytes of all histories together."""
    return sum(bytes for _, _, bytes, _ in _all())


def room_for(results: list[tuple[Pixels, Pixels | None]]) -> int:
    """For how many of these pixels with their masks, the last ones, there is room beside all that
    is there; one at least, which makes room for itself."""
    room, count = MOST - size(), 0
    for pixels, mask in reversed(results):
        room -= len(pixels.data) + len(mask.data if mask else b"") + BESIDE
        if count and room < 0:
            break
        count += 1
    return count


def _make_room(newest: Path) -> None:
    found = sorted(_all())
    taken = sum(size for _, _, size, _ in found)
    for _, _, size, path in found:
        if taken > MOST and path != newest:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
                taken -= size
                path.parent.rmdir()  # where it was the last one


def _all() -> list[tuple[bool, float, int, Path]]:
    """Each file: whether it has a star, when it was written, its bytes, and where it is."""
    found = []
    for path in _histories().glob("*/*"):
        with contextlib.suppress(OSError):
            about = path.stat()
            found.append((path.suffix == STARRED, about.st_mtime, about.st_size, path))
    return found


def _histories() -> Path:
    return state_folder() / "history"


def _folder(identity: str) -> Path:
    return _histories() / identity
