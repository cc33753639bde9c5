"""Results belong to artists: each stays with the server until it is in a document, or on the disk.

A result that went out is held in memory until its client says that it is taken. Where the client is
gone before, or the server leaves, it is written for whoever asks next (scumble/unclaimed.py); where
the disk has no room it waits here.
"""

import contextlib
import logging
from pathlib import Path

from scumble import unclaimed
from scumble.pixels import MAX_BYTES
from scumble_backend.server.jobs import Deadline

Key = tuple[bytes, str]  # of a client and its job

KEEP_AGAIN = 5.0  # s between tries to write a result for which there was no room

log = logging.getLogger(__name__)


class Keeper:
    def __init__(self) -> None:
        self._held: dict[Key, unclaimed.Result] = {}
        self._written: dict[Key, Path] = {}  # of clients that may not be gone
        # for which there was no room on the disk, each with whoever may still take it
        self._waiting: list[tuple[Key | None, unclaimed.Result]] = []
        self._again = Deadline(KEEP_AGAIN)

    @property
    def waits(self) -> bool:
        """Whether a result would be lost without the server."""
        return bool(self._waiting)

    def clients(self) -> set[bytes]:
        """Those that have not taken all they got."""
        return {client for client, _ in self._held}

    def hold(self, client: bytes, job: str, result: unclaimed.Result) -> None:
        """Until it is taken. At most MAX_BYTES of all together: the oldest are written."""
        self._held[client, job] = result
        while len(self._held) > 1 and _size(self._held.values()) > MAX_BYTES:
            self._write(next(iter(self._held)))

    def taken(self, client: bytes, job: str) -> None:
        """It is in its document, or the host keeps it."""
        self._held.pop((client, job), None)
        self._waiting = [each for each in self._waiting if each[0] != (client, job)]
        if path := self._written.pop((client, job), None):
            with contextlib.suppress(OSError):  # then it is offered, too
                path.unlink(missing_ok=True)

    def release(self, client: bytes) -> None:
        """A client is gone, or silent for long: what it has not taken is kept."""
        for key in [each for each in self._held if each[0] == client]:
            self._write(key)

    def keep(self, result: unclaimed.Result, key: Key | None = None) -> None:
        """Write it for whoever asks next; in memory, for a while, where that cannot be. key: of the
        client that may still take it."""
        try:
            path = unclaimed.keep(*result)
            log.info("a result is kept, since its client is gone")
            if key:
                self._written[key] = path
        except Exception as error:  # the disk's, the folder's: the server lives on
            log.warning("a result waits in memory: %s", error)
            self._waiting.append((key, result))
            while _size(each for _, each in self._waiting) > MAX_BYTES:
                log.warning("the oldest result that waits in memory is dropped")
                del self._waiting[0]

    def try_again(self) -> None:
        """What waits for room."""
        if self._waiting and self._again.passed():
            self._again.restart()
            self._keep_waiting()

    def close(self) -> None:
        """The server leaves."""
        for client in self.clients():
            self.release(client)
        self._keep_waiting()

    def _keep_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for key, result in waiting:
            self.keep(result, key)

    def _write(self, key: Key) -> None:
        self.keep(self._held.pop(key), key)


def _size(results) -> int:
    pictures = (picture for each in results for picture in (each.pixels, each.mask) if picture)
    return sum(len(picture.data) for picture in pictures)
