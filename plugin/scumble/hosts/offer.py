"""What a dialog's offer of a result that nobody took does, whatever it is drawn with."""

from collections.abc import Callable

from scumble import unclaimed
from scumble.guard import guarded
from scumble.presenter import words
from scumble.unclaimed import Unclaimed


class OfferBase:
    """insert puts a result into the document; say tells a sentence."""

    _insert: Callable[[Unclaimed], None]
    _say: Callable[[str], None]
    _result: Unclaimed | None = None

    def _show(self, text: str) -> None:
        """Show the offer in these words; hide it where there are none."""
        raise NotImplementedError

    def _tell(self, message: str) -> None:
        self._say(message)

    @guarded(_tell)
    def look(self, document: str) -> None:
        """Offer what is kept, that of this document first."""
        self._result = unclaimed.newest(document)
        self._show(words.offer(self._result) if self._result else "")

    @guarded(_tell)
    def _take(self, *_) -> None:
        assert self._result is not None
        self._insert(self._result)
        self._discard()

    @guarded(_tell)
    def _discard(self, *_) -> None:
        assert self._result is not None
        self._result.forget()
        self.look(self._result.document)
