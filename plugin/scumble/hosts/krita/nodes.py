"""Krita's nodes: what lies where on them, and their bytes."""

from typing import Any

from scumble.hosts.krita.qt import QtCore
from scumble.language import tr
from scumble.pixels import Extent, Pixels


def id_of(node) -> str:
    return node.uniqueId().toString()


def extent_of(node) -> Extent:
    """The rectangle around all that is not transparent; it may lie outside of the canvas."""
    found = node.bounds()
    return Extent(found.x(), found.y(), found.width(), found.height())


def bytes_of(node, part: Extent) -> bytes:
    """A node's bytes: its own where nothing is laid over them, else as rendered."""
    return bytes(node.pixelData(*part) if is_own(node) else node.projectionPixelData(*part))


def is_own(node) -> bool:
    """Whether a layer is no more than its own pixels: no mask over it, no layers in it."""
    return node.type() == "paintlayer" and not node.childNodes()


def top_of(parent) -> Any:
    """The topmost layer in a group; None of an empty one."""
    return next(reversed(parent.childNodes()), None)


def lay_mask(document, node, mask: Pixels) -> None:
    """Over a layer of a document that nobody sees. mask: grey8."""
    over = document.createTransparencyMask(tr("Selection"))
    node.addChildNode(over, None)
    over.setPixelData(QtCore.QByteArray(mask.data), *mask.extent)
