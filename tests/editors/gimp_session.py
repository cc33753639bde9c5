"""The real GIMP in the provisioned machine: start it, ask it, look at it, end it.

Two processes answer: a batch process of GIMP's about images, and, while a dialog is open, the
plug-in's own process about that.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from session import DRIVER, HOME, START, STEP, Session, clear, inside, install_into, repeated

HERE = Path(__file__).parent
GIMP = f"{HOME}/.config/GIMP/3.0"

BATCH = f"exec(open('{DRIVER}/batch.py').read())"
OPTIONS = f'-n -d -f --batch-interpreter=python-fu-eval -b "{BATCH}" --quit'
CONSOLE = f"exec gimp-console-3.0 -i {OPTIONS}"
WINDOW = repeated(f"dbus-run-session -- gimp-3.0 -s {OPTIONS}")
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


class GimpSession(Session):
    """window: with GIMP's window, or the console alone."""

    def __init__(self, window: bool, screen: str = "1366x768x24"):
        super().__init__(
            "GIMP", WINDOW if window else CONSOLE, screen, PYTHONPATH=DRIVER, NO_AT_BRIDGE="1"
        )

    def wait_until_ready(self) -> None:
        """Until GIMP answers; the first start looks at every plug-in."""
        self.call("ready", timeout=START)

    def call(self, step: str, timeout: float = STEP, **arguments: Any) -> Any:
        """Do a step with images; what it returns. Raises StepFailed."""
        return self._ask("image", step, timeout, arguments)

    def dialog(self, step: str = "dialog", timeout: float = STEP, **arguments: Any) -> Any:
        """Do a step with the open dialog; what it returns. Raises StepFailed."""
        return self._ask("dialog", step, timeout, arguments)

    def _ask(self, whom: str, step: str, timeout: float, arguments: dict) -> Any:
        folder = inside(f"{DRIVER}/{whom}")
        try:
            return self.ask(folder, step, timeout, arguments)
        finally:  # the next dialog shall not answer what this one was asked
            for unanswered in folder.glob("*.request"):
                unanswered.unlink(missing_ok=True)


def fresh_profile(
    with_zmq: bool = True, scheme: str = "dark", installed: bool = True, language: str = ""
) -> None:
    """GIMP as before its first picture, with the driver; installed: and with the plug-in, put there
    by install.py.

    with_zmq: whether GIMP's Python finds pyzmq; else the courier speaks for it. scheme: "dark" or
    "light". language: as its artist chose it in the preferences; the system's where it is none.
    """
    clear(f"{HOME}/.cache/gimp")
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE / "inside_gimp", inside(DRIVER), ignore=leave)
    for whom in ("image", "dialog"):
        (inside(DRIVER) / whom).mkdir()
    inside(GIMP).mkdir(parents=True)
    (inside(GIMP) / "gimprc").write_text(
        f'{SETTINGS}(theme-color-scheme {scheme})\n(language "{language}")\n'
    )
    (inside(GIMP) / "shortcutsrc").write_text(SHORTCUTS)
    if installed:
        install_into("gimp")
    if installed and not with_zmq:
        shutil.rmtree(inside(GIMP) / "plug-ins/plug-in-scumble/scumble/vendor")


def gimp_of_either_kind(window: bool, kinds: tuple[str, ...] = ("pyzmq", "courier")):
    """A fixture for the tests of a file: GIMP, its Python with pyzmq or without."""

    @pytest.fixture(scope="module", params=kinds)
    def running(editors, request):
        fresh_profile(with_zmq=request.param == "pyzmq")
        session = GimpSession(window)
        yield session
        session.stop()

    return running
