"""The list of styles in the dialog: layers and picture files, each with a tick and a weight."""

from collections.abc import Callable
from pathlib import Path

from scumble.host import Layer
from scumble.hosts.gimp.canvas import fitted
from scumble.hosts.gimp.knobs import slider
from scumble.hosts.gimp.widgets import Gtk
from scumble.parameters import STYLE_PARAMETERS
from scumble.session import StyleChoice

SIDE = 40  # px of a thumbnail
WEIGHT = next(each for each in STYLE_PARAMETERS if each.name == "weight")
HEIGHT = 176  # px to begin with
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
        label = Gtk.Label(label=name, xalign=0, ellipsize=3)  # Pango's END
        label.set_tooltip_text(str(source) if isinstance(source, Path) else name)
        label.set_sensitive(visible)
        self.weight = slider(WEIGHT, WEIGHT.label)
        self.weight.set_size_request(170, -1)
        self.weight.set_valign(Gtk.Align.CENTER)
        line = Gtk.Box(spacing=10, margin_start=8, margin_end=8, margin_top=3, margin_bottom=3)
        for widget in (self.tick, self.picture):
            line.pack_start(widget, False, False, 0)
        line.pack_start(label, True, True, 0)
        line.pack_start(self.weight, False, False, 0)
        self.widget = Gtk.ListBoxRow(selectable=False)
        self.widget.add(line)
        self.widget.show_all()
        self.tick.connect("toggled", self._toggled)
        self._toggled()

    def choice(self) -> StyleChoice:
        return StyleChoice(self.source, self.weight.get_value())

    def show_picture(self, image) -> None:
        if image:
            self.picture.set_from_pixbuf(fitted(image, SIDE, SIDE))

    def _toggled(self, *_) -> None:
        # kept in its place when unseen, so that the names do not move
        on = self.tick.get_active()
        self.weight.set_opacity(1.0 if on else 0.0)
        self.weight.set_sensitive(on)
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
        self.widget.set_size_request(-1, HEIGHT)
        self.widget.add(self._box)

    def fill(self, layers: list[Layer]) -> None:
        for each in layers:
            self._place(StyleRow(each.id, each.name, each.visible, self._changed))

    def add_file(self, path: Path, image) -> StyleRow:
        """A picture file, ticked; the one that is there already, if it is."""
        row = next((row for row in self.rows if row.source == path), None)
        if row is None:
            row = StyleRow(path, path.stem, True, self._changed)
            row.show_picture(image)
            self._place(row)
        row.tick.set_active(True)
        return row

    def tick(self, choices: list[StyleChoice]) -> None:
        """Tick these, with their weights."""
        for row in self.rows:
            for choice in choices:
                if choice.source == row.source:
                    row.tick.set_active(True)
                    row.weight.set_value(choice.weight)

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
