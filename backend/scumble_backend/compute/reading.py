"""What a Stylize request asks for, read into what the engine takes."""

import hashlib
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from scumble import parameters, protocol
from scumble.errors import JobError
from scumble.language import tr
from scumble.pixels import Extent, Pixels
from scumble_backend.compute import images
from scumble_backend.engine.pyramid import resize


def sizes(request: protocol.Stylize, styles: dict[str, Pixels]) -> list[protocol.StyleSize]:
    extents = [(styles[style.digest].extent, style.brush_size) for style in request.styles]
    return [protocol.StyleSize(extent.width, extent.height, brush) for extent, brush in extents]


def init(request: protocol.Stylize, wanted: str) -> str:
    """Without an earlier painting, or with one of another place, it begins with the content."""
    if wanted != "result":
        return wanted
    if request.start and request.start.format not in images.DTYPES:
        raise JobError(tr("The earlier result came in a wrong format: paint again."))
    fits = request.start is not None and request.start.extent == request.content.extent
    return "result" if fits else "content"


def name_of(request: protocol.Stylize, size: tuple[int, int]) -> str:
    """A name for what is to be painted at this size, but for what is done with the painting."""
    values = parameters.check(request.parameters)
    after = ["selection", "feather", "working_size", "finish"]
    if laid_over(values):
        after += ["colour", "colour_by"]
    painted = {name: value for name, value in values.items() if name not in after}
    plain = protocol.Stylize("", request.content, request.styles, painted | {"size": size})
    whole = replace(plain, start=request.start, keep=request.keep, lines=request.lines)
    name = hashlib.sha256()
    for frame in protocol.encode(whole):
        name.update(frame)
    return name.hexdigest()


def laid_over(values: dict) -> bool:
    """Whether what is kept of the photograph's colours, if anything, is laid over the painting
    afterwards. values: checked."""
    return values["colour_by"] == "lightness" or not values["colour"]


def named(style: str) -> str:
    return tr("The style “{name}”", name=style) if style else tr("A style")


def mask(request: protocol.Stylize, feather: parameters.Value) -> np.ndarray | None:
    """(H, W) uint8, of the content's size."""
    if request.mask is None:
        return None
    if request.mask.format != "grey8":
        raise JobError(tr("The selection came in a wrong format: paint again."))
    return images.soft_mask(request.mask, request.content.extent, float(feather))  # type: ignore[arg-type]


def guide(place: protocol.Place | None, extent: Extent, like: Tensor) -> Tensor | None:
    """A part of the content, of this extent, as a guide of a tensor's size and device."""
    if place is None:
        return None
    guide = resized(images.soft_mask(images.as_mask(place.pixels), extent, 0), like).clamp(0, 1)
    return 1 - guide if place.outside else guide


def lines(pixels: Pixels | None, extent: Extent, like: Tensor) -> Tensor | None:
    """What is drawn, as it lies in the content of this extent: (1, 4, H, W) of a tensor's size."""
    if pixels is None:
        return None
    size = (like.shape[2], like.shape[3])
    return torch.cat(images.to_tensors(images.placed(pixels, extent), size), 1).to(like.device)


def resized(mask: np.ndarray, like: Tensor) -> Tensor:
    """A mask as (1, 1, H, W) in [0, 1], of a tensor's size and device."""
    whole = torch.from_numpy(mask.astype(np.float32) / 255)[None, None].to(like.device)
    return resize(whole, (like.shape[2], like.shape[3]))
