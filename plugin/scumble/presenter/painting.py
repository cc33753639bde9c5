"""One job at a time, from layers to a new layer, while the editor stays free.

Finding and starting the backend takes seconds, so a thread does that; it leaves nothing of the
socket's behind. The socket itself belongs to the main thread, where a timer asks it what came in:
zmq does its reading and writing in a thread of its own, so that asking takes no time.
"""

import contextlib
import threading
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from scumble import backends, connection, launcher
from scumble.client import Client
from scumble.connection import Connection
from scumble.delivery import Coming, Delivered, deliver_together, set_aside
from scumble.errors import BackendError, InputError, KeptError, ScumbleError, StartError
from scumble.guard import guarded, sentence
from scumble.language import tr
from scumble.pixels import Extent, Pixels
from scumble.places import NO_ROLES, Roles
from scumble.presenter import words
from scumble.presenter.editor import EditorHost, Teller
from scumble.presenter.timers import Loop, Timers
from scumble.protocol import PREVIEWS, Done, EstimateReply, StatusReply
from scumble.session import Held, Session, check

TICK = 40  # ms between questions to the socket

Deliver = Callable[[EditorHost, list[Coming], Callable[[Coming], None]], list[Delivered]]
WhatIsRead = TypeVar("WhatIsRead")
EditorsHost = TypeVar("EditorsHost", bound=EditorHost)


def in_thread(
    loop: Loop, ask: Callable[[], Any], tell: Callable[[Any], object]
) -> threading.Thread:
    """Ask in a thread; tell the answer, or the sentence of its failure, on the main one."""

    def work() -> None:
        try:
            answer = ask()
        except Exception as error:
            answer = sentence(error)
        loop.soon(lambda: tell(answer))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


class Interrupted(Exception):
    """The artist cancelled, or closed the document, while what is to be painted was read."""


class TimeLeft:
    """What is told of a job's time left. It never climbs, but for once: then it was thought to take
    less, and that is said."""

    MUCH = 1.5  # times what was told last, and
    LITTLE = 5.0  # s more, before that is said

    def __init__(self) -> None:
        self.longer = False
        self._told = -1.0

    def told(self, seconds: float) -> float:
        """seconds: as the backend thinks now; below 0 where it does not know."""
        if self._told < 0 or 0 <= seconds < self._told:
            self._told = seconds
        elif not self.longer and seconds > self.MUCH * self._told + self.LITTLE:
            self.longer, self._told = True, seconds
        return self._told


class Listener(Teller, Protocol):
    """The dialog: told how it goes, on the main thread. Nothing here may raise."""

    def show_stage(self, stage: str) -> None: ...

    def show_status(self, status: StatusReply | str | None) -> None:
        """A sentence where the backend cannot be had; None where it was only looked for, and does
        not run."""
        ...

    def show_estimate(self, estimate: EstimateReply) -> None: ...

    def show_end(self, state: str) -> None:
        """state: "done", "cancelled" or "failed", after which the next job may start."""
        ...


class Painting(Generic[EditorsHost]):
    """The jobs of one document."""

    def __init__(self, host: EditorsHost, loop: Loop, listener: Listener):
        self.host = host
        # idle -> finding -> running -> idle; of several: idle -> reading -> idle before each, and
        # idle -> putting -> idle after all
        self.state = "idle"
        self.preview = PREVIEWS[0]  # px, of the next job's
        self.where = ""  # the other computer that paints, by name; nothing: this one
        self._loop, self._listener, self._timers = loop, listener, Timers(loop)
        self._order: tuple | None = None
        self._session: Session | None = None
        self._connection: Connection | None = None
        self.asking = False  # whether an estimate is awaited; the engine may have to wake for it
        self._next: tuple | None = None  # what is to be asked then
        self._glances = False  # whether a status is awaited, of the session's own backend
        self._outdated = False  # whether nobody wants the answer any more
        self._backend: Connection | None = None  # the one seen last
        self._closed = self._polls = False
        self._deliver: Deliver = deliver_together  # how what is held is put in
        self.held: list[Coming] = []  # results that are to be put in together
        self.delivered: list[Delivered] = []  # what of the last job came into the document

    @property
    def busy(self) -> bool:
        return self.state != "idle"

    @property
    def extent(self) -> Extent | None:
        """What is painted, in document pixels."""
        return self._session.extent if self._session else None

    @property
    def result(self) -> Done | None:
        """The last result, as it came."""
        return self._session.result if self._session else None

    @property
    def has_backend(self) -> bool:
        """Whether the one that painted last is there, as far as is known."""
        return self._session is not None

    def recoloured(
        self, content: str, choices: list, values: dict, roles: Roles = NO_ROLES
    ) -> Pixels | None:
        """As Session.recoloured."""
        if self.busy or self._session is None:
            return None
        return self._session.recoloured(content, choices, values, roles)

    def look(self) -> None:
        """See to it that the backend runs, and tell its status."""
        self._in_thread(lambda: _status(self._stage, self.where), self._see)

    def glance(self) -> None:
        """Tell the status, None where no backend runs, and start nothing."""
        session, heard = self._session, not self._glances
        self._glances = False
        if session and heard and not session.client.is_gone():
            self._glances = True
            with contextlib.suppress(ScumbleError):  # then no answer comes
                session.ask_status()
            self._timers.go_on("poll", TICK, self._poll)
        else:
            self._in_thread(lambda: _glance(self.where), self._see)

    def estimate(self, content: str, choices: list, values: dict, roles: Roles = NO_ROLES) -> None:
        """Ask what a job would take, of a backend that runs; one question at a time, and then the
        newest. Raises InputError."""
        if not self._backend or self.busy or not self.host.is_open():
            return
        if self.asking:
            self.check(content, choices, values, roles)
            self._next = (content, choices, values, roles)
            return
        self._session_for(self._backend).estimate(content, choices, values, roles)
        self.asking, self._outdated = True, False
        self._timers.go_on("poll", TICK, self._poll)

    def outdate(self) -> None:
        """What was asked is not what would be painted now."""
        self._next, self._outdated = None, True

    def start(
        self,
        content: str,
        choices: list,
        values: dict,
        earlier: list[str],
        roles: Roles = NO_ROLES,
        begun: Pixels | None = None,
        draft: bool = False,
        held: Held | None = None,
    ) -> None:
        """Find the backend, then read the layers and send them; see Session.start. held: the result
        waits, with those before it, for `put_in`.

        Raises InputError for a job that cannot be.
        """
        self.check(content, choices, values, roles, held.extent if held else None)
        order = self._order = (content, choices, values, earlier, roles, begun, draft, held)
        self.state, self.delivered = "finding", []
        self._timers.end()  # an estimate's: it would take the last job's end for this one's
        self.asking, self._glances, self._next = False, False, None
        self._in_thread(
            lambda: launcher.ensure(self._stage, self.where),
            lambda answer: self._begin(order, answer),
        )

    def prepare(self, read: Callable[[], WhatIsRead]) -> WhatIsRead:
        """What is to be painted, read: meanwhile an editor may turn its loop. Raises Interrupted,
        and what reading it raises."""
        self.state = "reading"
        try:
            found = read()
        finally:
            goes_on = self.state == "reading"
            if goes_on:
                self.state = "idle"
        if not goes_on:
            raise Interrupted
        return found

    def put_in(self, deliver: Deliver) -> None:
        """Put in what is held, as soon as the document is free: a job of its own."""
        self._deliver = deliver
        self.state, self.delivered = "putting", []
        self._timers.go_on("poll", TICK, self._poll)

    def let_go(self) -> list[Coming]:
        """What is held, and not wanted in the document: nobody else keeps it from now on."""
        held, self.held = self.held, []
        for each in held:
            self._tell_taken(each)
        return held

    def cancel(self) -> None:
        """Free at once; the backend stops by itself. What is held stays so."""
        if self._session:
            self._session.cancel()
        if self.busy:
            self._end("cancelled")

    def keep(self) -> None:
        """Stop painting; what is painted so far becomes the layer."""
        if self._session:
            self._session.keep()

    def close(self) -> None:
        """Let go of the socket: the editor closes. What is being painted is kept for the next
        time."""
        self._closed = True
        self._timers.end()
        for each in self.held:
            set_aside(self.host, each, self._tell_taken)
        self.held = []
        self._drop()
        self.state, self._order = "idle", None

    def _fail(self, message: str) -> None:
        self._listener.say(message)
        self._end("failed")

    def _stage(self, stage: str) -> None:
        """In a thread."""
        self._loop.soon(lambda: self._closed or self._listener.show_stage(stage))

    def _in_thread(self, ask: Callable[[], Any], tell: Callable[[Any], None]) -> None:
        in_thread(self._loop, ask, lambda answer: self._closed or tell(answer))

    @guarded(_fail)
    def _begin(self, order: tuple, answer: Connection | str) -> None:
        if order is not self._order:
            return  # cancelled meanwhile
        if isinstance(answer, str):
            self._fail(answer)
            return
        self._session_for(answer).start(*order)
        self.state = "running"
        self._listener.show_stage(words.SENT)
        self._timers.go_on("poll", TICK, self._poll)

    def _session_for(self, found: Connection) -> Session:
        if found != self._connection or self._session is None:
            self._drop()
            self._session = Session(self.host, Client(found))
            self._connection = found
        self._session.document, self._session.preview = self.host.title(), self.preview
        self._session.asks_colours = True
        return self._session

    def _see(self, answer: tuple[Connection, StatusReply] | str | None) -> None:
        self._backend, status = answer if isinstance(answer, tuple) else (None, answer)
        if not self.busy and self._backend != self._connection:  # it is gone, or another one
            self._timers.end()
            self._drop()
        self._listener.show_status(status)

    def _poll(self) -> None:
        """An editor may turn its loop while it takes a layer: then this is in the middle of it."""
        if not self._polls:
            self._polls = True
            self._look_in()
            self._polls = False

    @guarded(_fail)
    def _look_in(self) -> None:
        if self.state == "putting":
            self._put_in()
            return
        session = self._session
        assert session is not None
        if not self.busy:
            self._await_answers(session)
            return
        try:
            running = session.poll()
        except ScumbleError as error:
            # the backend is gone, and not only this job; or it keeps what nobody else could
            if session.left_behind or (session.running and isinstance(error, BackendError)):
                self._drop()
            raise
        if session.state == "queued" and session.waits_for:
            self._listener.show_stage(words.queued(session.waits_for))
        if session.waits_to_deliver:
            self._listener.show_stage(words.waits(self.host.WAITS_FOR))
        if not running and self.busy:
            self._end(str(session.state))

    def _put_in(self) -> None:
        if not self.host.is_free():
            self._listener.show_stage(words.waits(self.host.WAITS_FOR))
            return
        held, self.held = self.held, []
        try:
            self.delivered = self._deliver(self.host, held, self._tell_taken)
        except KeptError:
            raise
        except Exception:
            self._drop()  # the backend keeps what nobody else could
            raise
        self._end("done")

    def _tell_taken(self, coming: Coming) -> None:
        if self._session:
            self._session.tell_taken(coming)

    def _await_answers(self, session: Session) -> None:
        with contextlib.suppress(ScumbleError):  # there is no job that could fail
            session.poll()
        if self._glances and session.status:
            self._glances = False
            self._listener.show_status(session.status)
        if self.asking and session.estimated:
            self.asking = False
            self._tell_estimate(session.estimated)
        if not (self._glances or self.asking):
            self._timers.end()

    def _tell_estimate(self, estimated: EstimateReply) -> None:
        if order := self._next:
            self._next = None
            with contextlib.suppress(InputError):  # the document may be another by now
                self.estimate(*order)
        elif not self._outdated:
            self._listener.show_estimate(estimated)

    def check(
        self,
        content: str,
        choices: list,
        values: dict,
        roles: Roles,
        extent: Extent | None = None,
    ) -> None:
        """As session.check."""
        layers = {layer.id: layer for layer in self.host.layers()}
        check(layers, content, choices, values, roles, extent)

    def _drop(self) -> None:
        self.asking, self._glances, self._next = False, False, None
        if self._session:
            self._session.close()
        self._session = self._connection = None

    def _end(self, state: str) -> None:
        self._timers.end()
        if self._session and state == "done" and self.state == "running":
            self._take_result(self._session)
        self.state, self._order = "idle", None
        self._listener.show_end(state)

    def _take_result(self, session: Session) -> None:
        if session.held:
            self.held.append(session.held)
        elif session.delivered:
            self.delivered = [session.delivered]


def _glance(where: str) -> tuple[Connection, StatusReply] | None:
    found = backends.find(where) if where else connection.read()
    if found is None:
        return None
    status = _answer(found)
    return (found, status) if status else None


def _status(on_stage: Callable[[str], None], where: str) -> tuple[Connection, StatusReply]:
    found = launcher.ensure(on_stage, where)
    status = _answer(found)
    if status is None:
        raise StartError(tr("The painting process does not answer: try again in a moment."))
    return found, status


def _answer(found: Connection) -> StatusReply | None:
    with Client(found) as client:
        return client.status(timeout=2.0)
