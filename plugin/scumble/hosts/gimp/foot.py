"""The dialog's foot: what is offered, what is said, and what the painting process does."""

from scumble.hosts.gimp.api import GLib
from scumble.hosts.gimp.canvas import image_of
from scumble.hosts.gimp.widgets import Gtk
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.presenter import words
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import State

LETTERS = 60  # of a line at least, before it is wrapped
LINES = 3  # of a sentence, before it is cut short; a hint holds it whole


class Foot:
    """offer, message and status: three lines, one below the other."""

    def __init__(self, presenter: Presenter):
        self.offer_words, self.message_words = _words(), _words(selectable=True)
        self.take = Gtk.Button.new_with_mnemonic(tr("_Insert as a layer"))
        self.discard = Gtk.Button(use_underline=True)
        self.take.connect("clicked", lambda *_: presenter.offers.take(presenter.state.content))
        self.discard.connect("clicked", lambda *_: presenter.offers.discard())
        self.offer_picture = Gtk.Image()
        parts = (self.offer_words, self.take, self.discard)
        self.offer = _bar(Gtk.MessageType.INFO, *parts, before=self.offer_picture)
        self.message = _bar(Gtk.MessageType.WARNING, self.message_words)
        self.status_words = Gtk.Label(xalign=0, ellipsize=3)  # Pango's END
        self.start, self.log = (
            Gtk.Button(label=each, no_show_all=True) for each in (tr("Start"), tr("Log"))
        )
        self.start.connect("clicked", lambda *_: presenter.start_engine())
        self.log.connect("clicked", lambda *_: presenter.open_log())
        self.private = Gtk.Label(sensitive=False)
        self.status = Gtk.Box(spacing=10)
        for each in (self.status_words, self.start, self.log, self.private):
            self.status.pack_start(each, False, False, 0)

    def draw(self, state: State) -> None:
        for bar, label, text in (
            (self.offer, self.offer_words, state.offer),
            (self.message, self.message_words, state.message),
        ):
            label.set_text(text)
            label.set_tooltip_text(text or None)
            bar.set_visible(bool(text))
        self.discard.set_label(f"_{state.discard}")
        dot = f'<span foreground="{words.DOTS[state.light]}">●</span>'
        self.status_words.set_markup(f"{dot} {GLib.markup_escape_text(state.status)}")
        self.private.set_text(state.private)
        for button in (self.start, self.log):
            button.set_visible(state.light == "off")

    def draw_offer(self, pixels: Pixels) -> None:
        self.offer_picture.set_from_pixbuf(image_of(pixels))


def _words(selectable: bool = False):
    """Wrapped, so that a long sentence does not widen the dialog."""
    return Gtk.Label(
        xalign=0, wrap=True, wrap_mode=2, selectable=selectable, max_width_chars=LETTERS,
        lines=LINES, ellipsize=3,
    )  # fmt: skip  # Pango's WORD_CHAR: a long name is broken, too; and its END


def _bar(kind, label, *buttons, before=None):
    row = Gtk.Box(spacing=10)
    if before:
        row.pack_start(before, False, False, 0)
    row.pack_start(label, True, True, 0)
    for button in buttons:
        row.pack_start(button, False, False, 0)
    bar = Gtk.InfoBar(message_type=kind)
    bar.get_content_area().pack_start(row, True, True, 0)
    return bar
