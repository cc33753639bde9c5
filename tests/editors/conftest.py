"""The machine with real editors, Scumble installed in it as a user does."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import machine
from gimp_artist import LONG, is_open, make, open_dialog, start_endless, wait_until_closed
from session import HOME, SCUMBLE, inside

from installer.hands import MARKER

REPOSITORY = Path(__file__).parents[2]
PICTURES = ("tubingen.jpg", "starry_night.jpg", "the_scream.jpg")
NOT_CLONED = (".git", ".venv", "__pycache__", "*_cache", "build", "*.egg-info")
BACKEND = (sys.executable, "-m", "scumble_backend")
PATIENCE = 1200  # s for another session with the machine, and for the downloads of the first


@pytest.fixture(scope="session")
def alone():
    """The machine, for this session alone, as it was left."""
    if cure := machine.missing():
        if os.environ.get("SCUMBLE_STRICT") == "1":
            pytest.fail(cure)
        pytest.skip(cure)
    with machine.lock(PATIENCE):
        yield machine


@pytest.fixture(scope="session")
def editors(alone):
    """The machine with the clone in it and install.py run."""
    alone.copy_in(REPOSITORY, machine.CLONE, shutil.ignore_patterns(*NOT_CLONED))
    done = alone.run("python3", f"{machine.CLONE}/install.py", timeout=PATIENCE)
    assert done.returncode == 0, done.stdout
    return alone


@pytest.fixture
def without_scumble(alone, tmp_path):
    """The machine with nothing of Scumble's in it but the two files that an artist downloads."""
    command = [sys.executable, REPOSITORY / "install.py", "--bundle", tmp_path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for path in tmp_path.glob("scumble-*.zip"):
        alone.copy_in(path, f"{machine.HOME}/{path.name.rpartition('-')[0]}.zip")
    home = inside(SCUMBLE)
    aside = home.with_name("scumble.aside")
    if home.exists() and not aside.exists():
        home.rename(aside)
    yield alone
    shutil.rmtree(home, ignore_errors=True)
    if aside.exists():
        aside.rename(home)


@pytest.fixture(scope="session")
def pictures_of_the_screen() -> Path:
    """Where screenshots are kept, to be looked at."""
    folder = REPOSITORY / "build/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def krita(running):
    """Krita without a document."""
    krita = running.get()
    krita.call("close_dialogs")
    krita.wait_for("close_all")
    yield krita
    assert krita.has_ended() or krita.call("boxes") == [], "a window blocks Krita"


@pytest.fixture
def two_layers(krita):
    """A small document: a background to repaint, a style above it. Their ids."""
    background = krita.call("new_document", width=96, height=80)
    style = krita.call("add_layer", name="Night wind", seed=3)
    return background, style


@pytest.fixture
def photograph(krita, shared):
    """A photograph and two paintings above it, in a Krita that fills the screen; its id."""
    for name in PICTURES:
        shutil.copy(shared / "pictures" / name, inside(HOME) / name)
    krita.call("looks.maximise")
    return krita.call("looks.open_pictures", paths=[f"{HOME}/{name}" for name in PICTURES])


@pytest.fixture
def gimp(running):
    """GIMP without an image or a dialog."""
    yield running
    if is_open(running):
        if running.dialog()["busy"]:
            running.dialog("press", button="cancel")
            running.wait(lambda: running.dialog("is_idle"), LONG, "an idle dialog")
        running.dialog("press", button="cancel")
        wait_until_closed(running)
    running.call("close_all")
    running.call("forget_results")


@pytest.fixture
def picture(gimp):
    """An image in a window, its layer to repaint, its style."""
    return make(gimp)


@pytest.fixture
def unfinished(gimp, picture):
    """A picture that is painted without end: the image, its layer, and its state before."""
    image, content, _ = picture
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    start_endless(gimp)
    return image, content, before


class Studio:
    """What an editor takes for another computer: a backend of another user's, that listens. The
    machine's network is this one's, so it is reached at an address of loopback."""

    def __init__(self, home: Path):
        self._variables = os.environ | {
            "SCUMBLE_HOME": str(home), "SCUMBLE_PYTHON": sys.executable, "SCUMBLE_THREADS": "2",
        }  # fmt: skip
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._address = f"127.0.0.1:{free.getsockname()[1]}"

    def __enter__(self) -> "Studio":
        listen = [*BACKEND, "serve", "--listen", self._address]
        self._server = subprocess.Popen(listen, env=self._variables)
        until = time.monotonic() + LONG
        while self.run("status").returncode:
            assert time.monotonic() < until, "it does not listen"
            time.sleep(0.1)
        name = self.run("key", "add", "editor", "--address", self._address)
        self.key = name.stdout.strip()
        return self

    def __exit__(self, *_) -> None:
        self._server.terminate()
        self._server.wait(60)

    def run(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*BACKEND, *words], env=self._variables, capture_output=True, text=True, check=False
        )


@pytest.fixture
def studio(tmp_path):
    with Studio(tmp_path / "studio") as found:
        yield found
    inside(f"{SCUMBLE}/state/backends.json").unlink(missing_ok=True)


@pytest.fixture
def old_version(editors):
    """An environment that an upgrade has left."""
    scumble = inside(SCUMBLE)
    folder = scumble / "venv-98"
    folder.mkdir()
    shutil.copy(scumble / MARKER, folder)
    (folder / "torch").write_bytes(bytes(200_000_000))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
