"""Drafts to choose from, side by side, below the picture."""

from collections.abc import Callable

from scumble.hosts.gimp.canvas import fitted, image_of
from scumble.hosts.gimp.widgets import Gtk
from scumble.presenter.states import Card, State
from scumble.presenter.widgetlist import WidgetList

SIDE = 104  # px of a picture
CHOSEN = "suggested-action"  # the look of a button


class DraftRow:
    """A button for each; hidden where there are none. choose: told the one that is pressed."""

    def __init__(self, choose: Callable[[str], object]):
        self._choose = choose
        self.widget = Gtk.Box(spacing=6, homogeneous=True, no_show_all=True)
        self.buttons = WidgetList(self._button, self.widget.reorder_child, Gtk.Widget.destroy)

    def draw(self, state: State) -> None:
        self.buttons.draw({each: each for each in state.drafts})
        for card, button in self.buttons.all.items():
            look = button.get_style_context()
            (look.add_class if card.id == state.draft else look.remove_class)(CHOSEN)
        self.widget.set_visible(bool(state.drafts))

    def _button(self, card: Card):
        button = Gtk.Button(tooltip_text=card.note, sensitive=card.picture is not None)
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=4)
        picture, caption = Gtk.Image(), Gtk.Label(label=card.name, ellipsize=3)  # Pango's END
        picture.set_size_request(-1, SIDE)
        if card.picture:
            picture.set_from_pixbuf(fitted(image_of(card.picture), SIDE, SIDE))
        for each in (picture, caption):
            column.pack_start(each, False, False, 0)
        button.add(column)
        button.get_accessible().set_name(card.name)
        button.connect("clicked", lambda *_: self._choose(card.id))
        button.show_all()
        self.widget.pack_start(button, True, True, 0)
        return button
