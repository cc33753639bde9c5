#!/usr/bin/env python3
"""Set Scumble up, try it, test it, or take it away again.

    python3 install.py                 set up the backend in Scumble's folder
    python3 install.py --demo          the same, then repaint the sample document
    python3 install.py --editor krita  the same, and put the plug-in into Krita (or gimp, or all)
    python3 install.py --test [...]    set up what the tests need in .venv, then run pytest [...]
    python3 install.py --doctor        say what is wrong with it, and what to do
    python3 install.py --uninstall     delete what was set up (--purge: the presets too)
    ... --dry-run                      say all that would be done, and do nothing

One file and the standard library only, since it runs before anything is installed. The installed
Scumble is a copy: this folder may be deleted afterwards. Nothing outside Scumble's folder
(SCUMBLE_HOME) is written, but .venv here for the tests, the demo's two pictures, and, where it is
asked for, the plug-in in the editor's own folder.

Interrupted at any moment, it leaves nothing that the next run does not repair: install.json says
that the environment is complete only after its last step, and an incomplete one is made anew.
"""

import sys

# This file must stay readable to Python 3.6, or an older Python says "SyntaxError" and not this.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit(
        "Scumble needs Python 3.10 or newer, and this is Python {}.{}: install a newer Python from "
        "python.org or your system's packages, and start install.py with that.".format(
            *sys.version_info[:2]
        )
    )

import argparse
import hashlib
import importlib.util
import io
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
NEWEST_TRIED = (3, 14)
PACKAGES = ("scumble", "scumble_backend")
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "plugin", "backend")  # all that a build reads
NOT_SOURCES = ("__pycache__", "*.pyc", "*.egg-info", "build")

GIMP_NAME = "plug-in-scumble"  # of the folder and of the file in it

MARKER = ".made-by-scumble"  # lies in every folder that --uninstall may delete
MARKED = "Made by Scumble's install.py, which deletes this folder on --uninstall.\n"
OURS = ("venv", "state", "weights", "install.json", "install.log", MARKER)

# GB to download and GB on disk, measured on Linux, Python 3.13: torch for NVIDIA cards, and without
SIZES = {"cuda": (3.1, 6.0), "small": (0.3, 1.4)}
PROBE_SECONDS = 15  # torch's own index answers in one or two, or not at all

PYTHONS = ("3.10", "3.11", "3.12")  # of the editors; pyzmq for 3.12 serves all later ones too

SAMPLE = ROOT / "backend/scumble_backend/sample/sample.ora"
SAMPLE_LAYERS = ("--content", "Photograph", "--style", "Night wind", "--style", "Red harbour")
SAMPLE_SIZE = ("--working-size", "540")  # its own: on a busy computer auto would take a smaller one


class Problem(Exception):
    """What happened and what to do, in a sentence for the user."""


def main():
    options = read_options(sys.argv[1:])
    hands = Hands(options.dry_run)
    try:
        if options.uninstall:
            uninstall(home(), hands, options.purge)
            return 0
        if options.doctor:
            return doctor(home())
        check_interpreter()
        if options.test is not None:
            return test(options.test, hands)
        set_up(home(), hands)
        # an old plug-in may not speak with a new backend
        kritas, gimps = find_kritas(), find_gimps()
        if options.editor in ("krita", "all") or (installed_in("krita", home()) and kritas):
            put_into_krita(home(), hands)
        elif kritas:
            hands.tell("Krita is here: install.py --editor krita puts Scumble into its menu.")
        if options.editor in ("gimp", "all") or (installed_in("gimp", home()) and gimps):
            put_into_gimp(home(), hands)
        elif gimps:
            hands.tell("GIMP is here: install.py --editor gimp puts Scumble into its menu.")
        if options.demo:
            demo(home(), hands)
        return 0
    except Problem as problem:
        print(f"install.py: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Start install.py again to go on; what is downloaded is kept.")
        return 130
    except OSError as error:
        print(
            f"install.py: {error.filename or 'A file'} cannot be used ({error.strerror}): see that "
            "the disk is not full and that the folder is yours, then start install.py again.",
            file=sys.stderr,
        )
        return 1


def read_options(arguments):
    """The flags. All that follows --test goes to pytest unread."""
    ours, pytest = arguments, None
    if "--test" in arguments:
        cut = arguments.index("--test")
        ours, pytest = arguments[:cut], arguments[cut + 1 :]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--demo", action="store_true", help="then repaint the sample document")
    what.add_argument("--test", action="store_true", help="run the tests; the rest is for pytest")
    what.add_argument("--doctor", action="store_true", help="say what is wrong and what to do")
    what.add_argument("--uninstall", action="store_true", help="delete what was set up")
    parser.add_argument(
        "--editor", choices=["krita", "gimp", "all"], help="put the plug-in into this editor"
    )
    parser.add_argument("--purge", action="store_true", help="with --uninstall: presets too")
    parser.add_argument("--dry-run", action="store_true", help="say it, do nothing")
    options = parser.parse_args(ours)
    if options.purge and not options.uninstall:
        parser.error("--purge goes with --uninstall")
    others = options.demo or options.doctor or options.uninstall or options.editor
    if pytest is not None and others:
        parser.error("--test goes with neither --demo, --doctor, --uninstall nor --editor")
    if options.uninstall and options.editor:
        parser.error("--uninstall takes Scumble out of every editor: leave --editor away")
    options.test = pytest
    return options


# The steps ------------------------------------------------------------------------------------


def set_up(folder, hands):
    """Scumble's folder: an environment with a copy of both packages, and a record of it."""
    check_home(folder)
    venv, record, log = folder / "venv", folder / "install.json", folder / "install.log"
    wanted, found = fingerprints(), read_record(record).get("environment", {})
    if found.get("dependencies") == wanted["dependencies"] and usable(venv):
        if found.get("sources") == wanted["sources"] and unchanged(read_record(record)):
            print(f"Scumble is set up in {folder}.")
            return
    else:
        found = {}
    print(f"Setting up Scumble in {folder}.")
    hands.mark(folder)
    hands.delete(log)
    stop_backend(folder, hands)
    editors = read_record(record).get("editors", {})
    hands.write(record, as_json({"version": 1, "folders": [str(venv)], "editors": editors}))
    if not found:
        make_environment(venv, log, hands)
    hands.say("Installing Scumble itself (a copy: this folder may be deleted afterwards)")
    install_copy(venv, log, hands)
    check_import(venv, log, hands)
    hands.write(record, lambda: describe(venv, wanted, editors))
    hands.tell(f"Scumble is set up in {folder}.")


def demo(folder, hands):
    """Repaint the sample document the way an editor would, and say where the result lies."""
    document = free_name(Path.cwd() if os.access(Path.cwd(), os.W_OK) else folder)
    picture = document.with_suffix(".png")
    print(f"Repainting the sample document: {document}")
    command = [venv_script(folder / "venv", "scumble"), "stylize", SAMPLE]
    command += [*SAMPLE_LAYERS, *SAMPLE_SIZE, "-o", document]
    if hands.dry:
        hands.would(f"run {shown(command)}")
        hands.would(f"write {picture}")
        return
    environment = {**clean_environment(), "SCUMBLE_HOME": str(folder)}
    if subprocess.call(command, env=environment) != 0:
        raise Problem(
            "The sample document could not be repainted: the reason stands above, and more in "
            f"{folder / 'state' / 'server.log'}."
        )
    with zipfile.ZipFile(document) as archive:
        picture.write_bytes(archive.read("mergedimage.png"))
    print(f"The new document: {document}\nThe picture:      {picture}")


def test(arguments, hands):
    """The tests in an environment of their own, which sees this folder's files as they are."""
    venv, log = ROOT / ".venv", ROOT / ".venv/install.log"
    record = venv / "install.json"
    needs = fingerprints("test", "train")["dependencies"]
    wanted = {"dependencies": needs, "project": sha256(ROOT / "pyproject.toml")}
    found = read_record(record).get("environment", {})
    if found != wanted or not usable(venv):
        print(f"Setting up the tests in {venv}.")
        if found.get("dependencies") != needs or not usable(venv):
            make_environment(venv, log, hands)
        hands.say("Installing what the tests need")
        uv(venv, ["install", "--editable", f"{ROOT}[test,train]"], log, hands)
        check_import(venv, log, hands)
        hands.write(record, as_json({"version": 1, "environment": wanted}))
    command = [venv_python(venv), "-m", "pytest", *arguments]
    if hands.dry:
        hands.would(f"run {shown(command)}")
        return 0
    sys.stdout.flush()
    return subprocess.call(command, cwd=ROOT, env=clean_environment())


def uninstall(folder, hands, purge=False):
    """Delete what install.json lists and what carries our marker; keep the artist's presets."""
    check_home(folder, deleting=True)
    if not folder.exists():
        print(f"Nothing is installed in {folder}.")
        return
    if not carries_marker(folder):
        raise Problem(
            f"{folder} was not set up by install.py, so nothing was deleted: if it is Scumble's, "
            "delete it yourself."
        )
    # look at everything before the first is deleted
    listed = [Path(name) for name in read_record(folder / "install.json").get("folders", [])]
    venvs = [path for path in {*listed, folder / "venv"} if path.is_symlink() or path.exists()]
    for path in venvs:
        check_deletable(path, folder)
    for name in ("state", "weights"):
        if (folder / name).is_symlink():
            raise Problem(f"{folder / name} is a link, so nothing was deleted: delete it yourself.")
    kritas, gimps = (installed_in(editor, folder) for editor in ("krita", "gimp"))
    if kritas:
        check_krita_closed()
    stop_backend(folder, hands)
    for resources, settings in kritas:
        take_out_of_krita(Path(resources), Path(settings), hands)
    for plugins in gimps:
        take_out_of_gimp(Path(plugins), hands)
    say_cache(folder / "venv", hands)
    for path in [*venvs, folder / "weights"]:
        hands.delete(path)
    presets = folder / "state/presets.json"
    keep = presets.exists() and not purge
    for path in sorted((folder / "state").glob("*")):
        if path != presets or not keep:
            hands.delete(path)
    for name in ("install.json", "install.log"):
        hands.delete(folder / name)
    if keep:
        print(f"Your presets are kept: {presets} (--purge deletes them too).")
    else:
        hands.delete(folder / "state")
    others = [path.name for path in folder.iterdir() if path.name not in OURS]
    if others:
        print(f"Not Scumble's, and left where it is, in {folder}: {', '.join(sorted(others))}.")
    elif not keep:
        hands.delete(folder)
    hands.tell("Scumble is uninstalled.")


def doctor(folder):
    """Look at all that was installed, then let the backend look at itself; 1 where all is not well.

    Where something is wrong the lines say what to do; home folders are left out of them, so that
    they can be shown to others.
    """
    well = True
    for good, sentence in examine(folder):
        well = well and good
        print(f"{'ok ' if good else 'BAD'}  {sentence.replace(str(Path.home()), '~')}", flush=True)
    if usable(folder / "venv"):
        command = [venv_python(folder / "venv"), "-m", "scumble_backend", "doctor"]
        environment = {**clean_environment(), "SCUMBLE_HOME": str(folder)}
        well = subprocess.call(command, env=environment) == 0 and well
    print("All is well." if well else "Not all is well: do what the lines marked BAD say.")
    return 0 if well else 1


def examine(folder):
    """(whether it is well, a sentence) for each part of the installation."""
    yield True, f"Python {platform.python_version()} on {platform.platform()}."
    record = read_record(folder / "install.json")
    if not usable(folder / "venv"):
        yield False, f"There is no whole environment in {folder}: run install.py."
        return
    installed = record.get("environment", {})
    yield True, f"The environment in {folder} is whole, with torch {installed.get('torch')}."
    yield (
        (True, "Scumble's own files are as they were installed.")
        if unchanged(record)
        else (False, "Some of Scumble's own files were changed or are missing: run install.py.")
    )
    if installed.get("sources") != fingerprints()["sources"]:
        yield False, "This folder holds another version than the one installed: run install.py."
    for resources, settings in find_kritas():
        yield examine_krita(resources, settings)
    for plugins in find_gimps():
        yield examine_gimp(plugins)


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


def examine_gimp(plugins):
    target, cure = plugins / GIMP_NAME, "run install.py --editor gimp."
    if not target.exists():
        return True, f"GIMP ({plugins}) is without the plug-in: install.py --editor gimp."
    if not same_package(target / "scumble"):
        return False, f"The plug-in in GIMP ({plugins}) is of another version: {cure}"
    if not os.access(target / f"{GIMP_NAME}.py", os.X_OK):
        return False, f"GIMP may not start the plug-in in {plugins}: {cure}"
    return True, f"The plug-in is in GIMP ({plugins})."


def same_package(package):
    """Whether an editor's copy is this folder's, and knows a Python that is there."""
    source = ROOT / "plugin/scumble"
    files = [path.relative_to(source) for path in source.rglob("*.py")]
    interpreter = package / "interpreter.txt"
    return all(
        (package / path).is_file() and sha256(package / path) == sha256(source / path)
        for path in files
    ) and (interpreter.is_file() and Path(interpreter.read_text(encoding="utf-8").strip()).exists())


# The environment ------------------------------------------------------------------------------


def make_environment(venv, log, hands):
    """A fresh environment with pip, uv, and the torch that fits this machine."""
    check_ensurepip()
    wants = "cuda" if has_nvidia() else "small"
    check_space(SIZES[wants][1], venv.parent)
    if (venv.exists() or venv.is_symlink()) and not ours(venv):
        raise Problem(f"{venv} was not made by install.py: move it away and start again.")
    hands.delete(venv)
    hands.mark(venv)
    hands.say("Making a Python environment")
    hands.run([sys.executable, "-m", "venv", venv], log)
    hands.say("Fetching uv, the installer (about 18 MB)")
    pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "uv"]
    hands.run([venv_python(venv), *pip], log)
    install_torch(venv, log, hands)


def install_torch(venv, log, hands):
    """torch and torchvision, always as a pair.

    The registry's pair for Linux carries 4 GB of CUDA, and the one for Windows no CUDA at all; the
    right build lies on torch's own index, which not every network can reach: ask it first.
    """
    pair, chosen = ["torch", "torchvision"], ["--torch-backend", "auto"]
    own_index = sys.platform == "win32" or (sys.platform == "linux" and not has_nvidia())
    if own_index and hands.dry:
        hands.would("ask torch's own index for the build that fits this machine, and fetch that")
        hands.would("or, where the index does not answer, fetch the registry's:")
        own_index = False
    if own_index:
        hands.say("Asking which torch fits this machine")
        impatient = {"UV_HTTP_TIMEOUT": "5", "UV_HTTP_RETRIES": "0"}
        asked = ["install", "--dry-run", *chosen, *pair]
        own_index = uv(venv, asked, log, hands, impatient, limit=PROBE_SECONDS)
        if not own_index:
            hands.tell("torch's own index does not answer: taking the larger one of the registry.")
    size = "cuda" if has_nvidia() or (sys.platform == "linux" and not own_index) else "small"
    check_space(SIZES[size][1], venv.parent)
    hands.say(f"Fetching torch, which does the painting ({cost(*SIZES[size])})")
    if own_index and uv(venv, ["install", *chosen, *pair], log, hands, {}):
        return
    uv(venv, ["install", *pair], log, hands)


def install_copy(venv, log, hands):
    """Both packages, built in a temporary folder: a build would leave its litter here."""
    with tempfile.TemporaryDirectory(prefix="scumble-") as temporary:
        source = Path(temporary, "scumble")
        if not hands.dry:
            copy_sources(source)
        # named, since an equal version number would pass for the same
        uv(venv, ["install", "--reinstall-package", "scumble", source], log, hands)


def copy_sources(target):
    target.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns(*NOT_SOURCES))
        else:
            shutil.copy(ROOT / name, target)


def uv(venv, arguments, log, hands, extra=None, limit=None):
    """Run `uv pip ...` for the environment. With extra (variables): False where it fails."""
    command = [venv_python(venv), "-m", "uv", "pip", arguments[0], "--python", venv_python(venv)]
    return hands.run([*command, *arguments[1:]], log, extra, limit)


def check_import(venv, log, hands):
    hands.say("Trying it")
    parts = "torch, torchvision, numpy, PIL, zmq, safetensors, psutil, pyvips"
    hands.run([venv_python(venv), "-c", f"import {parts}, {', '.join(PACKAGES)}"], log)


def usable(venv):
    """Whether the environment's Python starts and has what Scumble needs (a system's upgrade may
    have taken the Python away)."""
    names = ("torch", "torchvision", *PACKAGES)
    code = f"from importlib.util import find_spec as f; assert all(map(f, {names}))"
    try:
        command = [venv_python(venv), "-c", code]
        return carries_marker(venv) and not subprocess.call(
            command, env=clean_environment(), cwd=venv, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False


def venv_python(venv):
    return venv_script(venv, "python")


def venv_script(venv, name):
    return venv / (f"Scripts/{name}.exe" if sys.platform == "win32" else f"bin/{name}")


def clean_environment():
    """The environment without what would lead pip, uv or Python astray."""
    foreign = ("PYTHON", "VIRTUAL_ENV", "CONDA_", "__PYVENV_LAUNCHER__", "LD_LIBRARY_PATH")
    astray = ("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PIP_CONSTRAINT")
    uv_astray = ("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_PREFIX", "UV_PROJECT")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((*foreign, *astray, *uv_astray))
    }
    if has_certificates():  # uv brings its own, but a company's network needs the system's
        kept.setdefault("UV_SYSTEM_CERTS", "true")
    return kept


# The plug-in ----------------------------------------------------------------------------------


def installed_in(editor, folder):
    """Where the plug-in was put before."""
    return read_record(folder / "install.json").get("editors", {}).get(editor, [])


def note_editor(editor, places, folder, hands):
    """Before the first file, so that --uninstall knows of an installation that broke off."""
    record, known = read_record(folder / "install.json"), installed_in(editor, folder)
    places = known + [each for each in places if each not in known]
    editors = {**record.get("editors", {}), editor: places}
    hands.write(folder / "install.json", as_json({**record, "editors": editors}))


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
    """The package with all it needs: the backend's Python, and pyzmq for the editor's."""
    if hands.dry:
        hands.would(f"copy the plug-in to {target}")
    else:
        leave = shutil.ignore_patterns(*NOT_SOURCES)
        shutil.copytree(ROOT / "plugin/scumble", target, ignore=leave, dirs_exist_ok=True)
        interpreter = str(venv_python(folder / "venv"))
        (target / "interpreter.txt").write_text(interpreter, encoding="utf-8")
    for version in PYTHONS if with_zmq else ():
        place = target / "vendor" / f"cp{version.replace('.', '')}"
        only = ["--python-version", version, "--only-binary", ":all:"]
        asked = ["install", "--target", place, *only, "pyzmq>=27"]
        uv(folder / "venv", asked, folder / "install.log", hands)


# Krita ----------------------------------------------------------------------------------------


def put_into_krita(folder, hands):
    """The plug-in, pyzmq for Krita's Python, and the switch that turns it on: in each Krita."""
    found = find_kritas()
    if not found:
        raise Problem(
            "No Krita was found: install it from krita.org, start it once, then start install.py "
            "again."
        )
    check_krita_closed()
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


# GIMP -----------------------------------------------------------------------------------------


def put_into_gimp(folder, hands):
    """The plug-in, and pyzmq where GIMP's Python can load it: in each GIMP 3."""
    found = find_gimps()
    if not found:
        raise Problem(
            "No GIMP 3 was found: install it from gimp.org, start it once, then start install.py "
            "again."
        )
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


# What is there --------------------------------------------------------------------------------


def home():
    """Scumble's folder; the same rule as scumble/connection.py, and a test compares the two."""
    chosen = os.environ.get("SCUMBLE_HOME")
    if chosen:
        return Path(chosen).absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "scumble"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/scumble"
    return Path.home() / ".local/share/scumble"


def fingerprints(*extras):
    """Two hashes: of what is to be downloaded, and of all that is copied."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"^\w+ = \[.*?\]$", project.partition("[project]")[2], re.M | re.S)
    needs = "".join(each for each in lists if each.split()[0] in ("dependencies", *extras))
    sources = hashlib.sha256()
    for path in source_files():
        sources.update(f"{path.relative_to(ROOT).as_posix()}\0{sha256(path)}\0".encode())
    needs = hashlib.sha256(needs.encode()).hexdigest()
    return {"dependencies": needs, "sources": sources.hexdigest()}


def source_files():
    for name in SOURCES:
        path = ROOT / name
        if path.is_file():
            yield path
        elif not path.is_dir():
            raise Problem(f"{path} is missing: this copy of Scumble is not whole, get a new one.")
        for below in sorted(path.rglob("*")):
            if below.is_file() and not any(
                Path(part).match(pattern)
                for part in below.relative_to(path).parts
                for pattern in NOT_SOURCES
            ):
                yield below


def describe(venv, wanted, editors):
    """What install.json says of a complete installation."""
    code = "import sysconfig, torch; print(sysconfig.get_path('purelib'), torch.__version__)"
    command = [venv_python(venv), "-c", code]
    said = subprocess.check_output(command, env=clean_environment(), text=True, encoding="utf-8")
    site, torch = said.strip().rsplit(" ", 1)
    files = {
        str(path): sha256(path)
        for package in PACKAGES
        for path in sorted(Path(site, package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    environment = {**wanted, "python": platform.python_version(), "torch": torch}
    whole = {"version": 1, "folders": [str(venv)], "environment": environment}
    return as_json({**whole, "editors": editors, "files": files})


def unchanged(record):
    """Whether the installed files are still as they were written."""
    return all(
        Path(name).is_file() and sha256(Path(name)) == value
        for name, value in record.get("files", {}).items()
    )


def read_record(path):
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return record if isinstance(record, dict) else {}
    except (OSError, ValueError):
        return {}


def as_json(record):
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def has_nvidia():
    return bool(shutil.which("nvidia-smi")) or any(
        Path(path).exists() for path in ("/proc/driver/nvidia", "/dev/nvidia0")
    )


def has_certificates():
    """Whether the system keeps certificates; a bare Linux may have none."""
    known = ("ssl/certs/ca-certificates.crt", "pki/tls/certs/ca-bundle.crt", "ssl/ca-bundle.pem")
    return sys.platform != "linux" or any(Path("/etc", name).exists() for name in known)


def carries_marker(folder):
    try:
        return not folder.is_symlink() and (folder / MARKER).read_text(encoding="utf-8") == MARKED
    except (OSError, ValueError):
        return False


def ours(folder):
    """Marked, or empty: as it is for a moment before the mark is made and after it is deleted."""
    return carries_marker(folder) or (
        folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())
    )


def free_name(folder):
    """scumble-demo.ora, or the first of -2, -3 ... that writes over nothing."""
    names = (f"scumble-demo{f'-{n}' if n > 1 else ''}.ora" for n in range(1, 10_000))
    return next(
        folder / name
        for name in names
        if not (folder / name).exists() and not (folder / name).with_suffix(".png").exists()
    )


# Checks, each with its sentence ---------------------------------------------------------------


def check_interpreter():
    """Refuse a Python whose environment would not work, and say which one to take."""
    remedy = "install Python from python.org and start install.py with that."
    if sys.platform == "win32" and "MSC" not in sys.version:
        raise Problem(f"This is the Python of MSYS2, for which torch is not made: {remedy}")
    if sys.platform == "win32" and "WindowsApps" in sys.executable:
        raise Problem(
            "This is the Python of the Microsoft Store, whose files other programs cannot see: "
            + remedy
        )
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        raise Problem(
            "This is an Intel Mac, or a Python for one, and torch is no longer made for those: on "
            f"an Apple silicon Mac {remedy}"
        )
    if sys.maxsize < 2**32:
        raise Problem(f"This Python is a 32-bit one, for which torch is not made: {remedy}")
    if sys.version_info[:2] > NEWEST_TRIED:
        print(
            f"Python {platform.python_version()} is newer than Scumble was tried with: if torch "
            "cannot be installed, take Python 3.13."
        )


def check_ensurepip():
    """Debian and Ubuntu keep a part of Python in a package of its own."""
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        raise Problem(
            "This Python cannot make environments, since your system keeps that part in a package "
            f"of its own: install it (sudo apt install python3-venv, or {package}) and start "
            "install.py again."
        )


def check_space(needed, *folders):
    """needed: GB."""
    for folder in folders:
        while not folder.exists():
            folder = folder.parent
        free = shutil.disk_usage(folder).free / 1e9
        if free < needed:
            raise Problem(
                f"Scumble needs about {needed:.1f} GB on the disk of {folder}, where "
                f"{free:.1f} GB are free: make room, or name a folder on another disk by the "
                "environment variable SCUMBLE_HOME."
            )


def check_home(folder, deleting=False):
    """Refuse a folder that is not Scumble's alone."""
    cure = "name a folder for Scumble alone by the environment variable SCUMBLE_HOME."
    real = folder.resolve()
    if real == Path.home().resolve() or real in Path.home().resolve().parents:
        raise Problem(f"Scumble cannot live in {folder}, which holds all that is yours: {cure}")
    if real == ROOT or real in ROOT.parents:
        raise Problem(f"Scumble cannot live in {folder}, which holds this installer: {cure}")
    if folder.is_symlink() and deleting:
        raise Problem(
            f"{folder} is a link, so nothing was deleted: set SCUMBLE_HOME to {real} and start "
            "again."
        )
    if deleting or not folder.exists() or carries_marker(real):
        return
    if not folder.is_dir():
        raise Problem(f"{folder} is not a folder: {cure}")
    others = [path.name for path in folder.iterdir() if path.name not in OURS]
    if others:
        raise Problem(f"{folder} holds other things ({', '.join(sorted(others)[:3])}): {cure}")


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


def stop_backend(folder, hands):
    """Ask a running backend to leave: its files are about to change."""
    if not backend_listens(folder):
        return
    hands.say("Stopping the backend")
    command = [venv_python(folder / "venv"), "-m", "scumble_backend", "stop"]
    variables = {"SCUMBLE_HOME": str(folder)}
    stopped = command[0].exists() and hands.run(
        command, folder / "install.log", variables, limit=30
    )
    if not hands.dry and (not stopped or backend_listens(folder)):
        raise Problem("Scumble's backend is still at work: close your editor and start again.")


def backend_listens(folder):
    """Whether something accepts connections at the address in the connection file."""
    found = read_record(folder / "state/connection.json")
    try:
        host, _, port = found["address"].rpartition("//")[2].rpartition(":")
        socket.create_connection((host, int(port)), timeout=1).close()
        return True
    except (OSError, KeyError, ValueError, AttributeError):
        return False


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


# The hands: everything that changes the machine goes through here ------------------------------


class Hands:
    """Runs, writes and deletes. In a dry run it only says so."""

    def __init__(self, dry):
        self.dry = dry

    def would(self, what):
        print(f"  would {what}")

    def say(self, step):
        print(f"- {step}", flush=True)

    def tell(self, sentence):
        if not self.dry:
            print(sentence, flush=True)

    def mark(self, folder):
        """Make a folder, and mark it as ours."""
        if carries_marker(folder):
            return
        if self.dry:
            return self.would(f"make {folder}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / MARKER).write_text(MARKED, encoding="utf-8")
        except OSError as error:
            raise Problem(
                f"{folder} cannot be written ({error.strerror}): make it writable, or name another "
                "folder by the environment variable SCUMBLE_HOME."
            ) from error

    def write(self, path, text):
        """Write a file whole or not at all. text may be a function, called only when needed."""
        if self.dry:
            return self.would(f"write {path}")
        new = path.with_name(path.name + ".new")
        new.write_text(text if isinstance(text, str) else text(), encoding="utf-8")
        os.replace(new, path)

    def delete(self, path):
        if not (path.exists() or path.is_symlink()):
            return
        if self.dry:
            return self.would(f"delete {path}")
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            # the mark goes last, so that an interrupted deletion can be taken up again
            for below in path.iterdir():
                if below.is_dir() and not below.is_symlink():
                    shutil.rmtree(below)
                elif below.name != MARKER:
                    below.unlink()
            (path / MARKER).unlink(missing_ok=True)
            path.rmdir()

    def run(self, command, log, extra=None, limit=None):
        """Run a tool, its output going to the log. Where it fails, False if extra (more variables
        for it, perhaps none) is given, else a Problem that names the log."""
        if self.dry:
            self.would(f"run {shown(command)}")
            return True
        began = time.monotonic()
        with open(log, "ab") as output:
            output.write(f"\n$ {shown(command)}\n".encode())
            output.flush()
            process = subprocess.Popen(
                [str(part) for part in command], cwd=log.parent,
                env={**clean_environment(), **(extra or {})},
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
            try:
                code = self._wait(process, began, limit)
            except BaseException:
                process.kill()
                process.wait()
                raise
        if code and extra is None:
            full = b"No space left" in log.read_bytes()[-5000:]
            remedy = "make room on the disk" if full else "see that this computer is online"
            raise Problem(
                f"{Path(command[0]).stem} {' '.join(map(str, command[1:4]))} failed; what it said "
                f"is in {log}: {remedy}, then start install.py again."
            )
        return code == 0

    def _wait(self, process, began, limit):
        """Wait for the tool; on a terminal, count the seconds so that nobody thinks it hangs."""
        while process.poll() is None:
            passed = time.monotonic() - began
            if limit and passed > limit:
                process.kill()
                process.wait()
                return 1
            if sys.stdout.isatty() and passed > 2:
                print(f"\r  {passed:.0f} s ", end="", flush=True)
            time.sleep(0.1)
        if sys.stdout.isatty() and time.monotonic() - began > 2:
            print("\r" + " " * 12 + "\r", end="", flush=True)
        return process.returncode


def shown(command):
    return " ".join(f'"{part}"' if " " in str(part) else str(part) for part in command)


def cost(download, disk):
    """What a download costs, for someone with an ordinary connection."""
    minutes = max(1, round(download * 8000 / 50 / 60))
    return (
        f"{download:.1f} GB to download, about {minutes} minutes at 50 Mbit/s; {disk:.1f} GB on "
        "the disk"
    )


if __name__ == "__main__":
    # a path may hold letters that this terminal cannot show
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace", line_buffering=True)
    sys.exit(main())
