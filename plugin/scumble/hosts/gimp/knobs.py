"""A field for each parameter, drawn from its entry in parameters.py and tied to GIMP's config.

GIMP's Reset, Load and Save change the config, and the fields follow.
"""

from scumble import parameters
from scumble.hosts.gimp.api import GObject
from scumble.hosts.gimp.arguments import captions, is_text, property_name
from scumble.hosts.gimp.styles import bend
from scumble.hosts.gimp.widgets import Gtk
from scumble.parameters import Parameter

MAIN = ("strength", "brush_size", "quality", "working_size", "selection")
SIZES = ("auto", "512 px", "768 px", "1024 px", "1536 px", "2048 px", "4096 px")


class Settings:
    """All fields: the main ones, and folded under them the advanced and the expert's."""

    def __init__(self, dialog, config):
        self._dialog, self._config = dialog, config
        self.expert = _fold("_Expert", self._form(lambda each: each.expert))
        more = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        more.add(self._form(lambda each: each.name not in MAIN and not each.expert))
        more.add(self.expert)
        self.advanced = _fold("A_dvanced", more)
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self.widget.add(self._form(lambda each: each.name in MAIN))
        self.widget.add(self.advanced)

    def _form(self, wanted):
        """Labels and fields in two columns."""
        grid = Gtk.Grid(row_spacing=6, column_spacing=12)
        for row, each in enumerate(filter(wanted, parameters.PARAMETERS)):
            field = self._field(each)
            label = Gtk.Label(label=each.label, xalign=0, width_chars=12)
            for widget in (label, field):
                widget.set_tooltip_text(each.help)
            field.set_hexpand(True)
            field.get_accessible().set_name(each.label)
            grid.attach(label, 0, row, 1, 1)
            grid.attach(field, 1, row, 1, 1)
        return grid

    def _field(self, parameter: Parameter):
        name = property_name(parameter)
        if is_text(parameter):
            return self._text(parameter, name)
        if parameter.kind == "choice":
            field = Gtk.ComboBoxText()
            for word, caption in captions(parameter):
                field.append(word, caption)
            self._tie(name, field, "active-id")
            return field
        if parameter.kind == "number":
            field = self._dialog.get_spin_scale(name, 1.0)
            field.set_gamma(bend(parameter))
            return field
        field = Gtk.SpinButton.new_with_range(parameter.low, parameter.high, 1)
        self._tie(name, field, "value")
        return field

    def _text(self, parameter: Parameter, name: str):
        field = Gtk.ComboBoxText.new_with_entry()
        for word in SIZES if parameter.name == "working_size" else parameter.words:
            field.append_text(word)
        self._tie(name, field.get_child(), "text")
        return field

    def _tie(self, name: str, field, to: str) -> None:
        both = GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE
        self._config.bind_property(name, field, to, both)


def heading(text: str):
    label = Gtk.Label(xalign=0)
    label.set_markup(f"<b>{text}</b>")
    return label


def _fold(title: str, inside):
    """A heading that shows and hides what lies under it."""
    fold = Gtk.Expander.new_with_mnemonic(title)
    inside.set_margin_top(6)
    inside.set_margin_start(12)
    fold.add(inside)
    return fold
