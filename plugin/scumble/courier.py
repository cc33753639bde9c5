"""Frames through a courier, where the editor's Python cannot load zmq (GIMP on Windows and macOS).

The courier is a process of the backend's own environment (scumble_backend/server/courier.py), which
speaks ZeroMQ for us. Frames go over its standard input and output, as scumble/pipe.py writes them.
Where the connection leads, keys and all, is the first message; nothing secret is in its arguments.
It ends with its input, and so with this process.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import asdict

from scumble import logs
from scumble.connection import NO_WINDOW, Connection
from scumble.environment import clean_environment, cure, interpreter
from scumble.errors import LostError, StartError
from scumble.language import tr
from scumble.pipe import REFUSED, read_frames, write_frames
from scumble.protocol import Frame

START = 20.0  # s for the courier to begin; a cold disk with a virus scanner needs many
END = 2.0  # s from a courier's last word to its end


class CourierWire:
    """As scumble.wire.ZmqWire. Two threads read and write, so that nothing here waits."""

    def __init__(self, connection: Connection):
        try:
            output = logs.opened(logs.trimmed(logs.COURIER))
        except StartError:  # it can speak without being listened to
            output = open(os.devnull, "ab")  # noqa: SIM115  closed below
        try:
            self._process = subprocess.Popen(
                [interpreter(), "-m", "scumble_backend.server.courier"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output,
                env=clean_environment(), creationflags=NO_WINDOW, close_fds=True,
            )  # fmt: skip
        except OSError as error:
            raise LostError(
                tr(
                    "The painting process cannot be talked to ({error}): {cure}",
                    error=error,
                    cure=cure(),
                )
            ) from error
        finally:
            output.close()
        self.refused = False  # whether the backend does not know the key
        self._open, self._gone = threading.Event(), threading.Event()
        self._inbox: queue.Queue[list[bytes] | None] = queue.Queue()
        self._outbox: queue.Queue[list[Frame] | None] = queue.Queue()
        self._threads = [
            threading.Thread(target=each, daemon=True) for each in (self._read, self._write)
        ]
        for thread in self._threads:
            thread.start()
        self.send([json.dumps(asdict(connection)).encode()])

    def wait_until_open(self) -> None:
        self._open.wait(START)

    def send(self, frames: list[Frame]) -> None:
        self._outbox.put(frames)

    def receive(self, timeout: float) -> list[bytes] | None:
        try:
            return self._inbox.get(timeout=timeout) if timeout else self._inbox.get_nowait()
        except queue.Empty:
            return None

    def is_gone(self) -> bool:
        return self._gone.is_set() and self._inbox.empty()

    def close(self) -> None:
        """The courier sends what it was given, and leaves."""
        self._outbox.put(None)

    def _read(self) -> None:
        """In a thread: the first message, an empty one, says that the courier is at work."""
        assert self._process.stdout
        try:
            while True:
                frames = read_frames(self._process.stdout)
                if frames:
                    self._inbox.put(frames)
                self._open.set()
        except (OSError, EOFError, ValueError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.refused = self._process.wait(END) == REFUSED
            self._gone.set()
            self._open.set()
            self._inbox.put(None)  # for who waits

    def _write(self) -> None:
        """In a thread, the only one that writes. Where Python is part of a program, as in Krita,
        nobody has it that a write to a courier that is gone is an error and not the program's end.
        """
        assert self._process.stdin
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
        try:
            while (frames := self._outbox.get()) is not None:
                write_frames(self._process.stdin, frames)
        except (OSError, ValueError):
            self._gone.set()
        with contextlib.suppress(OSError):  # here too: it writes what was not yet written
            self._process.stdin.close()
        self._process.wait()
