"""In place of the dialog's body: what is to be set up first, and how that goes."""

from scumble.hosts.gimp.api import GLib
from scumble.hosts.gimp.widgets import Gtk
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import Page

LETTERS = 80  # of a line at most
BEAT = 200  # ms between moves of a bar that knows no end


class SetUpPage:
    """widget: the page."""

    def __init__(self, presenter: Presenter):
        self.heading = Gtk.Label(xalign=0)
        self.lines, self.trouble = _words(), _words()
        self.progress = Gtk.ProgressBar()
        self.stage = Gtk.Label(xalign=0, ellipsize=3)  # Pango's END
        self.other, self.later, self.button = (Gtk.Button() for _ in range(3))
        tell = presenter.setting_up
        for button, act in (
            (self.other, tell.other), (self.later, tell.later), (self.button, tell.press),
        ):  # fmt: skip
            button.connect("clicked", lambda *_, act=act: act())
        buttons = Gtk.Box(spacing=10)
        buttons.pack_start(self.other, False, False, 0)
        for each in (self.button, self.later):
            buttons.pack_end(each, False, False, 0)
        self.bar = Gtk.InfoBar(message_type=Gtk.MessageType.WARNING)
        self.bar.get_content_area().pack_start(self.trouble, True, True, 0)
        self.widget = Gtk.Box(
            orientation=Gtk.Orientation.VERTICAL, spacing=14,
            halign=Gtk.Align.CENTER, valign=Gtk.Align.CENTER,
        )  # fmt: skip
        for each in (self.heading, self.lines, self.progress, self.stage, self.bar, buttons):
            self.widget.pack_start(each, False, False, 0)
        self.widget.show_all()
        self.widget.hide()
        self.widget.set_no_show_all(True)
        self._moves = False  # whether the bar knows no end
        self._timer = GLib.timeout_add(BEAT, self._beat)

    def draw(self, page: Page) -> None:
        heading = GLib.markup_escape_text(page.heading)
        self.heading.set_markup(f'<span weight="bold" size="larger">{heading}</span>')
        self.lines.set_text("\n\n".join(page.lines))
        self._moves = page.busy and page.progress is None
        self.progress.set_fraction(page.progress or 0.0)
        self.stage.set_text(page.stage)
        self.trouble.set_text(page.trouble)
        texts = (self.other, page.other), (self.later, page.later), (self.button, page.button)
        for button, text in texts:
            button.set_label(text)
            button.set_visible(bool(text))
        for each in (self.progress, self.stage):
            each.set_visible(page.busy)
        self.bar.set_visible(bool(page.trouble))

    def end(self) -> None:
        GLib.source_remove(self._timer)

    def _beat(self) -> bool:
        if self._moves:
            self.progress.pulse()
        return True


def _words():
    return Gtk.Label(
        xalign=0, wrap=True, wrap_mode=2, selectable=True, width_chars=LETTERS,
        max_width_chars=LETTERS,
    )  # fmt: skip  # Pango's WORD_CHAR
