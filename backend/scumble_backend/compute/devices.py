"""Where to compute, how much memory there is, and what a job will need.

Run as a program it says the devices and cores, for those that import no torch: cli/sharing.py.
"""

import contextlib
import ctypes
import functools
import json
import os
import platform
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import torch

from scumble import machine
from scumble.errors import JobError
from scumble.language import decimal, tr
from scumble_backend.engine import neighbours
from scumble_backend.engine.encoder import CONTENT_LAYER, Encoder, pools_before, stride
from scumble_backend.engine.passage import strip_values
from scumble_backend.engine.thrift import LEVELS, Level

# torch's modules for cards by the kind of device: NVIDIA's, and AMD's by ROCm, and Intel's, which
# say the same by the same names.
CARDS: dict[str, Any] = {"cuda": torch.cuda, "xpu": torch.xpu}
RESERVE = 300e6  # bytes left alone for the rest of the machine
SHARE = 0.6  # of all memory that a job may take unless the artist asks for more
LAYERS = 4  # of a strip, that are held at once: a block's, their borders, gradients
PICTURES = 3  # in float, beside L-BFGS's pairs in half: the picture, gradients, the content
# Bytes per pixel of a style looked at: in float, as it is, resized, and what the heap keeps.
STYLE = 3 * 16.0
WORKSPACE = 100e6  # bytes that libraries take on the first job and keep
FULL_SIZE = 24.0  # bytes per pixel of the layer itself: as it came, the result, a strip in float
BRUSHED = 600.0  # bytes per pixel of a painting that is finished in brushwork: patches, and places
BRUSHES = 400e6  # bytes that the styles take then, at most
LOOK = 0.01  # s between two looks at the memory held
# Of glibc's mallopt:
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
LARGEST_KEPT = 32 << 20  # bytes of a buffer: it takes no more, nor should of larger ones much stay


def found() -> dict[str, torch.device]:
    """All devices by name, the fastest first, the processor last."""
    devices = [
        torch.device(kind, number)
        for kind, module in CARDS.items()
        for number in range(module.device_count())
    ]
    if torch.backends.mps.is_available():
        devices.append(torch.device("mps"))
    named: dict[str, torch.device] = {}
    for device in devices:
        own = name(device)
        alike = sum(each == own or each.startswith(f"{own} (") for each in named)
        named[f"{own} ({alike + 1})" if alike else own] = device
    return {**named, processor(): torch.device("cpu")}


def pick() -> torch.device:
    """The one that is wanted, where it is there, else the fastest; made ready."""
    devices = found()
    device = devices.get(_wanted(devices)) or next(iter(devices.values()))
    if card := CARDS.get(device.type):
        card.set_device(device)  # what torch asks of "the" card is asked of this one
        torch.backends.cudnn.deterministic = True  # the same seed gives the same picture
    return device


def gone() -> str:
    """The name of one that is wanted, and not there."""
    devices = found()
    name = _wanted(devices)
    return "" if name in devices else name


def _wanted(devices: dict[str, torch.device]) -> str:
    """By name; what SCUMBLE_DEVICE says, by name or as torch writes it, before what was chosen."""
    said = os.environ.get("SCUMBLE_DEVICE", "")
    written = {str(device): each for each, device in devices.items()}
    return written.get(said) or said or machine.chosen()


@functools.cache
def processor() -> str:
    """Its name."""
    name = ""
    with contextlib.suppress(OSError, subprocess.SubprocessError, LookupError):
        if sys.platform == "linux":
            lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            name = next((each for each in lines if each.startswith("model name")), "")
            name = name.partition(":")[2]
        elif sys.platform == "darwin":
            asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
            name = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return " ".join(name.split()) or platform.processor() or platform.machine() or "CPU"


def name(device: torch.device) -> str:
    """What the artist knows it by."""
    if card := CARDS.get(device.type):
        return card.get_device_name(device)
    used = threads(device)
    processor = f"processor, {used} thread{'s' if used > 1 else ''}"
    return {"mps": "Apple GPU", "cpu": processor}[device.type]


def threads(device: torch.device) -> int:
    """Of the processor, where that is the device; else 0."""
    return torch.get_num_threads() if device.type == "cpu" else 0


def precision(device: torch.device) -> torch.dtype:
    """What the encoder computes in: bfloat16 where the device has instructions of its own for it.

    Statistics, losses and the picture stay float32. Rounding the encoder's numbers so left the
    losses as they were, within 1.5 %; single pixels differ as much as after a change of 0.3 / 255
    to the photograph, since a painting can go many ways.
    """
    if card := CARDS.get(device.type):
        fast = card.is_bf16_supported(including_emulation=False)
    else:
        asked = getattr(torch.cpu, "get_capabilities", dict)  # newer than the oldest torch allowed
        can = asked() if device.type == "cpu" else {}
        fast = bool(can.get("amx_bf16") or can.get("avx512_bf16"))
    return torch.bfloat16 if fast else torch.float32


def place(encoder: Encoder, device: torch.device) -> Encoder:
    """The encoder on a device, in the type and layout in which it is fastest there."""
    layout = {"memory_format": torch.channels_last}
    return encoder.to(device, precision(device), **layout)  # type: ignore[call-overload]


def free_memory(device: torch.device) -> int:
    """Bytes to be had for a job."""
    if card := CARDS.get(device.type):
        return _memory(card, device)[0]
    return psutil.virtual_memory().available


def _memory(card: Any, device: torch.device) -> tuple[int, int]:
    """Bytes free on a card, and all that it has."""
    try:
        return card.mem_get_info(device)
    except RuntimeError:  # some of Intel's do not say what is free
        total = card.get_device_properties(device).total_memory
        return total - card.memory_reserved(device), total


def give_back(device: torch.device) -> None:
    """Return the memory that torch and the C library keep for the next job: an artist's machine
    has other uses for it, and a job that needs it asks again within milliseconds."""
    if card := CARDS.get(device.type):
        card.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # a C library that is not glibc
            ctypes.CDLL(None).malloc_trim(0)


def prepare() -> None:
    """What a process that paints does first."""
    use_cores()
    hold_memory()


def hold_memory() -> None:
    """Keep what is freed until `give_back`: glibc returns it to the system at once, and the next
    step takes it anew, page by page, a tenth of its time at 512 px and a quarter at 2048."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # a C library that is not glibc
            library = ctypes.CDLL(None)
            library.mallopt(MMAP_THRESHOLD, LARGEST_KEPT)
            library.mallopt(TRIM_THRESHOLD, -1)


def cores() -> int:
    """Of the processor that painting may use: all, or as many as SCUMBLE_THREADS says."""
    wanted = os.environ.get("SCUMBLE_THREADS", "")
    allowed = getattr(os, "sched_getaffinity", lambda pid: range(os.cpu_count() or 1))(0)
    return int(wanted) if wanted.isdigit() and int(wanted) else len(allowed)


@functools.cache
def use_cores() -> None:
    """At low priority: painting stays fluid. Once: priority would sink with each time."""
    torch.set_num_threads(cores())
    if hasattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS"):
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)  # type: ignore[attr-defined]
    else:
        os.nice(10)


def bytes_per_pixel(encoder: Encoder, level: Level = LEVELS[0]) -> float:
    """What a step holds for each pixel of the picture, beside its strip (engine/passage.py): what
    goes into the encoder's blocks, a gradient of that, the content's features, and pictures."""
    places = {layer: width / stride(layer) ** 2 for layer, width in encoder.widths.items()}
    pairs = zip(encoder.layers, encoder.layers[1:], strict=False)
    pooled = sum(places[layer] / 4 for layer, after in pairs if pools_before(after))
    size = encoder.dtype.itemsize
    content = min(size, neighbours.HELD.itemsize) * places.get(CONTENT_LAYER, 0.0)
    return size * 2 * pooled + content + 12 * (PICTURES + level.pairs)


def strip_bytes(encoder: Encoder, pixels: float, level: Level = LEVELS[0]) -> float:
    """What is held of the widest layer's strip, of a picture of so many pixels."""
    widest = max(width / stride(layer) ** 2 for layer, width in encoder.widths.items())
    most = level.strip * strip_values(encoder)
    return LAYERS * encoder.dtype.itemsize * min(most, widest * pixels)


def job_bytes(
    encoder: Encoder,
    pixels: int,
    layer_pixels: int,
    looked_at: list[float],
    painterly: bool,
    level: Level = LEVELS[0],
) -> int:
    """What a job takes at a working size, for a layer of its own size.

    looked_at: pixels of each style on the last octave. painterly: whether their features stay, and
    the picture is matched with them.
    """
    strip = strip_bytes(encoder, max(pixels, *looked_at, 0), level)
    step = pixels * bytes_per_pixel(encoder, level) + STYLE * sum(looked_at)
    if painterly:
        step += pixels * neighbours.COLUMN_BYTES  # its features lie where gradients will
        step += sum(looked_at) * neighbours.bytes_per_pixel(encoder)
    return int(WORKSPACE + strip + step + layer_pixels * FULL_SIZE)


def finish_bytes(pixels: int, layer_pixels: int) -> int:
    """What brushwork at the layer's own size takes, once it is painted at a working size."""
    return int(WORKSPACE + BRUSHED * pixels + BRUSHES + layer_pixels * FULL_SIZE)


def room(device: torch.device) -> float:
    """Bytes that a job can have now."""
    return free_memory(device) - RESERVE


def room_by_default(device: torch.device) -> float:
    """Bytes that a job takes unasked, of all that this machine has: the same every day."""
    if card := CARDS.get(device.type):
        return SHARE * _memory(card, device)[1] - RESERVE
    return SHARE * psutil.virtual_memory().total - RESERVE


class Peak:
    """Watches the memory held on a device: `bytes` is the most seen since it was entered, over
    what was held when it was made."""

    def __init__(self, device: torch.device):
        self._device, self._before = device, self._held(device)
        self._most, self._over = 0, threading.Event()

    def __enter__(self) -> "Peak":
        self._most = 0
        self._over.clear()
        if card := CARDS.get(self._device.type):
            card.reset_peak_memory_stats(self._device)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._thread.join()

    @property
    def bytes(self) -> int:
        return max(0, self._most - self._before)

    def _watch(self) -> None:
        while True:
            self._most = max(self._most, self._held(self._device))
            if self._over.wait(LOOK):
                return

    @staticmethod
    def _held(device: torch.device) -> int:
        if card := CARDS.get(device.type):
            return card.max_memory_allocated(device)
        if device.type == "mps":
            return torch.mps.driver_allocated_memory()
        return psutil.Process().memory_info().rss


def check_memory(device: torch.device, need: float, height: int, width: int) -> None:
    """Raises JobError where a job that needs so many bytes at this working size would not fit."""
    if need > (have := room(device)):
        side = int(max(height, width) * (max(have, 0.0) / need) ** 0.5) // 16 * 16
        raise JobError(
            tr(
                "Painting at {width} x {height} px needs about {needed} GB, and {free} GB "
                "are free: choose a working size of at most {side} px, or close other "
                "programs.",
                width=width,
                height=height,
                needed=decimal((need + RESERVE) / 1e9),
                free=decimal(free_memory(device) / 1e9),
                side=side,
            )
        )


if __name__ == "__main__":
    print(json.dumps([{str(device): each for each, device in found().items()}, cores()]))
