"""Drafts to choose from, side by side, below the picture."""

from collections.abc import Callable

from scumble.hosts.gimp.canvas import fitted, image_of
from scumble.hosts.gimp.widgets import Gtk
from scumble.presenter.states import Card, State

SIDE = 104  # px of a picture


class DraftRow:
    """A button for each; hidden where there are none. choose: told the one that is pressed."""

    def __init__(self, choose: Callable[[str], object]):
        self._choose = choose
        self._cards: tuple[Card, ...] = ()
        self._chosen = ""
        self.buttons: list = []
        self.widget = Gtk.Box(spacing=6, homogeneous=True, no_show_all=True)

    def draw(self, state: State) -> None:
        if (state.drafts, state.draft) != (self._cards, self._chosen):
            self._cards, self._chosen = state.drafts, state.draft
            for button in self.buttons:
                button.destroy()
            self.buttons = [self._button(each) for each in state.drafts]
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
        if card.id == self._chosen:
            button.get_style_context().add_class("suggested-action")
        button.add(column)
        button.get_accessible().set_name(card.name)
        button.connect("clicked", lambda *_: self._choose(card.id))
        button.show_all()
        self.widget.pack_start(button, True, True, 0)
        return button
