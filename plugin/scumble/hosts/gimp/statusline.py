"""What the backend is doing, in the dialog's foot: a dot, a few words, and two buttons where it is
not running."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from scumble.hosts.gimp.api import Gio, GLib
from scumble.hosts.gimp.widgets import Gtk
from scumble.hosts.statusline import DOTS, StatusLineBase


class StatusLine(StatusLineBase):
    """start starts the backend; say tells a sentence."""

    def __init__(self, start: Callable[[], None], say: Callable[[str], None]):
        self._start, self._say = start, say
        self.words = Gtk.Label(xalign=0)
        self.start, self.log = (
            Gtk.Button(label=each, no_show_all=True) for each in ("Start", "Log")
        )
        self.widget = Gtk.Box(spacing=10)
        for each in (self.words, self.start, self.log):
            self.widget.pack_start(each, False, False, 0)
        self.start.connect("clicked", self._begin)
        self.log.connect("clicked", self._open_log)

    def _show(self, state: str, text: str) -> None:
        dot = f'<span foreground="{DOTS[state]}">●</span>'
        self.words.set_markup(f"{dot} {GLib.markup_escape_text(text)}")
        for button in (self.start, self.log):
            button.set_visible(state == "off")

    def _open(self, path: Path) -> None:
        with contextlib.suppress(GLib.Error):
            Gio.AppInfo.launch_default_for_uri(path.as_uri(), None)
