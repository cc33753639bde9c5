"""Several pictures at the same time: two compute children, which share the processor."""

import re
import subprocess
import sys
import time
from contextlib import ExitStack

import psutil
import pytest
from tests.backend.conftest import PATIENCE
from tests.sentences import says

from scumble import backends, connection, protocol
from scumble.client import Client
from scumble.protocol import Cancelled, Done, Preview, Progress, Queued
from scumble_backend.cli.commands import main
from scumble_backend.server import guests

SERVE = ("-m", "scumble_backend", "serve")
AGAIN = "memory ran out: painting again, with less of it"

PATIENT = """
from scumble_backend.cli.sharing import shares
from scumble_backend.server.serving import serve
serve(child_idle=3600.0, shares=shares("cpu,cpu"))
"""
IMPATIENT = """
from scumble_backend.server.serving import serve
from scumble_backend.server.station import Share
serve(child_idle=1.0, shares=[Share("cpu", "A", 1), Share("cpu", "B", 1)])
"""


def serve(*words: str) -> None:
    """Start a server in the home that is set, until it can be found."""
    process = subprocess.Popen([sys.executable, *words])
    await_(lambda: connection.read() is not None or process.poll() is not None)
    assert process.poll() is None


def await_(done) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def two(shared_home):
    """A server with two children, which stay awake."""
    serve("-c", PATIENT)


@pytest.fixture
def endless(ask, painting):
    """endless(client) -> a job that ends only where it is cancelled, or kept as it is."""
    return lambda client: ask(client, painting(240, 180), steps=5000, working_size=256)


@pytest.fixture
def artist(two):
    """artist() -> another client; its jobs end with the test."""
    with ExitStack() as all_of_them:
        yield lambda: all_of_them.enter_context(Client(connection.read()))
    with Client(connection.read()) as last:
        await_(lambda: doing(last).jobs == 0)
        await_(lambda: all(each.stage != "painting" for each in doing(last).children))


def doing(client: Client) -> protocol.StatusReply:
    found = client.status(PATIENCE)
    assert found is not None
    return found


def children() -> list[psutil.Process]:
    found = connection.read()
    assert found is not None
    return psutil.Process(found.pid).children()


def stages(client: Client) -> list[str]:
    return [each.stage for each in doing(client).children]


def test_two_pictures_are_painted_at_once_and_the_third_when_one_is_done(
    artist, endless, ask, replies
):
    one, other, third, onlooker = artist(), artist(), artist(), artist()
    first = endless(one)
    replies(one, first, until=Preview)
    second = endless(other)
    assert replies(other, second, until=Queued)[-1].place == 0
    replies(other, second, until=Preview)
    assert stages(onlooker) == ["painting", "painting"]
    waiting = endless(third)
    assert replies(third, waiting, until=Queued)[-1].place == 1
    assert (doing(onlooker).stage, doing(onlooker).jobs) == ("painting", 3)
    assert len(children()) == 2
    one.keep(first)
    assert isinstance(replies(one, first)[-1], Done)
    replies(third, waiting, until=Preview)
    assert stages(onlooker) == ["painting", "painting"]
    other.keep(second)
    assert isinstance(replies(other, second)[-1], Done), "nothing has become of it"


def test_a_child_that_is_killed_leaves_the_others_picture_alone(server, endless, ask, replies):
    one = server(*SERVE, "--devices", "cpu,cpu")
    first = endless(one)
    replies(one, first, until=Preview)
    (killed,) = children()
    with Client(connection.read()) as other:
        second = endless(other)
        replies(other, second, until=Preview)
        (untouched,) = (each for each in children() if each.pid != killed.pid)
        killed.kill()
        while replies(one, first, until=Progress)[-1].stage != AGAIN:
            pass
        replies(one, first, until=Preview)
        other.keep(second)
        found = replies(other, second)
        assert isinstance(found[-1], Done)
        assert AGAIN not in [getattr(each, "stage", "") for each in found]
        assert untouched.is_running()
    one.keep(first)
    assert isinstance(replies(one, first)[-1], Done)


def test_who_cancels_makes_room_and_disturbs_nobody(artist, endless, ask, replies):
    one, other, third = artist(), artist(), artist()
    first, second = endless(one), endless(other)
    replies(one, first, until=Preview)
    replies(other, second, until=Preview)
    before = {each.pid for each in children()}
    one.cancel(first)
    assert isinstance(replies(one, first)[-1], Cancelled)
    assert isinstance(replies(third, ask(third))[-1], Done)
    other.keep(second)
    assert isinstance(replies(other, second)[-1], Done)
    assert {each.pid for each in children()} == before


def test_a_client_comes_back_to_the_child_that_remembers_its_styles(artist, endless, ask, replies):
    one, other, onlooker = artist(), artist(), artist()
    occupying = endless(other)
    replies(other, occupying, until=Preview)
    (place,) = (each for each, stage in enumerate(stages(onlooker)) if stage != "painting")
    assert isinstance(replies(one, ask(one))[-1], Done)
    other.keep(occupying)
    assert isinstance(replies(other, occupying)[-1], Done)
    for client in (one, other, one):
        job = endless(client)
        replies(client, job, until=Preview)
        assert (stages(onlooker).index("painting") == place) is (client is one)
        client.keep(job)
        assert isinstance(replies(client, job)[-1], Done)


def is_answer(message: protocol.Message) -> bool:
    return isinstance(message, protocol.EstimateReply)


def test_what_is_asked_of_a_painting_goes_to_the_child_that_painted_it(
    artist, endless, ask, replies
):
    """It alone knows that another share of the photograph's colours is a matter of no step."""
    one, other, third = artist(), artist(), artist()
    occupying = endless(other)
    replies(other, occupying, until=Preview)
    painted = ask(one)
    assert isinstance(replies(one, painted)[-1], Done)
    replies(third, endless(third), until=Preview)
    other.keep(occupying)
    assert isinstance(replies(other, occupying)[-1], Done)

    def seconds(after: str) -> float:
        one.estimate(240, 180, [], {"steps": 5000, "working_size": 256}, after=after)
        found = []
        await_(lambda: found.extend(filter(is_answer, one.poll(0.1))) or found)
        return found[0].seconds

    assert seconds(painted) < seconds("")


def test_status_says_what_each_does_and_a_server_that_runs_is_not_changed(
    artist, endless, replies, capsys
):
    client = artist()
    replies(client, endless(client), until=Preview)
    assert main(["status"]) == 0
    first, *each = capsys.readouterr().out.splitlines()
    assert "is painting, with 1 job" in first
    assert len(each) == 2
    assert sum(": painting, 1 thread, " in line for line in each) == 1
    assert main(["serve", "--devices", "cpu"]) == 1
    runs = says("The painting process runs already: end it by `scumble stop`, and say this again.")
    assert re.match(runs, capsys.readouterr().err)


@pytest.fixture
def server(scumble_home):
    """server(*words) -> a client of a server that was started so."""
    with ExitStack() as opened:

        def start(*words: str) -> Client:
            serve(*words)
            return opened.enter_context(Client(connection.read()))

        yield start


def test_a_child_is_woken_when_it_is_needed_and_sleeps_alone(server, endless, ask, replies):
    client = server("-c", IMPATIENT)
    assert [each.device for each in doing(client).children] == ["A", "B"]
    assert stages(client) == ["resting", "resting"]
    first = endless(client)
    replies(client, first, until=Preview)
    client.estimate(40, 40, [], {})
    await_(lambda: any(map(is_answer, client.poll(0.1))))
    assert len(children()) == 1, "the one that is awake has answered"
    for _ in range(2):
        with Client(connection.read()) as other:
            assert isinstance(replies(other, ask(other))[-1], Done)
        await_(lambda: len(children()) == 1)
        assert stages(client) == ["painting", "resting"]
    client.keep(first)
    assert isinstance(replies(client, first)[-1], Done)


def test_all_children_end_with_their_server(server, endless, ask, replies):
    client = server("-c", IMPATIENT)
    with Client(connection.read()) as other:
        replies(client, endless(client), until=Preview)
        replies(other, endless(other), until=Preview)
        both = children()
        assert len(both) == 2
        client.shutdown()
        assert psutil.wait_procs(both, PATIENCE)[1] == []


def test_a_picture_is_the_same_beside_another_as_alone_with_as_many_threads(
    server, endless, ask, replies, monkeypatch
):
    monkeypatch.setenv("SCUMBLE_THREADS", "2")
    client = server(*SERVE, "--devices", "cpu,cpu")
    with Client(connection.read()) as other:
        replies(other, endless(other), until=Preview)
        beside = replies(client, ask(client, steps=5))[-1]
        assert [each.threads for each in doing(client).children] == [1, 1]
    client.shutdown()
    await_(lambda: connection.read() is None)
    monkeypatch.setenv("SCUMBLE_THREADS", "1")
    client = server(*SERVE)
    alone = replies(client, ask(client, steps=5))[-1]
    assert beside.pixels == alone.pixels


def test_by_default_one_child_paints_one_picture_after_another(server, endless, ask, replies):
    client = server(*SERVE)
    running = endless(client)
    replies(client, running, until=Preview)
    with Client(connection.read()) as other:
        assert replies(other, ask(other), until=Queued)[-1].place == 1
        assert doing(other).children == ()
        assert len(children()) == 1


def test_who_has_brought_many_pictures_does_not_keep_others_waiting(server, endless, ask, replies):
    """Of those that came first none ever ends by itself."""
    client = server(*SERVE)
    own = [endless(client) for _ in range(3)]
    replies(client, own[0], until=Preview)
    text = guests.add("laptop", "studio", connection.read().address)
    with Client(backends.from_text(text)) as guest:
        job = ask(guest)
        assert replies(guest, job, until=Queued)[-1].place == 1
        client.cancel(own[0])
        assert isinstance(replies(guest, job)[-1], Done)
    replies(client, own[1], until=Preview)
