"""stack.xml, the table of contents of an OpenRaster document: which layers, where, how blended.

A new layer is written into the text of the file, so that every byte of it that is not ours, also
what no editor but the artist's own understands, stays as it was.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from scumble.errors import PictureError
from scumble.pixels import Extent, check_size

MAX_BYTES = 1 << 24
MAX_DEPTH = 64
MAX_LAYERS = 2000
FAR = 1_000_000  # px from the origin, beyond which no picture lies
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML
NORMAL = "svg:src-over"


@dataclass
class Node:
    """A layer or a group (<stack>) of stack.xml.

    id: the places on the way to it, counted from 0 at the top, as "2/0".
    start: where its tag begins, in bytes. children: topmost first.
    """

    id: str
    tag: str
    start: int
    attributes: dict[str, str]
    children: list["Node"] = field(default_factory=list)

    @property
    def group(self) -> bool:
        return self.tag == "stack"

    @property
    def name(self) -> str:
        return self.attributes.get("name") or self.src or self.tag

    @property
    def src(self) -> str:
        return self.attributes.get("src", "")

    @property
    def visible(self) -> bool:
        return self.attributes.get("visibility", "visible") != "hidden"

    @property
    def selected(self) -> bool:
        return self.attributes.get("selected") == "true"

    @property
    def mode(self) -> str:
        return self.attributes.get("composite-op", NORMAL)

    @property
    def opacity(self) -> float:
        return min(1.0, max(0.0, self._number("opacity", 1.0)))

    @property
    def isolated(self) -> bool:
        """Whether a group is composed on its own before it is laid on what is below."""
        plain = self.opacity == 1 and self.mode == NORMAL
        return not plain or self.attributes.get("isolation", "auto") != "auto"

    @property
    def place(self) -> tuple[int, int]:
        """x, y of a layer. Those of groups mean nothing: editors write and read them apart."""
        return self._whole("x"), self._whole("y")

    def walk(self) -> Iterator["Node"]:
        """All nodes below, topmost first, a group before its children."""
        for child in self.children:
            yield child
            yield from child.walk()

    def _number(self, attribute: str, default: float) -> float:
        text = self.attributes.get(attribute, "")
        try:
            number = float(text) if text else default
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self._wrong(attribute, text)
        return number

    def _whole(self, attribute: str) -> int:
        number = self._number(attribute, 0)
        if number != int(number) or abs(number) > FAR:
            raise self._wrong(attribute, self.attributes[attribute])
        return int(number)

    def _wrong(self, attribute: str, text: str) -> PictureError:
        return PictureError(
            f"The layer “{self.name}” has {attribute} “{text}”, which no editor writes: save the "
            "document again from your editor."
        )


@dataclass(frozen=True)
class Stack:
    """A document: its size in px, its layers, and the text they were read from."""

    extent: Extent
    root: Node
    text: bytes

    def nodes(self) -> dict[str, Node]:
        """All layers and groups by id, topmost first."""
        return {node.id: node for node in self.root.walk()}

    def with_layer(self, above: str, name: str, src: str, x: int, y: int) -> "Stack":
        """The document with one more layer, right above another and in the same group."""
        start = self.nodes()[above].start
        layer = (
            f'<layer name={quoteattr(_legal(name))} src="{src}" x="{x}" y="{y}" opacity="1.0" '
            f'visibility="visible" composite-op="{NORMAL}"/>'
        )
        indent = _indent(self.text, start)
        tag = layer.encode("ascii", "xmlcharrefreplace") + indent
        return parse(self.text[:start] + tag + self.text[start:])


def parse(text: bytes) -> Stack:
    """stack.xml as layers. Raises PictureError for what is none, DOCTYPE and entities included."""
    if b"\0" in text:
        raise PictureError("Its stack.xml is not UTF-8: save the document again from your editor.")
    reader = _Reader()
    try:
        reader.parse(text)
    except (expat.ExpatError, UnicodeError, LookupError, ValueError) as error:
        raise PictureError(
            f"Its stack.xml is damaged ({error}): save the document again from your editor."
        ) from error
    if reader.root is None:
        raise PictureError("Its stack.xml holds no layers: save the document again.")
    stack = Stack(Extent(0, 0, *reader.size), reader.root, text)
    for node in stack.root.walk():
        _ = node.place, node.opacity  # said now, not after the painting
    return stack


class _Reader:
    """Builds the tree while expat reads."""

    def __init__(self):
        self.root: Node | None = None
        self.size = (0, 0)
        self._path: list[Node | None] = []
        self._count = 0
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = lambda tag: self._path.pop()

    def parse(self, text: bytes) -> None:
        self._parser.Parse(text, True)

    def _refuse(self, *_) -> None:
        raise PictureError("Its stack.xml holds a DOCTYPE, which no editor writes: refused.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._path and tag == "image":
            self.size = _document_size(attributes)
        parent = self._path[-1] if self._path else None
        node = None
        if tag == "stack" and self.root is None and len(self._path) == 1 and self.size[0]:
            node = self.root = Node("", tag, self._parser.CurrentByteIndex, attributes)
        elif tag in ("stack", "layer") and parent is not None and parent.group:
            node = self._add(parent, tag, attributes)
        self._path.append(node)

    def _add(self, parent: Node, tag: str, attributes: dict[str, str]) -> Node:
        self._count += 1
        if self._count > MAX_LAYERS or len(self._path) > MAX_DEPTH:
            raise PictureError(
                f"The document has more than {MAX_LAYERS} layers, or groups more than {MAX_DEPTH} "
                "deep: merge some."
            )
        place = str(len(parent.children))
        id = f"{parent.id}/{place}" if parent.id else place
        node = Node(id, tag, self._parser.CurrentByteIndex, attributes)
        parent.children.append(node)
        return node


def _document_size(attributes: dict[str, str]) -> tuple[int, int]:
    try:
        width, height = int(attributes["w"]), int(attributes["h"])
    except (KeyError, ValueError):
        raise PictureError(
            "The document does not say its size: save it again from your editor."
        ) from None
    check_size(width, height, "rgba8")
    return width, height


def _legal(name: str) -> str:
    """A name without what XML cannot hold."""
    return ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", name)


def _indent(text: bytes, start: int) -> bytes:
    """The line break and blanks before a tag, to go between the new tag and this one."""
    line = text.rfind(b"\n", 0, start) + 1
    before = text[line:start]
    return b"\n" + before if before.isspace() or not before else b""
