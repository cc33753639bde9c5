"""What Scumble is and takes on this computer, and its removal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scumble import disk, setup
from scumble.disk import Disk
from scumble.guard import told
from scumble.language import tr
from scumble.presenter import setupwords, words
from scumble.presenter.painting import Painting, in_thread
from scumble.presenter.states import Face
from scumble.presenter.timers import Loop
from scumble.session import BUSY

LITTLE = 10_000_000  # bytes that are not worth a button


class About:
    """removed: called when nothing is set up any more. say: tells a sentence."""

    def __init__(
        self,
        loop: Loop,
        face: Face,
        painting: Painting,
        removed: Callable[[], None],
        say: Callable[[str], None],
    ):
        self._loop, self._face = loop, face
        self._painting, self._removed, self._say = painting, removed, say

    @told
    def show(self) -> None:
        """Version, folder and size, with ways to make room, and to remove it."""
        folder = setup.look().folder

        def told(answer: tuple[str, Disk]) -> None:
            version, found = answer
            text = words.about(version, self._painting.where, found, folder)
            if not setup.can_remove(folder):
                self._say(text)
                return
            free = (tr("Free it"), lambda: self._free(folder, found.freeable))
            others = [free] if found.freeable >= LITTLE else []
            self._face.ask(text, tr("Remove..."), self._ask, *others)

        self._in_thread(lambda: setup.about(folder), told)

    @told
    def _free(self, folder: Path, size: int) -> None:
        self._in_thread(lambda: disk.free(folder), lambda _: self._say(words.freed(size)))

    @told
    def _ask(self) -> None:
        self._face.ask(setupwords.REMOVE, tr("Remove"), self._remove)

    @told
    def _remove(self) -> None:
        if self._painting.busy:
            self._say(BUSY)
            return
        folder = setup.look().folder

        def done(_: None) -> None:
            self._removed()
            self._say(setupwords.REMOVED)

        self._in_thread(lambda: setup.remove(folder), done)

    def _in_thread(self, ask: Callable[[], Any], then: Callable[[Any], None]) -> None:
        in_thread(self._loop, ask, lambda answer: self._then(then, answer))

    @told
    def _then(self, then: Callable[[Any], None], answer: Any) -> None:
        if isinstance(answer, str):  # of a failure
            self._say(answer)
        else:
            then(answer)
