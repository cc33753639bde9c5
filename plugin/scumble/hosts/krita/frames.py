"""The frames of an animated layer in Krita, read and written in documents that nobody sees.

There the time can be set, and the artist's stays where it is. No call of Krita's makes a keyframe:
so a new animated layer is a copy of the old one, whose keyframes are painted over. To put such a
copy into a document is one undo step. Document.importAnimation would be the way meant for it, and
ends Krita 5.2.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from scumble.errors import LayerError
from scumble.hosts.krita import colour
from scumble.hosts.krita.nodes import bytes_of, extent_of, is_own, lay_mask, top_of
from scumble.language import tr
from scumble.pixels import Extent, Pixels, check_size
from scumble.presenter.editor import Frames

LATEST = 10_000  # the time up to which keyframes are looked for at most: that takes 2 ms
OPAQUE = 255
NOWHERE = Extent(0, 0, 0, 0)


def times_of(node, last: int = LATEST) -> list[int]:
    """When the frames of a layer begin; nothing of one that is not animated."""
    if not node.animated() or node.type() != "paintlayer":
        return []
    return [time for time in range(last + 1) if node.hasKeyframeAtTime(time)]


class KritaFrames(Frames):
    """canvas: the document's extent. last: the time up to which they are played; those after it
    are not painted. Raises LayerError where there is nothing on them."""

    def __init__(self, node, canvas: Extent, last: int):
        self._node, self._canvas, self._name = node.clone(), canvas, node.name()
        self._all = times_of(node)
        self.times = [time for time in self._all if time <= last]
        if times_of(self._node) != self._all:
            raise self._not_copied()
        self.extent = NOWHERE
        with self._copy() as (document, node):
            for time in self.times:
                self.extent = _around(self.extent, self._lies(document, node, time))
        if self.extent == NOWHERE:
            raise LayerError(
                tr("“{name}” is empty: paint on it, or choose another layer.", name=self._name)
            )
        check_size(*self.extent[2:], colour.wire_format(colour.space_of(self._node)))

    def read(self, time: int) -> Pixels | None:
        with self._copy() as (document, node):
            if self._lies(document, node, time) == NOWHERE:
                return None
            data = bytes_of(node, self.extent)
        found = colour.to_wire(data, self.extent, colour.space_of(self._node))
        return None if found.is_clear() else found

    def painted(self, painted: dict[int, Pixels], name: str, mask: Pixels | None) -> Any:
        """A layer of no document, with these frames at their times, and empty ones between. As
        every result it is opaque, and covers what lies below it."""
        with self._copy() as (document, node):
            for each in node.childNodes():  # what they hide is not painted
                each.remove()
            node.setVisible(False)
            document.waitForDone()
            _make_plain(document, node, self.times)
            node.setName(name)
            for time in self._all:  # all of them first: keyframes may share one picture
                part = self._lies(document, node, time)
                if part != NOWHERE:
                    empty = bytes(part.width * part.height * len(node.pixelData(0, 0, 1, 1)))
                    colour.write(node, empty, part)
            for time, pixels in painted.items():
                _go_to(document, time)
                data = colour.from_wire(pixels, colour.space_of(node))
                colour.write(node, data, pixels.extent)
            if mask:
                lay_mask(document, node, mask)
            node.setVisible(True)
            document.waitForDone()
            made = node.clone()
        if times_of(made) != self._all:
            raise self._not_copied()
        return made

    def _not_copied(self) -> LayerError:
        return LayerError(
            tr(
                "Krita did not copy the keyframes of “{name}”: repaint its frames one by one.",
                name=self._name,
            )
        )

    @contextlib.contextmanager
    def _copy(self) -> Iterator[tuple[Any, Any]]:
        """A document that nobody sees, of the canvas's size, up to which some layers are white, and
        in it a copy of the layer. What is hidden is not rendered at each time, which at 4096 px
        takes 80 ms; masks are to be."""
        with colour.workshop(colour.space_of(self._node), *self._canvas[2:]) as document:
            for each in document.rootNode().childNodes():
                each.setVisible(False)
            copy = self._node.clone()
            copy.setVisible(not is_own(copy))
            document.rootNode().addChildNode(copy, None)
            document.waitForDone()
            yield document, top_of(document.rootNode())  # Krita ends where a copy is asked for more

    def _lies(self, document, node, time: int) -> Extent:
        """Where there is something on a frame, which is shown from now on."""
        _go_to(document, time)
        found = extent_of(node)
        found = found if is_own(node) else found.intersection(self._canvas)
        return NOWHERE if found.is_empty else found


def _go_to(document, time: int) -> None:
    document.setCurrentTime(time)
    document.waitForDone()


def _make_plain(document, node, times: list[int]) -> None:
    """Opaque and free, but for an opacity that is animated itself."""
    opacities = set()
    for time in times:
        _go_to(document, time)
        opacities.add(node.opacity())
    if len(opacities) == 1:
        node.setOpacity(OPAQUE)
    node.setBlendingMode("normal")
    node.setLocked(False)
    node.setAlphaLocked(False)
    node.setInheritAlpha(False)
    node.setColorLabel(0)


def _around(one: Extent, other: Extent) -> Extent:
    """Both."""
    if NOWHERE in (one, other):
        return other if one == NOWHERE else one
    left, top = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    bottom = max(one.y + one.height, other.y + other.height)
    return Extent(left, top, right - left, bottom - top)
