"""How many files and connections the server may have open at once, and how many it has."""

import os
import sys

WANTED = 65_536 if sys.platform == "linux" else 10_240  # macOS allows no more
SPARE = 64  # kept for other things than clients
CROWD = 1000  # more than all editors and guests of a computer together


def want() -> None:
    """Many systems allow a process few until it asks for more."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
        if wanted > soft != resource.RLIM_INFINITY:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def are_short() -> bool:
    """Whether all but a few are taken. The last would be missing where the compute child is
    started, and zmq would try to accept the next client for ever, with a whole core."""
    return _taken() > _room() - SPARE


def are_many() -> bool:
    """Whether so many are taken that strangers must have come."""
    return _taken() > min(CROWD, _room() / 2)


def _room() -> float:
    if sys.platform == "win32":
        return float("inf")
    import resource

    room, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return float("inf") if room == resource.RLIM_INFINITY else room


def _taken() -> float:
    if sys.platform == "win32":
        return 0
    try:
        return len(os.listdir("/dev/fd"))
    except OSError:  # not even one to look with
        return float("inf")
