"""A real editor in the provisioned machine, whichever it is: ask it, look at it, end it."""

import json
import re
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import machine
from machine import CLONE, HOME

from scumble.language import speaking, tr

DRIVER = f"{HOME}/driver"
SCUMBLE = f"{HOME}/.local/share/scumble"
INSTALL = f"{CLONE}/install.py"
INSTALLED = 300.0  # s for install.py where the environment is there
START = 120.0  # s for an editor; the first start looks at everything that it has
STEP = 120.0  # s for one step inside

# A screen and a window manager; the editor's own command comes below.
SCREEN = """
rm -rf "$HOME/display" /tmp/.X*; mkdir -p "$HOME/run"; chmod 700 "$HOME/run"
Xvfb -displayfd 3 -screen 0 "$SCREEN" -nolisten tcp 3>"$HOME/display" &
for _ in $(seq 200); do [ -s "$HOME/display" ] && break; sleep 0.1; done
export DISPLAY=":$(cat "$HOME/display")"
openbox &
"""

TITLES = """
for each in $(xdotool search --onlyvisible --name .); do xdotool getwindowname "$each"; done
"""


def repeated(command: str) -> str:
    """A shell's words: the editor, and anew for as long as it is to start again."""
    return f"""{SCREEN}
{command}
while [ -e "$HOME/again" ]; do
    find "$SCUMBLE_DRIVER" -name "*.request" -delete -o -name "*.reply" -delete
    rm "$HOME/again" # last: from now on the test may ask
    {command}
done
"""


class StepFailed(AssertionError):
    """An error inside the editor, with its traceback."""


class Session(ABC):
    """editor: its name. script: what a shell inside runs. variables: of its environment."""

    def __init__(self, editor: str, script: str, screen: str, **variables: str):
        self.editor = editor
        self._number = 0
        self._log = open(inside(f"{HOME}/session.log"), "w")  # noqa: SIM115
        environment = machine.environment(
            XDG_RUNTIME_DIR=f"{HOME}/run", SCUMBLE_DRIVER=DRIVER, SCREEN=screen, **variables
        )
        self._process = subprocess.Popen(
            machine.command("sh", "-c", script), env=environment, stdin=subprocess.DEVNULL,
            stdout=self._log, stderr=self._log,
        )  # fmt: skip
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise

    @abstractmethod
    def wait_until_ready(self) -> None:
        """Until the editor answers."""

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def start_again(self, close: Callable[[], object], within: float = START) -> float:
        """Close the editor in this way, and start it anew, while all else in its machine goes on;
        the seconds until its process had ended. Raises TimeoutError where those are too many.
        """
        again = inside(f"{HOME}/again")
        again.touch()
        began = time.monotonic()
        close()
        self.wait(lambda: not again.exists(), within, f"{self.editor}'s end")
        ended = time.monotonic()
        self._number = 0
        self.wait_until_ready()
        return ended - began

    def ask(self, folder: Path, step: str, timeout: float, arguments: dict) -> Any:
        """Do what a request in this folder asks for; what it returns. Raises StepFailed. An editor
        that does not answer is ended, so that not each test after this one waits as long."""
        request, reply = (folder / f"{self._number}.{end}" for end in ("request", "reply"))
        self._number += 1
        new = request.with_suffix(".asked")
        new.write_text(json.dumps({"step": step, "arguments": arguments}))
        new.rename(request)
        try:
            self.wait(reply.exists, timeout, f"the step {step}")
        except TimeoutError as error:
            try:
                raise TimeoutError(f"{error}\nOn the screen: {self.windows()}") from None
            finally:
                self.stop()
        answer = json.loads(reply.read_text())
        if "error" in answer:
            raise StepFailed(f"{step}: {answer['error']}")
        return answer["value"]

    def wait(self, condition: Callable[[], Any], timeout: float, what: str) -> Any:
        """What condition gives once it is true. Raises TimeoutError, or where the editor ended."""
        until = time.monotonic() + timeout
        while not (found := condition()):
            if self.has_ended():
                raise RuntimeError(f"{self.editor} ended while waiting for {what}: {self.words()}")
            if time.monotonic() > until:
                raise TimeoutError(f"{what} did not come in {timeout:g} s: {self.words()}")
            time.sleep(0.02)
        return found

    @property
    def display(self) -> str:
        return ":" + inside(f"{HOME}/display").read_text().strip()

    def hand(self, *words: str) -> str:
        """What a hand does with mouse and keyboard, in xdotool's words; what that answers."""
        done = machine.run("xdotool", *words, timeout=60, DISPLAY=self.display)
        assert done.returncode == 0, f"{words}: {done.stdout}"
        return done.stdout.strip()

    def windows(self) -> str:
        """The titles of all that is on the screen."""
        return machine.run("sh", "-c", TITLES, timeout=60, DISPLAY=self.display).stdout

    def screenshot(self, target: Path) -> None:
        """The whole screen, as the artist sees it."""
        shot = f"{HOME}/shot.png"
        done = machine.run("import", "-window", "root", shot, timeout=60, DISPLAY=self.display)
        assert done.returncode == 0, done.stdout
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(inside(shot), target)

    def words(self) -> str:
        """The end of what the editor and our plug-in logged."""
        return "\n".join(text[-3000:] for text in (self.whole_log(), self.own_log()))

    def whole_log(self) -> str:
        """What all that runs in its machine printed."""
        return inside(f"{HOME}/session.log").read_text(errors="replace")

    def own_log(self) -> str:
        """What our plug-in logged: every error that it met."""
        own = inside(f"{SCUMBLE}/state/{self.editor.lower()}.log")
        return own.read_text(errors="replace") if own.exists() else ""

    def stop(self) -> None:
        """End it, and with it all that was started in its machine, the backend too."""
        self._process.kill()
        self._process.wait()
        self._log.close()


def inside(path: str) -> Path:
    """A path of the machine, seen from outside."""
    return machine.root() / path.lstrip("/")


def new_layer(before: dict, after: dict) -> dict:
    """The one layer that came; all others are as they were, byte for byte."""
    known = {layer["id"] for layer in before["layers"]}
    (new,) = [layer for layer in after["layers"] if layer["id"] not in known]
    assert [layer for layer in after["layers"] if layer["id"] in known] == before["layers"]
    return new


def part_of(template: str, language: str) -> str:
    """The longest part of a sentence of the plug-in's in a language, between what is put in."""
    with speaking(language):
        return max(re.split(r"\{\w+\}", tr(template)), key=len)


def clear(*folders: str) -> None:
    """Take folders out of the machine, and what the backend remembers."""
    for path in (*folders, DRIVER, f"{HOME}/.config", f"{HOME}/run"):
        shutil.rmtree(inside(path), ignore_errors=True)
    shutil.rmtree(inside(f"{SCUMBLE}/state"), ignore_errors=True)


def scumbles_python() -> str:
    """The Python of the environment in use, as the machine names it."""
    record = json.loads(inside(f"{SCUMBLE}/install.json").read_text())
    return f"{SCUMBLE}/{record['environment']['folder']}/bin/python"


def stop_backend() -> None:
    """That of the machine's own user."""
    machine.run(scumbles_python(), "-m", "scumble_backend", "stop", timeout=STEP)
    assert not inside(f"{SCUMBLE}/state/connection.json").exists()


def install_into(editor: str) -> None:
    """Put the plug-in there as a user does."""
    done = machine.run("python3", INSTALL, "--editor", editor, timeout=INSTALLED)
    assert done.returncode == 0, done.stdout
