"""The headless host: an OpenRaster document (openraster.org) without an editor.

The command line, the demo and the tests paint through it. The document is opened anew for each
call and never written to; the result goes to another file, or, where that is asked for, to the
same name, whole or not at all.
"""

# pyvips takes words for its enumerations, which its type stubs do not know.
# pyright: reportArgumentType=false, reportOperatorIssue=false
import functools
import struct
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyvips

from scumble.errors import LayerError, PictureError
from scumble.host import Layer, NewLayer
from scumble.hosts import files, pictures, stack
from scumble.hosts.archive import MIMETYPE, OPENRASTER, Archive
from scumble.hosts.composite import flatten
from scumble.hosts.stack import Node, Stack
from scumble.pixels import Extent, Pixels, check_size

STACK, MERGED, THUMBNAIL = "stack.xml", "mergedimage.png", "Thumbnails/thumbnail.png"
THUMBNAIL_SIDE = 256
SUFFIX = ".ora"
PNG_HEAD = 33  # bytes: signature and IHDR
SPARE = 1 << 24  # bytes a PNG may have beyond its pixels: profile, texts
# Of all layers that are shown together: 256 of 4096 x 4096 px, some minutes of work.
MAX_PIXELS, MAX_PACKED = 2**32, 2**32  # px, bytes of PNG


class OpenRasterHost(pictures.FileHost):
    """A document; output is another document, or a picture that takes the result alone."""

    def __init__(self, path: Path, output: Path, *tell):
        if output.suffix.lower() != SUFFIX:
            pictures.check_suffix(output)
        super().__init__(path, output, *tell)
        self._stamp = self._stamp_now()
        with self._open() as archive:
            self._stack = stack.parse(archive.read(STACK, stack.MAX_BYTES))
            self._layers = [_layer(archive, node) for node in self._stack.nodes().values()]

    def layers(self) -> list[Layer]:
        """kind: "paint", "group", "file" (no PNG) or "damaged"."""
        return list(self._layers)

    def active_layer(self) -> Layer | None:
        """The layer selected when the document was saved, else the topmost visible one."""
        paint = [layer for layer in self._layers if layer.kind == "paint"]
        nodes = self._stack.nodes()
        selected = [layer for layer in paint if nodes[layer.id].selected]
        visible = [layer for layer in paint if layer.visible]
        return next(iter(selected + visible + paint), None)

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        node = self._stack.nodes().get(layer)
        if node is None:
            raise LayerError("The layer is gone: choose another.")
        whole = next(each.extent for each in self._layers if each.id == layer)
        part = whole if extent is None else whole.intersection(extent)
        with self._open() as archive:
            return self._read(archive, node, part)

    def is_open(self) -> bool:
        """Whether the file is the one that was opened; a layer's id means nothing in another."""
        return self._stamp_now() == self._stamp

    def check_same(self) -> None:
        """Raises PictureError where the file is another than the one that was opened."""
        if not self.is_open():
            raise PictureError(f"{self.path} has changed meanwhile: run it again.")

    def is_there(self, layer: str) -> bool:
        return self.is_open() and layer in self._stack.nodes()

    def insert(self, new: NewLayer) -> str:
        """The id of the layer it lies above: in the file that was opened there is no other."""
        if self.output.suffix.lower() != SUFFIX:
            self.write_picture(new.pixels, self.output)
            return new.above
        with self._open() as archive:
            src = _free_part(archive)
            x, y = new.pixels.extent[:2]
            grown = self._stack.with_layer(new.above, new.name, src, x, y)
            parts = {STACK: grown.text, src: _png(new.pixels)}
            parts |= self._merged(archive, grown, src, new.pixels)
        files.write(self.output, functools.partial(self._fill, parts))
        self.written = self.output
        return new.above

    def _open(self) -> Archive:
        return Archive(self.path)

    def _stamp_now(self) -> tuple[int, ...] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _read(self, archive: Archive, node: Node, part: Extent) -> Pixels:
        try:
            if node.group:
                check_size(part.width, part.height, "rgba16")
                _check_together(archive, node)
                deep = _deep(archive, node)
                image = flatten(node, part, lambda each: _image(archive, each), deep)
            else:
                x, y = node.place
                image = _image(archive, node)
                check_size(part.width, part.height, "rgba8")
                image = image.crop(part.x - x, part.y - y, part.width, part.height)
            return pictures.to_pixels(image, part.x, part.y)
        except pyvips.Error as error:
            raise pictures.damaged(f"The layer “{node.name}” of {self.path}", error) from error

    def _merged(self, archive: Archive, grown: Stack, src: str, pixels: Pixels) -> dict[str, bytes]:
        """The pictures of the whole document; none where a layer cannot be shown."""

        def load(node: Node) -> pyvips.Image:
            return pictures.to_image(pixels) if node.src == src else _image(archive, node)

        deep = pixels.format == "rgba16" or _deep(archive, grown.root)
        try:
            _check_together(archive, self._stack.root)
            merged = flatten(grown.root, grown.extent, load, deep).pngsave_buffer(keep="none")
            thumbnail = pyvips.Image.thumbnail_buffer(
                merged, THUMBNAIL_SIDE, height=THUMBNAIL_SIDE, size="down"
            )
            small = thumbnail.colourspace("srgb").pngsave_buffer(keep="none")
        except (PictureError, pyvips.Error) as error:
            self.say(f"The preview inside the document stays as it was: {error}")
            return {}
        return {MERGED: merged, THUMBNAIL: small}

    def _fill(self, parts: dict[str, bytes], file: BinaryIO) -> None:
        """A document's zip: mimetype first and stored, what is not ours as it was, then the new.

        The document is closed at the end, since Windows replaces no open file, and looked at once
        more, so that what the artist saved in these seconds is not lost.
        """
        with self._open() as archive, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as target:
            target.writestr(MIMETYPE, OPENRASTER)
            archive.copy(target, leave_out=frozenset({MIMETYPE, *parts}))
            for name, data in parts.items():
                packing = zipfile.ZIP_DEFLATED if name == STACK else zipfile.ZIP_STORED
                target.writestr(name, data, packing)
        self.check_same()


def _png(pixels: Pixels) -> bytes:
    data, _ = pictures.encode(pixels, ".png")
    return data


def _free_part(archive: Archive) -> str:
    taken = {name.lower() for name in archive.names}
    numbers = iter(range(1, len(taken) + 2))
    return next(name for number in numbers if (name := f"data/scumble-{number}.png") not in taken)


def _layer(archive: Archive, node: Node) -> Layer:
    """A node as the artist sees it; one whose picture cannot be read is empty."""
    kind = "group" if node.group else "paint"
    try:
        extent = _extent(archive, node)
    except PictureError:
        kind, extent = "damaged", Extent(*node.place, 0, 0)
    if not node.group and not node.src.lower().endswith(".png"):
        kind = "file"
    return Layer(node.id, node.name, kind, extent, node.visible, node.id.rpartition("/")[0])


def _extent(archive: Archive, node: Node) -> Extent:
    """A layer's rectangle, from its PNG's header; a group's, around its visible layers."""
    if not node.group:
        width, height, _ = _png_head(archive, node)
        return Extent(*node.place, width, height)
    found = []
    for child in node.children:
        if child.visible:
            try:
                found.append(_extent(archive, child))
            except PictureError:
                continue
    found = [each for each in found if each.width and each.height]
    left, top = min((e.x for e in found), default=0), min((e.y for e in found), default=0)
    right = max((e.x + e.width for e in found), default=0)
    bottom = max((e.y + e.height for e in found), default=0)
    return Extent(left, top, right - left, bottom - top)


def _check_together(archive: Archive, group: Node) -> None:
    """Raises PictureError where the visible layers of a group are too much at once."""
    found = [node for node in _shown(group) if not node.group]
    heads = [_png_head(archive, node) for node in found]
    area = sum(width * height for width, height, _ in heads)
    if area > MAX_PIXELS or sum(archive.size(node.src) for node in found) > MAX_PACKED:
        raise PictureError(
            f"{len(found)} visible layers hold {area / 1e6:.0f} million pixels together, too many "
            f"to show at once (at most {MAX_PIXELS / 1e6:.0f}): hide or merge some."
        )


def _shown(group: Node) -> list[Node]:
    """The visible nodes below a group."""
    children = [child for child in group.children if child.visible]
    return children + [below for child in children for below in _shown(child)]


def _deep(archive: Archive, group: Node) -> bool:
    """Whether a visible layer of the group has 16 bits."""
    for node in group.children:
        if node.visible:
            try:
                if _deep(archive, node) if node.group else _png_head(archive, node)[2] == 16:
                    return True
            except PictureError:
                continue
    return False


def _png_head(archive: Archive, node: Node) -> tuple[int, int, int]:
    """Width, height in px and bits a channel, without unpacking the layer."""
    src = PurePosixPath(node.src)
    if src.is_absolute() or ".." in src.parts or "\\" in node.src:
        raise PictureError(f"The layer “{node.name}” points outside of its document: refused.")
    if not node.src.lower().endswith(".png"):
        raise PictureError(f"The layer “{node.name}” is no picture of pixels: flatten it first.")
    head = archive.head(node.src, PNG_HEAD)
    if len(head) < PNG_HEAD or head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        raise PictureError(f"The layer “{node.name}” is damaged (no PNG): use another copy.")
    return struct.unpack(">IIB", head[16:25])


def _image(archive: Archive, node: Node) -> pyvips.Image:
    """A layer's own picture. Raises PictureError where it is too large, before it is unpacked."""
    width, height, bits = _png_head(archive, node)
    try:
        check_size(width, height, "rgba16" if bits == 16 else "rgba8")
    except PictureError as error:
        raise PictureError(f"The layer “{node.name}”: {error}") from None
    data = archive.read(node.src, width * height * 8 + height + SPARE)
    return pictures.to_srgb(pictures.load(data, f"The layer “{node.name}”"))
