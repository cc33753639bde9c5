"""Style pixels that clients sent before, so that they need not be sent again."""

from collections import OrderedDict

from scumble.pixels import Pixels

CACHE_BYTES = 2**28  # of style pixels kept per client key


class StyleCache:
    """Style pixels by digest, apart per client key; the least recently used go first."""

    def __init__(self):
        self._kept: dict[str, OrderedDict[str, Pixels]] = {}

    def get(self, owner: str, digest: str) -> Pixels | None:
        kept = self._kept.get(owner, OrderedDict())
        if digest in kept:
            kept.move_to_end(digest)
        return kept.get(digest)

    def put(self, owner: str, digest: str, pixels: Pixels) -> None:
        kept = self._kept.setdefault(owner, OrderedDict())
        kept[digest] = pixels
        kept.move_to_end(digest)
        while sum(len(each.data) for each in kept.values()) > CACHE_BYTES and len(kept) > 1:
            kept.popitem(last=False)

    def forget(self, owner: str) -> None:
        self._kept.pop(owner, None)
