"""A field for each parameter, drawn from its entry in parameters.py and tied to GIMP's config.

GIMP's Reset, Load and Save change the config, and the fields follow.
"""

from collections.abc import Callable

from scumble import parameters
from scumble.hosts.gimp.api import GLib, GObject
from scumble.hosts.gimp.arguments import is_text, property_name
from scumble.hosts.gimp.widgets import GimpUi, Gtk, about
from scumble.language import tr
from scumble.parameters import Parameter

LABELS = {  # with the keys that go to the field, with Alt; those of the buttons are others
    "strength": tr("S_trength"), "painterly": tr("Pai_nterly"), "brush_size": tr("_Brush size"),
    "quality": tr("_Quality"), "working_size": tr("_Working size"), "selection": tr("Se_lection"),
}  # fmt: skip
BOTH = GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE
LEAST, FRAME = 130, 32  # px: of the settings at least; of the window's frame and title


class Settings:
    """All fields: the main ones, and folded under them the advanced and the expert's.

    As high as what is unfolded; where the screen ends there is a scroll bar. changed: called when
    another height is wanted. replace: a tick that stands below the advanced ones.
    """

    def __init__(self, config, changed: Callable, replace):
        self._config, self._changed = config, changed
        self.fields = {each.name: self._field(each) for each in parameters.PARAMETERS}
        self.expert = _fold(tr("_Expert"), self._form(parameters.EXPERT))
        more = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        more.add(self._form(parameters.ADVANCED))
        more.add(replace)
        more.add(self.expert)
        self.advanced = _fold(tr("A_dvanced"), more)
        self._inside = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self._inside.add(self._form(parameters.MAIN))
        self._inside.add(self.advanced)
        self.widget = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER)
        self.widget.set_overlay_scrolling(False)  # where there is more below, it is to be seen
        self.widget.add(self._inside)
        self._inside.connect("size-allocate", self.fit)
        self._height = 0

    def fit(self, *_) -> None:
        """Soon: what is to be seen, here or elsewhere in the dialog, may be more or less."""
        GLib.idle_add(self._fit)

    def _fit(self) -> None:
        """Ask for the height of what is unfolded, as far as the screen goes."""
        if not self.widget.get_window():
            return
        natural = self._inside.get_preferred_height()[1]
        screen = self.widget.get_display().get_monitor_at_window(self.widget.get_window())
        window = self.widget.get_toplevel()
        whole = window.get_preferred_height_for_width(window.get_size()[0])[0]
        others = whole - self.widget.get_preferred_height()[0]
        room = screen.get_workarea().height - others - FRAME
        height = max(LEAST, min(natural, room))
        if height != self._height:
            self._height = height
            self.widget.set_min_content_height(height)
            self._changed()

    def _form(self, group: tuple[Parameter, ...]):
        """Labels and fields in two columns."""
        grid = Gtk.Grid(row_spacing=6, column_spacing=12)
        for row, each in enumerate(group):
            field = self.fields[each.name]
            unit = f" ({each.unit})" if each.kind == "number" and each.unit else ""
            label = Gtk.Label(xalign=0, width_chars=13, mnemonic_widget=field)
            label.set_text_with_mnemonic(LABELS.get(each.name, each.label) + unit)
            scroll_past(field)
            about(field, each.name)
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
            return self._choice(parameter, name)
        if parameter.kind == "number":
            field = slider(parameter)
            self._tie(name, field, "value")
            return field
        field = Gtk.SpinButton.new_with_range(parameter.low, parameter.high, 1)
        self._tie(name, field, "value")
        return field

    def _choice(self, parameter: Parameter, name: str):
        field, offered = Gtk.ComboBoxText(), parameter.offered()
        for word in offered:
            field.append(word, parameter.caption(word))

        def offer_chosen(*_) -> None:
            """Also what no dialog offers, where that is what the config holds."""
            word = self._config.get_property(name)
            if word not in offered:
                offered.append(word)
                field.append(word, parameter.caption(word))

        offer_chosen()
        self._config.connect(f"notify::{name}", offer_chosen)  # before it is tied, to come first
        self._tie(name, field, "active-id")
        return field

    def _text(self, parameter: Parameter, name: str):
        field = Gtk.ComboBoxText.new_with_entry()
        for each in parameter.proposals():
            field.append_text(each)
        self._config.bind_property(
            name, field.get_child(), "text", BOTH,
            lambda _, text: parameter.shown(text), lambda _, text: parameter.meant(text),
        )  # fmt: skip
        return field

    def _tie(self, name: str, field, to: str) -> None:
        self._config.bind_property(name, field, to, BOTH)


def slider(parameter: Parameter, label: str = ""):
    """GIMP's own slider with a number in it."""
    small = parameter.unit == ""
    adjustment = Gtk.Adjustment(
        lower=parameter.low, upper=parameter.high, value=parameter.default,
        step_increment=0.05 if small else 1, page_increment=0.5 if small else 10,
    )  # fmt: skip
    field = GimpUi.SpinScale.new(adjustment, label, 2 if small else 0)
    field.set_gamma(parameter.bend())
    field.set_tooltip_text(parameter.help)
    field.get_accessible().set_name(parameter.label)
    return field


def heading(text: str, of=None):
    """of: the field that the key marked in the text goes to."""
    label = Gtk.Label(xalign=0, mnemonic_widget=of)
    show_heading(label, text)
    return label


def show_heading(label, text: str) -> None:
    label.set_markup_with_mnemonic(f"<b>{text}</b>")


def scroll_past(field) -> None:
    """The mouse wheel over a field scrolls what it lies in, and does not change it."""
    field.connect("scroll-event", lambda *_: field.stop_emission_by_name("scroll-event"))


def _fold(title: str, inside):
    """A heading that shows and hides what lies under it."""
    fold = Gtk.Expander.new_with_mnemonic(title)
    inside.set_margin_top(6)
    inside.set_margin_start(12)
    fold.add(inside)
    return fold
