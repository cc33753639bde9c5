"""The files to hand out: the same bytes each time, what they hold, and what the editors ask."""

import configparser
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from tests.installer.conftest import SCRIPT

from installer import archive, project
from installer.hands import MARKED

KRITA, GIMP = (f"scumble-{editor}-{project.version()}.zip" for editor in ("krita", "gimp"))
MOST = 8_000_000  # bytes of a file that artists download


@pytest.fixture(scope="module")
def made():
    return {name: zipfile.ZipFile(io.BytesIO(data)) for name, data in archive.bundles().items()}


def test_two_copies_of_the_same_sources_give_the_same_small_files(run, tmp_path):
    copy = tmp_path / "copy"
    project.copy_sources(copy)
    shutil.copy(SCRIPT, copy)
    for path in copy.rglob("*"):
        path.chmod(0o700)
        os.utime(path, (1e9, 1e9))
    (copy / "plugin/scumble/__pycache__").mkdir(exist_ok=True)
    (copy / "plugin/scumble/__pycache__/client.pyc").touch()
    for script, folder in ((SCRIPT, "ours"), (copy / "install.py", "theirs")):
        done = run("--bundle", tmp_path / folder, script=script)
        assert done.returncode == 0, done.stderr
    for name in (KRITA, GIMP):
        ours, theirs = (tmp_path / folder / name for folder in ("ours", "theirs"))
        assert ours.read_bytes() == theirs.read_bytes()
        assert ours.stat().st_size < MOST
        assert str(ours) in run("--bundle", tmp_path / "ours").stdout


def test_kritas_importer_finds_what_it_looks_for(made):
    names = made[KRITA].namelist()
    (desktop,) = [name for name in names if name.endswith(".desktop")]
    settings = configparser.ConfigParser()
    settings.read_string(made[KRITA].read(desktop).decode())
    module = settings["Desktop Entry"]["X-KDE-Library"]
    assert f"{module}/" in names, "it looks for an entry of the folder itself"
    assert f"{module}/__init__.py" in names
    assert [name for name in names if name.endswith(".action")] == [f"{module}.action"]
    below = {name.rpartition("/")[0] for name in names if not name.endswith("/")} - {""}
    assert {f"{folder}/" for folder in below} <= set(names)


def test_gimp_may_start_its_file_which_has_the_name_of_its_folder(made):
    entry = made[GIMP].getinfo("plug-in-scumble/plug-in-scumble.py")
    assert entry.external_attr >> 16 == 0o100755
    others = [each for each in made[GIMP].infolist() if not each.is_dir() and each is not entry]
    assert {each.external_attr >> 16 for each in others} == {0o100644}


@pytest.mark.parametrize("bundle", [KRITA, GIMP])
def test_a_bundle_is_the_plug_in_and_the_whole_project(made, bundle, tmp_path, monkeypatch):
    package = "scumble/" if bundle == KRITA else "plug-in-scumble/scumble/"
    source = project.ROOT / "plugin/scumble"
    for path in project.folder_files(source):
        assert made[bundle].read(package + path.relative_to(source).as_posix()) == path.read_bytes()
    folder = package if bundle == KRITA else "plug-in-scumble/"
    assert made[bundle].read(f"{folder}.made-by-scumble").decode() == MARKED
    inside = zipfile.ZipFile(io.BytesIO(made[bundle].read(package + archive.PROJECT)))
    for part in ("encoders/lite.safetensors", "sample/sample.ora"):
        assert f"backend/scumble_backend/{part}" in inside.namelist()
    about = json.loads(made[bundle].read(package + archive.ABOUT))
    assert about.pop("index").startswith("https://")
    assert about == {"version": project.version(), **project.fingerprints()}
    inside.extractall(tmp_path)
    monkeypatch.setattr(project, "ROOT", tmp_path)
    assert about == {"version": project.version(), **project.fingerprints()}


def test_the_archive_does_what_install_does(tmp_path):
    (tmp_path / "project.zip").write_bytes(archive.project_archive())
    home = {**os.environ, "SCUMBLE_HOME": str(tmp_path / "home")}
    command = [sys.executable, tmp_path / "project.zip", "--doctor"]
    done = subprocess.run(command, env=home, capture_output=True, text=True)
    assert done.returncode == 1
    assert "BAD  There is no whole environment" in done.stdout, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["project.zip"]
