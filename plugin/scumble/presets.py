"""Named sets of parameters, the last one used, and the picture files used as styles: JSON files,
shared by both editors."""

import base64
import contextlib
import itertools
import json
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scumble import parameters
from scumble.connection import state_folder, write_private
from scumble.errors import InputError, ParameterError, PictureError
from scumble.language import tr
from scumble.lock import held
from scumble.pixels import Extent, Pixels

LAST = "last used"
DAMAGED = "presets.damaged"  # how the names of files begin that were put aside
SAMPLES = Path(__file__).with_name("samples")  # the presets that come along, and their styles
STYLES, PICTURE, STAR = BESIDE = ("styles", "picture", "starred")  # what is no parameter of a job
FILE = "scumble presets"  # what a file of them says that it is
SIDE = 256  # px of a small picture, at most
LARGEST = 1 << 24  # bytes of such a file
PICTURES = 12  # files remembered
LONGEST = 100  # letters of a preset's name
PATIENCE = 2.0  # s for the other editor to have written its own


def _file() -> Path:
    return state_folder() / "presets.json"


@dataclass(frozen=True)
class Preset:
    """styles: as presenter.records describes them; None where it is of settings alone. picture: a
    small one of what it made, rgba8. own: whether it is the artist's, and none that came along.
    """

    name: str
    values: dict[str, parameters.Value]
    styles: list[dict] | None = None
    picture: Pixels | None = None
    starred: bool = False
    own: bool = True


def load() -> dict[str, Preset]:
    """{name: preset}: the artist's own, and what was used last. One that this version cannot read
    is left out, not an error."""
    with contextlib.suppress(OSError):
        return _understood(_raw() or {})
    return {}


def offered() -> dict[str, Preset]:
    """{name: preset}: those that came along, and the artist's own, which stand for those of the
    same name."""
    own = load()
    own.pop(LAST, None)
    return _samples() | own


def last_used() -> dict[str, parameters.Value]:
    """The settings used last, in any editor; as Scumble begins where there are none."""
    found = load().get(LAST)
    return found.values if found else parameters.defaults()


def get(name: str) -> Preset:
    """Raises InputError where there is none of this name."""
    found = offered()
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


def save(
    name: str, values: dict, styles: list[dict] | None = None, picture: Pixels | None = None
) -> None:
    """Keep a set under a name; what another version has put there stays beside it."""
    kept = {**parameters.check(values), STYLES: styles, PICTURE: _packed(picture)}
    with _changed() as presets:
        there = presets.get(name)
        whole = {**there, **kept} if isinstance(there, dict) else kept
        presets[name] = {key: value for key, value in whole.items() if value is not None}


def star(name: str, on: bool) -> None:
    """Favourites come first. One that came along becomes the artist's own. Raises InputError."""
    preset = get(name)
    with _changed() as presets:
        if name not in presets:
            presets[name] = _written(preset)
        presets[name][STAR] = on


def delete(name: str) -> None:
    """Forget a set. Raises InputError where there is none of this name."""
    with _changed() as presets:
        if name not in presets:
            raise _none(name, presets)
        del presets[name]


def write_file(path: Path) -> None:
    """All of the artist's own, for another computer or artist. Raises InputError."""
    own = {name: _written(get(name)) for name in names()}
    try:
        path.write_text(json.dumps({FILE: 1, "presets": own}, indent=1), encoding="utf-8")
    except OSError as error:
        raise InputError(
            tr(
                "The presets cannot go to {path} ({strerror}): choose another folder.",
                path=path,
                strerror=error.strerror,
            )
        ) from error


def read_file(path: Path) -> list[str]:
    """Take the presets of such a file; their names, with a number where one is taken. Nothing of
    the artist's is replaced. Raises InputError."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError
        found = _understood(json.loads(path.read_text(encoding="utf-8-sig"))["presets"])
    except OSError as error:
        raise InputError(
            tr(
                "The presets in {path} cannot be read ({strerror}): choose another file.",
                path=path,
                strerror=error.strerror,
            )
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(
            tr("{path} holds no presets: choose a file that Export made.", path=path)
        ) from None
    taken = []
    with _changed() as presets:
        for name, each in found.items():
            if name.strip() and name != LAST and presets.get(name) != _written(each):
                taken.append(_free(name[:LONGEST], presets))
                presets[taken[-1]] = _written(each)
    return taken


def _free(name: str, taken: Iterable[str]) -> str:
    numbered = (f"{name} {number}" for number in itertools.count(2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def _samples() -> dict[str, Preset]:
    """Those that came along."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        found = json.loads((SAMPLES / "presets.json").read_text(encoding="utf-8"))["presets"]
        return {name: replace(each, own=False) for name, each in _understood(found).items()}
    return {}


def _understood(found: dict) -> dict[str, Preset]:
    """Of presets as they are written; what is not as it should be is left out."""
    presets = {}
    for name, kept in found.items():
        with contextlib.suppress(ParameterError, TypeError, AttributeError, RecursionError):
            values = {key: value for key, value in kept.items() if key not in BESIDE}
            checked, styles = parameters.check(values), kept.get(STYLES)
            whole = isinstance(styles, list) and all(isinstance(each, dict) for each in styles)
            presets[name] = Preset(
                name, checked, styles if whole else None, _unpacked(kept.get(PICTURE)),
                kept.get(STAR) is True,
            )  # fmt: skip
    return presets


def _written(preset: Preset) -> dict:
    beside = {STYLES: preset.styles, PICTURE: _packed(preset.picture), STAR: preset.starred or None}
    values = {
        name: list(each) if isinstance(each, tuple) else each
        for name, each in preset.values.items()
    }
    return {**values, **{key: value for key, value in beside.items() if value is not None}}


def _packed(picture: Pixels | None) -> dict | None:
    if picture is None:
        return None
    data = base64.b64encode(zlib.compress(picture.data)).decode()
    return {"size": list(picture.extent[2:]), "data": data}


def _unpacked(kept: Any) -> Pixels | None:
    """None where it is not as it should be: a file may come from a stranger."""
    try:
        width, height = kept["size"]
        if not 0 < width <= SIDE or not 0 < height <= SIDE:
            return None
        data = base64.b64decode(kept["data"], validate=True)
        picture = zlib.decompressobj().decompress(data, 4 * width * height)
        return Pixels(Extent(0, 0, width, height), "rgba8", picture)
    except (ValueError, KeyError, TypeError, zlib.error, PictureError):
        return None


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
        with held(path.with_name("presets.lock"), PATIENCE):
            found = _raw()
            if found is None:
                path.replace(path.with_name(f"{DAMAGED}-{time.time_ns()}.json"))
            presets = found or {}
            yield presets
            write_private(path, json.dumps(presets, indent=1))
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
