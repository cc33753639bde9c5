"""The button for presets: choose, save, all of them, and back to how Scumble begins; and what
Scumble is."""

from collections.abc import Callable

from scumble.guard import guarded
from scumble.hosts.gimp.widgets import Gtk
from scumble.language import tr
from scumble.presenter import words
from scumble.presenter.presenter import Presenter


class PresetButton:
    def __init__(self, presenter: Presenter):
        self._presets, self._about, self._say = presenter.presets, presenter.about, presenter.say
        self.menu = Gtk.Menu()
        self.widget = Gtk.MenuButton(label=tr("Pre_sets"), use_underline=True, popup=self.menu)
        self.widget.get_accessible().set_name(tr("Presets"))
        self.widget.set_relief(Gtk.ReliefStyle.NONE)
        self.menu.connect("show", lambda *_: self.list())

    def _tell(self, message: str) -> None:
        self._say(message)

    @guarded(_tell)
    def list(self) -> None:
        names = self._presets.names()
        for old in self.menu.get_children():
            self.menu.remove(old)
        for name in names:
            self._add(self.menu, name, lambda name=name: self._presets.choose(name))
        if names:
            self.menu.append(Gtk.SeparatorMenuItem())
        self._add(self.menu, words.ALL_PRESETS, self._presets.show)
        self._add(self.menu, words.SAVE_AS, self._presets.ask_save)
        self.menu.append(Gtk.SeparatorMenuItem())
        self._add(self.menu, tr("Reset"), self._presets.reset)
        self.menu.append(Gtk.SeparatorMenuItem())
        self._add(self.menu, tr("About Scumble..."), self._about.show)
        self.menu.show_all()

    def _add(self, menu, label: str, act: Callable) -> None:
        item = Gtk.MenuItem(label=label)
        item.connect("activate", lambda *_: act())
        menu.append(item)
