"""What the compute child says of errors, and what it does with what it cannot read."""

import io
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.backend.compute.test_weights import random_state, saved
from tests.sentences import says

from scumble import machine, parameters, pipe, protocol
from scumble.errors import JobError
from scumble.pixels import Extent, Pixels
from scumble_backend.compute import devices, estimate, weights
from scumble_backend.compute.clock import Clock
from scumble_backend.compute.worker import Inbox, Painter, _sentence
from scumble_backend.engine.stylize import Iterate, stylize
from scumble_backend.engine.thrift import LEVELS


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (MemoryError(), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: "
                      "can't allocate memory: you tried to allocate 99 bytes."), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (RuntimeError("The size of tensor a (3) must match"), False),
    ],
    ids=lambda value: str(value)[-30:],
)  # fmt: skip
def test_only_a_lack_of_memory_is_called_one(error, is_memory):
    assert ("Memory ran out" in _sentence(error)) == is_memory


PICTURE = Pixels(Extent(0, 0, 32, 32), "rgba8", bytes(range(256)) * 16)
STYLE = protocol.Style("Ink", PICTURE.digest())


@pytest.fixture
def painter(scumble_home):
    """A painter, and what it says."""
    said: list[protocol.Message] = []
    return Painter(Inbox(io.BytesIO()), said.append), said


def test_what_nobody_foresaw_fails_its_job_with_a_sentence(painter):
    """A style that never came, and an error of the engine's own."""
    at_work, said = painter
    at_work.answer(protocol.Stylize("1", PICTURE, (STYLE,)), {})
    sentence = says("Painting failed (…): the log has more; try other settings.")
    assert re.search(sentence, said[-1].message)
    assert re.search(sentence, _sentence(RuntimeError("The size of tensor a (3) must match")))


def test_a_picture_that_is_no_number_is_no_result(painter):
    at_work, _ = painter
    request = protocol.Stylize("1", PICTURE, (STYLE,))
    task = estimate.Task(32, 32, [], parameters.defaults())
    nothing = Iterate(1, 1, 1, 1, {}, torch.full((1, 3, 32, 32), torch.nan))
    shown, clock = torch.ones(1, 1, 32, 32), Clock(None, task, 32, 32)
    with pytest.raises(JobError, match=says("Painting went astray (not a number): try another")):
        at_work._iterate(request, iter([nothing]), shown, PICTURE.extent, clock)


@pytest.mark.parametrize(("asked", "sent"), [(9, 512), (512, 512), (700, 700), (9999, 1024)])
def test_previews_are_as_fine_as_is_asked_within_bounds(painter, asked, sent):
    at_work, said = painter
    extent = Extent(0, 0, 1200, 600)
    request = protocol.Stylize("1", PICTURE, (STYLE,), preview=asked)
    painted = Iterate(1, 1, 1, 1, {}, torch.rand(1, 3, 600, 1200))
    clock = Clock(None, estimate.Task(1200, 600, [], parameters.defaults()), 1200, 600)
    clock.ticks = lambda: True
    at_work._iterate(request, iter([painted]), torch.ones(1, 1, 600, 1200), extent, clock)
    assert said[-1].pixels.extent == (0, 0, sent, sent // 2)


def test_a_network_that_was_cut_short_paints_with_a_word_of_it(painter, tmp_path):
    at_work, said = painter
    weights.keep_vgg19(saved(random_state(4), tmp_path))
    values = {"encoder": "vgg19", "steps": 1, "working_size": 256}
    at_work.answer(protocol.Stylize("1", PICTURE, (STYLE,), values), {STYLE.digest: PICTURE})
    notes = " ".join(said[-1].notes)
    assert re.search(says("This VGG-19 file ends before …: large forms follow less."), notes)


def job(name: str, style: protocol.Style = STYLE, **values) -> protocol.Stylize:
    few = {"quality": "draft", "steps": 2, "working_size": 256}
    return protocol.Stylize(name, PICTURE, (style,), few | values)


@pytest.fixture
def steps(painter, monkeypatch):
    """A painter, and how many steps a job of it takes; its result."""
    at_work, said = painter
    taken: list[int] = []

    def counted(*arguments, **values):
        for iterate in stylize(*arguments, **values):
            taken.append(iterate.step)
            yield iterate

    def paint(request: protocol.Stylize) -> tuple[int, bytes]:
        taken.clear()
        at_work.answer(request, {STYLE.digest: PICTURE})
        assert isinstance(said[-1], protocol.Done), said[-1]
        return sum(step > 0 for step in taken), said[-1].pixels.data

    monkeypatch.setattr("scumble_backend.compute.worker.stylize", counted)
    return paint


def test_another_share_of_the_colours_is_painted_in_no_step_and_is_the_same(steps):
    first, own = steps(job("1"))
    assert first > 0
    none, at_once = steps(job("2", colour=80))
    assert none == 0
    assert at_once != own
    assert steps(job("3", colour=0)) == (0, own)
    other, _ = steps(job("4", strength=30))
    assert other > 0
    anew, whole = steps(job("5", colour=80))
    assert (anew, whole) == (first, at_once), "as if painted with that share from the beginning"


@pytest.mark.parametrize("colour", [0, 40])
def test_the_last_preview_brings_the_ends_of_its_colours(painter, steps, colour):
    _, said = painter

    def preview() -> protocol.Preview:
        return next(each for each in reversed(said) if isinstance(each, protocol.Preview))

    steps(job("1", colour=colour))
    assert preview().colours == (), "nobody asked"
    steps(replace(job("2", colour=colour), colours=True))
    assert len(preview().colours) == 2
    for share, seen in zip((0, 100), preview().colours, strict=True):
        _, painted = steps(job("3", colour=share))
        assert seen.extent == PICTURE.extent
        difference = np.frombuffer(seen.data, np.uint8) - np.frombuffer(painted, np.uint8) * 1.0
        assert np.abs(difference).max() <= 1


def test_a_result_stopped_early_brings_no_colours(painter, steps):
    at_work, said = painter
    at_work.inbox.kept.add("1")
    steps(replace(job("1"), colours=True))
    assert [each.colours for each in said if isinstance(each, protocol.Preview)][-1] == ()


def test_a_picture_is_not_lost_for_the_previews_of_its_colours(painter, steps, monkeypatch):
    _, said = painter

    def fail(*_):
        raise RuntimeError("no memory, or no double precision")

    monkeypatch.setattr("scumble_backend.compute.previews.recoloured", fail)
    steps(replace(job("1"), colours=True))
    assert [each.colours for each in said if isinstance(each, protocol.Preview)][-1] == ()


@pytest.mark.parametrize("values", [{"steps": 0}, {"colour": 80, "colour_by": "palette"}])
def test_where_colours_are_in_the_painting_the_preview_brings_none(painter, steps, values):
    _, said = painter
    steps(replace(job("1", **values), colours=True))
    assert [each.colours for each in said if isinstance(each, protocol.Preview)][-1] == ()


def test_an_estimate_of_another_share_of_the_colours_says_so(painter, steps):
    at_work, _ = painter
    steps(job("1"))
    values = parameters.defaults() | {"quality": "reference"}

    def seconds(after: str) -> float:
        sizes = (protocol.StyleSize(32, 32, 100.0, "Ink"),)
        reply = at_work._estimate(protocol.Estimate("q", 32, 32, sizes, values, after=after))
        assert not reply.message
        return reply.seconds

    assert seconds("1") == estimate.AT_ONCE < seconds("")
    assert seconds("0") == seconds(""), "what that job painted is not there any more"


@pytest.mark.security
def test_who_asks_for_estimates_without_end_does_not_stop_a_painting(painter, monkeypatch):
    at_work, said = painter
    asked = protocol.Estimate("q", 32, 32, ())

    def say(message: protocol.Message) -> None:
        said.append(message)
        if isinstance(message, protocol.EstimateReply) and len(said) < 1000:
            at_work.inbox.messages.put(asked)  # as soon as one is answered

    monkeypatch.setattr(at_work, "say", say)
    at_work.inbox.messages.put(asked)
    at_work.answer(job("1"), {STYLE.digest: PICTURE})
    assert isinstance(said[-1], protocol.Done)
    answered = sum(isinstance(each, protocol.EstimateReply) for each in said)
    assert 0 < answered < 100


@pytest.mark.parametrize(
    "other",
    [
        {"colour": 80, "colour_by": "palette"}, {"seed": 1}, {"painterly": 80},
        {"style": protocol.Style("Ink", PICTURE.digest(), weight=2.0, brush_size=50)},
    ],
)  # fmt: skip
def test_whatever_else_is_another_is_painted_anew(steps, other):
    steps(job("1"))
    taken, _ = steps(job("2", **other))
    assert taken > 0


def test_what_was_stopped_early_is_no_painting_to_go_by(painter, steps):
    at_work, _ = painter
    at_work.inbox.kept.add("1")
    assert steps(job("1"))[0] == 1
    assert steps(job("2", colour=80))[0] > 1


def short_of_memory(painter, monkeypatch, most: int, side: int = 128) -> protocol.Message:
    """What comes of a painting of this side where there is memory for so many px a side."""
    at_work, said = painter
    forward = torch.nn.Conv2d.forward

    def scarce(self, x):
        if x.shape[3] > most + 2:  # with its borders
            raise MemoryError
        return forward(self, x)

    monkeypatch.setattr(torch.nn.Conv2d, "forward", scarce)
    content = Pixels(Extent(0, 0, side, side), "rgba8", bytes(range(256)) * (side * side // 64))
    request = replace(job("1", steps=3, painterly=0), content=content)
    at_work.answer(request, {STYLE.digest: PICTURE})
    return said[-1]


def test_where_memory_runs_out_what_is_painted_is_kept_and_the_size_that_fits_is_named(
    painter, monkeypatch
):
    """A painting of two sizes; the first was painted."""
    done = short_of_memory(painter, monkeypatch, 100)
    assert isinstance(done, protocol.Done), done
    assert done.pixels.extent == (0, 0, 128, 128)
    sentence = says(
        "Memory ran out: this is the picture as it was then. Choose a working size of at most … "
        "px, or close other programs, and paint again."
    )
    assert re.search(sentence, done.notes[0])
    assert "at most 91 px" in done.notes[0]
    assert painter[0].last is None, "no painting to go by"


def test_where_memory_runs_out_before_anything_is_painted_it_fails(painter, monkeypatch):
    failed = short_of_memory(painter, monkeypatch, 8)
    assert isinstance(failed, protocol.Failed)
    assert "Memory ran out while painting" in failed.message


def test_where_memory_is_short_it_is_spared_from_the_beginning(painter, monkeypatch):
    at_work, said = painter
    encoder = at_work._encoder("lite")
    task = estimate.Task(32, 32, [protocol.StyleSize(32, 32)], parameters.check({}))
    needs = [estimate.memory(encoder, task, 32, 32, level) for level in LEVELS]
    assert sorted(needs, reverse=True) == needs
    monkeypatch.setattr(devices, "room", lambda device: needs[2])
    assert estimate.thrift(encoder, at_work.device, task, 32, 32) == 2
    at_work.answer(job("1"), {STYLE.digest: PICTURE})
    notes = " ".join(said[-1].notes)
    assert re.search(says("Memory was short: painted with less of it, in more time."), notes)
    monkeypatch.setattr(devices, "room", lambda device: needs[-1] - 1)
    with pytest.raises(JobError, match="choose a working size"):
        estimate.thrift(encoder, at_work.device, task, 32, 32)


def test_another_device_is_used_from_the_next_job_on_and_one_that_is_gone_is_named(
    painter, monkeypatch
):
    at_work, said = painter
    assert [each.name for each in machine.found()] == list(devices.found())
    machine.choose("Voodoo")
    at_work.settle()
    at_work.answer(job("1"), {STYLE.digest: PICTURE})
    sentence = says("“…” is not there any more: painted on …. Choose another device.")
    assert re.search(sentence, said[-1].notes[0])
    assert "Voodoo" in said[-1].notes[0]
    machine.choose(devices.processor())
    at_work.answer(job("2"), {STYLE.digest: PICTURE})
    assert not said[-1].notes
    before = at_work.encoders
    monkeypatch.setattr(devices, "pick", lambda: torch.device("meta"))
    monkeypatch.setattr(devices, "free_memory", lambda device: 0)
    monkeypatch.setattr(devices, "name", lambda device: "Nothing")
    at_work.settle()
    assert (at_work.device.type, said[-1].device) == ("meta", "Nothing")
    assert before
    assert (at_work.encoders, at_work.seen, at_work.last) == ({}, {}, None)


@pytest.mark.faults
@pytest.mark.parametrize("frames", [[b"{}"], [b"\xff"], []])
def test_what_cannot_be_read_ends_it_with_a_code_of_its_own(scumble_home, frames):
    """It would live on, and hear nothing any more."""
    child = subprocess.Popen(
        [sys.executable, "-m", "scumble_backend.compute.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None
    pipe.write_frames(child.stdin, frames)
    assert child.wait(300) == protocol.BROKEN_OFF
    child.communicate()
