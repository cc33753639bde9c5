"""What the hosts of editors have in common, and what the dialog asks of them beyond host.Host."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Protocol

from scumble import unclaimed
from scumble.errors import KeptError
from scumble.guard import sentence
from scumble.host import Host, NewLayer
from scumble.language import tr
from scumble.pixels import Extent, Pixels
from scumble.protocol import Progress

Mark = Any  # what finds a layer again in another session: a JSON value of the editor's own


class Teller(Protocol):
    """Who tells the artist, in the editor's way, what a job says."""

    def say(self, message: str) -> None: ...

    def show_progress(self, progress: Progress) -> None: ...

    def show_preview(self, pixels: Pixels) -> None: ...


class Frames(ABC):
    """The frames of an animated layer as they were when they were taken, whatever became of it
    since. times: when each begins, in order. extent: around all that lies on them."""

    times: list[int]
    extent: Extent

    @abstractmethod
    def read(self, time: int) -> Pixels | None:
        """One of them, of the extent of all; None of an empty one. Raises InputError."""


class EditorHost(Host):
    """An open document of an editor."""

    WAITS_FOR = tr("your stroke ends")  # what a result waits for while the document is not free
    PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp")  # files that it reads
    SHOWS_OVER = False  # whether `show_over` shows something
    REPLACES = False  # whether results can take the place of their layers' pixels

    teller: Teller  # the dialog's presenter, or who else is to hear of it

    @abstractmethod
    def title(self) -> str:
        """The document's name for the artist, also when it is closed."""

    @abstractmethod
    def folder(self) -> Path | None:
        """Where the document's file lies; None for one that was never saved, or is closed."""

    @abstractmethod
    def selected_layers(self) -> list[str]:
        """The ids of the layers that are selected together, the one clicked first before others
        where the editor knows."""

    @abstractmethod
    def warning(self, content: str) -> str:
        """What the artist should know before this layer is repainted; or nothing."""

    @abstractmethod
    def put(self, new: NewLayer) -> str:
        """As `insert`, which keeps the result where this fails."""

    def put_together(self, layers: list[NewLayer], group: str) -> list[str]:
        """As `insert_together`, which keeps the results where this fails. Here: of an editor that
        undoes nothing."""
        return [self.put(each) for each in layers]

    def take_frames(self, layer: str) -> Frames:
        """Of a layer that has `frames`. Raises InputError where they cannot be had."""
        raise NotImplementedError

    def put_frames(self, frames: Frames, painted: dict[int, Pixels], new: NewLayer) -> str:
        """As `put`, one animated layer with frames at the same times; those that are not painted
        are empty. painted: by these times; new is told the first of them."""
        raise NotImplementedError

    def small(self, layer: str, side: int) -> Pixels | None:
        """A picture of a layer, at most side px, of its own shape, as rgba8; none of an empty one.
        To be looked at."""
        return self.read(layer).small(side)

    def small_picture(self, path: Path, side: int) -> Pixels | None:
        """The same of a picture file; none of one that cannot be shown. Raises PictureError."""
        return self.read_picture(path).small(side)

    @abstractmethod
    def mark(self, layer: str) -> Mark:
        """What finds a layer again, also when the document was saved and opened."""

    @abstractmethod
    def find_mark(self, mark: Mark) -> str:
        """The id of the layer with this mark; nothing where it is gone, or the mark is none."""

    @abstractmethod
    def kept(self) -> str:
        """The text kept in the document by `keep`; nothing where there is none, or it is closed."""

    @abstractmethod
    def keep(self, text: str) -> None:
        """Keep a text in the document, where the editor saves it with it; not in one that is
        closed."""

    def show_over(self, painting: tuple[Pixels, Extent] | None) -> None:
        """Show this over the document where the artist sees that, or nothing any more: an rgba8
        picture, and where it lies. Touches nothing in the document; nobody misses it there."""
        return None

    def obstacle(self) -> str:
        """What keeps any result from coming in, until the artist does something; or nothing."""
        return ""

    def is_free(self) -> bool:
        return True

    def insert(self, new: NewLayer) -> str:
        try:
            return self.put(new)
        except Exception as error:
            why = sentence(error)
            unclaimed.keep(new.pixels, new.name, self.title(), new.mask)
            raise KeptError(
                tr("{why} The result is kept for a day, and offered here.", why=why)
            ) from error

    def insert_together(self, layers: list[NewLayer], group: str) -> list[str]:
        if len(layers) == 1:
            return [self.insert(layers[0])]
        try:
            return self.put_together(layers, group)
        except Exception as error:
            raise self._set_back(layers, error) from error

    def insert_frames(
        self, frames: Frames, painted: dict[int, Pixels], new: NewLayer, each: list[NewLayer]
    ) -> str:
        """As `put_frames`, which keeps each by its own name where this fails."""
        try:
            return self.put_frames(frames, painted, new)
        except Exception as error:
            raise self._set_back(each, error) from error

    def _set_back(self, layers: list[NewLayer], error: Exception) -> KeptError:
        """What could not come in, kept and said."""
        why = sentence(error)
        for each in layers:
            unclaimed.keep(each.pixels, each.name, self.title(), each.mask)
        return KeptError(tr("{why} The results are kept for a day, and offered here.", why=why))

    def set_aside(self, pixels: Pixels, name: str, mask: Pixels | None = None) -> None:
        """The artist has closed the document, and gone on: the result is kept, and offered."""
        unclaimed.keep(pixels, name, self.title(), mask)
        self.say(
            tr(
                "“{document}” is closed: what was painted for it is kept for a day. Open Scumble "
                "to put it into a picture.",
                document=self.title(),
            )
        )

    def show_progress(self, progress: Progress) -> None:
        self.teller.show_progress(progress)

    def show_preview(self, pixels: Pixels) -> None:
        self.teller.show_preview(pixels)

    def say(self, message: str) -> None:
        self.teller.say(message)
