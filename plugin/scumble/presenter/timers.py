"""What a dialog does by itself, by name: again and again, until it is halted."""

from collections.abc import Callable
from typing import Protocol


class Loop(Protocol):
    """The editor's main loop."""

    def soon(self, function: Callable[[], object]) -> None:
        """From any thread: call this on the main one."""
        ...

    def repeat(self, interval: int, function: Callable[[], object]) -> Callable[[], object]:
        """Call this on the main thread every so many ms, until the answer is called."""
        ...


class Timers:
    def __init__(self, loop: Loop):
        self._loop = loop
        self._stops: dict[str, Callable[[], object]] = {}

    def run(self, name: str, interval: int, function: Callable[[], object]) -> None:
        """Call it every so many ms; anew where it runs already."""
        self.halt(name)
        self._stops[name] = self._loop.repeat(interval, function)

    def go_on(self, name: str, interval: int, function: Callable[[], object]) -> None:
        """As `run`; where it runs already it is left as it is."""
        if not self.runs(name):
            self.run(name, interval, function)

    def runs(self, name: str) -> bool:
        return name in self._stops

    def halt(self, name: str) -> None:
        if stop := self._stops.pop(name, None):
            stop()

    def end(self) -> None:
        """All of it."""
        for name in list(self._stops):
            self.halt(name)
