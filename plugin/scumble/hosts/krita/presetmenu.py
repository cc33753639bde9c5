"""The button for presets, and for what Scumble is."""

from scumble.guard import told
from scumble.hosts.krita.qt import QtWidgets
from scumble.hosts.krita.widgets import fill
from scumble.presenter import menus, words
from scumble.presenter.presenter import Presenter


class PresetButton(QtWidgets.QToolButton):
    def __init__(self, presenter: Presenter):
        super().__init__()
        self._presenter = presenter
        self.setText(words.PRESETS)
        self.setAutoRaise(True)
        self.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QtWidgets.QMenu(self))
        self.menu().aboutToShow.connect(self._list)

    def _say(self, message: str) -> None:
        self._presenter.say(message)

    @told
    def _list(self) -> None:
        fill(self.menu(), menus.of_presets(self._presenter))
