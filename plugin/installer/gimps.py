"""Every GIMP 3 of this user's: found, given the plug-in, looked at, and rid of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer import Problem
from installer.hands import clean_environment, ours
from installer.home import note_editor
from installer.plugin import fill_package, make_in_place, same_package
from installer.project import ROOT

GIMP_NAME = "plug-in-scumble"  # of the folder and of the file in it


def put_into_gimp(folder, hands):
    """The plug-in, and pyzmq where GIMP's Python can load it: in each GIMP 3."""
    found = expect_gimps()
    note_editor("gimp", [str(path) for path in found], folder, hands)
    for plugins in found:
        hands.say(f"Putting the plug-in into GIMP ({plugins})")
        make_in_place(plugins / GIMP_NAME, hands, lambda new: fill_gimp_folder(new, folder, hands))
    if not has_bindings():
        print(
            "GIMP's Python part is missing, without which no plug-in in Python starts: install it "
            "(sudo apt install gir1.2-gimp-3.0 python3-gi, or your system's packages of that kind)."
        )
    hands.tell("Start GIMP, or start it again: Filters > Artistic > Scumble: Style Transfer...")


def expect_gimps():
    """As find_gimps. Raises Problem where there is none: to be asked before any download."""
    if found := find_gimps():
        return found
    raise Problem(
        "No GIMP 3 was found: install it from gimp.org, start it once, then start install.py again."
    )


def find_gimps():
    """The plug-ins folder of each GIMP 3 that this user has started, however it came."""
    user = Path.home()
    if sys.platform == "win32":
        parents = [Path(os.environ.get("APPDATA", user), "GIMP")]
    elif sys.platform == "darwin":
        parents = [user / "Library/Application Support/GIMP"]
    else:
        config = Path(os.environ.get("XDG_CONFIG_HOME") or user / ".config")
        flatpak, snap = user / ".var/app/org.gimp.GIMP/config", user / "snap/gimp/current/.config"
        parents = [each / "GIMP" for each in (config, flatpak, snap)]
    found = [path for each in parents for path in sorted(each.glob("3.*")) if path.is_dir()]
    if os.environ.get("GIMP3_DIRECTORY"):
        found.append(Path(os.environ["GIMP3_DIRECTORY"]))
    return [path / "plug-ins" for path in found]


def fill_gimp_folder(target, folder, hands):
    """GIMP starts the file of the folder's own name, and only where it may be executed."""
    entry = target / f"{GIMP_NAME}.py"
    if hands.dry:
        hands.would(f"write {entry}")
    else:
        shutil.copy(ROOT / "plugin/gimp" / entry.name, entry)
        entry.chmod(0o755)
    # GIMP's own Python on Windows and macOS takes no compiled packages: a courier speaks for it
    fill_package(target / "scumble", folder, hands, with_zmq=sys.platform == "linux")


def has_bindings():
    """Systems may keep the Python part of their own GIMP in another package."""
    code = "import gi; [gi.require_version(each, '3.0') for each in ('Gimp', 'GimpUi')]"
    command = ["/usr/bin/env", "python3", "-c", code]
    return not (sys.platform == "linux" and shutil.which("gimp")) or not subprocess.call(
        command, env=clean_environment(), stderr=subprocess.DEVNULL
    )


def take_out_of_gimp(plugins, hands):
    """Delete what put_into_gimp wrote; what does not carry our mark stays."""
    for path in (plugins / f"{GIMP_NAME}.new", plugins / GIMP_NAME):
        if ours(path):
            hands.delete(path)
        elif path.exists():
            print(
                f"{path} does not carry install.py's mark: delete it yourself if it is Scumble's."
            )


def examine_gimp(plugins):
    target, cure = plugins / GIMP_NAME, "run install.py --editor gimp."
    if not target.exists():
        return True, f"GIMP ({plugins}) is without the plug-in: install.py --editor gimp."
    if not same_package(target / "scumble"):
        return False, f"The plug-in in GIMP ({plugins}) is of another version: {cure}"
    if not os.access(target / f"{GIMP_NAME}.py", os.X_OK):
        return False, f"GIMP may not start the plug-in in {plugins}: {cure}"
    return True, f"The plug-in is in GIMP ({plugins})."
