"""Steps with documents and their layers: make them, change them, describe them."""

import hashlib
import random
import struct
import time

from scumble_driver import QtCore, QtWidgets  # pyright: ignore

from krita import Krita, Selection  # pyright: ignore

APP = Krita.instance()
CANVAS = "QOpenGLWidget"
KINDS = {"U8": ("B", 255), "U16": ("H", 65535), "F16": ("e", 1), "F32": ("f", 1)}


PATIENCE = 20.0  # s for a canvas


def show(document):
    """In a view; come back when its canvas has been painted. Krita 5.2.9 ends where pixels change
    before that while no other canvas is open: it asks OpenGL for a context, and there is none."""
    window = APP.activeWindow()
    window.addView(document)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not _has_painted(window.qwindow()):
        QtWidgets.QApplication.processEvents()


def _has_painted(window):
    widgets = window.findChildren(QtWidgets.QWidget)
    seen = [each for each in widgets if each.inherits(CANVAS) and each.isVisible()]
    return bool(seen) and all(each.isValid() for each in seen)


def new_document(width, height, model="RGBA", depth="U8", profile=""):
    """A document with a view, its background a picture; the background's id.

    A picture for print or in Lab starts as RGB, so that its colours are ones a screen can show.
    """
    direct = model in ("RGBA", "GRAYA")
    first = (model, depth) if direct else ("RGBA", "U16")
    document = APP.createDocument(width, height, "test", *first, profile, 72.0)
    node = document.rootNode().childNodes()[0]
    node.setPixelData(picture_bytes(node, width, height), 0, 0, width, height)
    if not direct:
        document.setColorSpace(model, depth, APP.profiles(model, depth)[0])
        document.waitForDone()
    show(document)
    document.refreshProjection()
    document.waitForDone()
    document.setActiveNode(node)
    document.setModified(False)
    return node.uniqueId().toString()


def add_layer(name, x=0, y=0, width=64, height=64, seed=1, group=None, visible=True):
    """A paint layer with a picture; its id."""
    document = APP.activeDocument()
    node = document.createNode(name, "paintlayer")
    node.setPixelData(picture_bytes(node, width, height, seed), x, y, width, height)
    return add_node(node, group, visible)


def add_group(name, visible=True):
    return add_node(APP.activeDocument().createGroupLayer(name), None, visible)


def add_transparency_mask(layer):
    """A mask that hides the left half of a layer's first 64 px."""
    document = APP.activeDocument()
    mask = document.createTransparencyMask("mask")
    node_of(layer).addChildNode(mask, None)
    mask.setPixelData(QtCore.QByteArray(bytes([0] * 32 + [255] * 32) * 64), 0, 0, 64, 64)
    document.refreshProjection()
    document.waitForDone()


def add_node(node, group=None, visible=True):
    document = APP.activeDocument()
    parent = node_of(group) if group else document.rootNode()
    parent.addChildNode(node, None)
    node.setVisible(visible)
    document.refreshProjection()
    document.waitForDone()
    return node.uniqueId().toString()


def add_filter_layer(name):
    document = APP.activeDocument()
    node = document.createFilterLayer(name, APP.filter("blur"), Selection())
    return add_node(node, None, True)


def select(x, y, width, height, inverted=False):
    """Select a rectangle of the document, or all but that."""
    document, chosen = APP.activeDocument(), Selection()
    chosen.select(x, y, width, height, 255)
    document.setSelection(chosen)
    if inverted:
        APP.action("invert_selection").trigger()
    document.waitForDone()


def selection():
    """What is selected: its rectangle and a hash of it."""
    found = APP.activeDocument().selection()
    if found is None:
        return None
    place = (found.x(), found.y(), found.width(), found.height())
    return [place, hashlib.sha256(bytes(found.pixelData(*place))).hexdigest()]


def alpha(layer, row):
    """The alpha of one row of an 8-bit layer, over the document's width."""
    node, width = node_of(layer), APP.activeDocument().width()
    size = len(node.pixelData(0, 0, 1, 1))
    return list(bytes(node.pixelData(0, row, width, 1))[size - 1 :: size])


def save_picture(path):
    """What is visible, as a file."""
    document = APP.activeDocument()
    document.thumbnail(document.width(), document.height()).save(path)


def remove_layer(layer):
    node_of(layer).remove()
    APP.activeDocument().waitForDone()


def selected():
    return len(APP.activeWindow().activeView().selectedNodes())


def set_active(layer):
    if _active_document():
        _active_document().setActiveNode(node_of(layer))


def active():
    document = _active_document()
    node = document.activeNode() if document else None
    return node.uniqueId().toString() if node else ""


def _active_document():
    """None where it is one of a view that closes: Krita falls over what is gone."""
    document = APP.activeDocument()
    return document if any(each == document for each in APP.documents()) else None


def mark_unmodified():
    """So that Krita asks nothing when it closes."""
    for document in APP.documents():
        document.waitForDone()
        document.setModified(False)


def close_document():
    document = APP.activeDocument()
    document.setModified(False)
    document.close()


def save_and_open_again(path):
    """Save the document, close it, and open the file; the id of its lowest layer."""
    document = APP.activeDocument()
    document.setBatchmode(True)
    document.saveAs(path)
    document.waitForDone()
    close_document()
    document = APP.openDocument(path)
    show(document)
    document.waitForDone()
    return document.rootNode().childNodes()[0].uniqueId().toString()


def documents():
    return [document.name() for document in APP.documents()]


def close_all():
    for document in APP.documents():
        document.waitForDone()
        document.setModified(False)
        document.close()
    return not APP.documents()


def state():
    """All that a job must not change, and what it adds: every layer, bottom first."""
    return _state(APP.activeDocument())


def state_of(name):
    return _state(next(document for document in APP.documents() if document.name() == name))


def _state(document):
    document.waitForDone()
    found = []

    def walk(node, parent):
        for child in node.childNodes():
            found.append(_describe(child, parent))
            walk(child, child.name())

    walk(document.rootNode(), "")
    node = document.activeNode()
    chosen = node.uniqueId().toString() if node else ""
    return {"layers": found, "modified": document.modified(), "active": chosen}


def _describe(node, parent):
    box = node.bounds()
    place = (box.x(), box.y(), box.width(), box.height())
    if node.type() == "grouplayer":  # Krita forgets what of a group lies outside of the canvas
        place = (0, 0, 0, 0)
    return {
        "id": node.uniqueId().toString(), "name": node.name(), "type": node.type(),
        "parent": parent, "place": place, "visible": node.visible(), "opacity": node.opacity(),
        "space": [node.colorModel(), node.colorDepth(), node.colorProfile()],
        "pixels": hashlib.sha256(bytes(node.pixelData(*place))).hexdigest(),
    }  # fmt: skip


def difference(one, other):
    """The largest difference between two layers' channels, in parts of the whole range."""
    first, second = node_of(one), node_of(other)
    box = first.bounds()
    place = (box.x(), box.y(), box.width(), box.height())
    depth = first.colorDepth()
    a, b = (shares(bytes(node.pixelData(*place)), depth) for node in (first, second))
    assert len(a) == len(b)
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def shares(data, depth):
    """Bytes of a depth as numbers, in parts of the whole range."""
    kind, whole = KINDS[depth]
    numbers = struct.unpack(f"<{len(data) // struct.calcsize(kind)}{kind}", data)
    return [each / whole for each in numbers]


def node_of(layer):
    return APP.activeDocument().nodeByUniqueID(QtCore.QUuid(layer))


def picture_bytes(node, width, height, seed=0):
    """A soft picture within every model's gamut, of the node's own kind of pixels."""
    size = len(node.pixelData(0, 0, 1, 1))
    kind, whole = KINDS[node.colorDepth()]
    channels = size // struct.calcsize(kind)
    dice = random.Random(seed)
    tint = [0.35 + 0.2 * dice.random() for _ in range(channels)]
    data = bytearray()
    for row in range(height):
        for column in range(width):
            wave = 0.06 * ((column * 7 + row * 3 + seed * 11) % 16 - 8) / 8
            values = [tint[c] + wave * (c + 1) / channels for c in range(channels - 1)]
            alpha = 1.0 if (column // 8 + row // 8) % 5 else 0.5
            data += struct.pack(
                f"<{channels}{kind}",
                *(
                    each * whole if kind in "ef" else round(each * whole)
                    for each in [*values, alpha]
                ),
            )
    return QtCore.QByteArray(bytes(data))
