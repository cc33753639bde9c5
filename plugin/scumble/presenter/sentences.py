"""What is said to the artist: one sentence about each matter, until it is over."""

from collections.abc import Callable

from scumble.presenter.states import Face

EVENT = "event"  # what happened, of which one after the other is said


class Sentences:
    """changed: called after each change. seen: whether the dialog is: else they are told outside,
    too."""

    def __init__(self, face: Face, seen: Callable[[], bool], changed: Callable[[], object]):
        self._face, self._seen, self._changed = face, seen, changed
        self._said: dict[str, str] = {}  # what it is about -> the sentence

    def __contains__(self, about: str) -> bool:
        return about in self._said

    @property
    def text(self) -> str:
        return "\n".join(dict.fromkeys(self._said.values()))

    @property
    def happened(self) -> str:
        """What is said of events, and not of the document."""
        return self._said.get(EVENT, "")

    def tell(self, about: str, message: str) -> None:
        """In place of what was said of the same matter; of events, after it."""
        before = self._said.get(about, "")
        if about == EVENT and before and message and message not in before:
            message = f"{before} {message}"
        if message:
            self._said[about] = message
        else:
            self._said.pop(about, None)
        self._changed()
        if message and message != before and not self._seen():
            self._face.tell_outside(message)

    def forget(self, *matters: str) -> None:
        """It is over, or will be found anew."""
        for about in matters:
            self._said.pop(about, None)

    def clear(self) -> None:
        self._said.clear()
