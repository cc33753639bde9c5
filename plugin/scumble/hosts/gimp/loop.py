"""GIMP's main loop, as scumble.presenter.painting asks for it."""

from collections.abc import Callable

from scumble.hosts.gimp.api import GLib


class MainLoop:
    def __init__(self):
        self._loop = GLib.MainLoop()

    def run(self) -> None:
        """Until `quit`."""
        self._loop.run()

    def quit(self) -> None:
        self._loop.quit()

    def soon(self, function: Callable[[], object]) -> None:
        GLib.idle_add(_once(function))

    def repeat(self, interval: int, function: Callable[[], object]) -> Callable[[], object]:
        def again() -> bool:
            function()
            return True

        source = GLib.timeout_add(interval, again)
        return lambda: GLib.source_remove(source)


def _once(function: Callable[[], object]) -> Callable[[], bool]:
    def call() -> bool:
        function()
        return False

    return call
