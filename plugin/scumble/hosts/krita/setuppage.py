"""In place of the dialog's body: what is to be set up first, and how that goes."""

from scumble.hosts.krita.qt import Qt, QtWidgets
from scumble.hosts.krita.widgets import Sentence, ShortLabel, keep_room
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import Page

WIDTH = 620  # px of the words at most: longer lines are hard to read
STEPS = 1000  # of the progress bar


class SetUpPage(QtWidgets.QWidget):
    def __init__(self, presenter: Presenter):
        super().__init__()
        self.setObjectName("scumble_setup")
        self.heading = QtWidgets.QLabel()
        font = self.heading.font()
        font.setBold(True)
        font.setPointSizeF(1.3 * font.pointSizeF())
        self.heading.setFont(font)
        self.lines = QtWidgets.QLabel()
        self.lines.setTextFormat(Qt.TextFormat.PlainText)
        self.lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.lines.setWordWrap(True)
        self.progress = QtWidgets.QProgressBar()
        self.progress.setTextVisible(False)
        self.stage, self.trouble = ShortLabel(), Sentence()
        self.other, self.later, self.button = (QtWidgets.QPushButton() for _ in range(3))
        tell = presenter.setting_up
        for each in (self.progress, self.stage):
            keep_room(each)
        for button, act in (
            (self.other, tell.other), (self.later, tell.later), (self.button, tell.press),
        ):  # fmt: skip
            button.setAutoDefault(False)
            button.clicked.connect(lambda *_, act=act: act())
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.other)
        row.addStretch(1)
        for button in (self.later, self.button):
            row.addWidget(button)
        inner = QtWidgets.QWidget()
        inner.setMaximumWidth(WIDTH)
        column = QtWidgets.QVBoxLayout(inner)
        column.setSpacing(14)
        for each in (self.heading, self.lines, self.progress, self.stage, self.trouble):
            column.addWidget(each)
        column.addLayout(row)
        around = QtWidgets.QGridLayout(self)
        for edge in (0, 2):
            around.setRowStretch(edge, 1)
            around.setColumnStretch(edge, 1)
        around.setColumnStretch(1, 8)
        around.addWidget(inner, 1, 1)
        self.hide()

    def draw(self, page: Page) -> None:
        self.heading.setText(page.heading)
        self.lines.setText("\n\n".join(page.lines))
        self.progress.setVisible(page.busy)
        self.progress.setRange(0, 0 if page.progress is None else STEPS)
        self.progress.setValue(round(STEPS * (page.progress or 0)))
        self.stage.setVisible(page.busy)
        self.stage.tell(page.stage)
        self.trouble.tell(page.trouble)
        texts = page.other, page.later, page.button
        for button, text in zip(self.chain(), texts, strict=True):
            button.setText(text)
            button.setVisible(bool(text))

    def chain(self) -> list:
        """What Tab goes through, in its order."""
        return [self.other, self.later, self.button]
