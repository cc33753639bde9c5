"""What is painted one after the other, with the same settings and styles: several layers."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from scumble.delivery import Coming, Delivered, deliver_together
from scumble.pixels import Pixels
from scumble.presenter import words
from scumble.presenter.editor import EditorHost
from scumble.presenter.painting import Painting
from scumble.presenter.records import Record
from scumble.session import Held

SeriesItem = TypeVar("SeriesItem")


class Series(ABC, Generic[SeriesItem]):
    """place: of the one that is painted, from 0; count: of all."""

    def __init__(self, items: list[SeriesItem]):
        self._items, self.place = items, -1

    @property
    def count(self) -> int:
        return len(self._items)

    @property
    def current(self) -> SeriesItem:
        return self._items[self.place]

    def advance(self) -> bool:
        """To the next one, where there is one."""
        if self.place + 1 >= self.count:
            return False
        self.place += 1
        return True

    def stop(self) -> None:
        """No other is wanted any more."""
        del self._items[self.place + 1 :]

    @abstractmethod
    def check(self, painting: Painting) -> None:
        """Raises InputError where one of them could not even start."""

    @abstractmethod
    def record(self) -> Record:
        """What is asked for of the current one."""

    @abstractmethod
    def held(self, selection: Pixels | None) -> Held | None:
        """What the current one is painted of; None where nothing is to be painted for it. Raises
        InputError."""

    def take(self, coming: Coming) -> None:
        """The current one is painted."""
        return None

    def release(self) -> None:
        """Nothing is painted any more: let go of what was."""
        return None

    @abstractmethod
    def record_of(self, content: str) -> Record | None:
        """How the result of this layer was painted."""

    @abstractmethod
    def said(self, stage: str) -> str:
        """What is said of a job, with which of them it is."""

    @abstractmethod
    def not_repainted(self) -> str:
        """What is said where the current one failed."""

    def worth_keeping(self, results: list[Coming]) -> list[Coming]:
        """Which of those that were painted when the rest was cancelled go into the history."""
        return results

    @abstractmethod
    def kept_in_history(self, count: int, painted: int) -> str:
        """What is said of so many that were kept, of those that were painted by then."""

    @abstractmethod
    def deliver(
        self, host: EditorHost, results: list[Coming], taken: Callable[[Coming], None]
    ) -> list[Delivered]:
        """Put the results into the document; see scumble.delivery."""


class LayerSeries(Series[Record]):
    """Each of some layers, the last one first."""

    def __init__(self, host: EditorHost, record: Record, layers: list[str]):
        super().__init__([replace(record, content=each) for each in reversed(layers)])
        self._host = host

    def check(self, painting: Painting) -> None:
        for each in self._items:
            painting.check(each.content, each.choices, each.values, each.roles)

    def record(self) -> Record:
        return self.current

    def held(self, selection: Pixels | None) -> Held:
        return Held(selection)

    def record_of(self, content: str) -> Record | None:
        return next((each for each in self._items if each.content == content), None)

    def said(self, stage: str) -> str:
        return words.layer_of(self.place + 1, self.count, stage)

    def not_repainted(self) -> str:
        layer = self.current.content
        name = next((each.name for each in self._host.layers() if each.id == layer), "")
        return words.not_repainted(name)

    def kept_in_history(self, count: int, painted: int) -> str:
        return words.kept_in_history(count)

    def deliver(
        self, host: EditorHost, results: list[Coming], taken: Callable[[Coming], None]
    ) -> list[Delivered]:
        return deliver_together(host, results, taken)
