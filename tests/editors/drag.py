"""Files that a hand drags into an editor, out of a small window that gives them."""

import subprocess
from pathlib import Path

import machine
from session import HOME, Session, inside

HERE = Path(__file__).parent
SOURCE, TOLD = f"{HOME}/drag_source.py", f"{HOME}/dragged"
LONG = 60.0  # s
MIDDLE = [49, 90]  # of the window

# A picture whose name has to be written otherwise in an address, and that address.
NAME = "Öl & 墨 #1"
PATH = f"{HOME}/Bilder für mich/{NAME}.png"
ADDRESS = Path(PATH).as_uri()


def carry(session: Session, start: list[int], place: list[int]) -> None:
    """Press where something lies, and hold it over another place of the screen."""
    (left, top), (x, y) = start, place
    steps = [(left + n, top + n) for n in (0, 10, 20)] + [(x - n, y - n) for n in (40, 20, 10, 0)]
    first, *others = (
        ("mousemove", str(across), str(down), "sleep", "0.3") for across, down in steps
    )
    session.hand(
        *first, "mousedown", "1", "sleep", "0.3", *(word for each in others for word in each)
    )


class Files:
    """The window, while this is entered. addresses: as a file manager gives them."""

    def __init__(self, session: Session, *addresses: str):
        self._session, self._addresses = session, addresses

    def __enter__(self) -> "Files":
        machine.copy_in(HERE / "inside_gimp/drag_source.py", SOURCE)
        inside(TOLD).unlink(missing_ok=True)
        self._window = subprocess.Popen(
            machine.command("python3", SOURCE, TOLD, *self._addresses),
            env=machine.environment(DISPLAY=self._session.display),
        )
        self._session.wait(lambda: self.end() == "ready", LONG, "the files")
        return self

    def __exit__(self, *_) -> None:
        self._window.kill()
        self._window.wait()

    def carry(self, place: list[int]) -> None:
        """Take them, and hold them over a place of the screen."""
        carry(self._session, MIDDLE, place)

    def let_go(self) -> str:
        """What became of them: "copy", "move", or "nothing" where nobody took them."""
        self._session.hand("mouseup", "1")
        self._session.wait(lambda: self.end() not in ("", "ready"), LONG, "the end of dragging")
        return self.end()

    def end(self) -> str:
        told = inside(TOLD)
        return told.read_text() if told.exists() else ""
