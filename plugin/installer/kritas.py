"""Every Krita of this user's: found, given the plug-in, looked at, and rid of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer import Problem
from installer.hands import ours
from installer.home import note_editor
from installer.plugin import fill_package, make_in_place, same_package
from installer.project import ROOT


def put_into_krita(folder, hands):
    """The plug-in, pyzmq for Krita's Python, and the switch that turns it on: in each Krita."""
    found = expect_kritas()
    note_editor("krita", [[str(path) for path in pair] for pair in found], folder, hands)
    for resources, settings in found:
        hands.say(f"Putting the plug-in into Krita ({resources})")
        target = resources / "pykrita/scumble"
        make_in_place(target, hands, lambda new: fill_package(new, folder, hands))
        for source, place in plugin_files(resources).items():
            if hands.dry:
                hands.would(f"write {place}")
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / "plugin/krita" / source, place)
        enable_plugin(settings, True, hands)
    hands.tell("Start Krita: Filter > Artistic > Scumble: Style Transfer...")


def expect_kritas():
    """As find_kritas. Raises Problem where there is none, or it runs: to be asked before any
    download."""
    found = find_kritas()
    if not found:
        raise Problem(
            "No Krita was found: install it from krita.org, start it once, then start install.py "
            "again."
        )
    check_krita_closed()
    return found


def find_kritas():
    """(resource folder, settings file) of each Krita that this user has, however it came."""
    user = Path.home()
    if sys.platform == "win32":
        roaming, local = (Path(os.environ.get(name, user)) for name in ("APPDATA", "LOCALAPPDATA"))
        program = Path(os.environ.get("PROGRAMFILES", "C:/Program Files"), "Krita (x64)")
        places = [(roaming / "krita", local / "kritarc", program.exists())]
    elif sys.platform == "darwin":
        library = user / "Library"
        program = Path("/Applications/krita.app").exists()
        data = library / "Application Support/krita"
        places = [(data, library / "Preferences/kritarc", program)]
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or user / ".local/share")
        config = Path(os.environ.get("XDG_CONFIG_HOME") or user / ".config")
        flatpak, snap = user / ".var/app/org.kde.krita", user / "snap/krita/current"
        places = [
            (data / "krita", config / "kritarc", bool(shutil.which("krita"))),
            (flatpak / "data/krita", flatpak / "config/kritarc", flatpak.exists()),
            (snap / ".local/share/krita", snap / ".config/kritarc", snap.exists()),
        ]
    return [
        (moved_resources(settings) or resources, settings)
        for resources, settings, program in places
        if program or resources.exists()
    ]


def moved_resources(settings):
    """Where the artist moved Krita's resources to, or None."""
    for line in read_settings(settings).splitlines():
        if line.startswith("ResourceDirectory=") and Path(line.partition("=")[2]).is_dir():
            return Path(line.partition("=")[2])
    return None


def check_krita_closed():
    if krita_runs():
        raise Problem(
            "Krita is open, and would undo what is changed in its settings when it closes: close "
            "Krita, then start install.py again."
        )


def krita_runs():
    if sys.platform == "linux":
        names = []
        for path in Path("/proc").glob("[0-9]*/comm"):
            try:
                names.append(path.read_text(errors="replace").strip())
            except OSError:  # ended meanwhile
                continue
        return "krita" in names
    asks = ["pgrep", "-x", "krita"]
    if sys.platform == "win32":
        asks = ["tasklist", "/FI", "IMAGENAME eq krita.exe"]
    found = subprocess.run(asks, capture_output=True, text=True, errors="replace")
    return "krita" in found.stdout if sys.platform == "win32" else found.returncode == 0


def plugin_files(resources):
    """What lies beside the package: our file -> its place."""
    return {
        "scumble.desktop": resources / "pykrita/scumble.desktop",
        "scumble.action": resources / "actions/scumble.action",
    }


def enable_plugin(settings, on, hands):
    """Turn the plug-in on, or forget it, in kritarc; the artist's own file is kept as it was."""
    text = read_settings(settings)
    changed = with_plugin(text, on)
    if changed == text:
        return
    kept = settings.with_name("kritarc.before-scumble")
    if on and text and not kept.exists():
        hands.write(kept, text)
    if not hands.dry:
        settings.parent.mkdir(parents=True, exist_ok=True)
    hands.write(settings, changed)


def with_plugin(text, on):
    """kritarc's text with the plug-in turned on, or without a word of it."""
    lines = [line for line in text.splitlines() if not line.startswith("enable_scumble=")]
    if on and "[python]" not in lines:
        lines += ["", "[python]"] if lines else ["[python]"]
    if on:
        lines.insert(lines.index("[python]") + 1, "enable_scumble=true")
    return "".join(f"{line}\n" for line in lines)


def read_settings(path):
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except ValueError:
        raise Problem(f"{path} is no text in UTF-8: start Krita once, which repairs it.") from None


def take_out_of_krita(resources, settings, hands):
    """Delete what put_into_krita wrote; what does not carry our mark stays."""
    package = resources / "pykrita/scumble"
    if package.exists() and not ours(package):
        print(f"{package} does not carry install.py's mark: delete it yourself if it is Scumble's.")
        return
    for path in (resources / "pykrita/scumble.new", package, *plugin_files(resources).values()):
        if path.is_file() or ours(path):
            hands.delete(path)
    enable_plugin(settings, False, hands)


def examine_krita(resources, settings):
    package, cure = resources / "pykrita/scumble", "close Krita and run install.py --editor krita."
    if not package.exists():
        return True, f"Krita ({resources}) is without the plug-in: install.py --editor krita."
    missing = [path for path in plugin_files(resources).values() if not path.exists()]
    if not same_package(package) or missing:
        return False, f"The plug-in in Krita ({resources}) is of another version: {cure}"
    if "enable_scumble=true" not in read_settings(settings):
        return False, f"The plug-in in Krita ({resources}) is turned off: {cure}"
    return True, f"The plug-in is in Krita ({resources}), and turned on."
