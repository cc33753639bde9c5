"""The picture so far, small: as a protocol.Preview shows it. side: as protocol.Stylize.preview."""

from dataclasses import replace

from torch import Tensor

from scumble import protocol
from scumble.pixels import Extent, Pixels
from scumble_backend.compute import images
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.pyramid import fit, resize, resize_positive
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize


def preview(painted: Tensor, guide: Tensor, extent: Extent, side: int) -> Pixels:
    """painted: (1, 3, h, w); guide: its alpha, (1, 1, H, W), both in 0..1."""
    height, width = painted.shape[2:]
    size = _size(height, width, side)
    place = Extent(extent.x, extent.y, size[1], size[0])
    alpha = resize(guide, size).clamp(0, 1)
    return images.to_pixels(resize(painted, size).clamp(0, 1), alpha, place, "rgba8")


def reduced(result: Pixels, side: int) -> Pixels:
    """A result."""
    x, y, width, height = result.extent
    size = _size(height, width, side)
    picture, guide = images.to_tensors(result, size)
    return images.to_pixels(picture, guide, Extent(x, y, size[1], size[0]), "rgba8")


def recoloured(
    encoder: Encoder,
    content: Tensor,
    guide: Tensor,
    styles: list[Style],
    keep: Tensor | None,
    bare: Tensor,
    shown: Tensor,
    extent: Extent,
    side: int,
) -> tuple[Pixels, Pixels]:
    """With none of the photograph's colours, and with all of them by lightness: as the engine does
    it, in no step, at the preview's size. bare: as its Iterate; shown: the previews' alpha. The
    others: as the engine takes them."""
    height, width = content.shape[2:]
    size = _size(height, width, side)

    def small(guide: Tensor | None) -> Tensor | None:
        return None if guide is None else resize_positive(guide, size)

    placed = [replace(style, where=small(style.where)) for style in styles]

    def at(colour: float) -> Pixels:
        (only,) = stylize(
            encoder, resize(content, size), resize_positive(guide, size), placed,
            keep=small(keep), bare=resize(bare, size), colour=colour, colour_by="lightness",
        )  # fmt: skip
        return preview(only.picture, shown, extent, side)

    return at(0.0), at(100.0)


def _size(height: int, width: int, side: int) -> tuple[int, int]:
    least, most = protocol.PREVIEWS
    return fit(height, width, min(max(least, min(most, side)), max(height, width)))
