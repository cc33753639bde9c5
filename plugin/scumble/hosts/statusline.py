"""What a dialog's line about the backend says and does, whatever it is drawn with."""

from collections.abc import Callable
from pathlib import Path

from scumble.connection import state_folder
from scumble.guard import guarded
from scumble.presenter import words
from scumble.protocol import StatusReply

DOTS = words.DOTS


class StatusLineBase:
    """start starts the backend; say tells a sentence."""

    _start: Callable[[], None]
    _say: Callable[[str], None]

    def _show(self, state: str, text: str) -> None:
        """Show a dot in the state's colour and a few words; when it is "off", two buttons."""
        raise NotImplementedError

    def _open(self, path: Path) -> None:
        """Show a file with the artist's own program, if there is one."""
        raise NotImplementedError

    def _tell(self, message: str) -> None:
        self._say(message)

    def show_status(self, status: StatusReply) -> None:
        busy = status.stage in ("starting", "painting")
        self._show("busy" if busy else "ready", words.status(status))

    def show_busy(self, text: str) -> None:
        self._show("busy", text)

    def show_off(self) -> None:
        self._show("off", words.NOT_RUNNING)

    @guarded(_tell)
    def _begin(self, *_) -> None:
        self.show_busy(words.STARTING)
        self._start()

    @guarded(_tell)
    def _open_log(self, *_) -> None:
        path = state_folder() / "server.log"
        self._say(words.log(path))  # said too: a bare system has nothing to open it with
        self._open(path)
