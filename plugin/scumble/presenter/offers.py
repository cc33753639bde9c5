"""The offer of a result that nobody took: its document or editor was closed before it came.

What is discarded is offered once more, for a day, in its own document, after all else.
"""

from collections.abc import Callable

from scumble import placement, unclaimed
from scumble.guard import told
from scumble.host import MERGED, NewLayer
from scumble.language import tr
from scumble.presenter import records, words
from scumble.presenter.editor import EditorHost
from scumble.presenter.records import Record
from scumble.presenter.states import Face
from scumble.resultfiles import Result
from scumble.unclaimed import Unclaimed

SIDE = 48  # px of its small picture


class Offers:
    """changed: called when there is another one, or none. put: called when one is in the document,
    with how long it took, below 0 as nobody knows, and how it was painted. say tells a sentence."""

    def __init__(
        self,
        host: EditorHost,
        face: Face,
        changed: Callable[[], None],
        put: Callable[[Result, float, Record | None], object],
        say: Callable[[str], None],
    ):
        self._host, self._face, self._changed, self._say = host, face, changed, say
        self._has_put = put
        self._result: Unclaimed | None = None

    @property
    def text(self) -> str:
        return words.offer(self._result) if self._result else ""

    @property
    def discard_text(self) -> str:
        return words.discard(self._result) if self._result else ""

    @told
    def look(self) -> None:
        """Offer what is kept, that of this document first."""
        before, self._result = self._result, unclaimed.newest(self._host.title())
        if self._result and (before is None or before.path != self._result.path):
            self._face.draw_offer(self._result.pixels().small(SIDE))
        self._changed()

    @told
    def take(self, content: str) -> None:
        """Put it above this layer; asks first where it was painted for another document."""
        if result := self._result:
            here = self._host.title()
            if result.document == here:
                self._put(result, content)
            else:
                question = words.foreign_offer(result, here)
                self._face.ask(question, tr("Insert"), lambda: self._put(result, content))

    @told
    def discard(self) -> None:
        """The first time it can be had back."""
        if result := self._result:
            if result.discarded:
                result.forget()
            else:
                result.discard()
            self.look()

    @told
    def _put(self, result: Unclaimed, content: str) -> None:
        layers = self._host.layers()
        above = MERGED
        if self._host.is_there(content):
            earlier = records.results_of(self._host, content)
            above = placement.place_above(layers, content, [], earlier)
        name = placement.free_name(result.name, [each.name for each in layers])
        pixels, mask = result.pixels(), result.mask()
        layer = self._host.put(NewLayer(pixels, name, above, mask))
        record = records.noted(self._host, result.document, result.when)
        if record:
            records.remember(self._host, layer, record)
        self._has_put(Result(pixels, name, self._host.title(), mask), -1.0, record)
        result.forget()
        self.look()
