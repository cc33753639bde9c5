"""What Scumble needs on this machine, and the files by which its set-up tells how it goes.

Used by the plug-in, before anything is there, and by the installer; standard library only.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scumble.connection import NO_WINDOW

# In the state folder. One set-up at a time holds the lock; it tells how it goes in lines of JSON,
# and stops where the third file is there.
LOCK, REPORT, CANCEL = "set-up.lock", "set-up.jsonl", "set-up.cancel"
LANGUAGE = "SCUMBLE_LANGUAGE"  # the environment variable that says what language it tells it in

# GB to download and GB on disk, measured on Linux, Python 3.13: torch for NVIDIA cards, torch
# without, and no torch where another computer paints
SIZES = {"cuda": (3.1, 6.0), "small": (0.3, 1.4), "sends": (0.1, 0.2)}
PATIENCE = 5.0  # s for the driver to say the card's name


@dataclass(frozen=True)
class Needs:
    """gpu: the name of what paints fast; nothing where there is none. download, disk: GB; most,
    most_disk: where torch's own index cannot be reached. free: GB on that disk."""

    gpu: str
    download: float
    disk: float
    most: float
    most_disk: float
    free: float


def needs(folder: Path, sends: bool = False) -> Needs:
    """Takes up to PATIENCE. folder: where it would be set up, there or not. sends: another computer
    paints."""
    if sends:
        return Needs("", *SIZES["sends"], *SIZES["sends"], _free(folder))
    nvidia = has_nvidia()
    fitting = SIZES["cuda" if nvidia else "small"]
    most = SIZES["cuda"] if sys.platform == "linux" else fitting
    return Needs(gpu_name() if nvidia else _apple(), *fitting, *most, _free(folder))


def has_nvidia() -> bool:
    return bool(shutil.which("nvidia-smi")) or any(
        Path(path).exists() for path in ("/proc/driver/nvidia", "/dev/nvidia0")
    )


def gpu_name() -> str:
    """Of the first NVIDIA card, as its driver calls it."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        said = subprocess.check_output(
            ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"],
            timeout=PATIENCE, text=True, errors="replace", stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, creationflags=NO_WINDOW,
        )  # fmt: skip
        return said.splitlines()[0].strip() if said.strip() else "NVIDIA card"
    return "NVIDIA card"


def _apple() -> str:
    apple = sys.platform == "darwin" and os.uname().machine == "arm64"
    return "Apple GPU" if apple else ""


def size_of(path: Path, seen: set[tuple[int, int]]) -> int:
    """Bytes below a folder that were not counted before: a file of several names counts once.

    seen: (device, number) of files; grows.
    """
    size = 0
    for below, _, names in os.walk(path):
        for name in names:
            try:
                about = os.lstat(os.path.join(below, name))
            except OSError:  # gone by now
                continue
            if (about.st_dev, about.st_ino) not in seen:
                seen.add((about.st_dev, about.st_ino))
                size += getattr(about, "st_blocks", 0) * 512 or about.st_size
    return size


def _free(folder: Path) -> float:
    while not folder.exists():
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free / 1e9
    except OSError:
        return 0.0
