"""What is wrong with an installation, and what to do."""

import platform
import subprocess
from pathlib import Path

from installer.environment import usable, venv_python
from installer.gimps import examine_gimp, find_gimps
from installer.hands import clean_environment
from installer.home import unchanged
from installer.kritas import examine_krita, find_kritas
from installer.project import fingerprints
from installer.record import current, installed, only_sends, read_record
from scumble.disk import look
from scumble.needs import size_of

ROOMS = (  # what lies in Scumble's folder, and what frees it
    ("venv-*", "what it paints with"),
    ("python", "a Python of its own"),
    ("weights", "networks that were fetched, which may be deleted"),
    ("state/unclaimed", "results that wait to be inserted, for a day"),
    ("state/history", "the history of documents, which its own window deletes"),
)


def doctor(folder):
    """Look at all that was installed, then let the backend look at itself; 1 where all is not well.

    Where something is wrong the lines say what to do; home folders are left out of them, so that
    they can be shown to others.
    """
    well = True
    for good, sentence in examine(folder):
        well = well and good
        print(f"{'ok ' if good else 'BAD'}  {sentence.replace(str(Path.home()), '~')}", flush=True)
    if usable(current(folder), only_sends(folder)):
        command = [venv_python(current(folder)), "-m", "scumble_backend", "doctor"]
        environment = {**clean_environment(), "SCUMBLE_HOME": str(folder)}
        well = subprocess.call(command, env=environment) == 0 and well
    print("All is well." if well else "Not all is well: do what the lines marked BAD say.")
    return 0 if well else 1


def examine(folder):
    """(whether it is well, a sentence) for each part of the installation."""
    yield True, f"Python {platform.python_version()} on {platform.platform()}."
    record, about = read_record(folder / "install.json"), installed(folder)
    if not usable(current(folder), only_sends(folder)):
        yield False, f"There is no whole environment in {folder}: run install.py."
        return
    paints = f"with torch {about.get('torch')}"
    if only_sends(folder):
        paints = "without torch: another computer paints"
    yield True, f"The environment {current(folder)} is whole, {paints}."
    yield (
        (True, "Scumble's own files are as they were installed.")
        if unchanged(record)
        else (False, "Some of Scumble's own files were changed or are missing: run install.py.")
    )
    yield True, disk(folder)
    if about.get("sources") != fingerprints()["sources"]:
        yield False, "This folder holds another version than the one installed: run install.py."
    for resources, settings in find_kritas():
        yield examine_krita(resources, settings)
    for plugins in find_gimps():
        yield examine_gimp(plugins)


def disk(folder):
    """What Scumble takes, in a sentence."""
    seen, parts = set(), []
    for pattern, what in ROOMS:
        size = sum(size_of(path, seen) for path in sorted(folder.glob(pattern)))
        if size >= 1e6:
            parts.append(f"{size / 1e9:.2f} GB {what}")
    rest = size_of(folder, seen)
    parts.append(f"{rest / 1e9:.2f} GB the rest")
    free = look(folder).freeable
    return (
        f"On the disk it takes {'; '.join(parts)}. {free / 1e9:.2f} GB can be freed, with uv's "
        "downloads: by About Scumble in the dialog. install.py --uninstall frees it all."
    )
