"""An older Scumble upgraded to this one, really: nothing the artist made is lost, and it paints.

`python -m tests.figures.upgrade COMMIT` sets the Scumble of that commit up by its own install.py,
gives it a preset and a result that nobody took, and upgrades it twice: by what the dialog does, out
of a plug-in, and by install.py. It prints what it looks at, and how long each took. Minutes, and
some GB of a temporary folder.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from tests.conftest import REPOSITORY, stop_backend

sys.path.append(str(REPOSITORY / "plugin"))
from installer.archive import plugin_package
from installer.record import current, environments

# In the older Scumble's own words.
MAKE = """
from scumble import presets, unclaimed
from scumble.pixels import Extent, Pixels
presets.save("Mine", {"strength": 35.0})
unclaimed.keep(Pixels(Extent(0, 0, 2, 2), "rgba8", bytes(range(16))), "Style: Mine", "mine.kra")
"""
TELL = """
import json
from scumble import presets, unclaimed
(kept,) = unclaimed.results()
print(json.dumps([presets.load()["Mine"]["strength"], kept.name, list(kept.pixels().data)]))
"""
MADE = [35.0, "Style: Mine", list(range(16))]
# What the dialog does when its button is pressed.
PRESS = """
import time
from scumble import setup
found = setup.look()
print(found.lack, flush=True)
setup.start(found.folder)
while not (told := setup.report(found.folder) or setup.Report()).end:
    time.sleep(0.5)
print(told.end, told.message, setup.look().lack or "nothing is lacking")
"""


def upgrade(commit: str, folder: Path) -> None:
    home = folder / "home"
    variables = {**os.environ, "SCUMBLE_HOME": str(home)}
    variables.pop("SCUMBLE_PYTHON", None)

    def run(*command, **more) -> str:
        done = subprocess.run(
            list(map(str, command)), env=variables | more, cwd=folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{command}: {done.stdout}")
        return done.stdout.strip()

    def look(what: str) -> None:
        python = current(home) / "bin/python"
        kept = json.loads(run(python, "-c", TELL)) == MADE
        sample = next(current(home).rglob("scumble_backend/sample/sample.ora"))
        names = ("--content", "Photograph", "--style", "Red harbour")
        run(home / "bin/scumble", "stylize", sample, *names, "--steps", 2, "-o", f"{what}.png")
        left = [each.name for each in environments(home)]
        print(f"  {what}: preset and result kept: {kept}; it paints; environments: {left}")
        run(home / "bin/scumble", "stop")

    def timed(what: str, *command, **more) -> None:
        began = time.monotonic()
        said = run(*command, **more).splitlines()
        print(f"{what}: {time.monotonic() - began:.0f} s; {' | '.join(said[-3:])}", flush=True)

    archive = subprocess.check_output(["git", "archive", commit], cwd=REPOSITORY)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tree:
        tree.extractall(folder / "old", filter="data")
    package = folder / "plugin/scumble"
    for name, data in plugin_package().items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(data)
    timed(f"{commit} by its own install.py", sys.executable, folder / "old/install.py")
    run(current(home) / "bin/python", "-c", MAKE)
    timed("upgraded by the dialog", sys.executable, "-c", PRESS, PYTHONPATH=str(package.parent))
    look("by the dialog")
    timed(f"{commit} once more", sys.executable, folder / "old/install.py")
    timed("upgraded by install.py", sys.executable, REPOSITORY / "install.py")
    look("by install.py")
    stop_backend(home)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scumble-upgrade-") as place:
        upgrade(chosen.commit, Path(place))
