"""What an editor gives: the whole of what Scumble asks of it."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scumble.pixels import Extent, Pixels
from scumble.protocol import Progress

SELECTION = "selection"  # what is selected, where a layer's id may stand
MERGED = "merged"  # the id of what is visible of all layers together, which is no layer


@dataclass(frozen=True)
class Layer:
    """A layer as the artist sees it in the list.

    id: the editor's own name for it, good while the document is open.
    kind: "paint", "group", "file" or another word of the editor's for what cannot be painted.
    extent: where it lies, in document pixels.
    parent: the id of the group that it lies in; nothing where it lies in none.
    frames: how many it has where it is animated; else none.
    """

    id: str
    name: str
    kind: str
    extent: Extent
    visible: bool = True
    parent: str = ""
    frames: int = 0


class NewLayer(NamedTuple):
    """A layer that is to come: right above another, or on top of all where that is MERGED.

    mask: grey8, of its extent, to lie over it as a mask that can be edited.
    replaces: the id of the layer whose own pixels it is to take the place of, if they still can be
    painted on, cut out by the mask; nothing where it is to be a layer of its own.
    """

    pixels: Pixels
    name: str
    above: str
    mask: Pixels | None = None
    replaces: str = ""


def readable(file: str) -> str:
    """A file's name for the artist: where the locale is "C", its letters are Python's escapes."""
    return os.fsencode(file).decode("utf-8", errors="replace")


class Host(ABC):
    """An editor with a document open. Each call raises InputError where it fails.

    Who forgets one of these is told so when the first is made, and not where it is missed.
    """

    @abstractmethod
    def layers(self) -> list[Layer]:
        """All layers, topmost first."""

    @abstractmethod
    def active_layer(self) -> Layer | None: ...

    @abstractmethod
    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        """A layer's own pixels, whole or inside extent. Never changes the document."""

    @abstractmethod
    def selection(self) -> Pixels | None:
        """What is selected in the document, as a grey8 mask; None where nothing is."""

    @abstractmethod
    def read_picture(self, path: Path) -> Pixels:
        """A picture file, converted to sRGB."""

    @abstractmethod
    def is_open(self) -> bool:
        """Whether the document is still there."""

    @abstractmethod
    def is_there(self, layer: str) -> bool:
        """Whether the document and this layer in it are still open."""

    @abstractmethod
    def is_free(self) -> bool:
        """Whether a layer may come in now: no stroke of the artist's is under way."""

    @abstractmethod
    def insert(self, new: NewLayer) -> str:
        """Put it in, undone in one step; its id, or that of the layer that it replaced."""

    def replaces(self, content: str) -> bool:
        """Whether what is painted of this layer is to take the place of its own pixels."""
        return False

    def insert_together(self, layers: list[NewLayer], group: str) -> list[str]:
        """Several, the topmost first, undone in one step; their ids. group: the name of a group
        that they lie in together, where the editor needs one for that."""
        return [self.insert(each) for each in layers]

    @abstractmethod
    def set_aside(self, pixels: Pixels, name: str, mask: Pixels | None = None) -> None:
        """Keep a result whose document is gone, and say where it is."""

    @abstractmethod
    def show_progress(self, progress: Progress) -> None: ...

    @abstractmethod
    def show_preview(self, pixels: Pixels) -> None: ...

    @abstractmethod
    def say(self, message: str) -> None:
        """A sentence for the artist."""


class ReadOnce:
    """Layers and picture files of a document, each as it was when it was read first."""

    def __init__(self, host: Host):
        self._host = host
        self._layers: dict[tuple[str, Extent | None], Pixels] = {}
        self._pictures: dict[Path, Pixels] = {}

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        """As Host.read."""
        if (layer, extent) not in self._layers:
            self._layers[layer, extent] = self._host.read(layer, extent)
        return self._layers[layer, extent]

    def read_picture(self, path: Path) -> Pixels:
        """As Host.read_picture."""
        if path not in self._pictures:
            self._pictures[path] = self._host.read_picture(path)
        return self._pictures[path]

    def forget(self) -> None:
        self._layers, self._pictures = {}, {}
