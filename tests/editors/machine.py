"""A whole Debian machine in a folder, with real editors in it: a user's machine for the tests.

Standard library only, and root only. Whatever runs inside sees the folder as its file system and
only its own processes; all of them end with the command that started them. Nothing of this machine
is mounted into it but a proc of its own, in a mount namespace that nobody else sees.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

HOME = "/home/artist"  # inside the machine
CLONE = f"{HOME}/scumble"

# Debian 13, with Krita 5 and GIMP 3.0; or, where sid is asked for, the next, with Krita 6.
SUITE = os.environ.get("SCUMBLE_DEBIAN", "trixie")
KRITA = {
    "trixie": ("krita", "python3-pyqt5"),
    "sid": ("krita/experimental", "python3-pyqt6"),
}[SUITE]
PACKAGES = (
    "ca-certificates", *KRITA, "gimp", "gir1.2-gimp-3.0", "python3-gi",
    "python3-gi-cairo", "python3-venv", "xvfb", "xauth", "xdotool", "dbus", "openbox",
    "imagemagick", "x11-utils",
)  # fmt: skip

# With the letters of Chinese and Japanese; apart, so that a machine made before gets it, too.
FONTS, FONTS_FOLDER = "fonts-wqy-microhei", "usr/share/fonts/truetype/wqy"

# "$1" is the machine's folder; what follows is the command. sh stays as the first process.
ENTER = 'mount -t proc proc "$1/proc" || exit 125; root="$1"; shift; chroot "$root" "$@"'


def folder() -> Path:
    """Where the machine is kept: outside any clone, so that the next run finds it."""
    return Path(os.environ.get("SCUMBLE_EDITORS") or Path.home() / ".cache/scumble-editors")


def root() -> Path:
    return folder() / ("debian" if SUITE == "trixie" else f"debian-{SUITE}")


def recipe() -> str:
    """A name for what the machine holds: another list makes another machine."""
    return hashlib.sha256(" ".join((SUITE, *PACKAGES)).encode()).hexdigest()


def marker() -> Path:
    return root() / ".scumble-machine"


def is_provisioned() -> bool:
    try:
        return marker().read_text() == recipe()
    except OSError:
        return False


def has_fonts() -> bool:
    return (root() / FONTS_FOLDER).is_dir()


def missing() -> str:
    """What keeps the editors from being tested here, with its cure; or nothing."""
    if os.geteuid() != 0:
        return "real editors need root (chroot): run the tests as root"
    if not is_provisioned():
        return f"no editors in {root()}: run tests/editors/provision (some minutes, once)"
    return ""


@contextlib.contextmanager
def lock(patience: float) -> Iterator[None]:
    """The machine for this process alone. Raises TimeoutError where another keeps it for long."""
    folder().mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + patience
    with open(folder() / "lock", "w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError(f"Another process uses {root()}: wait for it.") from None
                time.sleep(0.5)
        yield


def command(*inside: str) -> list[str]:
    """The command that runs another inside the machine.

    Its end is the end of all it started, and the end of this process is its end.
    """
    own = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]
    return ["setpriv", "--pdeathsig", "KILL", *own, "sh", "-c", ENTER, "sh", str(root()), *inside]


def environment(**more: str) -> dict[str, str]:
    """A fresh user's environment, with what this machine's network needs."""
    certificates = "/etc/ssl/certs/ca-certificates.crt"
    kept = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": HOME, "LANG": "C.UTF-8", "TERM": "dumb",
        "SSL_CERT_FILE": certificates, "PIP_CERT": certificates,
        "DEBIAN_FRONTEND": "noninteractive",
        **more,
    }  # fmt: skip


def run(*inside: str, timeout: float, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command inside and wait for it; its output, both streams, is in stdout."""
    process = subprocess.Popen(
        command(*inside), env=environment(**more), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    )  # fmt: skip
    try:
        output, _ = process.communicate(timeout=timeout)
    except BaseException:
        process.kill()  # and with it, by --kill-child, all that runs inside
        process.communicate()
        raise
    return subprocess.CompletedProcess(inside, process.returncode, output)


def delete(path: Path) -> None:
    """Delete a machine. Refuses where anything is mounted in it."""
    mounts = Path("/proc/self/mounts").read_text()
    if f" {path}/" in mounts or path.parent != folder():
        raise RuntimeError(f"Something is mounted in {path}: unmount it first.")
    subprocess.run(["rm", "-rf", "--one-file-system", str(path)], check=True)


def copy_in(source: Path, target: str, ignore=None) -> None:
    """Put a file or folder into the machine, in place of what lies there."""
    place = root() / target.lstrip("/")
    if place.is_dir():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, place, ignore=ignore)
    else:
        shutil.copy(source, place)
