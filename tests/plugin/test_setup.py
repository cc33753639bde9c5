"""Scumble sets itself up: what the plug-in finds, what it starts, and what it reads of that."""

import json
import os
import re
import sys
import time
import zipfile

import pytest
from tests.sentences import says

from installer import archive
from installer.hands import MARKED, MARKER
from scumble import backends, environment, needs, setup
from scumble.connection import Connection
from scumble.errors import StartError
from scumble.lock import lock

KEY = backends.as_text(
    Connection("tcp://192.168.1.5:27182", "S" * 40, "C" * 40, "s" * 40, 0, 0.0, "", "studio")
)
OWN = {"version": "0.2.0", "sources": "ours"}

# In place of the project: tells that it began, waits for a word, and tells that it is done.
STAND_IN = """
import json, os, sys, time
sys.path.insert(0, {plugin!r})
from scumble.lock import lock
report = sys.argv[sys.argv.index("--report") + 1]
def tell(**what):
    with open(report, "a") as file:
        file.write(json.dumps(what) + "\\n")
with lock("set-up.lock", 5.0):
    tell(stage="Painting the walls", done=1, total=4, left=9.5, pid=os.getpid())
    for _ in range(1000):
        if os.path.exists("go"):
            break
        if os.path.exists("set-up.cancel"):
            sys.exit(tell(end="cancelled"))
        if os.path.exists("fall"):
            sys.exit("the ladder broke")
        time.sleep(0.02)
    tell(end="done")
"""


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """A plug-in with a project inside it; its Scumble's folder."""
    monkeypatch.delenv("SCUMBLE_PYTHON", raising=False)
    monkeypatch.setenv("SCUMBLE_HOME", str(tmp_path / "home"))
    package = tmp_path / "scumble"
    package.mkdir()
    monkeypatch.setattr(setup, "HERE", package)
    monkeypatch.setattr(environment, "__file__", str(package / "environment.py"))
    (package / "project.json").write_text(json.dumps(OWN))
    with zipfile.ZipFile(package / "project.zip", "w") as archive:
        rooms = os.path.dirname(os.path.dirname(needs.__file__))
        archive.writestr("__main__.py", STAND_IN.format(plugin=rooms))
    return tmp_path / "home"


def install(home, **about):
    python = environment.python_of(home / "venv-3")
    python.parent.mkdir(parents=True)
    python.touch()
    record = {"environment": {"folder": "venv-3", **OWN, **about}}
    (home / "install.json").write_text(json.dumps(record))
    return python


def until(condition, seconds=120.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
    return found


# What is there


def test_nothing_is_there(plugin):
    assert setup.look() == setup.Found("missing", plugin, "0.2.0")


def test_a_set_up_that_broke_off_before_its_end_is_nothing(plugin):
    (plugin / "venv-1").mkdir(parents=True)
    (plugin / "install.json").write_text(json.dumps({"folders": [str(plugin / "venv-1")]}))
    assert setup.look().lack == "missing"


@pytest.mark.parametrize(
    ("about", "lack"),
    [
        ({}, ""),
        ({"version": "0.1.9", "sources": "theirs"}, "older"),
        ({"version": "0.10.0", "sources": "theirs"}, "newer"),
        ({"sources": "theirs"}, "older"),
        ({"version": None, "sources": None}, "older"),
        ({"version": "nonsense", "sources": 5}, "older"),
        ({"parts": 5}, ""),
    ],
)
def test_what_is_there_is_compared_with_what_the_plug_in_brings(plugin, about, lack):
    install(plugin, **about)
    assert setup.look().lack == lack


def test_what_only_sends_is_enough_while_another_computer_paints(plugin):
    install(plugin, only_sends=True)
    assert setup.look() == setup.Found("missing", plugin, "0.2.0")
    backends.choose(backends.add(KEY).name)
    assert setup.look() == setup.Found("", plugin, "0.2.0", "0.2.0", sends=True)
    (environment.python_of(plugin / "venv-3")).unlink()
    assert setup.look().lack == "broken"


def test_where_another_computer_paints_and_nothing_is_there_little_is_missing(plugin):
    backends.choose(backends.add(KEY).name)
    assert setup.look() == setup.Found("missing", plugin, "0.2.0", sends=True)


def test_an_environment_whose_python_is_gone_is_broken(plugin):
    install(plugin).unlink()
    assert setup.look() == setup.Found("broken", plugin, "0.2.0", "0.2.0")


def test_an_environment_without_one_of_its_parts_is_broken(plugin, tmp_path):
    torch = tmp_path / "torch.py"
    torch.touch()
    install(plugin, parts=[str(torch)])
    assert setup.look().lack == ""
    torch.unlink()
    assert setup.look().lack == "broken"


def test_an_environment_that_was_seen_to_be_damaged_is_broken_until_it_is_made_anew(plugin):
    install(plugin)
    environment.note_damage()
    assert setup.look().lack == "broken"
    later = time.time() + 5
    os.utime(plugin / "install.json", (later, later))
    assert setup.look().lack == ""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such sandboxes")
def test_in_a_sandbox_an_environment_of_the_systems_python_is_broken(plugin, monkeypatch):
    python = install(plugin)
    assert setup.look().lack == ""
    monkeypatch.setenv("SNAP", "/snap/krita/1")
    assert setup.look().lack == "", "its Python lies in Scumble's folder"
    python.unlink()
    python.symlink_to(sys.executable)
    assert setup.look().lack == "broken"
    monkeypatch.delenv("SNAP")
    assert setup.look().lack == ""


def test_what_is_not_the_plug_ins_to_set_up_is_left_alone(plugin, monkeypatch, tmp_path):
    monkeypatch.setenv("SCUMBLE_PYTHON", sys.executable)
    assert setup.look().lack == ""
    monkeypatch.delenv("SCUMBLE_PYTHON")
    (setup.HERE / "project.zip").unlink()
    assert setup.look().lack == ""


@pytest.mark.faults
@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": "1"}'])
def test_a_damaged_plug_in_sets_nothing_up(plugin, text):
    (setup.HERE / "project.json").write_text(text)
    assert setup.look().lack == ""


# Setting it up


def test_a_process_of_its_own_sets_it_up_and_tells_how_it_goes(plugin):
    assert setup.report(plugin) is None
    setup.start(plugin)
    told = until(lambda: (found := setup.report(plugin)) and found.total and found)
    assert told == setup.Report("Painting the walls", 1, 4, 9.5)
    assert setup.is_running(plugin)
    last = (plugin / "state/set-up.jsonl").read_text().splitlines()[-1]
    pid = json.loads(last)["pid"]
    if sys.platform != "win32":
        assert os.getsid(pid) == pid, "it goes on when the editor's session ends"
    setup.start(plugin)  # by another window: nothing
    (plugin / "state/go").touch()
    until(lambda: setup.report(plugin) == setup.Report(end="done"))
    until(lambda: not setup.is_running(plugin))
    assert (plugin / "state/set-up.jsonl").read_text().count("Painting the walls") == 1
    setup.forget(plugin)
    assert setup.report(plugin) is None


def test_it_is_cancelled_by_a_file_and_can_begin_again(plugin):
    for _ in range(2):
        setup.start(plugin)
        until(lambda: setup.report(plugin).total)
        setup.cancel(plugin)
        until(lambda: setup.report(plugin).end == "cancelled")
        until(lambda: not setup.is_running(plugin))


def test_a_process_that_is_gone_without_a_word_has_broken_off(plugin):
    setup.start(plugin)
    until(lambda: setup.report(plugin).total)
    (plugin / "state/fall").touch()
    found = until(lambda: (found := setup.report(plugin)).end and found)
    assert found.end == "failed"
    assert "the ladder broke" in found.message
    broken = says("Setting up broke off (…): try again; what was downloaded is not fetched twice.")
    assert re.search(broken, found.message)


def test_where_the_editor_that_started_it_is_gone_too_silence_says_so(plugin):
    (plugin / "state").mkdir(parents=True)
    path = plugin / "state/set-up.jsonl"
    path.write_text(json.dumps({"stage": "Painting the walls"}) + "\n")
    assert not setup.report(plugin).end
    long_ago = time.time() - 2 * setup.SILENCE
    os.utime(path, (long_ago, long_ago))
    assert "its process was ended" in setup.report(plugin).message
    held = lock(plugin / "state" / needs.LOCK)
    assert not setup.report(plugin).end, "it is silent, but lives"
    held.close()


def test_a_sentence_where_its_folder_cannot_be_made(plugin):
    plugin.touch()
    with pytest.raises(setup.StartError, match="make it writable"):
        setup.start(plugin)


@pytest.mark.faults
@pytest.mark.parametrize("text", [b"", b"{", b"[]\n", b"5\n", b'{"left": []}\n{"sta', b"\xff\n"])
def test_a_report_that_is_none_says_nothing(plugin, text):
    (plugin / "state").mkdir(parents=True)
    (plugin / "state/set-up.jsonl").write_bytes(text)
    assert not setup.report(plugin).end


def test_no_window_takes_the_lock_from_the_process_that_begins(plugin):
    (plugin / "state").mkdir(parents=True)
    held = lock(plugin / "state" / needs.LOCK)
    assert setup.is_running(plugin)
    held.close()
    assert not setup.is_running(plugin)


# Its removal


def test_the_project_in_the_plug_in_takes_away_what_was_set_up_and_keeps_what_is_the_artists(
    plugin,
):
    (setup.HERE / "project.zip").write_bytes(archive.project_archive())
    python = install(plugin)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    for folder in (plugin, plugin / "venv-3"):
        (folder / MARKER).write_text(MARKED)
    (plugin / "state").mkdir()
    (plugin / "state/presets.json").write_text("{}")
    version, found = setup.about(plugin)
    assert (version, found.whole > 0, setup.can_remove(plugin)) == ("0.2.0", True, True)
    setup.remove(plugin)
    assert setup.look().lack == "missing"
    assert not (plugin / "venv-3").exists()
    assert (plugin / "state/presets.json").read_text() == "{}"
    assert not setup.can_remove(plugin)


def test_where_it_cannot_be_removed_the_projects_own_sentence_says_why(plugin):
    (setup.HERE / "project.zip").write_bytes(archive.project_archive())
    install(plugin)
    with pytest.raises(StartError, match="so nothing was deleted"):
        setup.remove(plugin)
    assert (plugin / "venv-3").exists()
