"""The history of the document, on its shelf: look, paint again, put back, keep the best."""

import threading
from collections.abc import Callable
from typing import Any

from scumble import history, placement
from scumble.delivery import Coming
from scumble.errors import PictureError
from scumble.guard import told
from scumble.history import Entry
from scumble.host import MERGED, NewLayer
from scumble.pixels import Pixels
from scumble.presenter import manual, records, words
from scumble.presenter.editor import EditorHost
from scumble.presenter.painting import in_thread
from scumble.presenter.records import Record
from scumble.presenter.shelves import Shelves
from scumble.presenter.states import Act, Card, Face
from scumble.presenter.timers import Loop
from scumble.resultfiles import Result

LOOK = 1280  # px of the picture that is looked at


class HistoryList:
    """content: the layer to repaint. adopt: takes a record, and the styles it was described with,
    into the dialog. say tells a sentence."""

    title, empty = words.HISTORY, words.NO_HISTORY
    looks, searches, topic = True, False, manual.HISTORY

    def __init__(
        self,
        host: EditorHost,
        loop: Loop,
        face: Face,
        shelves: Shelves,
        adopt: Callable[[Record, Any], object],
        say: Callable[[str], None],
    ):
        self._host, self._loop, self._face, self._shelves = host, loop, face, shelves
        self._adopt, self._say = adopt, say
        self._entries: dict[str, Entry] = {}
        self._looked_at = ""
        self._writing: list = []  # threads
        self._turn = threading.Lock()  # to write
        self._closed = False

    @told
    def show(self) -> None:
        self._shelves.open(self)

    def add_done(self, coming: Coming, name: str, record: Record | None) -> None:
        """A result came, under this name."""
        done = coming.done
        result = Result(done.pixels, name, self._host.title(), done.mask)
        self.add(result, done.seconds, record)

    @told
    def add(self, result: Result, took: float, record: Record | None) -> None:
        """took: s; below 0 where nobody knows."""
        records.identify(self._host)
        name, asked = records.identity(self._host), {}
        if record:
            asked = records.asked(self._host, record)

        def keep() -> None:
            with self._turn:  # the results of many layers come at once: one fills the memory
                history.keep(name, result, took, asked)

        thread = in_thread(self._loop, keep, self._written)
        self._writing = [each for each in self._writing if each.is_alive()] + [thread]

    def close(self) -> None:
        """What is being written is whole before the editor goes."""
        self._closed = True
        for thread in self._writing:
            thread.join()

    @told
    def _written(self, trouble: str | None) -> None:
        if self._closed:
            return
        if trouble:
            self._say(trouble)
        self._shelves.read()

    @told
    def picture_of(self, styles: list[dict], values: dict) -> Pixels | None:
        """The small picture of the newest result that was painted so; none where none was."""
        for each in history.entries(records.identity(self._host)):
            record = records.record_of(self._host, each.asked)
            if record and record.values == values and named(each.asked["styles"]) == named(styles):
                return _small(each)
        return None

    # What lies there

    def cards(self) -> list[Card]:
        found = history.entries(records.identity(self._host))
        self._entries = {each.id: each for each in found}
        return [
            Card(each.id, each.name, words.painted_at(each), _small(each), each.starred)
            for each in found
        ]

    def details(self, card: str) -> str:
        entry = self._entries[card]
        asked = entry.asked if isinstance(entry.asked, dict) else {}
        styles, values = asked.get("styles"), asked.get("parameters")
        return words.painted_with(
            entry, words.styles_used(named(styles)), records.checked(values) if values else {}
        )

    def acts(self, card: str) -> tuple[Act, ...]:
        entry = self._entries[card]
        return (
            Act("use", words.USE, bool(entry.asked)), Act("insert", words.INSERT),
            Act("star", words.UNSTAR if entry.starred else words.STAR),
            Act("delete", words.DELETE),
        )  # fmt: skip

    def others(self) -> tuple[Act, ...]:
        return (Act("clear", words.DELETE_PLAIN, bool(self._plain())),)

    def foot(self) -> str:
        own = sum(each.size for each in self._entries.values())
        return words.disk(len(self._entries), own, history.size(), history.MOST)

    @told
    def look(self, card: str) -> None:
        self._looked_at, entry = card, self._entries.get(card)
        self._face.draw_look(None)
        if entry:
            in_thread(
                self._loop,
                lambda: entry.pixels().small(LOOK),
                lambda found: self._draw(card, found),
            )

    @told
    def _draw(self, card: str, found: Pixels | str) -> None:
        if self._closed or card != self._looked_at or self._shelves.shelf is None:
            return
        if isinstance(found, str):
            self._say(found)
        else:
            self._face.draw_look(found)

    # What is done with it

    @told
    def do(self, act: str, card: str) -> None:
        entry = self._entries.get(card)
        if act == "clear":
            plain = self._plain()
            question = words.delete_plain(len(plain), sum(each.size for each in plain))
            self._face.ask(question, words.DELETE, lambda: self._delete(plain))
        elif entry and act == "use":
            if record := records.record_of(self._host, entry.asked):
                self._shelves.close()
                self._adopt(record, entry.asked["styles"])
        elif entry and act == "insert":
            self._insert(entry)
        elif entry and act == "star":
            entry.star(not entry.starred)
            self._shelves.read()
        elif entry and act == "delete":
            question = words.delete_result(entry.name)
            self._face.ask(question, words.DELETE, lambda: self._delete([entry]))

    def _plain(self) -> list[Entry]:
        return [each for each in self._entries.values() if not each.starred]

    @told
    def _delete(self, entries: list[Entry]) -> None:
        for each in entries:
            each.forget()
        self._shelves.read()

    @told
    def _insert(self, entry: Entry) -> None:
        """Where it would come if it were painted now."""
        if not self._host.is_free():
            self._say(words.not_now(self._host.WAITS_FOR))
            return
        record, layers = records.record_of(self._host, entry.asked), self._host.layers()
        above = MERGED
        if record and self._host.is_there(record.content):
            earlier = records.results_of(self._host, record.content)
            above = placement.place_above(layers, record.content, [], earlier)
        name = placement.free_name(entry.name, [each.name for each in layers])
        layer = self._host.put(NewLayer(entry.pixels(), name, above, entry.mask()))
        if record:
            records.remember(self._host, layer, record)
        self._say(words.came_in(name))


def named(styles: Any) -> list[tuple[str, float, float]]:
    """Name, weight and brush size of each described style."""
    found = [each for each in styles if isinstance(each, dict)] if isinstance(styles, list) else []
    return [(records.style_name(each), *records.numbers_of(each)) for each in found]


def _small(entry: Entry) -> Pixels | None:
    try:
        return entry.small()
    except PictureError:
        return None
