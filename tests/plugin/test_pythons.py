"""Which Python is taken, and that uv fetches one where none serves."""

import functools
import http.server
import io
import json
import os
import platform
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from installer.archive import about
from scumble import pythons, uv
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


def python_archive() -> bytes:
    """This Python as those that uv fetches are packed: it runs wherever it is unpacked."""
    base, version = Path(sys.base_prefix), f"python3.{sys.version_info[1]}"
    result = io.BytesIO()
    away = ("__pycache__", "test", "site-packages", "idlelib", "tkinter", "lib2to3")
    with tarfile.open(fileobj=result, mode="w:gz", compresslevel=1) as archive:
        program = os.path.realpath(base / "bin" / version)
        for name in (version, "python3"):
            archive.add(program, f"python/bin/{name}")
        for each in (base / "lib").glob("libpython3*"):
            archive.add(each, f"python/lib/{each.name}")
        for path in (base / "lib" / version).rglob("*"):
            parts = path.relative_to(base / "lib").parts
            if path.is_file() and not any(e in away or e.startswith("config-") for e in parts):
                archive.add(path, f"python/lib/{'/'.join(parts)}")
    return result.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the archive is made of a Linux's Python")
def test_uv_really_fetches_a_python_and_the_project_runs_with_it(no_python, tmp_path, monkeypatch):
    """uv from the real index; the Python from a mirror on loopback, since its home is not to be
    had everywhere."""
    version = ".".join(map(str, sys.version_info[:2]))
    monkeypatch.setattr(pythons, "VERSIONS", (version,))
    noted = tmp_path / "project.json"
    noted.write_text(about())
    monkeypatch.setattr(uv, "NOTED", noted)
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "python.tar.gz").write_bytes(python_archive())
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        listed = downloads(f"http://127.0.0.1:{server.server_port}/python.tar.gz")
        (folder / "downloads.json").write_text(json.dumps(listed))
        monkeypatch.setenv("UV_PYTHON_DOWNLOADS_JSON_URL", str(folder / "downloads.json"))
        monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
        command, environment = pythons.command(tmp_path / "home", lambda *_: None)
        code = "import sys, venv, ensurepip; print(sys.prefix)"
        done = subprocess.run(
            [*command, "-c", code], env=environment, capture_output=True, text=True, cwd=tmp_path
        )
        server.shutdown()
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).parent == tmp_path / "home/python"
    found = pythons.command(tmp_path / "home", lambda *_: None)[0]  # now without uv
    assert Path(found[0]).is_relative_to(tmp_path / "home/python")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


def downloads(url: str) -> dict:
    """The list of Pythons that uv reads, with one in it."""
    arch, (major, minor, patch) = platform.machine(), sys.version_info[:3]
    about = {
        "name": "cpython", "arch": {"family": arch, "variant": None}, "os": "linux",
        "libc": "gnu", "major": major, "minor": minor, "patch": patch, "prerelease": "",
        "url": url, "sha256": None, "variant": None, "build": "20250101",
    }  # fmt: skip
    return {f"cpython-{major}.{minor}.{patch}-linux-{arch}-gnu": about}
