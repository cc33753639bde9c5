"""Results that nobody took: document or editor went away before they came.

Each is a file (resultfiles.py) in the state folder. They are kept for a day, at most MAX_KEPT bytes
of them, and offered when an editor next asks. What the artist discards stays as long, under another
ending, so that it can be had back.
"""

import contextlib
import time
from pathlib import Path

from scumble import resultfiles
from scumble.connection import state_folder
from scumble.errors import PictureError
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.resultfiles import Result, ResultFile

DAY = 24 * 3600.0  # s
# Bytes of all together: the results of many layers may be set aside at once. The newest stays,
# whatever its size.
MAX_KEPT = 2**32
SUFFIX, DISCARDED = ".result", ".discarded"


class Unclaimed(ResultFile):
    @property
    def discarded(self) -> bool:
        """Whether the artist did not want it."""
        return self.path.suffix == DISCARDED

    def discard(self) -> None:
        """It goes before others, and can still be had back."""
        with contextlib.suppress(OSError):  # then it is offered once more
            self.path.replace(self.path.with_suffix(DISCARDED))


def keep(pixels: Pixels, name: str, document: str, mask: Pixels | None = None) -> Path:
    """Keep a result, in place of the oldest where there are too many; its file. Raises
    PictureError."""
    try:
        path = resultfiles.write(_folder(), SUFFIX, Result(pixels, name, document, mask))
    except OSError as error:
        raise PictureError(
            tr(
                "The result {name} found its document closed, and cannot be kept "
                "({strerror}): make room on the disk, and paint it again.",
                name=repr(name),
                strerror=error.strerror,
            )
        ) from error
    results()
    return path


def results() -> list[Unclaimed]:
    """All that are kept, the newest first, discarded ones last. What is too old or too much is
    deleted here."""
    found, room = [], MAX_KEPT
    for each in resultfiles.found(Unclaimed, _files(), (SUFFIX, DISCARDED)):
        # of later where the clock was ahead, or was put back: that takes nothing away
        if time.time() - each.when < DAY:
            found.append(each)
        else:
            each.forget()
    found.sort(key=lambda each: (each.discarded, -each.when))
    kept = []
    for each in found:
        room -= each.size
        if kept and room < 0:
            each.forget()
        else:
            kept.append(each)
    return kept


def newest(document: str) -> Unclaimed | None:
    """The newest that is kept, those of this document before others, and after them what was
    discarded of this document; None where none is."""
    wanted = [each for each in results() if each.document == document or not each.discarded]
    found = sorted(wanted, key=lambda each: (each.discarded, each.document != document))
    return found[0] if found else None


def _folder() -> Path:
    folder = state_folder() / "unclaimed"
    if folder.exists() and not folder.is_dir():  # of no use, but who knows whose it is
        folder.replace(folder.with_name("unclaimed.aside"))
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _files() -> list[Path]:
    """The results, and what is left of those that were being written when the power went."""
    try:
        return [path for end in (SUFFIX, DISCARDED) for path in _folder().glob(f"*{end}*")]
    except OSError:
        return []
