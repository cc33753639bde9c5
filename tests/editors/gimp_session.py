"""The real GIMP in the provisioned machine: start it, ask it, look at it, end it.

Two processes answer: a batch process of GIMP's about images, and, while a dialog is open, the
plug-in's own process about that.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import machine

HERE = Path(__file__).parent
HOME = "/root"
DRIVER = f"{HOME}/driver"
GIMP = f"{HOME}/.config/GIMP/3.0"
INSTALL = f"{HOME}/scumble/install.py"
INSTALLED = 300.0  # s for install.py where the environment is there
START = 120.0  # s for GIMP; the first start looks at every plug-in
STEP = 120.0  # s for one step inside

BATCH = f"exec(open('{DRIVER}/batch.py').read())"
OPTIONS = f'-n -d -f --batch-interpreter=python-fu-eval -b "{BATCH}" --quit'
CONSOLE = f"exec gimp-console-3.0 -i {OPTIONS}"
WINDOW = f"""
rm -rf "$HOME/display" /tmp/.X*; mkdir -p "$HOME/run"; chmod 700 "$HOME/run"
Xvfb -displayfd 3 -screen 0 "$SCREEN" -nolisten tcp 3>"$HOME/display" &
for _ in $(seq 200); do [ -s "$HOME/display" ] && break; sleep 0.1; done
export DISPLAY=":$(cat "$HOME/display")"
openbox &
dbus-run-session -- gimp-3.0 -s {OPTIONS}
"""
SETTINGS = """
(config-version "3.0.4")
(show-welcome-dialog no)
(check-updates no)
(color-profile-policy keep)

"""
SHORTCUTS = """
(file-version 1)
(action "plug-in-scumble-stylize" "<Primary><Alt>y")
"""


class StepFailed(AssertionError):
    """An error inside GIMP, with its traceback."""


class GimpSession:
    """window: with GIMP's window, or the console alone."""

    def __init__(self, window: bool, screen: str = "1366x768x24"):
        self._number = 0
        self._log = open(inside(f"{HOME}/gimp-session.log"), "w")  # noqa: SIM115
        environment = machine.environment(
            HOME, XDG_RUNTIME_DIR=f"{HOME}/run", SCREEN=screen, PYTHONPATH=DRIVER,
            PYTHONDONTWRITEBYTECODE="1", NO_AT_BRIDGE="1",
        )  # fmt: skip
        self._process = subprocess.Popen(
            machine.command("sh", "-c", WINDOW if window else CONSOLE), env=environment,
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
        )  # fmt: skip
        try:
            self.call("ready", timeout=START)
        except BaseException:
            self.stop()
            raise

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def call(self, step: str, timeout: float = STEP, **arguments: Any) -> Any:
        """Do a step with images; what it returns. Raises StepFailed."""
        return self._ask("image", step, timeout, arguments)

    def dialog(self, step: str = "dialog", timeout: float = STEP, **arguments: Any) -> Any:
        """Do a step with the open dialog; what it returns. Raises StepFailed."""
        return self._ask("dialog", step, timeout, arguments)

    def _ask(self, whom: str, step: str, timeout: float, arguments: dict) -> Any:
        folder = inside(f"{DRIVER}/{whom}")
        request, reply = (folder / f"{self._number}.{end}" for end in ("request", "reply"))
        self._number += 1
        new = request.with_suffix(".asked")
        new.write_text(json.dumps({"step": step, "arguments": arguments}))
        new.rename(request)
        try:
            self.wait(reply.exists, timeout, f"the step {step}")
        finally:
            request.unlink(missing_ok=True)
        answer = json.loads(reply.read_text())
        if "error" in answer:
            raise StepFailed(f"{step}: {answer['error']}")
        return answer["value"]

    def wait(self, condition: Callable[[], Any], timeout: float, what: str) -> Any:
        """What condition gives once it is true. Raises TimeoutError, or where GIMP ended."""
        until = time.monotonic() + timeout
        while not (found := condition()):
            if self._process.poll() is not None:
                raise RuntimeError(f"GIMP ended while waiting for {what}: {self.words()}")
            if time.monotonic() > until:
                raise TimeoutError(f"{what} did not come in {timeout:g} s: {self.words()}")
            time.sleep(0.02)
        return found

    def screenshot(self, target: Path) -> None:
        """The whole screen, as the artist sees it."""
        shot = f"{HOME}/shot.png"
        display = inside(f"{HOME}/display").read_text().strip()
        done = machine.run("import", "-window", "root", shot, timeout=60, DISPLAY=f":{display}")
        assert done.returncode == 0, done.stdout
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(inside(shot), target)

    def words(self) -> str:
        """The end of what GIMP and our plug-in logged."""
        logs = (f"{HOME}/gimp-session.log", f"{HOME}/.local/share/scumble/state/gimp.log")
        texts = [inside(each).read_text(errors="replace") for each in logs if inside(each).exists()]
        return "\n".join(text[-3000:] for text in texts)

    def stop(self) -> None:
        """End GIMP, and with it all that was started in its machine, the backend too."""
        self._process.kill()
        self._process.wait()
        self._log.close()


def inside(path: str) -> Path:
    """A path of the machine, seen from outside."""
    return machine.root() / path.lstrip("/")


def fresh_profile(with_zmq: bool = True) -> None:
    """GIMP as before its first picture, with the plug-in put there by install.py, and the driver.

    with_zmq: whether GIMP's Python finds pyzmq; else the courier speaks for it.
    """
    for path in (DRIVER, f"{HOME}/.config", f"{HOME}/.cache/gimp", f"{HOME}/run"):
        shutil.rmtree(inside(path), ignore_errors=True)
    shutil.rmtree(inside(f"{HOME}/.local/share/scumble/state"), ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE / "inside_gimp", inside(DRIVER), ignore=leave)
    for whom in ("image", "dialog"):
        (inside(DRIVER) / whom).mkdir()
    inside(GIMP).mkdir(parents=True)
    (inside(GIMP) / "gimprc").write_text(SETTINGS)
    (inside(GIMP) / "shortcutsrc").write_text(SHORTCUTS)
    done = machine.run("python3", INSTALL, "--editor", "gimp", timeout=INSTALLED)
    assert done.returncode == 0, done.stdout
    if not with_zmq:
        shutil.rmtree(inside(GIMP) / "plug-ins/plug-in-scumble/scumble/vendor")
