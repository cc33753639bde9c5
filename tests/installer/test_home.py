"""Scumble's folder lies where the plug-in looks for it, and what runs in it is let finish."""

import json
import sys
import time

import pytest

from installer.environment import venv_python
from installer.hands import Hands
from installer.home import (
    TURN,
    backend_jobs,
    backend_listens,
    home,
    let_backend_finish,
    stop_backend,
)
from scumble import connection, launcher
from scumble.pixels import Extent, Pixels
from scumble.protocol import Progress, Style


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("chosen", ["", "somewhere"])
def test_home_is_where_the_plugin_looks(monkeypatch, platform, chosen):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    monkeypatch.setenv("SCUMBLE_HOME", chosen)
    assert home() == connection.home()


@pytest.fixture
def running(tmp_path, monkeypatch):
    """A home with a real backend in it, as an installed one: its environment is ours."""
    home = tmp_path / "home"
    python = venv_python(home / "venv-1")
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (home / "install.json").write_text(json.dumps({"environment": {"folder": "venv-1"}}))
    monkeypatch.setenv("SCUMBLE_HOME", str(home))
    monkeypatch.setenv("SCUMBLE_PYTHON", sys.executable)
    monkeypatch.setenv("SCUMBLE_THREADS", "1")
    with launcher.find_or_start() as client:
        yield home, client
    stop_backend(home, Hands(False))


def test_a_running_backend_finishes_its_job_before_it_is_asked_to_go(running, monkeypatch):
    home, client = running
    waits = []

    class Impatient(Hands):
        def wait(self, seconds):
            waits.append(seconds)
            if waits.count(TURN) == 2:
                client.cancel(job)
            super().wait(seconds)

    assert backend_jobs(home) == 0
    let_backend_finish(home, Impatient(False))
    assert waits == []
    pixels = Pixels(Extent(0, 0, 32, 32), "rgba8", bytes(range(256)) * 16)  # 32 x 32 x 4
    job = client.submit(pixels, [(Style("Ink", pixels.digest()), pixels)], {"steps": 5000})
    until = time.monotonic() + 60
    while not any(isinstance(each, Progress) for each in client.poll(0.1)):
        assert time.monotonic() < until
    assert backend_jobs(home) == 1
    let_backend_finish(home, Impatient(False))
    assert waits.count(TURN) >= 2
    stop_backend(home, Hands(False))
    assert not backend_listens(home)
