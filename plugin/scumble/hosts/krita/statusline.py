"""What the backend is doing, in the dialog's foot: a dot, a few words, and two buttons where it is
not running."""

from collections.abc import Callable
from pathlib import Path

from scumble.hosts.krita.qt import QtCore, QtGui, QtWidgets
from scumble.hosts.statusline import DOTS, StatusLineBase


class StatusLine(StatusLineBase, QtWidgets.QWidget):
    """start starts the backend; say tells a sentence."""

    def __init__(self, start: Callable[[], None], say: Callable[[str], None]):
        super().__init__()
        self._start, self._say = start, say
        self.dot, self.words = QtWidgets.QLabel(), QtWidgets.QLabel()
        self.start, self.log = QtWidgets.QPushButton("Start"), QtWidgets.QPushButton("Log")
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.dot)
        row.addWidget(self.words)
        for button, slot in ((self.start, self._begin), (self.log, self._open_log)):
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            row.addWidget(button)
        self.show_busy("")

    def _show(self, state: str, text: str) -> None:
        self.dot.setText(f'<span style="color: {DOTS[state]}">&#9679;</span>')
        self.words.setText(text)
        for button in (self.start, self.log):
            button.setVisible(state == "off")

    def _open(self, path: Path) -> None:
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(path)))
