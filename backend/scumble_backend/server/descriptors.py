"""How many files and connections the server may have open at once."""

import os
import sys

WANTED = 10_240  # macOS allows no more
SPARE = 64  # kept for other things than clients


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
    if sys.platform == "win32":
        return False
    import resource

    room, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        return room != resource.RLIM_INFINITY and len(os.listdir("/dev/fd")) > room - SPARE
    except OSError:  # not even one to look with
        return True
