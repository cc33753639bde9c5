"""Which jobs are taken: what they hold is counted."""

import re
from dataclasses import replace

import pytest
from tests.sentences import says

from scumble import protocol
from scumble.pixels import Extent, Pixels
from scumble_backend.server import admission
from scumble_backend.server.admission import HELD_BYTES, room_objection
from scumble_backend.server.jobs import MAX_WAITING, Job, Jobs

pytestmark = pytest.mark.security

ONE = (protocol.Style("s", "d"),)
PICTURE = Pixels(Extent(0, 0, 16, 16), "rgba8", bytes(1024))


@pytest.mark.parametrize(
    ("waiting", "weight", "sentence"),
    [
        (MAX_WAITING, 1.0, says("… jobs are waiting already: wait, or cancel some.")),
        (0, 0.0, says("Give at least one style a weight above 0.")),
    ],
)
def test_a_job_that_is_not_taken_is_told_why(waiting, weight, sentence):
    jobs = Jobs()
    for number in range(waiting):
        jobs.add(Job(b"client", "key", protocol.Stylize(str(number), PICTURE, ()), set()))
    asked = protocol.Stylize("new", PICTURE, (protocol.Style("s", "d", weight),))
    assert re.search(sentence, admission.objection(jobs, "key", asked, HELD_BYTES))
    assert admission.objection(Jobs(), "key", replace(asked, styles=ONE), HELD_BYTES) == ""


def test_styles_of_unfinished_jobs_count_once_each(monkeypatch):
    monkeypatch.setattr(admission, "HELD_BYTES", 4096)
    jobs, style = Jobs(), Pixels(Extent(0, 0, 16, 16), "rgba8", b"s" * 1024)
    for number in range(2):
        request = protocol.Stylize(str(number), PICTURE, (protocol.Style("s", "d"),))
        jobs.add(Job(b"client", "key", request, {"e"}, {"d": style}))
    assert room_objection(jobs, "key", 4096, PICTURE, PICTURE) == ""
    assert "wait for a job to end" in room_objection(jobs, "key", 4096, PICTURE, PICTURE, PICTURE)


def test_a_guest_fills_its_own_share_alone():
    jobs = Jobs()
    jobs.add(Job(b"client", "guest", protocol.Stylize("1", PICTURE, ONE), set()))
    assert room_objection(jobs, "guest", 2048, PICTURE) == ""
    assert "wait for a job to end" in room_objection(jobs, "guest", 2048, PICTURE, PICTURE)
    assert room_objection(jobs, "another", 2048, PICTURE, PICTURE) == ""
