"""The plug-in's end of the conversation with the backend.

Nothing here blocks: the host polls. A Client belongs to one thread.
"""

import time
import uuid

from scumble import language, protocol
from scumble.connection import Connection
from scumble.courier import CourierWire
from scumble.errors import LostError, ProtocolError, VersionError
from scumble.language import tr
from scumble.pixels import Pixels

SILENCE = 15.0  # s without a word, while a job runs, after which the backend counts as lost
AWAY = 2.0  # s between two polls, after which the host itself was away
# A link to another computer is looked after by zmq, below the messages (wire.py): it may be slow.
FAR_SILENCE = 600.0  # s
RETRY = 1.0  # s between tries to mend it, at least
RETURN = 1800.0  # s of tries; the other computer waits no longer either


class Client:
    """Talks to one backend.

    `submit` a job, then `poll` until one of its ends comes: Done, Cancelled, Failed. Style pixels
    are sent only when the backend asks for them. Raises LostError when the backend is gone. Where
    that is another computer the job goes on there, and the link is made anew, for a while.
    """

    def __init__(self, connection: Connection):
        self._connection = connection
        self._wire = _open_wire(connection)
        # Jobs under way, each with the styles the backend may still ask for, by digest.
        self._jobs: dict[str, dict[str, Pixels]] = {}
        self._heard = self._polled = time.monotonic()
        self._requests: dict[str, protocol.Stylize] = {}  # not yet known to another computer
        self._moves = False  # whether the last job is a frame that goes on from the one before
        self._broken: float | None = None  # since when the link to it is
        self._tried = 0.0  # when it was made anew

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    def status(self, timeout: float) -> protocol.StatusReply | None:
        """The backend's answer to "How are you?", or None after timeout seconds.

        For greeting: what else comes in meanwhile is dropped.
        """
        self._wire.wait_until_open()
        self.ask_status()
        until = time.monotonic() + timeout
        while (left := until - time.monotonic()) > 0 and not self._wire.is_gone():
            for reply in self.poll(left):
                if isinstance(reply, protocol.StatusReply):
                    return reply
                if isinstance(reply, protocol.Refused):
                    raise VersionError(reply.message)
        return None

    def ask_status(self) -> None:
        """As `status`, whose answer `poll` will bring."""
        self._send(protocol.Status())

    def is_gone(self) -> bool:
        return self._wire.is_gone()

    def submit(
        self,
        content: Pixels,
        styles: list[tuple[protocol.Style, Pixels]],
        parameters: dict,
        mask: Pixels | None = None,
        name: str = "",
        document: str = "",
        start: Pixels | None = None,
        keep: protocol.Place | None = None,
        lines: Pixels | None = None,
        preview: int = protocol.PREVIEWS[0],
        colours: bool = False,
        before: Pixels | None = None,
    ) -> str:
        """Ask for a job; its name comes back at once. See protocol.Stylize."""
        job = uuid.uuid4().hex
        self._jobs[job] = {style.digest: pixels for style, pixels in styles}
        self._heard, self._moves = time.monotonic(), before is not None
        used = tuple(style for style, _ in styles)
        spoken = language.spoken()
        request = protocol.Stylize(
            job, content, used, parameters, mask, name, document, start, keep, lines, spoken,
            preview, colours, before,
        )  # fmt: skip
        if self._connection.name:
            self._requests[job] = request
        self._send(request)
        return job

    def estimate(
        self,
        width: int,
        height: int,
        styles: list[protocol.StyleSize],
        parameters: dict,
        after: str = "",
    ) -> str:
        """Ask what a job would take; the name that EstimateReply will carry comes back at once."""
        question = uuid.uuid4().hex
        spoken = language.spoken()
        asked = protocol.Estimate(question, width, height, tuple(styles), parameters, spoken, after)
        self._send(asked)
        return question

    def cancel(self, job: str) -> None:
        self._send(protocol.Cancel(job))

    def keep(self, job: str) -> None:
        """Stop it, and take what is painted so far as its result."""
        self._send(protocol.Keep(job))

    def taken(self, job: str) -> None:
        """Its result is in the document, or kept."""
        self._send(protocol.Taken(job))

    def shutdown(self) -> None:
        self._send(protocol.Shutdown())

    def poll(self, timeout: float = 0.0) -> list[protocol.Message]:
        """What came in, waiting at most timeout seconds for the first.

        Raises LostError where the backend went away, or fell silent for long, with a job under way,
        ProtocolError for nonsense, VersionError where it is too old for what is asked.
        """
        replies = []
        now = time.monotonic()
        if now - self._polled > AWAY:  # it was the host that was silent
            self._heard = now
        while (frames := self._wire.receive(0.0 if replies else timeout)) is not None:
            first = frames[0] if frames else b""
            reply = self._understood(protocol.decode(frames))
            if self._moves and isinstance(reply, protocol.Refused):
                self._check_knows_moves(protocol.version(first))
            self._heard = time.monotonic()
            if not self._answered(reply):
                replies.append(reply)
        self._polled = time.monotonic()
        if replies:
            self._broken = None
        elif self._jobs and self._connection.name:
            return self._mended()
        elif self._jobs:
            self._check_alive()
        return replies

    def knows_us(self) -> bool:
        """Whether the backend has not said that it does not know our key."""
        return not self._wire.is_gone() or not self._wire.refused

    def _mended(self) -> list[protocol.Message]:
        """Make a link to another computer anew where it broke, and ask for what became of our jobs;
        what there is to say of it, once."""
        now, name = time.monotonic(), self._connection.name
        if not self._wire.is_gone() and now - self._heard < FAR_SILENCE:
            return []
        began, self._broken = self._broken is None, self._broken or now
        if self._wire.refused or now - self._broken > RETURN:
            self._jobs.clear()
            if self._wire.refused:
                raise LostError(unknown_key(name))
            raise LostError(tr("“{name}” cannot be reached any more: paint again.", name=name))
        if now - self._tried > RETRY:
            self._tried = self._heard = now
            self._reopen()
            for job in self._jobs:
                self._send(protocol.Resume(job))
        stage = tr("the link to “{name}” broke: it paints on, and is asked again", name=name)
        return [protocol.Progress(job, stage, 0.0) for job in self._jobs if began]

    def _reopen(self) -> None:
        self._wire.close()
        self._wire = _open_wire(self._connection)

    def _check_alive(self) -> None:
        silent = time.monotonic() - self._heard > SILENCE
        if self._wire.is_gone() or silent:
            self._jobs.clear()
            if silent:
                raise LostError(tr("The painting process does not answer any more: paint again."))
            raise LostError(tr("The painting process has ended unexpectedly: paint again."))

    def _understood(self, reply: protocol.Message) -> protocol.Message:
        """A job that another computer forgot failed; one that never came there is sent again."""
        if not isinstance(reply, protocol.Unknown) or reply.job in self._requests:
            return reply
        name = self._connection.name
        why = tr("“{name}” does not know this painting any more: paint again.", name=name)
        return protocol.Failed(reply.job, why)

    def _check_knows_moves(self, other: tuple[int, ...]) -> None:
        """Of a backend that refused what was sent."""
        if other < protocol.MOVES:
            self._jobs.clear()
            self._requests.clear()
            if name := self._connection.name:
                raise VersionError(other_version(name))
            raise VersionError(protocol.strangers(*map(_written, (other, protocol.VERSION))))

    def _answered(self, reply: protocol.Message) -> bool:
        """Answer what needs no host."""
        if not isinstance(reply, protocol.Unknown):
            self._requests.pop(getattr(reply, "job", ""), None)
        if isinstance(reply, protocol.Ping):
            self._send(protocol.Pong())
        elif isinstance(reply, protocol.SendStyles):
            if styles := self._jobs.get(reply.job):
                for digest in styles.keys() & set(reply.digests):
                    self._send(protocol.StylePixels(reply.job, digest, styles[digest]))
        elif isinstance(reply, protocol.Unknown) and reply.job in self._requests:
            self._send(self._requests[reply.job])  # the link broke before it was there
        else:
            if isinstance(reply, (protocol.Done, protocol.Cancelled, protocol.Failed)):
                self._jobs.pop(reply.job, None)
            return False
        return True

    def _send(self, message: protocol.Message) -> None:
        if self._connection.name and not self._jobs and self._wire.is_gone():
            self._reopen()
        try:
            self._wire.send(protocol.encode(message))
        except LostError:
            if not self._connection.name:
                raise  # else `_mended` sees to it


def _written(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _open_wire(connection: Connection):
    """zmq itself where this Python can load it; else a courier that can."""
    try:
        from scumble.wire import ZmqWire
    except ImportError:
        return CourierWire(connection)
    return ZmqWire(connection)


def greet(connection: Connection, timeout: float = 0.3) -> bool:
    """Whether the backend of this connection file is alive. Raises VersionError for a stranger."""
    try:
        with Client(connection) as client:
            return client.status(timeout) is not None
    except VersionError:
        raise
    except (LostError, ProtocolError):
        return False


def other_version(name: str) -> str:
    return tr(
        "“{name}” has another version of Scumble than this computer: set up the newest on both.",
        name=name,
    )


def unknown_key(name: str) -> str:
    return tr(
        "“{name}” does not know this computer's key any more: ask there for another one, by "
        "`scumble key add`.",
        name=name,
    )
