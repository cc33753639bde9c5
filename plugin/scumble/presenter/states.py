"""What a dialog shows: a state out, drawn as it is; and what a toolkit must be able to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scumble.parameters import Value
from scumble.pixels import Extent, Pixels
from scumble.presenter.styles import Row, Source


@dataclass(frozen=True)
class Entry:
    """A layer that can be repainted. depth: how many groups it lies in."""

    id: str
    name: str
    depth: int = 0


@dataclass(frozen=True)
class Page:
    """In place of all else, while Scumble is to be set up or is being set up.

    lines: what will be done, or is done. button: does it, or stops it; later: goes on to painting
    without it; either is nothing where that cannot be. stage, progress: how far it is; progress is
    None where that is not known. trouble: what came of it the last time.
    """

    heading: str
    lines: tuple[str, ...] = ()
    button: str = ""
    later: str = ""
    busy: bool = False
    stage: str = ""
    progress: float | None = None
    trouble: str = ""


@dataclass(frozen=True)
class State:
    """All that a dialog shows but its pictures and the values of the settings.

    contents, content: what can be repainted, and the id of what is. empty: what stands in place of
    the styles where there are none.
    ready: whether Apply can be pressed; why: if it cannot, the reason.
    stage, progress: how far it is, in words and from 0 to 1; None where that is not known.
    light: "ready", "busy" or "off"; status: of the painting process, in words.
    offer: of a result that was kept; discard: what the button says that does away with it.
    badge: what the picture shows.
    page: what stands in place of all this, but the title.
    """

    title: str = ""
    contents: tuple[Entry, ...] = ()
    content: str = ""
    rows: tuple[Row, ...] = ()
    empty: str = ""
    busy: bool = False
    ready: bool = False
    why: str = ""
    can_keep: bool = False
    message: str = ""
    stage: str = ""
    progress: float | None = None
    light: str = "busy"
    status: str = ""
    offer: str = ""
    discard: str = ""
    badge: str = ""
    page: Page | None = None


class Face(Protocol):
    """A dialog, drawn with a toolkit."""

    def draw(self, state: State) -> None:
        """Show this state; only what differs from the one before needs to be touched."""
        ...

    def draw_content(self, layer: str) -> None:
        """Show the picture of a layer, with no painting over it."""
        ...

    def draw_painting(self, pixels: Pixels, part: Extent, whole: Extent) -> None:
        """Show what is painted so far. part, whole: where it and the layer lie in the document."""
        ...

    def draw_offer(self, pixels: Pixels) -> None:
        """Show the small picture of the result that is offered; rgba8."""
        ...

    def draw_thumbnail(self, source: Source) -> None:
        """Show the small picture of a style."""
        ...

    def values(self) -> dict[str, Value]:
        """The settings. Raises ParameterError for a field that holds nonsense."""
        ...

    def fill(self, values: dict[str, Value]) -> None: ...

    def is_seen(self) -> bool:
        """Whether the dialog is open."""
        ...

    def tell_outside(self, message: str) -> None:
        """Say it where the artist looks while the dialog is not seen."""
        ...

    def ask(self, question: str, yes: str, then: Callable[[], None]) -> None:
        """Ask before something is lost; yes: what the button that does it says."""
        ...

    def open_file(self, path: Path) -> None:
        """Show a file with the artist's own program, if there is one."""
        ...
