"""A line of the dialog that offers a result which nobody took."""

from collections.abc import Callable

from scumble.hosts.gimp.widgets import Gtk
from scumble.hosts.offer import OfferBase
from scumble.unclaimed import Unclaimed


class Offer(OfferBase):
    """insert puts a result into the image; say tells a sentence."""

    def __init__(self, insert: Callable[[Unclaimed], None], say: Callable[[str], None]):
        self._insert, self._say = insert, say
        self.words = Gtk.Label(xalign=0, wrap=True)
        self.take = Gtk.Button.new_with_mnemonic("_Insert as a layer")
        self.discard = Gtk.Button.new_with_mnemonic("_Discard")
        self.widget = Gtk.InfoBar(message_type=Gtk.MessageType.INFO)
        row = Gtk.Box(spacing=10)
        row.pack_start(self.words, True, True, 0)
        for button, act in ((self.take, self._take), (self.discard, self._discard)):
            button.connect("clicked", act)
            row.pack_start(button, False, False, 0)
        self.widget.get_content_area().pack_start(row, True, True, 0)
        self.widget.show_all()
        self.widget.set_no_show_all(True)

    def _show(self, text: str) -> None:
        self.widget.set_visible(bool(text))
        self.words.set_text(text)
