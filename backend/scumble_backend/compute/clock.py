"""How far a painting is, and how long it will still take.

The share done is of the time, not of the steps or pixels: a small octave takes a tenth of the
pixels and a third of the time. The time left is what was predicted, and more and more what this
painting itself has taken so far.
"""

import itertools
import math
import time

from scumble_backend.compute import estimate
from scumble_backend.engine.stylize import Iterate

TELL_EVERY = 0.3  # s
USUAL = estimate.Speed(
    0.02, 1.2e-6, 0.04, 5e-7, 0.0, 2e-9, 0.0
)  # of a processor; its proportions count
TRUSTED = 0.2  # share done from which on a painting's own time tells alone


class Clock:
    """Of one painting, from now on.

    known: what this machine's speed is known to be, or None. task, height, width: what is painted,
    and its working size in px.
    """

    def __init__(
        self, known: estimate.Forecast | None, task: estimate.Task, height: int, width: int
    ):
        self.octaves = estimate.paces(known.speed if known else USUAL, task, height, width)
        spans = [pace.before + steps * pace.step for pace, steps in self.octaves]
        self.ends = [0.0, *itertools.accumulate(spans)]  # s, of the octaves, on the model
        model = estimate.Cost(self.ends[-1], 0.0)
        self.predicted = known.corrected(model).seconds if known else None
        self.began = time.monotonic()
        self.told = -math.inf

    def ticks(self) -> bool:
        """Whether to tell how far the painting is: at once, and then every TELL_EVERY."""
        now = time.monotonic()
        if now - self.told < TELL_EVERY:
            return False
        self.told = now
        return True

    def share(self, iterate: Iterate) -> float:
        """Of the painting's time, 0..1."""
        if iterate.step == 0:
            return 1.0
        pace, _ = self.octaves[iterate.octave - 1]
        past = self.ends[iterate.octave - 1] + pace.before + iterate.step * pace.step
        return min(1.0, past / self.ends[-1])

    def seconds_left(self, share: float) -> float:
        """Below 0 while nothing can be said."""
        if self.predicted is None and share < 0.02:
            return -1.0
        whole = (time.monotonic() - self.began) / share
        trust = 1.0 if self.predicted is None else min(1.0, share / TRUSTED)
        return (1 - share) * (trust * whole + (1 - trust) * (self.predicted or 0.0))
