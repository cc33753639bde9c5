"""The queue, and the states of a job."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from scumble import protocol
from scumble.pixels import Pixels

MAX_WAITING = 16  # jobs a user may have in the queue
# The messages that end a job, and how it has ended then.
ENDS = {protocol.Done: "done", protocol.Failed: "failed", protocol.Cancelled: "cancelled"}


@dataclass
class Job:
    """client: the socket to answer to. owner: the key it came with. missing: digests to be sent."""

    client: bytes
    owner: str
    request: protocol.Stylize
    missing: set[str]
    styles: dict[str, Pixels] = field(default_factory=dict)
    state: str = "queued"
    again: bool = False  # whether it is painted again, since its child ran out of memory
    left: float = 0.0  # when its client was gone, on time.monotonic

    @property
    def name(self) -> str:
        return self.request.job

    def pictures(self) -> list[Pixels]:
        """All that it holds."""
        return self.request.pictures() + list(self.styles.values())

    def enter(self, state: str) -> None:
        assert state in protocol.STATES[self.state], f"{self.state} -> {state}"
        self.state = state


class Jobs:
    """First come, first served; a job still waiting for its styles holds up nobody."""

    def __init__(self):
        self.all: list[Job] = []

    def add(self, job: Job) -> None:
        self.all.append(job)

    def find(self, owner: str, name: str) -> Job | None:
        return next((job for job in self.all if (job.owner, job.name) == (owner, name)), None)

    def of(self, owner: str) -> list[Job]:
        return [job for job in self.all if job.owner == owner]

    def of_client(self, client: bytes) -> list[Job]:
        return [job for job in self.all if job.client == client]

    def running(self) -> Job | None:
        return next((job for job in self.all if job.state == "running"), None)

    def next(self, may: Callable[[bytes], bool]) -> Job | None:
        """may: whether a client's jobs may be painted now."""
        waiting = (job for job in self.all if job.state == "queued" and not job.missing)
        return next((job for job in waiting if may(job.client)), None)

    def place(self, job: Job) -> int:
        return self.all.index(job)

    def end(self, job: Job, state: str) -> None:
        job.enter(state)
        self.all.remove(job)


@dataclass
class Deadline:
    """A moment by which something must have happened."""

    seconds: float
    since: float = field(default_factory=time.monotonic)

    def passed(self) -> bool:
        return time.monotonic() - self.since > self.seconds

    def restart(self) -> None:
        self.since = time.monotonic()
