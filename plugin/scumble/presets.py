"""Named sets of parameters, the last one used, and the picture files used as styles: JSON files,
shared by both editors."""

import contextlib
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from scumble import parameters
from scumble.connection import state_folder, write_private
from scumble.errors import InputError, ParameterError
from scumble.language import tr
from scumble.lock import lock

LAST = "last used"
DAMAGED = "presets.damaged"  # how the names of files begin that were put aside
PICTURES = 12  # files remembered
LONGEST = 100  # letters of a preset's name
PATIENCE = 2.0  # s for the other editor to have written its own


def _file() -> Path:
    return state_folder() / "presets.json"


def load() -> dict[str, dict[str, parameters.Value]]:
    """{name: parameters}. A preset that this version cannot read is left out, not an error."""
    presets = {}
    with contextlib.suppress(OSError):
        for name, values in (_raw() or {}).items():
            with contextlib.suppress(ParameterError, TypeError, AttributeError, RecursionError):
                presets[name] = parameters.check(values)
    return presets


def get(name: str) -> dict[str, parameters.Value]:
    """Raises InputError where there is none of this name."""
    found = load()
    if name not in found:
        raise _none(name, found)
    return found[name]


def names() -> list[str]:
    """Those that the artist gave."""
    return [name for name in load() if name != LAST]


def check_name(name: str) -> None:
    """Raises InputError for a name that an artist's preset cannot have."""
    if not name.strip():
        raise InputError(tr("A preset needs a name."))
    if len(name) > LONGEST:
        raise InputError(
            tr("A preset's name has at most {most} letters: choose a shorter one.", most=LONGEST)
        )
    if name.strip() == LAST:
        raise InputError(tr("Scumble itself keeps “{last}”: choose another name.", last=LAST))


def save(name: str, values: dict) -> None:
    """Keep a set under a name; what another version has put there stays beside it."""
    checked = parameters.check(values)
    with _changed() as presets:
        there = presets.get(name)
        presets[name] = {**there, **checked} if isinstance(there, dict) else checked


def delete(name: str) -> None:
    """Forget a set. Raises InputError where there is none of this name."""
    with _changed() as presets:
        if name not in presets:
            raise _none(name, presets)
        del presets[name]


def put_aside() -> Path | None:
    """Where a damaged file lies now, which nobody could read; None where all is well."""
    try:
        if _raw() is not None:
            return None
        with _changed():
            return _aside()
    except (OSError, InputError):  # then it stays as it is, and is looked at the next time
        return None


def _aside() -> Path:
    """The newest of the damaged files that were put aside."""
    return max(_file().parent.glob(f"{DAMAGED}-*.json"))  # named after their times


def _raw() -> dict | None:
    """The file as it is, with what only another version understands; None where it is damaged.
    Raises OSError."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


@contextlib.contextmanager
def _changed() -> Iterator[dict]:
    """The presets, to be changed: written when `with` ends, and nobody else's change is lost.

    A damaged file is put aside. Raises InputError.
    """
    path = _file()
    try:
        held = lock(path.with_name("presets.lock"), PATIENCE)
        try:
            found = _raw()
            if found is None:
                path.replace(path.with_name(f"{DAMAGED}-{time.time_ns()}.json"))
            presets = found or {}
            yield presets
            write_private(path, json.dumps(presets, indent=1))
        finally:
            if held:
                held.close()
    except OSError as error:
        raise InputError(
            tr(
                "The presets cannot be saved ({strerror}): {path}.",
                strerror=error.strerror,
                path=path,
            )
        ) from error


def _none(name: str, presets: Iterable[str]) -> InputError:
    return InputError(
        tr(
            "There is no preset “{name}”: there are {names}.",
            name=name,
            names=", ".join(presets) or tr("none so far"),
        )
    )


def pictures() -> list[Path]:
    """The picture files used as styles lately that are still there, the newest first."""
    try:
        found = json.loads(_pictures_file().read_text(encoding="utf-8"))
        return [Path(each) for each in found if Path(each).is_file()]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def remember_pictures(paths: list[Path]) -> None:
    """Put these before the others; the oldest are forgotten. Raises InputError."""
    _write_pictures(list(dict.fromkeys([*paths, *pictures()])))


def forget_picture(path: Path) -> None:
    """Offer it no more. Raises InputError."""
    _write_pictures([each for each in pictures() if each != path])


def _write_pictures(paths: list[Path]) -> None:
    path = _pictures_file()
    try:
        write_private(path, json.dumps([str(each) for each in paths[:PICTURES]]))
    except OSError as error:
        raise InputError(
            tr(
                "The pictures cannot be noted ({strerror}): {path}.",
                strerror=error.strerror,
                path=path,
            )
        ) from error


def _pictures_file() -> Path:
    return state_folder() / "pictures.json"
