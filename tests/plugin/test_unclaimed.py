import os

import pytest

from scumble import unclaimed
from scumble.errors import PictureError
from scumble.pixels import Extent, Pixels

PICTURE = Pixels(Extent(-3, 4, 5, 2), "rgba16", bytes(range(80)))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCUMBLE_HOME", str(tmp_path))


def names() -> list[str]:
    return [each.name for each in unclaimed.results()]


def test_a_result_is_there_again_until_it_is_forgotten():
    unclaimed.keep(PICTURE, "Style: Größe", "a\nb.kra")
    (found,) = unclaimed.results()
    assert (found.name, found.document) == ("Style: Größe", "a\nb.kra")
    assert found.pixels() == PICTURE
    if os.name == "posix":
        assert found.path.stat().st_mode & 0o077 == 0, "only the user may look at it"
    found.forget()
    assert unclaimed.results() == []
    with pytest.raises(PictureError, match="paint it again"):
        found.pixels()


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
