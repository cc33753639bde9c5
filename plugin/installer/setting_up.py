"""The two environments: the artist's in Scumble's folder, and the tests' in this one."""

import contextlib
import subprocess
import sys
import tempfile

from installer import Problem
from installer.environment import (
    check_import,
    copy_environment,
    damaged_packages,
    install_copy,
    make_environment,
    usable,
    uv,
    venv_python,
    venv_script,
)
from installer.hands import clean_environment, ours, replace, shown
from installer.home import (
    backend_listens,
    check_home,
    describe,
    let_backend_finish,
    stop_backend,
    unchanged,
)
from installer.project import ROOT, fingerprints, sha256, version
from installer.record import (
    as_json,
    current,
    environments,
    installed,
    next_environment,
    only_sends,
    read_record,
)
from scumble.environment import is_damaged
from scumble.language import tr
from scumble.lock import lock
from scumble.needs import LOCK

EXTRAS = ("test", "train", "cluster")  # of pyproject.toml, that the tests need
PATIENCE = 2.0  # s for another one to end, or for a plug-in that only looks whether one runs


def set_up(folder, hands, sends=False):
    """Scumble's folder: an environment with a copy of both packages, and a record of it.

    sends: another computer paints, so it needs no torch; one that has it keeps it."""
    check_home(folder)
    sends = sends and (only_sends(folder) or not installed(folder))
    if hands.dry:
        return _set_up(folder, hands, sends)
    hands.mark(folder)
    (folder / "state").mkdir(mode=0o700, exist_ok=True)
    held = lock(folder / "state" / LOCK, PATIENCE)
    if held is None:
        raise Problem(tr("Scumble is being set up already: wait until that has ended."))
    with held:
        _set_up(folder, hands, sends)


def _set_up(folder, hands, sends):
    wanted = {"version": version(), **fingerprints(), "only_sends": sends}
    found = installed(folder)
    old, record, log = current(folder), folder / "install.json", folder / "install.log"
    sound = usable(old, sends) and not is_damaged(folder)
    same_needs = found.get("dependencies") == wanted["dependencies"] and sound
    same_needs = same_needs and only_sends(folder) == sends
    if same_needs and found.get("sources") == wanted["sources"] and unchanged(read_record(record)):
        print(where(folder))
        return
    print(f"Setting up Scumble in {folder}.")
    hands.delete(log)
    delete_others(old, folder, hands)  # of a set-up that broke off
    new, known = next_environment(folder), read_record(record)
    listed = [str(path) for path in (*environments(folder), new)]
    hands.write(record, as_json({**known, "version": 1, "folders": listed}))
    try:
        if not (same_needs and renewed(old, new, log, hands, sends)):
            damaged = () if sound else damaged_packages(old)
            make_environment(new, log, hands, damaged, sends)
            fill_environment(new, log, hands, sends)
        let_backend_finish(folder, hands)
        stop_backend(folder, hands)
    except BaseException:
        hands.delete(new)  # what was downloaded is in uv's cache
        raise
    editors = known.get("editors", {})
    hands.write(record, lambda: describe(new, wanted, editors))  # from here on it is the one in use
    if not hands.dry and not backend_listens(folder):
        delete_others(new, folder, hands)
    put_command(folder, new, hands)
    hands.tell(where(folder))


def where(folder):
    return f"Scumble is set up in {folder}. Its command is {command(folder)}."


def command(folder):
    """Where the command `scumble` is, whichever environment is in use."""
    return folder / "bin" / ("scumble.cmd" if sys.platform == "win32" else "scumble")


def put_command(folder, venv, hands):
    """It calls that of the environment in use."""
    target, path = venv_script(venv, "scumble"), command(folder)
    if hands.dry:
        return hands.would(f"write {path}")
    path.parent.mkdir(exist_ok=True)
    if sys.platform == "win32":
        return hands.write(path, f'@"{target}" %*\r\n')
    new = path.with_name("scumble.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    return replace(new, path)


def fill_environment(venv, log, hands, sends):
    """Scumble itself, and whether it works."""
    install_copy(venv, log, hands, sends)
    check_import(venv, log, hands, sends)
    if not sends:
        check_backend(venv, log, hands)


def renewed(old, new, log, hands, sends):
    """A copy of the environment with the new Scumble in it; whether that is whole. What is in use
    has all that is needed, but for Scumble itself: nothing is to be downloaded."""
    hands.say("Copying the environment in use (by links, which take no room)")
    copy_environment(old, new, hands)
    try:
        fill_environment(new, log, hands, sends)
    except Problem:
        hands.delete(new)
        return False
    return True


def check_backend(venv, log, hands):
    """Whether the backend of an environment starts and greets, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="scumble-") as home:
        variables = {"SCUMBLE_HOME": home, "SCUMBLE_PYTHON": str(venv_python(venv))}
        command = [venv_python(venv), "-c", "from scumble import launcher; launcher.ensure()"]
        greeted = hands.run(command, log, variables)
        hands.run([venv_python(venv), "-m", "scumble_backend", "stop"], log, variables)
    if not greeted:
        raise Problem(
            tr(
                "Scumble was installed, but its painting process does not start; why is in {log}. "
                "What worked before still does.",
                log=log,
            )
        )


def delete_others(kept, folder, hands):
    """Every environment of ours but this one."""
    for path in environments(folder):
        if path != kept and ours(path):
            with contextlib.suppress(OSError):  # in use after all: it goes the next time
                hands.delete(path)


def test(arguments, hands):
    """The tests in an environment of their own, which sees this folder's files as they are."""
    venv, log = ROOT / ".venv", ROOT / ".venv/install.log"
    record = venv / "install.json"
    needs = fingerprints(*EXTRAS)["dependencies"]
    wanted = {"dependencies": needs, "project": sha256(ROOT / "pyproject.toml")}
    found = read_record(record).get("environment", {})
    if found != wanted or not usable(venv):
        print(f"Setting up the tests in {venv}.")
        if found.get("dependencies") != needs or not usable(venv):
            make_environment(venv, log, hands)
        hands.say("Installing what the tests need")
        uv(venv, ["install", "--editable", f"{ROOT}[{','.join(EXTRAS)}]"], log, hands)
        check_import(venv, log, hands)
        hands.write(record, as_json({"version": 1, "environment": wanted}))
    command = [venv_python(venv), "-m", "pytest", *arguments]
    if hands.dry:
        hands.would(f"run {shown(command)}")
        return 0
    sys.stdout.flush()
    return subprocess.call(command, cwd=ROOT, env=clean_environment())
