"""A line of the dialog that offers a result which nobody took."""

from collections.abc import Callable

from scumble import unclaimed
from scumble.guard import guarded
from scumble.hosts import words
from scumble.hosts.gimp.widgets import Gtk
from scumble.unclaimed import Unclaimed


class Offer:
    """insert puts a result into the image; say tells a sentence."""

    def __init__(self, insert: Callable[[Unclaimed], None], say: Callable[[str], None]):
        self._insert, self._say = insert, say
        self._result: Unclaimed | None = None
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

    def _tell(self, message: str) -> None:
        self._say(message)

    @guarded(_tell)
    def look(self, document: str) -> None:
        """Offer what is kept, that of this document first."""
        self._result = unclaimed.newest(document)
        self.widget.set_visible(self._result is not None)
        if self._result:
            self.words.set_text(words.offer(self._result))

    @guarded(_tell)
    def _take(self, *_) -> None:
        assert self._result is not None
        self._insert(self._result)
        self._discard()

    @guarded(_tell)
    def _discard(self, *_) -> None:
        assert self._result is not None
        self._result.forget()
        self.look(self._result.document)
