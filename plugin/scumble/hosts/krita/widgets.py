"""Small parts of the dialog that know nothing of painting."""

from scumble.hosts.krita.qt import Qt, QtWidgets
from scumble.presenter.menus import Item

TOPIC = "scumble_topic"


def about(widget, topic: str) -> None:
    """Help opens the manual at this topic where the widget, or what is in it, has the keyboard;
    What is This says its hint."""
    widget.setProperty(TOPIC, topic)
    widget.setWhatsThis(widget.toolTip())


def topic_of(widget) -> str:
    """What the widget, or the nearest thing around it, is about; or nothing."""
    while widget is not None and not widget.property(TOPIC):
        widget = widget.parentWidget()
    return widget.property(TOPIC) if widget is not None else ""


def heading(text: str, beside=None):
    """A bold line, with a widget at its end where one is given."""
    label = QtWidgets.QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    row = QtWidgets.QHBoxLayout()
    row.addWidget(label, 1)
    if beside is not None:
        row.addWidget(beside)
    return row


def keep_room(widget) -> None:
    """The space stays when the widget is hidden, so that nothing jumps."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def drop(widget) -> None:
    """Take it away at once; Qt deletes it once nothing of it is under way."""
    widget.setParent(None)
    widget.deleteLater()


def column_of(widget):
    """A column without margins, which lays out what is in the widget."""
    column = QtWidgets.QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    return column


def literal(text: str) -> str:
    """Text for a button or a menu, where Qt takes "&" for the mark of a key."""
    return text.replace("&", "&&")


def fill(menu, items: list[Item]) -> None:
    """With these, in place of what stood in it."""
    menu.clear()
    for each in items:
        if not each.words:
            menu.addSeparator()
            continue
        action = menu.addAction(literal(each.words))
        action.setEnabled(each.act is not None)
        action.setCheckable(each.ticked is not None)
        action.setChecked(bool(each.ticked))
        if each.act:
            action.triggered.connect(lambda *_, act=each.act: act())


class ShortLabel(QtWidgets.QLabel):
    """As wide as there is room: a longer text lacks its middle, and a hint holds it whole."""

    def __init__(self, text: str = "", hint: str = ""):
        super().__init__()
        self._whole, self._hint = "", hint
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred
        )
        self.tell(text)

    def tell(self, text: str) -> None:
        self._whole = text
        self.setToolTip(self._hint or text)
        self._fit()

    def whole(self) -> str:
        return self._whole

    def resizeEvent(self, event) -> None:
        self._fit()

    def _fit(self) -> None:
        mode = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(self._whole, mode, max(0, self.width())))


class Sentence(QtWidgets.QLabel):
    """Something to tell the artist, seen while there is something."""

    def __init__(self):
        super().__init__()
        self.setObjectName("scumble_sentence")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self.setMargin(8)
        self.hide()

    def tell(self, message: str) -> None:
        self.setText(message)
        self.setVisible(bool(message))
