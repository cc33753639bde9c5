"""install.py and GIMP's folders: where the plug-in is put, and that it is taken away again."""

import os
import sys
from pathlib import Path

import pytest

from installer import Problem, gimps, plugin
from installer.hands import Hands
from installer.home import installed_in


@pytest.fixture
def user(tmp_path, monkeypatch):
    """A user's folders on Linux: two versions of GIMP, and one from Flatpak."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("GIMP3_DIRECTORY", raising=False)
    for version in ("2.10", "3.0", "3.2"):
        (tmp_path / "config/GIMP" / version).mkdir(parents=True)
    (tmp_path / ".var/app/org.gimp.GIMP/config/GIMP/3.2").mkdir(parents=True)
    return tmp_path


def test_every_gimp_3_is_found_and_no_older_one(user, monkeypatch):
    flatpak = user / ".var/app/org.gimp.GIMP/config/GIMP/3.2/plug-ins"
    own = [user / f"config/GIMP/{version}/plug-ins" for version in ("3.0", "3.2")]
    assert gimps.find_gimps() == [*own, flatpak]
    monkeypatch.setenv("GIMP3_DIRECTORY", str(user / "moved"))
    assert gimps.find_gimps()[-1] == user / "moved/plug-ins"


@pytest.mark.parametrize(
    ("system", "place"),
    [("win32", "AppData/GIMP/3.0"), ("darwin", "Library/Application Support/GIMP/3.0")],
)
def test_gimp_is_found_on_every_system(user, monkeypatch, system, place):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("APPDATA", str(user / "AppData"))
    (user / place).mkdir(parents=True)
    assert gimps.find_gimps() == [user / place / "plug-ins"]


@pytest.fixture
def without_downloads(monkeypatch):
    monkeypatch.setattr(plugin, "uv", lambda *_: True)


def test_gimp_may_execute_what_it_starts(user, without_downloads):
    plugins = user / "config/GIMP/3.0/plug-ins"
    gimps.put_into_gimp(user, Hands(False))
    entry = plugins / "plug-in-scumble/plug-in-scumble.py"
    assert os.access(entry, os.X_OK)
    assert (entry.parent / "scumble/hosts/gimp/procedure.py").is_file()
    assert (entry.parent / "scumble/home.txt").read_text() == str(user)
    assert [each.name for each in plugins.iterdir()] == ["plug-in-scumble"]
    assert len(installed_in("gimp", user)) == 3


def test_uninstall_takes_the_plugin_out_and_nothing_else(user, without_downloads):
    plugins = user / "config/GIMP/3.0/plug-ins"
    (plugins / "other").mkdir(parents=True)
    gimps.put_into_gimp(user, Hands(False))
    gimps.take_out_of_gimp(plugins, Hands(False))
    assert [each.name for each in plugins.iterdir()] == ["other"]


def test_a_plugin_of_someone_elses_is_left_alone(user, without_downloads):
    theirs = user / "config/GIMP/3.0/plug-ins/plug-in-scumble"
    theirs.mkdir(parents=True)
    (theirs / "plug-in-scumble.py").touch()
    with pytest.raises(Problem, match="move it away"):
        gimps.put_into_gimp(user, Hands(False))
    gimps.take_out_of_gimp(theirs.parent, Hands(False))
    assert (theirs / "plug-in-scumble.py").exists()


def test_without_a_gimp_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(gimps, "find_gimps", lambda: [])
    with pytest.raises(Problem, match="start it once"):
        gimps.put_into_gimp(tmp_path, Hands(False))
