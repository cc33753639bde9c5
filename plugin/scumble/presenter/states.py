"""What a dialog shows: a state out, drawn as it is; and what a toolkit must be able to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scumble.parameters import Value
from scumble.pixels import Extent, Pixels
from scumble.places import NO_ROLES, Roles
from scumble.presenter.roles import NO_PLACES, Option, Places
from scumble.presenter.styles import Row, Source
from scumble.presenter.view import WHOLE, View

STAR = "★ "  # before the name of what has one
INDENT = "    "  # before the name of a layer, for each group that it lies in
Then = Callable[[], object]  # what a button does


@dataclass(frozen=True)
class Entry:
    """A layer that can be repainted, or several. depth: how many groups it lies in."""

    id: str
    name: str
    depth: int = 0

    @property
    def option(self) -> Option:
        return Option(self.id, INDENT * self.depth + self.name)


@dataclass(frozen=True)
class Page:
    """In place of all else, while Scumble is to be set up or is being set up.

    lines: what will be done, or is done. button: does it, or stops it; later: goes on to painting
    without it; other: lets another computer paint, or this one again; each is nothing where that
    cannot be. stage, progress: how far it is; progress is
    None where that is not known. trouble: what came of it the last time.
    """

    heading: str
    lines: tuple[str, ...] = ()
    button: str = ""
    later: str = ""
    other: str = ""
    busy: bool = False
    stage: str = ""
    progress: float | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Card:
    """One thing on a shelf, with its small picture, if it has one. note: a line below its name."""

    id: str
    name: str
    note: str = ""
    picture: Pixels | None = None
    starred: bool = False

    @property
    def title(self) -> str:
        return f"{STAR * self.starred}{self.name}"


@dataclass(frozen=True)
class Act:
    """Something that can be done, by a button."""

    id: str
    label: str
    enabled: bool = True


@dataclass(frozen=True)
class Shelf:
    """A window of its own: the history of the document, or the presets.

    cards: those that are shown; empty: what stands in their place where there are none.
    chosen: the id of one of them; details: about it; acts: what can be done with it, the first by
    a double click, too. others: what can be done with all.
    looks: whether there is a large picture of it (Face.draw_look). searches: whether cards can be
    searched for. foot: what all take. topic: where the manual tells of it.
    """

    title: str
    cards: tuple[Card, ...] = ()
    empty: str = ""
    chosen: str = ""
    details: str = ""
    acts: tuple[Act, ...] = ()
    others: tuple[Act, ...] = ()
    looks: bool = False
    searches: bool = False
    foot: str = ""
    topic: str = ""

    @property
    def place(self) -> int:
        """Of the chosen card in the list; below 0 where none is."""
        return next((n for n, each in enumerate(self.cards) if each.id == self.chosen), -1)


@dataclass(frozen=True)
class State:
    """All that a dialog shows but its pictures and the values of the settings.

    contents, content: what can be repainted, and the id of what is. together: the id of the entry
    that stands for several layers, of which content is one; nothing where one alone is repainted.
    empty: what stands in place of the styles where there are none.
    ready: whether Apply can be pressed; why: if it cannot, the reason.
    stage, progress: how far it is, in words and from 0 to 1; None where that is not known.
    light: "ready", "busy" or "off"; status: of the painting process, in words.
    offer: of a result that was kept; discard: what the button says that does away with it.
    private: who sees the pictures.
    badge: what the picture shows.
    view: how the picture is looked at. regions: whether it is shown where styles lie; None where
    they lie everywhere. overlay: whether the running painting is shown over the document, too;
    None where the editor cannot show it there.
    places: those that can be chosen; roles: what is chosen, but for where each style lies.
    page: what stands in place of all this, but the title.
    shelf: the window that is open beside all this, if one is.
    drafts: to choose from, each with a picture once it is painted; draft: the one that was chosen.
    """

    title: str = ""
    contents: tuple[Entry, ...] = ()
    content: str = ""
    together: str = ""
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
    private: str = ""
    badge: str = ""
    view: View = WHOLE
    regions: bool | None = None
    overlay: bool | None = None
    places: Places = NO_PLACES
    roles: Roles = NO_ROLES
    page: Page | None = None
    shelf: Shelf | None = None
    drafts: tuple[Card, ...] = ()
    draft: str = ""

    @property
    def takes_files(self) -> bool:
        """Whether picture files can be dropped on the list of styles."""
        return not (self.busy or self.page)


class Face(Protocol):
    """A dialog, drawn with a toolkit."""

    def draw(self, state: State) -> None:
        """Show this state; only what differs from the one before needs to be touched."""
        ...

    def density(self) -> float:
        """How many px of the screen a unit of the toolkit has."""
        ...

    def draw_content(self, small: Pixels | None, whole: Extent | None) -> None:
        """Show this picture of a layer, with no painting over it; or none. rgba8; whole: where the
        layer lies."""
        ...

    def draw_painting(self, pixels: Pixels, part: Extent, whole: Extent) -> None:
        """Show what is painted so far. part, whole: where it and the layer lie in the document."""
        ...

    def draw_detail(self, content: Pixels, painting: Pixels | None) -> None:
        """Show these parts of both pictures over them, finer; rgba8, where they lie in the
        document. Until other pictures are shown."""
        ...

    def draw_regions(self, pixels: Pixels | None) -> None:
        """Show this over the whole of the picture, or nothing any more; rgba8."""
        ...

    def draw_offer(self, pixels: Pixels) -> None:
        """Show the small picture of the result that is offered; rgba8."""
        ...

    def draw_look(self, pixels: Pixels | None) -> None:
        """Show the large picture of what is chosen on the shelf, or none yet; rgba8."""
        ...

    def draw_thumbnail(self, source: Source, small: Pixels) -> None:
        """Show the small picture of a style; rgba8."""
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

    def ask(self, question: str, yes: str, then: Then, *others: tuple[str, Then]) -> None:
        """Ask before something is lost; yes: what the button that does it says; others: more
        buttons, and what they do."""
        ...

    def ask_name(self, question: str, then: Callable[[str], None]) -> None:
        """Ask for a line of text."""
        ...

    def ask_choice(
        self, question: str, choices: tuple[str, ...], then: Callable[[int], None]
    ) -> None:
        """Ask for one of these; then: told its place."""
        ...

    def ask_file(
        self, title: str, endings: tuple[str, ...], save_as: str, then: Callable[[Path], None]
    ) -> None:
        """Ask for a file with one of these endings, as in ".png"; save_as: the name to begin with
        of one that is to be written, nothing for one that is to be read."""
        ...

    def ask_pictures(
        self,
        title: str,
        endings: tuple[str, ...],
        folder: Path | None,
        then: Callable[[list[Path]], object],
    ) -> None:
        """Ask for picture files, one or several, with one of these endings; folder: where to begin
        to look."""
        ...

    def open_file(self, path: Path) -> None:
        """Show a file with the artist's own program, if there is one."""
        ...
