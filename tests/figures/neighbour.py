"""What an attack on the backend costs somebody else's job.

`python -m tests.figures.neighbour` paints one picture over and over, in turn alone and while
another process does a thing of ATTACKS twenty times, and prints how much longer it took, as
medians over pairs of neighbours in time. On Linux, as root, backend and attacker are scheduled
apart from all else, the attacker last: what is measured is what the server itself spends, or keeps
waiting.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil
from tests.backend.server.test_server_attacks import GREETING, MESSAGES, PICTURE, raw

from scumble import connection, framing, launcher, protocol
from scumble.client import Client
from scumble.protocol import Done, Preview
from scumble_backend.cli import bench

TRIES = 20
FIRST, LAST = -15, 19  # of a scheduling group's nice values
MEGABYTE = 2**20


def send(frames: list) -> None:
    with Client(connection.read()) as attacker:
        attacker._wire.send(list(frames))
        attacker.poll(20)


def bad_messages() -> None:
    for frames in MESSAGES.values():
        send(frames)


def estimates() -> None:
    with Client(connection.read()) as attacker:
        for _ in range(20):
            attacker.estimate(4000, 3000, [protocol.StyleSize(800, 600)], {})
        attacker.poll(5)


def strangers() -> None:
    opened = [raw() for _ in range(4)]
    for each in opened:
        try:
            each.sendall(GREETING + b"\x06" + (2**30 - 1).to_bytes(8, "big"))
            for _ in range(25):
                each.sendall(bytes(MEGABYTE))
        except OSError:
            continue
    for each in opened:
        each.close()


def crowd() -> None:
    opened = [raw() for _ in range(100)]
    time.sleep(0.2)
    for each in opened:
        each.close()


def refusals() -> None:
    with Client(connection.read()) as attacker:
        for _ in range(150):
            attacker._wire.send(list(MESSAGES["long job"]))
        heard, until = 0, time.monotonic() + 20
        while heard < 150 and time.monotonic() < until:
            heard += len(attacker.poll(1))


def unread() -> None:
    """Jobs whose answers nobody reads, and which are cancelled by going away."""
    with Client(connection.read()) as attacker:
        for _ in range(8):
            attacker.submit(PICTURE, [(protocol.Style("s", PICTURE.digest()), PICTURE)], {})
        time.sleep(0.1)


def frames() -> None:
    """One message of 400 MB."""
    piece = bytes(framing.PIECE)
    with Client(connection.read()) as attacker:
        attacker._wire.send([*MESSAGES["long job"], *[piece] * 50])
        attacker.poll(20)


ATTACKS = {each.__name__: each for each in (
    bad_messages, estimates, strangers, crowd, refusals, unread, frames,
)}  # fmt: skip


def schedule(pid: int, nice: int) -> None:
    group = Path(f"/proc/{pid}/autogroup")
    if group.exists() and os.geteuid() == 0:
        group.write_text(str(nice))


def paint(client: Client, size: int, attack: str | None) -> tuple[float, float]:
    """(s on the clock, s of the child's processors) from the first preview to the end."""
    content, styles = bench._sample(size)
    named = [(protocol.Style("", each.digest()), each) for each in styles[:1]]
    job = client.submit(content, named, {})
    replies = (each for each in bench._replies(client) if getattr(each, "job", None) == job)
    next(each for each in replies if isinstance(each, Preview))
    (child,) = psutil.Process(connection.read().pid).children()
    attacker = None
    began, spent = time.monotonic(), sum(child.cpu_times()[:2])
    if attack:
        command = [sys.executable, "-m", "tests.figures.neighbour", "--attack", attack]
        attacker = subprocess.Popen(command, start_new_session=True)
    next(each for each in replies if isinstance(each, Done))
    took = time.monotonic() - began, sum(child.cpu_times()[:2]) - spent
    if attacker:
        attacker.wait(600)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.figures.neighbour")
    parser.add_argument("--size", type=int, default=512, help="long side of the job, px")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--attack", choices=ATTACKS, help="only be the attacker")
    asked = parser.parse_args()
    if asked.attack:
        schedule(os.getpid(), LAST)
        for _ in range(TRIES):
            ATTACKS[asked.attack]()
        return
    with launcher.find_or_start() as client:
        server = psutil.Process(connection.read().pid)
        schedule(server.pid, FIRST)
        paint(client, asked.size, None)  # warm
        for attack in ATTACKS:
            pairs = [
                (paint(client, asked.size, None), paint(client, asked.size, attack))
                for _ in range(asked.pairs)
            ]
            clock, cpu = (
                statistics.median(under[which] / alone[which] for alone, under in pairs)
                for which in (0, 1)
            )
            print(
                f"{attack:14} clock {clock:.3f}  processor {cpu:.3f}  alone {pairs[0][0][0]:.1f} s"
                f"  server {server.memory_info().rss / 1e6:.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
