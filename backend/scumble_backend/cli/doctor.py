"""`scumble doctor`: does the backend start, answer and paint, and on what? If not, what to do.

install.py --doctor looks at the installation itself, and then asks this.
"""

import shutil
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from scumble import backends, connection, environment, launcher, protocol
from scumble.client import Client
from scumble.errors import JobError, ScumbleError
from scumble.pixels import Extent, Pixels
from scumble_backend import __version__
from scumble_backend.cli import pairing

LEAST_FREE = 10**9  # bytes on the disk: logs, results that are kept
SIDE = 64  # px of the picture that is painted to see whether that works
PATIENCE = 120.0  # s for it

Finding = tuple[bool, str]  # whether all is well, and a sentence


def examine() -> bool:
    """Print a line for each thing that was looked at; whether all is well."""
    well = True
    sends = environment.only_sends(connection.home())
    for look in (_folder, _disk, *((_elsewhere,) if sends else (_device, _backend))):
        try:
            findings = list(look())
        except ScumbleError as error:
            findings = [(False, str(error))]
        for good, sentence in findings:
            well = well and good
            print(f"{'ok ' if good else 'BAD'}  {_redacted(sentence)}")
    return well


def _folder() -> Iterator[Finding]:
    """Keys and connection file are for the user's eyes only."""
    folder = connection.state_folder()
    yield True, f"Scumble's folder is {folder.parent}."
    if sys.platform == "win32":
        return  # there the folder's own list of rights rules
    for name in ("keys.json", "connection.json"):
        path = folder / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield False, f"Other users can open {path}: delete it, and a new one is made."
            return
    yield True, "Only you can read its keys."


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(connection.home()).free
    if free < LEAST_FREE:
        yield False, f"Only {free / 1e9:.1f} GB are free on Scumble's disk: make room."
    else:
        yield True, f"{free / 1e9:.0f} GB are free on Scumble's disk."


def _elsewhere() -> Iterator[Finding]:
    """Of a computer that only sends pictures: the one that paints."""
    if far := backends.find(None):
        status = launcher.status_of(far)
        yield True, f"“{far.name}” answers, with Scumble {status.version}; here is {__version__}."
    else:
        yield False, environment.paints_nothing()


def _device() -> Iterator[Finding]:
    from scumble_backend.compute import devices

    device = devices.pick()
    if device.type == "cpu" and (shutil.which("nvidia-smi") or Path("/dev/nvidia0").exists()):
        yield (
            False,
            "An NVIDIA card lies idle: update its driver, then run install.py --uninstall and "
            "install.py, which fetches the torch that fits.",
        )
    free = devices.free_memory(device) / 2**30
    yield True, f"It paints on: {devices.name(device)}, {free:.1f} GB free."


def _backend() -> Iterator[Finding]:
    began = time.monotonic()
    with launcher.find_or_start(backend="") as client:
        yield True, f"The backend answers after {time.monotonic() - began:.1f} s."
        status = client.status(timeout=5.0)
        version = status.version if status else "none"
        cure = "" if version == __version__ else ": run `scumble stop`, and try again"
        yield not cure, f"Its version is {version}, and that installed here {__version__}{cure}."
        for line in pairing.each_child(status) if status else ():
            yield True, f"It paints on {line}."
        seconds = _paint(client)
        yield True, f"It paints: a small picture took {seconds:.1f} s."


def _paint(client: Client) -> float:
    """Seconds for a small job. Raises ScumbleError."""
    began = time.monotonic()
    data = b"".join(
        bytes((4 * x, 4 * y, x * y % 256, 255)) for y in range(SIDE) for x in range(SIDE)
    )
    picture = Pixels(Extent(0, 0, SIDE, SIDE), "rgba8", data)
    style = protocol.Style("itself", picture.digest())
    client.submit(picture, [(style, picture)], {"steps": 1, "working_size": 256})
    while time.monotonic() - began < PATIENCE:
        for reply in client.poll(0.1):
            if isinstance(reply, protocol.Failed):
                raise JobError(reply.message)
            if isinstance(reply, protocol.Done):
                return time.monotonic() - began
    raise JobError(f"A small picture was not painted within {PATIENCE:.0f} s: see server.log.")


def _redacted(text: str) -> str:
    """Without the user's name in paths, so that it can be shown to others."""
    return text.replace(str(Path.home()), "~")
