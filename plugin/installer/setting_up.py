"""The two environments: the artist's in Scumble's folder, and the tests' in this one."""

import subprocess
import sys

from installer.environment import (
    check_import,
    install_copy,
    make_environment,
    usable,
    uv,
    venv_python,
)
from installer.hands import clean_environment, shown
from installer.home import as_json, check_home, describe, read_record, stop_backend, unchanged
from installer.project import ROOT, fingerprints, sha256


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
