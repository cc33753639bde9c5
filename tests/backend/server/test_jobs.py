"""The queue: whose job is next."""

from scumble import protocol
from scumble.pixels import Extent, Pixels
from scumble_backend.server.jobs import Job, Jobs

PICTURE = Pixels(Extent(0, 0, 16, 16), "rgba8", bytes(1024))


def queue(*names: str) -> Jobs:
    """Jobs, each called by its owner's letter and a number."""
    jobs = Jobs()
    for name in names:
        jobs.add(Job(b"", name[0], protocol.Stylize(name, PICTURE, ()), set()))
    return jobs


def painted(jobs: Jobs) -> list[str]:
    """In their order, one after another."""
    found = []
    while waiting := jobs.waiting():
        job = waiting[0]
        jobs.begin(job)
        jobs.end(job, "done")
        found.append(job.name)
    return found


def test_jobs_of_one_owner_are_painted_as_they_came():
    assert painted(queue("a1", "a2", "a3")) == ["a1", "a2", "a3"]


def test_owners_take_turns_and_the_order_is_foreseen():
    jobs = queue("a1", "a2", "a3", "a4", "b1", "b2", "c1")
    foreseen = [job.name for job in jobs.waiting()]
    assert painted(jobs) == foreseen == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


def test_who_brings_one_job_at_a_time_waits_a_turn_and_no_more():
    jobs = queue("a1", "a2", "a3", "b1")
    order = []
    for later in ("b2", "b3", ""):
        for _ in "ab":
            job = jobs.waiting()[0]
            jobs.begin(job)
            jobs.end(job, "done")
            order.append(job.name)
        jobs.all += queue(later).all if later else []
    assert order == ["a1", "b1", "a2", "b2", "a3", "b3"]


def test_a_job_that_waits_for_its_styles_holds_up_nobody():
    jobs = queue("a1", "a2", "b1")
    jobs.all[0].missing.add("digest")
    assert [job.name for job in jobs.waiting()] == ["a2", "b1"]


def test_before_a_job_are_those_that_are_painted_and_those_whose_turn_is_sooner():
    jobs = queue("a1", "a2", "a3", "b1")
    jobs.begin(jobs.all[0])
    assert {job.name: jobs.before(job) for job in jobs.all} == {"a1": 0, "b1": 1, "a2": 2, "a3": 3}
