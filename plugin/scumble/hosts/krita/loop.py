"""Krita's main loop, as scumble.hosts.painting asks for it."""

import contextlib
from collections.abc import Callable

from scumble.hosts.krita.qt import QtCore, Signal


class MainLoop(QtCore.QObject):
    """Ends with its parent."""

    _posted = Signal(object)

    def __init__(self, parent):
        super().__init__(parent)
        self._posted.connect(self._call)  # from another thread it is queued, and done in this one

    def soon(self, function: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # Krita closed meanwhile, and the signal is gone
            self._posted.emit(function)

    def repeat(self, interval: int, function: Callable[[], object]) -> Callable[[], object]:
        timer = QtCore.QTimer(self)
        timer.setInterval(interval)
        timer.timeout.connect(function)
        timer.start()

        def end() -> None:
            timer.stop()
            timer.deleteLater()

        return end

    def _call(self, function: Callable[[], object]) -> None:
        function()
