"""A line of the dialog that offers a result which nobody took."""

from collections.abc import Callable

from scumble.hosts.krita.qt import QtWidgets
from scumble.hosts.offer import OfferBase
from scumble.unclaimed import Unclaimed


class Offer(OfferBase, QtWidgets.QFrame):
    """insert puts a result into the document; say tells a sentence."""

    def __init__(self, insert: Callable[[Unclaimed], None], say: Callable[[str], None]):
        super().__init__()
        self._insert, self._say = insert, say
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self.words = QtWidgets.QLabel()
        self.words.setWordWrap(True)
        self.take = QtWidgets.QPushButton("Insert as a layer")
        self.discard = QtWidgets.QPushButton("Discard")
        row = QtWidgets.QHBoxLayout(self)
        row.addWidget(self.words, 1)
        for button, slot in ((self.take, self._take), (self.discard, self._discard)):
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            row.addWidget(button)
        self.hide()

    def _show(self, text: str) -> None:
        self.setVisible(bool(text))
        self.words.setText(text)
