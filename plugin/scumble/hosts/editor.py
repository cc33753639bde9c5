"""What the hosts of editors have in common."""

from abc import abstractmethod
from typing import Protocol

from scumble.host import Host
from scumble.pixels import Pixels
from scumble.protocol import Progress


class Teller(Protocol):
    """Who tells the artist, in the editor's way, what a job says."""

    def say(self, message: str) -> None: ...

    def show_progress(self, progress: Progress) -> None: ...

    def show_preview(self, pixels: Pixels) -> None: ...


class EditorHost(Host):
    """An open document of an editor."""

    def __init__(self, teller: Teller):
        self._teller = teller
        self.inserted = ""  # the id of the newest result
        self.result_name = ""

    @abstractmethod
    def is_open(self) -> bool: ...

    @abstractmethod
    def title(self) -> str:
        """The document's name for the artist, also when it is closed."""

    def show_progress(self, progress: Progress) -> None:
        self._teller.show_progress(progress)

    def show_preview(self, pixels: Pixels) -> None:
        self._teller.show_preview(pixels)

    def say(self, message: str) -> None:
        self._teller.say(message)
