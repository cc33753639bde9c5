"""Files that a hand drags into an editor, out of a small window that gives them."""

import subprocess
from pathlib import Path

import machine
from session import HOME, Session, inside

HERE = Path(__file__).parent
SOURCE, TOLD = f"{HOME}/drag_source.py", f"{HOME}/dragged"
LONG = 60.0  # s
WINDOW = "^Files to drag$"

# A picture whose name has to be written otherwise in an address, and that address.
NAME = "Öl & 墨 #1"
PATH = f"{HOME}/Bilder für mich/{NAME}.png"
ADDRESS = Path(PATH).as_uri()


class Files:
    """The window, while this is entered. addresses: as a file manager gives them."""

    def __init__(self, session: Session, *addresses: str):
        self._session, self._addresses = session, addresses

    def __enter__(self) -> "Files":
        machine.copy_in(HERE / "inside_gimp/drag_source.py", SOURCE)
        inside(TOLD).unlink(missing_ok=True)
        display = inside(f"{HOME}/display").read_text().strip()
        self._window = subprocess.Popen(
            machine.command("python3", SOURCE, TOLD, *self._addresses),
            env=machine.environment(DISPLAY=f":{display}"),
        )
        self._session.wait(lambda: self.end() == "ready", LONG, "the files")
        return self

    def __exit__(self, *_) -> None:
        self._window.kill()
        self._window.wait()

    def carry(self, place: list[int]) -> None:
        """Take them, and hold them over a place of the screen."""
        x, y = place
        self._session.hand(
            "search", "--name", WINDOW, "mousemove", "--window", "%1", "45", "30", "sleep", "0.3",
            "mousedown", "1", "sleep", "0.2",
        )  # fmt: skip
        steps = ([str(x - 3 * n), str(y - 2 * n)] for n in (20, 15, 10, 5, 2, 1, 0))
        self._session.hand(
            "mousemove_relative", "10", "10", "sleep", "0.2", "mousemove_relative", "10", "10",
            *(word for step in steps for word in ("mousemove", *step, "sleep", "0.1")),
            "sleep", "0.5",
        )  # fmt: skip

    def let_go(self) -> str:
        """What became of them: "copy", "move", or "nothing" where nobody took them."""
        self._session.hand("mouseup", "1")
        self._session.wait(lambda: self.end() not in ("", "ready"), LONG, "the end of dragging")
        return self.end()

    def end(self) -> str:
        told = inside(TOLD)
        return told.read_text() if told.exists() else ""
