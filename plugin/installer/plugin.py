"""The plug-in's package, as every editor gets it."""

from pathlib import Path

from installer import Problem
from installer.archive import ABOUT, about, plugin_package
from installer.environment import uv, venv_python
from installer.hands import ours
from installer.home import home
from installer.project import ROOT, folder_files, sha256
from installer.record import current

HOME = "home.txt"  # beside the plug-in's files: Scumble's folder, whatever the editor's is told
PYTHONS = ("3.10", "3.11", "3.12")  # of the editors; pyzmq for 3.12 serves all later ones too


def make_in_place(target, hands, fill):
    """A folder of ours, made by fill beside the old one and then put in its place."""
    new = target.with_name(target.name + ".new")
    for path in (target, new):
        if path.exists() and not ours(path):
            raise Problem(f"{path} was not put there by install.py: move it away and start again.")
    hands.delete(new)
    hands.mark(new)
    fill(new)
    hands.delete(target)
    if not hands.dry:
        new.rename(target)


def fill_package(target, folder, hands, with_zmq=True):
    """The package with all it needs: where Scumble's folder is, and pyzmq for the editor's."""
    if hands.dry:
        hands.would(f"copy the plug-in to {target}")
    else:
        for name, data in plugin_package().items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(data)
        (target / HOME).write_text(str(folder), encoding="utf-8")
    for version in PYTHONS if with_zmq else ():
        place = target / "vendor" / f"cp{version.replace('.', '')}"
        only = ["--python-version", version, "--only-binary", ":all:"]
        asked = ["install", "--target", place, *only, "pyzmq>=27"]
        uv(current(folder), asked, folder / "install.log", hands)


def same_package(package):
    """Whether an editor's copy is this folder's, and knows of an environment that is there."""
    source = ROOT / "plugin/scumble"
    files = [path.relative_to(source) for path in folder_files(source)]
    about_it = package / ABOUT
    return (
        all(
            (package / path).is_file() and sha256(package / path) == sha256(source / path)
            for path in files
        )
        and (about_it.is_file() and about_it.read_text(encoding="utf-8") == about())
        and venv_python(current(home_of(package))).exists()
    )


def home_of(package):
    """Scumble's folder, as an editor's copy knows it."""
    beside = package / HOME
    return Path(beside.read_text(encoding="utf-8")) if beside.is_file() else home()
