"""The button for presets: choose, save, delete, and back to how Scumble begins."""

from collections.abc import Callable

from scumble import parameters, presets
from scumble.guard import guarded
from scumble.hosts.krita.qt import QtWidgets


class PresetButton(QtWidgets.QToolButton):
    """settings gives what the dialog holds, fill puts values into it, say tells a sentence."""

    def __init__(self, settings: Callable, fill: Callable, say: Callable[[str], None]):
        super().__init__()
        self._settings, self._fill, self._say = settings, fill, say
        self.setText("Presets")
        self.setAutoRaise(True)
        self.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QtWidgets.QMenu(self)
        menu.aboutToShow.connect(self._list)
        self.setMenu(menu)

    def _tell(self, message: str) -> None:
        self._say(message)

    @guarded(_tell)
    def _list(self) -> None:
        """Made anew each time: another editor may have saved some."""
        menu, known = self.menu(), presets.load()
        names = sorted(name for name in known if name != presets.LAST)
        menu.clear()
        for name in names:
            menu.addAction(name, lambda name=name: self.choose(name))
        menu.addSeparator()
        menu.addAction("Save as...", self._ask_for_name)
        if names:
            more = menu.addMenu("Delete")
            for name in names:
                more.addAction(name, lambda name=name: self.delete(name))
        menu.addSeparator()
        menu.addAction("Reset", self.reset)

    @guarded(_tell)
    def choose(self, name: str) -> None:
        self._fill(presets.load()[name])

    @guarded(_tell)
    def delete(self, name: str) -> None:
        presets.delete(name)

    @guarded(_tell)
    def reset(self) -> None:
        self._fill(parameters.defaults())

    @guarded(_tell)
    def save(self, name: str) -> None:
        presets.save(name, self._settings())

    @guarded(_tell)
    def _ask_for_name(self) -> None:
        dialog = QtWidgets.QInputDialog(self.window())
        dialog.setWindowTitle("Save preset")
        dialog.setLabelText("Name of the preset:")
        dialog.textValueSelected.connect(self.save)
        dialog.open()
