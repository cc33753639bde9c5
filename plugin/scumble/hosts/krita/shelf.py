"""The window of small pictures beside the dialog: the history of the document, or the presets."""

from scumble.hosts.krita.canvas import Canvas, fitted, image_of, pixels_of
from scumble.hosts.krita.qt import Qt, QtCore, QtGui, QtWidgets
from scumble.hosts.krita.widgets import about, drop, literal, topic_of
from scumble.presenter import words
from scumble.presenter.drawing import Drawing
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import Act, Card, Shelf
from scumble.presenter.widgetlist import WidgetList

SIDE = 64  # px of a small picture
SIZE = (900, 560)  # px, to begin with


class ShelfWindow(QtWidgets.QDialog):
    def __init__(self, presenter: Presenter, parent):
        super().__init__(parent)
        self._shelves, self._manual = presenter.shelves, presenter.manual
        self._cards: tuple[Card, ...] = ()
        self._drawing = Drawing()
        self.setObjectName("scumble_shelf")
        self.query = QtWidgets.QLineEdit()
        self.query.setPlaceholderText(words.SEARCH)
        self.query.setClearButtonEnabled(True)
        self.query.textChanged.connect(self._shelves.search)
        self.list = QtWidgets.QListWidget()
        self.list.setIconSize(QtCore.QSize(SIDE, SIDE))
        self.list.currentItemChanged.connect(
            self._drawing.unless(lambda: self._shelves.choose_at(self.list.currentRow()))
        )
        self.list.itemDoubleClicked.connect(lambda *_: self._shelves.do_first())
        self.empty = QtWidgets.QLabel()
        self.empty.setWordWrap(True)
        self.empty.setEnabled(False)
        self.canvas = Canvas()
        self.details = QtWidgets.QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.acts, self.others = Buttons(presenter), Buttons(presenter)
        self.close_button = QtWidgets.QPushButton(words.CLOSE)
        self.close_button.clicked.connect(self.reject)
        self.close_button.setAutoDefault(False)
        self.foot = QtWidgets.QLabel()
        self.foot.setWordWrap(True)
        self._lay_out()
        self.resize(*SIZE)

    def _lay_out(self) -> None:
        left, right = QtWidgets.QVBoxLayout(), QtWidgets.QVBoxLayout()
        for each, stretch in ((self.query, 0), (self.list, 1), (self.empty, 0)):
            left.addWidget(each, stretch)
        for each, stretch in ((self.canvas, 2), (self.details, 1), (self.acts, 0)):
            right.addWidget(each, stretch)
        columns, last = QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        columns.addLayout(left, 2)
        columns.addLayout(right, 3)
        last.addWidget(self.others)
        last.addStretch(1)
        last.addWidget(self.close_button)
        whole = QtWidgets.QVBoxLayout(self)
        whole.addLayout(columns, 1)
        whole.addWidget(self.foot)
        whole.addLayout(last)

    def draw(self, shelf: Shelf | None) -> None:
        """Show it; or hide, where none is open."""
        if shelf is None:
            self.hide()
            return
        self.setWindowTitle(shelf.title)
        about(self, shelf.topic)
        with self._drawing:
            self._draw_cards(shelf)
        self.empty.setText(shelf.empty)
        self.empty.setVisible(bool(shelf.empty))
        self.query.setVisible(shelf.searches)
        self.canvas.setVisible(shelf.looks)
        if self.details.toPlainText() != shelf.details:
            self.details.setPlainText(shelf.details)
        self.acts.draw(shelf.acts)
        self.others.draw(shelf.others)
        self.foot.setText(shelf.foot)
        self.foot.setVisible(bool(shelf.foot))
        if not self.isVisible():
            self.query.clear()
            self.show()

    def _draw_cards(self, shelf: Shelf) -> None:
        if shelf.cards != self._cards:
            self._cards = shelf.cards
            self.list.clear()
            for each in shelf.cards:
                self.list.addItem(self._item(each))
        self.list.setCurrentRow(shelf.place)

    def reject(self) -> None:
        """Escape and the window's own button."""
        self._shelves.close()

    def keyPressEvent(self, event) -> None:
        if event.matches(QtGui.QKeySequence.StandardKey.HelpContents):
            self._manual.open(topic_of(self))
        elif event.key() == Qt.Key.Key_Delete and self.list.hasFocus():
            self._shelves.do("delete")
        else:
            super().keyPressEvent(event)

    def _item(self, card: Card):
        item = QtWidgets.QListWidgetItem(f"{card.title}\n{card.note}")
        item.setSizeHint(QtCore.QSize(0, SIDE + 8))
        if card.picture:
            image = fitted(image_of(card.picture), pixels_of(SIDE, self))
            item.setIcon(QtGui.QIcon(QtGui.QPixmap.fromImage(image)))
        return item


class Buttons(QtWidgets.QWidget):
    """A button for each act."""

    def __init__(self, presenter: Presenter):
        super().__init__()
        self._shelves = presenter.shelves
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.buttons = WidgetList(
            self._button, lambda button, place: row.insertWidget(place, button), drop
        )

    def draw(self, acts: tuple[Act, ...]) -> None:
        self.buttons.draw({each.id: each for each in acts})
        for each in acts:
            self.buttons.all[each.id].setText(literal(each.label))
            self.buttons.all[each.id].setEnabled(each.enabled)

    def _button(self, act: Act):
        button = QtWidgets.QPushButton()
        button.setAutoDefault(False)
        button.clicked.connect(lambda *_: self._shelves.do(act.id))
        return button
