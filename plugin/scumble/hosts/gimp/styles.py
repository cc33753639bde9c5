"""The list of styles in the dialog: layers and picture files, each with tick, weight and brush."""

from collections.abc import Callable
from pathlib import Path

from scumble.host import Layer
from scumble.hosts.gimp.canvas import fitted
from scumble.hosts.gimp.knobs import slider
from scumble.hosts.gimp.widgets import Gtk
from scumble.parameters import STYLE_PARAMETERS
from scumble.session import StyleChoice

SIDE = 40  # px of a thumbnail
WEIGHT, BRUSH = (
    next(each for each in STYLE_PARAMETERS if each.name == name)
    for name in ("weight", "brush_size")
)
WIDTH = 150  # px of a number's slider
LEAST = 120  # px
EMPTY = "This image has no other layer.\nAdd a picture file to paint like."


class StyleRow:
    """One style that may be used. source: a layer's id, or a picture file."""

    def __init__(self, source: str | Path, name: str, visible: bool, changed: Callable):
        self.source, self.name = source, name
        self._changed = changed
        self.tick = Gtk.CheckButton(valign=Gtk.Align.CENTER)
        self.tick.get_accessible().set_name(name)
        self.picture = Gtk.Image()
        self.picture.set_size_request(SIDE, SIDE)
        label = Gtk.Label(label=name, xalign=0, ellipsize=3, width_chars=10)  # Pango's END
        label.set_tooltip_text(str(source) if isinstance(source, Path) else name)
        label.set_sensitive(visible)
        self.has_picture = False
        self.weight, self.brush = slider(WEIGHT, WEIGHT.label), slider(BRUSH, "Brush")
        line = Gtk.Box(spacing=10, margin_start=8, margin_end=8, margin_top=3, margin_bottom=3)
        for widget in (self.tick, self.picture):
            line.pack_start(widget, False, False, 0)
        line.pack_start(label, True, True, 0)
        for number in (self.weight, self.brush):
            number.set_size_request(WIDTH, -1)
            number.set_valign(Gtk.Align.CENTER)
            number.connect("value-changed", lambda *_: self._changed())
            line.pack_start(number, False, False, 0)
        self.widget = Gtk.ListBoxRow(selectable=False)
        self.widget.add(line)
        self.widget.show_all()
        self.tick.connect("toggled", self._toggled)
        self._toggled()

    def choice(self) -> StyleChoice:
        return StyleChoice(self.source, self.weight.get_value(), self.brush.get_value())

    def set(self, choice: StyleChoice) -> None:
        self.tick.set_active(True)
        self.weight.set_value(choice.weight)
        self.brush.set_value(choice.brush_size)

    def show_picture(self, image) -> None:
        if image:
            self.has_picture = True
            self.picture.set_from_pixbuf(fitted(image, SIDE, SIDE))

    def _toggled(self, *_) -> None:
        # kept in its place when unseen, so that the names do not move
        on = self.tick.get_active()
        for number in (self.weight, self.brush):
            number.set_opacity(1.0 if on else 0.0)
            number.set_sensitive(on)
        self._changed()


class StyleList:
    """All candidates. changed: called when what is ticked or seen may be another."""

    def __init__(self, changed: Callable):
        self.rows: list[StyleRow] = []
        self._changed = changed
        self._box = Gtk.ListBox(activate_on_single_click=True)
        self._box.set_placeholder(_note(EMPTY))
        self._box.connect("row-activated", self._turn)
        self.widget = Gtk.ScrolledWindow(shadow_type=Gtk.ShadowType.IN)
        self.widget.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
        self.widget.set_size_request(-1, LEAST)
        self.widget.add(self._box)

    def fill(self, layers: list[Layer]) -> None:
        for each in layers:
            self._place(StyleRow(each.id, each.name, each.visible, self._changed))

    def offer_file(self, path: Path) -> StyleRow:
        """A picture file's row; the one that is there already, if it is."""
        row = next((row for row in self.rows if row.source == path), None)
        if row is None:
            row = StyleRow(path, path.stem, True, self._changed)
            self._place(row)
        return row

    def add_file(self, path: Path, image) -> None:
        """A picture file, ticked and seen."""
        row = self.offer_file(path)
        row.show_picture(image)
        row.tick.set_active(True)

    def choose(self, choices: list[StyleChoice]) -> None:
        """Tick these, with their numbers; picture files come in where they are still there."""
        for choice in choices:
            if isinstance(choice.source, Path) and choice.source.is_file():
                self.offer_file(choice.source)
        for row in self.rows:
            for choice in choices:
                if choice.source == row.source:
                    row.set(choice)

    def hide_source(self, content: str) -> None:
        """The layer to repaint is no style of itself."""
        for row in self.rows:
            row.widget.set_visible(row.source != content)
        self._changed()

    def choices(self, content: str) -> list[StyleChoice]:
        ticked = [row for row in self.rows if row.tick.get_active()]
        return [row.choice() for row in ticked if row.source != content]

    def _place(self, row: StyleRow) -> None:
        self.rows.append(row)
        self._box.add(row.widget)

    def _turn(self, _, widget) -> None:
        """A click anywhere in the row ticks it."""
        row = next(row for row in self.rows if row.widget == widget)
        row.tick.set_active(not row.tick.get_active())


def _note(text: str):
    label = Gtk.Label(label=text, justify=Gtk.Justification.CENTER, margin=12)
    label.set_sensitive(False)
    label.show()
    return label
