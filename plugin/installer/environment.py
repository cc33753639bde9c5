"""A Python environment with pip, uv, torch and Scumble, and what this machine gives for it."""

import base64
import csv
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from installer import Problem
from installer.hands import MARKER, carries_marker, clean_environment, ours
from installer.project import PACKAGES, copy_sources, dependencies
from scumble.language import decimal, tr
from scumble.needs import SIZES, has_nvidia

NEWEST_TRIED = (3, 14)
PAINTING = ("torch", "torchvision", "safetensors")  # what a computer that only sends goes without
SENDING = ("numpy", "PIL", "zmq", "psutil", "pyvips", *PACKAGES)
BLOCK = 1 << 20  # bytes
PROBE_SECONDS = 15  # torch's own index answers in one or two, or not at all


def parts(only_sends):
    """What is imported out of an environment."""
    return SENDING if only_sends else PAINTING + SENDING


def make_environment(venv, log, hands, damaged=(), only_sends=False):
    """A fresh environment with pip, uv, and the torch that fits this machine, or, where it only
    sends, all that is needed but torch.

    damaged: packages whose files, which uv's cache shares, were; they are fetched again.
    """
    check_ensurepip()
    wants = "sends" if only_sends else "cuda" if has_nvidia() else "small"
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
    if damaged:
        hands.say(f"Fetching again what was damaged ({', '.join(damaged)})")
        hands.run([venv_python(venv), "-m", "uv", "cache", "clean", *damaged], log)
    if only_sends:
        hands.say("Fetching what sends pictures to another computer")
        wanted = [each for each in dependencies() if each.partition(">")[0] not in PAINTING]
        uv(venv, ["install", *wanted], log, hands)
    else:
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
    if not (own_index and uv(venv, ["install", *chosen, *pair], log, hands, {})):
        uv(venv, ["install", *pair], log, hands)
    for build in builds(venv):
        hands.tell(f"It is {build}.")


def builds(venv):
    """Which torch an environment has, as its maker names it: "torch 2.13.0+cu130"."""
    found = venv.glob("**/site-packages/torch-*.dist-info")
    return sorted({each.stem.replace("-", " ", 1) for each in found})


def damaged_packages(venv, hashes=True):
    """The packages in an environment of which a file is another than it was written, or gone: each
    brings a list of its files, with sizes and hashes. Our own are looked at by install.json.

    hashes: else the sizes alone, which takes no time.
    """
    found = set()
    for record in venv.glob("**/site-packages/*.dist-info/RECORD"):
        with open(record, encoding="utf-8", newline="") as lines:
            for name, digest, size in csv.reader(lines):
                path = record.parent.parent / name
                if digest and not is_as_written(path, digest if hashes else "", size):
                    found.add(record.parent.name.partition("-")[0].replace("_", "-"))
                    break
    return sorted(found - {"scumble"})


def is_as_written(path, digest, size):
    try:
        if size and path.stat().st_size != int(size):
            return False
        if not digest:
            return True
        kind, _, hashed = digest.partition("=")
        made = hashlib.new(kind)
        with open(path, "rb") as file:
            while block := file.read(BLOCK):
                made.update(block)
    except (OSError, ValueError):
        return False
    return base64.urlsafe_b64encode(made.digest()).decode().rstrip("=") == hashed


def copy_environment(old, new, hands):
    """The files of an environment once more, by links, which take neither time nor room; whoever
    installs into the copy puts new files in the place of the links. Its scripts but Scumble's own
    go on naming the old one; nothing starts them."""
    if hands.dry:
        hands.would(f"link what is in {old} into {new}")
        return
    hands.mark(new)
    leave = shutil.ignore_patterns(MARKER, "__pycache__")
    shutil.copytree(old, new, symlinks=True, ignore=leave, copy_function=_link, dirs_exist_ok=True)


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:  # a disk without links
        shutil.copy2(source, target)


def install_copy(venv, log, hands, only_sends=False):
    """Both packages, built in a temporary folder: a build would leave its litter here."""
    hands.say("Installing Scumble itself")
    with tempfile.TemporaryDirectory(prefix="scumble-") as temporary:
        source = Path(temporary, "scumble")
        if not hands.dry:
            copy_sources(source)
        # named, since an equal version number would pass for the same
        alone = ["--no-deps"] if only_sends else []  # it would ask for torch
        uv(venv, ["install", *alone, "--reinstall-package", "scumble", source], log, hands)


def uv(venv, arguments, log, hands, extra=None, limit=None):
    """Run `uv pip ...` for the environment. With extra (variables): False where it fails."""
    command = [venv_python(venv), "-m", "uv", "pip", arguments[0], "--python", venv_python(venv)]
    return hands.run([*command, *arguments[1:]], log, extra, limit)


def check_import(venv, log, hands, only_sends=False):
    hands.say("Trying it")
    hands.run([venv_python(venv), "-c", f"import {', '.join(parts(only_sends))}"], log)


def usable(venv, only_sends=False):
    """Whether the environment's Python starts and has what Scumble needs, each file as long as it
    was (a system's upgrade may have taken the Python away, a cleaner some of the rest, a full disk
    an end of it)."""
    code = f"from importlib.util import find_spec as f; assert all(map(f, {parts(only_sends)}))"
    try:
        command = [venv_python(venv), "-c", code]
        sound = carries_marker(venv) and not damaged_packages(venv, hashes=False)
        return sound and not subprocess.call(
            command, env=clean_environment(), cwd=venv, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False


def venv_python(venv):
    return venv_script(venv, "python")


def venv_script(venv, name):
    return venv / (f"Scripts/{name}.exe" if sys.platform == "win32" else f"bin/{name}")


def check_interpreter(only_sends):
    """Refuse a Python whose environment would not work, and say which one to take."""
    remedy = "install Python from python.org and start install.py with that."
    if sys.platform == "win32" and "MSC" not in sys.version:
        raise Problem(f"This is the Python of MSYS2, for which torch is not made: {remedy}")
    if sys.platform == "win32" and "WindowsApps" in sys.executable:
        raise Problem(
            "This is the Python of the Microsoft Store, whose files other programs cannot see: "
            + remedy
        )
    if sys.platform == "darwin" and platform.machine() == "x86_64" and not only_sends:
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
            tr(
                "This Python cannot make environments, since your system keeps that part in a "
                "package of its own: install it (sudo apt install python3-venv, or {package}) and "
                "try again.",
                package=package,
            )
        )


def check_space(needed, *folders):
    """needed: GB."""
    for folder in folders:
        while not folder.exists():
            folder = folder.parent
        free = shutil.disk_usage(folder).free / 1e9
        if free < needed:
            raise Problem(
                tr(
                    "Scumble needs about {needed} GB on the disk of {folder}, where {free} GB are "
                    "free: make room, or name a folder on another disk by the environment "
                    "variable SCUMBLE_HOME.",
                    needed=decimal(needed),
                    folder=folder,
                    free=decimal(free),
                )
            )


def cost(download, disk):
    """What a download costs, for someone with an ordinary connection."""
    minutes = max(1, round(download * 8000 / 50 / 60))
    return (
        f"{download:.1f} GB to download, about {minutes} minutes at 50 Mbit/s; {disk:.1f} GB on "
        "the disk"
    )
