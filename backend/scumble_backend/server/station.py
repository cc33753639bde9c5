"""A station: where one job at a time is painted, by a compute child that is awake or asleep.

The server has one, or as many as it is told devices (`serve --devices`). The child is started when
there is something to do. It ends where it is idle for long, hangs, or
does not obey; then the next job finds a new one.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import zmq

from scumble import environment, language, protocol
from scumble.errors import ScumbleError
from scumble.language import later, tr
from scumble_backend.server import obituaries
from scumble_backend.server.child import PLACE, Child
from scumble_backend.server.jobs import ENDS, Deadline, Job
from scumble_backend.server.outbox import NOBODY, Outbox

OBEDIENCE = 20.0  # s for the child to stop a cancelled job
BIRTH = 300.0  # s for the child to load torch; a cold disk with a virus scanner needs many
STILLNESS = 30.0  # s without a sign of life, after which the child counts as hung
AWAY = 5.0  # s between two turns, after which the server itself was away
CUT_OFF = 1  # how Ray ends a relay that does not reach its cluster any more
RETURN = 10.0  # s until a machine that is lost is looked for again
UNFORESEEN = later("This message could not be handled: the log of the painting process says why.")
HUNG = later("The painting process did not answer any more, and was ended: paint again.")
CONFUSED = later("The painting process made no sense any more, and was ended: paint again.")

Tell = Callable[[Job, protocol.Message, list[protocol.Frame]], None]

log = logging.getLogger(__name__)


class Share(NamedTuple):
    """What of the machine a station has. device: as torch writes it. name: what the artist knows it
    by. threads: of the processor. place: in a cluster, instead of this machine; see relay.py."""

    device: str
    name: str
    threads: int
    place: str = ""


class Station:
    """job: what is painted."""

    def __init__(
        self,
        name: str,
        share: Share | None,
        context: zmq.Context,
        child_idle: float,
        outbox: Outbox,
        tell: Tell,
    ):
        """name: its own among the stations. share: without one its child paints on what is chosen,
        with all that there is. tell: called with what the child says of its job, the last of which
        is an end."""
        self._name, self._share = name, share
        self.job: Job | None = None
        self._context, self._outbox, self._tell = context, outbox, tell
        self._child: Child | None = None
        self._children = 0
        self._stopping: Deadline | None = None  # a cancelled job that the child still works on
        self._lost: Deadline | None = None  # its machine, until it is looked for again
        self._still, self._why_killed = Deadline(BIRTH), ""
        # estimates the child owes, to whom
        self._asking: deque[tuple[bytes, str, protocol.Estimate]] = deque()
        self._last = NOBODY, ""  # what the child painted last: its client, and its name
        self._about = protocol.ChildStatus("resting", share.name if share else "")
        self._idle, self._away = Deadline(child_idle), Deadline(AWAY)

    @property
    def replies(self) -> zmq.Socket | None:
        """Where the child is heard, if there is one."""
        return self._child.replies if self._child else None

    @property
    def is_awake(self) -> bool:
        return self._child is not None

    @property
    def is_free(self) -> bool:
        """Whether a job can be painted at once."""
        return not (self.job or self._stopping or self._lost)

    @property
    def is_busy(self) -> bool:
        return not self.is_free or bool(self._asking)

    @property
    def is_far(self) -> bool:
        """Whether another machine paints."""
        return bool(self._share and self._share.place)

    def status(self) -> protocol.ChildStatus:
        asleep = "away" if self._lost else "resting"
        stage = "painting" if self.job else self._about.stage if self._child else asleep
        return replace(self._about, stage=stage)

    def knows(self, client: bytes) -> bool:
        """Whether it painted for a client last: what it saw of the styles it remembers."""
        return client != NOBODY and client == self._last[0]

    def has_painted(self, job: str) -> bool:
        """Whether that was the last one."""
        return job != "" and job == self._last[1]

    # What it is asked to do

    def paint(self, job: Job) -> None:
        """Begin a job; its end is told in any case."""
        self.job = job
        with language.speaking(job.request.language):
            self._hand_over(job)

    def keep(self, message: protocol.Keep) -> None:
        if self._child:
            self._child.send(message)

    def cancel(self) -> None:
        """The child stops at its next step, or is killed; nothing is told of the job any more."""
        if self._child and self.job:
            self._child.send(protocol.Cancel(self.job.name))
            self._stopping = Deadline(OBEDIENCE)
        self.job = None

    def asked(self, owner: str) -> int:
        """Estimates that it owes an owner."""
        return sum(whose == owner for _, whose, _ in self._asking)

    def ask(self, client: bytes, owner: str, question: protocol.Estimate) -> None:
        """Only the child knows the engine, so it is asked, and woken for it: an artist who asks
        how long it will take is about to start. It answers in order, also while it paints. Raises
        StartError."""
        self._woken().send(question)
        self._asking.append((client, owner, question))

    def close(self) -> None:
        if self._child:
            self._child.close()
            self._child, self._last = None, (NOBODY, "")

    # Its child

    def hear(self) -> None:
        """One message, which is there."""
        assert self._child
        self._still = Deadline(STILLNESS)
        frames = self._child.replies.recv_multipart()
        if frames == [b""]:
            self._bury()
            return
        try:
            self._take(protocol.decode(list(frames)), list(frames))
        except Exception:  # a child that says what cannot be is none to go on with
            log.exception("the compute child said what cannot be")
            self._kill(CONFUSED)

    def look_after(self) -> None:
        """At every turn of the server."""
        if self._away.passed():  # it was the server that was stopped, and the child with it
            self._still.restart()
        self._away.restart()
        if self._lost and self._lost.passed():
            self._lost = None
        if not self._child:
            return
        if self._still.passed():
            self._kill(HUNG)
            self._still.restart()
        if self._stopping and self._stopping.passed():
            self._kill(HUNG)
            self._stopping.restart()
        if self.is_busy:
            self._idle.restart()
        elif self._idle.passed():
            self.close()

    def _hand_over(self, job: Job) -> None:
        if not self._child:
            stage = tr("waking the engine")
            self._outbox.send(job.client, protocol.Progress(job.name, stage, 0.0))
        if self.job is not job:  # its client turned out to be gone
            return
        try:
            self._woken().run(job)
        except Exception as error:  # else it would run for ever, and all wait
            log.exception("a job could not be handed over")
            self._fail(job, str(error) if isinstance(error, ScumbleError) else tr(UNFORESEEN))

    def _woken(self) -> Child:
        """The child, started where none runs."""
        if not self._child:
            self._children += 1  # whether or not it starts: zmq frees an address some time later
            spare = self.job is not None and self.job.again
            name, own = f"{self._name}-{self._children}", _environment(self._share)
            self._child = Child(self._context, name, own, spare)
            self._still = Deadline(BIRTH)
            self._about = protocol.ChildStatus("starting", self._share.name if self._share else "")
        return self._child

    def _take(self, message: protocol.Message, frames: list[protocol.Frame]) -> None:
        """What the child says."""
        if isinstance(message, protocol.Ping):
            return  # it is alive
        if isinstance(message, protocol.StatusReply):
            device = self._share.name if self._share and not self.is_far else message.device
            figures = (message.memory_free, message.threads)
            self._about = protocol.ChildStatus(message.stage, device, *figures)
        elif isinstance(message, protocol.EstimateReply):
            self._idle.restart()
            asked = next((e for e in self._asking if e[2].question == message.question), None)
            if asked:
                self._asking.remove(asked)
                self._outbox.send_frames(asked[0], frames, droppable=False)
        elif self.job and getattr(message, "job", None) == self.job.name:
            job = self.job
            if type(message) in ENDS:
                self._last, self.job = (job.client, job.name), None
                self._idle.restart()
            self._tell(job, message, frames)
        elif self._stopping and type(message) in ENDS:
            self._stopping = None
            self._idle.restart()

    def _fail(self, job: Job, why: str) -> None:
        message = protocol.Failed(job.name, why)
        self.job = None
        self._tell(job, message, protocol.encode(message))

    def _kill(self, why: str) -> None:
        """Its end comes in as a message. why: the sentence for those who wait for it."""
        assert self._child
        log.warning("the compute child is killed: %s", why)
        self._why_killed = why
        self._child.kill()

    def _bury(self) -> None:
        """The child has ended."""
        assert self._child
        code, job = self._child.exit_code(), self.job
        if self.is_far and code == CUT_OFF:
            code = protocol.LOST
        self.close()
        self._stopping = None
        log.warning("the compute child ended with %s", code)
        if code in obituaries.DAMAGE:
            environment.note_damage()
        killed, self._why_killed = self._why_killed, ""
        short = code in obituaries.WITHOUT_MEMORY and not killed
        lost = code == protocol.LOST or (self.is_far and bool(killed))
        if lost or code == protocol.AWAY:
            self._lost = Deadline(RETURN)
        if job and (code == protocol.AWAY or (lost and not job.lost)):
            self._set_adrift(job, lost)
        elif job and short and not job.again:
            job.again = True
            with language.speaking(job.request.language):
                stage = tr("memory ran out: painting again, with less of it")
                self._outbox.send(job.client, protocol.Progress(job.name, stage, 0.0))
                self._hand_over(job)
        elif job:
            with language.speaking(job.request.language):
                self._fail(job, obituaries.obituary(code, killed))
        while self._asking:
            client, _, asked = self._asking.popleft()
            with language.speaking(asked.language):
                why = obituaries.obituary(code, killed)
            self._outbox.send(client, protocol.EstimateReply(asked.question, message=why))

    def _set_adrift(self, job: Job, lost: bool) -> None:
        """The server hands it to another, or to this one when its machine is there again. lost: as
        it was painted."""
        self.job, job.lost = None, job.lost or lost
        with language.speaking(job.request.language):
            again = tr("its machine was lost: painting again, on another")
            stage = again if lost else tr("waiting for a machine of the cluster")
            self._outbox.send(job.client, protocol.Progress(job.name, stage, 0.0))


def _environment(share: Share | None) -> dict[str, str]:
    """Of the child."""
    if share is None:
        return {}
    if share.place:
        return {PLACE: share.place}
    return {"SCUMBLE_DEVICE": share.device, "SCUMBLE_THREADS": str(share.threads)}
