"""install.py as a user starts it: a process of its own, with a home of its own."""

import ast
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scumble import connection
from scumble_backend import sample

REPOSITORY = Path(__file__).parent.parent
SCRIPT = REPOSITORY / "install.py"


@pytest.fixture
def run(tmp_path):
    """Start install.py with flags; its home is tmp_path/home and its folder tmp_path/desk."""
    (tmp_path / "desk").mkdir()

    def start(*flags, home=tmp_path / "home", script=SCRIPT):
        return subprocess.run(
            [sys.executable, script, *flags], cwd=tmp_path / "desk", timeout=500,
            env={**os.environ, "SCUMBLE_HOME": str(home)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip

    return start


@pytest.fixture
def installed(tmp_path, installer):
    """A home as install.py leaves it, but for what lies in venv."""
    home = tmp_path / "home"
    for folder in (home, home / "venv"):
        folder.mkdir()
        (folder / installer.MARKER).write_text(installer.MARKED)
    (home / "venv/lib").mkdir()
    (home / "venv/lib/torch.py").touch()
    (home / "install.log").touch()
    (home / "state").mkdir()
    for name in ("presets.json", "keys.json", "server.log"):
        (home / "state" / name).touch()
    list_folders(home, home / "venv")
    return home


def list_folders(home, *folders):
    (home / "install.json").write_text(
        json.dumps({"version": 1, "folders": list(map(str, folders))})
    )


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# The doctor -----------------------------------------------------------------------------------


def test_the_doctor_says_that_nothing_is_installed_and_what_to_do(run):
    done = run("--doctor")
    assert done.returncode == 1
    assert "BAD  There is no whole environment" in done.stdout
    assert "run install.py" in done.stdout


# Which Python ---------------------------------------------------------------------------------


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


def test_a_python_that_cannot_make_environments_is_told_the_package(installer, monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else real(name)
    )
    with pytest.raises(installer.Problem, match="install python3-venv"):
        installer.check_ensurepip()


# Folders --------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("chosen", ["", "somewhere"])
def test_home_is_where_the_plugin_looks(installer, monkeypatch, platform, chosen):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    monkeypatch.setenv("SCUMBLE_HOME", chosen)
    assert installer.home() == connection.home()


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


def test_an_environment_that_install_did_not_make_is_kept(run, tmp_path):
    (tmp_path / "home/venv/mine").mkdir(parents=True)
    done = run()
    assert done.returncode == 1
    assert "was not made by install.py: move it away" in done.stderr
    assert (tmp_path / "home/venv/mine").is_dir()


def test_too_little_space_is_said_before_anything_is_fetched(installer, tmp_path):
    with pytest.raises(installer.Problem, match=r"needs about 1000000.0 GB .* GB are free"):
        installer.check_space(1e6, tmp_path / "not/yet/there")


def test_a_home_that_cannot_be_written(run, tmp_path):
    (tmp_path / "file").touch()
    done = run(home=tmp_path / "file/home")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(tmp_path / "file") in done.stderr


# What a dry run says --------------------------------------------------------------------------


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


def test_the_demo_names_the_layers_of_the_sample(installer):
    assert installer.SAMPLE == sample.SAMPLE
    names = [each for each in installer.SAMPLE_LAYERS if not each.startswith("--")]
    layers = [sys.executable, "-m", "scumble_backend", "layers", sample.SAMPLE]
    said = subprocess.check_output(layers, text=True)
    assert all(f"'{name}'" in said for name in names)


def test_the_demo_writes_over_nothing(installer, tmp_path):
    assert installer.free_name(tmp_path).name == "scumble-demo.ora"
    (tmp_path / "scumble-demo.ora").touch()
    (tmp_path / "scumble-demo-2.png").touch()
    assert installer.free_name(tmp_path).name == "scumble-demo-3.ora"


# Uninstalling ---------------------------------------------------------------------------------


def test_uninstalling_keeps_presets_and_says_so(run, installed):
    done = run("--uninstall")
    assert done.returncode == 0, done.stderr
    assert "Your presets are kept" in done.stdout
    assert tree(installed) == [".made-by-scumble", "state", "state/presets.json"]


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


def test_only_new_requirements_make_the_environment_anew(installer, tmp_path, monkeypatch):
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    installer.copy_sources(tmp_path / "copy")
    monkeypatch.setattr(installer, "ROOT", tmp_path / "copy")
    before = installer.fingerprints()
    for old, new, same in (('version = "', 'version = "9', True), ('"torch>=', '"torch>=9', False)):
        assert old in project
        (tmp_path / "copy/pyproject.toml").write_text(project.replace(old, new, 1))
        after = installer.fingerprints()
        assert (after["dependencies"] == before["dependencies"]) == same
        assert after["sources"] != before["sources"]


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


# Tools that fail ------------------------------------------------------------------------------


def test_a_failed_tool_is_one_sentence_that_names_its_log(installer, tmp_path):
    log = tmp_path / "install.log"
    with pytest.raises(installer.Problem, match=str(log)):
        installer.Hands(dry=False).run([sys.executable, "-c", "exit('no such wheel')"], log)
    assert "no such wheel" in log.read_text()


def test_a_full_disk_has_its_own_remedy(installer, tmp_path):
    full = [sys.executable, "-c", "exit('error: No space left on device (os error 28)')"]
    with pytest.raises(installer.Problem, match="make room on the disk"):
        installer.Hands(dry=False).run(full, tmp_path / "log")


def test_a_tool_past_its_limit_is_ended(installer, tmp_path):
    began = time.monotonic()
    wait = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert not installer.Hands(dry=False).run(wait, tmp_path / "log", {}, limit=0.5)
    assert time.monotonic() - began < 10


def test_tools_do_not_see_what_leads_them_astray(installer, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER", "UV_PYTHON"):
        monkeypatch.setenv(name, "/wrong")
    assert "/wrong" not in installer.clean_environment().values()


# The whole of it, really ----------------------------------------------------------------------


def interrupt_while_fetching_torch(script, home):
    """Ctrl+C, as a terminal sends it: to install.py and to the tool that it runs."""
    process = subprocess.Popen(
        [sys.executable, "-u", script], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "SCUMBLE_HOME": str(home)}, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    for line in process.stdout:
        if line.startswith("- Fetching torch"):
            time.sleep(1)
            os.killpg(process.pid, signal.SIGINT)
            break
    said = process.stdout.read()
    assert process.wait(60) == 130, said
    assert "Start install.py again" in said


@pytest.mark.slow
def test_installing_for_real(run, tmp_path, installer):
    """Interrupted, repaired, repeated, upgraded, used without the download, and taken away."""
    clone, home = tmp_path / "down loads é" / "scumble", tmp_path / "home"
    clone.parent.mkdir()
    installer.copy_sources(clone)
    shutil.copy(SCRIPT, clone)
    before = tree(clone)
    script = clone / "install.py"

    if sys.platform != "win32":
        interrupt_while_fetching_torch(script, home)
    done = run(script=script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Installing Scumble itself" in done.stdout
    assert tree(clone) == before  # no litter where it was downloaded

    began = time.monotonic()
    done = run(script=script)
    assert done.stdout == f"Scumble is set up in {home}.\n"
    assert time.monotonic() - began < 10

    record = json.loads((home / "install.json").read_text(encoding="utf-8"))
    for name in record["files"]:
        assert Path(name).is_relative_to(home / "venv")
    (clone / "plugin/scumble/added.py").write_text("ADDED = 1\n")
    next(Path(name) for name in record["files"] if name.endswith("scumble/host.py")).write_text("")
    done = run(script=script)
    assert "Installing Scumble itself" in done.stdout
    assert "Fetching" not in done.stdout

    shutil.rmtree(clone.parent)
    python = home / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    code = "import scumble.added, scumble.host, scumble_backend; print(scumble.host.Host)"
    assert "Host" in subprocess.check_output([python, "-c", code], cwd=home, text=True)

    environment = {**os.environ, "SCUMBLE_HOME": str(home)}
    backend = subprocess.Popen([python, "-m", "scumble_backend", "serve"], env=environment)
    until = time.monotonic() + 30
    while not (home / "state/connection.json").exists() and time.monotonic() < until:
        time.sleep(0.1)
    done = run("--uninstall")
    assert done.returncode == 0, done.stderr
    assert "Stopping the backend" in done.stdout
    backend.wait(10)
    assert not home.exists()
