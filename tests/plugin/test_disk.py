"""What lies in Scumble's folder, and what of it goes where room is made."""

import json
import os
import subprocess
import sys
import time

import pytest
from tests.sentences import says

from scumble import connection, disk, environment, needs, unclaimed
from scumble.errors import StartError
from scumble.lock import lock
from scumble.pixels import Extent, Pixels

BLOCK = bytes(2_000_000)
PICTURE = Pixels(Extent(0, 0, 2, 2), "rgba8", bytes(16))


@pytest.fixture
def folder(scumble_home, tmp_path, monkeypatch):
    """An upgraded Scumble: venv-2 is in use, and shares a file with venv-1; uv's cache has one of
    its own. Somebody's own folder has a name like ours."""
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    for place in ("home/venv-1", "home/venv-2", "home/venv-3", "home/state", "uv/archive-v0/a"):
        (tmp_path / place).mkdir(parents=True)
    for name in ("venv-1", "venv-2"):
        (scumble_home / name / disk.MARKER).touch()
        (scumble_home / name / "own").write_bytes(BLOCK)
        (scumble_home / name / "lib").mkdir()
    os.link(scumble_home / "venv-2/own", scumble_home / "venv-1/lib/shared")
    os.link(scumble_home / "venv-2/own", tmp_path / "uv/archive-v0/a/shared")
    (tmp_path / "uv/archive-v0/a/wheel").write_bytes(BLOCK)
    (scumble_home / "state/server.old.log").write_bytes(BLOCK)
    (scumble_home / "state/server.log").write_text("at work")
    (scumble_home / "state/presets.json").write_text("{}")
    record = {"environment": {"folder": "venv-2", "version": "0.2.0"}}
    (scumble_home / "install.json").write_text(json.dumps(record))
    python = environment.python_of(scumble_home / "venv-2")
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    unclaimed.keep(PICTURE, "A", "a.kra")
    return scumble_home


def test_what_is_counted_is_what_becomes_free(folder):
    found = disk.look(folder)
    assert found.environments == pytest.approx(len(BLOCK), rel=0.01)
    assert found.logs == len(BLOCK)
    assert found.downloads == pytest.approx(len(BLOCK), rel=0.01), "what is linked is not freed"
    assert found.whole == pytest.approx(3 * len(BLOCK), rel=0.02)


def test_only_what_nobody_needs_is_deleted(folder, tmp_path):
    disk.free(folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "install.json", "state", "venv-2", "venv-3",
    ]  # fmt: skip
    assert (folder / "venv-2/own").read_bytes() == BLOCK
    left = {path.name for path in (folder / "state").iterdir()}
    assert {"server.log", "presets.json", "unclaimed"} <= left
    assert "server.old.log" not in left
    assert [each.name for each in unclaimed.results()] == ["A"], "it was never offered"
    assert disk.look(folder).environments == disk.look(folder).logs == 0


@pytest.mark.skipif(
    subprocess.call([sys.executable, "-m", "uv", "--version"]) != 0, reason="no uv here"
)
def test_downloads_go_by_uv_itself(folder, tmp_path):
    disk.free(folder)
    assert not (tmp_path / "uv/archive-v0/a/wheel").exists()


def test_while_it_is_being_set_up_nothing_is_freed(folder):
    sentence = says("Scumble is being set up just now: free the disk afterwards.")
    held = lock(folder / "state" / needs.LOCK)
    assert held
    with held, pytest.raises(StartError, match=sentence):
        disk.free(folder)
    assert (folder / "venv-1").exists()


@pytest.mark.parametrize("before", [True, False])
def test_what_a_backend_may_run_in_stays(folder, before):
    """One that was started before the upgrade."""
    started = time.time() + (-3600 if before else 3600)
    some = ("tcp://127.0.0.1:1", "a" * 40, "b" * 40, "c" * 40, 1, started, "0.1.0")
    connection.write(connection.Connection(*some))
    assert bool(disk.old_environments(folder)) is not before


def test_where_nothing_is_set_up_nothing_is_freed(folder):
    (folder / "install.json").write_text("{}")
    disk.free(folder)
    assert (folder / "venv-1").exists()
