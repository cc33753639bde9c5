"""The server: frames in, frames out. It imports no torch and never computes, so it always answers.

One thread owns the socket (door.py); the compute child's words come in through an inproc socket
(child.py) to its station (station.py).
"""

import contextlib
import logging
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

import zmq

from scumble import connection, language, logs, parameters, protocol, unclaimed
from scumble.errors import ProtocolError, ScumbleError
from scumble.language import later, tr
from scumble_backend import __version__
from scumble_backend.server import admission, listening
from scumble_backend.server.admission import objection, room_objection
from scumble_backend.server.digests import Digests
from scumble_backend.server.door import Door
from scumble_backend.server.guests import Ends
from scumble_backend.server.jobs import ENDS, MAX_WAITING, Deadline, Job, Jobs
from scumble_backend.server.keeper import Keeper
from scumble_backend.server.outbox import NOBODY, Outbox
from scumble_backend.server.station import UNFORESEEN, Share, Station
from scumble_backend.server.stylecache import StyleCache

IDLE = 15 * 60.0  # s without a message or a job, after which the server leaves
CHILD_IDLE = 60.0  # s without a job, after which the compute child ends
PING = 2.0  # s between questions to clients with jobs
SILENCE = 60.0  # s without a word, after which a client counts as gone
LOOK = 2.0  # s between looks at the connection file and the log
GUEST_RETURNS = 1800.0  # s for a guest that is gone to come back, after which its jobs end
UNREAD = 2**28  # bytes that may wait for a client before its next job is painted
REMOVED = later("Your key was removed on the other computer: ask there for another one.")

log = logging.getLogger(__name__)


class Server:
    """listen: where guests come in, if they may. shares: of the machine, one for each job that is
    painted at the same time; where there are none, one job is. Raises InputError where it cannot
    listen."""

    def __init__(
        self,
        idle: float = IDLE,
        child_idle: float = CHILD_IDLE,
        listen: listening.Place | None = None,
        shares: Sequence[Share] = (),
    ):
        self._door, self._ends = Door(listen), Ends()
        self._socket = self._door.socket
        self._outbox = Outbox(self._socket, self._forget)
        if listen or shares:
            idle = math.inf  # no guest could start it again, and no editor in the same way
        self._started = time.time()
        self._jobs, self._styles, self._keeper = Jobs(), StyleCache(), Keeper()
        self._digests = Digests()
        common = (self._door.context, child_idle, self._outbox, self._told)
        self._stations = [
            Station(str(number), share, *common) for number, share in enumerate(shares or [None])
        ]
        self._idle = Deadline(idle)
        self._ping, self._look = Deadline(PING), Deadline(LOOK)
        self._heard: dict[bytes, tuple[float, str]] = {}  # when of each client, and whose it is
        self._leaving = False

    def announce(self) -> None:
        """Write the connection file: from now on the server can be found."""
        connection.write(self._own())
        log.info("listening on %s", self._door.address)

    def _own(self) -> connection.Connection:
        own = self._door.keys
        pair = (own.server_public, own.client_public, own.client_secret)
        about = (os.getpid(), self._started, __version__)
        return connection.Connection(self._door.address, *pair, *about)

    def run(self) -> None:
        """Serve until asked to leave, or idle for long."""
        try:
            while not (self._leaving or self._idle.passed()):
                self._turn()
        finally:
            self._keeper.close()
            for station in self._stations:
                station.close()
            self._digests.close()
            self._door.close()
            connection.remove(os.getpid())  # last: that it is gone says that all is

    def leave(self, *_) -> None:
        self._leaving = True

    def _turn(self) -> None:
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        heard = {each.replies: each for each in self._stations if each.replies}
        for replies in heard:
            poller.register(replies, zmq.POLLIN)
        ready = dict(poller.poll(50 if self._outbox.waits or self._digests.waits else 500))
        self._turn_out()
        if self._socket in ready:
            self._receive()
        for replies, station in heard.items():
            if replies in ready:
                station.hear()
        self._digests.tell()
        self._outbox.send_again()
        self._run_next()
        self._look_after_clients()
        self._look_after_stations()
        self._look_after_files()
        self._door.look()
        self._keeper.try_again()
        if self._keeper.waits:
            self._idle.restart()

    def _look_after_files(self) -> None:
        """Keep the log short, and write the connection file again where it is not this server's:
        deleted, damaged, or of one that is gone. This one holds the lock, so none could be found
        otherwise. Where the whole folder went it is not made anew."""
        if not self._look.passed():
            return
        self._look.restart()
        with contextlib.suppress(OSError, ScumbleError):
            if lock_file().exists():
                logs.trimmed(logs.SERVER)
                if connection.read() != self._own():
                    self.announce()

    # Clients

    def _receive(self) -> None:
        identity, frames = self._door.receive()
        client, owner = identity.bytes, str(identity.get("User-Id"))
        self._idle.restart()
        if not frames:
            return
        if not self._door.is_known(owner):
            if not self._outbox.unread(client):
                self._outbox.send(client, protocol.Refused(tr(REMOVED)))
            return
        self._heard[client] = time.monotonic(), owner
        try:
            message = protocol.decode([frame.buffer for frame in frames])
            with language.speaking(self._language(owner, message)):
                self._handle(client, owner, message)
        except ProtocolError as error:
            log.warning("refused: %s", error)
            self._outbox.send(client, protocol.Refused(str(error)))
        except Exception:  # of one message, which must not end the loop for everybody
            log.exception("a message could not be handled")
            self._outbox.send(client, protocol.Refused(tr(UNFORESEEN)))

    def _language(self, owner: str, message: protocol.Message) -> str:
        """What to answer in: the message's own, or that of the job it is about."""
        job = self._jobs.find(owner, getattr(message, "job", ""))
        return job.request.language if job else getattr(message, "language", "")

    def _handle(self, client: bytes, owner: str, message: protocol.Message) -> None:
        if isinstance(message, protocol.Stylize):
            self._accept(client, owner, message)
        elif isinstance(message, protocol.StylePixels):
            self._take_style(owner, message)
        elif isinstance(message, protocol.Cancel):
            self._taken(client, owner, message.job)  # it may be done, and on its way
            if job := self._jobs.find(owner, message.job):
                self._cancel(job)
                self._outbox.send(client, protocol.Cancelled(message.job))
        elif isinstance(message, protocol.Keep):
            job = self._jobs.find(owner, message.job)
            if station := self._at(job):
                station.keep(message)
        elif isinstance(message, protocol.Taken):
            self._taken(client, owner, message.job)
        elif isinstance(message, protocol.Resume):
            self._resume(client, owner, message.job)
        elif isinstance(message, protocol.Estimate):
            self._ask(client, owner, message)
        elif isinstance(message, protocol.Status):
            self._outbox.send(client, self._status(owner))
        elif isinstance(message, protocol.Pong):
            self._outbox.acknowledged(client)
        elif isinstance(message, protocol.Shutdown) and not self._door.is_guest(owner):
            log.info("asked to leave")
            self._outbox.send(client, protocol.Goodbye())
            self.leave()
        else:
            raise ProtocolError(f"{type(message).__name__} is not a request.")

    def _status(self, owner: str) -> protocol.StatusReply:
        jobs = self._jobs.of(owner) if self._door.is_guest(owner) else self._jobs.all
        several = self._stations[1:] or self._stations[0].is_far
        children = tuple(each.status() for each in self._stations) if several else ()
        best = self._best(self._stations, NOBODY).status()
        return protocol.StatusReply(
            __version__, os.getpid(), self._started, best.stage, len(jobs), best.device,
            best.memory_free, best.threads, children,
        )  # fmt: skip

    def _accept(self, client: bytes, owner: str, request: protocol.Stylize) -> None:
        if self._door.is_guest(owner) and self._jobs.find(owner, request.job):
            self._resume(client, owner, request.job)  # sent twice, since a link broke
            return
        if reason := objection(self._jobs, owner, request, self._room(owner)):
            self._outbox.send(client, protocol.Failed(request.job, reason))
            return
        job = Job(client, owner, request, set())
        for style in request.styles:
            pixels = self._styles.get(owner, style.digest)
            if pixels:
                job.styles[style.digest] = pixels
            else:
                job.missing.add(style.digest)
        self._jobs.add(job)
        self._go_on(job)

    def _go_on(self, job: Job) -> None:
        """Ask for its styles, or queue it; the digest of one that came may be under way."""
        if wanted := job.missing - job.styles.keys():
            self._outbox.send(job.client, protocol.SendStyles(job.name, tuple(sorted(wanted))))
        elif not job.missing:
            self._queue(job)

    def _take_style(self, owner: str, message: protocol.StylePixels) -> None:
        job = self._jobs.find(owner, message.job)
        if not job or message.digest not in job.missing or message.digest in job.styles:
            return  # of a job cancelled meanwhile, or sent twice
        if reason := room_objection(self._jobs, owner, self._room(owner), message.pixels):
            self._end(job, protocol.Failed(job.name, reason))
            return
        job.styles[message.digest] = message.pixels
        self._digests.work_out(message.pixels, lambda made: self._check_style(job, message, made))

    def _check_style(self, job: Job, message: protocol.StylePixels, digest: str) -> None:
        if self._jobs.find(job.owner, job.name) is not job:
            return  # cancelled meanwhile
        with language.speaking(job.request.language):
            if digest != message.digest:
                self._end(job, protocol.Failed(job.name, tr("A style came damaged: paint again.")))
                return
        job.missing.remove(digest)
        self._styles.put(job.owner, digest, message.pixels)
        if not job.missing:
            self._queue(job)

    def _queue(self, job: Job) -> None:
        before = max(0, self._jobs.before(job) - len(self._stations) + 1)  # all paint at once
        self._outbox.send(job.client, protocol.Queued(job.name, before))

    def _cancel(self, job: Job) -> None:
        """Free the client at once."""
        if station := self._at(job):
            station.cancel()
        self._jobs.end(job, "cancelled")

    def _end(self, job: Job, message: protocol.Failed) -> None:
        self._told(job, message, protocol.encode(message))

    # Guests

    def _room(self, owner: str) -> int:
        return admission.GUESTS_BYTES if self._door.is_guest(owner) else admission.HELD_BYTES

    def _turn_out(self) -> None:
        """Guests whose keys were removed, with all that is theirs."""
        for owner in self._door.guests.look():
            log.info("a key was removed, with %d jobs", len(self._jobs.of(owner)))
            for job in self._jobs.of(owner):
                self._cancel(job)
            self._ends.forget(owner)
            self._styles.forget(owner)
            for client in [each for each, (_, whose) in self._heard.items() if whose == owner]:
                self._forget(client)
                self._outbox.send(client, protocol.Refused(tr(REMOVED)))

    def _resume(self, client: bytes, owner: str, name: str) -> None:
        """A guest is back."""
        if job := self._jobs.find(owner, name):
            job.client = client
            self._go_on(job)
        elif frames := self._ends.get(owner, name):
            self._outbox.send_frames(client, frames, droppable=False)
        else:
            self._outbox.send(client, protocol.Unknown(name))

    def _taken(self, client: bytes, owner: str, name: str) -> None:
        self._keeper.taken(client, name)
        self._ends.taken(owner, name)

    def _look_after_clients(self) -> None:
        """Ask clients with jobs or results whether they are there; forget those that are not."""
        if not self._ping.passed():
            return
        self._ping.restart()
        clients = {job.client for job in self._jobs.all} | self._keeper.clients()
        for client in clients - {NOBODY}:
            if time.monotonic() - self._heard.get(client, (0, ""))[0] > SILENCE:
                self._forget(client)
            else:
                self._outbox.send(client, protocol.Ping())
        recent = time.monotonic() - SILENCE
        self._heard = {client: each for client, each in self._heard.items() if each[0] > recent}
        self._ends.tidy()
        for job in self._jobs.of_client(NOBODY):
            if self._door.is_guest(job.owner) and time.monotonic() - job.left > GUEST_RETURNS:
                self._cancel(job)

    def _forget(self, client: bytes) -> None:
        """A client is gone: so are its jobs, but for those whose result is to be kept, and those of
        guests, who may come back."""
        jobs = self._jobs.of_client(client)
        if jobs:
            log.info("a client is gone, with %d jobs", len(jobs))
        for job in jobs:
            is_whole = job.missing <= job.styles.keys()
            if self._door.is_guest(job.owner) or (job.request.name and is_whole):
                job.client, job.left = NOBODY, time.monotonic()
            else:
                self._cancel(job)
        self._keeper.release(client)
        self._outbox.forget(client)
        self._heard.pop(client, None)

    # Stations

    def _at(self, job: Job | None) -> Station | None:
        """Where a job is painted."""
        return next((each for each in self._stations if job and each.job is job), None)

    def _adrift(self) -> list[Job]:
        """Begun on a machine that was lost."""
        return [job for job in self._jobs.all if job.state == "running" and not self._at(job)]

    def _run_next(self) -> None:
        """Not for a client that has much to fetch: whoever fetches nothing fills no memory."""
        while free := [each for each in self._stations if each.is_free]:
            ready = [*self._adrift(), *self._jobs.waiting()]
            ready = [each for each in ready if self._outbox.unread(each.client) < UNREAD]
            if not ready:
                return
            if ready[0].state == "queued":
                self._jobs.begin(ready[0])
            self._best(free, ready[0].client).paint(ready[0])

    def _best(self, stations: list[Station], client: bytes) -> Station:
        """For the next job of a client: a free one, and none is woken without need."""
        return min(
            stations, key=lambda each: (not each.is_free, not each.knows(client), not each.is_awake)
        )

    def _ask(self, client: bytes, owner: str, question: protocol.Estimate) -> None:
        if sum(each.asked(owner) for each in self._stations) >= MAX_WAITING:
            late = tr("{number} estimates are waiting already: wait for them.", number=MAX_WAITING)
            self._outbox.send(client, protocol.EstimateReply(question.question, message=late))
            return
        try:
            parameters.check(question.parameters)
            awake = [each for each in self._stations if each.is_awake] or self._stations
            painted = [each for each in awake if each.has_painted(question.after)]
            self._best(painted or awake, client).ask(client, owner, question)
        except ScumbleError as error:
            self._outbox.send(client, protocol.EstimateReply(question.question, message=str(error)))

    def _told(self, job: Job, message: protocol.Message, frames: list[protocol.Frame]) -> None:
        """What is said of a job, which may be its end."""
        is_guest = self._door.is_guest(job.owner)
        if type(message) in ENDS:
            if is_guest:
                self._ends.keep(job.owner, job.name, frames)
            elif isinstance(message, protocol.Done) and job.request.name:
                self._keep(job, message)
            self._jobs.end(job, ENDS[type(message)])
            self._idle.restart()
        is_preview = isinstance(message, protocol.Preview)
        if not (is_preview and is_guest and self._outbox.owes(job.client)):
            self._outbox.send_frames(job.client, frames, is_preview)
            if is_preview and is_guest:
                self._outbox.send(job.client, protocol.Ping())

    def _keep(self, job: Job, done: protocol.Done) -> None:
        """Until the artist has it."""
        about = (job.request.name, job.request.document)
        result = unclaimed.Result(done.pixels, *about, done.mask)
        if job.client == NOBODY:
            self._keeper.keep(result)
        else:
            self._keeper.hold(job.client, job.name, result)

    def _look_after_stations(self) -> None:
        for station in self._stations:
            station.look_after()
            if station.is_busy:
                self._idle.restart()


def lock_file() -> Path:
    return connection.home() / "state" / connection.LOCK
