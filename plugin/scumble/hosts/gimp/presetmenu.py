"""The button for presets: choose, save, delete, and back to how Scumble begins; and what Scumble
is."""

from collections.abc import Callable

from scumble.guard import guarded
from scumble.hosts.gimp.widgets import Gtk
from scumble.language import tr
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
        self._add(self.menu, tr("Save as..."), self._ask_for_name)
        if names:
            more = Gtk.Menu()
            for name in names:
                self._add(more, name, lambda name=name: self._presets.delete(name))
            self._add(self.menu, tr("Delete"), lambda: None).set_submenu(more)
        self.menu.append(Gtk.SeparatorMenuItem())
        self._add(self.menu, tr("Reset"), self._presets.reset)
        self.menu.append(Gtk.SeparatorMenuItem())
        self._add(self.menu, tr("About Scumble..."), self._about.show)
        self.menu.show_all()

    @guarded(_tell)
    def _ask_for_name(self) -> None:
        dialog = Gtk.Dialog(
            title=tr("Save preset"), transient_for=self.widget.get_toplevel(), modal=True
        )
        dialog.add_buttons(tr("_Cancel"), Gtk.ResponseType.CANCEL, tr("_Save"), Gtk.ResponseType.OK)
        dialog.set_default_response(Gtk.ResponseType.OK)
        entry = Gtk.Entry(activates_default=True)
        inside = dialog.get_content_area()
        inside.set_border_width(12)
        inside.set_spacing(6)
        inside.add(Gtk.Label(label=tr("Name of the preset:"), xalign=0))
        inside.add(entry)
        dialog.show_all()
        answer, name = dialog.run(), entry.get_text()
        dialog.destroy()
        if answer == Gtk.ResponseType.OK:
            self._presets.save(name)

    def _add(self, menu, label: str, act: Callable):
        item = Gtk.MenuItem(label=label)
        item.connect("activate", lambda *_: act())
        menu.append(item)
        return item
