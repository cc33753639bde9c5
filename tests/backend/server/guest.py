"""A guest: paints on another computer as it is told, and says what comes, line by line.

`python guest.py PATIENCE [RETURN]`, where another computer was chosen. PATIENCE: ms without a sign
of life until a link counts as broken; RETURN: s for it to be mended. Told: `paint STEPS [SIDE]`,
`cancel`, `keep`, `spy JOB`, `quit`.
"""

import select
import sys

from scumble import client as client_module
from scumble import launcher, protocol, wire
from scumble.client import Client
from scumble.errors import ScumbleError
from scumble.pixels import Extent, Pixels
from scumble.wire import ZmqWire

SIZE = Extent(0, 0, 48, 40)
LISTENING = 2.0  # s that a spy waits for one answer more


def picture(seed: int) -> Pixels:
    data = bytearray()
    for y in range(SIZE.height):
        for x in range(SIZE.width):
            data += bytes(((5 * x + seed) % 256, (7 * y + 3 * seed) % 256, (x * y) % 256, 255))
    return Pixels(SIZE, "rgba8", bytes(data))


def large(side: int) -> Pixels:
    row = bytes(n % 251 for n in range(4 * side - 4)) + b"\xff" * 4
    return Pixels(Extent(0, 0, side, side), "rgba8", row * side)


def say(*words: object) -> None:
    print(*words, flush=True)


def tell(reply: protocol.Message) -> None:
    if isinstance(reply, protocol.Done):
        say("done", reply.pixels.digest())
    elif isinstance(reply, (protocol.Failed, protocol.Refused)):
        say("failed", reply.message)
    elif isinstance(reply, protocol.Progress):
        say("progress", reply.stage)
    else:
        say(type(reply).__name__.lower())


def spy(job: str) -> None:
    """Ask for all that is another's, with our own key, and say each answer."""
    style = picture(9)
    stolen = protocol.Stylize("mine", picture(0), (protocol.Style("s", style.digest()),), {})
    other = ZmqWire(launcher.ensure())
    for message in (
        protocol.Cancel(job), protocol.Keep(job), protocol.Taken(job), protocol.Resume(job),
        protocol.StylePixels(job, style.digest(), style), protocol.Shutdown(), protocol.Status(),
        stolen,
    ):  # fmt: skip
        other.send(protocol.encode(message))
    said = []
    while frames := other.receive(LISTENING):
        reply = protocol.decode(frames)
        if isinstance(reply, protocol.StatusReply):
            said.append(f"{reply.jobs} jobs")
        elif not isinstance(reply, protocol.Ping):
            said.append(type(reply).__name__)
    other.send(protocol.encode(protocol.Cancel("mine")))
    other.close()
    say("spied", *sorted(said))


def main() -> None:
    wire.HEARTBEAT, wire.HEARTBEAT_LOST = int(sys.argv[1]) // 4, int(sys.argv[1])
    if sys.argv[2:]:
        client_module.RETURN = float(sys.argv[2])
    try:
        client = Client(launcher.ensure())
        serve(client)
        client.close()
    except ScumbleError as error:
        say("lost", error)


def serve(client: Client) -> None:
    job = ""
    while True:
        for reply in client.poll(0.05):
            tell(reply)
        if not select.select([sys.stdin], [], [], 0)[0]:
            continue
        order, *words = sys.stdin.readline().split() or ["quit"]
        if order == "paint":
            style = picture(9)
            chosen = [(protocol.Style("style", style.digest()), style)]
            content = large(int(words[1])) if words[1:] else picture(0)
            job = client.submit(content, chosen, {"steps": int(words[0])})
            say("job", job)
        elif order == "cancel":
            client.cancel(job)
        elif order == "keep":
            client.keep(job)
        elif order == "spy":
            spy(words[0])
        else:
            return


if __name__ == "__main__":
    main()
