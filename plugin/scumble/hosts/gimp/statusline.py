"""What the backend is doing, in the dialog's foot: a dot, a few words, and two buttons where it is
not running."""

import contextlib
from collections.abc import Callable

from scumble.connection import state_folder
from scumble.guard import guarded
from scumble.hosts import words
from scumble.hosts.gimp.api import Gio, GLib
from scumble.hosts.gimp.widgets import Gtk
from scumble.protocol import StatusReply

DOTS = {"ready": "#4caf6d", "busy": "#d9a441", "off": "#d06060"}


class StatusLine:
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

    def _tell(self, message: str) -> None:
        self._say(message)

    def show_status(self, status: StatusReply) -> None:
        busy = status.stage in ("starting", "painting")
        self._show("busy" if busy else "ready", words.status(status))

    def show_busy(self, text: str) -> None:
        self._show("busy", text)

    def show_off(self) -> None:
        self._show("off", words.NOT_RUNNING)

    def _show(self, state: str, text: str) -> None:
        dot = f'<span foreground="{DOTS[state]}">●</span>'
        self.words.set_markup(f"{dot} {GLib.markup_escape_text(text)}")
        for button in (self.start, self.log):
            button.set_visible(state == "off")

    @guarded(_tell)
    def _begin(self, *_) -> None:
        self.show_busy(words.STARTING)
        self._start()

    @guarded(_tell)
    def _open_log(self, *_) -> None:
        path = state_folder() / "server.log"
        self._say(words.log(path))  # said too: a bare system has nothing to open it with
        with contextlib.suppress(GLib.Error):
            Gio.AppInfo.launch_default_for_uri(path.as_uri(), None)
