"""Processes killed or hung, clients that vanish: what the server makes of it."""

import time

import psutil
import pytest
from tests.backend.conftest import PATIENCE

from scumble import connection, protocol, unclaimed
from scumble.client import SILENCE, Client
from scumble.errors import LostError
from scumble.protocol import Done, Failed, Preview


@pytest.mark.faults
def test_a_killed_child_fails_its_job_with_a_sentence_and_the_next_one_works(
    client, ask, replies, child
):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    child().kill()
    failed = replies(client, job)[-1]
    assert isinstance(failed, Failed)
    assert "start again" in failed.message
    assert isinstance(replies(client, ask(client))[-1], Done)


@pytest.mark.faults
def test_a_child_that_hangs_is_killed_and_the_next_job_runs(client, ask, replies, child):
    """Stopped by a signal, it cannot obey: the server kills it in the end."""
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    process = child()
    process.suspend()
    client.cancel(job)
    assert isinstance(replies(client, ask(client))[-1], Done)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.faults
def test_a_client_that_vanishes_loses_its_jobs(client, ask, replies):
    with Client(connection.read()) as gone:
        job = ask(gone, steps=5000)
        replies(gone, job, until=Preview)
    until = time.monotonic() + 30
    while (jobs := client.status(5).jobs) and time.monotonic() < until:
        time.sleep(0.2)
    assert jobs == 0


def listen(client: Client) -> None:
    """As a host does, for as long as a silent backend is waited for."""
    until = time.monotonic() + SILENCE
    while time.monotonic() < until:
        client.poll(0.1)


@pytest.mark.faults
def test_a_killed_backend_is_noticed_at_once(client, ask, replies):
    replies(client, ask(client, steps=5000), until=Preview)
    psutil.Process(connection.read().pid).kill()
    began = time.monotonic()
    with pytest.raises(LostError, match="start the job again"):
        listen(client)
    assert time.monotonic() - began < 3


@pytest.mark.faults
def test_a_backend_that_is_gone_before_the_job_is_noticed_at_once(client, ask):
    gone = connection.read()
    process = psutil.Process(gone.pid)
    process.kill()
    process.wait(10)
    with Client(gone) as late:
        ask(late)
        began = time.monotonic()
        with pytest.raises(LostError, match="start the job again"):
            listen(late)
        assert time.monotonic() - began < 3


@pytest.mark.faults
def test_a_job_with_a_name_outlives_its_client_and_is_kept(client, replies, painting):
    content, style = painting(), painting(seed=9)
    chosen = [(protocol.Style("style", style.digest()), style)]
    with Client(connection.read()) as gone:
        home = {"name": "Style: A", "document": "a.kra"}
        job = gone.submit(content, chosen, {"steps": 60}, **home)
        replies(gone, job, until=Preview)
    until = time.monotonic() + PATIENCE
    while not (found := unclaimed.results()) and time.monotonic() < until:
        time.sleep(0.2)
    assert (found[0].name, found[0].document) == ("Style: A", "a.kra")
    assert found[0].pixels().extent == content.extent
    assert client.status(5).jobs == 0
    found[0].forget()


@pytest.mark.faults
def test_a_child_dies_with_its_server(client, ask, replies, child):
    replies(client, ask(client, steps=5000), until=Preview)
    process = child()
    psutil.Process(connection.read().pid).kill()
    process.wait(20)
    assert not process.is_running()
