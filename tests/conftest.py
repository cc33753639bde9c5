"""What the tests share: the folder beside the project, a home of their own, a running backend."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """../shared (SCUMBLE_SHARED overrides): networks and pictures for tests only."""
    folder = Path(os.environ.get("SCUMBLE_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        cure = f"no {folder}: set SCUMBLE_SHARED to the folder with weights/ and pictures/"
        if os.environ.get("SCUMBLE_STRICT") == "1":
            pytest.fail(cure)
        pytest.skip(cure)
    return folder


@pytest.fixture
def scumble_home(tmp_path, monkeypatch):
    """An empty SCUMBLE_HOME whose backend, if one is started, is stopped afterwards."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SCUMBLE_HOME", str(folder))
    monkeypatch.setenv("SCUMBLE_PYTHON", sys.executable)
    monkeypatch.setenv("SCUMBLE_THREADS", "2")  # tests share the machine
    yield folder
    stop_backend(folder)


@pytest.fixture
def interruptible():
    """Processes that a test starts hear SIGINT, also where pytest was started in the background of
    a shell, which has it ignored by all that come after."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def stop_backend(folder: Path) -> None:
    if (folder / "state" / "connection.json").exists():
        stop = [sys.executable, "-m", "scumble_backend", "stop"]
        home = os.environ | {"SCUMBLE_HOME": str(folder)}
        subprocess.run(stop, check=False, timeout=30, capture_output=True, env=home)
