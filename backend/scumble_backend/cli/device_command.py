"""`scumble device`: what this computer paints on."""

from scumble import machine
from scumble_backend.cli.sharing import one
from scumble_backend.compute import devices

AUTOMATIC = "auto"


def device(name: str) -> None:
    """Choose the one of this name, if any, and print all. Raises InputError."""
    found = {str(device): each for each, device in devices.found().items()}
    names = list(found.values())
    if name:
        machine.choose(machine.AUTOMATIC if name == AUTOMATIC else found[one(name, found)])
    chosen = machine.chosen()
    if chosen and chosen not in names:
        print(f"“{chosen}” was chosen, and is not there any more.")
    used = chosen if chosen in names else AUTOMATIC
    for each in (AUTOMATIC, *names):
        print(f"{'*' if each == used else ' '} {each}")
