"""The compute child: a process of its own, so that it may be killed, or run out of memory, and only
its job fails. Its pipes are read and written by threads, so that the server's loop never waits for
it.
"""

import contextlib
import logging
import os
import queue
import subprocess
import sys
import threading
from typing import BinaryIO

import zmq

from scumble import machine, protocol
from scumble.connection import NO_WINDOW, home
from scumble.errors import StartError
from scumble.language import tr
from scumble.pipe import read_frames, write_frames
from scumble_backend.server.jobs import Job

FAREWELL = 3.0  # s between the end of a child's words and its own
# Threads that wait for each other spin for some 50 microseconds, then sleep. Spinning on, as is the
# default, makes the child many times slower on a busy machine, where the artist paints on, and
# takes cores from the editor; sleeping at once made it twice as slow on an idle one. Linux gives
# large tensors huge pages: the kernel's share of a step falls from 10 % to 1 %. What torch cannot
# do on an Apple GPU the processor does. With a workspace of its own cuBLAS repeats itself.
TUNING = {
    "GOMP_SPINCOUNT": "30000",
    "KMP_BLOCKTIME": "1",
    "THP_MEM_ALLOC_ENABLE": "1",
    "PYTORCH_ENABLE_MPS_FALLBACK": "1",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
}

PAINTS = "scumble_backend.compute.wake"
RELAYS = "scumble_backend.cli.relay"  # to a device of a cluster
PLACE = "SCUMBLE_PLACE"  # in the environment of one that relays: where to, see relay.py

log = logging.getLogger(__name__)


class Child:
    """The compute child. What it says arrives as frames on the PULL socket `replies`; an empty
    message says that it ended."""

    def __init__(self, context: zmq.Context, name: str, own: dict[str, str], spare: bool):
        """name: that no other has had. own: what its environment says beside the server's; it
        relays to a PLACE that stands there. spare: whether it goes about memory as sparingly as it
        can. Raises StartError where it cannot be started; then nothing of it is left."""
        self.address = f"inproc://child-{name}"
        self._own = own | ({machine.SPARE: "1"} if spare else {})
        self._outbox: queue.SimpleQueue[list[protocol.Frame] | None] = queue.SimpleQueue()
        with contextlib.ExitStack() as undo:
            try:
                self._start(context, undo)
            except (OSError, RuntimeError, zmq.ZMQError) as error:  # no thread, no descriptor left
                raise StartError(
                    tr(
                        "The painting process cannot be started ({error}): restart the "
                        "computer, or run install.py again.",
                        error=error,
                    )
                ) from error
            undo.pop_all()
        log.info("compute child %d started", self._process.pid)

    def _start(self, context: zmq.Context, undo: contextlib.ExitStack) -> None:
        self.replies = context.socket(zmq.PULL)
        undo.callback(self.replies.close, linger=0)
        self.replies.bind(self.address)
        self._process = subprocess.Popen(
            [sys.executable, "-m", RELAYS if PLACE in self._own else PAINTS],
            env=os.environ | TUNING | self._own,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=home() / "state",
            creationflags=NO_WINDOW,
        )  # fmt: skip
        undo.callback(self.kill)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        words = context.socket(zmq.PUSH)
        undo.callback(words.close, linger=0)
        words.linger = 0
        words.connect(self.address)
        # Daemons: the server may leave while a pipe is stuck.
        reader = (words, self._process.stdout)
        threading.Thread(target=self._write, args=(self._process.stdin,), daemon=True).start()
        threading.Thread(target=self._read, args=reader, daemon=True).start()

    def send(self, message: protocol.Message) -> None:
        self._outbox.put(protocol.encode(message))

    def run(self, job: Job) -> None:
        """Hand over a job with all its styles."""
        self.send(job.request)
        for digest, pixels in job.styles.items():
            self.send(protocol.StylePixels(job.name, digest, pixels))

    def exit_code(self) -> int | None:
        """How it ended: waits a moment for the one that is about to."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(FAREWELL)
        return self._process.poll()

    def kill(self) -> None:
        """End it, now; all its memory comes back."""
        self._outbox.put(None)
        self._process.kill()
        self.exit_code()
        log.info("compute child %d ended", self._process.pid)

    def close(self) -> None:
        self.kill()
        self.replies.close(linger=0)

    def _read(self, socket: zmq.Socket, pipe: BinaryIO) -> None:
        try:
            while True:
                socket.send_multipart(read_frames(pipe), copy=False)
        except (EOFError, OSError, ValueError):
            pass
        except zmq.ZMQError:  # the server left
            return
        try:
            socket.send(b"")
            socket.close(linger=1000)
        except zmq.ZMQError:
            pass

    def _write(self, pipe: BinaryIO) -> None:
        try:
            while (frames := self._outbox.get()) is not None:
                write_frames(pipe, frames)
            pipe.close()
        except (OSError, ValueError):
            pass  # the reader tells that it ended
