"""One job at a time, from layers to a new layer, while the dialog stays free.

Finding and starting the backend takes seconds, so a thread does that; it leaves nothing of the
socket's behind. The socket itself belongs to the main thread, where a timer asks it what came in.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from scumble import launcher, protocol
from scumble.client import Client
from scumble.connection import Connection
from scumble.errors import BackendError, StartError
from scumble.guard import guarded, sentence
from scumble.hosts.gimp.api import GLib
from scumble.hosts.gimp.host import GimpHost
from scumble.pixels import Pixels
from scumble.session import Session, check

TICK = 40  # ms between questions to the socket


class Listener(Protocol):
    """The dialog: told how it goes, on the main thread."""

    def show_stage(self, stage: str) -> None: ...
    def show_progress(self, progress: protocol.Progress) -> None: ...
    def show_preview(self, pixels: Pixels) -> None: ...
    def say(self, message: str) -> None: ...

    def show_status(self, status: protocol.StatusReply | str) -> None:
        """A sentence where the backend cannot be had."""
        ...

    def show_end(self, state: str) -> None:
        """state: "done", "cancelled" or "failed", after which the next job may start."""
        ...


class Painting:
    def __init__(self, image, listener: Listener):
        self._listener = listener
        told = (listener.show_progress, listener.show_preview, listener.say)
        self.host = GimpHost(image, *told)
        self.busy = False
        self._order: tuple | None = None
        self._session: Session | None = None
        self._connection: Connection | None = None
        self._timer = 0

    def look(self) -> None:
        """See to it that the backend runs, and tell its status."""
        self._in_thread(_status, self._listener.show_status)

    def start(self, content: str, choices: list, values: dict) -> None:
        """Find the backend, then read the layers and send them.

        Raises InputError where there is no such job.
        """
        check({layer.id: layer for layer in self.host.layers()}, content, choices, values)
        order = self._order = (content, choices, values)
        self.busy = True
        find = lambda: launcher.ensure(self._stage)  # noqa: E731
        self._in_thread(find, lambda answer: self._begin(order, answer))

    def cancel(self) -> None:
        """Free at once; the backend stops by itself."""
        if self._session:
            self._session.cancel()
        if self.busy:
            self._end("cancelled")

    def keep(self) -> None:
        """Stop painting; what is painted so far becomes the layer."""
        if self._session:
            self._session.keep()

    def close(self) -> None:
        """Let go of the job and the socket."""
        self._stop_timer()
        if self._session:
            self._session.cancel()
        self._drop()
        self.busy, self._order = False, None

    def _fail(self, message: str) -> None:
        self._listener.say(message)
        self._end("failed")

    def _stage(self, stage: str) -> None:
        """In a thread."""
        GLib.idle_add(self._listener.show_stage, stage)

    def _in_thread(self, ask: Callable, tell: Callable) -> None:
        """Ask in a thread, and tell the answer, or the sentence of its failure, in the main one."""

        def work() -> None:
            try:
                answer = ask()
            except Exception as error:
                answer = sentence(error)
            GLib.idle_add(tell, answer)

        threading.Thread(target=work, daemon=True).start()

    @guarded(_fail)
    def _begin(self, order: tuple, answer: Connection | str) -> None:
        if order is not self._order:
            return  # cancelled meanwhile
        if isinstance(answer, str):
            self._fail(answer)
            return
        self._session_for(answer).start(*order)
        self._timer = GLib.timeout_add(TICK, self._poll)

    def _session_for(self, connection: Connection) -> Session:
        if connection != self._connection or self._session is None:
            self._drop()
            self._session = Session(self.host, Client(connection))
            self._connection = connection
        return self._session

    def _poll(self) -> bool:
        """Whether the timer goes on."""
        self._ask()
        return bool(self._timer)

    @guarded(_fail)
    def _ask(self) -> None:
        session = self._session
        assert session is not None
        try:
            running = session.poll()
        except BackendError:
            if session.running:  # the backend is gone, and not only this job
                self._drop()
            raise
        if session.state == "queued" and session.waits_for:
            self._listener.show_stage(f"waiting for another picture, {session.waits_for}")
        if not running and self.busy:
            self._end(str(session.state))

    def _drop(self) -> None:
        if self._session:
            self._session.client.close()
        self._session = self._connection = None

    def _end(self, state: str) -> None:
        self._stop_timer()
        self.busy, self._order = False, None
        self._listener.show_end(state)

    def _stop_timer(self) -> None:
        if self._timer:
            GLib.source_remove(self._timer)
        self._timer = 0


def _status() -> protocol.StatusReply:
    with Client(launcher.ensure()) as client:
        found = client.status(timeout=2.0)
    if found is None:
        raise StartError("The backend does not answer: try again in a moment.")
    return found
