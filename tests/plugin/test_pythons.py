"""Which Python is taken, and that uv fetches one where none serves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scumble import pythons
from scumble.errors import StartError


@pytest.fixture
def no_python(tmp_path, monkeypatch):
    """A machine without a Python; a folder of its PATH."""
    monkeypatch.setattr(pythons, "_places", lambda version: [])
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def put(folder, name, text):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_python_of_this_machine_is_found(tmp_path):
    command, environment = pythons.command(tmp_path, lambda *_: None)
    said = subprocess.check_output([*command, "-c", "import sys; print(sys.version_info[:2])"])
    assert (3, 10) <= eval(said) <= (3, 14)
    assert "PYTHONPATH" not in environment


def test_a_python_that_lacks_a_part_or_is_old_is_passed_over(no_python, tmp_path):
    put(no_python, "python3.13", "exit 1")  # as Debian's without python3-venv
    put(no_python, "python3.12", "echo 'command not found' >&2; exit 127")  # as pyenv's
    good = put(no_python, "python3", f'exec {sys.executable} "$@"')
    assert pythons.command(tmp_path, lambda *_: None)[0] == [str(good)]


def test_the_editors_own_and_the_shops_are_no_candidates(no_python, tmp_path, monkeypatch):
    places = [tmp_path / each for each in ("mount/usr/bin", "Microsoft/WindowsApps")]
    for place in places:
        place.mkdir(parents=True)
        put(place, "python3", "exit 0")
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, places)))
    monkeypatch.setenv("APPDIR", str(tmp_path / "mount"))
    assert list(pythons.candidates(tmp_path)) == []


def test_in_a_sandbox_only_uvs_own_serves(no_python, tmp_path, monkeypatch):
    put(no_python, "python3", "exit 0")
    assert list(pythons.candidates(tmp_path)) == [no_python / "python3"]
    monkeypatch.setenv("SNAP", "/snap/krita/1")
    assert list(pythons.candidates(tmp_path)) == []
    own = tmp_path / "python/cpython-3.13/bin/python3"
    own.parent.mkdir(parents=True)
    own.touch()
    assert list(pythons.candidates(tmp_path)) == [own]


def test_without_a_python_uv_runs_one_of_its_own_in_scumbles_folder(
    no_python, tmp_path, monkeypatch
):
    monkeypatch.setattr(pythons, "ensure_uv", lambda home, tell: home / "uv/uv")
    monkeypatch.setenv("UV_PYTHON", "/usr/bin/python3")
    command, environment = pythons.command(tmp_path, lambda *_: None)
    assert command[:2] == [str(tmp_path / "uv/uv"), "run"]
    assert "--managed-python" in command
    assert Path(environment["UV_PYTHON_INSTALL_DIR"]) == tmp_path / "python"
    assert "UV_PYTHON" not in environment


def test_offline_and_without_a_python_there_is_a_sentence(no_python, tmp_path, monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(StartError, match="see that this computer is online"):
        pythons.command(tmp_path, lambda *_: None)
