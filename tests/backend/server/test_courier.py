"""The courier: the same conversation, for a plug-in whose Python cannot load zmq."""

import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest
from tests.backend.conftest import PATIENCE

from scumble import client as client_module
from scumble import connection, launcher, logs, protocol, unclaimed
from scumble.client import Client
from scumble.courier import CourierWire
from scumble.errors import LostError
from scumble.protocol import Cancelled, Done, Preview
from scumble_backend.server.server import PING


@pytest.fixture
def client(shared_home, monkeypatch):
    """Through a courier, the greeting of the backend too."""
    monkeypatch.setattr(client_module, "_open_wire", CourierWire)
    with launcher.find_or_start() as found:
        yield found


def test_without_zmq_the_client_sends_a_courier():
    code = (
        "import sys; sys.modules['zmq'] = None\n"
        "from scumble import client\n"
        "client.CourierWire = lambda connection: 'a courier'\n"
        "print(client._open_wire(None))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "a courier"


def test_a_job_goes_the_whole_way(client, ask, replies, painting):
    content = painting()
    done = replies(client, ask(client, content))[-1]
    assert isinstance(done, Done)
    assert done.pixels.extent == content.extent
    assert done.pixels.data != content.data


def test_a_large_picture_comes_back_bit_for_bit(client, ask, replies, painting):
    content = painting(1500, 1000)
    done = replies(client, ask(client, content, steps=0))[-1]
    assert done.pixels == content


def test_cancel_is_heard(client, ask, replies):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    client.cancel(job)
    assert isinstance(replies(client, job)[-1], Cancelled)


@pytest.mark.faults
def test_a_killed_backend_is_noticed_at_once(client, ask, replies):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    psutil.Process(connection.read().pid).kill()
    began = time.monotonic()
    with pytest.raises(LostError, match="paint again"):
        replies(client, job)
    assert time.monotonic() - began < 3


@pytest.mark.faults
def test_a_killed_courier_is_noticed_at_once(client, ask, replies):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    client._wire._process.kill()
    began = time.monotonic()
    with pytest.raises(LostError, match="paint again"):
        replies(client, job)
    assert time.monotonic() - began < 3


@pytest.mark.faults
def test_a_courier_ends_with_its_client(client):
    courier = psutil.Process(client._wire._process.pid)
    client.close()
    assert courier.wait(10) is not None or not courier.is_running()


@pytest.mark.faults
def test_a_client_without_a_backend_is_told_at_once(client):
    gone = connection.read()
    process = psutil.Process(gone.pid)
    process.kill()
    process.wait(10)
    began = time.monotonic()
    with client_module.Client(gone) as late:
        assert late.status(10) is None
    assert time.monotonic() - began < 5


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="there it is an error anyway")
def test_a_courier_that_is_gone_does_not_end_the_editor():
    """An editor whose Python is a part of it lets itself be ended by a write to a closed pipe."""
    code = (
        "import gc, signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"
        "from scumble import courier; courier.interpreter = lambda: '/bin/true'\n"
        "from scumble.connection import Connection\n"
        "wire = courier.CourierWire(Connection('', '', '', '', 1, 1.0, ''))\n"
        "wire._process.wait()\n"
        "for _ in range(9): wire.send([bytes(100_000)])\n"
        "wire.close(); wire._threads[1].join(9)\n"
        "assert wire.is_gone() or not wire.receive(1.0)\n"
        "del wire; gc.collect(); print('it lives')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "it lives\n", (done.returncode, done.stderr)


@pytest.mark.faults
def test_what_a_courier_says_of_its_end_is_in_the_log(client):
    """With keys that are none."""
    wire = CourierWire(replace(connection.read(), server_key="none"))
    until = time.monotonic() + PATIENCE
    while not wire.is_gone() and time.monotonic() < until:
        wire.receive(0.1)
    assert "Error" in (connection.state_folder() / logs.COURIER).read_text()


def test_the_last_words_of_an_editor_go_out(client, replies, painting):
    """That a result is taken, said right before the end: else it would be kept, and offered."""
    content, style = painting(), painting(seed=9)
    chosen = [(protocol.Style("style", style.digest()), style)]
    for _ in range(5):
        with Client(connection.read()) as gone:
            job = gone.submit(content, chosen, {"steps": 1}, name="A", document="a.kra")
            replies(gone, job)
            gone.taken(job)
    time.sleep(2 * PING)
    assert unclaimed.results() == []


@pytest.mark.faults
def test_a_courier_whose_backend_is_gone_ends_without_a_word(client, child):
    wire = CourierWire(connection.read())
    wire.wait_until_open()
    log = connection.state_folder() / logs.COURIER
    before = log.stat().st_size
    psutil.Process(connection.read().pid).kill()
    assert wire._process.wait(PATIENCE) == 0
    assert log.stat().st_size == before
