"""A line of the dialog that offers a result which nobody took."""

from collections.abc import Callable

from scumble import unclaimed
from scumble.guard import guarded
from scumble.hosts import words
from scumble.hosts.krita.qt import QtWidgets
from scumble.unclaimed import Unclaimed


class Offer(QtWidgets.QFrame):
    """insert puts a result into the document; say tells a sentence."""

    def __init__(self, insert: Callable[[Unclaimed], None], say: Callable[[str], None]):
        super().__init__()
        self._insert, self._say = insert, say
        self._result: Unclaimed | None = None
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

    def _tell(self, message: str) -> None:
        self._say(message)

    @guarded(_tell)
    def look(self, document: str) -> None:
        """Offer what is kept, that of this document first."""
        self._result = unclaimed.newest(document)
        self.setVisible(self._result is not None)
        if self._result:
            self.words.setText(words.offer(self._result))

    @guarded(_tell)
    def _take(self, *_) -> None:
        assert self._result is not None
        self._insert(self._result)
        self._discard()

    @guarded(_tell)
    def _discard(self, *_) -> None:
        assert self._result is not None
        self._result.forget()
        self.look(self._result.document)
