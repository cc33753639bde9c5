import os

import pytest

from scumble import history, resultfiles
from scumble.errors import PictureError
from scumble.pixels import Extent, Pixels
from scumble.resultfiles import Result

FLOWERS, HILLS = "0" * 32, "1" * 32  # documents
PICTURE = Pixels(Extent(-3, 4, 5, 2), "rgba16", bytes(range(80)))
MASK = Pixels(PICTURE.extent, "grey8", bytes(range(10)))
ASKED = {"styles": [{"file": "~/ink.png"}]}


@pytest.fixture(autouse=True)
def home(scumble_home):
    return scumble_home


def keep(name: str, document: str = FLOWERS, mask: Pixels | None = None) -> None:
    history.keep(document, Result(PICTURE, name, "a.kra", mask), 2.5, ASKED)


def names(document: str = FLOWERS) -> list[str]:
    return [each.name for each in history.entries(document)]


def only(document: str = FLOWERS) -> history.Entry:
    (found,) = history.entries(document)
    return found


@pytest.mark.parametrize("mask", [None, MASK])
def test_what_was_painted_is_there_without_loss_and_how_it_was_painted(mask):
    keep("Style: Größe", mask=mask)
    found = only()
    assert (found.pixels(), found.mask(), found.small()) == (PICTURE, mask, PICTURE.small(96))
    assert (found.name, found.document, found.took) == ("Style: Größe", "a.kra", 2.5)
    assert found.asked == ASKED
    if os.name == "posix":
        assert found.path.stat().st_mode & 0o077 == 0, "only the user may look at it"


def test_each_document_has_its_own_the_newest_first():
    for name, document in (("A", FLOWERS), ("B", HILLS), ("C", FLOWERS)):
        keep(name, document)
    assert (names(FLOWERS), names(HILLS)) == (["C", "A"], ["B"])


@pytest.mark.parametrize("identity", ["", "..", "../unclaimed", "*", "0" * 31])
def test_what_is_no_identity_names_no_folder(identity):
    keep("A")
    assert names(identity) == []


def test_a_star_stays_until_it_is_taken():
    keep("A")
    only().star(True)
    assert only().starred
    only().star(False)
    assert not only().starred
    only().forget()
    assert names() == []


def test_the_oldest_make_room_those_with_a_star_last_and_the_newest_stays(monkeypatch):
    for place, name in enumerate("ABC"):
        keep(name)
        newest = history.entries(FLOWERS)[0].path
        os.utime(newest, (1000 + place, 1000 + place))
    next(each for each in history.entries(FLOWERS) if each.name == "A").star(True)
    monkeypatch.setattr(history, "MOST", history.size() + 64)  # the times are not of one length
    keep("D", HILLS)
    assert names() == ["C", "A"], "B, the oldest without a star, made room"
    monkeypatch.setattr(history, "MOST", 1)
    keep("E", HILLS)
    assert (names(), names(HILLS)) == ([], ["E"])
    assert history.size() == only(HILLS).size


def test_a_folder_without_results_goes(monkeypatch):
    keep("A")
    folder = only().path.parent
    monkeypatch.setattr(history, "MOST", 1)
    keep("B", HILLS)
    assert not folder.exists()


def test_what_is_no_result_is_left_out_and_deleted():
    keep("A")
    folder = only().path.parent
    bad = b'{"name": "A", "document": "", "when": 1.0, "extent": [0, 0, 1, 1], '
    for data in (b"rubbish", bad + b'"format": "no"}\n', bad + b'"format": "rgba8", "small": 3}\n'):
        (folder / "x.result").write_bytes(data)
        assert names() == ["A"]
        assert not (folder / "x.result").exists()


def test_a_damaged_one_gets_a_sentence():
    keep("A")
    found = only()
    found.path.write_bytes(found.path.read_bytes()[: -found.size // 2])
    with pytest.raises(PictureError, match="damaged"):
        found.small()


@pytest.mark.faults
def test_a_full_disk_gets_a_sentence_and_loses_nothing_else(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    keep("A")
    with monkeypatch.context() as patched:
        patched.setattr(resultfiles, "write_private", full)
        with pytest.raises(PictureError, match="not in its history"):
            keep("B")
    assert names() == ["A"]
