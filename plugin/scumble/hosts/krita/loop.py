"""Krita's main loop, as scumble.presenter.painting asks for it."""

import contextlib
from collections.abc import Callable

from scumble.hosts.krita.qt import QtCore, QtWidgets, Signal


class MainLoop(QtCore.QObject):
    """It and its timers belong to the application and no window: what is stopped while a window
    closes is still there. `end` when it is needed no more."""

    _posted = Signal(object)

    def __init__(self):
        super().__init__(QtWidgets.QApplication.instance())
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
            with contextlib.suppress(RuntimeError):  # the application itself is gone
                timer.stop()
                timer.deleteLater()

        return end

    def end(self) -> None:
        with contextlib.suppress(RuntimeError):
            self.deleteLater()

    def _call(self, function: Callable[[], object]) -> None:
        function()
