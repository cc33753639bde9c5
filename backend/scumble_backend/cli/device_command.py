"""`scumble device`: what this computer paints on."""

from scumble import machine
from scumble.errors import InputError
from scumble_backend.compute import devices

AUTOMATIC = "auto"


def device(name: str) -> None:
    """Choose the one of this name, if any, and print all. Raises InputError."""
    names = list(devices.found())
    if name:
        machine.choose(machine.AUTOMATIC if name == AUTOMATIC else _one(name, names))
    chosen = machine.chosen()
    if chosen and chosen not in names:
        print(f"“{chosen}” was chosen, and is not there any more.")
    used = chosen if chosen in names else AUTOMATIC
    for each in (AUTOMATIC, *names):
        print(f"{'*' if each == used else ' '} {each}")


def _one(part: str, names: list[str]) -> str:
    """The name meant. Raises InputError."""
    found = [name for name in names if part.lower() in name.lower()]
    if part in names or len(found) == 1:
        return part if part in names else found[0]
    raise InputError(f"“{part}” is not one of this computer's devices: {', '.join(names)}.")
