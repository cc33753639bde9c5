"""The queue, and the states of a job."""

import itertools
import time
from collections import defaultdict
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
    lost: bool = False  # whether it is painted again, since its machine was lost
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
    """Owners take turns, and the jobs of each are first come, first served; a job still waiting for
    its styles holds up nobody."""

    def __init__(self):
        self.all: list[Job] = []
        self._turn = itertools.count(1)
        self._turns: dict[str, int] = {}  # of owners, the last

    def add(self, job: Job) -> None:
        self.all.append(job)

    def find(self, owner: str, name: str) -> Job | None:
        return next((job for job in self.all if (job.owner, job.name) == (owner, name)), None)

    def of(self, owner: str) -> list[Job]:
        return [job for job in self.all if job.owner == owner]

    def of_client(self, client: bytes) -> list[Job]:
        return [job for job in self.all if job.client == client]

    def begin(self, job: Job) -> None:
        """It is its owner's turn."""
        job.enter("running")
        self._turns[job.owner] = next(self._turn)

    def waiting(self) -> list[Job]:
        """In the order in which they are painted: one of each owner, whose turn was longest ago
        first, then the second of each, and so on."""
        ready = [job for job in self.all if job.state == "queued" and not job.missing]
        rounds: dict[str, itertools.count] = defaultdict(itertools.count)
        ranked = {
            id(job): (next(rounds[job.owner]), self._turns.get(job.owner, 0)) for job in ready
        }
        return sorted(ready, key=lambda job: ranked[id(job)])

    def before(self, job: Job) -> int:
        """How many are painted, or wait, before it."""
        if job.state == "running":
            return 0
        return sum(each.state == "running" for each in self.all) + self.waiting().index(job)

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
