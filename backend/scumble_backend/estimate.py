"""How long a job will take on this machine: measured once per encoder, kept in the state folder.

Kept, not measured anew each time, because the automatic working size hangs on it, and the same job
must give the same picture.
"""

import json
import math
import time

import torch

from scumble.connection import state_folder, write_private
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import plan, stylize

PATIENCE = 120.0  # s that the automatic working size may take
PROBE = 256  # px a side
SIDES = [round(256 * math.sqrt(2) ** k) for k in range(13)]  # working sizes to choose from, px


def speed(encoder: Encoder, name: str, device: torch.device) -> float:
    """Pixels times steps a second."""
    path = state_folder() / "speed.json"
    try:
        known = json.loads(path.read_text())
    except (OSError, ValueError):
        known = {}
    key = f"{name} on {device.type}, {torch.get_num_threads()} threads"
    found = known.get(key) if isinstance(known, dict) else None
    if not isinstance(found, float) or not found > 0:
        found = _measured(encoder, device)
        write_private(path, json.dumps({key: found} | (known if isinstance(known, dict) else {})))
    return found


def _measured(encoder: Encoder, device: torch.device) -> float:
    """By the fastest of a few steps: what else the machine does just now must not shrink pictures
    for good."""
    generator = torch.Generator().manual_seed(0)
    picture = torch.rand((1, 3, PROBE, PROBE), generator=generator).to(device)
    whole = torch.ones_like(picture[:, :1])
    painting = stylize(encoder, picture, whole, [Style(picture, whole)], steps=8, brush_size=400.0)
    ticks = [time.monotonic() for iterate in painting if float(iterate.losses["style"]) >= 0]
    # Two at a time, since every second step renews the transport maps.
    pairs = [later - earlier for earlier, later in zip(ticks, ticks[2:], strict=False)]
    return 2 * PROBE**2 / min(pairs)


def seconds(height: int, width: int, rate: float, quality: str, steps, brush_size: float) -> float:
    return sum(octave.work for octave in plan(height, width, quality, steps, brush_size)) / rate


def working_side(
    height: int, width: int, room: int, rate: float, quality: str, steps, brush_size: float
) -> int:
    """The long side to paint at, for "auto": the layer's own while that takes under PATIENCE and
    fits into room pixels of memory, else the largest of SIDES that does."""
    long_side, area = max(height, width), height * width
    for side in [long_side] + [side for side in reversed(SIDES) if side < long_side]:
        scale = side / long_side
        size = (max(16, round(height * scale)), max(16, round(width * scale)))
        fits = area * scale**2 <= room
        if fits and seconds(*size, rate, quality, steps, brush_size) <= PATIENCE:
            return side
    return min(long_side, SIDES[0])
