"""Two computers on one: two network namespaces of Linux, with a link between them that can break.

What runs in one sees nothing of the other, nor of this machine, but by that link.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

PAINTS, ASKS = "paints", "asks"  # the computer with the GPU, and the artist's
ADDRESS = {PAINTS: "10.0.0.1", ASKS: "10.0.0.2"}  # seen inside alone
NEEDS = "needs root and `ip` (iproute2): it makes networks of its own"


def can_be() -> bool:
    return bool(shutil.which("ip")) and os.geteuid() == 0


class Network:
    """folder: where the homes of both are made. Use it as a context, which takes all away."""

    def __init__(self, folder: Path):
        self._spaces = {each: f"scumble-{os.getpid()}-{each}" for each in ADDRESS}
        self._ends = {each: f"sc{os.getpid()}{each[0]}" for each in ADDRESS}
        self.homes = {each: folder / each for each in ADDRESS}
        self._started: list[subprocess.Popen] = []

    def __enter__(self) -> "Network":
        try:
            for space in self._spaces.values():
                _ip("netns", "add", space)
            one, other = self._ends.values()
            _ip("link", "add", one, "type", "veth", "peer", "name", other)
            for each, space in self._spaces.items():
                _ip("link", "set", self._ends[each], "netns", space)
                _ip("-n", space, "address", "add", f"{ADDRESS[each]}/24", "dev", self._ends[each])
                _ip("-n", space, "link", "set", "lo", "up")
                _ip("-n", space, "link", "set", self._ends[each], "up")
        except BaseException:
            self._take_away()
            raise
        return self

    def __exit__(self, *_) -> None:
        for process in self._started:
            if process.poll() is None:
                process.terminate()
            process.wait(60)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        self._take_away()

    def start(self, where: str, *command: object) -> subprocess.Popen:
        """A process there, ended at the end. Its standard input and output are pipes of text."""
        inside = ("ip", "netns", "exec", self._spaces[where], *map(str, command))
        process = subprocess.Popen(
            inside, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=self._surroundings(where),
        )  # fmt: skip
        self._started.append(process)
        return process

    def run(self, where: str, *command: object, text: str = "") -> subprocess.CompletedProcess:
        """A process there, to its end."""
        return subprocess.run(
            ("ip", "netns", "exec", self._spaces[where], *map(str, command)), input=text,
            env=self._surroundings(where), capture_output=True, text=True, check=False,
            timeout=300,
        )  # fmt: skip

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        """The link is broken within."""
        link = ("-n", self._spaces[ASKS], "link", "set", self._ends[ASKS])
        _ip(*link, "down")
        try:
            yield
        finally:
            _ip(*link, "up")

    @contextlib.contextmanager
    def slow(self, rate: str) -> Iterator[None]:
        """Within, the link carries no more than so much each way, in tc's words: 20mbit."""
        ends = [("-n", space, "qdisc") for space in self._spaces.values()]
        links = [("dev", self._ends[each], "root") for each in self._spaces]
        bucket = ("tbf", "rate", rate, "burst", "64kb", "latency", "500ms")
        for end, link in zip(ends, links, strict=True):
            subprocess.run(("tc", *end, "add", *link, *bucket), check=True)
        try:
            yield
        finally:
            for end, link in zip(ends, links, strict=True):
                subprocess.run(("tc", *end, "delete", *link), check=True)

    def _surroundings(self, where: str) -> dict[str, str]:
        return os.environ | {"SCUMBLE_HOME": str(self.homes[where])}

    def _take_away(self) -> None:
        for space in self._spaces.values():
            subprocess.run(("ip", "netns", "delete", space), capture_output=True, check=False)


def _ip(*command: str) -> None:
    subprocess.run(("ip", *command), check=True, capture_output=True)
