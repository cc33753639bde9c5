"""The button for presets, and for what Scumble is."""

from scumble.guard import told
from scumble.hosts.gimp.widgets import Gtk, about, fill
from scumble.language import tr
from scumble.presenter import manual, menus
from scumble.presenter.presenter import Presenter


class PresetButton:
    def __init__(self, presenter: Presenter):
        self._presenter = presenter
        self.menu = Gtk.Menu()
        self.widget = Gtk.MenuButton(label=tr("Pre_sets"), use_underline=True, popup=self.menu)
        self.widget.get_accessible().set_name(tr("Presets"))
        about(self.widget, manual.PRESETS)
        self.widget.set_relief(Gtk.ReliefStyle.NONE)
        self.menu.connect("show", lambda *_: self.list())

    def _say(self, message: str) -> None:
        self._presenter.say(message)

    @told
    def list(self) -> None:
        fill(self.menu, menus.of_presets(self._presenter))
