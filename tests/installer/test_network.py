"""A network that is cut half-way: setting up fails with a sentence, and then goes on."""

import contextlib
import json
import os
import shutil
import socket
import socketserver
import subprocess
import sys
import threading

import pytest
from tests.installer.conftest import SCRIPT

from installer.record import current
from scumble.needs import REPORT

CUT = 900_000_000  # bytes, about a third of all
BLOCK = 1 << 20


class Proxy(socketserver.ThreadingTCPServer):
    """What `https_proxy` names. passed: bytes that came through it. most: it is cut after those."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.passed, self.most = 0, float("inf")
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Tunnel(socketserver.StreamRequestHandler):
    def handle(self):
        proxy = self.server
        assert isinstance(proxy, Proxy)
        line = self.rfile.readline().decode()
        while self.rfile.readline().strip():
            pass
        if not line.startswith("CONNECT ") or proxy.passed > proxy.most:
            return
        host, _, port = line.split()[1].rpartition(":")
        try:
            far = socket.create_connection((host, int(port)), timeout=20)
        except OSError:
            return
        with far, contextlib.suppress(OSError):
            self.connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=self._up, args=(far,), daemon=True).start()
            while (data := far.recv(BLOCK)) and proxy.passed <= proxy.most:
                proxy.passed += len(data)
                self.connection.sendall(data)
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _up(self, far):
        with contextlib.suppress(OSError):
            while data := self.connection.recv(BLOCK):
                far.sendall(data)


@pytest.fixture
def room(tmp_path):
    """A folder that is not kept for later, since it takes 12 GB."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.mark.slow
@pytest.mark.faults
def test_a_set_up_whose_network_is_cut_goes_on_without_fetching_all_again(room):
    home = room / "home"
    (home / "state").mkdir(parents=True)
    report = home / "state" / REPORT
    with Proxy() as proxy:
        environment = {
            **os.environ, "SCUMBLE_HOME": str(home), "UV_CACHE_DIR": str(room / "cache"),
            "https_proxy": proxy.url, "HTTPS_PROXY": proxy.url, "no_proxy": "127.0.0.1",
            "PIP_NO_CACHE_DIR": "1", "UV_HTTP_RETRIES": "1",
        }  # fmt: skip

        def set_up() -> dict:
            command = [sys.executable, SCRIPT, "--report", report]
            subprocess.run(command, env=environment, timeout=500, capture_output=True)
            return json.loads(report.read_text().splitlines()[-1])

        proxy.most = CUT
        ended = set_up()
        assert ended["end"] == "failed", ended
        assert "see that this computer is online, then try again" in ended["message"]
        assert not current(home).exists()
        first, proxy.passed, proxy.most = proxy.passed, 0, float("inf")
        assert set_up()["end"] == "done", (home / "install.log").read_text()[-2000:]
        whole = max(json.loads(line).get("total", 0) for line in report.read_text().splitlines())
        proxy.shutdown()
    assert first > CUT
    assert current(home).exists()
    assert proxy.passed < whole, "what had come was not fetched again"
