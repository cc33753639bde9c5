import errno
import json
import os
import stat
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from tests.sentences import says
from tests.strategies import damaged

from scumble import connection
from scumble.connection import Connection
from scumble.errors import StartError

SOME = Connection("tcp://127.0.0.1:1", "a" * 40, "b" * 40, "c" * 40, os.getpid(), 1.5, "0")

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files private by ACL")


def test_it_reads_what_it_wrote(scumble_home):
    assert connection.read() is None
    connection.write(SOME)
    assert connection.read() == SOME
    connection.remove(SOME.pid + 1)
    assert connection.read() == SOME
    connection.remove(SOME.pid)
    assert connection.read() is None


def test_what_cannot_be_written_leaves_nothing_behind(scumble_home, monkeypatch):
    path = connection.connection_file()

    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(connection.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        connection.write_private(path, bytes(1000))
    assert list(path.parent.iterdir()) == []


@posix
@pytest.mark.security
def test_only_the_user_can_read_it(scumble_home):
    scumble_home.mkdir()
    (scumble_home / "state").mkdir(mode=0o755)
    connection.write(SOME)
    assert stat.S_IMODE(connection.connection_file().stat().st_mode) == 0o600
    assert stat.S_IMODE((scumble_home / "state").stat().st_mode) == 0o700


@posix
@pytest.mark.security
def test_a_file_that_others_can_open_is_refused(scumble_home):
    connection.write(SOME)
    connection.connection_file().chmod(0o644)
    with pytest.raises(
        StartError,
        match=says("Other users can open …, which holds your key: delete it"),
    ):
        connection.read()


@pytest.mark.security
@pytest.mark.parametrize("address", ["tcp://10.0.0.1:5", "ipc:///tmp/x", "tcp://127.0.0.10:5"])
def test_only_this_machine_is_connected_to(scumble_home, address):
    connection.write(Connection(**{**SOME.__dict__, "address": address}))
    assert connection.read() is None


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", '{"address": 5}', "null", "[" * 100_000,
        json.dumps({**SOME.__dict__, "address": "tcp://127.0.0.1:port"}),
        json.dumps({**SOME.__dict__, "server_key": 5}),
        json.dumps({**SOME.__dict__, "client_secret": "short"}),
    ],
)  # fmt: skip
def test_a_broken_file_is_no_file(scumble_home, text):
    connection.write_private(connection.connection_file(), text)
    assert connection.read() is None


@posix
def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SCUMBLE_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(StartError, match="SCUMBLE_HOME"):
        connection.state_folder()


@pytest.mark.faults
@given(damaged(SOME.__dict__))
@settings(
    deadline=None, max_examples=100, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_whatever_the_file_holds_is_a_connection_or_none(scumble_home, text):
    connection.write_private(connection.connection_file(), text)
    found = connection.read()
    assert found is None or connection.ADDRESS.fullmatch(found.address)


def test_a_user_of_windows_is_known_by_number():
    line = '"desk\\\\größe","S-1-5-21-1004336348-1177238915-682003330-512"\r\n'
    assert connection.sid(line) == "S-1-5-21-1004336348-1177238915-682003330-512"
    with pytest.raises(OSError, match="whoami"):
        connection.sid("")
