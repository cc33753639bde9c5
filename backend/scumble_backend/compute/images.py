"""Pixels <-> tensors: formats, alpha, sizes.

A picture is (1, 3, H, W), RGB in [0, 1], sRGB-encoded; its guide is its alpha, (1, 1, H, W).
"""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageFilter
from torch import Tensor

from scumble.errors import LayerError
from scumble.language import tr
from scumble.pixels import LINEAR, Extent, Pixels
from scumble_backend.engine import wrap
from scumble_backend.engine.colour import encoded, light, oklab
from scumble_backend.engine.encoder import SMALLEST_SIDE
from scumble_backend.engine.pyramid import NOWHERE, Around, resize

DTYPES = {
    "rgba8": "<u1",
    "rgba16": "<u2",
    "rgbaf32": "<f4",
    f"rgba16{LINEAR}": "<u2",
    f"rgbaf32{LINEAR}": "<f4",
}
STRIP = 512  # rows converted at a time where a whole picture in float32 would not fit
FAINTEST = 1 / 255  # alpha below which there is no colour to be had back from premultiplied values


def array(pixels: Pixels) -> np.ndarray:
    """The pixels themselves, (H, W, 4), read-only, in their own type."""
    shape = (pixels.extent.height, pixels.extent.width, 4)
    return np.frombuffer(pixels.data, DTYPES[pixels.format]).reshape(shape)


def as_float(rows: np.ndarray, format: str) -> Tensor:
    """(h, W, 4) of a format -> (1, 4, h, W) float32, sRGB-encoded; integers become [0, 1]."""
    if rows.dtype.kind == "f":
        found = torch.from_numpy(np.nan_to_num(rows, nan=0.0, posinf=1.0, neginf=0.0))
    else:
        found = torch.from_numpy(rows.astype(np.float32)) / float(np.iinfo(rows.dtype).max)
    whole = found.permute(2, 0, 1)[None].contiguous()
    if format.endswith(LINEAR):
        whole[:, :3] = encoded(whole[:, :3].clamp_min(0))
    return whole


def to_tensors(
    pixels: Pixels, size: tuple[int, int] | None = None, around: Around = NOWHERE
) -> tuple[Tensor, Tensor]:
    """(picture, guide), at a (height, width) or as they are.

    Smaller sizes are means weighted by alpha, so that no hidden colour bleeds in, and are reduced
    strip by strip, so that a picture of 200 megapixels needs no gigabytes of float. around: where
    it goes on at its other side.
    """
    rows = array(pixels)
    height, width = rows.shape[:2]
    if size is None or size == (height, width):
        whole = as_float(rows, pixels.format)
        return whole[:, :3].clamp(0, 1), whole[:, 3:].clamp(0, 1)
    factor = max(1, min(height // size[0], width // size[1]) // 2)
    strip = max(factor, STRIP // factor * factor)
    parts = [
        _pooled(as_float(rows[top : top + strip], pixels.format), factor)
        for top in range(0, height, strip)
    ]
    whole = resize(torch.cat(parts, 2), size, around)
    guide = torch.where(whole[:, 3:] < FAINTEST, 0, whole[:, 3:])
    picture = whole[:, :3] / guide.clamp_min(FAINTEST)
    return picture.clamp(0, 1), guide.clamp(0, 1)


def _pooled(part: Tensor, factor: int) -> Tensor:
    """Premultiplied, and reduced by a whole factor."""
    part = part.clamp(0, 1)
    part[:, :3] *= part[:, 3:]
    return (
        part if factor == 1 else F.avg_pool2d(part, factor, ceil_mode=True, count_include_pad=False)
    )


def to_pixels(picture: Tensor, guide: Tensor, extent: Extent, format: str) -> Pixels:
    """(1, 3, H, W) and (1, 1, H, W) in [0, 1] -> Pixels of a format."""
    return Pixels(extent, format, to_rows(torch.cat((picture, guide), 1), format).tobytes())


def to_rows(whole: Tensor, format: str) -> np.ndarray:
    """(1, 4, h, W) in [0, 1], sRGB-encoded -> (h, W, 4) as the format has it."""
    if format.endswith(LINEAR):
        whole = torch.cat((light(whole[:, :3].float()), whole[:, 3:].float()), 1)
    rows = whole[0].permute(1, 2, 0).float().cpu().numpy()
    dtype = np.dtype(DTYPES[format])
    if dtype.kind == "f":
        return rows.astype(dtype)
    return np.rint(rows.clip(0, 1) * float(np.iinfo(dtype).max)).astype(dtype)


def soft_mask(mask: Pixels, extent: Extent, feather: float) -> np.ndarray:
    """A selection as it lies in a picture of this extent, its edge softened over feather px on
    either side: (H, W) uint8. Where it reaches the picture's edge it stays whole.
    """
    whole = Image.new("L", (extent.width, extent.height))
    part = Image.frombytes("L", (mask.extent.width, mask.extent.height), mask.data)
    whole.paste(part, (mask.extent.x - extent.x, mask.extent.y - extent.y))
    return np.asarray(whole.filter(ImageFilter.GaussianBlur(feather / 2)) if feather else whole)


def placed(pixels: Pixels, extent: Extent) -> Pixels:
    """A layer as it lies in a picture of this extent, transparent around it; of a mask, grey8, what
    is white."""
    part = pixels.crop(extent)
    if pixels.format == "grey8":
        rows = np.frombuffer(part.data, np.uint8).repeat(4)
        rows[np.arange(len(rows)) % 4 < 3] = 0
        part = Pixels(part.extent, "rgba8", rows.tobytes())
    whole = np.zeros((extent.height, extent.width, 4), DTYPES[part.format])
    top, left = part.extent.y - extent.y, part.extent.x - extent.x
    whole[top : top + part.extent.height, left : left + part.extent.width] = array(part)
    return Pixels(extent, part.format, whole.tobytes())


def as_mask(pixels: Pixels) -> Pixels:
    """A layer as a mask, grey8: its alpha times its lightness (Oklab's). A mask stays as it is."""
    if pixels.format == "grey8":
        return pixels
    rows = array(pixels)
    found = np.empty(rows.shape[:2], np.uint8)
    for top in range(0, len(rows), STRIP):
        part = as_float(rows[top : top + STRIP], pixels.format).clamp(0, 1)
        grey = oklab(part[:, :3])[0, 0] * part[0, 3]
        found[top : top + STRIP] = (255 * grey.clamp(0, 1)).round().byte().numpy()
    return Pixels(pixels.extent, "grey8", found.tobytes())


def within(pixels: Pixels, mask: np.ndarray) -> Pixels:
    """The picture where the mask, (H, W) uint8, lets it show: its alpha times the mask."""
    rows = array(pixels).copy()
    for top in range(0, len(rows), STRIP):
        part = slice(top, top + STRIP)
        alpha = rows[part, :, 3].astype(np.float32) * mask[part] / 255
        rows[part, :, 3] = alpha if rows.dtype.kind == "f" else np.rint(alpha)
    return Pixels(pixels.extent, pixels.format, rows.tobytes())


def tileable(pixels: Pixels, seamless: str) -> Pixels:
    """A layer that goes on at its other side; see engine/wrap.py. seamless: as the parameter."""
    rows = array(pixels)
    for axis, goes_on in enumerate(wrap.around(seamless)):
        if goes_on:
            rows = _mixed_with_itself(rows, axis)
    return Pixels(pixels.extent, pixels.format, rows.tobytes()) if seamless != "none" else pixels


def _mixed_with_itself(rows: np.ndarray, axis: int) -> np.ndarray:
    """Moved by half along an axis; colours weighed by their alpha."""
    length, result = rows.shape[axis], np.empty_like(rows)
    share = wrap.own_share(length).numpy()
    moved = np.roll(np.arange(length), length // 2)
    for start in range(0, len(rows), STRIP):
        part = slice(start, start + STRIP)
        other = rows[moved[part]] if axis == 0 else rows[part][:, moved]
        own = share[part, None, None] if axis == 0 else share[None, :, None]
        result[part] = _mixed(rows[part], other, own)
    return result


def _mixed(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Straight colours and alpha, (h, W, 4), in their own type. share: of the one, 0..1."""
    weights = [part * each[..., 3:].astype(np.float32) for each, part in
               ((one, share), (other, 1 - share))]  # fmt: skip
    alpha = weights[0] + weights[1]
    colour = sum(
        weight * each[..., :3].astype(np.float32)
        for each, weight in zip((one, other), weights, strict=True)
    )
    mixed = np.concatenate([colour / np.maximum(alpha, 1e-6), alpha], axis=2)
    return mixed if one.dtype.kind == "f" else np.rint(mixed).astype(one.dtype)


def check(pixels: Pixels, what: str) -> None:
    """Raises LayerError for a picture that has too few pixels to look at, or none."""
    if pixels.format not in DTYPES:
        raise LayerError(
            tr(
                "{what} has no colour and alpha ({format}): send it as RGBA.",
                what=what,
                format=pixels.format,
            )
        )
    check_size(pixels.extent.width, pixels.extent.height, what)
    if not array(pixels)[..., 3].any():
        raise LayerError(
            tr("{what} is empty (all transparent): paint on it, or choose another.", what=what)
        )


def check_size(width: int, height: int, what: str) -> None:
    """Raises LayerError where there are too few pixels to look at."""
    if min(width, height) < SMALLEST_SIDE:
        raise LayerError(
            tr(
                "{what} is only {width} x {height} px: it needs at least {least} px a side.",
                what=what,
                width=width,
                height=height,
                least=SMALLEST_SIDE,
            )
        )
