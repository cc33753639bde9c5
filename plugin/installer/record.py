"""install.json: what is set up where, and which environment is in use.

Environments are folders with a number, venv-1, venv-2: one is never renamed, since its scripts hold
its own path. A new one is made beside the one in use and tried; then install.json, which names the
one in use, is written anew by one rename. So whatever breaks off before leaves what worked, and
nothing is ever half switched. The plug-in reads the same record (scumble/environment.py).
"""

import json
import re

FIRST = "venv"  # as it was named before there were numbers
NAME = re.compile(r"venv(-\d{1,9})?")


def read_record(path):
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return record if isinstance(record, dict) else {}
    except (OSError, ValueError, RecursionError):
        return {}


def as_json(record):
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def installed(folder):
    """What install.json says of the environment in use; nothing where none was ever whole."""
    found = read_record(folder / "install.json").get("environment")
    return found if isinstance(found, dict) else {}


def current(folder):
    """The environment in use, there or not."""
    name = installed(folder).get("folder")
    return folder / (name if isinstance(name, str) and NAME.fullmatch(name) else FIRST)


def only_sends(folder):
    """Whether that is without torch, and another computer paints."""
    return bool(installed(folder).get("only_sends"))


def environments(folder):
    """Every environment that is there, whole or not."""
    return sorted(path for path in folder.glob("venv*") if NAME.fullmatch(path.name))


def next_environment(folder):
    """Where a new one is made."""
    numbers = [int(path.name.partition("-")[2] or 0) for path in environments(folder)]
    return folder / f"venv-{max(numbers, default=0) + 1}"
