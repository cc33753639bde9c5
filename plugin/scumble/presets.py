"""Named sets of parameters, the last one used, and the picture files used as styles: JSON files,
shared by both editors."""

import json
from pathlib import Path

from scumble import parameters
from scumble.connection import state_folder, write_private
from scumble.errors import InputError, ParameterError

LAST = "last used"
PICTURES = 12  # files remembered


def _file() -> Path:
    return state_folder() / "presets.json"


def load() -> dict[str, dict[str, parameters.Value]]:
    """{name: parameters}. A preset that this version cannot read is left out, not an error."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    presets = {}
    for name, values in found.items() if isinstance(found, dict) else ():
        try:
            presets[name] = parameters.check(values)
        except (ParameterError, TypeError):
            continue
    return presets


def save(name: str, values: dict) -> None:
    """Keep a set under a name, in place of one of the same name."""
    if not name.strip():
        raise InputError("A preset needs a name.")
    _write({**load(), name: parameters.check(values)})


def delete(name: str) -> None:
    """Forget a set. Raises InputError where there is none of this name."""
    presets = load()
    if name not in presets:
        raise InputError(f"There is no preset {name!r}: there are {', '.join(presets) or 'none'}.")
    _write({each: values for each, values in presets.items() if each != name})


def pictures() -> list[Path]:
    """The picture files used as styles lately that are still there, the newest first."""
    try:
        found = json.loads(_pictures_file().read_text(encoding="utf-8"))
        return [Path(each) for each in found if Path(each).is_file()]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


def remember_pictures(paths: list[Path]) -> None:
    """Put these before the others; the oldest are forgotten. Raises InputError."""
    kept = dict.fromkeys(str(path) for path in [*paths, *pictures()])
    path = _pictures_file()
    try:
        write_private(path, json.dumps(list(kept)[:PICTURES]))
    except OSError as error:
        raise InputError(f"The pictures cannot be noted ({error.strerror}): {path}.") from error


def _pictures_file() -> Path:
    return state_folder() / "pictures.json"


def _write(presets: dict) -> None:
    try:
        write_private(_file(), json.dumps(presets, indent=1))
    except OSError as error:
        raise InputError(f"The presets cannot be saved ({error.strerror}): {_file()}.") from error
