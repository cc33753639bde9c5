"""GIMP as a host: layers in, one layer back, one undo step.

The plug-in is a process of its own, so the artist may change or close the image at any moment:
layers are remembered by their ids and looked up when they are needed. The result is filled before
it is inserted, and the undo group is open for that insertion only: what the artist did during an
open group would become part of it.

The running painting is shown in the dialog alone. GIMP tells no plug-in where its window shows an
image, so nothing can lie over that; and a layer for it, also one that comes and goes with undo
frozen (tried with 3.0.4), marks the image as changed, takes the artist's strokes since it is the
selected one, is saved and exported with the image, becomes part of what is merged, and stays where
the plug-in is killed.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from scumble.errors import LayerError, PictureError
from scumble.host import MERGED, Layer, NewLayer
from scumble.hosts.gimp import buffers
from scumble.hosts.gimp.api import Gimp, Gio, GLib
from scumble.hosts.gimp.arguments import REPLACE, RGB_COPY
from scumble.hosts.gimp.replacing import can_replace, not_replaced, replace
from scumble.language import tr
from scumble.pixels import Extent, Pixels, check_size
from scumble.presenter import words
from scumble.presenter.editor import EditorHost, Mark

KEPT, KEPT_BEFORE = "scumble", "scumble-last"  # in the image; by 0.1.0
PALETTE = tr("This image has a palette: a result in it will have the palette's colours only.")
FLOATING = tr(
    "The image has a floating selection, over which no layer can come: anchor it (Layer > Anchor "
    "Floating Selection)."
)
GONE = tr("The layer is gone: choose another.")
TYPES = {
    Gimp.ImageBaseType.RGB: Gimp.ImageType.RGBA_IMAGE,
    Gimp.ImageBaseType.GRAY: Gimp.ImageType.GRAYA_IMAGE,
    Gimp.ImageBaseType.INDEXED: Gimp.ImageType.INDEXEDA_IMAGE,
}


class GimpHost(EditorHost):
    """shows: whether a result without a home gets a window; a script's has none, nor is anything
    kept of it."""

    PICTURES = (*EditorHost.PICTURES, ".xcf")
    REPLACES = True
    WAITS_FOR = tr("the floating selection is anchored")

    def __init__(self, image, shows: bool = True):
        super().__init__()
        self.image = image
        self._shows = shows
        self._title = ""
        self._rgb_copy = False  # whether an indexed image is left alone, and a copy of it gets it
        self._replace = False  # whether a result takes the place of its layer's pixels

    def put_as(self, config) -> None:
        """How a result comes in, as the procedure's arguments say."""
        self._rgb_copy = config.get_property(RGB_COPY[0])
        self._replace = config.get_property(REPLACE[0])

    def is_open(self) -> bool:
        return self.image.is_valid()

    def title(self) -> str:
        """Its name; where others that are open have the same, with the number that GIMP shows."""
        if self.is_open():
            name = self.image.get_name()
            same = [each for each in Gimp.get_images() if each.get_name() == name]
            self._title = f"{name}-{self.image.get_id()}" if len(same) > 1 else name
        return self._title

    def folder(self) -> Path | None:
        file = self.image.get_file() if self.is_open() else None
        path = file.get_path() if file else None
        return Path(path).parent if path else None

    def layers(self) -> list[Layer]:
        """All layers, topmost first, then what is visible of all of them together."""
        if not self.is_open():
            return []
        found = [_layer(each) for each in _below(self.image.get_layers())]
        return [*found, Layer(MERGED, words.ALL_VISIBLE, MERGED, self._canvas())]

    def is_indexed(self) -> bool:
        """Whether the image can have the colours of its palette only."""
        return self.is_open() and (self.image.get_base_type() == Gimp.ImageBaseType.INDEXED)

    def active_layer(self) -> Layer | None:
        """The layer selected in the dock, the topmost where there are several."""
        chosen = self.selected_layers()
        return next((each for each in self.layers() if each.id in chosen), None)

    def selected_layers(self) -> list[str]:
        """The ids of the layers selected together in the dock, topmost first; of a floating
        selection, that of the layer it comes down on."""
        if not self.is_open():
            return []
        chosen = self.image.get_selected_layers()
        if self.image.get_floating_sel():
            chosen = [self.image.floating_sel_attached_to()]
        return [str(each.get_id()) for each in chosen]

    def warning(self, content: str) -> str:
        if self.is_indexed():
            return PALETTE
        if not self._replace or self.replaces(content):
            return ""
        name = next((each.name for each in self.layers() if each.id == content), "")
        return not_replaced(name) if name else ""

    def replaces(self, content: str) -> bool:
        layer = self._find(content) if self._replace and self.is_open() else None
        return layer is not None and can_replace(layer)

    def obstacle(self) -> str:
        return FLOATING if self.is_open() and self.image.get_floating_sel() else ""

    def is_free(self) -> bool:
        return not self.obstacle()

    def mark(self, layer: str) -> dict:
        """By its tattoo, a number that lives as long as the layer, across saving; and by its name,
        since another image has other tattoos."""
        item = self._item(layer)
        return {"tattoo": item.get_tattoo(), "name": item.get_name()}

    def find_mark(self, mark: Mark) -> str:
        """The id of the layer with this tattoo and name, else of this name, else nothing."""
        if not isinstance(mark, dict):
            return ""
        layers = [each for each in self.layers() if each.id != MERGED]
        named = [each for each in layers if each.name == mark.get("name")]
        tattooed = [each for each in named if self.mark(each.id)["tattoo"] == mark.get("tattoo")]
        return next((each.id for each in tattooed + named), "")

    def kept(self) -> str:
        return self._parasite(KEPT) or _of_0_1_0(self._parasite(KEPT_BEFORE))

    def keep(self, text: str) -> None:
        if self.is_open():
            _attach(self.image, text)

    def _parasite(self, name: str) -> str:
        found = self.image.get_parasite(name) if self.is_open() else None
        return bytes(found.get_data()).decode(errors="replace") if found else ""

    def extent(self, layer: str) -> Extent:
        return self._canvas() if layer == MERGED else _extent(self._item(layer))

    def small(self, layer: str, side: int) -> Pixels | None:
        """GIMP's own are blank above 8 bits, and too dark where those are linear in light."""
        with self._source(layer) as (source, part):
            if not part.width or not part.height:
                return None
            own = Extent(0, 0, part.width, part.height)
            return buffers.small(_buffer(source), own, side)

    def small_picture(self, path: Path, side: int) -> Pixels | None:
        with self._picture(path) as picture:
            return picture.small(MERGED, side)

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        """A layer as the artist sees it: its mask and filters applied, groups as rendered."""
        with self._source(layer) as (source, part):
            format = buffers.wire_format(self.image)
            wanted = part if extent is None else part.intersection(extent)
            check_size(wanted.width, wanted.height, format)
            own = Extent(wanted.x - part.x, wanted.y - part.y, wanted.width, wanted.height)
            return Pixels(wanted, format, buffers.read(_buffer(source), own, format))

    def selection(self) -> Pixels | None:
        if not self.is_open():
            return None
        _, selected, left, top, right, bottom = Gimp.Selection.bounds(self.image)
        if not selected:
            return None
        part = Extent(left, top, right - left, bottom - top)
        buffer = self.image.get_selection().get_buffer()
        return Pixels(part, "grey8", buffers.read(buffer, part, "grey8"))

    def read_picture(self, path: Path) -> Pixels:
        """Raises PictureError."""
        with self._picture(path) as picture:
            return picture.read(MERGED)

    def is_there(self, layer: str) -> bool:
        return self.is_open() and (layer == MERGED or self._find(layer) is not None)

    def put(self, new: NewLayer) -> str:
        return self.put_together([new], "")[0]

    def put_together(self, layers: list[NewLayer], group: str) -> list[str]:
        """Each right above the layer it is for, or in its place; above the same, the first stays
        the topmost."""
        if obstacle := self.obstacle():
            raise LayerError(obstacle)
        places = [None if each.above == MERGED else self._item(each.above) for each in layers]
        image = self.image
        if self._rgb_copy and self.is_indexed():
            image = self.image.duplicate()
            image.convert_rgb()
            places = [each and _same(each, self.image, image) for each in places]
        new = [None if self._is_in_place(each) else _new_layer(image, each) for each in layers]
        image.undo_group_start()
        try:
            ids = [self._come(*each) for each in zip(layers, new, places, strict=True)]
            if self._shows:  # so that an undo brings back what was kept, and a redo what will be
                _attach(image, self.kept() or "{}", Gimp.PARASITE_UNDOABLE)
        finally:
            image.undo_group_end()
        if self._shows and image != self.image:
            Gimp.Display.new(image)
        Gimp.displays_flush()
        return ids

    def _is_in_place(self, new: NewLayer) -> bool:
        """Whether it can replace a layer's pixels, and lies where that lay."""
        if not (new.replaces and self.replaces(new.replaces)):
            return False
        part = new.pixels.extent
        return part.intersection(self.extent(new.replaces)) == part

    def _come(self, new: NewLayer, layer, below) -> str:
        """layer: filled, and not in its image yet; None: it replaces another one's pixels. below:
        the layer under it; None: it comes on top of all."""
        if layer is None:
            replace(self._item(new.replaces), new.pixels, new.mask)
            return new.replaces
        image = layer.get_image()
        position = image.get_item_position(below) if below else 0
        image.insert_layer(layer, below and below.get_parent(), position)
        return str(layer.get_id())

    @contextlib.contextmanager
    def _picture(self, path: Path) -> Iterator["GimpHost"]:
        """A file as an image that nobody sees."""
        cause = tr("convert it to PNG")
        # else GIMP opens a box of its own over our sentence
        Gimp.get_plug_in().set_pdb_error_handler(Gimp.PDBErrorHandler.PLUGIN)
        try:
            image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path)))
        except GLib.Error as error:
            image, cause = None, error.message
        finally:
            Gimp.get_plug_in().set_pdb_error_handler(Gimp.PDBErrorHandler.INTERNAL)
        if image is None:
            raise PictureError(
                tr(
                    "{name} cannot be read ({cause}): choose another file.",
                    name=path.name,
                    cause=cause,
                )
            )
        try:
            Gimp.progress_end()  # "Opening..." would stay as long as the dialog
            image.policy_rotate(False)
            yield GimpHost(image)
        finally:
            image.delete()

    @contextlib.contextmanager
    def _source(self, layer: str) -> Iterator[tuple]:
        """What to read a layer from, and where it lies; a copy that nobody sees is deleted."""
        own = None if layer == MERGED else self._item(layer)
        part = _extent(own) if own else self._canvas()
        copy = None
        if own is None:
            copy = Gimp.Layer.new_from_visible(self.image, self.image, "Scumble")
        elif own.get_filters():
            copy = own.copy()
            copy.merge_filters()
        try:
            yield copy or own, part
        finally:
            if copy:
                copy.delete()

    def _canvas(self) -> Extent:
        if not self.is_open():
            raise LayerError(GONE)
        return Extent(0, 0, self.image.get_width(), self.image.get_height())

    def _find(self, layer: str):
        if layer == MERGED or not Gimp.Item.id_is_layer(int(layer)):
            return None
        found = Gimp.Layer.get_by_id(int(layer))
        return found if found.get_image() == self.image else None

    def _item(self, layer: str):
        found = self._find(layer) if self.is_open() else None
        if found is None:
            raise LayerError(GONE)
        return found


def _below(layers: list) -> Iterator:
    """All layers, topmost first, each group before its layers."""
    for layer in layers:
        if not layer.is_floating_sel():
            yield layer
        if layer.is_group():
            yield from _below(layer.get_children())


def _attach(image, text: str, flags: int = 0) -> None:
    parasite = Gimp.Parasite.new(KEPT, Gimp.PARASITE_PERSISTENT | flags, text.encode())
    image.attach_parasite(parasite)


def _same(layer, image, copy):
    """The layer of a copied image that is the copy of this one."""
    ids = [each.get_id() for each in _below(image.get_layers())]
    return list(_below(copy.get_layers()))[ids.index(layer.get_id())]


def _layer(item) -> Layer:
    kind = "group" if item.is_group() else "text" if item.is_text_layer() else "paint"
    parent = item.get_parent()
    return Layer(
        str(item.get_id()), item.get_name(), kind, _extent(item), item.get_visible(),
        str(parent.get_id()) if parent else "",
    )  # fmt: skip


def _of_0_1_0(text: str) -> str:
    """What 0.1.0 kept of an image's last result, as presenter.records keeps it now."""
    try:
        found = json.loads(text)
        styles = json.loads(found["styles"])
        for each in styles:
            if "file" not in each:
                each["layer"] = {"tattoo": each.get("tattoo"), "name": each.get("name")}
        entry = {"result": found["result"], "content": found["content"], "styles": styles}
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return json.dumps({"results": [{**entry, "parameters": {}}]})


def _extent(item) -> Extent:
    """The layer's whole rectangle; it may lie outside of the canvas."""
    _, x, y = item.get_offsets()
    return Extent(x, y, item.get_width(), item.get_height())


def _buffer(layer):
    """A layer's pixels, under its mask where it has one that is applied."""
    buffer, mask = layer.get_buffer(), layer.get_mask()
    if mask and layer.get_apply_mask():
        return buffers.under_mask(buffer, mask.get_buffer())
    return buffer


def _new_layer(image, new: NewLayer):
    """A layer of the image, filled, that is not in it yet."""
    pixels = new.pixels
    x, y, width, height = pixels.extent
    kind = TYPES[image.get_base_type()]
    layer = Gimp.Layer.new(image, new.name, width, height, kind, 100.0, Gimp.LayerMode.NORMAL)
    buffers.write(layer.get_buffer(), pixels)
    layer.update(0, 0, width, height)
    layer.set_offsets(x, y)
    if new.mask:
        _add_mask(layer, new.mask)
    return layer


def _add_mask(layer, mask: Pixels) -> None:
    """Of the layer's size, to a layer that is not in its image yet. The artist's next stroke goes
    on the layer, as it does where there is no mask."""
    over = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(over)
    layer.set_edit_mask(False)
    buffers.write(over.get_buffer(), mask)
    over.update(0, 0, mask.extent.width, mask.extent.height)
