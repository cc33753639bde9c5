"""Krita as a host: layers in, one paint layer back, one undo step.

Putting a mask under a layer is an undo step, also before the layer is inserted, and changing a
layer's blending mode or colour space is one, too. So the result is one flat layer, filled before it
is inserted; one with a mask is a copy of such a layer in another document. Reading goes through
copies and changes nothing. Krita ends where a document that is closed is asked for more than its
name: so nothing asks before it has looked whether it is open.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from scumble import placement
from scumble.errors import LayerError, PictureError
from scumble.host import MERGED, Layer, NewLayer, readable
from scumble.hosts.krita import colour
from scumble.hosts.krita.canvas import pixels_of_image
from scumble.hosts.krita.frames import KritaFrames, times_of
from scumble.hosts.krita.nodes import bytes_of, extent_of, id_of, is_own, lay_mask, top_of
from scumble.hosts.krita.overlay import Overlay
from scumble.hosts.krita.qt import Krita, Qt, QtCore, QtGui, QtWidgets, name_of
from scumble.language import tr
from scumble.pixels import Extent, Pixels, check_size
from scumble.presenter import words
from scumble.presenter.editor import EditorHost, Frames, Mark
from scumble.presenter.timers import Loop

# Krita's word for a node with pixels -> ours. Masks and filters have none.
KINDS = {
    "paintlayer": "paint",
    "grouplayer": "group",
    "filelayer": "file",
    "vectorlayer": "vector",
    "clonelayer": "clone",
    "filllayer": "fill",
}
MASK = "transparencymask"
ANNOTATION = "scumble"  # what the document keeps for us
GONE = tr("The layer is gone: choose another.")
CALM, TURNS = 20, 100  # ms between two looks at which layer is active after one came, and how many


@contextlib.contextmanager
def wait_cursor() -> Iterator[None]:
    QtWidgets.QApplication.setOverrideCursor(QtGui.QCursor(Qt.CursorShape.WaitCursor))
    try:
        yield
    finally:
        QtWidgets.QApplication.restoreOverrideCursor()


class KritaHost(EditorHost):
    SHOWS_OVER = True

    def __init__(self, document, loop: Loop):
        super().__init__()
        self.document, self._loop = document, loop
        self._title = ""
        self._overlay = Overlay(document, loop)

    def title(self) -> str:
        """Its name, with a number where others that are open have the same: in the order of their
        tabs, as unsaved ones lie there without a name."""
        if self.is_open():
            name = _title(self.document)
            same = [each for each in Krita.instance().documents() if _title(each) == name]
            number = same.index(self.document) + 1
            self._title = f"{name} ({number})" if len(same) > 1 else name
        return self._title

    def folder(self) -> Path | None:
        file = self.document.fileName() if self.is_open() else ""
        return Path(file).parent if file else None

    def layers(self) -> list[Layer]:
        """All layers, topmost first, then what is visible of all of them together."""
        if not self.is_open():
            return []
        nodes, last = _below(self.document.rootNode()), self._last()
        return [_layer(node, last) for node in nodes] + [
            Layer(MERGED, words.ALL_VISIBLE, MERGED, self._canvas())
        ]

    def active_layer(self) -> Layer | None:
        """The layer the artist stands on; of a mask, the layer that it masks."""
        node = self.document.activeNode() if self.is_open() else None
        while node is not None and node.type().endswith("mask"):
            node = node.parentNode()
        return None if node is None or node.parentNode() is None else _layer(node, 0)

    def selected_layers(self) -> list[str]:
        """The ids of the layers selected together in the docker."""
        for view in Krita.instance().views():
            if view.document() == self.document:
                return [id_of(node) for node in view.selectedNodes()]
        return []

    def warning(self, content: str) -> str:
        """Of a mask that the artist stands on, and of frames that are left alone."""
        active = self.document.activeNode() if self.is_open() else None
        if active is not None and active.type().endswith("mask"):
            return tr("“{name}” is a mask: the layer that it masks is taken.", name=active.name())
        node = None if content == MERGED else self._find(content)
        if node is not None and len(times_of(node, self._last())) > 1:
            return tr(
                "“{name}” is animated: only the frame that is shown now is repainted. For the "
                "others, choose “All frames” under its name.",
                name=node.name(),
            )
        return ""

    def mark(self, layer: str) -> Mark:
        """Its unique id, which lives as long as the layer, across saving."""
        return layer

    def find_mark(self, mark: Mark) -> str:
        return mark if isinstance(mark, str) and self._find(mark) else ""

    def kept(self) -> str:
        found = self.document.annotation(ANNOTATION) if self.is_open() else b""
        return bytes(found).decode(errors="replace")

    def keep(self, text: str) -> None:
        """An annotation, which Krita saves with the document; by itself it is no change of it."""
        if not self.is_open():
            return
        data, modified = QtCore.QByteArray(text.encode()), self.document.modified()
        self.document.setAnnotation(ANNOTATION, tr("How Scumble painted"), data)
        if not modified:
            self.document.setModified(False)

    def extent(self, layer: str) -> Extent:
        return self._canvas() if layer == MERGED else extent_of(self._node(layer))

    def small(self, layer: str, side: int) -> Pixels | None:
        """In sRGB; Krita never enlarges."""
        merged, extent = layer == MERGED, self.extent(layer)
        if extent.is_empty:
            return None
        scale = min(1.0, side / max(extent.width, extent.height))
        size = (max(1, round(extent.width * scale)), max(1, round(extent.height * scale)))
        small = (self.document if merged else self._node(layer)).thumbnail(*size)
        masks = [] if merged else _masks(self._node(layer))
        return _shown(_under(small, masks, extent) if masks else small)

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        """A layer as the artist sees it: masks applied, groups and vectors as rendered."""
        with wait_cursor():
            if self.is_open():
                self.document.waitForDone()  # a large stroke is painted on when the hand is up
            if layer == MERGED:
                return self._read_merged(extent)
            node = self._node(layer)
            if node.type() not in KINDS:
                raise LayerError(
                    tr("“{name}” has no pixels of its own: choose another layer.", name=node.name())
                )
            part = extent_of(node)
            if not is_own(node):  # Krita renders no more than the canvas
                part = part.intersection(self._canvas())
            if extent is not None:
                part = part.intersection(extent)
            if not part.width or not part.height:
                raise LayerError(
                    tr("“{name}” is empty: paint on it, or choose another layer.", name=node.name())
                )
            space = colour.space_of(node)
            check_size(part.width, part.height, colour.wire_format(space))
            return colour.to_wire(bytes_of(node, part), part, space)

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
        reader = QtGui.QImageReader(name_of(path))
        reader.setAutoTransform(True)
        if reader.size().isValid():
            check_size(reader.size().width(), reader.size().height(), "rgba8")
        image = reader.read()
        if image.isNull():
            name, why = readable(path.name), reader.errorString()
            raise PictureError(tr("{name} cannot be read ({why}): convert it.", name=name, why=why))
        if image.colorSpace().isValid():
            srgb = QtGui.QColorSpace(QtGui.QColorSpace.NamedColorSpace.SRgb)
            image.convertToColorSpace(srgb)
        image = image.convertToFormat(QtGui.QImage.Format.Format_RGBA8888)
        extent = Extent(0, 0, image.width(), image.height())
        return Pixels(
            extent, "rgba8", image.constBits().asstring(4 * image.width() * image.height())
        )

    def small_picture(self, path: Path, side: int) -> Pixels | None:
        reader = QtGui.QImageReader(name_of(path))
        reader.setAutoTransform(True)
        if reader.size().isValid():
            small = reader.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            reader.setScaledSize(small.expandedTo(QtCore.QSize(1, 1)))
        return _shown(reader.read())

    def is_open(self) -> bool:
        return any(each == self.document for each in Krita.instance().documents())

    def is_there(self, layer: str) -> bool:
        return self.is_open() if layer == MERGED else self._find(layer) is not None

    def is_free(self) -> bool:
        """Not while a stroke is drawn, nor a filter or a tool at work: it would be cut off."""
        if not self.is_open():
            return True
        if free := self.document.tryBarrierLock():
            self.document.unlock()
        return free

    def put(self, new: NewLayer) -> str:
        with wait_cursor():
            if not self.is_open():
                raise LayerError(GONE)
            space = colour.space_of(self.document)
            if new.mask is None:
                node = _painted(self.document, new.pixels, new.name, space)
            else:
                node = _finished([new], space)
            self._add(node, new.above)
            return id_of(node)

    def put_together(self, layers: list[NewLayer], group: str) -> list[str]:
        """In a group, which is one undo step: above the topmost of the layers that they are for.
        What lies between those and is none of them lies under it then: that is said."""
        with wait_cursor():
            places = [each.above for each in layers]
            above, between = placement.place_together(self.layers(), places)
            node = _finished(layers, colour.space_of(self.document), group)
            self._add(node, above)
            if between:
                self.say(words.covered(between, group))
            return [id_of(each) for each in reversed(node.childNodes())]

    def take_frames(self, layer: str) -> Frames:
        with wait_cursor():
            if self.is_open():
                self.document.waitForDone()
            return KritaFrames(self._node(layer), self._canvas(), self._last())

    def put_frames(self, frames: Frames, painted: dict[int, Pixels], new: NewLayer) -> str:
        with wait_cursor():
            assert isinstance(frames, KritaFrames)
            node = frames.painted(painted, new.name, new.mask)
            self._add(node, new.above)
            return id_of(node)

    def _add(self, node, above: str) -> None:
        """Right above a layer. Raises LayerError."""
        if not self.is_open():  # by now: Krita may have turned its loop while layers were made
            raise LayerError(GONE)
        active = self.document.activeNode()
        if above == MERGED:
            parent = self.document.rootNode()
            below = top_of(parent)
        else:
            below = self._node(above)
            parent = below.parentNode()
            while parent.locked():  # Krita itself puts a new layer above such a group, too
                below, parent = parent, parent.parentNode()
        if not parent.addChildNode(node, below):
            raise LayerError(tr("Krita took no new layer: unlock the group, and try again."))
        if active is not None:
            self._stay_on(id_of(active), id_of(node))

    def show_over(self, painting: tuple[Pixels, Extent] | None) -> None:
        self._overlay.show(painting)

    def _stay_on(self, active: str, new: str) -> None:
        """Krita makes a new layer the active one some time after it came; the artist, who goes on
        painting, stays on the layer that was active before."""
        turns = iter(range(TURNS))

        def look() -> None:
            current = self.document.activeNode() if self.is_open() else None
            if current is not None and id_of(current) == new and self.is_there(active):
                self.document.setActiveNode(self._node(active))
            elif current is not None and next(turns, None) is not None:
                return
            stop()

        stop = self._loop.repeat(CALM, look)

    def _read_merged(self, extent: Extent | None) -> Pixels:
        part, space = self._canvas(), colour.space_of(self.document)
        part = part if extent is None else part.intersection(extent)
        check_size(part.width, part.height, colour.wire_format(space))
        return colour.to_wire(bytes(self.document.pixelData(*part)), part, space)

    def _last(self) -> int:
        """The time up to which frames are played."""
        return self.document.fullClipRangeEndTime()

    def _canvas(self) -> Extent:
        if not self.is_open():
            raise LayerError(GONE)
        return Extent(0, 0, self.document.width(), self.document.height())

    def _find(self, layer: str):
        return self.document.nodeByUniqueID(QtCore.QUuid(layer)) if self.is_open() else None

    def _node(self, layer: str):
        node = self._find(layer)
        if node is None:
            raise LayerError(GONE)
        return node


def _title(document) -> str:
    return Path(document.fileName()).name or document.name() or tr("an unsaved picture")


def _below(node) -> Iterator:
    """All nodes that an artist would call a layer, topmost first, each group before its layers."""
    for child in reversed(node.childNodes()):
        if child.type() and not child.type().endswith("mask"):
            yield child
        yield from _below(child)


def _painted(document, pixels: Pixels, name: str, space: colour.Space):
    """A layer that is not in the document yet."""
    node = document.createNode(name, "paintlayer")
    colour.write(node, colour.from_wire(pixels, space), pixels.extent)
    return node


def _finished(layers: list[NewLayer], space: colour.Space, group: str = ""):
    """The layer with its mask, or a group of all, topmost first, that is in no document, and of
    which no undo step knows."""
    with colour.workshop(space) as document:
        parent = document.rootNode()
        if group:
            parent = document.createGroupLayer(group)
            document.rootNode().addChildNode(parent, top_of(document.rootNode()))
        for each in reversed(layers):
            node = _painted(document, each.pixels, each.name, space)
            parent.addChildNode(node, top_of(parent))
            if each.mask:
                lay_mask(document, node, each.mask)
        document.waitForDone()
        return top_of(document.rootNode()).clone()


def _layer(node, last: int) -> Layer:
    """last: the time up to which frames are counted."""
    kind = KINDS.get(node.type(), "filter")
    parent = node.parentNode()
    group = id_of(parent) if parent is not None and parent.parentNode() is not None else ""
    place = (kind, extent_of(node), node.visible(), group)
    return Layer(id_of(node), node.name(), *place, len(times_of(node, last)))


def _masks(node) -> list:
    """The visible transparency masks of a layer."""
    return [
        child
        for child in node.childNodes()
        if child.type() == "transparencymask" and child.visible()
    ]


def _under(small, masks: list, extent: Extent):
    """A small picture of a layer as its masks let it be seen; Krita's own leaves them out."""
    width, height = small.width(), small.height()
    for mask in masks:
        data = bytes(mask.pixelData(*extent))
        grey = QtGui.QImage.Format.Format_Alpha8
        whole = QtGui.QImage(data, extent.width, extent.height, extent.width, grey)
        alpha = whole.scaled(width, height)
        painter = QtGui.QPainter(small)
        painter.setCompositionMode(QtGui.QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, alpha)
        painter.end()
    return small


def _shown(image) -> Pixels | None:
    return None if image.isNull() else pixels_of_image(image)
