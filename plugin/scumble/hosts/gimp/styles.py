"""The list of styles in the dialog: layers and picture files, each with tick, weight and brush."""

import math
import os
import time

from scumble.guard import told
from scumble.hosts.gimp.api import GLib
from scumble.hosts.gimp.canvas import fitted, image_of
from scumble.hosts.gimp.knobs import heading, scroll_past, show_heading, slider
from scumble.hosts.gimp.widgets import Gdk, Gtk, about, fill
from scumble.language import tr
from scumble.parameters import style
from scumble.pixels import Pixels
from scumble.presenter import manual, menus, words
from scumble.presenter.drawing import Drawing
from scumble.presenter.presenter import Presenter
from scumble.presenter.rowlist import RowList
from scumble.presenter.styles import Row, Source

SIDE = 36  # px of a thumbnail: five rows are seen at once on a small screen
WEIGHT, BRUSH = style("weight"), style("brush_size")
WIDTH = 164  # px of a number's slider, with its name in it in any language
LEAST = 240  # px
LAYERS = "application/x-gimp-layer-list"  # as GIMP marks what its list of layers gives
NAME = "scumble_styles"  # of the list, for its look while files are dragged over it, in any theme
LOOK = f"""
#{NAME}:drop(active) {{
    box-shadow: inset 0 0 0 3px; background-color: alpha(currentColor, 0.15);
}}
#{NAME}:drop(active) row {{ background-color: transparent; }}
"""
SETTLE = 1.0  # s for the dialog to find its size, while what is wanted stays in view


class StyleRow:
    """One style. What the artist does with it goes to the presenter."""

    def __init__(self, row: Row, presenter: Presenter):
        self.source, self._presenter = row.source, presenter
        self._drawing = Drawing()
        self.tick = Gtk.CheckButton(valign=Gtk.Align.CENTER)
        self.picture = Gtk.Image()
        self.picture.set_size_request(SIDE, SIDE)
        self.label = Gtk.Label(xalign=0, ellipsize=3, width_chars=10)  # Pango's END
        self.weight, self.brush = slider(WEIGHT, WEIGHT.label), slider(BRUSH, tr("Brush"))
        self.said = Gtk.Label(xalign=0, ellipsize=3, sensitive=False, no_show_all=True)
        self.more = Gtk.Button(
            label=words.MORE, relief=Gtk.ReliefStyle.NONE, valign=Gtk.Align.CENTER
        )
        self.more.set_tooltip_text(words.MORE_HINT)
        self.remove = Gtk.Button(label="✕", relief=Gtk.ReliefStyle.NONE, valign=Gtk.Align.CENTER)
        self.remove.set_tooltip_text(tr("Remove this picture file from the list"))
        line = Gtk.Box(spacing=8, margin_end=4, margin_top=3, margin_bottom=3)
        line.set_margin_start(8 + row.indent)
        for widget in (self.tick, self.picture):
            line.pack_start(widget, False, False, 0)
        called = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, valign=Gtk.Align.CENTER)
        self.colour = Gtk.Label(no_show_all=True)
        below = Gtk.Box(spacing=4)
        for label in (self.colour, self.said):
            below.pack_start(label, False, False, 0)
        for part in (self.label, below):
            called.pack_start(part, False, False, 0)
        line.pack_start(called, True, True, 0)
        for number in (self.weight, self.brush):
            number.set_size_request(WIDTH, -1)
            number.set_valign(Gtk.Align.CENTER)
            number.drag_dest_unset()  # what is dropped on it is meant for the list
            scroll_past(number)
        for widget in (self.weight, self.brush, self.more, self.remove):
            line.pack_start(widget, False, False, 0)
        for number, topic in (
            (self.weight, manual.of_style(WEIGHT)), (self.brush, manual.of_style(BRUSH)),
            (self.more, manual.WHERE),
        ):  # fmt: skip
            about(number, topic)
        self.widget = Gtk.ListBoxRow(selectable=False)
        self.widget.add(line)
        self.widget.show_all()
        self.remove.set_visible(row.is_file)
        self._connect()
        self.draw(row)

    def _connect(self) -> None:
        source, tell, artist = self.source, self._presenter.choosing, self._drawing.unless
        self.tick.connect("toggled", artist(lambda: tell.tick(source, self.is_ticked())))
        for field, act in ((self.weight, tell.set_weight), (self.brush, tell.set_brush_size)):
            told = artist(lambda act=act, field=field: act(source, field.get_value()))
            field.connect("value-changed", told)
        self.more.connect("clicked", self._show_menu)
        self.remove.connect("clicked", lambda *_: tell.remove_file(source))

    def _show_menu(self, *_) -> None:
        self.menu = Gtk.Menu()
        fill(self.menu, menus.of_style(self._presenter, self._row))
        self.menu.popup_at_widget(self.more, Gdk.Gravity.SOUTH_WEST, Gdk.Gravity.NORTH_WEST, None)

    def is_ticked(self) -> bool:
        return self.tick.get_active()

    def draw(self, row: Row) -> None:
        self._row = row
        self.said.set_text(row.said)
        self.said.set_tooltip_text(row.said or None)
        self.said.set_visible(bool(row.said))
        self.colour.set_markup(f'<span foreground="{row.colour or "white"}">{words.SWATCH}</span>')
        self.colour.set_visible(bool(row.colour))
        self.more.set_opacity(1.0 if row.ticked else 0.0)
        self.more.set_sensitive(row.ticked)
        self.label.set_text(row.name)
        self.label.set_tooltip_text(row.hint)
        self.label.set_sensitive(row.ticked or row.visible)
        self.tick.get_accessible().set_name(row.name)
        for field, number in ((self.weight, row.weight), (self.brush, row.brush_size)):
            # kept in its place when unseen, so that the names do not move
            field.set_opacity(1.0 if row.ticked else 0.0)
            field.set_sensitive(row.ticked)
            if field.get_value() != number:
                with self._drawing:
                    field.set_value(number)
        with self._drawing:
            self.tick.set_active(row.ticked)

    def show_picture(self, small: Pixels) -> None:
        self.picture.set_from_pixbuf(fitted(image_of(small), SIDE, SIDE))


class StyleList:
    """The rows under their heading, and the button that adds files."""

    def __init__(self, presenter: Presenter):
        self._presenter = presenter
        self.rows = RowList(
            lambda row: StyleRow(row, presenter), self._put, lambda row: row.widget.destroy()
        )
        self._wanted: Source = ""  # what is to be scrolled to, once it has a place
        self._until = math.inf
        self.heading = heading(self.rows.heading)
        self.add = Gtk.Button.new_with_mnemonic(tr("Add _picture file..."))
        self.add.connect("clicked", lambda *_: presenter.choosing.ask_for_files())
        self._empty = Gtk.Label(justify=Gtk.Justification.CENTER, margin=12, sensitive=False)
        self._empty.show()
        self._box = Gtk.ListBox(activate_on_single_click=True)
        self._box.set_placeholder(self._empty)
        self._box.connect("row-activated", self._turn)
        self._box.set_name(NAME)
        look = Gtk.CssProvider()
        look.load_from_data(LOOK.encode())
        Gtk.StyleContext.add_provider_for_screen(
            Gdk.Screen.get_default(), look, Gtk.STYLE_PROVIDER_PRIORITY_USER
        )
        self.room = Gtk.ScrolledWindow(shadow_type=Gtk.ShadowType.IN)
        self.room.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
        self.room.set_size_request(-1, LEAST)
        self.room.add(self._box)
        self.room.get_vadjustment().connect("changed", lambda *_: GLib.idle_add(self._reveal))
        head = Gtk.Box(spacing=10)
        head.pack_start(self.heading, True, True, 0)
        head.pack_start(self.add, False, False, 0)
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self.widget.pack_start(head, False, False, 0)
        self.widget.pack_start(self.room, True, True, 0)
        about(self.widget, manual.STYLES)
        self._is_over = False  # whether files are dragged over it
        layers = Gtk.TargetEntry.new(LAYERS, 0, 0)
        self.widget.drag_dest_set(0, [layers], Gdk.DragAction.COPY)
        self.widget.drag_dest_add_uri_targets()
        for what, act in (
            ("drag-motion", self._consider), ("drag-leave", self._leave),
            ("drag-drop", self._fetch), ("drag-data-received", self._take),
        ):  # fmt: skip
            self.widget.connect(what, act)

    def draw(self, rows: tuple[Row, ...], empty: str) -> None:
        self._empty.set_text(empty)
        newly = self.rows.draw(rows).newly
        show_heading(self.heading, self.rows.heading)
        if newly is not None:
            self._wanted, self._until = newly, math.inf
            GLib.idle_add(self._reveal)

    def _say(self, message: str) -> None:
        self._presenter.say(message)

    @told
    def _consider(self, widget, context, *place_and_time) -> bool:
        """Picture files, and layers from GIMP's own list, are dropped anywhere on the list, which
        is framed meanwhile."""
        takes = self._presenter.state.takes_files and _is_known(widget, context)
        action = Gdk.DragAction.COPY if takes else Gdk.DragAction(0)
        Gdk.drag_status(context, action, place_and_time[-1])
        if takes != self._is_over:
            (self._box.drag_highlight if takes else self._box.drag_unhighlight)()
        self._is_over = takes
        return True

    @told
    def _leave(self, *_) -> None:
        self._box.drag_unhighlight()
        self._is_over = False

    @told
    def _fetch(self, widget, context, *place_and_time) -> bool:
        if is_known := _is_known(widget, context):
            widget.drag_get_data(context, widget.drag_dest_find_target(context), place_and_time[-1])
        return is_known

    @told
    def _take(self, _, context, *what) -> None:
        *_, data, _, time = what
        Gtk.drag_finish(context, True, False, time)  # whoever gives them keeps them
        if data.get_target().name() == LAYERS:
            self._presenter.choosing.take_layers(_layers(bytes(data.get_data()).decode()))
        else:
            self._presenter.choosing.add_files(data.get_uris())

    def _put(self, row: StyleRow, place: int) -> None:
        if row.widget.get_parent():
            self._box.remove(row.widget)
        self._box.insert(row.widget, place)

    def _reveal(self) -> None:
        """Scroll to what is wanted, no further than needed."""
        row, now = self.rows.all.get(self._wanted), time.monotonic()
        if row and row.widget.get_mapped() and now < self._until:
            self._until = min(self._until, now + SETTLE)
            place = row.widget.get_allocation()
            self.room.get_vadjustment().clamp_page(place.y, place.y + place.height)

    def _turn(self, _, widget) -> None:
        """A click anywhere in the row ticks it."""
        row = next(row for row in self.rows.all.values() if row.widget == widget)
        row.tick.set_active(not row.is_ticked())


def _layers(text: str) -> list[str]:
    """The ids of layers, as GIMP hands them over behind its process id; none of another GIMP's."""
    owner, *found = text.strip("\0").split(":")
    return found if owner == str(os.getppid()) else []


def _is_known(widget, context) -> bool:
    """Whether what is dragged over it are files, or layers."""
    target = widget.drag_dest_find_target(context)
    return bool(target) and target.name() != "NONE"
