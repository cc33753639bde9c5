"""The button for presets: choose, save, all of them, and back to how Scumble begins; and what
Scumble is."""

from scumble.guard import guarded
from scumble.hosts.krita.qt import QtWidgets
from scumble.hosts.krita.widgets import literal
from scumble.language import tr
from scumble.presenter import words
from scumble.presenter.presenter import Presenter


class PresetButton(QtWidgets.QToolButton):
    def __init__(self, presenter: Presenter):
        super().__init__()
        self._presets, self._about, self._say = presenter.presets, presenter.about, presenter.say
        self.setText(words.PRESETS)
        self.setAutoRaise(True)
        self.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QtWidgets.QMenu(self)
        menu.aboutToShow.connect(self._list)
        self.setMenu(menu)

    def _tell(self, message: str) -> None:
        self._say(message)

    @guarded(_tell)
    def _list(self) -> None:
        menu, names = self.menu(), self._presets.names()
        menu.clear()
        for name in names:
            menu.addAction(literal(name), lambda name=name: self._presets.choose(name))
        menu.addSeparator()
        menu.addAction(words.ALL_PRESETS, self._presets.show)
        menu.addAction(words.SAVE_AS, self._presets.ask_save)
        menu.addSeparator()
        menu.addAction(tr("Reset"), self._presets.reset)
        menu.addSeparator()
        menu.addAction(tr("About Scumble..."), self._about.show)
