"""The machines of a Ray cluster, which somebody has started: how to reach it, what paints there."""

import logging
import os
import socket
import sys
from typing import Any, NamedTuple

from scumble.errors import StartError
from scumble_backend import __version__
from scumble_backend.cli import remote

try:
    import ray
    from ray._private import worker
    from ray.exceptions import RayError
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy
except ModuleNotFoundError as error:
    raise StartError(
        f"--cluster needs Ray, which is not installed here: run `{sys.executable} -m pip install "
        "ray`, and so on every machine."
    ) from error

ANSWER = 5.0  # s for a cluster to be reached
GREETING = 60.0  # s for its machines to say what they are


class Place(NamedTuple):
    """Where an actor may live: a device of a machine."""

    node: str
    number: int
    threads: int
    gpus: int
    cpus: int

    def options(self, soft: bool) -> dict[str, Any]:
        """What an actor there is made with. soft: or elsewhere, where that machine is gone."""
        there = NodeAffinitySchedulingStrategy(self.node, soft=soft)
        return {"num_cpus": self.cpus, "num_gpus": self.gpus, "scheduling_strategy": there}


def connect(address: str) -> None:
    """Raises StartError."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    worker._worker_logs_enabled = False  # what it prints of lost machines is its own log
    try:
        if address != "auto":  # Ray itself would try for minutes
            host, _, port = address.rpartition(":")
            socket.create_connection((host, int(port)), ANSWER).close()
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, OverflowError, RuntimeError, ValueError, RayError) as error:
        raise StartError(
            f"There is no Ray cluster at {address} ({reason(error)}): run `ray start "
            "--head` on one machine, join it from this one, and try again."
        ) from error


def places() -> list[Place]:
    """One for each GPU; where a machine has none, for as many cores as SCUMBLE_THREADS says, or all
    of them, as the backend paints with there."""
    found = []
    for node in ray.nodes():
        gpus, cores = (int(node["Resources"].get(kind, 0)) for kind in ("GPU", "CPU"))
        if not node["Alive"] or not (gpus or cores):
            continue
        wanted = os.environ.get("SCUMBLE_THREADS", "")
        threads = min(cores, int(wanted)) if wanted.isdigit() and int(wanted) else cores
        count = gpus or cores // threads
        held = (max(1, cores // gpus), 1, 0) if gpus else (threads, 0, threads)
        found += [Place(node["NodeID"], number, *held) for number in range(count)]
    return found


def reason(error: BaseException) -> str:
    """What Ray says, in one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def why_unfit(version: str) -> str:
    """Why a machine with that Scumble cannot paint for this one; nothing where it can."""
    same = version == __version__
    return "" if same else f"it has Scumble {version}, and this one {__version__}"


def unfit(why: str) -> str:
    return (
        f"A machine of the cluster cannot paint ({why}): set up the same Scumble there "
        "with Ray, and run `ray start` by its Python."
    )


def fit() -> tuple[list[tuple[str, Place]], list[str]]:
    """The places that can paint, with the names of their machines; and why others cannot."""
    there = places()
    asked: dict[str, Any] = {}
    for place in there:
        if place.node not in asked:
            pinned = place._replace(cpus=0, gpus=0).options(soft=False)
            about: Any = ray.remote(remote.about)
            asked[place.node] = about.options(**pinned).remote()
    names, whys = {}, []
    for node, answer in asked.items():
        try:
            version, name = ray.get(answer, timeout=GREETING)
            why = why_unfit(version)
        except RayError as error:
            name, why = "", reason(error)
        if why:
            whys.append(unfit(why))
        else:
            names[node] = name
    return [(names[place.node], place) for place in there if place.node in names], whys
