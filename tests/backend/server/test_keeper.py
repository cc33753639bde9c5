import contextlib

import pytest

from scumble import resultfiles, unclaimed
from scumble.pixels import Extent, Pixels
from scumble.unclaimed import Result
from scumble_backend.server import keeper as keeper_module
from scumble_backend.server.keeper import Keeper

PICTURE = Pixels(Extent(0, 0, 2, 2), "rgba8", bytes(16))
MASK = Pixels(Extent(0, 0, 2, 2), "grey8", bytes(4))
ANN, BOB = b"ann", b"bob"


@pytest.fixture
def keeper(scumble_home):
    return Keeper()


@contextlib.contextmanager
def full_disk(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(resultfiles, "write_private", full)
        yield


def kept() -> list[str]:
    return sorted(each.name for each in unclaimed.results())


def test_what_is_taken_is_kept_nowhere(keeper):
    keeper.hold(ANN, "1", Result(PICTURE, "A", "a.kra"))
    keeper.taken(ANN, "1")
    keeper.release(ANN)
    keeper.close()
    assert kept() == []


def test_a_client_that_goes_leaves_what_it_has_not_taken(keeper):
    keeper.hold(ANN, "1", Result(PICTURE, "A", "a.kra"))
    keeper.hold(BOB, "1", Result(PICTURE, "B", "b.kra"))
    assert keeper.clients() == {ANN, BOB}
    keeper.release(ANN)
    assert kept() == ["A"]
    assert keeper.clients() == {BOB}


def test_a_client_that_was_only_silent_may_still_take_it(keeper):
    keeper.hold(ANN, "1", Result(PICTURE, "A", "a.kra"))
    keeper.release(ANN)
    assert kept() == ["A"]
    keeper.taken(ANN, "1")
    assert kept() == []


def test_nobody_takes_what_is_anothers(keeper):
    keeper.hold(ANN, "1", Result(PICTURE, "A", "a.kra"))
    keeper.taken(BOB, "1")
    keeper.close()
    assert kept() == ["A"]


def test_what_nobody_takes_fills_no_memory(keeper, monkeypatch):
    monkeypatch.setattr(keeper_module, "MAX_BYTES", 3 * 16)
    for number in range(5):
        keeper.hold(ANN, str(number), Result(PICTURE, str(number), ""))
    assert kept() == ["0", "1"]
    keeper.close()
    assert kept() == ["0", "1", "2", "3", "4"]


def test_masks_count_too(keeper, monkeypatch):
    monkeypatch.setattr(keeper_module, "MAX_BYTES", 2 * 16)
    for number in range(2):
        keeper.hold(ANN, str(number), Result(PICTURE, str(number), "", MASK))
    assert kept() == ["0"]


@pytest.mark.faults
def test_what_finds_no_room_waits_for_it(keeper, monkeypatch):
    with full_disk(monkeypatch):
        keeper.hold(ANN, "1", Result(PICTURE, "A", "a.kra"))
        keeper.release(ANN)
        assert keeper.waits
    keeper._again.seconds = 0.0
    keeper.try_again()
    assert kept() == ["A"]
    assert not keeper.waits


@pytest.mark.faults
@pytest.mark.parametrize("written", [False, True])
def test_what_waited_for_room_and_is_taken_is_offered_to_nobody(keeper, monkeypatch, written):
    with full_disk(monkeypatch):
        keeper.hold(ANN, "1", Result(PICTURE, "A", "a.kra"))
        keeper.release(ANN)
        if not written:
            keeper.taken(ANN, "1")
    keeper._again.seconds = 0.0
    keeper.try_again()
    assert kept() == (["A"] if written else [])
    keeper.taken(ANN, "1")
    assert kept() == []
