"""install.py --another-computer: a computer that only sends, and has nothing to paint with."""

import os
import re
import subprocess
import sys

import pytest
from tests.backend.server.network import ADDRESS, ASKS, NEEDS, PAINTS, can_be
from tests.backend.server.studio import PATIENCE, SCUMBLE, Studio, here
from tests.installer.conftest import SCRIPT
from tests.sentences import says

from installer.environment import venv_python
from installer.record import current
from installer.setting_up import command
from scumble import backends
from scumble.connection import Connection

FLAG = "--another-computer"
KEY = backends.as_text(
    Connection("tcp://192.0.2.1:9", "S" * 40, "C" * 40, "s" * 40, 0, 0.0, "", "studio")
)


def install(home, *flags, text=""):
    """As a user without SCUMBLE_PYTHON, whose line comes by a pipe."""
    return subprocess.run(
        [sys.executable, SCRIPT, *flags], env=plain(home), input=text, timeout=PATIENCE,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


def plain(home, **variables):
    found = {**os.environ, "SCUMBLE_HOME": str(home), **variables}
    found.pop("SCUMBLE_PYTHON", None)
    return found


def scumble(home, *words):
    """The command that was installed."""
    return subprocess.run(
        [command(home), *words], env=plain(home), capture_output=True, text=True, timeout=PATIENCE
    )


@pytest.fixture(scope="module")
def sender(tmp_path_factory):
    """A home as a computer has it that only sends."""
    home = tmp_path_factory.mktemp("sender") / "home"
    done = install(home, FLAG, text=KEY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "torch" not in done.stdout
    return home


def test_what_only_sends_is_set_up_without_torch_and_knows_who_paints(sender):
    code = "from importlib.util import find_spec; print(find_spec('torch'))"
    said = subprocess.check_output([venv_python(current(sender)), "-c", code], text=True)
    assert said.strip() == "None"
    assert "* studio (192.0.2.1:9)" in scumble(sender, "backend", "list").stdout
    again = install(sender, FLAG)
    assert again.returncode == 0, again.stderr
    assert again.stdout == (
        "Pictures are painted on “studio”.\n"
        f"Scumble is set up in {sender}. Its command is {command(sender)}.\n"
    )


@pytest.mark.parametrize("words", [("serve",), ("bench",), ("device",), ("stylize",)])
def test_what_would_paint_here_says_that_it_cannot(sender, words, tmp_path):
    if words[0] == "stylize":
        make_picture(tmp_path / "a.png")
        words = order(tmp_path, "b.png", "--backend", "")
    done = scumble(sender, *words)
    assert done.returncode == 1
    assert re.search(
        says(
            "Scumble was set up here for painting on another computer: choose one by `scumble "
            "backend use`, or set it up for painting on this one: …"
        ),
        done.stderr,
    )


def test_the_doctor_looks_at_the_computer_that_paints(sender):
    done = install(sender, "--doctor")
    assert done.returncode == 1
    assert "without torch: another computer paints" in done.stdout
    assert re.search("BAD  “studio” .* cannot be reached", done.stdout)


def test_without_the_flag_it_is_set_up_for_painting_here(sender):
    assert "Fetching torch" in install(sender, "--dry-run").stdout
    assert "Fetching" not in install(sender, FLAG, "--dry-run").stdout


@pytest.mark.parametrize("text", ["", "Dear friend"])
def test_without_a_key_nothing_is_fetched(tmp_path, text):
    done = install(tmp_path / "home", FLAG, text=text)
    assert done.returncode == 1
    said = "This is no key of Scumble's" if text else "Which computer is to paint?"
    assert said in done.stderr
    assert "Fetching" not in done.stdout
    assert not current(tmp_path / "home").exists()


@pytest.mark.parametrize("ci", ["", "true"])
def test_it_asks_at_a_terminal_and_never_in_a_pipeline(tmp_path, ci):
    pty = pytest.importorskip("pty", reason="there are no such terminals")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, SCRIPT, FLAG], env=plain(tmp_path / "home", CI=ci), stdin=theirs,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    os.write(ours, b"\n")
    said = process.communicate(timeout=PATIENCE)[0]
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 1
    assert ("Paste the line" in said) == (not ci)
    assert "Which computer is to paint?" in said


def test_a_computer_without_torch_paints_on_another_one(tmp_path, monkeypatch):
    """Two networks: the key, install.py, the plug-in's way in, the picture."""
    if not can_be():
        (pytest.fail if os.environ.get("SCUMBLE_STRICT") == "1" else pytest.skip)(NEEDS)
    monkeypatch.setenv("SCUMBLE_PYTHON", sys.executable)
    monkeypatch.setenv("SCUMBLE_THREADS", "2")
    with Studio(tmp_path) as network:
        network.start_server()
        home = network.homes[ASKS]
        key = here(network, "key", "add", "laptop").stdout
        done = install(home, FLAG, text=key)
        assert done.returncode == 0, done.stdout + done.stderr
        make_picture(tmp_path / "a.png")
        own = ("env", "-u", "SCUMBLE_PYTHON", command(home))
        done = network.run(ASKS, *own, *order(tmp_path, "far.png"))
        assert done.returncode == 0, done.stderr
        assert "asking" in done.stdout + done.stderr
        assert "ok" in network.run(ASKS, *own, "doctor").stdout
        assert not (home / "state" / "connection.json").exists()
        done = network.run(PAINTS, *SCUMBLE, *order(tmp_path, "near.png"))
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "far.png").read_bytes() == (tmp_path / "near.png").read_bytes()
        assert ADDRESS[PAINTS] in network.run(ASKS, *own, "backend", "list").stdout


def order(folder, result, *more):
    """To paint a.png like itself."""
    picture = folder / "a.png"
    wish = ("stylize", picture, "--style", picture, "--steps", "2", "-o", folder / result)
    return (*wish, *more)


def make_picture(path):
    from PIL import Image

    Image.radial_gradient("L").resize((48, 40)).convert("RGB").save(path)
