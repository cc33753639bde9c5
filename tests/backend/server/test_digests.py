"""Digests of large pictures, beside the server's thread."""

import threading
import time

from scumble.pixels import Extent, Pixels
from scumble_backend.server.digests import QUICK, Digests

SMALL = Pixels(Extent(0, 0, 2, 2), "rgba8", bytes(range(16)))


class Slow(Pixels):
    """Whose digest waits for a word."""

    go = threading.Event()

    def digest(self) -> str:
        assert self.go.wait(300)
        return super().digest()


def test_a_small_one_is_told_at_once():
    digests, told = Digests(), []
    digests.work_out(SMALL, told.append)
    assert told == [SMALL.digest()]
    assert not digests.waits
    digests.close()


def test_a_large_one_holds_up_nobody_and_is_told_when_it_is_there():
    side = int(QUICK**0.5)
    large = Slow(Extent(0, 0, side, side), "rgba8", bytes(4 * side * side))
    digests, told = Digests(), []
    digests.work_out(large, lambda digest: told.append(("large", digest)))
    digests.work_out(SMALL, lambda digest: told.append(("small", digest)))
    digests.tell()
    assert [name for name, _ in told] == ["small"]
    assert digests.waits
    Slow.go.set()
    limit = time.monotonic() + 300
    while digests.waits and time.monotonic() < limit:
        digests.tell()
    assert told[1:] == [("large", large.digest())]
    digests.close()


def test_one_that_cannot_be_told_keeps_no_other_from_being_told():
    side = int(QUICK**0.5)
    large = Pixels(Extent(0, 0, side, side), "rgba8", bytes(4 * side * side))
    digests, told = Digests(), []

    def fail(digest: str) -> None:
        raise RuntimeError("its client is gone")

    digests.work_out(large, fail)
    digests.work_out(large, told.append)
    limit = time.monotonic() + 300
    while digests.waits:
        assert time.monotonic() < limit
        digests.tell()
        time.sleep(0.01)
    assert told == [large.digest()]
    digests.close()
