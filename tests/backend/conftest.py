"""The backend as its clients see it: real processes, real sockets."""

import sys
import time

import psutil
import pytest
import torch
from tests.conftest import stop_backend

from scumble import connection, launcher, protocol
from scumble.client import Client
from scumble.pixels import Extent, Pixels

PATIENCE = 300.0  # s: the machine may be busy, and torch's first import is slow
ENDS = (protocol.Done, protocol.Cancelled, protocol.Failed)


@pytest.fixture(autouse=True)
def seeded():
    """What a test draws from torch's own generator is the same in every run."""
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory):
    """One home for a file's tests: its backend is started once, and again where a test ends it."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCUMBLE_HOME", str(folder))
        patch.setenv("SCUMBLE_PYTHON", sys.executable)
        patch.setenv("SCUMBLE_THREADS", "2")
        yield folder
        stop_backend(folder)


@pytest.fixture
def client(shared_home):
    with launcher.find_or_start() as found:
        yield found


@pytest.fixture
def child():
    """child() -> the compute child's process, waited for."""

    def find() -> psutil.Process:
        server = psutil.Process(connection.read().pid)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if children := server.children():
                return children[0]
            time.sleep(0.05)
        raise AssertionError("no compute child")

    return find


@pytest.fixture
def painting():
    """painting(width, height, seed) -> Pixels with soft structure, opaque."""

    def make(width: int = 48, height: int = 40, seed: int = 0) -> Pixels:
        data = bytearray()
        for y in range(height):
            for x in range(width):
                data += bytes(((5 * x + seed) % 256, (7 * y + 3 * seed) % 256, (x * y) % 256, 255))
        return Pixels(Extent(3, -4, width, height), "rgba8", bytes(data))

    return make


@pytest.fixture
def ask(painting):
    """ask(client, **parameters) -> a submitted job of a small picture and one style."""

    def submit(client: Client, content=None, style=None, **parameters) -> str:
        style = style or painting(seed=9)
        chosen = [(protocol.Style("style", style.digest()), style)]
        return client.submit(content or painting(), chosen, {"steps": 2} | parameters)

    return submit


@pytest.fixture
def replies():
    """replies(client, job, until=kinds) -> all that came for a job, up to and with one of them."""

    def listen(client: Client, job: str, until=ENDS, patience: float = PATIENCE) -> list:
        found, limit = [], time.monotonic() + patience
        while time.monotonic() < limit:
            for reply in client.poll(0.1):
                if getattr(reply, "job", None) == job:
                    found.append(reply)
                    if isinstance(reply, until):
                        return found
        raise AssertionError(f"{until} did not come within {patience} s; there came {found}")

    return listen
