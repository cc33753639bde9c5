"""How long a job would take, asked of a real backend."""

import re
import time

import pytest
from tests.sentences import says

from scumble import launcher, protocol
from scumble.client import Client
from scumble.errors import LostError
from scumble.protocol import Preview
from scumble.session import Session
from scumble_backend.cli import bench, stylize_command
from scumble_backend.cli.terminal import Terminal
from scumble_backend.server.jobs import MAX_WAITING


@pytest.fixture
def told():
    """told(client, question) -> the answer to an estimate."""

    def wait(client: Client, question: str) -> protocol.EstimateReply:
        until = time.monotonic() + 300
        while time.monotonic() < until:
            for reply in client.poll(0.1):
                if isinstance(reply, protocol.EstimateReply) and reply.question == question:
                    return reply
        raise AssertionError("no estimate")

    return wait


def test_an_estimate_comes_before_any_job_and_paints_nothing(scumble_home, told):
    with launcher.find_or_start() as client:
        style = protocol.StyleSize(200, 100)
        asked = client.estimate(300, 200, [style], {"working_size": 256})
        found = told(client, asked)
        assert (found.width, found.height, found.message) == (256, 171, "")
        assert found.seconds > 0
        assert 0 < found.memory < found.memory_free
        longer = told(client, client.estimate(300, 200, [style] * 9, {"quality": "fine"}))
        assert longer.seconds > found.seconds
        assert client.status(5).jobs == 0


def test_an_estimate_is_given_while_another_job_is_painted(client, ask, replies, told):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    asked = client.estimate(40, 40, [], {})
    assert told(client, asked).message == ""
    assert client.status(5).stage == "painting"
    client.cancel(job)


@pytest.mark.parametrize(
    ("size", "brush_size", "parameters", "word"),
    [
        ((8, 40), 100, {}, "only 8 x 40 px"),
        ((40, 40), 100, {"quality": "best"}, "Quality"),
        ((40, 40), 100, {"encoder": "vgg19"}, "scumble weights"),
        ((4096, 4096), 400, {"working_size": 4096, "brush_size": 400}, "working size of at most"),
    ],
)
def test_an_estimate_says_why_the_job_would_fail(client, told, size, brush_size, parameters, word):
    """Of the last: a style looked at sixteen times as large fits into no machine's memory."""
    styles = [protocol.StyleSize(4096, 4096, brush_size)]
    assert word in told(client, client.estimate(*size, styles, parameters)).message


def test_more_questions_than_can_be_answered_are_refused(scumble_home, told):
    """All come before the engine is awake."""
    with launcher.find_or_start() as client:
        for _ in range(MAX_WAITING):
            client.estimate(40, 40, [], {})
        late = told(client, client.estimate(40, 40, [], {})).message
        assert re.search(says("… estimates are waiting already: wait for them."), late)


def test_who_waits_too_long_for_an_estimate_or_a_measurement_is_told(client, painting, monkeypatch):
    for module in (bench, stylize_command):
        monkeypatch.setattr(module, "PATIENCE", 0.0)
    monkeypatch.setattr(stylize_command, "AT_ONCE", 0.0)
    session = Session(None, client)
    with pytest.raises(LostError, match=says("The backend gives no estimate: run `scumble stop`")):
        stylize_command._awaited(session, Terminal())
    with pytest.raises(LostError, match=says("The backend takes too long: run `scumble stop`")):
        next(bench._replies(client))


@pytest.mark.faults
def test_an_estimate_is_answered_even_where_the_child_dies(client, ask, replies, child, told):
    replies(client, ask(client, steps=5000), until=Preview)
    process = child()
    process.suspend()
    asked = client.estimate(40, 40, [], {})
    assert client.status(5).stage == "painting"  # so the question is with the child by now
    process.kill()
    assert "start again" in told(client, asked).message
