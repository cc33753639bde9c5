"""What Krita cannot do, asked for, and what the plug-in says then."""

from scumble_driver.documents import APP  # pyright: ignore

from scumble.errors import ScumbleError
from scumble.hosts.krita import colour
from scumble.hosts.krita.host import KritaHost
from scumble.pixels import Extent

SRGB = colour.Space("RGBA", "U8", "")
ONE = (bytes(4), 1, 1)


def refused(what):
    try:
        DO[what](APP.activeDocument())
    except ScumbleError as error:
        return str(error)
    return ""


def _read_filter(document):
    node = document.nodeByName("Soft")
    KritaHost(document, None).read(node.uniqueId().toString())


def _write_too_little(document):
    colour.write(document.createNode("A", "paintlayer"), bytes(3), Extent(0, 0, 2, 2))


DO = {
    "no pixels": _read_filter,
    "too few bytes": _write_too_little,
    "no such depth": lambda document: colour.convert(*ONE, SRGB, SRGB._replace(depth="U99")),
}
