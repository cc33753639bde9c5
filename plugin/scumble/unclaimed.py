"""Results that nobody took: document or editor went away before they came.

Each is a file of the user's own in the state folder: a line of JSON, then the bytes of the pixels,
then those of its mask, where it has one. They are kept for a day, at most MAX_KEPT bytes of them,
and offered when an editor next asks. What the artist discards stays as long, under another ending,
so that it can be had back.
"""

import contextlib
import json
import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scumble.connection import state_folder, write_private
from scumble.errors import PictureError
from scumble.language import tr
from scumble.pixels import Extent, Pixels

DAY, HOUR = 24 * 3600.0, 3600.0  # s
MAX_KEPT = 2**30  # bytes of all together; the newest stays, whatever its size
MAX_HEAD = 1 << 16  # bytes
SUFFIX, DISCARDED = ".result", ".discarded"


class Result(NamedTuple):
    """What is to be kept. name: the layer's. document: the title of where it belongs."""

    pixels: Pixels
    name: str
    document: str
    mask: Pixels | None = None


@dataclass(frozen=True)
class Unclaimed:
    """name: the layer's. document: the title of where it belongs. when: time.time() of its end.
    size: bytes of the file. masked: whether it has a mask, of the same extent. discarded: whether
    the artist did not want it.
    """

    path: Path
    name: str
    document: str
    when: float
    extent: Extent
    format: str
    size: int = 0
    masked: bool = False
    discarded: bool = False

    def pixels(self) -> Pixels:
        """Raises PictureError where the file is gone or damaged."""
        data = self._bytes()
        return Pixels(self.extent, self.format, data[: self._masks_start(data)])

    def mask(self) -> Pixels | None:
        """grey8, or none. Raises PictureError as `pixels` does."""
        if not self.masked:
            return None
        data = self._bytes()
        return Pixels(self.extent, "grey8", data[self._masks_start(data) :])

    def _masks_start(self, data: bytes) -> int:
        return len(data) - self.masked * self.extent.width * self.extent.height

    def _bytes(self) -> bytes:
        try:
            with open(self.path, "rb") as file:
                file.readline(MAX_HEAD)
                return file.read()
        except OSError as error:
            raise PictureError(
                tr(
                    "The result {name} cannot be read ({strerror}): paint it again.",
                    name=repr(self.name),
                    strerror=error.strerror,
                )
            ) from error

    def discard(self) -> None:
        """It goes before others, and can still be had back."""
        with contextlib.suppress(OSError):  # then it is offered once more
            self.path.replace(self.path.with_suffix(DISCARDED))

    def forget(self) -> None:
        with contextlib.suppress(OSError):  # then it is offered once more
            self.path.unlink(missing_ok=True)


def keep(pixels: Pixels, name: str, document: str, mask: Pixels | None = None) -> Path:
    """Keep a result, in place of the oldest where there are too many; its file. Raises
    PictureError."""
    described = {"name": name, "document": document, "when": time.time()}
    picture = {"extent": list(pixels.extent), "format": pixels.format, "masked": bool(mask)}
    head = json.dumps(described | picture).encode() + b"\n"
    data = head + pixels.data + (mask.data if mask else b"")
    try:
        path = _folder() / f"{uuid.uuid4().hex}{SUFFIX}"
        write_private(path, data)
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
    for path in _files():
        with contextlib.suppress(OSError):  # gone by now, a folder, or out of reach for a while
            if each := _read(path):
                found.append(each)
            elif path.suffix in (SUFFIX, DISCARDED) or _is_old(
                path
            ):  # else somebody writes it just now
                path.unlink(missing_ok=True)
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


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > HOUR


def _read(path: Path) -> Unclaimed | None:
    """What a file holds; None for one that is too old, damaged, or not whole. Raises OSError."""
    if path.suffix not in (SUFFIX, DISCARDED):
        return None
    try:
        with open(path, "rb") as file:
            head = json.loads(file.readline(MAX_HEAD))
            size = os.fstat(file.fileno()).st_size
        words = [head[name] for name in ("name", "document", "format")]
        extent, when = head["extent"], head["when"]
        whole = all(type(each) is int for each in extent) and len(extent) == 4
        sound = whole and all(abs(each) < 2**53 for each in (*extent, when))
        if not sound or not all(isinstance(each, str) for each in words):
            return None
        described = (path, words[0], words[1], when, Extent(*extent), words[2], size)
        found = Unclaimed(*described, head.get("masked") is True, path.suffix == DISCARDED)
        # of later where the clock was ahead, or was put back: that takes nothing away
        return found if time.time() - found.when < DAY else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
