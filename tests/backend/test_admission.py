"""Which jobs are taken: memory is counted, whoever it is for."""

import pytest

from scumble import protocol
from scumble.pixels import Extent, Pixels
from scumble_backend import admission
from scumble_backend.admission import UNREAD_BYTES, objection, room_objection
from scumble_backend.jobs import Job, Jobs

pytestmark = pytest.mark.security

PICTURE = Pixels(Extent(0, 0, 16, 16), "rgba8", bytes(1024))
REQUEST = protocol.Stylize("j", PICTURE, (protocol.Style("s", "d"),))


def test_who_fetches_nothing_gets_no_further_job():
    assert objection(Jobs(), b"client", REQUEST, UNREAD_BYTES) == ""
    assert "still wait to be fetched" in objection(Jobs(), b"client", REQUEST, UNREAD_BYTES + 1)


def test_styles_of_unfinished_jobs_count_once_each(monkeypatch):
    monkeypatch.setattr(admission, "HELD_BYTES", 4096)
    jobs, style = Jobs(), Pixels(Extent(0, 0, 16, 16), "rgba8", b"s" * 1024)
    for number in range(2):
        request = protocol.Stylize(str(number), PICTURE, (protocol.Style("s", "d"),))
        jobs.add(Job(b"client", "key", request, {"e"}, {"d": style}))
    assert room_objection(jobs, PICTURE, PICTURE) == ""
    assert "wait for a job to end" in room_objection(jobs, PICTURE, PICTURE, PICTURE)
