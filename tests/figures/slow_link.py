"""What a slow link costs: a picture painted on another computer, over 20 Mbit/s and 40 ms each way.

`python -m tests.figures.slow_link`, as root: in two networks of this machine's own, with a link
between them that is first quick, then slow. Prints the seconds of a job that changes nothing, which
is but its transport, beside those that its bytes alone take; and how long a cancel is under way
while it paints.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.backend.server.network import ADDRESS, ASKS, PAINTS, Network

from scumble import launcher, protocol
from scumble.client import Client
from scumble.pixels import Extent, Pixels

RATE = 20e6 / 8  # bytes/s, each way
DELAY = 0.04  # s, each way
PORT, RELAY = 27182, 27183
PIECE, UNDER_WAY = 1 << 14, 16  # bytes that the relay takes at once, and how many of these it holds
SIDE, SMALL = 2048, 512  # px
ENDLESS = 5000  # steps
TRIES = 10
MODULE = (sys.executable, "-m", "tests.figures.slow_link", "--inside")
SCUMBLE = (sys.executable, "-m", "scumble_backend")


async def relay() -> None:
    """Passes on what comes, each way, DELAY later."""

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        ahead: asyncio.Queue = asyncio.Queue(UNDER_WAY)

        async def deliver() -> None:
            while True:
                due, data = await ahead.get()
                await asyncio.sleep(due - time.monotonic())
                target.write(data)
                await target.drain()

        sender = asyncio.create_task(deliver())
        while data := await source.read(PIECE):
            await ahead.put((time.monotonic() + DELAY, data))
        sender.cancel()
        target.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(ADDRESS[PAINTS], PORT)
        for each in (writer, far_writer):
            each.transport.set_write_buffer_limits(4 * PIECE)
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))

    server = await asyncio.start_server(meet, "127.0.0.1", RELAY)
    print("ready", flush=True)
    await server.serve_forever()


def picture(side: int, seed: int) -> Pixels:
    row = bytes((x * (7 + seed) + x * x // 5) % 256 for x in range(4 * side))
    return Pixels(Extent(0, 0, side, side), "rgba8", row * side)


def submit(client: Client, side: int, seed: int, steps: int) -> tuple[str, int]:
    """A job, and the bytes of its pictures, there and back."""
    content, style = picture(side, seed), picture(SMALL, 99)
    job = client.submit(content, [(protocol.Style("", style.digest()), style)], {"steps": steps})
    return job, 2 * len(content.data)


def until(client: Client, job: str, *kinds: type) -> None:
    while True:
        for reply in client.poll(0.5):
            if getattr(reply, "job", None) == job and isinstance(reply, kinds):
                return
            if isinstance(reply, protocol.Failed):
                raise SystemExit(reply.message)


def jobs() -> None:
    """Of the guest: the seconds of one that changes nothing, three times; then of cancels."""
    with Client(launcher.ensure()) as client:
        for seed in range(4):  # the first one wakes the engine, and brings the style there
            began = time.monotonic()
            job, size = submit(client, SIDE, seed, 0)
            until(client, job, protocol.Done)
            took = time.monotonic() - began
            client.taken(job)
            print(f"job {took:.3f} {size}", flush=True)
        for seed in range(TRIES):
            job, _ = submit(client, SMALL, seed, ENDLESS)
            until(client, job, protocol.Preview)
            began = time.monotonic()
            client.cancel(job)
            until(client, job, protocol.Cancelled)
            print(f"cancel {time.monotonic() - began:.3f}", flush=True)


class Measured(NamedTuple):
    """seconds: of a job. size: bytes of its pictures. cancels: seconds of each."""

    seconds: float
    size: int
    cancels: list[float]

    def __str__(self) -> str:
        cancel = 1000 * statistics.median(self.cancels)
        most = 1000 * max(self.cancels)
        return f"{self.seconds:.2f} s a job, cancel {cancel:.0f} ms, at most {most:.0f}"


def measured(network: Network, name: str, address: str) -> Measured:
    """Over the link that leads to an address."""
    key = network.run(PAINTS, *SCUMBLE, "key", "add", name, "--address", address).stdout
    network.run(ASKS, *SCUMBLE, "backend", "add", name, text=key)
    done = network.run(ASKS, *MODULE, "jobs")
    lines = [line.split() for line in done.stdout.splitlines()]
    found = [line for line in lines if line[0] == "job"]
    cancels = [float(line[1]) for line in lines if line[0] == "cancel"]
    if not cancels:
        raise SystemExit(done.stderr)
    return Measured(
        statistics.median(float(line[1]) for line in found[1:]), int(found[0][2]), cancels
    )


def main() -> None:
    os.environ["SCUMBLE_PYTHON"] = sys.executable
    with tempfile.TemporaryDirectory() as folder, Network(Path(folder)) as network:
        network.start(PAINTS, *SCUMBLE, "serve", "--listen", f"{ADDRESS[PAINTS]}:{PORT}")
        while network.run(PAINTS, *SCUMBLE, "status").returncode:
            time.sleep(0.2)
        relayed = network.start(ASKS, *MODULE, "relay").stdout
        assert relayed
        relayed.readline()
        quick = measured(network, "quick", f"{ADDRESS[PAINTS]}:{PORT}")
        print(f"quick: {quick}", flush=True)
        with network.slow("20mbit"):
            slow = measured(network, "slow", f"127.0.0.1:{RELAY}")
        transport, own = slow.seconds - quick.seconds, slow.size / RATE
        print(f"slow: {slow}; {transport:.2f} s of it transport, {transport / own:.2f} times the "
              f"{own:.2f} s of its bytes")  # fmt: skip


if __name__ == "__main__":
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--inside", choices=("relay", "jobs"), help=argparse.SUPPRESS)
    inside = chosen.parse_args().inside
    if inside == "relay":
        asyncio.run(relay())
    elif inside == "jobs":
        jobs()
    else:
        main()
