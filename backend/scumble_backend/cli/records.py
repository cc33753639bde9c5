"""What `scumble batch` remembers of each result, in a folder beside them: see batch.py."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scumble.errors import PictureError
from scumble.hosts import files
from scumble.lock import lock

RECORDS = ".scumble-batch"  # folder of the records, in that of the results


class Record(NamedTuple):
    """origin: of picture, styles and settings. result: of the file's bytes; former: of those that
    it is to replace. All SHA-256. source: the file that it was painted from, see `way`; of records
    of earlier versions nothing."""

    origin: str
    result: str
    former: str = ""
    source: str = ""

    def is_of(self, source: str) -> bool:
        return self.source in ("", source)


def keep(path: Path, data: bytes, record: Record, out: Path) -> None:
    """A result, after its record."""
    written = record._replace(result=digest(data))
    _put(_place(path, out), json.dumps(written._asdict()).encode(), out)
    _put(path, data, out)


def read(output: Path, out: Path) -> Record | None:
    with contextlib.suppress(OSError, ValueError, TypeError):
        found = Record(**json.loads(_place(output, out).read_text()))
        return found if all(isinstance(each, str) for each in found) else None
    return None


@contextlib.contextmanager
def held(out: Path) -> Iterator[None]:
    """The folder of the results, for this process alone. Raises PictureError."""
    try:
        (out / RECORDS).mkdir(parents=True, exist_ok=True)
        held = lock(out / RECORDS / "lock")
    except OSError as error:
        raise files.unwritable(out, error) from error
    if held is None:
        raise PictureError(f"Another `scumble batch` paints into {out}: wait until it is done.")
    with held:
        yield


def way(source: Path, out: Path) -> str:
    """To a picture from the folder of the results: it stays the same where both are moved."""
    there = source.resolve()
    try:
        return os.path.relpath(there, out.resolve())
    except ValueError:  # on another drive
        return str(there)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _put(path: Path, data: bytes, out: Path) -> None:
    """What an earlier run was ended over is written anew: one file at most is ever left behind."""
    part = out / RECORDS / "part"
    part.unlink(missing_ok=True)
    files.put(path, data, part)


def _place(output: Path, out: Path) -> Path:
    name = str(output.relative_to(out)).encode(errors="surrogateescape")
    return out / RECORDS / f"{digest(name)}.json"
