"""Digests of large pictures, worked out beside the server's thread, which answers meanwhile."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from scumble.pixels import Pixels

QUICK = 2**23  # bytes whose digest takes no longer than an answer

log = logging.getLogger(__name__)


class Digests:
    def __init__(self):
        self._pool = ThreadPoolExecutor(1)
        self._under_way: list[tuple[Future[str], Callable[[str], None]]] = []

    @property
    def waits(self) -> bool:
        """Whether one is still to be told."""
        return bool(self._under_way)

    def work_out(self, pixels: Pixels, then: Callable[[str], None]) -> None:
        """then: told the digest, at once or by `tell`."""
        if len(pixels.data) <= QUICK:
            then(pixels.digest())
        else:
            self._under_way.append((self._pool.submit(pixels.digest), then))

    def tell(self) -> None:
        """Those that are worked out by now."""
        done = [each for each in self._under_way if each[0].done()]
        self._under_way = [each for each in self._under_way if each not in done]
        for digest, then in done:
            try:
                then(digest.result())
            except Exception:  # one that cannot be told is no reason not to tell the others
                log.exception("a style's digest could not be told")

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
