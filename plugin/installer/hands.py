"""The hands: everything that changes the machine goes through here, and is marked as ours."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from installer import Problem
from scumble.disk import MARKER
from scumble.language import tr

TURN = 0.1  # s between looks at a tool that runs
TRIES = 20  # to put a file in the place of one that is read
MARKED = "Made by Scumble's install.py, which deletes this folder on --uninstall.\n"


class Hands:
    """Runs, writes and deletes. In a dry run it only says so."""

    def __init__(self, dry):
        self.dry = dry

    def would(self, what):
        print(f"  would {what}")

    def say(self, step):
        print(f"- {step}", flush=True)

    def tell(self, sentence):
        if not self.dry:
            print(sentence, flush=True)

    def mark(self, folder):
        """Make a folder, and mark it as ours."""
        if carries_marker(folder):
            return
        if self.dry:
            return self.would(f"make {folder}")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # whatever the umask allows
            (folder / MARKER).write_text(MARKED, encoding="utf-8")
        except OSError as error:
            raise Problem(
                tr(
                    "{folder} cannot be written ({strerror}): make it writable, or name another "
                    "folder by the environment variable SCUMBLE_HOME.",
                    folder=folder,
                    strerror=error.strerror,
                )
            ) from error

    def write(self, path, what):
        """Write a file whole or not at all. what: text, bytes, or a function, called only when
        needed."""
        if self.dry:
            return self.would(f"write {path}")
        what = what() if callable(what) else what
        new = path.with_name(path.name + ".new")
        new.write_bytes(what if isinstance(what, bytes) else what.encode())
        replace(new, path)

    def delete(self, path):
        if not (path.exists() or path.is_symlink()):
            return
        if self.dry:
            return self.would(f"delete {path}")
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            # the mark goes last, so that an interrupted deletion can be taken up again
            for below in path.iterdir():
                if below.is_dir() and not below.is_symlink():
                    shutil.rmtree(below)
                elif below.name != MARKER:
                    below.unlink()
            (path / MARKER).unlink(missing_ok=True)
            path.rmdir()

    def run(self, command, log, extra=None, limit=None):
        """Run a tool, its output going to the log. Where it fails, False if extra (more variables
        for it, perhaps none) is given, else a Problem that names the log."""
        if self.dry:
            self.would(f"run {shown(command)}")
            return True
        began = time.monotonic()
        with open(log, "ab") as output:
            output.write(f"\n$ {shown(command)}\n".encode())
            output.flush()
            process = subprocess.Popen(
                [str(part) for part in command], cwd=log.parent,
                env={**clean_environment(), **(extra or {})},
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
            try:
                code = self._wait(process, began, limit)
            except BaseException:
                process.kill()
                process.wait()
                raise
        if code and extra is None:
            full = b"No space left" in log.read_bytes()[-5000:]
            room, online = tr("make room on the disk"), tr("see that this computer is online")
            raise Problem(
                tr(
                    "{command} failed; what it said is in {log}: {remedy}, then try again.",
                    command=f"{Path(command[0]).stem} {' '.join(map(str, command[1:4]))}",
                    log=log,
                    remedy=room if full else online,
                )
            )
        return code == 0

    def wait(self, seconds):
        time.sleep(seconds)

    def end(self, how, message):
        """Whoever started it in a terminal sees how it ended."""

    def _wait(self, process, began, limit):
        """Wait for the tool; on a terminal, count the seconds so that nobody thinks it hangs."""
        while process.poll() is None:
            passed = time.monotonic() - began
            if limit and passed > limit:
                process.kill()
                process.wait()
                return 1
            if sys.stdout.isatty() and passed > 2:
                print(f"\r  {passed:.0f} s ", end="", flush=True)
            self.wait(TURN)
        if sys.stdout.isatty() and time.monotonic() - began > 2:
            print("\r" + " " * 12 + "\r", end="", flush=True)
        return process.returncode


def replace(new, path):
    """By one rename; Windows refuses it while somebody reads the old file."""
    for _ in range(TRIES if sys.platform == "win32" else 1):
        try:
            return os.replace(new, path)
        except PermissionError:
            time.sleep(TURN)
    return os.replace(new, path)


def carries_marker(folder):
    try:
        return not folder.is_symlink() and (folder / MARKER).read_text(encoding="utf-8") == MARKED
    except (OSError, ValueError):
        return False


def ours(folder):
    """Marked, or empty: as it is for a moment before the mark is made and after it is deleted."""
    return carries_marker(folder) or (
        folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())
    )


def clean_environment():
    """The environment without what would lead pip, uv or Python astray."""
    foreign = ("PYTHON", "VIRTUAL_ENV", "CONDA_", "__PYVENV_LAUNCHER__", "LD_LIBRARY_PATH")
    astray = ("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PIP_CONSTRAINT")
    uv_astray = ("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_PREFIX", "UV_PROJECT")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((*foreign, *astray, *uv_astray))
    }
    if has_certificates():  # uv brings its own, but a company's network needs the system's
        kept.setdefault("UV_SYSTEM_CERTS", "true")
    return kept


def has_certificates():
    """Whether the system keeps certificates; a bare Linux may have none."""
    known = ("ssl/certs/ca-certificates.crt", "pki/tls/certs/ca-bundle.crt", "ssl/ca-bundle.pem")
    return sys.platform != "linux" or any(Path("/etc", name).exists() for name in known)


def shown(command):
    return " ".join(f'"{part}"' if " " in str(part) else str(part) for part in command)
