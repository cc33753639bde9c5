"""How sparingly a job goes about memory: one level down each time that it runs out, and on from
where it is.

A strip (passage.py) of fewer rows gives the same numbers in a little more time. Fewer of L-BFGS's
pairs (optimisers.py), on a large picture a third of all that is held, mean a step that goes less
far: so they are given up last. The styles' features stay: they are what is asked for.
"""

import copy
import gc
from collections.abc import Callable
from typing import NamedTuple

from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.optimisers import HISTORY

# What torch and its libraries say of it; an "illegal memory access" is something else.
# oneDNN names the thing alone that it had no memory for.
SHORT = (
    "out of memory", "enough memory", "allocate memory", "alloc_failed", "bad_alloc",
    "out_of_device_memory", "out_of_host_memory", "out_of_resources",  # of Intel's cards
    "create a primitive", "execute a primitive", "create a memory object",
)  # fmt: skip


class Level(NamedTuple):
    """strip: share of a strip's usual values. pairs: that L-BFGS keeps."""

    strip: float
    pairs: int


LEVELS = (Level(1, HISTORY), Level(1 / 4, HISTORY), Level(1 / 16, 2), Level(1 / 64, 0))


def ran_out(error: BaseException) -> bool:
    """Whether it was memory that was missing; torch.OutOfMemoryError is a RuntimeError, too."""
    words = str(error).lower()
    return isinstance(error, MemoryError) or any(each in words for each in SHORT)


class Thrift:
    """The level that a job is at. give_back: returns what is kept for later. over: whether there
    was none left."""

    def __init__(self, number: int = 0, give_back: Callable[[], None] = lambda: None):
        self.number, self._give_back, self.over = number, give_back, False

    @property
    def level(self) -> Level:
        return LEVELS[self.number]

    def goes_on(self, error: BaseException, painted: bool) -> bool:
        """One level down, if it was memory that was missing and there is one; else it is over,
        where something is painted."""
        if not ran_out(error):
            return False
        self.over = self.number + 1 == len(LEVELS)
        self.number += not self.over
        return painted or not self.over

    def give_back(self) -> None:
        """To be called when nothing of what was tried is held any more."""
        gc.collect()
        self._give_back()

    def spared(self, encoder: Encoder) -> Encoder:
        """The same network, in strips of this level."""
        found = copy.copy(encoder)
        found.strip = encoder.strip * self.level.strip
        return found
