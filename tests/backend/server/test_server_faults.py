"""Processes killed or hung, clients that vanish: what the server makes of it."""

import re
import sys
import time

import psutil
import pytest
from tests.backend.conftest import PATIENCE
from tests.sentences import says

from scumble import connection, launcher, protocol, unclaimed
from scumble.client import SILENCE, Client
from scumble.errors import LostError
from scumble.pixels import Extent, Pixels
from scumble.protocol import Done, Failed, Preview
from scumble_backend.server import station


def kill(process: psutil.Process) -> None:
    """As the system does it where memory ran out; then it is there no more."""
    process.kill()
    process.wait(PATIENCE)


@pytest.mark.faults
def test_where_the_system_kills_a_child_its_job_is_painted_again_with_less_memory(
    client, ask, replies, child
):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    kill(child())
    stages = []
    while "memory ran out: painting again, with less of it" not in stages:
        stages.append(replies(client, job, until=protocol.Progress)[-1].stage)
    replies(client, job, until=Preview)
    client.keep(job)
    done = replies(client, job)[-1]
    assert isinstance(done, Done)
    notes = " ".join(done.notes)
    assert re.search(says("Memory was short: painted with less of it, in more time."), notes)


@pytest.mark.faults
def test_a_child_that_is_killed_twice_fails_its_job_with_a_sentence_and_the_next_one_works(
    client, ask, replies, child
):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    kill(child())
    kill(child())
    failed = replies(client, job)[-1]
    assert isinstance(failed, Failed)
    killed = says("The painting process was killed, most likely because memory ran out: choose")
    assert re.search(killed, failed.message)
    assert isinstance(replies(client, ask(client))[-1], Done)


@pytest.mark.faults
def test_a_client_that_is_gone_when_its_turn_comes_ends_nothing(client, ask, replies, child):
    """The child is gone as well, so that it would be told that the engine is woken."""
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    process = child()
    with Client(connection.read()) as gone:
        replies(gone, ask(gone), until=protocol.Queued)
    kill(process)
    kill(child())
    assert isinstance(replies(client, job)[-1], Failed)
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
    with pytest.raises(
        LostError, match=says("The painting process has ended unexpectedly: paint again.")
    ):
        listen(client)
    assert time.monotonic() - began < 3


@pytest.mark.faults
def test_a_backend_that_falls_silent_is_given_up(client, ask, replies, monkeypatch):
    replies(client, ask(client, steps=5000), until=Preview)
    monkeypatch.setattr("scumble.client.SILENCE", 1.0)
    process = psutil.Process(connection.read().pid)
    process.suspend()
    try:
        with pytest.raises(LostError, match="The painting process does not answer any more: paint"):
            listen(client)
    finally:
        process.resume()


@pytest.mark.faults
def test_a_backend_that_is_gone_before_the_job_is_noticed_at_once(client, ask):
    gone = connection.read()
    process = psutil.Process(gone.pid)
    process.kill()
    process.wait(10)
    with Client(gone) as late:
        ask(late)
        began = time.monotonic()
        with pytest.raises(LostError, match="paint again"):
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


def paint_for_a_document(client, replies, painting) -> str:
    """A job with a name, painted; its result is on its way into the document."""
    content, style = painting(), painting(seed=9)
    chosen = [(protocol.Style("style", style.digest()), style)]
    job = client.submit(content, chosen, {"steps": 5}, name="Style: A", document="a.kra")
    assert isinstance(replies(client, job)[-1], Done)
    return job


def kept_in_time() -> list[unclaimed.Unclaimed]:
    until = time.monotonic() + PATIENCE
    while not (found := unclaimed.results()) and time.monotonic() < until:
        time.sleep(0.2)
    return found


@pytest.mark.faults
def test_a_result_that_came_and_was_not_taken_is_kept(client, replies, painting):
    """The editor ends between the last message and the new layer."""
    with Client(connection.read()) as gone:
        paint_for_a_document(gone, replies, painting)
    (found,) = kept_in_time()
    assert (found.name, found.document) == ("Style: A", "a.kra")
    found.forget()


@pytest.mark.faults
def test_a_result_that_is_taken_or_cancelled_is_not_kept(client, replies, painting):
    with Client(connection.read()) as other:
        other.taken(paint_for_a_document(other, replies, painting))
        other.cancel(paint_for_a_document(other, replies, painting))
        lost = paint_for_a_document(other, replies, painting)
    (found,) = kept_in_time()  # so the other two would be there, too
    assert lost
    found.forget()


@pytest.mark.faults
def test_a_server_that_leaves_keeps_what_was_not_taken(scumble_home, replies, painting):
    with launcher.find_or_start() as client:
        paint_for_a_document(client, replies, painting)
        process = psutil.Process(connection.read().pid)
        process.terminate()
        process.wait(20)
    (found,) = unclaimed.results()
    assert found.name == "Style: A"


@pytest.mark.faults
def test_a_child_dies_with_its_server(client, ask, replies, child):
    replies(client, ask(client, steps=5000), until=Preview)
    process = child()
    psutil.Process(connection.read().pid).kill()
    process.wait(20)
    assert not process.is_running()


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_a_child_that_cannot_be_started_fails_its_job_and_no_more(scumble_home, ask, replies):
    """No descriptor is left; then the state folder is gone; then all is well again."""
    with launcher.find_or_start() as client:
        process = psutil.Process(client.status(20).pid)
        before = process.rlimit(psutil.RLIMIT_NOFILE)
        process.rlimit(psutil.RLIMIT_NOFILE, (process.num_fds(), before[1]))
        failed = replies(client, ask(client))[-1]
        assert re.search(
            says("cannot be started (…): restart the computer, or run install.py again."),
            failed.message,
        )
        process.rlimit(psutil.RLIMIT_NOFILE, before)
        state = connection.state_folder()
        aside = state.rename(state.with_name("aside"))
        failed = replies(client, ask(client))[-1]
        assert "cannot be started" in failed.message
        aside.rename(state)
        assert not process.children()
        assert isinstance(replies(client, ask(client))[-1], Done)
        client.shutdown()
        process.wait(20)


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_a_child_without_memory_to_hear_a_job_fails_it_with_a_sentence(client, ask, replies, child):
    replies(client, ask(client))
    process = child()
    room = process.memory_info().vms + 2**26
    process.rlimit(psutil.RLIMIT_AS, (room, room))
    content = Pixels(Extent(0, 0, 8192, 4096), "rgba8", b"\xff" * 2**27)
    failed = replies(client, ask(client, content))[-1]
    assert "could not read" in failed.message
    assert isinstance(replies(client, ask(client))[-1], Done)


@pytest.mark.slow
@pytest.mark.faults
def test_a_child_that_falls_silent_while_it_paints_is_ended(client, ask, replies, child):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    child().suspend()
    began = time.monotonic()
    failed = replies(client, job)[-1]
    assert "did not answer any more" in failed.message
    assert time.monotonic() - began < station.STILLNESS + 15
    assert isinstance(replies(client, ask(client))[-1], Done)


@pytest.mark.slow
@pytest.mark.faults
def test_server_and_child_stopped_together_go_on_together(client, ask, replies, child, monkeypatch):
    """As where the computer sleeps."""
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    both = [psutil.Process(connection.read().pid), child()]
    for process in both:
        process.suspend()
    monkeypatch.setattr("scumble.client.SILENCE", PATIENCE)
    time.sleep(station.STILLNESS + 3)
    for process in both:
        process.resume()
    replies(client, job, until=Preview)
    client.cancel(job)


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_a_result_for_which_there_is_no_room_waits_in_memory(client, ask, replies, painting):
    """The server can write no file, as on a full disk; then it can."""
    process = psutil.Process(connection.read().pid)
    content, style = painting(), painting(seed=9)
    chosen = [(protocol.Style("style", style.digest()), style)]
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (1, before[1]))
    with Client(connection.read()) as gone:
        job = gone.submit(content, chosen, {"steps": 60}, name="Style: A", document="a.kra")
        replies(gone, job, until=Preview)
    until = time.monotonic() + PATIENCE
    while client.status(5).jobs and time.monotonic() < until:
        time.sleep(0.2)
    assert unclaimed.results() == []
    process.rlimit(psutil.RLIMIT_FSIZE, before)
    while not (found := unclaimed.results()) and time.monotonic() < until:
        time.sleep(0.2)
    assert found[0].name == "Style: A"
    found[0].forget()
