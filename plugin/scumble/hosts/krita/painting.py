"""One job at a time, from layers to a new layer, while Krita's window stays free.

Finding and starting the backend takes seconds, so a thread does that; it leaves nothing of zmq's
behind. The socket itself belongs to the main thread, where a timer asks it what came in: zmq does
its reading and writing in a thread of its own, so that asking takes no time.
"""

import contextlib
import threading
import time

from scumble import connection, launcher
from scumble.client import Client
from scumble.connection import Connection
from scumble.errors import BackendError, ScumbleError, StartError
from scumble.guard import guarded, sentence
from scumble.hosts.krita.host import KritaHost, wait_cursor
from scumble.hosts.krita.qt import QtCore, Signal
from scumble.pixels import Extent
from scumble.session import Session, check

TICK = 40  # ms between questions to the socket
PATIENCE = 60.0  # s for an estimate: the engine may have to wake and to be measured for it


class Painting(QtCore.QObject):
    """Signals tell how it goes; all are heard on the main thread.

    status: a protocol.StatusReply; a sentence where the backend cannot be had; None where it was
    only looked for, and does not run.
    estimated: a protocol.EstimateReply.
    ended: "done", "cancelled" or "failed", after which the next job may start.
    """

    staged = Signal(str)
    status = Signal(object)
    progressed = Signal(object)
    previewed = Signal(object)
    estimated = Signal(object)
    said = Signal(str)
    ended = Signal(str)
    _found = Signal(object)
    _looked = Signal(object)

    def __init__(self, document, parent=None):
        super().__init__(parent)
        self.host = KritaHost(document, self.progressed.emit, self.previewed.emit, self.said.emit)
        self.state = "idle"  # idle -> finding -> running -> idle
        self._order: tuple | None = None
        self._session: Session | None = None
        self._connection: Connection | None = None
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._poll)
        self._asked = 0.0  # when an estimate was asked for that is not there yet
        self._backend: Connection | None = None  # the one seen last
        self._found.connect(self._begin)
        self._looked.connect(self._see)

    @property
    def busy(self) -> bool:
        return self.state != "idle"

    @property
    def result_name(self) -> str:
        return self.host.result_name

    @property
    def extent(self) -> Extent | None:
        """What is painted, in document pixels."""
        return self._session.extent if self._session else None

    def look(self) -> None:
        """See to it that the backend runs, and tell its status."""
        self._in_thread(lambda: self._tell(self._looked, _status))

    def glance(self) -> None:
        """Tell the status, None where no backend runs, and start nothing."""
        self._in_thread(lambda: self._tell(self._looked, _glance))

    def estimate(self, content: str, choices: list, values: dict) -> None:
        """Ask what a job would take, of a backend that runs. Raises InputError."""
        if self._backend and not self.busy and self.host.is_open():
            self._session_for(self._backend).estimate(content, choices, values)
            self._asked = time.monotonic()
            self._timer.start()

    def start(self, content: str, choices: list, values: dict) -> None:
        """Find the backend, then read the layers and send them.

        Raises InputError for a job that cannot be.
        """
        check({layer.id: layer for layer in self.host.layers()}, content, choices, values)
        self._order = (content, choices, values)
        self.host.result_name = ""
        self.state = "finding"
        self._in_thread(self._find)

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
        """Let go of the socket: Krita closes. What is being painted is kept for the next time."""
        self._timer.stop()
        self._drop()
        self.state = "idle"

    def _fail(self, message: str) -> None:
        self.said.emit(message)
        self._end("failed")

    def _in_thread(self, function) -> None:
        threading.Thread(target=function, daemon=True).start()

    def _find(self) -> None:
        """In a thread: where the backend listens, or the sentence why it does not."""
        order = self._order
        self._tell(self._found, lambda: (order, launcher.ensure(self.staged.emit)))

    def _tell(self, signal, ask) -> None:
        try:
            try:
                answer = ask()
            except Exception as error:
                answer = sentence(error)
            signal.emit(answer)
        except RuntimeError:
            return  # Krita closed meanwhile, and the signal is gone

    @guarded(_fail)
    def _begin(self, answer) -> None:
        if self.state != "finding":
            return  # cancelled meanwhile
        if isinstance(answer, str):
            self._fail(answer)
            return
        order, found = answer
        if order is not self._order:
            return  # of a job before
        with wait_cursor():
            self._session_for(found).start(*order)
        self.state = "running"
        self._timer.start()

    def _session_for(self, found: Connection) -> Session:
        if found != self._connection or self._session is None:
            self._drop()
            self._session = Session(self.host, Client(found))
            self._connection = found
        self._session.document = self.host.title()
        return self._session

    def _see(self, answer) -> None:
        """answer: where the backend listens and its status, or one of status's other words."""
        if isinstance(answer, tuple):
            self._backend, answer = answer
        else:
            self._backend = None
        self.status.emit(answer)

    @guarded(_fail)
    def _poll(self) -> None:
        session = self._session
        assert session is not None
        if not self.busy:
            self._await_estimate(session)
            return
        try:
            running = session.poll()
        except BackendError:
            if session.running:  # the backend is gone, and not only this job
                self._drop()
            raise
        if session.state == "queued" and session.waits_for:
            self.staged.emit(f"waiting for another picture, {session.waits_for}")
        if not running and self.busy:
            self._end(str(session.state))

    def _await_estimate(self, session: Session) -> None:
        with contextlib.suppress(ScumbleError):  # there is no job that could fail
            session.poll()
        late = time.monotonic() - self._asked > PATIENCE
        if session.estimated or late:
            self._timer.stop()
        if session.estimated:
            self.estimated.emit(session.estimated)

    def _drop(self) -> None:
        if self._session:
            self._session.client.close()
        self._session = self._connection = None

    def _end(self, state: str) -> None:
        self._timer.stop()
        self.state, self._order = "idle", None
        self.ended.emit(state)


def _glance():
    found = connection.read()
    if found is None:
        return None
    with Client(found) as client:
        status = client.status(timeout=2.0)
    return status and (found, status)


def _status():
    found = launcher.ensure()
    with Client(found) as client:
        status = client.status(timeout=2.0)
    if status is None:
        raise StartError("The backend does not answer: try again in a moment.")
    return found, status
