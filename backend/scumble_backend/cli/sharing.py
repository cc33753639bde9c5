"""`scumble serve --devices`: which devices the compute children paint on, and how many threads each
has.

What there is a process of its own says, since the server imports no torch.
"""

import json
import subprocess
import sys
from collections import Counter

from scumble import environment
from scumble.errors import InputError, StartError
from scumble_backend.server.station import Share

ALL, PROCESSOR = "all", "cpu"
MOST = 32  # children


def shares(text: str) -> list[Share]:
    """Raises InputError, StartError."""
    asked = [sys.executable, "-m", "scumble_backend.compute.devices"]
    said = subprocess.run(asked, stdout=subprocess.PIPE, text=True)
    if said.returncode:
        raise StartError(environment.damaged())
    return shared(text, *json.loads(said.stdout))


def shared(text: str, devices: dict[str, str], cores: int) -> list[Share]:
    """devices: the names of all, by what torch calls them. Graphics cards have the cores among
    them, and so have children that paint on these. Raises InputError."""
    cards = [each for each in devices if each != PROCESSOR]
    if text == ALL:
        chosen = cards or [PROCESSOR]
    else:
        parts = [text] if text in devices.values() else text.split(",")  # a name may have commas
        chosen = [one(part.strip(), devices) for part in parts]
    if len(chosen) > MOST:
        raise InputError(f"{len(chosen)} devices are too many: name at most {MOST}.")
    alike = Counter(each == PROCESSOR for each in chosen)
    return [
        Share(each, devices[each], max(1, cores // alike[each == PROCESSOR])) for each in chosen
    ]


def one(part: str, devices: dict[str, str]) -> str:
    """The device meant, as torch calls it: by that, its name, or a part of its name. Raises
    InputError."""
    exactly = [each for each, name in devices.items() if part in (each, name)]
    partly = [each for each, name in devices.items() if part and part.lower() in name.lower()]
    found = exactly or partly
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{name} ({each})" for each, name in devices.items())
    raise InputError(f"“{part}” is not one of this computer's devices: {names}.")
