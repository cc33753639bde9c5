"""Two computers, of which one paints for the other: what is said on either, and a guest."""

import re
import subprocess
import sys
import time
from pathlib import Path

from tests.backend.server.network import ADDRESS, ASKS, PAINTS, Network

PATIENCE = 300.0  # s: the machine may be busy
SCUMBLE = (sys.executable, "-m", "scumble_backend")
GUEST = Path(__file__).with_name("guest.py")
BROKEN = 2000  # ms until a link counts as broken
ANOTHER_VERSION = """
import sys
from scumble import connection, protocol
from scumble_backend.server import listening, server, serving
protocol.VERSION = (9, 0)
announce = server.Server.announce
def told(self):
    announce(self)
    print("listening", flush=True)
server.Server.announce = told
serving.serve(listen=listening.place(sys.argv[1]))
"""


class Studio(Network):
    """A network with a server in it."""

    def start_server(self) -> None:
        self.server = self.start(PAINTS, *SCUMBLE, "serve", "--listen", ADDRESS[PAINTS])
        wait(lambda: here(self, "status").returncode == 0)

    def start_with(self, code: str, files: int = 0) -> Path:
        """A server of a process that runs this first; its log. files: how many it may open."""
        self.homes[PAINTS].mkdir(exist_ok=True)
        log = self.homes[PAINTS] / "studio.log"
        serve = (
            f"{code}\nimport sys\nfrom scumble_backend.server import listening, serving\n"
            "serving.serve(listen=listening.place(sys.argv[1]))"
        )
        limit = f"ulimit -n {files}; " if files else ""
        inside = f'{limit}exec "$0" -c "$1" "$2" 2> "$3"'
        self.server = self.start(
            PAINTS, "sh", "-c", inside, sys.executable, serve, ADDRESS[PAINTS], log
        )
        wait(lambda: here(self, "status").returncode == 0)
        return log

    def start_another_version(self) -> None:
        self.server = self.start(PAINTS, sys.executable, "-c", ANOTHER_VERSION, ADDRESS[PAINTS])
        wait(lambda: "listening" in (self.server.stdout.readline() if self.server.stdout else ""))

    def end_server(self) -> None:
        self.server.kill()
        self.server.wait(20)


def here(network: Network, *words: str) -> subprocess.CompletedProcess:
    """A command on the computer that paints."""
    return network.run(PAINTS, *SCUMBLE, *words)


def there(network: Network, *words: str, text: str = "") -> subprocess.CompletedProcess:
    """A command on the artist's."""
    return network.run(ASKS, *SCUMBLE, *words, text=text)


def wait(until) -> None:
    limit = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.1)


def jobs(network: Network) -> int:
    """Of all users, as the owner of the computer that paints sees them."""
    found = re.search(r"with (\d+) job", here(network, "status").stdout)
    return int(found[1]) if found else -1


class Guest:
    """guest.py, which is told and heard here."""

    def __init__(self, network: Network, where: str = ASKS, *options: object):
        self.process = network.start(where, sys.executable, GUEST, BROKEN, *options)
        self.said = ""

    def tell(self, *words: object) -> None:
        assert self.process.stdin
        print(*words, file=self.process.stdin, flush=True)

    def hear(self, *events: str) -> str:
        """The rest of the first line that begins with one of these."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            event, _, rest = line.strip().partition(" ")
            if event in events:
                return rest
        raise AssertionError(f"{events} never came: {self.said}")

    def hear_stage(self, word: str) -> str:
        """The first stage in which a word stands."""
        while word not in (stage := self.hear("progress")):
            pass
        return stage

    def quit(self) -> None:
        self.said += self.process.communicate("quit\n", timeout=PATIENCE)[0]
