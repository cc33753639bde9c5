"""The window of small pictures that is open beside the dialog: of the history, or of the presets.

What it holds is a Stock's; which of it is chosen, searched for and shown is said here.
"""

from collections.abc import Callable
from typing import Protocol

from scumble.guard import told
from scumble.presenter.states import Act, Card, Shelf


class Stock(Protocol):
    """What lies on a shelf."""

    title: str
    empty: str  # what is said where there is nothing
    looks: bool
    searches: bool
    topic: str  # in the manual

    def cards(self) -> list[Card]:
        """Read anew each time: another editor may have changed them."""
        ...

    def details(self, card: str) -> str: ...

    def acts(self, card: str) -> tuple[Act, ...]: ...

    def others(self) -> tuple[Act, ...]: ...

    def foot(self) -> str: ...

    def look(self, card: str) -> None:
        """Draw its large picture, where there is one."""
        ...

    def do(self, act: str, card: str) -> None: ...


class Shelves:
    """changed: called when what is shown is another. say tells a sentence."""

    def __init__(self, changed: Callable[[], object], say: Callable[[str], None]):
        self._changed, self._say = changed, say
        self.shelf: Shelf | None = None
        self._stock: Stock | None = None
        self._cards: list[Card] = []
        self._chosen, self._query = "", ""

    @told
    def open(self, stock: Stock) -> None:
        self._stock, self._chosen, self._query = stock, "", ""
        self.read()
        if self.shelf and self.shelf.cards:
            self.choose(self.shelf.cards[0].id)

    @told
    def close(self) -> None:
        if self._stock:
            self._stock = self.shelf = None
            self._changed()

    @told
    def read(self) -> None:
        """What lies on it may be other than a moment ago."""
        if self._stock:
            self._cards = self._stock.cards()
            self._show()

    @told
    def choose(self, card: str) -> None:
        if self._stock and card != self._chosen:
            self._chosen = card
            self._show()
            self._stock.look(card)

    @told
    def choose_at(self, place: int) -> None:
        """What stands there in the list; below 0 for nothing."""
        if self.shelf and 0 <= place < len(self.shelf.cards):
            self.choose(self.shelf.cards[place].id)

    @told
    def search(self, text: str) -> None:
        self._query = text.strip().casefold()
        self._show()

    @told
    def do_first(self) -> None:
        """What a double click does."""
        if self.shelf and self.shelf.acts:
            self.do(self.shelf.acts[0].id)

    @told
    def do(self, act: str) -> None:
        """One of the acts that are shown."""
        if self._stock and self.shelf:
            known = (*self.shelf.acts, *self.shelf.others)
            if any(each.id == act and each.enabled for each in known):
                self._stock.do(act, self._chosen)

    def _show(self) -> None:
        stock = self._stock
        if stock is None:
            return
        cards = tuple(each for each in self._cards if self._query in each.name.casefold())
        if self._chosen not in [each.id for each in cards]:
            self._chosen = ""
        there = bool(self._chosen)
        self.shelf = Shelf(
            stock.title, cards, "" if cards else stock.empty, self._chosen,
            stock.details(self._chosen) if there else "",
            stock.acts(self._chosen) if there else (), stock.others(),
            stock.looks, stock.searches, stock.foot(), stock.topic,
        )  # fmt: skip
        self._changed()
