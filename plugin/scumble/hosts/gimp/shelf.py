"""The window of small pictures over the dialog: the history of the image, or the presets."""

from scumble.hosts.gimp.api import GLib
from scumble.hosts.gimp.canvas import Canvas, fitted, image_of
from scumble.hosts.gimp.widgets import Gdk, GdkPixbuf, Gtk, about, topic_of
from scumble.presenter import words
from scumble.presenter.drawing import Drawing
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import Act, Card, Shelf
from scumble.presenter.widgetlist import WidgetList

SIDE = 64  # px of a small picture
SIZE = (900, 560)  # px, to begin with
LEFT = 300  # px of the list


class ShelfWindow:
    def __init__(self, presenter: Presenter, parent):
        self._shelves, self._manual = presenter.shelves, presenter.manual
        self._cards: tuple[Card, ...] = ()
        self._drawing = Drawing()
        self.window = Gtk.Dialog(transient_for=parent, modal=True)
        self.window.set_default_size(*SIZE)
        self.query = Gtk.SearchEntry(placeholder_text=words.SEARCH)
        self.query.connect("search-changed", lambda *_: self._shelves.search(self.query.get_text()))
        self.things = Gtk.ListStore(GdkPixbuf.Pixbuf, str)
        self.list = Gtk.TreeView(model=self.things, headers_visible=False, enable_search=False)
        self.list.append_column(
            Gtk.TreeViewColumn("", Gtk.CellRendererPixbuf(width=SIDE + 8), pixbuf=0)
        )
        name = Gtk.CellRendererText(ellipsize=3)  # Pango's END
        self.list.append_column(Gtk.TreeViewColumn("", name, markup=1))
        self.list.get_selection().connect("changed", self._drawing.unless(self._choose))
        self.list.connect("row-activated", lambda *_: self._shelves.do_first())
        self.list.connect("key-press-event", self._press)
        self.empty = Gtk.Label(wrap=True, sensitive=False, margin=6)
        self.canvas = Canvas()
        self.details = Gtk.TextView(
            editable=False, cursor_visible=False, wrap_mode=Gtk.WrapMode.WORD, accepts_tab=False,
            left_margin=6, right_margin=6,
        )  # fmt: skip
        self.acts, self.others = Buttons(presenter), Buttons(presenter)
        self.foot = Gtk.Label(xalign=0, wrap=True)
        self._lay_out()
        self.window.connect("key-press-event", self._press_help)
        self.window.connect("response", lambda *_: self._shelves.close())
        self.window.connect("delete-event", lambda *_: True)  # it is only hidden

    def _lay_out(self) -> None:
        left, right, last = (Gtk.Box(spacing=6) for _ in range(3))
        for each in (left, right):
            each.set_orientation(Gtk.Orientation.VERTICAL)
        left.set_size_request(LEFT, -1)
        for each, grows in ((self.query, False), (_scrolled(self.list), True), (self.empty, False)):
            left.pack_start(each, grows, grows, 0)
        for each, grows in (
            (self.canvas.widget, True), (_scrolled(self.details), True), (self.acts.widget, False),
        ):  # fmt: skip
            right.pack_start(each, grows, grows, 0)
        close = Gtk.Button(label=words.CLOSE)
        close.connect("clicked", lambda *_: self._shelves.close())
        last.pack_start(self.others.widget, False, False, 0)
        last.pack_end(close, False, False, 0)
        columns, inside = Gtk.Box(spacing=12), self.window.get_content_area()
        columns.pack_start(left, False, False, 0)
        columns.pack_start(right, True, True, 0)
        inside.set_border_width(12)
        inside.set_spacing(12)
        inside.pack_start(columns, True, True, 0)
        inside.pack_start(self.foot, False, False, 0)
        inside.pack_start(last, False, False, 0)
        inside.show_all()

    def draw(self, shelf: Shelf | None) -> None:
        """Show it; or hide, where none is open."""
        if shelf is None:
            self.window.hide()
            return
        self.window.set_title(shelf.title)
        about(self.window, shelf.topic)
        with self._drawing:
            self._draw_cards(shelf)
        self.empty.set_text(shelf.empty)
        self.empty.set_visible(bool(shelf.empty))
        self.query.set_visible(shelf.searches)
        self.canvas.widget.set_visible(shelf.looks)
        self.details.get_buffer().set_text(shelf.details)
        self.acts.draw(shelf.acts)
        self.others.draw(shelf.others)
        self.foot.set_text(shelf.foot)
        self.foot.set_visible(bool(shelf.foot))
        if not self.window.get_visible():
            self.query.set_text("")
            self.window.present()

    def _draw_cards(self, shelf: Shelf) -> None:
        if shelf.cards != self._cards:
            self._cards = shelf.cards
            self.things.clear()
            for each in shelf.cards:
                self.things.append([_picture(each), _markup(each)])
        self.list.get_selection().unselect_all()
        if shelf.chosen:
            self.list.set_cursor(Gtk.TreePath(shelf.place))

    def _choose(self) -> None:
        _, there = self.list.get_selection().get_selected_rows()
        if there:
            self._shelves.choose_at(there[0].get_indices()[0])

    def _press(self, _, event) -> bool:
        if event.keyval == Gdk.KEY_Delete:
            self._shelves.do("delete")
        return event.keyval == Gdk.KEY_Delete

    def _press_help(self, _, event) -> bool:
        if is_help := event.keyval == Gdk.KEY_F1:
            self._manual.open(topic_of(self.window))
        return is_help


class Buttons:
    """A button for each act."""

    def __init__(self, presenter: Presenter):
        self._shelves = presenter.shelves
        self.widget = Gtk.Box(spacing=6)
        self.buttons = WidgetList(self._button, self.widget.reorder_child, Gtk.Widget.destroy)

    def draw(self, acts: tuple[Act, ...]) -> None:
        self.buttons.draw({each.id: each for each in acts})
        for each in acts:
            self.buttons.all[each.id].set_label(each.label)
            self.buttons.all[each.id].set_sensitive(each.enabled)

    def _button(self, act: Act):
        button = Gtk.Button(visible=True)
        button.connect("clicked", lambda *_: self._shelves.do(act.id))
        self.widget.pack_start(button, False, False, 0)
        return button


def _scrolled(widget):
    room = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER)
    room.set_shadow_type(Gtk.ShadowType.IN)
    room.add(widget)
    return room


def _picture(card: Card):
    return fitted(image_of(card.picture), SIDE, SIDE) if card.picture else None


def _markup(card: Card) -> str:
    title, note = (GLib.markup_escape_text(each) for each in (card.title, card.note))
    return f"{title}\n<small>{note}</small>"
