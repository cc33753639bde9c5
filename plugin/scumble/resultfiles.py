"""A result as a file of the user's own: a line of JSON that says what it is, then the bytes of its
pixels, then those of its mask and of its small picture, where it has them."""

import contextlib
import json
import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from scumble.connection import write_private
from scumble.errors import PictureError
from scumble.language import tr
from scumble.pixels import FORMATS, Extent, Pixels, check_size

HOUR = 3600.0  # s
MAX_HEAD = 1 << 18  # bytes
MAX_SMALL = 1024  # px
MASK = "grey8"

Kind = TypeVar("Kind", bound="ResultFile")


class Result(NamedTuple):
    """What is to be kept. name: the layer's. document: the title of where it belongs."""

    pixels: Pixels
    name: str
    document: str
    mask: Pixels | None = None


@dataclass(frozen=True)
class ResultFile:
    """name: the layer's. document: the title of where it belongs. when: time.time() of its end.
    size: bytes of the file. head: all that its line says.
    """

    path: Path
    name: str
    document: str
    when: float
    extent: Extent
    format: str
    size: int
    head: dict[str, Any]

    def pixels(self) -> Pixels:
        """As they were painted. Raises PictureError where the file is gone or damaged."""
        return self._picture(0, self.extent, self.format)

    def mask(self) -> Pixels | None:
        """grey8, or none. Raises PictureError as `pixels` does."""
        return self._picture(self._pixels_end(), self.extent, MASK) if self._masked() else None

    def small(self) -> Pixels | None:
        """Its small picture, rgba8, or none. Raises PictureError as `pixels` does."""
        size = self.head.get("small")
        start = self._pixels_end() + self._masked() * self.extent.width * self.extent.height
        return self._picture(start, Extent(0, 0, *size), "rgba8") if size else None

    def forget(self) -> None:
        with contextlib.suppress(OSError):  # then it is there once more
            self.path.unlink(missing_ok=True)

    def _masked(self) -> bool:
        return self.head.get("masked") is True

    def _pixels_end(self) -> int:
        """Bytes after the line."""
        return self.extent.width * self.extent.height * FORMATS[self.format].bytes_per_pixel

    def _picture(self, start: int, extent: Extent, format: str) -> Pixels:
        """The picture whose bytes begin so far after the line."""
        check_size(extent.width, extent.height, format)
        try:
            with open(self.path, "rb") as file:
                file.readline(MAX_HEAD)
                file.seek(start, os.SEEK_CUR)
                data = file.read(extent.width * extent.height * FORMATS[format].bytes_per_pixel)
        except OSError as error:
            raise PictureError(
                tr(
                    "The result {name} cannot be read ({strerror}): paint it again.",
                    name=repr(self.name),
                    strerror=error.strerror,
                )
            ) from error
        return Pixels(extent, format, data)


def write(
    folder: Path, ending: str, result: Result, side: int = 0, more: dict[str, Any] | None = None
) -> Path:
    """Keep a result; its file. side: px of its small picture, if it is to have one; more: what
    else its line says. Raises OSError."""
    pixels, mask = result.pixels, result.mask
    small = pixels.small(side) if side else None
    head = {
        "name": result.name, "document": result.document, "when": time.time(),
        "extent": list(pixels.extent), "format": pixels.format, "masked": bool(mask),
        "small": small and list(small.extent[2:]), **(more or {}),
    }  # fmt: skip
    pictures = [each.data for each in (pixels, mask, small) if each]
    path = folder / f"{uuid.uuid4().hex}{ending}"
    write_private(path, b"".join([json.dumps(head).encode(), b"\n", *pictures]))
    return path


def read(kind: type[Kind], path: Path) -> Kind | None:
    """What a file holds; None for one that is none of ours, or not whole. Raises OSError."""
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
        if words[2] not in FORMATS or not _is_size(head.get("small")):
            return None
        name, document, format = words
        return kind(path, name, document, when, Extent(*extent), format, size, head)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def found(kind: type[Kind], paths: list[Path], endings: tuple[str, ...]) -> Iterator[Kind]:
    """What these files hold. What is damaged is deleted, and so is what is left of one that was
    being written when the power went."""
    for path in paths:
        with contextlib.suppress(OSError):  # gone by now, a folder, or out of reach for a while
            whole = path.suffix in endings
            if each := read(kind, path) if whole else None:
                yield each
            elif whole or time.time() - path.stat().st_mtime > HOUR:  # else it is being written
                path.unlink(missing_ok=True)


def _is_size(small: Any) -> bool:
    """Of a small picture, or of none."""
    if small is None:
        return True
    numbers = isinstance(small, list) and len(small) == 2
    return numbers and all(type(each) is int and 0 < each <= MAX_SMALL for each in small)
