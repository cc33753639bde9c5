"""The dialog's foot: what the painting process does, that pictures stay here, and the buttons."""

from scumble.hosts.krita.qt import Qt, QtWidgets
from scumble.hosts.krita.widgets import ShortLabel, about
from scumble.language import tr
from scumble.presenter import manual, manualwords, words
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import State

BUTTON_WIDTH = 96  # px at least


class Foot(QtWidgets.QWidget):
    """Cancel is Close where nothing is painted; what it and Help do is the dialog's."""

    def __init__(self, presenter: Presenter):
        super().__init__()
        self.dot, self.status = QtWidgets.QLabel(), ShortLabel()
        self.start, self.log = QtWidgets.QPushButton(tr("Start")), QtWidgets.QPushButton(tr("Log"))
        self.private = QtWidgets.QLabel()
        self.help = QtWidgets.QPushButton(manualwords.HELP)
        self.help.setToolTip(manualwords.HELP_HINT)
        self.help.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it where it is
        self.keep = QtWidgets.QPushButton(tr("Stop and keep this result"))
        self.cancel = QtWidgets.QPushButton(tr("Close"))
        self.drafts = QtWidgets.QPushButton(words.DRAFTS)
        self.apply = QtWidgets.QPushButton(tr("Apply"))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.help)
        row.addWidget(self.dot)
        row.addWidget(self.status, 1)
        for button in (self.start, self.log):
            row.addWidget(button)
        row.addSpacing(10)
        row.addWidget(self.private)
        row.addSpacing(10)
        for button in (self.keep, self.drafts, self.cancel, self.apply):
            button.setMinimumWidth(BUTTON_WIDTH)
            row.addWidget(button)
        # no button is pressed by Enter in a field: it is how a number is finished
        for button in self.chain():
            button.setAutoDefault(False)
        about(self.drafts, manual.DRAFTS)
        for button, act in (
            (self.start, presenter.start_engine), (self.log, presenter.open_log),
            (self.keep, presenter.keep), (self.drafts, presenter.drafts.paint),
            (self.apply, presenter.apply),
        ):  # fmt: skip
            button.clicked.connect(lambda *_, act=act: act())

    def draw(self, state: State) -> None:
        colour = words.DOTS[state.light]
        self.dot.setText(f'<span style="color: {colour}">&#9679;</span>')
        self.status.tell(state.status)
        self.private.setText(state.private)
        for button in (self.start, self.log):
            button.setVisible(state.light == "off")
        self.cancel.setText(tr("Cancel") if state.busy else tr("Close"))
        self.keep.setVisible(state.busy)
        self.keep.setEnabled(state.can_keep)
        self.drafts.setVisible(not state.busy)
        for button, hint in ((self.drafts, words.DRAFTS_HINT), (self.apply, "")):
            button.setEnabled(state.ready)
            button.setToolTip(state.why or hint)

    def chain(self) -> list:
        """What Tab goes through, in its order."""
        return [self.help, self.start, self.log, self.keep, self.drafts, self.cancel, self.apply]
