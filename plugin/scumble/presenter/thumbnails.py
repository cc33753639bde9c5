"""The small pictures of styles: one at a time, so that a document of many layers opens the dialog
at once."""

from collections.abc import Callable, Iterable
from pathlib import Path

from scumble.guard import told
from scumble.presenter.editor import EditorHost
from scumble.presenter.states import Face
from scumble.presenter.styles import Source
from scumble.presenter.timers import Timers

SIDE = 40  # of one, in the toolkit's units
NAME = "thumbnails"  # of what runs by itself


class Thumbnails:
    """say tells a sentence."""

    def __init__(self, host: EditorHost, face: Face, timers: Timers, say: Callable[[str], None]):
        self._host, self._face, self._timers, self._say = host, face, timers, say
        self._ahead: list[Source] = []

    def draw(self, sources: Iterable[Source]) -> None:
        """These, in place of those that are not drawn yet."""
        self._ahead = []
        self.add(sources)

    def add(self, sources: Iterable[Source]) -> None:
        self._ahead += sources
        self._timers.run(NAME, 0, self._draw_next)

    @told
    def _draw_next(self) -> None:
        if not self._ahead:
            self._timers.halt(NAME)
            return
        source = self._ahead.pop(0)
        side, small = round(SIDE * self._face.density()), None
        if isinstance(source, Path):
            small = self._host.small_picture(source, side)
        elif self._host.is_there(source):
            small = self._host.small(source, side)
        if small:
            self._face.draw_thumbnail(source, small)
