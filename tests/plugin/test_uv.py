"""uv out of its wheel, from an index on loopback."""

import hashlib
import io
import json
import os
import stat
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.sentences import says

from scumble import uv
from scumble.errors import StartError

PROGRAM = b"#!/bin/sh\necho uv 9.9.9\n"
SYSTEMS = [
    ("linux", "x86_64", "manylinux_2_17_x86_64.manylinux2014_x86_64"),
    ("linux", "aarch64", "manylinux_2_28_aarch64"),
    ("darwin", "arm64", "macosx_11_0_arm64"),
    ("darwin", "x86_64", "macosx_10_12_x86_64"),
    ("win32", "AMD64", "win_amd64"),
    ("win32", "ARM64", "win_arm64"),
]


def wheel(name):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr(f"uv-{name}.data/scripts/uvx", b"no")
        archive.writestr(f"uv-{name}.data/scripts/uv", PROGRAM)
    return result.getvalue()


class Index:
    """kind: how it lists. files: name -> bytes. spoil: what it does to a wheel that it sends."""

    def __init__(self):
        self.kind, self.spoil, self.asked = "json", lambda data: data, []
        tags = [tag for *_, tag in SYSTEMS]
        versions = ("0.9.30", "0.10.2", "0.10.1")
        self.files = {f"uv-{v}-py3-none-{tag}.whl": wheel(v) for v in versions for tag in tags}
        self.files["uv-0.11.0rc1-py3-none-any.whl"] = b""
        self.files["uv-0.10.2.tar.gz"] = b""
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                kind, data = index.answer(self.path)
                self.send_response(200 if data else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(index.spoil(data) if kind == "wheel" else data)

            def log_message(self, format, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path):
        self.asked.append(path)
        if path != "/simple/uv/":
            return "wheel", self.files.get(path.rpartition("/")[2], b"")
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}
        if self.kind == "json":
            files = [
                {"filename": name, "url": f"../../files/{name}", "hashes": {"sha256": digest}}
                for name, digest in hashes.items()
            ]
            return uv.JSON, json.dumps({"files": files}).encode()
        links = (f'<a href="/files/{n}#sha256={d}">{n}</a><br/>' for n, d in hashes.items())
        return "text/html", f"<!DOCTYPE html><body>{''.join(links)}</body>".encode()


@pytest.fixture
def index(monkeypatch):
    found = Index()
    for name in uv.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_INDEX_URL", found.url + "/")
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.mark.parametrize("kind", ["json", "html"])
def test_the_newest_uv_of_the_index_is_put_into_scumbles_folder_once(index, tmp_path, kind):
    index.kind, told = kind, []
    program = uv.ensure_uv(tmp_path, lambda *bytes: told.append(bytes))
    assert program.parent == tmp_path / "uv"
    assert "uv-0.10.2-" in index.asked[-1]
    size = len(index.files[index.asked[-1].rpartition("/")[2]])
    assert told[-1] == (size, size)
    assert program.read_bytes() == PROGRAM
    if sys.platform != "win32":
        assert stat.S_IMODE(program.stat().st_mode) == 0o755
        assert subprocess.check_output([program]) == b"uv 9.9.9\n"
    asked = len(index.asked)
    assert uv.ensure_uv(tmp_path, lambda *_: None) == program
    assert len(index.asked) == asked
    assert os.listdir(tmp_path / "uv") == [program.name]


@pytest.mark.parametrize(("system", "machine", "tag"), SYSTEMS)
def test_every_system_gets_its_own(monkeypatch, system, machine, tag):
    monkeypatch.setattr(uv.sys, "platform", system)
    monkeypatch.setattr(uv.platform, "machine", lambda: machine)
    tags = [each for *_, each in SYSTEMS]
    assert [each for each in tags if uv.fits(f"uv-0.10.2-py3-none-{each}.whl")] == [tag]
    assert not uv.fits(f"uv-0.11.0rc1-py3-none-{tag}.whl")


def cut(data):
    return data[: len(data) // 2] + bytes(len(data) - len(data) // 2)


@pytest.mark.faults
@pytest.mark.parametrize("spoil", [cut, lambda data: b"?" + data[1:]])
def test_a_damaged_wheel_is_never_put_there(index, tmp_path, spoil):
    index.spoil = spoil
    with pytest.raises(StartError, match="damaged: try again"):
        uv.ensure_uv(tmp_path, lambda *_: None)
    assert not (tmp_path / "uv").exists()
    index.spoil = lambda data: data
    assert uv.ensure_uv(tmp_path, lambda *_: None).exists()


@pytest.mark.faults
@pytest.mark.parametrize("files", [{}, {"uv-0.10.2-py3-none-win32.whl": b"x"}])
def test_an_index_without_one_for_this_system_is_said(index, tmp_path, files):
    index.files = files
    with pytest.raises(StartError, match="could not fetch what sets it up"):
        uv.ensure_uv(tmp_path, lambda *_: None)


def test_it_asks_the_index_that_the_bundle_names_where_nobody_chose_one(tmp_path, monkeypatch):
    for name in uv.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(uv, "NOTED", tmp_path / "project.json")
    with pytest.raises(
        StartError,
        match=says("Scumble does not know where to fetch what sets it up: name a package"),
    ):
        uv.ensure_uv(tmp_path, lambda *_: None)
    uv.NOTED.write_text('{"index": "https://index.example/simple"}')
    assert uv._index() == "https://index.example/simple"
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert uv._index() == "https://mirror.example/simple"
