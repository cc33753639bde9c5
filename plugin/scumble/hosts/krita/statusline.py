"""What the backend is doing, in the dialog's foot: a dot, a few words, and two buttons where it is
not running."""

from collections.abc import Callable

from scumble.connection import state_folder
from scumble.guard import guarded
from scumble.hosts import words
from scumble.hosts.krita.qt import QtCore, QtGui, QtWidgets
from scumble.protocol import StatusReply

DOTS = {"ready": "#4caf6d", "busy": "#d9a441", "off": "#d06060"}


class StatusLine(QtWidgets.QWidget):
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

    def _tell(self, message: str) -> None:
        self._say(message)

    def show_status(self, status: StatusReply) -> None:
        busy = status.stage in ("starting", "painting")
        self._show("busy" if busy else "ready", words.status(status))

    def show_busy(self, text: str) -> None:
        self._show("busy", text)

    def show_off(self) -> None:
        self._show("off", words.NOT_RUNNING)

    def _show(self, state: str, text: str) -> None:
        self.dot.setText(f'<span style="color: {DOTS[state]}">&#9679;</span>')
        self.words.setText(text)
        for button in (self.start, self.log):
            button.setVisible(state == "off")

    @guarded(_tell)
    def _begin(self, *_) -> None:
        self.show_busy(words.STARTING)
        self._start()

    @guarded(_tell)
    def _open_log(self, *_) -> None:
        path = state_folder() / "server.log"  # said too: a bare system has nothing to open it with
        self._say(words.log(path))
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(path)))
