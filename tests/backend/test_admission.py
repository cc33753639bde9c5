"""Which jobs are taken: what they hold is counted."""

import pytest

from scumble import protocol
from scumble.pixels import Extent, Pixels
from scumble_backend import admission
from scumble_backend.admission import room_objection
from scumble_backend.jobs import Job, Jobs

pytestmark = pytest.mark.security

PICTURE = Pixels(Extent(0, 0, 16, 16), "rgba8", bytes(1024))


def test_styles_of_unfinished_jobs_count_once_each(monkeypatch):
    monkeypatch.setattr(admission, "HELD_BYTES", 4096)
    jobs, style = Jobs(), Pixels(Extent(0, 0, 16, 16), "rgba8", b"s" * 1024)
    for number in range(2):
        request = protocol.Stylize(str(number), PICTURE, (protocol.Style("s", "d"),))
        jobs.add(Job(b"client", "key", request, {"e"}, {"d": style}))
    assert room_objection(jobs, PICTURE, PICTURE) == ""
    assert "wait for a job to end" in room_objection(jobs, PICTURE, PICTURE, PICTURE)
