"""What a buggy or taken-over plug-in, which has the key, or a stranger without one can do: nothing
to the server, and nothing to anybody else's job."""

import json
import os
import socket
import subprocess
import sys
import time

import psutil
import pytest
import zmq
from tests.backend.conftest import PATIENCE
from tests.conftest import stop_backend

from scumble import connection, framing, launcher, protocol
from scumble.client import Client
from scumble.pixels import Extent, Pixels
from scumble.protocol import Done, EstimateReply, Preview, Refused
from scumble_backend.server import descriptors

pytestmark = pytest.mark.security

PICTURE = Pixels(Extent(0, 0, 16, 16), "rgba8", bytes(1024))
STYLE = {"name": "s", "digest": "d", "weight": 1.0, "brush_size": 100.0}
HUGE = "1" + "0" * 400


def stylize(**change) -> list[bytes]:
    frames = protocol.encode(protocol.Stylize("j", PICTURE, (protocol.Style("s", "d"),), {}))
    header = json.loads(bytes(frames[0]))
    header["body"].update(change)
    return [json.dumps(header, ensure_ascii=False).encode(), *map(bytes, frames[1:])]


def estimate(**change) -> list[bytes]:
    (frame,) = protocol.encode(protocol.Estimate("q", 40, 40, (), {}))
    header = json.loads(bytes(frame))
    header["body"].update(change)
    return [json.dumps(header, ensure_ascii=False).encode()]


def with_value(frames: list[bytes], value: str) -> list[bytes]:
    """What json.dumps would not write, where 77.0 stands."""
    return [frames[0].replace(b"77.0", value.encode()), *frames[1:]]


MESSAGES = {
    "weight of 400 digits": with_value(stylize(styles=[STYLE | {"weight": 77.0}]), HUGE),
    "brush size of 400 digits": with_value(stylize(styles=[STYLE | {"brush_size": 77.0}]), HUGE),
    "extent of 400 digits": with_value(
        stylize(content={"extent": [0, 0, 16, 77.0], "format": "rgba8", "frames": 1}), HUGE
    ),
    "1e999": with_value(estimate(parameters={"strength": 77.0}), "1e999"),
    "width of 310 digits": with_value(estimate(width=77.0), "1" + "0" * 310),
    "list 980 deep": with_value(estimate(parameters={"strength": 77.0}), "[" * 980 + "]" * 980),
    "long format": stylize(content={"extent": [0, 0, 16, 16], "format": "é" * 25_000, "frames": 1}),
    "long style": stylize(styles=[STYLE | {"name": "é" * 25_000}]),
    "long job": stylize(job="é" * 25_000),
    "long question": estimate(question="é" * 25_000),
    "half a letter": [stylize(job="JOB")[0].replace(b"JOB", b"\\ud800")],
    "200 frames": [*stylize(), *[b"x"] * 200],
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_that_is_none_is_refused_with_a_sentence(client, name):
    with Client(connection.read()) as attacker:
        attacker._wire.send(MESSAGES[name])
        (reply,) = attacker.poll(20)
        assert isinstance(reply, Refused)
        assert len(reply.message) <= framing.LONGEST
    assert client.status(20).jobs == 0


def test_none_of_them_harms_somebody_elses_job_or_estimate(client, ask, replies):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    with Client(connection.read()) as attacker:
        for frames in MESSAGES.values():
            attacker._wire.send(list(frames))
        question = client.estimate(40, 40, [], {})
        answers, until = [], time.monotonic() + PATIENCE
        while not answers and time.monotonic() < until:
            attacker.poll()
            answers = [each for each in client.poll(0.1) if isinstance(each, EstimateReply)]
    assert [(each.question, each.message) for each in answers] == [(question, "")]
    replies(client, job, until=Preview)
    client.cancel(job)


def raw() -> socket.socket:
    port = int(connection.read().address.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=5)


GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00CURVE" + bytes(15) + b"\0" + bytes(31)


def test_a_stranger_fills_no_memory(client):
    """Four connections that announce 1 GiB each, and send a tenth of it."""
    server = psutil.Process(connection.read().pid)
    before = server.memory_info().rss
    most, strangers = 0, [raw() for _ in range(4)]
    for each in strangers:
        each.sendall(GREETING + b"\x06" + (2**30 - 1).to_bytes(8, "big"))
    for _ in range(100):
        for each in strangers:
            try:
                each.sendall(bytes(2**20))
            except OSError:
                continue
        most = max(most, server.memory_info().rss - before)
    for each in strangers:
        each.close()
    assert most < 80 * 2**20
    assert client.status(5) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_more_connections_than_descriptors_are_outlived(client, ask, replies):
    """They are shut out after some seconds; the server stays, and the job that ran runs on."""
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    server = psutil.Process(connection.read().pid)
    before = server.rlimit(psutil.RLIMIT_NOFILE)
    server.rlimit(psutil.RLIMIT_NOFILE, (200, before[1]))
    until = time.monotonic() + 20
    strangers = [raw() for _ in range(250)]
    while server.num_fds() > 150 and time.monotonic() < until:
        time.sleep(0.2)
    assert server.num_fds() <= 150
    replies(client, job, until=Preview)
    for each in strangers:
        each.close()
    with Client(connection.read()) as other:
        assert other.status(20) is not None
    server.rlimit(psutil.RLIMIT_NOFILE, before)
    client.cancel(job)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_more_clients_than_descriptors_are_turned_away(client):
    """With the key, and for as long as they like: there is room for other things."""
    server = psutil.Process(client.status(20).pid)
    before = server.rlimit(psutil.RLIMIT_NOFILE)
    server.rlimit(psutil.RLIMIT_NOFILE, (200, before[1]))
    crowd = [Client(connection.read()) for _ in range(250)]
    time.sleep(1)
    until = time.monotonic() + 20
    while server.num_fds() > 150 and time.monotonic() < until:
        time.sleep(0.2)
    held = server.num_fds()
    served = [each for each in crowd if not each._wire.is_gone()]
    assert served[0].status(20) is not None
    for each in crowd:
        each.close()
    while server.num_fds() > 100 and time.monotonic() < until:
        time.sleep(0.2)
    with Client(connection.read()) as other:
        assert other.status(20) is not None
    server.rlimit(psutil.RLIMIT_NOFILE, before)
    assert held <= 150


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_it_asks_for_more_descriptors_than_it_is_given(scumble_home):
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        with launcher.find_or_start():
            soft, hard = psutil.Process(connection.read().pid).rlimit(psutil.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert soft == min(hard, descriptors.WANTED)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_all_it_makes_is_the_users_alone_whatever_the_umask(tmp_path):
    """The folders from the first moment on: nobody could have put anything there."""
    home = tmp_path / "share" / "home"
    variables = os.environ | {"SCUMBLE_HOME": str(home), "SCUMBLE_PYTHON": sys.executable}
    code = (
        "import os; os.umask(0); from pathlib import Path; from scumble import launcher\n"
        "made, mkdir = [], Path.mkdir\n"
        "def watched(self, *given, **named):\n"
        "    mkdir(self, *given, **named); made.append(oct(self.stat().st_mode & 0o777))\n"
        "Path.mkdir = watched\n"
        "launcher.find_or_start().close()\n"
        "print(*set(made))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, timeout=120
    )
    stop_backend(home)
    assert done.stdout.split() == ["0o700"], done.stderr
    modes = {path: path.stat().st_mode & 0o077 for path in [home, *home.rglob("*")]}
    assert {str(path) for path, mode in modes.items() if mode} == set()
    assert (home / "state" / "server.log").exists()


def test_many_refusals_are_few_lines(client):
    log = connection.state_folder() / "server.log"
    before = log.stat().st_size
    for _ in range(300):
        client._wire.send([b"x" * 1000])
    found = 0
    until = time.monotonic() + 30
    while found < 300 and time.monotonic() < until:
        found += sum(isinstance(each, Refused) for each in client.poll(0.5))
    assert found == 300
    assert log.stat().st_size - before < 20_000


@pytest.mark.slow
def test_whoever_fetches_nothing_waits_and_nobody_else_does(client, ask, replies, painting):
    """Eight pictures of 64 MB: what waits for one client is bounded, and lost is none of them."""
    content = Pixels(Extent(0, 0, 4096, 4096), "rgba8", b"\x40\x80\xc0\xff" * 2**24)
    style = painting(seed=9)
    assert isinstance(replies(client, ask(client, style=style))[-1], Done)  # the style is there
    chosen = [(protocol.Style("style", style.digest()), style)]
    with Client(connection.read()) as lazy:
        lazy._wire.socket.setsockopt(zmq.RCVHWM, 1)  # else zmq's own thread fetches for it
        jobs = [lazy.submit(content, chosen, {"steps": 0, "working_size": 256}) for _ in range(8)]
        until, left = time.monotonic() + PATIENCE, 9
        while left > 4 and time.monotonic() < until:
            time.sleep(0.5)
            left = client.status(20).jobs
        time.sleep(5)
        assert client.status(20).jobs >= 3, "more than 256 MB wait for a client, and one result"
        assert isinstance(replies(client, ask(client))[-1], Done)
        found = set()
        while len(found) < 8 and time.monotonic() < until:
            found |= {each.job for each in lazy.poll(0.5) if isinstance(each, Done)}
        assert found == set(jobs)
