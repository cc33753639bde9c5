"""Where the time between Apply and the new layer goes; with the large pictures it is asked for."""

import functools
import time
from collections import defaultdict

from scumble_driver import QtCore  # pyright: ignore
from scumble_driver.documents import APP, add_node, picture_bytes, show  # pyright: ignore

import scumble.session
from scumble import launcher, pixels
from scumble.hosts.krita import colour
from scumble.hosts.krita.host import KritaHost

WATCHED = (  # owner, name of the function, what it is called here
    (launcher, "ensure", "finding the backend"),
    (KritaHost, "read", "reading the layers"),
    (colour, "convert", "of it, and of inserting: Krita converts"),
    (colour, "swapped", "of it, and of inserting: red and blue exchanged"),
    (pixels.Pixels, "digest", "naming the styles by their content"),
    (scumble.session.Session, "start", "reading and sending"),
    (KritaHost, "insert", "inserting"),
)
LAPS: dict = defaultdict(float)
MOMENTS: dict = {}


def large_document(depth, profile=""):
    """2048 px square to repaint, and two styles of 1024 px; the lowest layer's id."""
    document = APP.createDocument(2048, 2048, "large", "RGBA", depth, profile, 72.0)
    node = document.rootNode().childNodes()[0]
    node.setPixelData(_tiled(node, 2048, 0), 0, 0, 2048, 2048)
    show(document)
    for seed, name in ((3, "Night wind"), (4, "Ink")):
        style = document.createNode(name, "paintlayer")
        style.setPixelData(_tiled(style, 1024, seed), 0, 0, 1024, 1024)
        add_node(style)
    document.setModified(False)
    return node.uniqueId().toString()


def _tiled(node, side, seed):
    """A picture of 64 px again and again, since Python is slow."""
    small = bytes(picture_bytes(node, 64, 64, seed))
    row = len(small) // 64
    strip = b"".join(small[top : top + row] * (side // 64) for top in range(0, len(small), row))
    return QtCore.QByteArray(strip * (side // 64))


def start_watch():
    """Count from now; what is watched does as before."""
    if not MOMENTS:
        for owner, name, word in WATCHED:
            setattr(owner, name, _timed(getattr(owner, name), word))
    LAPS.clear()
    MOMENTS.clear()
    MOMENTS["started"] = time.monotonic()


def is_over():
    """Whether the layer has come."""
    return "inserting" in MOMENTS


def laps():
    """Seconds by stage, and from start_watch to the end of inserting."""
    return {**LAPS, "from Apply to the layer": MOMENTS["inserting"] - MOMENTS["started"]}


def _timed(function, word):
    @functools.wraps(function)
    def timed(*arguments, **named):
        began = time.monotonic()
        try:
            return function(*arguments, **named)
        finally:
            MOMENTS[word] = time.monotonic()
            LAPS[word] += MOMENTS[word] - began

    return timed
