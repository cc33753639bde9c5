"""Where to compute, how much memory there is, and what a job will need."""

import os

import psutil
import torch

from scumble.errors import JobError
from scumble_backend.engine.encoder import Encoder, stride

RESERVE = 300e6  # bytes left alone for the rest of the machine
COPIES = 4.0  # of each layer's features held at once: padded, before and after ReLU, gradient


def pick() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def name(device: torch.device) -> str:
    """What the artist knows it by."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return {"mps": "Apple GPU", "cpu": f"processor, {torch.get_num_threads()} threads"}[device.type]


def free_memory(device: torch.device) -> int:
    """Bytes to be had for a job."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return psutil.virtual_memory().available


def use_cores() -> None:
    """All cores, or as many as SCUMBLE_THREADS says, at low priority: painting stays fluid."""
    wanted = os.environ.get("SCUMBLE_THREADS", "")
    allowed = getattr(os, "sched_getaffinity", lambda pid: range(os.cpu_count() or 1))(0)
    torch.set_num_threads(int(wanted) if wanted.isdigit() and int(wanted) else len(allowed))
    if hasattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS"):
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)  # type: ignore[attr-defined]
    else:
        os.nice(10)


def bytes_per_pixel(encoder: Encoder) -> float:
    """What a step holds for each pixel of the picture."""
    features = sum(width / stride(layer) ** 2 for layer, width in encoder.widths.items())
    return 4 * (COPIES * features + 40)  # 40 floats: the picture, its moments, targets, previews


def largest_that_fits(encoder: Encoder, device: torch.device) -> int:
    """Pixels of the largest picture for which there is memory now."""
    return max(0, int((free_memory(device) - RESERVE) / bytes_per_pixel(encoder)))


def check_memory(encoder: Encoder, device: torch.device, height: int, width: int) -> None:
    """Raises JobError where a job of this working size would not fit."""
    room = largest_that_fits(encoder, device)
    if height * width > room:
        need = height * width * bytes_per_pixel(encoder) + RESERVE
        side = int(max(height, width) * (room / (height * width)) ** 0.5) // 16 * 16
        raise JobError(
            f"Painting at {width} x {height} px needs about {need / 1e9:.1f} GB, and "
            f"{free_memory(device) / 1e9:.1f} GB are free: choose a working size of at most "
            f"{side} px, or close other programs."
        )
