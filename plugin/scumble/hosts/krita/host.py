"""Krita as a host: layers in, one paint layer back, one undo step.

Krita can put neither a layer with a mask nor a group with a layer into a document as one undo step,
and changing a layer's blending mode or colour space is a step too. So the result is one flat layer,
filled before it is inserted. Reading goes through copies and changes nothing.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from scumble import unclaimed
from scumble.errors import LayerError, PictureError
from scumble.host import Layer
from scumble.hosts.editor import EditorHost, Teller
from scumble.hosts.krita import colour
from scumble.hosts.krita.qt import Krita, Qt, QtCore, QtGui, QtWidgets
from scumble.pixels import Extent, Pixels, check_size

MERGED = "merged"  # the id of what is visible, which is no layer

# Krita's word for a node with pixels -> ours. Masks and filters have none.
KINDS = {
    "paintlayer": "paint",
    "grouplayer": "group",
    "filelayer": "file",
    "vectorlayer": "vector",
    "clonelayer": "clone",
    "filllayer": "fill",
}
READABLE = (*KINDS.values(), MERGED)


@contextlib.contextmanager
def wait_cursor() -> Iterator[None]:
    QtWidgets.QApplication.setOverrideCursor(QtGui.QCursor(Qt.CursorShape.WaitCursor))
    try:
        yield
    finally:
        QtWidgets.QApplication.restoreOverrideCursor()


class KritaHost(EditorHost):
    def __init__(self, document, teller: Teller):
        super().__init__(teller)
        self.document = document
        self._title = ""

    def title(self) -> str:
        if self.is_open():
            file = Path(self.document.fileName()).name
            self._title = file or self.document.name() or "an unsaved picture"
        return self._title

    def layers(self) -> list[Layer]:
        """All layers, topmost first, then what is visible of all of them together."""
        if not self.is_open():
            return []
        nodes = _below(self.document.rootNode())
        return [_layer(node) for node in nodes] + [
            Layer(MERGED, "All that is visible", MERGED, self._canvas())
        ]

    def active_layer(self) -> Layer | None:
        """The layer the artist stands on; of a mask, the layer that it masks."""
        node = self.document.activeNode() if self.is_open() else None
        while node is not None and node.type().endswith("mask"):
            node = node.parentNode()
        return None if node is None or node.parentNode() is None else _layer(node)

    def active_mask(self) -> str:
        """The name of the mask the artist stands on; nothing where it is a layer."""
        node = self.document.activeNode() if self.is_open() else None
        return node.name() if node is not None and node.type().endswith("mask") else ""

    def selected_layers(self) -> list[str]:
        """The ids of the layers selected together in the docker."""
        for view in Krita.instance().views():
            if view.document() == self.document:
                return [_id(node) for node in view.selectedNodes()]
        return []

    def extent(self, layer: str) -> Extent:
        return self._canvas() if layer == MERGED else _extent(self._node(layer))

    def thumbnail(self, layer: str, side: int):
        """A small picture of a layer, in sRGB, of its own shape; Krita never enlarges."""
        merged, extent = layer == MERGED, self.extent(layer)
        if not extent.width or not extent.height:
            return QtGui.QImage()
        scale = min(1.0, side / max(extent.width, extent.height))
        size = (max(1, round(extent.width * scale)), max(1, round(extent.height * scale)))
        return (self.document if merged else self._node(layer)).thumbnail(*size)

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        """A layer as the artist sees it: masks applied, groups and vectors as rendered."""
        with wait_cursor():
            if layer == MERGED:
                return self._read_merged(extent)
            node = self._node(layer)
            if node.type() not in KINDS:
                raise LayerError(f"{node.name()!r} has no pixels of its own: choose another layer.")
            part = _extent(node)
            if not _is_own(node):  # Krita renders no more than the canvas
                part = part.intersection(self._canvas())
            if extent is not None:
                part = part.intersection(extent)
            if not part.width or not part.height:
                raise LayerError(f"{node.name()!r} is empty: paint on it, or choose another layer.")
            space = colour.space_of(node)
            check_size(part.width, part.height, colour.wire_format(space))
            return colour.to_wire(_pixels(node, part), part, space)

    def selection(self) -> Pixels | None:
        chosen = self.document.selection() if self.is_open() else None
        if chosen is None:
            return None
        box = Extent(chosen.x(), chosen.y(), chosen.width(), chosen.height())
        part = box.intersection(self._canvas())  # an inverted one has no end
        if not part.width or not part.height:
            return None
        return Pixels(part, "grey8", bytes(chosen.pixelData(*part)))

    def read_picture(self, path: Path) -> Pixels:
        reader = QtGui.QImageReader(str(path))
        reader.setAutoTransform(True)
        if reader.size().isValid():
            check_size(reader.size().width(), reader.size().height(), "rgba8")
        image = reader.read()
        if image.isNull():
            raise PictureError(f"{path.name} cannot be read ({reader.errorString()}): convert it.")
        if image.colorSpace().isValid():
            srgb = QtGui.QColorSpace(QtGui.QColorSpace.NamedColorSpace.SRgb)
            image.convertToColorSpace(srgb)
        image = image.convertToFormat(QtGui.QImage.Format.Format_RGBA8888)
        extent = Extent(0, 0, image.width(), image.height())
        return Pixels(
            extent, "rgba8", image.constBits().asstring(4 * image.width() * image.height())
        )

    def picture_thumbnail(self, path: Path, side: int):
        """A small picture of a file; a null one where it cannot be read."""
        reader = QtGui.QImageReader(str(path))
        reader.setAutoTransform(True)
        if reader.size().isValid():
            small = reader.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            reader.setScaledSize(small.expandedTo(QtCore.QSize(1, 1)))
        return reader.read()

    def is_open(self) -> bool:
        return any(each == self.document for each in Krita.instance().documents())

    def is_there(self, layer: str) -> bool:
        return self.is_open() and (layer == MERGED or self._find(layer) is not None)

    def insert(self, pixels: Pixels, name: str, above: str) -> None:
        with wait_cursor():
            node = self.document.createNode(name, "paintlayer")
            data = colour.from_wire(pixels, colour.space_of(self.document))
            colour.write(node, data, pixels.extent)
            if above == MERGED:
                parent, below = self.document.rootNode(), None
                for child in parent.childNodes():
                    below = child
            else:
                below = self._node(above)
                parent = below.parentNode()
            if not parent.addChildNode(node, below):
                raise LayerError("Krita took no new layer: unlock the group, and try again.")
            self.inserted, self.result_name = _id(node), name

    def open_document(self, pixels: Pixels, name: str) -> None:
        """Where the document is closed the artist has gone on: the result is kept, and offered."""
        if not self.is_open():
            unclaimed.keep(pixels, name, self.title())
            self.say(
                f"{self.title()!r} is closed: {name!r} is kept for a day, and Scumble offers it."
            )
            return
        with wait_cursor():
            application, extent = Krita.instance(), pixels.extent
            space = colour.wire_space(pixels.format)
            document = application.createDocument(extent.width, extent.height, name, *space, 300.0)
            node = document.rootNode().childNodes()[0]  # the background it comes with
            node.setName(name)
            data = colour.from_wire(pixels, space)
            colour.write(node, data, Extent(0, 0, extent.width, extent.height))
            window = application.activeWindow() or application.windows()[0]
            window.addView(document)
            document.refreshProjection()
            self.inserted, self.result_name = "", name

    def _read_merged(self, extent: Extent | None) -> Pixels:
        part, space = self._canvas(), colour.space_of(self.document)
        part = part if extent is None else part.intersection(extent)
        check_size(part.width, part.height, colour.wire_format(space))
        return colour.to_wire(bytes(self.document.pixelData(*part)), part, space)

    def _canvas(self) -> Extent:
        return Extent(0, 0, self.document.width(), self.document.height())

    def _find(self, layer: str):
        return self.document.nodeByUniqueID(QtCore.QUuid(layer))

    def _node(self, layer: str):
        node = self._find(layer) if self.is_open() else None
        if node is None:
            raise LayerError("The layer is gone: choose another.")
        return node


def _below(node) -> Iterator:
    """All nodes that an artist would call a layer, topmost first, each group before its layers."""
    for child in reversed(node.childNodes()):
        if child.type() and not child.type().endswith("mask"):
            yield child
        yield from _below(child)


def _layer(node) -> Layer:
    kind = KINDS.get(node.type(), "filter")
    return Layer(_id(node), node.name(), kind, _extent(node), node.visible())


def _id(node) -> str:
    return node.uniqueId().toString()


def _extent(node) -> Extent:
    """The rectangle around all that is not transparent; it may lie outside of the canvas."""
    found = node.bounds()
    return Extent(found.x(), found.y(), found.width(), found.height())


def _pixels(node, part: Extent) -> bytes:
    """A node's bytes: its own where nothing is laid over them, else as rendered."""
    return bytes(node.pixelData(*part) if _is_own(node) else node.projectionPixelData(*part))


def _is_own(node) -> bool:
    """Whether a layer is no more than its own pixels: no mask over it, no layers in it."""
    return node.type() == "paintlayer" and not node.childNodes()
