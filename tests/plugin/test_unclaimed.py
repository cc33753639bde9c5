import contextlib
import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from tests.sentences import says
from tests.strategies import damaged

from scumble import resultfiles, unclaimed
from scumble.errors import PictureError
from scumble.pixels import Extent, Pixels

PICTURE = Pixels(Extent(-3, 4, 5, 2), "rgba16", bytes(range(80)))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCUMBLE_HOME", str(tmp_path))


def names() -> list[str]:
    return [each.name for each in unclaimed.results()]


def test_what_is_discarded_is_offered_last_and_only_at_home(scumble_home):
    for name, document in (("A", "a.kra"), ("B", "b.kra")):
        unclaimed.keep(PICTURE, name, document)
    assert unclaimed.newest("a.kra").name == "A"
    unclaimed.newest("a.kra").discard()
    assert unclaimed.newest("a.kra").name == "B"
    unclaimed.newest("b.kra").discard()
    back = unclaimed.newest("a.kra")
    assert (back.name, back.discarded, back.pixels().data) == ("A", True, PICTURE.data)
    assert unclaimed.newest("c.kra") is None
    back.forget()
    assert unclaimed.newest("a.kra") is None


def test_what_is_discarded_goes_before_others_where_there_is_too_much(scumble_home, monkeypatch):
    for name in "AB":
        unclaimed.keep(PICTURE, name, "a.kra")
    next(each for each in unclaimed.results() if each.name == "B").discard()
    sizes = [each.size for each in unclaimed.results()]
    monkeypatch.setattr(unclaimed, "MAX_KEPT", sum(sizes) - 1)
    assert [each.name for each in unclaimed.results()] == ["A"]


def test_a_result_is_there_again_until_it_is_forgotten():
    unclaimed.keep(PICTURE, "Style: Größe", "a\nb.kra")
    (found,) = unclaimed.results()
    assert (found.name, found.document) == ("Style: Größe", "a\nb.kra")
    assert found.pixels() == PICTURE
    if os.name == "posix":
        assert found.path.stat().st_mode & 0o077 == 0, "only the user may look at it"
    found.forget()
    assert unclaimed.results() == []
    with pytest.raises(PictureError, match=says("The result … cannot be read (…): paint it")):
        found.pixels()


@pytest.mark.parametrize("mask", [None, Pixels(PICTURE.extent, "grey8", bytes(range(10)))])
def test_a_mask_is_kept_with_its_picture(mask):
    unclaimed.keep(PICTURE, "Style: A", "a.kra", mask)
    (found,) = unclaimed.results()
    assert (found.pixels(), found.mask()) == (PICTURE, mask)


def test_what_belongs_to_the_document_comes_before_what_is_newer():
    assert unclaimed.newest("a.kra") is None
    for name, document in (("A", "a.kra"), ("B", "a.kra"), ("C", "b.kra")):
        unclaimed.keep(PICTURE, name, document)
    assert [unclaimed.newest(each).name for each in ("a.kra", "c.kra")] == ["B", "C"]


def test_after_a_day_it_is_gone(monkeypatch):
    unclaimed.keep(PICTURE, "Style: A", "a.kra")
    now = unclaimed.time.time()
    monkeypatch.setattr(unclaimed.time, "time", lambda: now + unclaimed.DAY - 60)
    unclaimed.keep(PICTURE, "Style: B", "a.kra")
    assert names() == ["Style: B", "Style: A"]
    monkeypatch.setattr(unclaimed.time, "time", lambda: now + unclaimed.DAY + 60)
    (left,) = unclaimed.results()
    assert left.name == "Style: B"
    assert list(left.path.parent.iterdir()) == [left.path]


def test_a_clock_put_back_loses_nothing(monkeypatch):
    unclaimed.keep(PICTURE, "A", "")
    now = unclaimed.time.time()
    monkeypatch.setattr(unclaimed.time, "time", lambda: now - 3 * 3600)
    assert names() == ["A"]


def test_the_oldest_make_room_and_the_newest_stays(monkeypatch):
    monkeypatch.setattr(unclaimed, "MAX_KEPT", 500)
    for name in "ABCD":
        unclaimed.keep(PICTURE, name, "")
    assert names() == ["D", "C"]
    unclaimed.keep(Pixels(Extent(0, 0, 30, 30), "rgba8", bytes(3600)), "large", "")
    assert names() == ["large"]


def test_what_is_no_result_is_deleted():
    unclaimed.keep(PICTURE, "A", "")
    (found,) = unclaimed.results()
    for data in (b"", b"rubbish", b"[" * 9000, b"{}\n", b'{"when": "now"}\n'):
        found.path.with_name("x.result").write_bytes(data)
        assert names() == ["A"]
        assert not found.path.with_name("x.result").exists()


def test_a_damaged_result_gets_a_sentence():
    unclaimed.keep(PICTURE, "A", "")
    (found,) = unclaimed.results()
    found.path.write_bytes(found.path.read_bytes()[:-1])
    with pytest.raises(PictureError, match="damaged"):
        found.pixels()


GOOD = {
    "name": "A",
    "document": "a",
    "when": unclaimed.time.time(),
    "extent": [0, 0, 5, 2],
    "format": "rgba16",
}


@pytest.mark.faults
@pytest.mark.parametrize(
    "change",
    [
        {"extent": [0, 0, 2, []]}, {"extent": [0, 0, 2]}, {"extent": [0, 0, 2.5, 1]},
        {"extent": 5}, {"format": []}, {"when": 10**60}, {"when": "now"}, {"when": None},
        {"extent": [0, 0, 10**60, 1]}, {"name": 5}, {"document": {}},
    ],
    ids=str,
)  # fmt: skip
def test_a_head_that_is_none_is_no_result(change):
    unclaimed.keep(PICTURE, "A", "")
    (found,) = unclaimed.results()
    head = {**GOOD, "when": unclaimed.time.time()} | change
    found.path.with_name("x.result").write_text(json.dumps(head) + "\n")
    assert names() == ["A"]


@pytest.mark.faults
def test_a_long_name_is_kept_as_it_is():
    unclaimed.keep(PICTURE, "\U0001f600" * 1000, "\0" * 1000)
    assert names() == ["\U0001f600" * 1000]


@pytest.mark.faults
def test_a_file_where_the_folder_should_be_is_put_aside():
    unclaimed.keep(PICTURE, "A", "")
    (found,) = unclaimed.results()
    folder = found.path.parent
    found.forget()
    folder.rmdir()
    folder.write_text("whose?")
    assert names() == []
    unclaimed.keep(PICTURE, "B", "")
    assert names() == ["B"]
    assert folder.with_name("unclaimed.aside").read_text() == "whose?"


@pytest.mark.faults
def test_a_folder_with_a_results_name_harms_nobody():
    unclaimed.keep(PICTURE, "A", "")
    (found,) = unclaimed.results()
    found.path.with_name("x.result").mkdir()
    unclaimed.keep(PICTURE, "B", "")
    assert names() == ["B", "A"]


@pytest.mark.faults
@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_what_cannot_be_read_just_now_is_not_deleted(monkeypatch):
    import resource

    unclaimed.keep(PICTURE, "A", "")
    files = unclaimed._files()
    with monkeypatch.context() as patch:
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        patch.setattr(unclaimed, "_files", lambda: files)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, limit[1]))
        try:
            assert names() == []
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    assert names() == ["A"]


@pytest.mark.faults
def test_halves_of_results_go_after_an_hour():
    unclaimed.keep(PICTURE, "A", "")
    (found,) = unclaimed.results()
    old, new = (found.path.with_name(f"{name}.result.77") for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"half")
    an_hour_ago = unclaimed.time.time() - resultfiles.HOUR - 1
    os.utime(old, (an_hour_ago, an_hour_ago))
    assert names() == ["A"]
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.faults
def test_two_processes_keep_at_once():
    code = (
        "from scumble import unclaimed; from scumble.pixels import Extent, Pixels\n"
        "unclaimed.MAX_KEPT = 20_000; p = Pixels(Extent(0, 0, 30, 30), 'rgba8', bytes(3600))\n"
        "for n in range(200): unclaimed.keep(p, str(n), '')"
    )
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [each.wait(300) for each in both] == [0, 0]
    assert unclaimed.results()


@pytest.mark.faults
@given(damaged(GOOD))
@settings(
    deadline=None, max_examples=100, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_whatever_a_file_holds_is_a_result_or_none(home, text):
    folder = unclaimed._folder()
    (folder / "x.result").write_bytes(text + b"\n" + bytes(80))
    for each in unclaimed.results():
        with contextlib.suppress(PictureError):
            each.pixels()
