"""Other computers that paint for this one, by name, and the text that pairs two computers.

The text is one line: PREFIX, then base64 of a check sum, address and keys. `scumble key add` prints
it where the other computer is, and it is pasted here. It holds a secret key, so it is never an
argument of a command, and the file of what was pasted is the user's alone.
"""

import base64
import contextlib
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from scumble.connection import Connection, check_private, state_folder, write_private
from scumble.errors import InputError, StartError
from scumble.language import tr
from scumble.lock import held

PREFIX = "scumble-key-1:"  # of this form of the text
CHECK = 6  # bytes of its check sum
LOCKING = 5.0  # s for another process that writes the file
NAME = re.compile(r"\w[\w .-]{0,39}")
LONGEST = 2000  # letters of a text that is looked at


def as_text(connection: Connection) -> str:
    """All that another computer needs to know. The name is that of the computer it leads to."""
    parts = (
        connection.name, connection.address, connection.server_key, connection.client_key,
        connection.client_secret,
    )  # fmt: skip
    data = "\n".join(parts).encode()
    return PREFIX + base64.urlsafe_b64encode(_check_sum(data) + data).decode().rstrip("=")


def from_text(text: str) -> Connection:
    """What a text says; blanks and line breaks that a letter put into it do not matter. Raises
    InputError."""
    packed = "".join(text.split())
    if not packed.startswith(PREFIX) or len(packed) > LONGEST:
        raise InputError(
            tr(
                "This is no key of Scumble's: paste the line that `scumble key add` printed, from "
                "“{prefix}” to its end.",
                prefix=PREFIX,
            )
        )
    with contextlib.suppress(ValueError, TypeError):
        body = packed.removeprefix(PREFIX)
        data = base64.b64decode(body + "=" * (-len(body) % 4), b"-_", validate=True)
        if data[:CHECK] == _check_sum(data[CHECK:]):
            name, address, *keys = data[CHECK:].decode().split("\n")
            found = Connection(address, *keys, pid=0, started=0.0, version="", name=name)  # type: ignore[misc]
            if found.is_sound() and NAME.fullmatch(name):
                return found
    raise InputError(
        tr("This key is not whole, or was changed on its way: copy all of the line, and paste it.")
    )


def _check_sum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:CHECK]


# Those that were paired


def known() -> dict[str, Connection]:
    """All that were added, by name. Raises StartError where the file is damaged, or not private."""
    return {each.name: each for each in _read()[1]}


def find(name: str | None) -> Connection | None:
    """The one of this name; None: the one that was chosen. None for this computer. Raises
    InputError, StartError."""
    chosen, found = _read()
    wanted = chosen if name is None else name
    for each in found:
        if each.name == wanted:
            return each
    if name:
        raise InputError(_unknown(name, [each.name for each in found]))
    return None


def add(text: str, name: str = "") -> Connection:
    """Take in what was pasted, under a name, or that of the computer; it is not chosen by that.
    The same name again means another key for it. Raises InputError, StartError."""
    said = from_text(text)
    if name and not NAME.fullmatch(name):
        raise InputError(bad_name(name))
    added = replace(said, name=name or said.name)
    _change(lambda chosen, found: (chosen, [e for e in found if e.name != added.name] + [added]))
    return added


def remove(name: str) -> None:
    """Forget it; where it was chosen this computer is. Raises InputError, StartError."""
    find(name)
    _change(
        lambda chosen, found: (
            "" if chosen == name else chosen,
            [each for each in found if each.name != name],
        )
    )


def choose(name: str) -> None:
    """Paint there from now on; "": here. Raises InputError, StartError."""
    find(name)
    _change(lambda _, found: (name, found))


def bad_name(name: str) -> str:
    return tr(
        "“{name}” cannot be its name: take at most 40 letters, digits, blanks, dots and dashes.",
        name=name[:60],
    )


def _unknown(name: str, names: list[str]) -> str:
    return tr(
        "There is no other computer “{name}”: there are {names}. `scumble backend add` adds one.",
        name=name,
        names=", ".join(names) or tr("none"),
    )


def _file() -> Path:
    return state_folder() / "backends.json"


def _read() -> tuple[str, list[Connection]]:
    path = _file()
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return "", []
    except (OSError, ValueError):
        raise StartError(_damaged(path)) from None
    check_private(path)
    try:
        content = json.loads(text)
        found = [Connection(**each) for each in content["backends"]]
        if all(each.name and each.is_sound() for each in found):
            return str(content["chosen"]), found
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise StartError(_damaged(path))


def _damaged(path: Path) -> str:
    return tr("The file {path} is damaged: delete it, and add other computers again.", path=path)


def _change(change: Callable[[str, list[Connection]], tuple[str, list[Connection]]]) -> None:
    try:
        with held(_file().with_suffix(".lock"), LOCKING):
            chosen, found = change(*_read())
            text = {"chosen": chosen, "backends": [asdict(each) for each in found]}
            write_private(_file(), json.dumps(text))
    except OSError as error:
        raise StartError(
            tr(
                "The file {path} cannot be written ({error}): make room on its disk, and try "
                "again.",
                path=_file(),
                error=error,
            )
        ) from error
