"""What a frame of a sequence goes on from: the result of the one before it, moved as it moved."""

from dataclasses import replace

from scumble import protocol
from scumble.pixels import Pixels
from scumble_backend.compute import images
from scumble_backend.engine import motion
from scumble_backend.engine.pyramid import fit, resize


def settled(request: protocol.Stylize) -> protocol.Stylize:
    """The same without a frame before it: what it goes on from lies where the content does now.
    Where that cannot be told it goes on from what came, unmoved."""
    painted, before = request.start, request.before
    if painted and before and all(_fits(each, request.content) for each in (painted, before)):
        painted = carried(painted, before, request.content)
    return replace(request, start=painted, before=None)


def _fits(frame: Pixels, after: Pixels) -> bool:
    return frame.extent == after.extent and frame.format in images.DTYPES


def carried(painted: Pixels, before: Pixels, after: Pixels) -> Pixels:
    """The result of the frame before, as the frame after begins with it. All of one size."""
    height, width = after.extent.height, after.extent.width
    small = fit(height, width, min(motion.LARGEST, max(height, width)))
    picture, guide = images.to_tensors(painted)
    frames = (images.to_tensors(each, small)[0] for each in (before, after))
    way, new = motion.between(*frames)
    way = resize(way, (height, width)) * (width / small[1])
    begun = motion.carried(picture, way, resize(new, (height, width)), images.to_tensors(after)[0])
    return images.to_pixels(begun, guide, after.extent, painted.format)
