"""`scumble serve --devices` and `--cluster`: what the stations paint on, and with how many threads.

What there is a process of its own says, since the server imports neither torch nor Ray.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence

from scumble import environment
from scumble.errors import InputError, StartError
from scumble_backend.cli.terminal import counted
from scumble_backend.server.station import Share

ALL, PROCESSOR = "all", "cpu"
MOST = 32  # children


def shares(text: str) -> list[Share]:
    """Raises InputError, StartError."""
    said = _said_by("scumble_backend.compute.devices")
    if said.returncode:
        raise StartError(environment.damaged())
    return shared(text, *json.loads(said.stdout))


def of_cluster(address: str) -> list[Share]:
    """One for each device of a Ray cluster, as far as they can paint. Raises StartError."""
    said = _said_by("scumble_backend.cli.sharing", address, stderr=subprocess.PIPE)
    if said.returncode:
        raise StartError(said.stderr.splitlines()[-1] if said.stderr else environment.damaged())
    places, unfit = json.loads(said.stdout)
    for each in unfit:
        print(each, file=sys.stderr)
    if not places:
        raise StartError(f"No machine of the cluster at {address} paints: start Ray on one.")
    used = places[:MOST]
    machines = len({node for _, (node, *_) in used})
    print(f"Painting on {counted(len(used), 'device')} of {counted(machines, 'machine')}.")
    return [_far(address, *each) for each in used]


def _say_places(address: str) -> None:
    """For `of_cluster`, which imports no Ray."""
    from scumble_backend.cli import nodes

    nodes.connect(address)
    print(json.dumps(nodes.fit()))


def _far(address: str, name: str, place: Sequence) -> Share:
    _, number, threads, gpus, _ = place
    device = f"graphics card {number + 1}" if gpus else counted(threads, "thread")
    return Share("", f"{device}, on {name}", threads, json.dumps([address, *place]))


def _said_by(program: str, *words: str, **more: int) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", program, *words]
    return subprocess.run(asked, stdout=subprocess.PIPE, text=True, **more)  # type: ignore[call-overload]


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


if __name__ == "__main__":
    try:
        _say_places(sys.argv[1])
    except StartError as error:
        sys.exit(str(error))
