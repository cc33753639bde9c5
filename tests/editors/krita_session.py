"""The real Krita in the provisioned machine: start it, ask it, look at it, end it."""

import shutil
from pathlib import Path
from typing import Any

from session import DRIVER, HOME, START, STEP, Session, clear, inside, install_into, repeated

HERE = Path(__file__).parent
KRITA = f"{HOME}/.local/share/krita"
SETTINGS = f"{HOME}/.config/kritarc"

SCRIPT = repeated("dbus-run-session -- krita --nosplash")


class KritaSession(Session):
    def __init__(self, screen: str = "1366x768x24", **variables: str):
        super().__init__("Krita", SCRIPT, screen, LIBGL_ALWAYS_SOFTWARE="1", **variables)

    def wait_until_ready(self) -> None:
        """Until Krita's window is there; the first start builds its resource database."""
        self.wait(lambda: self.call("window_is_up", timeout=START), START, "Krita's window")

    def call(self, step: str, timeout: float = STEP, **arguments: Any) -> Any:
        """Do a step inside Krita; what it returns. Raises StepFailed."""
        return self.ask(inside(DRIVER), step, timeout, arguments)

    def wait_for(self, step: str, timeout: float = STEP, **arguments: Any) -> Any:
        """Repeat a step until it gives something true; that."""
        return self.wait(lambda: self.call(step, **arguments), timeout, f"{step}{arguments}")

    def wait_for_end(self, timeout: float) -> None:
        """Raises subprocess.TimeoutExpired where Krita does not close."""
        self._process.wait(timeout)


def fresh_profile(installed: bool = True, language: str = "") -> None:
    """Krita as before its first start, with the driver; installed: and with the plug-in, put there
    by install.py. language: as its artist chose it in Settings > Switch Application Language."""
    clear(KRITA, f"{HOME}/.cache/krita")
    inside(DRIVER).mkdir(parents=True)
    settings = inside(SETTINGS)
    settings.parent.mkdir(parents=True)
    settings.write_text("[python]\nenable_scumble_driver=true\n")
    if language:
        settings.with_name("klanguageoverridesrc").write_text(f"[Language]\nkrita={language}\n")
    if installed:
        install_into("krita")
    plugins = inside(KRITA) / "pykrita"
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE / "inside_krita", plugins / "scumble_driver", ignore=leave)
    (plugins / "scumble_driver.desktop").write_text(
        "[Desktop Entry]\nType=Service\nServiceTypes=Krita/PythonPlugin\n"
        "X-KDE-Library=scumble_driver\nName=Scumble driver\nComment=for tests\n"
    )
