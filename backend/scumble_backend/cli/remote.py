"""What runs on another machine, where the server hands a job to a Ray cluster: a compute child, and
an actor that lengthens its pipe to the relay (relay.py).

So it paints as it does here, may be killed or run out of memory, and only its job fails.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading

from scumble import framing, machine, protocol
from scumble.connection import NO_WINDOW, state_folder
from scumble.pipe import read_frames, write_frames
from scumble_backend import __version__
from scumble_backend.server.child import PAINTS, TUNING

Said = list[list[bytes]]  # messages, as frames


def about() -> tuple[str, str]:
    """The version of Scumble here, and this machine's name."""
    return __version__, socket.gethostname()


class Remote:
    """The actor. Its methods are called by threads."""

    def __init__(self, threads: int, gpu: bool, spare: bool):
        own = {"SCUMBLE_THREADS": str(threads)}
        if gpu:  # the one that Ray gives it, and lets it see alone
            own["SCUMBLE_DEVICE"] = "cuda:0"
        if spare:
            own[machine.SPARE] = "1"
        self._child = subprocess.Popen(
            [sys.executable, "-m", PAINTS], env=os.environ | TUNING | own,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=state_folder(),
            creationflags=NO_WINDOW,
        )  # fmt: skip
        self._said: Said = []
        self._over = False
        self._news = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def about(self) -> tuple[str, str]:
        return about()

    def hear(self, frames: list[bytes]) -> None:
        assert self._child.stdin
        with contextlib.suppress(OSError):  # it has ended, which `said` tells
            write_frames(self._child.stdin, frames)

    def said(self) -> tuple[Said, int | None]:
        """What the child has said since, once there is something; or with what code it ended."""
        with self._news:
            self._news.wait_for(lambda: self._said or self._over)
            said, self._said = self._said, []
        return said, None if said else self._child.wait()

    def _listen(self) -> None:
        assert self._child.stdout
        with contextlib.suppress(EOFError, OSError):
            while True:
                frames = read_frames(self._child.stdout)
                with self._news:
                    if _is_preview(frames):  # of those that nobody has fetched the last is enough
                        self._said = [each for each in self._said if not _is_preview(each)]
                    self._said.append(frames)
                    self._news.notify()
        with self._news:
            self._over = True
            self._news.notify()


def _is_preview(frames: list[bytes]) -> bool:
    return framing.read_header(frames[0]).get("type") == protocol.Preview.__name__
