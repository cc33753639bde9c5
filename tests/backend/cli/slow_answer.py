"""A relay whose actor's answer takes as long to come, once it is given, as the test says: until
the file is there that is named. For a cluster at the address that stands before."""

import os
import sys
import time

from scumble import protocol
from scumble_backend.cli import nodes, relay


def arrive(path: str) -> list[bytes]:
    """What unpacks the answer, where `ray.get` brings it."""
    while not os.path.exists(path):
        time.sleep(0.01)
    return [bytes(frame) for frame in protocol.encode(protocol.Progress("mine", "", 0.5))]


class OnItsWay:
    def __init__(self, path: str):
        self._path = path

    def __reduce__(self):
        return arrive, (self._path,)


class Actor:
    """As remote.Remote."""

    def __init__(self, path: str):
        self._answers = [([OnItsWay(path)], None), ([], 0)]

    def said(self):
        return self._answers.pop(0)


if __name__ == "__main__":
    address, path = sys.argv[1:]
    nodes.connect(address)
    relay.PULSE = 0.01
    actor = nodes.ray.remote(Actor).remote(path)
    sys.exit(relay._follow(actor, "there", sys.stdout.buffer))
