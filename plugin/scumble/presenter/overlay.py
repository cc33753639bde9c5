"""The running painting over the document itself, for as long as it runs, where the editor can show
it there without touching the document. Whether it is wanted is remembered."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from scumble.connection import state_folder
from scumble.guard import told
from scumble.pixels import Extent, Pixels
from scumble.presenter.editor import EditorHost


class Overlay:
    """changed: called after it is wanted, or not any more. say tells a sentence."""

    def __init__(self, host: EditorHost, changed: Callable[[], object], say: Callable[[str], None]):
        self._host, self._changed, self._say = host, changed, say
        self._wanted = _file().exists()
        self._painting: tuple[Pixels, Extent] | None = None  # and where it lies

    @property
    def state(self) -> bool | None:
        """Whether it is shown; None where the editor cannot."""
        return self._wanted if self._host.SHOWS_OVER else None

    @told
    def show(self, on: bool) -> None:
        self._wanted = on
        with contextlib.suppress(OSError):  # then it is not remembered
            _file().touch() if on else _file().unlink(missing_ok=True)
        self._draw()
        self._changed()

    def paint(self, pixels: Pixels, part: Extent) -> None:
        """What is painted so far. part: where it lies in the document."""
        self._painting = (pixels, part)
        self._draw()

    def end(self) -> None:
        self._painting = None
        self._draw()

    def _draw(self) -> None:
        if self._host.SHOWS_OVER:
            self._host.show_over(self._painting if self._wanted else None)


def _file() -> Path:
    """There, or not."""
    return state_folder() / "overlay"
