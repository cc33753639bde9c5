"""What install.py answers: which Python it takes, which folder, and what it would do."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.installer.conftest import REPOSITORY, SCRIPT, tree

from installer.setting_up import command
from scumble.needs import LANGUAGE


def test_an_older_python_can_read_the_file():
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_older_python_gets_one_sentence():
    pretend = "sys.version_info = (3, 9, 18, 'final', 0)"
    code = f"import sys, runpy; {pretend}; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "needs Python 3.10 or newer, and this is Python 3.9" in done.stderr


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9"])
def test_real_older_pythons_get_it_too(version):
    found = shutil.which(f"python{version}")
    if not found or subprocess.run([found, "-c", ""], capture_output=True).returncode:
        return  # the two tests above say the same
    done = subprocess.run([found, SCRIPT], capture_output=True, text=True)
    assert done.returncode == 1
    assert f"this is Python {version}" in done.stderr


def test_the_doctor_says_that_nothing_is_installed_and_what_to_do(run):
    done = run("--doctor")
    assert done.returncode == 1
    assert "BAD  There is no whole environment" in done.stdout
    assert "run install.py" in done.stdout


@pytest.mark.parametrize("flag", [[], ["--uninstall"], ["--uninstall", "--dry-run"]])
def test_a_home_that_is_not_scumbles_alone_is_refused(run, flag):
    for home in ("/", Path.home(), Path.home().parent, REPOSITORY, REPOSITORY.parent):
        done = run(*flag, home=home)
        assert done.returncode == 1
        assert done.stderr.startswith(f"install.py: Scumble cannot live in {home}")


def test_a_home_with_other_things_is_refused(run, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home/diary.txt").touch()
    done = run()
    assert done.returncode == 1
    assert "holds other things (diary.txt)" in done.stderr
    assert tree(tmp_path / "home") == ["diary.txt"]


def test_an_environment_that_install_did_not_make_is_left_alone(run, tmp_path):
    (tmp_path / "home/venv/mine").mkdir(parents=True)
    done = run("--dry-run")
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "home/venv-1") in done.stdout
    assert f"delete {tmp_path / 'home/venv'}" not in done.stdout


def test_a_home_that_cannot_be_written(run, tmp_path):
    (tmp_path / "file").touch()
    done = run(home=tmp_path / "file/home")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(tmp_path / "file") in done.stderr


@pytest.mark.parametrize("flags", [[], ["--demo"]])
def test_a_dry_run_says_it_all_and_writes_nothing(run, tmp_path, flags):
    done = run("--dry-run", *flags)
    assert done.returncode == 0, done.stderr
    for part in ("venv", "torch torchvision", "GB to download", "install.json"):
        assert part in done.stdout
    assert ("scumble-demo.png" in done.stdout) == bool(flags)
    assert tree(tmp_path) == ["desk"]


def test_a_dry_run_of_the_tests_hands_the_arguments_on(run):
    done = run("--dry-run", "--test", "-k", "gram", "--demo")
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("-m pytest -k gram --demo")


def test_a_dry_uninstall_deletes_nothing(run, installed):
    before = tree(installed)
    done = run("--uninstall", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert f"would delete {installed / 'venv'}" in done.stdout
    assert tree(installed) == before


def test_install_alone_says_that_the_rest_is_missing(run, tmp_path):
    shutil.copy(SCRIPT, tmp_path / "install.py")
    done = run(script=tmp_path / "install.py")
    assert done.returncode == 1
    assert done.stderr == (
        f"install.py: {tmp_path / 'plugin'} is missing: this copy of Scumble is not whole, get a "
        "new one.\n"
    )


@pytest.mark.parametrize("editor", ["krita", "gimp", "all"])
def test_an_editor_that_is_not_there_is_missed_before_anything_is_made(
    run, tmp_path, monkeypatch, editor
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("GIMP3_DIRECTORY", raising=False)
    done = run("--editor", editor)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert " was found: install it from " in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_dry_demo_names_the_command_that_the_demo_runs(run, tmp_path):
    done = run("--dry-run", "--demo")
    assert done.returncode == 0, done.stderr
    assert f"would run {command(tmp_path / 'home')} stylize" in done.stdout


def test_the_doctor_takes_no_editor(run):
    done = run("--doctor", "--editor", "krita")
    assert done.returncode == 2
    assert "--doctor looks at every editor: leave --editor away" in done.stderr


def test_files_to_hand_out_go_into_a_folder(run, tmp_path):
    (tmp_path / "taken").write_text("mine")
    done = run("--bundle", tmp_path / "taken")
    assert done.returncode == 1
    sentence = "is a file: name a folder to write the two files into."
    assert done.stderr == f"install.py: {tmp_path / 'taken'} {sentence}\n"
    assert (tmp_path / "taken").read_text() == "mine"


def test_interrupted_while_it_begins_it_ends_without_a_word(run, tmp_path):
    shutil.copy(SCRIPT, tmp_path / "install.py")
    (tmp_path / "plugin/installer").mkdir(parents=True)
    (tmp_path / "plugin/installer/__init__.py").write_text("raise KeyboardInterrupt")
    done = run(script=tmp_path / "install.py")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize(
    ("language", "said"), [("", "cannot be written ("), ("fr", "Impossible d'écrire dans ")]
)
def test_what_keeps_it_from_setting_up_is_told_in_the_language_of_the_editor(
    tmp_path, language, said
):
    (tmp_path / "file").touch()
    (tmp_path / "report").touch()
    own = {"SCUMBLE_HOME": str(tmp_path / "file/home"), LANGUAGE: language}
    done = subprocess.run(
        [sys.executable, SCRIPT, "--report", tmp_path / "report"],
        env=os.environ | own, capture_output=True, timeout=60,
    )  # fmt: skip
    last = (tmp_path / "report").read_text(encoding="utf-8").splitlines()[-1]
    assert done.returncode == 1
    assert json.loads(last)["end"] == "failed"
    assert said in json.loads(last)["message"]
