"""The dialog's foot: what the backend does, that pictures stay here, and the three buttons."""

from collections.abc import Callable

from scumble.hosts import words
from scumble.hosts.krita.qt import QtWidgets
from scumble.hosts.krita.statusline import StatusLine

BUTTON_WIDTH = 96  # px at least


class Foot(QtWidgets.QWidget):
    """start starts the backend; say tells a sentence."""

    def __init__(self, start: Callable[[], None], say: Callable[[str], None]):
        super().__init__()
        self.status = StatusLine(start, say)
        private = QtWidgets.QLabel(words.PRIVATE)
        self.keep = QtWidgets.QPushButton("Stop and keep this result")
        self.keep.setAutoDefault(False)
        self.keep.hide()
        self.cancel = QtWidgets.QPushButton("Close")
        self.cancel.setAutoDefault(False)
        self.apply = QtWidgets.QPushButton("Apply")
        self.apply.setDefault(True)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.status)
        row.addSpacing(10)
        row.addWidget(private)
        row.addStretch(1)
        for button in (self.keep, self.cancel, self.apply):
            button.setMinimumWidth(BUTTON_WIDTH)
            row.addWidget(button)

    def set_painting(self, on: bool) -> None:
        self.cancel.setText("Cancel" if on else "Close")
        self.keep.setVisible(on)
        self.keep.setEnabled(False)  # until there is something to keep

    def set_ready(self, ticked: bool, busy: bool) -> None:
        """Apply is grey while painting, and without a style, and says why."""
        self.apply.setEnabled(ticked and not busy)
        self.apply.setToolTip("" if ticked else "Tick at least one style")
