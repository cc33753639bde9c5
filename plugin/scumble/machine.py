"""What this computer paints on: its devices, as the painting process found them, and the one that
the artist chose. Both are files of the state folder; they belong to the computer, and to no preset
and no document."""

import json
from dataclasses import asdict, dataclass

from scumble.connection import state_folder, write_private

FOUND, CHOSEN = "devices.json", "device.json"
AUTOMATIC = ""  # in place of a device's name: the fastest
SPARE = "SCUMBLE_SPARE"  # in the environment of a process that is to spare memory as it can


@dataclass(frozen=True)
class Device:
    """name: what the artist knows it by. processor: whether it is that, and no graphics card."""

    name: str
    processor: bool


def found() -> list[Device]:
    """The fastest first; none where nothing was painted yet."""
    try:
        entries = json.loads((state_folder() / FOUND).read_text(encoding="utf-8"))
        return [Device(str(each["name"]), bool(each["processor"])) for each in entries]
    except (OSError, LookupError, TypeError, ValueError, RecursionError):
        return []


def note_found(devices: list[Device]) -> None:
    """By the painting process. Raises OSError."""
    write_private(state_folder() / FOUND, json.dumps([asdict(each) for each in devices]))


def chosen() -> str:
    """A device's name, which may be gone; or AUTOMATIC."""
    try:
        name = json.loads((state_folder() / CHOSEN).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return AUTOMATIC
    return name if isinstance(name, str) else AUTOMATIC


def choose(name: str) -> None:
    """For all that is painted on this computer from now on. Raises OSError."""
    write_private(state_folder() / CHOSEN, json.dumps(name))
