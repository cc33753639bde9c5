"""What --uninstall deletes, and all that it leaves alone."""

import shutil
import sys
import zipfile

import pytest
from tests.installer.conftest import list_folders, tree

from installer import archive
from installer.hands import Hands
from installer.uninstall import uninstall


def test_uninstalling_keeps_presets_and_says_so(run, installed):
    done = run("--uninstall")
    assert done.returncode == 0, done.stderr
    assert "Your presets are kept (--purge deletes them too)" in done.stdout
    assert tree(installed) == [".made-by-scumble", "state", "state/presets.json"]


def test_results_that_were_not_taken_are_named_before_anything_is_deleted(run, installed):
    (installed / "state/unclaimed").mkdir()
    (installed / "state/unclaimed/1.result").touch()
    for name in ("unsaved-2.png", "presets.damaged-1.json"):
        (installed / "state" / name).touch()
    done = run("--uninstall")
    assert done.returncode == 0, done.stderr
    sentence = f"Your results not yet taken are kept (--purge deletes them too): {installed}"
    assert sentence in done.stdout
    kept = ("presets.damaged-1.json", "presets.json", "unclaimed", "unclaimed/1.result")
    assert tree(installed / "state") == [*kept, "unsaved-2.png"]
    done = run("--uninstall", "--purge")
    assert "Your results not yet taken are deleted too" in done.stdout
    assert not installed.exists()


def test_purging_leaves_nothing(run, installed):
    assert run("--uninstall", "--purge").returncode == 0
    assert not installed.exists()
    done = run("--uninstall")
    assert done.returncode == 0
    assert "Nothing is installed" in done.stdout


def test_uninstalling_leaves_what_is_not_scumbles(run, installed):
    (installed / "diary.txt").touch()
    done = run("--uninstall", "--purge")
    assert done.returncode == 0
    assert "diary.txt" in done.stdout
    assert tree(installed) == [".made-by-scumble", "diary.txt"]


def test_uninstalling_does_not_follow_links(run, installed, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/picture").touch()
    (installed / "venv/link").symlink_to(tmp_path / "precious", target_is_directory=True)
    (installed / "state/link").symlink_to(tmp_path / "precious", target_is_directory=True)
    assert run("--uninstall", "--purge").returncode == 0
    assert tree(tmp_path / "precious") == ["picture"]


def test_an_interrupted_uninstall_can_be_taken_up_again(run, installed):
    shutil.rmtree(installed / "venv/lib")
    (installed / "install.json").unlink()
    assert run("--uninstall", "--purge").returncode == 0
    assert not installed.exists()


def test_an_environment_without_its_mark_is_deleted_only_when_empty(run, installed):
    shutil.rmtree(installed / "venv")
    (installed / "venv").mkdir()
    assert run("--uninstall", "--purge").returncode == 0
    assert not installed.exists()


def unmarked_home(home, elsewhere):
    (home / ".made-by-scumble").unlink()


def unmarked_environment(home, elsewhere):
    (home / "venv/.made-by-scumble").unlink()


def linked_environment(home, elsewhere):
    (home / "venv").rename(elsewhere / "venv")
    (home / "venv").symlink_to(elsewhere / "venv", target_is_directory=True)


def linked_state(home, elsewhere):
    (home / "state").rename(elsewhere / "state")
    (home / "state").symlink_to(elsewhere / "state", target_is_directory=True)


def linked_home(home, elsewhere):
    home.rename(elsewhere / "home")
    home.symlink_to(elsewhere / "home", target_is_directory=True)


def elsewhere_listed(home, elsewhere):
    shutil.copy(home / ".made-by-scumble", elsewhere)
    list_folders(home, home / "venv", elsewhere)


def elsewhere_by_dots(home, elsewhere):
    shutil.copy(home / ".made-by-scumble", elsewhere)
    list_folders(home, home / "venv", home / ".." / elsewhere.name)


def home_listed(home, elsewhere):
    list_folders(home, home)


@pytest.mark.parametrize(
    "spoil",
    [
        unmarked_home, unmarked_environment, linked_environment, linked_state, linked_home,
        elsewhere_listed, elsewhere_by_dots, home_listed,
    ],
)  # fmt: skip
def test_uninstalling_refuses_what_is_odd_and_deletes_nothing(run, installed, tmp_path, spoil):
    (tmp_path / "elsewhere").mkdir()
    spoil(installed, tmp_path / "elsewhere")
    before = tree(tmp_path)
    done = run("--uninstall", "--purge")
    assert done.returncode == 1
    assert "nothing was deleted" in done.stderr
    assert tree(tmp_path) == before


@pytest.fixture
def brought_by_hand(tmp_path, monkeypatch):
    """The two files unpacked where the editors look for them; the plug-in folders."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    krita, gimp = tmp_path / ".local/share/krita/pykrita", tmp_path / ".config/GIMP/3.0/plug-ins"
    for place, (name, data) in zip((krita, gimp), archive.bundles().items(), strict=True):
        place.mkdir(parents=True)
        (tmp_path / name).write_bytes(data)
        with zipfile.ZipFile(tmp_path / name) as packed:
            packed.extractall(place)
    (krita / "another").mkdir()
    (krita.parent / "actions").mkdir()  # where Krita's importer puts it
    (krita / "scumble.action").rename(krita.parent / "actions/scumble.action")
    return krita, gimp


@pytest.mark.skipif(sys.platform != "linux", reason="where the editors' folders lie")
@pytest.mark.parametrize("was_set_up", [True, False])
def test_plug_ins_that_were_brought_in_by_hand_are_taken_out(
    request, brought_by_hand, was_set_up, tmp_path, monkeypatch, capsys
):
    if was_set_up:
        request.getfixturevalue("installed")
    krita, gimp = brought_by_hand
    monkeypatch.setattr("installer.kritas.krita_runs", lambda: False)  # a test of it may run
    monkeypatch.setenv("SCUMBLE_HOME", str(tmp_path / "home"))
    uninstall(tmp_path / "home", Hands(dry=False))
    said = capsys.readouterr().out
    assert f"brought into Krita by hand ({krita.parent})" in said
    assert f"brought into GIMP by hand ({gimp})" in said
    assert [each.name for each in krita.iterdir()] == ["another"]
    assert list((krita.parent / "actions").iterdir()) == []
    assert list(gimp.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="where the editors' folders lie")
def test_what_another_scumble_brought_in_stays(run, installed, brought_by_hand, tmp_path):
    for place in (brought_by_hand[0] / "scumble", brought_by_hand[1] / "plug-in-scumble/scumble"):
        (place / "home.txt").write_text(str(tmp_path / "another"))
    assert run("--uninstall").returncode == 0
    assert (brought_by_hand[0] / "scumble").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="where the editors' folders lie")
def test_a_plug_in_that_removes_what_was_set_up_says_where_it_stays(
    run, installed, brought_by_hand
):
    krita, _ = brought_by_hand
    done = run("--uninstall", script=krita / "scumble/project.zip")
    assert done.returncode == 0, done.stderr
    assert f"The plug-in stays in {krita / 'scumble'}" in done.stdout
    assert (krita / "scumble").exists()
