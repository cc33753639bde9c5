"""`scumble doctor`, as a process of its own, with a real backend."""

import subprocess
import sys

import pytest
from tests.sentences import says

from scumble import connection, launcher
from scumble.errors import JobError
from scumble_backend.cli import doctor


def ask() -> tuple[int, list[str]]:
    command = [sys.executable, "-m", "scumble_backend", "doctor"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout.splitlines()


@pytest.mark.slow
def test_a_sound_backend_paints_and_is_well(scumble_home):
    code, lines = ask()
    assert code == 0, lines
    assert all(line.startswith("ok ") for line in lines)
    for words in ("Only you can read", "are free", "It paints on", "It paints: a small picture"):
        assert any(words in line for line in lines), words


@pytest.mark.faults
def test_a_backend_that_paints_too_slowly_is_told(scumble_home, monkeypatch):
    monkeypatch.setattr(doctor, "PATIENCE", 0.0)
    sentence = says("A small picture was not painted within … s: see server.log.")
    with launcher.find_or_start() as client, pytest.raises(JobError, match=sentence):
        doctor._paint(client)


@pytest.mark.faults
def test_what_is_wrong_is_said_with_its_cure_and_the_exit_code(scumble_home, tmp_path, monkeypatch):
    connection.state_folder()
    keys = scumble_home / "state/keys.json"
    keys.touch(0o644)
    keys.chmod(0o644)
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no engine in here >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("SCUMBLE_PYTHON", str(broken))
    code, lines = ask()
    assert code == 1
    text = "\n".join(lines)
    assert "BAD  Other users can open" in text
    assert "BAD  The painting process did not start." in text
    assert "no engine in here" in text
