"""The server's life: who starts it, when it leaves, what its end leaves behind."""

import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import zmq
from tests.sentences import says

from scumble import connection, environment, launcher, logs
from scumble.client import greet
from scumble.courier import CourierWire
from scumble.errors import LostError
from scumble.protocol import Done
from scumble_backend.cli.commands import main
from scumble_backend.server import server


def test_a_second_start_finds_the_first_and_leaves(client):
    first = connection.read()
    second = subprocess.run(
        [sys.executable, "-m", "scumble_backend", "serve"], timeout=30, capture_output=True
    )
    assert second.returncode == 0
    assert connection.read() == first
    assert greet(first, 5)


def test_a_stale_connection_file_is_no_hindrance(client):
    stale = connection.read()
    process = psutil.Process(stale.pid)
    process.kill()
    process.wait(10)
    with launcher.find_or_start() as found:
        assert found.status(5).pid == connection.read().pid != stale.pid


@pytest.mark.parametrize(
    "damage", [{"address": "tcp://127.0.0.1:99999"}, {"server_key": "~" * 40}], ids=["port", "key"]
)
def test_nor_is_one_that_leads_nowhere(scumble_home, damage):
    """zmq refuses what looks like an address and keys, and is none."""
    with launcher.find_or_start() as first:
        first.shutdown()
        sound = connection.read()
        psutil.Process(sound.pid).wait(20)
    connection.write(dataclasses.replace(sound, **damage))
    with launcher.find_or_start() as found:
        assert found.status(5).pid == connection.read().pid != sound.pid


def _elsewhere(**change):
    """A connection file that is well-formed, and leads somewhere else."""
    return lambda path: connection.write(dataclasses.replace(connection.read(), **change))


@pytest.mark.faults
@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_text("{"),
        _elsewhere(address="tcp://127.0.0.1:1"),
        _elsewhere(server_key=zmq.curve_keypair()[0].decode()),
        _elsewhere(pid=1, version="0"),
    ],
    ids=["lost", "garbled", "dead port", "wrong key", "another's"],
)
def test_a_backend_whose_file_leads_nowhere_is_found_again(scumble_home, damage):
    with launcher.find_or_start():
        first = connection.read()
    damage(connection.connection_file())
    assert connection.read() != first
    time.sleep(server.LOOK)
    with launcher.find_or_start() as found:
        assert found.status(5).pid == first.pid
        assert connection.read() == first


def test_a_backend_whose_folder_is_gone_leaves_it_gone(scumble_home, monkeypatch):
    monkeypatch.setattr(server, "LOOK", 0.0)
    one = server.Server(idle=3.0)
    try:
        one.announce()
        shutil.rmtree(scumble_home)
        one._look_after_files()
        assert not scumble_home.exists()
    finally:
        one.leave()
        one.run()


def test_it_leaves_when_idle_and_takes_its_file_along(scumble_home):
    process = _serve("serve(idle=2.0)")
    assert process.wait(30) == 0
    assert connection.read() is None


def test_the_child_ends_when_idle_and_a_new_one_serves(scumble_home, ask, replies):
    process = _serve("serve(child_idle=1.0)")
    with launcher.find_or_start() as client:
        assert isinstance(replies(client, ask(client))[-1], Done)
        until = time.monotonic() + 30
        while client.status(5).stage != "resting" and time.monotonic() < until:
            time.sleep(0.1)
        assert not psutil.Process(process.pid).children()
        assert isinstance(replies(client, ask(client))[-1], Done)


def _serve(call: str) -> subprocess.Popen:
    code = f"from scumble_backend.server.serving import serve; {call}"
    return subprocess.Popen([sys.executable, "-c", code])


def test_it_leaves_when_asked(client):
    process = psutil.Process(connection.read().pid)
    client.shutdown()
    process.wait(20)
    assert connection.read() is None


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_of_a_backend_that_is_mute_process_and_cure_are_named(scumble_home, monkeypatch, capsys):
    monkeypatch.setattr(launcher, "PATIENCE", 5.0)
    with launcher.find_or_start() as client:
        process = psutil.Process(client.status(20).pid)
    process.suspend()
    try:
        cure = f"end process {process.pid}, and try again."
        for command in ("status", "stop"):
            assert main([command]) == 1
            assert cure in capsys.readouterr().err
        mute = says("The painting process runs, but does not answer: end …, and try again.")
        with pytest.raises(launcher.StartError, match=mute):
            launcher.find_or_start()
    finally:
        process.resume()
    assert main(["status"]) == 0


@pytest.mark.faults
def test_a_log_that_cannot_be_written_gets_a_sentence(scumble_home):
    """As in a folder on a disk that is mounted to be read only."""
    (connection.state_folder() / logs.SERVER).mkdir()
    with pytest.raises(launcher.StartError, match="make its folder writable"):
        launcher.find_or_start()


@pytest.mark.faults
def test_the_log_stays_short_while_the_server_runs(scumble_home):
    with launcher.find_or_start():
        log = connection.state_folder() / logs.SERVER
        with open(log, "ab") as file:
            file.write(b"x" * (logs.SIZE + 1))
        until = time.monotonic() + 20
        while log.stat().st_size > logs.SIZE and time.monotonic() < until:
            time.sleep(0.1)
        assert log.stat().st_size < 10_000
        assert log.with_suffix(".old.log").stat().st_size > logs.SIZE
        damaged = connection.connection_file()
        damaged.unlink()  # of which the server says something
        while not (found := log.read_text()) and time.monotonic() < until:
            time.sleep(0.1)
        assert found.endswith(f"listening on {connection.read().address}\n")
        assert "\0" not in found


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_it_leaves_on_a_signal(client):
    process = psutil.Process(connection.read().pid)
    os.kill(process.pid, signal.SIGTERM)
    process.wait(20)
    assert connection.read() is None


def test_a_launch_that_fails_ends_with_the_log(scumble_home, tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no engine in here >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("SCUMBLE_PYTHON", str(broken))
    with pytest.raises(
        launcher.StartError, match=says("The painting process did not start. …no engine in here")
    ):
        launcher.find_or_start()


@pytest.mark.faults
def test_a_launch_that_fails_on_a_full_disk_says_so(scumble_home, monkeypatch):
    """What the backend has to say of it finds no room in its log."""
    monkeypatch.setenv("SCUMBLE_PYTHON", shutil.which("false") or "")
    monkeypatch.setattr(launcher.shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))
    with pytest.raises(launcher.StartError, match=r"is full\. Make room"):
        launcher.find_or_start()


def test_a_python_that_is_no_program_gets_a_sentence(scumble_home, tmp_path, monkeypatch):
    """Of the launcher's, and of who would send a courier."""
    (tmp_path / "python").touch(0o644)
    monkeypatch.setenv("SCUMBLE_PYTHON", str(tmp_path / "python"))
    not_started = says("The painting process cannot be started (…): run install.py")
    with pytest.raises(launcher.StartError, match=not_started):
        launcher.find_or_start()
    nowhere = connection.Connection("tcp://127.0.0.1:1", "", "", "", 1, 1.0, "0")
    no_courier = says("The painting process cannot be talked to (…): …")
    with pytest.raises(LostError, match=no_courier):
        CourierWire(nowhere)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import time; pipe.write_frames(sys.stdout.buffer, [b'{}']); time.sleep(60)",
         says("The painting process made no sense any more, and was ended: paint again.")),
        ("sys.exit(3)", says("The painting process ended unexpectedly (code …): start again")),
    ],
    ids=["confused", "crashed"],
)  # fmt: skip
def test_a_child_that_is_none_is_ended_and_that_is_said(
    scumble_home, tmp_path, ask, replies, code, sentence
):
    """Another program stands in place of the child's."""
    program = tmp_path / "child"
    program.write_text(f"#!{sys.executable}\nimport sys\nfrom scumble import pipe\n{code}\n")
    _serve_with_child(program)
    with launcher.find_or_start() as client:
        assert re.search(sentence, replies(client, ask(client))[-1].message)


def _serve_with_child(program: Path) -> None:
    """A server whose child this program is, once it can be found."""
    program.chmod(0o755)
    own = f"child.sys.executable = {str(program)!r}"
    _serve(f"from scumble_backend.server import child; {own}; serve()")
    until = time.monotonic() + 30
    while connection.read() is None and time.monotonic() < until:
        time.sleep(0.1)


DAMAGED = says("Files that Scumble was set up with are damaged: press Repair in the dialog, or")


@pytest.fixture
def noted(scumble_home):
    """noted() -> whether the dialog will offer Repair."""
    connection.state_folder()
    (scumble_home / "install.json").write_text("{}")
    return lambda: environment.is_damaged(scumble_home)


@pytest.mark.faults
def test_an_engine_that_cannot_be_imported_is_to_be_repaired(
    scumble_home, tmp_path, ask, replies, noted
):
    program = tmp_path / "child"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.modules['torch'] = None\n"
        "from scumble_backend.compute import wake\nwake.main()\n"
    )
    _serve_with_child(program)
    assert not noted()
    with launcher.find_or_start() as client:
        assert re.search(DAMAGED, replies(client, ask(client))[-1].message)
    assert noted()


@pytest.mark.faults
def test_a_backend_that_cannot_be_imported_is_to_be_repaired(
    scumble_home, tmp_path, monkeypatch, noted
):
    (tmp_path / "zmq.py").write_bytes(b"import o\0")  # cut short, and filled up with nothing
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("SCUMBLE_PYTHON", str(program))
    with pytest.raises(launcher.StartError, match=DAMAGED):
        launcher.find_or_start()
    assert noted()


def test_a_missing_environment_gets_a_sentence(scumble_home, monkeypatch):
    monkeypatch.setenv("SCUMBLE_PYTHON", str(scumble_home / "nowhere"))
    with pytest.raises(launcher.StartError, match=r"run install\.py"):
        launcher.find_or_start()
