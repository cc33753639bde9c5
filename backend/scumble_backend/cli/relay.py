"""A station's child where the server hands jobs to a Ray cluster: it computes nothing, but holds an
actor on one device of the cluster (remote.py), and passes on what is said, either way.

To the server it is a compute child: the same messages over the same pipe, killed and buried in the
same way. So the server imports nothing of Ray. A Ray cluster has the device free again once the
relay is gone.
"""

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from scumble import framing, machine, protocol
from scumble.errors import StartError
from scumble.pipe import read_frames, write_frames
from scumble.protocol import PULSE
from scumble_backend.cli import nodes, remote
from scumble_backend.cli.nodes import Place, RayError, ray  # pyright: ignore
from scumble_backend.server.child import PLACE

ROOM = 5.0  # s for a device to be free, which one that just painted is in a moment
BIRTH = 120.0  # s for an actor to be there
TICK = 0.1  # s
LONGEST = 1800.0  # s for a result on its way, after which its machine counts as hung
CALLS = 3  # of an actor at once: one waits for what is said, one brings what is heard

log = logging.getLogger(__name__)


def main() -> None:
    """Take stdout for the frames alone: what libraries print goes to the log."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")
    address, *place = json.loads(os.environ[PLACE])
    try:
        nodes.connect(address)
        actor, name = _begun(Place(*place))
    except (StartError, TimeoutError, RayError) as error:
        log.warning("no place in the cluster: %s", nodes.reason(error))
        os._exit(protocol.AWAY)
    threading.Thread(target=_pass_on, args=(requests, actor), daemon=True).start()
    try:
        code = _follow(actor, name, replies)
    except RayError as error:
        log.warning("the machine was lost: %s", nodes.reason(error))
        code = protocol.LOST
    except Exception:
        log.exception("what is painted cannot be passed on")
        code = protocol.BROKEN_OFF
    os._exit(code)  # Ray ends the actor, as where the server kills this process


def _begun(place: Place) -> tuple[Any, str]:
    """An actor at the place, or where else there is room, and its machine's name. Raises
    StartError, TimeoutError, RayError."""
    _await_room(place)
    kind: Any = ray.remote(remote.Remote)
    options = place.options(soft=True) | {"max_concurrency": CALLS}
    spare = bool(os.environ.get(machine.SPARE))
    actor = kind.options(**options).remote(place.threads, place.gpus > 0, spare)
    version, name = ray.get(actor.about.remote(), timeout=BIRTH)
    if why := nodes.why_unfit(version):
        raise StartError(nodes.unfit(why))
    return actor, name


def _await_room(place: Place) -> None:
    """Raises TimeoutError where no device is free."""
    needs = {"CPU": place.cpus, "GPU": place.gpus}
    until = time.monotonic() + ROOM
    while any(ray.available_resources().get(kind, 0) < count for kind, count in needs.items()):
        if time.monotonic() > until:
            raise TimeoutError("no device of the cluster is free")
        time.sleep(TICK)


def _pass_on(requests: BinaryIO, actor: Any) -> None:
    """What the server says, in its order."""
    try:
        while True:
            ray.get(actor.hear.remote(read_frames(requests)))
    except EOFError:
        os._exit(0)  # the server is gone: nobody waits for this work
    except RayError as error:
        log.warning("the machine did not take what was said: %s", nodes.reason(error))
        os._exit(protocol.LOST)
    except BaseException:
        log.exception("what the server says cannot be passed on")
        os._exit(protocol.BROKEN_OFF)


def _follow(actor: Any, name: str, replies: BinaryIO) -> int:
    """Pass on what its child says; the code with which that ended. Raises RayError."""
    while True:
        answer = actor.said.remote()
        ray.wait([answer], fetch_local=False)
        with _alive(replies):
            said, code = ray.get(answer)
        for frames in said:
            with contextlib.suppress(OSError):  # the server is gone, which is heard, too
                write_frames(replies, _placed(frames, name))
        if code is not None:
            log.warning("the compute child on %s ended with %s: its log is there", name, code)
            return _own(code)


@contextlib.contextmanager
def _alive(replies: BinaryIO) -> Iterator[None]:
    """Say so meanwhile, for at most LONGEST: what was said over there and is on its way takes long
    over a slow network, and a child that says nothing for long counts as hung."""
    over, until = threading.Event(), time.monotonic() + LONGEST

    def pulse() -> None:
        with contextlib.suppress(OSError):  # the server is gone, which is heard, too
            while not over.wait(PULSE) and time.monotonic() < until:
                write_frames(replies, protocol.encode(protocol.Ping()))

    thread = threading.Thread(target=pulse, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _placed(frames: list[bytes], name: str) -> list[protocol.Frame]:
    """With the machine's name where the device is said."""
    if framing.read_header(frames[0]).get("type") != protocol.StatusReply.__name__:
        return [*frames]
    status = protocol.decode(frames)
    assert isinstance(status, protocol.StatusReply)
    return protocol.encode(replace(status, device=f"{status.device}, on {name}"))


def _own(code: int) -> int:
    """As this process ends: damaged files are none of this computer, and 1 is how Ray ends a relay
    that it cut off."""
    if code == protocol.DAMAGED:
        return protocol.LOST
    if code == 1:
        return protocol.BROKEN_OFF
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    main()
