"""Take Scumble away again, and nothing else."""

import subprocess
import sys
from pathlib import Path

from installer import Problem
from installer.archive import PROJECT
from installer.environment import venv_python
from installer.gimps import GIMP_NAME, find_gimps, take_out_of_gimp
from installer.hands import carries_marker, clean_environment, ours
from installer.home import FETCHED, check_home, installed_in, not_ours, stop_backend
from installer.kritas import check_krita_closed, find_kritas, take_out_of_krita
from installer.plugin import home_of
from installer.record import current, environments, read_record


def uninstall(folder, hands, purge=False):
    """Delete what install.json lists and what carries our marker; keep the artist's presets."""
    check_home(folder, deleting=True)
    if not folder.exists():
        print(f"Nothing is installed in {folder}.")
        take_out_what_came_by_hand(folder, hands)
        return
    if not carries_marker(folder):
        raise Problem(
            f"{folder} was not set up by install.py, so nothing was deleted: if it is Scumble's, "
            "delete it yourself."
        )
    # look at everything before the first is deleted
    listed = [Path(name) for name in read_record(folder / "install.json").get("folders", [])]
    venvs = {*listed, *environments(folder)}
    venvs = [path for path in venvs if path.is_symlink() or path.exists()]
    for path in venvs:
        check_deletable(path, folder)
    for name in ("state", *FETCHED):
        if (folder / name).is_symlink():
            raise Problem(f"{folder / name} is a link, so nothing was deleted: delete it yourself.")
    kritas, gimps = (installed_in(editor, folder) for editor in ("krita", "gimp"))
    if kritas or (by_hand(folder)[0] and not is_plug_in()):
        check_krita_closed()
    kept = artists_own(folder / "state")
    for path, what in kept:
        fate = "are deleted too" if purge else "are kept (--purge deletes them too)"
        print(f"Your {what} {fate}: {path}")
    stop_backend(folder, hands)
    for resources, settings in kritas:
        take_out_of_krita(Path(resources), Path(settings), hands)
    for plugins in gimps:
        take_out_of_gimp(Path(plugins), hands)
    take_out_what_came_by_hand(folder, hands)
    say_cache(current(folder), hands)
    for path in [*venvs, *(folder / name for name in FETCHED)]:
        hands.delete(path)
    keep = [] if purge else [path for path, _ in kept]
    for path in sorted((folder / "state").glob("*")):
        if path not in keep:
            hands.delete(path)
    for name in ("install.json", "install.log"):
        hands.delete(folder / name)
    if not keep:
        hands.delete(folder / "state")
    if others := not_ours(folder):
        print(f"Not Scumble's, and left where it is, in {folder}: {', '.join(others)}.")
    elif not keep:
        hands.delete(folder)
    hands.tell("Scumble is uninstalled.")


def by_hand(folder):
    """(of Krita, of GIMP): the plug-ins that were brought in by the editor's own means and use this
    folder, as their places are noted for those that install.py brought."""
    noted = [Path(each) for each in installed_in("gimp", folder)]
    kritas = [
        (resources, settings)
        for resources, settings in find_kritas()
        if [str(resources), str(settings)] not in installed_in("krita", folder)
        and came_by_hand(resources / "pykrita/scumble", resources / "pykrita/scumble", folder)
    ]
    gimps = [
        plugins
        for plugins in find_gimps()
        if plugins not in noted
        and came_by_hand(plugins / GIMP_NAME, plugins / GIMP_NAME / "scumble", folder)
    ]
    return kritas, gimps


def came_by_hand(place, package, folder):
    return carries_marker(place) and home_of(package) == folder


def is_plug_in():
    """Whether this is what travels inside a plug-in, which does not take itself away."""
    return any(Path(each).name == PROJECT for each in sys.orig_argv[1:])


def take_out_what_came_by_hand(folder, hands):
    kritas, gimps = by_hand(folder)
    if is_plug_in():
        for place in (*(resources / "pykrita/scumble" for resources, _ in kritas), *gimps):
            print(f"The plug-in stays in {place}: delete it in the editor's own way.")
        return
    if kritas:
        check_krita_closed()
    for resources, settings in kritas:
        print(f"Taking out the plug-in that was brought into Krita by hand ({resources}).")
        take_out_of_krita(resources, settings, hands)
    for plugins in gimps:
        print(f"Taking out the plug-in that was brought into GIMP by hand ({plugins}).")
        take_out_of_gimp(plugins, hands)


def artists_own(state):
    """(path, what it is) of what cannot be had again."""
    patterns = {
        "presets.json": "presets",
        "presets.damaged*": "presets, damaged",
        "unclaimed": "results not yet taken",
        "history": "the history of your documents",
        "unsaved*.png": "results that could not be saved",
    }
    return [
        (path, what)
        for pattern, what in patterns.items()
        for path in sorted(state.glob(pattern))
        if path.is_file() or any(path.iterdir())
    ]


def check_deletable(path, folder):
    """Refuse to delete what install.py did not make, or what lies elsewhere."""
    inside = path.is_absolute() and ".." not in path.parts and folder in path.parents
    if not inside or path.resolve() != folder.resolve() / path.relative_to(folder):
        raise Problem(
            f"install.json lists {path}, which is not in {folder}, so nothing was deleted: delete "
            "it yourself if it is Scumble's."
        )
    if not ours(path):
        raise Problem(
            f"{path} does not carry install.py's mark, so nothing was deleted: delete it yourself "
            "if it is Scumble's."
        )


def say_cache(venv, hands):
    """uv keeps downloads for other programs too, so they are not ours to delete."""
    if venv_python(venv).exists():
        found = subprocess.run(
            [venv_python(venv), "-m", "uv", "cache", "dir"],
            env=clean_environment(), capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        cache = Path(found.stdout.strip())
        if found.returncode == 0 and cache.is_dir():
            print(f"Downloads are kept for other programs in {cache}: delete it for more room.")
