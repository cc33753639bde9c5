"""Krita's main loop, as scumble.presenter.painting asks for it."""

import contextlib
import threading
from collections.abc import Callable

from scumble.hosts.krita.qt import QtCore, QtWidgets, Signal


class MainLoop(QtCore.QObject):
    """It and its timers belong to the application and no window: what is stopped while a window
    closes is still there. `end` when it is needed no more."""

    _posted = Signal(object)

    def __init__(self):
        super().__init__(QtWidgets.QApplication.instance())
        self._ends, self._ended = threading.RLock(), False
        self._posted.connect(self._call)  # from another thread it is queued, and done in this one

    def soon(self, function: Callable[[], object]) -> None:
        """From any thread: Qt must not delete this object while one is in the midst of it."""
        with self._ends, contextlib.suppress(RuntimeError):  # Krita itself closed meanwhile
            if not self._ended:
                self._posted.emit(function)

    def repeat(self, interval: int, function: Callable[[], object]) -> Callable[[], object]:
        timer = QtCore.QTimer(self)
        timer.setInterval(interval)
        timer.timeout.connect(function)
        timer.start()

        def end() -> None:
            with contextlib.suppress(RuntimeError):  # the application itself is gone
                timer.stop()
                timer.deleteLater()

        return end

    def end(self) -> None:
        with self._ends, contextlib.suppress(RuntimeError):
            self._ended = True
            self.deleteLater()

    def _call(self, function: Callable[[], object]) -> None:
        function()
