"""What an editor gives: the whole of what Scumble asks of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scumble.pixels import Extent, Pixels
from scumble.protocol import Progress


@dataclass(frozen=True)
class Layer:
    """A layer as the artist sees it in the list.

    id: the editor's own name for it, good while the document is open.
    kind: "paint", "group", "file" or another word of the editor's for what cannot be painted.
    extent: where it lies, in document pixels.
    """

    id: str
    name: str
    kind: str
    extent: Extent
    visible: bool = True


class Host(Protocol):
    """An editor with a document open. Each call raises InputError where it fails."""

    def layers(self) -> list[Layer]:
        """All layers, topmost first."""
        ...

    def active_layer(self) -> Layer | None: ...

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        """A layer's own pixels, whole or inside extent. Never changes the document."""
        ...

    def selection(self) -> Pixels | None:
        """What is selected in the document, as a grey8 mask; None where nothing is."""
        ...

    def read_picture(self, path: Path) -> Pixels:
        """A picture file, converted to sRGB."""
        ...

    def is_there(self, layer: str) -> bool:
        """Whether the document and this layer in it are still open."""
        ...

    def insert(self, pixels: Pixels, name: str, above: str) -> None:
        """A new layer right above another, undone in one step."""
        ...

    def open_document(self, pixels: Pixels, name: str) -> None:
        """The result on its own, where its document or layer is gone."""
        ...

    def show_progress(self, progress: Progress) -> None: ...

    def show_preview(self, pixels: Pixels) -> None: ...

    def say(self, message: str) -> None:
        """A sentence for the artist."""
        ...
