"""Who else may come: other computers, each by a key of its own, and what is kept for them.

One key is one user. The list of guests holds public keys alone: a secret one is printed once, and
lies nowhere here. The server looks at the list before every message, so that a key that is removed
is out at once. What a guest's job came to waits in memory: on the disk it would be offered to the
owner of this computer.
"""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path

from scumble.backends import NAME, as_text, bad_name
from scumble.connection import Connection, check_private, is_private, state_folder, write_private
from scumble.errors import InputError, StartError
from scumble.language import tr
from scumble.lock import held
from scumble.pixels import MAX_BYTES
from scumble.protocol import Frame
from scumble_backend.server import keys

DAY = 24 * 3600.0  # s that what a job came to is kept
MOST_ENDS = 64  # kept for a guest
LOCKING = 5.0  # s for another process that writes the list

log = logging.getLogger(__name__)


def add(name: str, computer: str, address: str) -> str:
    """A new guest; the text to paste on the guest's computer. computer: what this one is called
    there. Raises InputError, StartError."""
    if not NAME.fullmatch(name):
        raise InputError(bad_name(name))
    public, secret = keys.new_pair()

    def put(guests: dict[str, str]) -> None:
        if name in guests:
            raise InputError(
                tr("There is a key “{name}” already: remove it, or take another name.", name=name)
            )
        guests[name] = public

    server = keys.load_or_make().server_public
    text = as_text(Connection(address, server, public, secret, 0, 0.0, "", computer))
    _change(put)
    return text


def remove(name: str) -> None:
    """Its jobs are cancelled, and it is not let in any more. Raises InputError, StartError."""

    def drop(guests: dict[str, str]) -> None:
        if name not in guests:
            names = ", ".join(guests) or tr("none")
            raise InputError(
                tr("There is no key “{name}”: there are {names}.", name=name, names=names)
            )
        del guests[name]

    _change(drop)


def listed() -> dict[str, str]:
    """The public keys by their names. Raises StartError where others could have written them."""
    path = _file()
    try:
        text = path.read_text("utf-8")
        check_private(path)
        found = json.loads(text)
        if isinstance(found, dict) and all(isinstance(each, str) for each in found.values()):
            return found
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        pass
    raise StartError(
        tr("The list of keys {path} is damaged: delete it, and add keys anew.", path=path)
    )


def _file() -> Path:
    return state_folder() / "guests.json"


def _change(change: Callable[[dict[str, str]], None]) -> None:
    with held(_file().with_suffix(".lock"), LOCKING):
        found = listed()
        change(found)
        write_private(_file(), json.dumps(found))


class Guests:
    """The list as the server sees it: `in` says whether a key is a guest's. A list that cannot be
    read, or that others could have written, lets nobody in."""

    def __init__(self) -> None:
        self._path = _file()
        self._seen: tuple | None = None
        self._keys: frozenset[str] = frozenset()
        self.look()

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def look(self) -> frozenset[str]:
        """Read the list again where it changed; the keys that are not in it any more."""
        try:
            found = self._path.stat()
            now = (found.st_mtime_ns, found.st_ino, found.st_size, found.st_mode, found.st_uid)
        except OSError:
            now = None
        if now == self._seen:
            return frozenset()
        before, self._seen, self._keys = self._keys, now, self.read()
        return before - self._keys

    def read(self) -> frozenset[str]:
        """The keys that are in the list this very moment."""
        try:
            if is_private(self._path):
                return frozenset(json.loads(self._path.read_text("utf-8")).values())
            log.warning("the list of keys lets nobody in: others can open it")
        except FileNotFoundError:
            pass
        except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
            log.warning("the list of keys lets nobody in: %s", error)
        return frozenset()


class Ends:
    """What guests' jobs came to, as it was said, until it is taken: at most MOST_ENDS a guest, and
    MAX_BYTES, but for the newest."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, list[Frame]]] = {}

    def keep(self, owner: str, job: str, frames: list[Frame]) -> None:
        self._kept[owner, job] = time.monotonic(), [bytes(frame) for frame in frames]
        own = [key for key in self._kept if key[0] == owner]
        while len(own) > MOST_ENDS or (len(own) > 1 and sum(map(self._size, own)) > MAX_BYTES):
            del self._kept[own.pop(0)]

    def get(self, owner: str, job: str) -> list[Frame] | None:
        found = self._kept.get((owner, job))
        return list(found[1]) if found else None

    def taken(self, owner: str, job: str) -> None:
        self._kept.pop((owner, job), None)

    def forget(self, owner: str) -> None:
        self._kept = {key: each for key, each in self._kept.items() if key[0] != owner}

    def tidy(self) -> None:
        """What nobody came for in a day goes."""
        since = time.monotonic() - DAY
        self._kept = {key: each for key, each in self._kept.items() if each[0] > since}

    def _size(self, key: tuple[str, str]) -> int:
        return sum(len(frame) for frame in self._kept[key][1])
