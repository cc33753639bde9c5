"""How long Krita's window is not free: what its main thread computes without a look at events.

Counted is the processor's time of that thread, which other programs do not lengthen.
"""

import time

from scumble_driver import QtCore, QtWidgets  # pyright: ignore
from scumble_driver.dialog import the_dialog  # pyright: ignore

TURN = 0  # ms: whenever there is nothing else to do


class Watch:
    """The longest stretches, the wait cursor's apart, since pixels are read and written then."""

    def __init__(self):
        self.longest = 0.0
        self._last = time.thread_time()
        self._timer = QtCore.QTimer()
        self._timer.timeout.connect(self._turn)
        self._timer.start(TURN)
        self.previews, dialog = 0, the_dialog()
        self._show, dialog.draw_painting = dialog.draw_painting, self._count

    def _count(self, *arguments):
        self.previews += 1
        self._show(*arguments)

    def _turn(self):
        now = time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def forgive(self):
        """What was computed since the last turn does not count."""
        self._last = time.thread_time()

    def stop(self):
        self._timer.stop()
        return self.longest


WATCHES: list = []


def watch():
    """Begin; what happens under a wait cursor is forgiven."""
    WATCHES.append(Watch())
    application = QtWidgets.QApplication
    restore = application.restoreOverrideCursor

    def restored():
        restore()
        WATCHES[-1].forgive()

    application.restoreOverrideCursor = staticmethod(restored)


def previews():
    """How many were shown since `watch`."""
    return WATCHES[-1].previews


def longest():
    """Seconds, since `watch`."""
    return WATCHES[-1].stop()
