"""What --uninstall deletes, and all that it leaves alone."""

import shutil

import pytest
from tests.installer.conftest import list_folders, tree


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
