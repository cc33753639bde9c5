"""Where pictures are painted: on this computer, or on another one, whose key was pasted."""

from collections.abc import Callable

from scumble import backends
from scumble.errors import StartError
from scumble.guard import told
from scumble.presenter import words
from scumble.presenter.painting import Painting
from scumble.presenter.states import Face
from scumble.session import BUSY


class Elsewhere:
    """changed: called when it is another one from now on. say: tells a sentence."""

    def __init__(
        self,
        face: Face,
        painting: Painting,
        changed: Callable[[], None],
        say: Callable[[str], None],
    ):
        self._face, self._painting = face, painting
        self._changed, self._say = changed, say

    @property
    def chosen(self) -> str:
        """The other computer's name; nothing for this one."""
        return self._painting.where

    @told
    def look(self) -> None:
        """What was chosen last, in this window or another one."""
        found = backends.find(None)
        self._painting.where = found.name if found else ""

    def names(self) -> list[str]:
        """Of all other computers; none where the file that names them is damaged: `look` says
        so."""
        try:
            return list(backends.known())
        except StartError:
            return []

    @told
    def choose(self, name: str) -> None:
        if self._painting.busy:
            self._say(BUSY)
        elif name != self.chosen:
            backends.choose(name)
            self._painting.where = name
            self._changed()

    def pick(self) -> None:
        """One of those that are known, or a new one."""
        if names := self.names():
            lines = (*map(words.computer, names), words.ANOTHER)
            acts = [*(lambda name=name: self.choose(name) for name in names), self.ask]
            self._face.ask_choice(words.WHICH, lines, lambda place: acts[place]())
        else:
            self.ask()

    @told
    def ask(self) -> None:
        """For the text that the other computer printed."""
        self._face.ask_name(words.PASTE, self._add)

    @told
    def _add(self, text: str) -> None:
        self.choose(backends.add(text).name)
