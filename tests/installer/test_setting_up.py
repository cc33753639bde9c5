"""The whole of it, really: interrupted, repaired, repeated, upgraded, taken away."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.installer.conftest import SCRIPT, tree

from installer.environment import venv_python
from installer.project import copy_sources
from installer.record import current, environments
from installer.setting_up import command


def interrupt_while_fetching_torch(script, home):
    """Ctrl+C, as a terminal sends it: to install.py and to the tool that it runs."""
    process = subprocess.Popen(
        [sys.executable, "-u", script], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "SCUMBLE_HOME": str(home)}, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    for line in process.stdout:
        if line.startswith("- Fetching torch"):
            time.sleep(1)
            os.killpg(process.pid, signal.SIGINT)
            break
    said = process.stdout.read()
    assert process.wait(60) == 130, said
    assert "Start it again" in said


@pytest.mark.slow
def test_installing_for_real(run, tmp_path, interruptible):
    """Interrupted, repaired, repeated, upgraded, used without the download, and taken away."""
    clone, home = tmp_path / "down loads é" / "scumble", tmp_path / "home"
    clone.parent.mkdir()
    copy_sources(clone)
    shutil.copy(SCRIPT, clone)
    before = tree(clone)
    script = clone / "install.py"

    if sys.platform != "win32":
        interrupt_while_fetching_torch(script, home)
    done = run(script=script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Installing Scumble itself" in done.stdout
    assert tree(clone) == before  # no litter where it was downloaded
    assert [each.name for each in environments(home)] == [current(home).name], "no leftovers"

    began = time.monotonic()
    done = run(script=script)
    assert done.stdout == f"Scumble is set up in {home}. Its command is {command(home)}.\n"
    assert time.monotonic() - began < 10

    record = json.loads((home / "install.json").read_text(encoding="utf-8"))
    for name in record["files"]:
        assert Path(name).is_relative_to(current(home))
    (clone / "plugin/scumble/added.py").write_text("ADDED = 1\n")
    next(Path(name) for name in record["files"] if name.endswith("scumble/host.py")).write_text("")
    first = current(home)
    done = run(script=script)
    assert "Installing Scumble itself" in done.stdout
    assert "Fetching" not in done.stdout
    assert environments(home) == [current(home)] != [first]
    assert "stylize" in subprocess.check_output([command(home), "--help"], text=True)

    part = next(current(home).rglob("zmq/__init__.py")).parent
    shutil.rmtree(part)
    done = run(script=script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert next(current(home).rglob("zmq/__init__.py"))

    repairs_what_is_cut_short(run, script, home)

    fails_and_leaves_what_worked(run, clone, home)

    backend = subprocess.Popen(
        [venv_python(current(home)), "-m", "scumble_backend", "serve"],
        env={**os.environ, "SCUMBLE_HOME": str(home)},
    )
    until = time.monotonic() + 30
    while not (home / "state/connection.json").exists() and time.monotonic() < until:
        time.sleep(0.1)
    done = run("--uninstall")
    assert done.returncode == 0, done.stderr
    assert "Stopping the backend" in done.stdout
    backend.wait(10)
    assert not home.exists()


def repairs_what_is_cut_short(run, script, home):
    """Half of that file is enough for an import. It is another file than in uv's cache, of which
    every environment of this computer has links."""
    damaged = next(current(home).rglob("psutil/_psutil*.*"))
    whole = damaged.read_bytes()
    damaged.unlink()
    damaged.write_bytes(whole[: len(whole) // 2])
    done = run(script=script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Fetching again what was damaged (psutil)" in done.stdout
    assert next(current(home).rglob(damaged.name)).read_bytes() == whole


def fails_and_leaves_what_worked(run, clone, home):
    """An upgrade to a Scumble whose backend does not start; used without the download, then."""
    kept, server = current(home), clone / "backend/scumble_backend/server/server.py"
    server.write_text("raise RuntimeError('a bad version')\n")
    done = run(script=clone / "install.py")
    assert done.returncode == 1
    assert "its painting process does not start" in done.stderr
    shutil.rmtree(clone.parent)
    assert current(home) == kept
    code = "import scumble.added, scumble.host, scumble_backend.server.server as s; print(s.IDLE)"
    asks = [venv_python(kept), "-c", code]
    assert subprocess.check_output(asks, cwd=home, text=True).strip() == "900.0"
