"""A painting brought to the layer's own size, in brushwork or as its change (engine/brushwork.py,
engine/detail.py), strip by strip."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from scumble.pixels import Extent, Pixels
from scumble_backend.compute import images
from scumble_backend.engine.brushwork import Brushwork
from scumble_backend.engine.detail import Change
from scumble_backend.engine.pyramid import Around
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import FAINT

STRIP = 256  # rows made at a time
PAINTERLY = 40.0  # %: of what is less painterly less is brushwork: nothing at 0


def brushed(values: dict) -> float:
    """How much of a painting is brushwork at full size, 0..1: what is to keep the photograph's
    detail has none. values: all of a job's parameters, checked."""
    if values["finish"] != "painted" or values["quality"] == "reference":
        return 0.0
    return min(1.0, values["strength"] / FAINT) * min(1.0, values["painterly"] / PAINTERLY)


class Finish(NamedTuple):
    """What of a job's parameters says how. brushed: 0..1, how much is brushwork. brush_size: 1 = as
    it is. blend: as the parameter. chroma: 0..1, how much of a style's colour strokes have."""

    brushed: float
    brush_size: float
    blend: str
    chroma: float

    @classmethod
    def of(cls, values: dict) -> "Finish":
        """values: all of a job's parameters, checked."""
        brush_size, colour = values["brush_size"] / 100, values["colour"] / 100
        return cls(brushed(values), brush_size, values["blend"], 1 - colour)


def painter(
    painted: Tensor,
    photograph: Tensor,
    styles: list[Style],
    keep: Tensor | None,
    extent: Extent,
    around: Around,
    how: Finish,
) -> Brushwork | Change:
    """What makes the rows of the full size. The others: as engine/brushwork.py has them."""
    if not how.brushed or all(style.gives == "forms" for style in styles):
        return Change(painted, photograph, extent.height, around)
    used = [replace(style, brush_size=style.brush_size * how.brush_size) for style in styles]
    size = (extent.height, extent.width)
    return Brushwork(
        painted, photograph, size, used, keep, around,
        blend=how.blend, shown=how.brushed, chroma=how.chroma,
    )  # fmt: skip


def full_size(
    layer: Pixels, end: Brushwork | Change, device: torch.device, check: Callable[[], None]
) -> Pixels:
    """The layer painted, its alpha as it was. check: called now and then, raises to stop."""
    rows = images.array(layer)
    result = np.empty_like(rows)
    for top in range(0, len(rows), STRIP):
        check()
        part = images.as_float(rows[top : top + STRIP], layer.format).to(device)
        part[:, :3] = end.lay_over(part[:, :3].clamp(0, 1), top)
        result[top : top + STRIP] = images.to_rows(part, layer.format)
    result[..., 3] = rows[..., 3]
    return Pixels(layer.extent, layer.format, result.tobytes())
