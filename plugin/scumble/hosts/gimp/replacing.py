"""A result that takes the place of its layer's own pixels, in one undo step.

The layer itself stays, with its name, its place in the list and all that the image knows of it. Its
pixels go through GIMP's shadow buffer, the only way that can be undone. GIMP lets that in where
something is selected, as softly: so what was selected when painting began is selected for that
moment.

Krita has no such way: a script's pixels in a layer of the document cannot be undone there, and a
new layer and the old one's end are two steps.
"""

import contextlib
from collections.abc import Iterator

from scumble.errors import LayerError
from scumble.hosts.gimp import buffers
from scumble.hosts.gimp.api import Gegl, Gimp
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.presenter import words

NAME = "Scumble"  # of a channel that is gone in a moment


def not_replaced(layer: str) -> str:
    """layer: its name."""
    return tr(
        "The pixels of “{layer}” cannot be replaced: a group, a text, and a layer with a mask, "
        "filters or a lock get a new layer.",
        layer=words.short(layer),
    )


def can_replace(layer) -> bool:
    """Whether what is seen of a layer is its own pixels, and they may be painted on."""
    is_made = layer.is_group() or layer.is_text_layer() or layer.get_mask() or layer.get_filters()
    is_indexed = layer.get_image().get_base_type() == Gimp.ImageBaseType.INDEXED
    return not (is_made or is_indexed or _is_locked(layer))


def _is_locked(item) -> bool:
    return item is not None and (item.get_lock_content() or _is_locked(item.get_parent()))


def replace(layer, pixels: Pixels, mask: Pixels | None) -> None:
    """Give a layer these pixels where they lie, and where the mask is light. To be called in an
    undo group. Raises LayerError."""
    _, left, top = layer.get_offsets()
    shadow = layer.get_shadow_buffer()
    buffers.copy(layer.get_buffer(), shadow)
    buffers.write(shadow, pixels, pixels.extent.x - left, pixels.extent.y - top)
    with _selected(layer.get_image(), mask):
        if not layer.merge_shadow(True):
            raise LayerError(not_replaced(layer.get_name()))
    layer.update(0, 0, layer.get_width(), layer.get_height())


@contextlib.contextmanager
def _selected(image, mask: Pixels | None) -> Iterator[None]:
    """Select a mask, or nothing, and then again what was selected. A channel that comes and goes
    takes the place of the layers on which the artist stands."""
    layers, channels = image.get_selected_layers(), image.get_selected_channels()
    before = None if Gimp.Selection.is_empty(image) else Gimp.Selection.save(image)
    try:
        if mask:
            _select(image, mask)
        else:
            Gimp.Selection.none(image)
        yield
    finally:
        Gimp.Selection.none(image)
        if before:
            image.select_item(Gimp.ChannelOps.REPLACE, before)
            image.remove_channel(before)
        if channels:
            image.set_selected_channels(channels)
        else:
            image.set_selected_layers(layers)


def _select(image, mask: Pixels) -> None:
    size, black = (image.get_width(), image.get_height()), Gegl.Color.new("black")
    channel = Gimp.Channel.new(image, NAME, *size, 100.0, black)
    image.insert_channel(channel, None, 0)
    buffers.write(channel.get_buffer(), mask, mask.extent.x, mask.extent.y)
    channel.update(0, 0, *size)
    image.select_item(Gimp.ChannelOps.REPLACE, channel)
    image.remove_channel(channel)
