"""What a dialog does by itself, by name: again and again, until it is halted."""

from collections.abc import Callable

from scumble.presenter.painting import Loop


class Timers:
    def __init__(self, loop: Loop):
        self._loop = loop
        self._stops: dict[str, Callable[[], object]] = {}

    def run(self, name: str, interval: int, function: Callable[[], object]) -> None:
        """Call it every so many ms; anew where it runs already."""
        self.halt(name)
        self._stops[name] = self._loop.repeat(interval, function)

    def halt(self, name: str) -> None:
        if stop := self._stops.pop(name, None):
            stop()

    def end(self) -> None:
        """All of it."""
        for name in list(self._stops):
            self.halt(name)
