"""No finished result is lost, whoever is killed, and whatever the document does not take.

Each case is a way to lose one. What holds in one process alone is in test_keeper.py and, of the
files, in test_unclaimed.py.
"""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tests.backend.conftest import PATIENCE

from installer import home
from installer.hands import Hands
from scumble import connection, launcher, unclaimed
from scumble_backend.server.server import PING

pytestmark = pytest.mark.faults

ARTIST = Path(__file__).with_name("artist.py")
STEPS, ENDLESS = 150, 5000  # about a second; minutes: what is then killed cannot have come before


class Artist:
    """Stands still at a moment, and goes on where it is told."""

    def __init__(self, folder: Path, moment: str, manner: str = "well", steps: int = STEPS):
        folder.mkdir()
        self.folder, self.said = folder, ""
        command = [sys.executable, ARTIST, folder, moment, manner, str(steps)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.wait_for(moment)

    def wait_for(self, moment: str) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if line.strip() == moment:
                return
        raise AssertionError(f"never came to {moment}: {self.said}")

    def reach(self, moment: str) -> None:
        """Let it go on, until another moment, at which it does not stand still."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.wait_for(moment)

    def go_on(self) -> None:
        self.said += self.process.communicate("\n", timeout=PATIENCE)[0]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)

    @property
    def has_it(self) -> bool:
        return (self.folder / "inserted").exists()


def kept(count: int = 1) -> list[str]:
    """The documents of what is kept, once there are so many."""
    until = time.monotonic() + PATIENCE
    while len(found := unclaimed.results()) < count and time.monotonic() < until:
        time.sleep(0.2)
    return sorted(each.document for each in found)


def server() -> psutil.Process:
    return psutil.Process(connection.read().pid)


def wait_until_idle(client) -> None:
    until = time.monotonic() + PATIENCE
    while client.status(5).jobs and time.monotonic() < until:
        time.sleep(0.2)


@pytest.fixture(autouse=True)
def nothing_kept(client):
    yield
    with launcher.find_or_start() as found:
        wait_until_idle(found)
    for each in unclaimed.results():
        each.forget()


@pytest.mark.parametrize("manner", ["well", "by courier"])
@pytest.mark.parametrize("moment", ["running", "seen", "come"])
def test_an_editor_that_is_killed_leaves_its_painting(client, tmp_path, moment, manner):
    artist = Artist(tmp_path / "a", moment, manner)
    artist.kill()
    assert kept() == ["a"]
    assert not artist.has_it


def test_an_editor_that_is_killed_right_after_the_layer_is_in_loses_nothing(client, tmp_path):
    artist = Artist(tmp_path / "a", "inserted")
    artist.kill()
    assert artist.has_it
    assert kept() == ["a"]  # better twice than never: nobody knows whether the document was saved


@pytest.mark.parametrize("moment", ["running", "seen"])
def test_an_editor_that_quits_leaves_its_painting_once(client, tmp_path, moment):
    artist = Artist(tmp_path / "a", moment, "quits")
    artist.go_on()
    once = [] if artist.has_it else ["a"]  # it may have come with the last that was heard
    assert kept(len(once)) == once
    wait_until_idle(client)
    assert kept(len(once)) == once


def test_what_is_in_its_document_is_kept_nowhere(client, tmp_path):
    artist = Artist(tmp_path / "a", "come")
    artist.go_on()
    assert artist.has_it
    wait_until_idle(client)
    assert kept(0) == []


@pytest.mark.parametrize(
    "manner", ["locked", "closed", "locked and full", "no memory", "widget gone", "stumbles"]
)
def test_what_the_document_does_not_take_is_kept_once(client, tmp_path, manner):
    artist = Artist(tmp_path / "a", "come", manner)
    artist.go_on()
    assert kept() == ["a"]
    time.sleep(1)
    assert kept() == ["a"]
    assert not artist.has_it


@pytest.mark.parametrize("way", ["kill", "terminate"])
@pytest.mark.parametrize("manner", ["well", "locked", "closed"])
def test_a_server_that_ends_after_the_result_came_takes_nothing_away(client, tmp_path, way, manner):
    artist = Artist(tmp_path / "a", "come", manner)
    process = server()
    getattr(process, way)()
    process.wait(20)
    artist.go_on()
    assert artist.has_it or set(kept()) == {"a"}


def test_a_server_that_leaves_keeps_what_an_editor_that_is_killed_then_had(client, tmp_path):
    artist = Artist(tmp_path / "a", "come")
    process = server()
    process.terminate()
    process.wait(20)
    artist.kill()
    assert kept() == ["a"]


def test_a_child_that_is_killed_after_the_result_came_takes_nothing_away(client, tmp_path, child):
    artist = Artist(tmp_path / "a", "come")
    child().kill()
    artist.go_on()
    assert artist.has_it


def test_a_child_that_is_killed_while_it_paints_is_told(client, tmp_path, child):
    artist = Artist(tmp_path / "a", "seen", steps=ENDLESS)
    for _ in range(2):  # it is painted again, once
        process = child()
        process.kill()
        process.wait(PATIENCE)
    artist.go_on()
    assert "says: The painting process was killed" in artist.said
    assert not artist.has_it
    assert kept(0) == []


def test_two_editors_that_are_killed_both_leave_their_paintings(client, tmp_path):
    first = Artist(tmp_path / "a", "seen", "keeps", ENDLESS)
    second = Artist(tmp_path / "b", "queued")
    first.reach("asked")
    for each in (first, second):
        each.kill()
    assert kept(2) == ["a", "b"]


def test_two_editors_each_get_their_own(client, tmp_path):
    first = Artist(tmp_path / "a", "come")
    Artist(tmp_path / "b", "come").kill()
    first.go_on()
    assert first.has_it
    assert kept() == ["b"]


def test_a_painting_whose_layer_is_gone_lies_on_top(client, tmp_path):
    artist = Artist(tmp_path / "a", "come", "layer gone")
    artist.go_on()
    assert artist.has_it


@pytest.mark.parametrize("moment", ["seen", "come"])
def test_a_courier_that_is_killed_takes_nothing_away(client, tmp_path, moment):
    artist = Artist(tmp_path / "a", moment, "by courier")
    for each in psutil.Process(artist.process.pid).children():
        each.kill()
    artist.go_on()
    if not artist.has_it:  # the result was not in the courier's pipe yet
        assert kept() == ["a"]
        assert "says: The painting process has ended unexpectedly: paint again." in artist.said


@pytest.mark.parametrize("way", ["kill", "terminate"])
def test_a_server_that_ends_while_it_paints_is_told(client, tmp_path, way):
    artist = Artist(tmp_path / "a", "seen", steps=ENDLESS)
    process = server()
    getattr(process, way)()
    process.wait(20)
    artist.go_on()
    assert "says: The painting process has ended unexpectedly: paint again." in artist.said


def test_an_editor_that_is_killed_after_it_asked_to_stop_and_keep_leaves_that(client, tmp_path):
    artist = Artist(tmp_path / "a", "seen", "keeps", ENDLESS)
    artist.reach("asked")
    artist.kill()
    assert kept() == ["a"]


def test_two_editors_whose_server_leaves_lose_nothing(client, tmp_path):
    artists = [Artist(tmp_path / name, "come") for name in "ab"]
    process = server()
    process.terminate()
    process.wait(20)
    for each in artists:
        each.kill()
    assert kept(2) == ["a", "b"]


@pytest.mark.parametrize("killed", [False, True])
def test_an_upgrade_lets_what_is_being_painted_come_to_its_end(
    client, shared_home, tmp_path, killed
):
    """The installer waits for it, and then ends the server."""
    if not (venv := home.current(shared_home)).exists():
        venv.symlink_to(sys.prefix)
    artist = Artist(tmp_path / "a", "seen")
    process = server()
    if killed:
        artist.kill()
    hands = Hands(dry=False)
    home.let_backend_finish(shared_home, hands)
    home.stop_backend(shared_home, hands)
    process.wait(20)
    if not killed:
        artist.go_on()
    assert artist.has_it or kept() == ["a"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_a_full_disk_when_an_editor_is_killed_is_waited_for(client, tmp_path):
    artist = Artist(tmp_path / "a", "come")
    process, limit = server(), psutil.RLIMIT_FSIZE
    before = process.rlimit(limit)
    process.rlimit(limit, (1, before[1]))
    artist.kill()
    time.sleep(3 * PING)
    assert kept(0) == []
    process.rlimit(limit, before)
    assert kept() == ["a"]


@pytest.mark.parametrize("days", [0.5, 3, 20_000])
def test_a_clock_that_is_put_back_takes_nothing_away(client, tmp_path, monkeypatch, days):
    Artist(tmp_path / "a", "come").kill()
    assert kept() == ["a"]
    now = time.time()
    monkeypatch.setattr(unclaimed.time, "time", lambda: now - days * unclaimed.DAY)
    assert kept() == ["a"]


def test_what_is_discarded_by_mistake_can_be_had_back(client, tmp_path):
    Artist(tmp_path / "a", "come").kill()
    assert kept() == ["a"]
    unclaimed.newest("a").discard()
    again = unclaimed.newest("a")
    assert again.discarded
    assert again.pixels().extent == again.extent
