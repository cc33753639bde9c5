"""Many machines: the devices of a Ray cluster, which somebody has started, paint a batch.

On each device an actor holds what a compute child holds: the encoder, and what was seen of the
styles, which are put into Ray's object store once. Pictures go out to it and come back; reading,
writing and all that is remembered stay here. So each is painted as it is without Ray, and where a
machine is lost, what it was painting goes to another.
"""

import io
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scumble import language, protocol
from scumble.client import Client
from scumble.connection import Connection
from scumble.errors import LostError, StartError
from scumble.pixels import Pixels
from scumble_backend import __version__
from scumble_backend.cli import nodes
from scumble_backend.cli.nodes import Place, RayError, ray  # pyright: ignore
from scumble_backend.cli.terminal import counted
from scumble_backend.server.child import TUNING

AT_ONCE = 2  # pictures of a device: the next one travels while one is painted
LOOK = 1.0  # s between two looks at which machines there are
TICK = 0.1  # s
NOWHERE = Connection("", "", "", "", 0, 0.0, __version__)  # Ray leads to its devices


class Device:
    """The actor: does one job after another."""

    def __init__(self, threads: int, gpu: bool):
        os.environ.update(TUNING | {"SCUMBLE_THREADS": str(threads)})  # torch reads it at once
        if gpu:  # the one that Ray gives it, and lets it see alone
            os.environ["SCUMBLE_DEVICE"] = "cuda:0"
        from scumble_backend.compute import devices
        from scumble_backend.compute.worker import Inbox, Painter

        devices.prepare()
        self._said: deque[protocol.Message] = deque(maxlen=1)
        self._painter = Painter(Inbox(io.BytesIO()), self._said.append)
        self._styles: dict[str, Pixels] = {}

    def version(self) -> str:
        return __version__

    def paint(self, request: protocol.Stylize, styles: dict[str, Any]) -> protocol.Message:
        """How a job ended. styles: where in Ray's object store they lie, by digest."""
        for digest in styles.keys() - self._styles.keys():
            self._styles[digest] = ray.get(styles[digest])
        with language.speaking(request.language):
            self._painter.answer(request, {digest: self._styles[digest] for digest in styles})
        return self._said.pop()


@dataclass(eq=False)
class Post:
    """An actor. version: what it will say first; None once it has. clients: that it paints for."""

    place: Place
    actor: Any
    version: Any
    clients: int = 0


class Cluster:
    """Gives clients of its devices, to be given back."""

    def __init__(self, address: str, say: Callable[[str], None]):
        self._address, self._say, self._told = address, say, ""
        self._posts: dict[Place, Post] = {}
        self._unfit: dict[str, str] = {}  # machines that cannot paint, and why
        self._styles: dict[str, Any] = {}
        self._ahead: set[Any] = set()  # what is being painted
        self._done: set[Any] = set()  # what is painted, and not fetched yet
        self._looked = 0.0

    def lanes(self) -> int:
        """How many pictures are to be under way."""
        if ray.is_initialized():
            self._look()
        return max(1, AT_ONCE * len(self._ready()))

    def take(self) -> Client | None:
        """A client of the device that has least to do; None, after a moment, where all have enough.

        Raises StartError where none can paint.
        """
        if not ray.is_initialized():
            nodes.connect(self._address)
        self._look()
        free = [post for post in self._ready() if post.clients < AT_ONCE]
        if not free:
            self.wait(TICK)
            return None
        post = min(free, key=lambda post: post.clients)
        post.clients += 1
        return DeviceClient(self, post)

    def give(self, client: "DeviceClient") -> None:
        client.post.clients -= 1

    def lose(self, client: "DeviceClient") -> None:
        """Its device does not answer any more. Where the machine is there it begins anew."""
        if self._posts.get(client.post.place) is client.post:
            self._end(client.post)

    def close(self) -> None:
        if ray.is_initialized():
            for post in list(self._posts.values()):
                self._end(post)
            ray.shutdown()

    def begin(self, post: Post, request: protocol.Stylize, styles: dict[str, Pixels]) -> Any:
        """Have a job painted; what `ended` takes."""
        for digest in styles.keys() - self._styles.keys():
            self._styles[digest] = ray.put(styles[digest])
        held = {digest: self._styles[digest] for digest in styles}
        job = post.actor.paint.remote(request, held)
        self._ahead.add(job)
        return job

    def ended(self, job: Any) -> protocol.Message | None:
        """How it ended; None where it has not. Raises LostError."""
        if job not in self._done:
            return None
        self._done.remove(job)
        try:
            return ray.get(job)
        except RayError as error:
            raise LostError(
                f"The machine that painted it was lost ({nodes.reason(error)}): start the same "
                "command again."
            ) from error

    def wait(self, timeout: float) -> None:
        """Until any picture is painted, or a device ready, at most so many seconds."""
        starting = [post.version for post in self._posts.values() if post.version]
        ahead = [*self._ahead, *starting]
        if self._done:
            return
        if not ahead:
            time.sleep(timeout)
            return
        if ray.wait(ahead, timeout=timeout)[0] and self._ahead:
            done, _ = ray.wait([*self._ahead], num_returns=len(self._ahead), timeout=0)
            self._done.update(done)
            self._ahead.difference_update(done)

    def _look(self) -> None:
        """Have an actor on each device that is there now."""
        self._greet()
        if time.monotonic() - self._looked < LOOK:
            return
        self._looked = time.monotonic()
        there = nodes.places()
        for post in [post for place, post in self._posts.items() if place not in there]:
            self._end(post)
        for place in there:
            if place not in self._posts and place.node not in self._unfit:
                self._posts[place] = _post(place)
        if there and not self._posts:
            raise StartError(next(iter(self._unfit.values())))
        self._tell()

    def _greet(self) -> None:
        """Hear those that have begun."""
        for post in [post for post in self._posts.values() if post.version]:
            if not ray.wait([post.version], timeout=0)[0]:
                continue
            try:
                why = nodes.why_unfit(ray.get(post.version))
            except RayError as error:
                why = nodes.reason(error)
            post.version, self._looked = None, 0.0  # something has changed
            if why:
                self._unfit[post.place.node] = nodes.unfit(why)
                self._say(self._unfit[post.place.node])
                self._end(post)

    def _tell(self) -> None:
        """How many paint, where that has changed."""
        ready = self._ready()
        machines = len({post.place.node for post in ready})
        told = (
            f"Painting on {counted(len(ready), 'device')} of {counted(machines, 'machine')}."
            if ready
            else "Waiting for a device of the cluster ..."
        )
        if told != self._told:
            self._told = told
            self._say(told)

    def _ready(self) -> list[Post]:
        return [post for post in self._posts.values() if not post.version]

    def _end(self, post: Post) -> None:
        ray.kill(post.actor)
        del self._posts[post.place]


class DeviceClient(Client):
    """A client of one device, which paints one picture at a time for it."""

    def __init__(self, cluster: Cluster, post: Post):
        self.post, self._cluster = post, cluster
        self._connection, self._jobs, self._painted = NOWHERE, {}, None
        self._replies: list[protocol.Message] = []

    def close(self) -> None:
        """The cluster ends its actors."""

    def poll(self, timeout: float = 0.0) -> list[protocol.Message]:
        """As Client, but it waits for any picture of the cluster's."""
        if self._painted is not None:
            self._cluster.wait(timeout)
            if end := self._cluster.ended(self._painted):
                self._painted = None
                self._replies.append(end)
        replies, self._replies = self._replies, []
        return replies

    def _send(self, message: protocol.Message) -> None:
        if isinstance(message, protocol.Stylize):
            styles = self._jobs.pop(message.job)
            self._painted = self._cluster.begin(self.post, message, styles)
        elif isinstance(message, protocol.Cancel):  # its actor ends with the cluster's
            self._painted = None
            self._replies.append(protocol.Cancelled(message.job))


def _post(place: Place) -> Post:
    remote: Any = ray.remote(Device)
    actor = remote.options(**place.options(soft=False)).remote(place.threads, place.gpus > 0)
    return Post(place, actor, actor.version.remote())
