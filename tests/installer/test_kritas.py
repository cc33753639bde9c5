"""install.py and Krita's settings: what is written there, and what is taken away again."""

import shutil
import sys
from pathlib import Path

import pytest

from installer import Problem, kritas
from installer.archive import plugin_package
from installer.environment import venv_python
from installer.hands import MARKED, MARKER, Hands
from installer.home import installed_in
from installer.plugin import HOME, make_in_place
from installer.record import current


@pytest.fixture
def krita(tmp_path, monkeypatch):
    """A user's folders with the plug-in in them, and settings of the user's own."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    package = tmp_path / "data/krita/pykrita/scumble"
    (package / "vendor").mkdir(parents=True)
    (package / MARKER).write_text(MARKED)
    (tmp_path / "data/krita/pykrita/other").mkdir()
    for source, place in kritas.plugin_files(tmp_path / "data/krita").items():
        place.parent.mkdir(exist_ok=True)
        place.write_text(source)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/kritarc").write_text("[python]\nenable_other=true\n\n[theme]\nTheme=dark\n")
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[theme]\nTheme=dark\n",
        "[python]\nenable_other=true\n",
        "[python]\nenable_scumble=false\n\n[theme]\nTheme=dark\n",
    ],
)
def test_the_plugin_is_turned_on_and_all_else_stays(text):
    changed = kritas.with_plugin(text, True)
    lines = changed.splitlines()
    assert lines[lines.index("[python]") + 1] == "enable_scumble=true"
    kept = [line for line in text.splitlines() if line and "enable_scumble=" not in line]
    assert [line for line in lines if line and line in kept] == kept
    assert kritas.with_plugin(changed, True) == changed
    assert "scumble" not in kritas.with_plugin(changed, False)


@pytest.mark.parametrize(
    ("platform", "resources", "settings"),
    [
        ("linux", ".local/share/krita", ".config/kritarc"),  # the distribution's, and the AppImage
        (
            "linux",
            "snap/krita/current/.local/share/krita",
            "snap/krita/current/.config/kritarc",
        ),
        ("win32", "AppData/Roaming/krita", "AppData/Local/kritarc"),
        ("darwin", "Library/Application Support/krita", "Library/Preferences/kritarc"),
    ],
)
def test_krita_is_found_where_its_packages_keep_their_files(
    tmp_path, monkeypatch, platform, resources, settings
):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("APPDATA", str(tmp_path / "AppData/Roaming"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData/Local"))
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "Programs"))
    assert kritas.find_kritas() == []
    (tmp_path / resources).mkdir(parents=True)
    assert kritas.find_kritas() == [(tmp_path / resources, tmp_path / settings)]


def test_every_krita_is_found(krita, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    (krita / ".var/app/org.kde.krita").mkdir(parents=True)
    flatpak = krita / ".var/app/org.kde.krita"
    assert kritas.find_kritas() == [
        (krita / "data/krita", krita / "config/kritarc"),
        (flatpak / "data/krita", flatpak / "config/kritarc"),
    ]


def test_what_was_put_into_krita_is_remembered(tmp_path):
    assert not installed_in("krita", tmp_path)
    (tmp_path / "install.json").write_text('{"editors": {"krita": [["data", "kritarc"]]}}')
    assert installed_in("krita", tmp_path) == [["data", "kritarc"]]


def test_moved_resources_are_followed(krita):
    (krita / "elsewhere").mkdir()
    settings = krita / "config/kritarc"
    settings.write_text(f"ResourceDirectory={krita / 'elsewhere'}\n")
    assert kritas.moved_resources(settings) == krita / "elsewhere"


def test_uninstall_takes_the_plugin_out_and_nothing_else(krita):
    settings = krita / "config/kritarc"
    before = settings.read_text()
    kritas.enable_plugin(settings, True, Hands(False))
    assert (krita / "config/kritarc.before-scumble").read_text() == before
    kritas.take_out_of_krita(krita / "data/krita", settings, Hands(False))
    left = [path.name for path in sorted((krita / "data").rglob("*"))]
    assert left == ["krita", "actions", "pykrita", "other"]
    assert settings.read_text() == before


def test_a_plugin_of_someone_elses_is_left_alone(krita):
    package = krita / "data/krita/pykrita/scumble"
    (package / MARKER).unlink()
    with pytest.raises(Problem, match="move it away"):
        make_in_place(package, Hands(False), lambda new: None)
    settings = krita / "config/kritarc"
    kritas.take_out_of_krita(krita / "data/krita", settings, Hands(False))
    assert (package / "vendor").is_dir()


def test_the_doctor_sees_a_plugin_that_is_missing_turned_off_or_of_another_version(
    krita,
):
    resources, settings = krita / "data/krita", krita / "config/kritarc"
    package = resources / "pykrita/scumble"

    def finding():
        return kritas.examine_krita(resources, settings)

    well, sentence = finding()
    assert not well
    assert "of another version: close Krita and run install.py" in sentence
    for name, data in plugin_package().items():
        (package / name).parent.mkdir(exist_ok=True, parents=True)
        (package / name).write_bytes(data)
    (package / HOME).write_text(str(krita))
    python = venv_python(current(krita))
    python.parent.mkdir(parents=True)
    python.touch()
    well, sentence = finding()
    assert not well
    assert "turned off" in sentence
    kritas.enable_plugin(settings, True, Hands(False))
    assert finding() == (True, f"The plug-in is in Krita ({resources}), and turned on.")
    python.unlink()
    assert not finding()[0]
    shutil.rmtree(package)
    well, sentence = finding()
    assert well
    assert "install.py --editor krita" in sentence
