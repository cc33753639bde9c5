"""The real Krita in the provisioned machine: start it, ask it, look at it, end it."""

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
KRITA = f"{HOME}/.local/share/krita"
SETTINGS = f"{HOME}/.config/kritarc"
INSTALL = f"{HOME}/scumble/install.py"
INSTALLED = 300.0  # s for install.py where the environment is there
START = 120.0  # s for Krita's window; the first start builds its resource database
STEP = 120.0  # s for one step inside

SCRIPT = """
rm -rf "$HOME/display" /tmp/.X*; mkdir -p "$HOME/run"; chmod 700 "$HOME/run"
Xvfb -displayfd 3 -screen 0 "$SCREEN" -nolisten tcp 3>"$HOME/display" &
for _ in $(seq 200); do [ -s "$HOME/display" ] && break; sleep 0.1; done
export DISPLAY=":$(cat "$HOME/display")"
openbox &
dbus-run-session -- krita --nosplash
while [ -e "$HOME/again" ]; do
    rm -f "$SCUMBLE_DRIVER"/*
    rm "$HOME/again" # last: from now on the test may ask
    dbus-run-session -- krita --nosplash
done
"""


class StepFailed(AssertionError):
    """An error inside Krita, with its traceback."""


class KritaSession:
    def __init__(self, screen: str = "1366x768x24", **variables: str):
        self._number = 0
        self._log = open(machine.root() / "root/krita-session.log", "w")  # noqa: SIM115
        environment = machine.environment(
            HOME, SCUMBLE_DRIVER=DRIVER, XDG_RUNTIME_DIR=f"{HOME}/run", SCREEN=screen,
            LIBGL_ALWAYS_SOFTWARE="1", **variables,
        )  # fmt: skip
        self._process = subprocess.Popen(
            machine.command("sh", "-c", SCRIPT), env=environment, stdin=subprocess.DEVNULL,
            stdout=self._log, stderr=self._log,
        )  # fmt: skip
        try:
            self.wait(lambda: self.call("window_is_up", timeout=START), START, "Krita's window")
        except BaseException:
            self.stop()
            raise

    def start_again(self) -> None:
        """Close Krita and start it anew, while all else in its machine goes on."""
        again = inside(f"{HOME}/again")
        again.touch()
        self.call("quit")
        self.wait(lambda: not again.exists(), START, "Krita's end")
        self._number = 0
        self.wait(lambda: self.call("window_is_up", timeout=START), START, "Krita's window")

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def call(self, step: str, timeout: float = STEP, **arguments: Any) -> Any:
        """Do a step inside Krita; what it returns. Raises StepFailed."""
        folder = inside(DRIVER)
        request, reply = (folder / f"{self._number}.{end}" for end in ("request", "reply"))
        self._number += 1
        new = request.with_suffix(".new")
        new.write_text(json.dumps({"step": step, "arguments": arguments}))
        new.rename(request)
        self.wait(reply.exists, timeout, f"the step {step}")
        answer = json.loads(reply.read_text())
        if "error" in answer:
            raise StepFailed(f"{step}: {answer['error']}")
        return answer["value"]

    def wait(self, condition: Callable[[], Any], timeout: float, what: str) -> Any:
        """What condition gives once it is true. Raises TimeoutError, or where Krita ended."""
        until = time.monotonic() + timeout
        while not (found := condition()):
            if self._process.poll() is not None:
                raise RuntimeError(f"Krita ended while waiting for {what}: {self.words()}")
            if time.monotonic() > until:
                raise TimeoutError(f"{what} did not come in {timeout:g} s: {self.words()}")
            time.sleep(0.02)
        return found

    def wait_for(self, step: str, timeout: float = STEP, **arguments: Any) -> Any:
        """Repeat a step until it gives something true; that."""
        return self.wait(lambda: self.call(step, **arguments), timeout, f"{step}{arguments}")

    def wait_for_end(self, timeout: float) -> None:
        """Raises subprocess.TimeoutExpired where Krita does not close."""
        self._process.wait(timeout)

    def screenshot(self, target: Path) -> None:
        """The whole screen, as the artist sees it."""
        shot = "/root/shot.png"
        display = inside("/root/display").read_text().strip()
        done = machine.run("import", "-window", "root", shot, timeout=60, DISPLAY=f":{display}")
        assert done.returncode == 0, done.stdout
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(inside(shot), target)

    def words(self) -> str:
        """The end of what Krita and our plug-in logged."""
        logs = ("/root/krita-session.log", "/root/.local/share/scumble/state/krita.log")
        texts = [inside(each).read_text(errors="replace") for each in logs if inside(each).exists()]
        return "\n".join(text[-2000:] for text in texts)

    def stop(self) -> None:
        """End Krita, and with it all that was started in its machine, the backend too."""
        self._process.kill()
        self._process.wait()
        self._log.close()


def inside(path: str) -> Path:
    """A path of the machine, seen from outside."""
    return machine.root() / path.lstrip("/")


def fresh_profile() -> None:
    """Krita as before its first start, with the plug-in put there by install.py, and the driver."""
    for path in (DRIVER, KRITA, f"{HOME}/.config", f"{HOME}/.cache/krita", f"{HOME}/run"):
        shutil.rmtree(inside(path), ignore_errors=True)
    shutil.rmtree(inside(f"{HOME}/.local/share/scumble/state"), ignore_errors=True)
    inside(DRIVER).mkdir(parents=True)
    settings = inside(SETTINGS)
    settings.parent.mkdir(parents=True)
    settings.write_text("[python]\nenable_scumble_driver=true\n")
    done = machine.run("python3", INSTALL, "--editor", "krita", timeout=INSTALLED)
    assert done.returncode == 0, done.stdout
    plugins = inside(KRITA) / "pykrita"
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE / "inside_krita", plugins / "scumble_driver", ignore=leave)
    (plugins / "scumble_driver.desktop").write_text(
        "[Desktop Entry]\nType=Service\nServiceTypes=Krita/PythonPlugin\n"
        "X-KDE-Library=scumble_driver\nName=Scumble driver\nComment=for tests\n"
    )
