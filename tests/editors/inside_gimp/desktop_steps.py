"""Steps with the screen, the keyboard and the processes of the machine."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import image_steps
from gi.repository import Gimp

SCUMBLE = Path.home() / ".local/share/scumble"


def scumbles_python() -> Path:
    found = json.loads((SCUMBLE / "install.json").read_text())["environment"]["folder"]
    return SCUMBLE / found / "bin/python"


OTHERS: list = []  # programs that paint meanwhile


def press(keys):
    """Keys of the keyboard, to the window that has them now."""
    subprocess.run(["xdotool", "key", "--clearmodifiers", keys], check=True)


def windows():
    """The titles of all windows that are seen."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", ".+"], capture_output=True, text=True
    ).stdout.split()
    names = [
        subprocess.run(["xdotool", "getwindowname", each], capture_output=True, text=True).stdout
        for each in found
    ]
    return [name.strip() for name in names]


def focus(title):
    """Give the keyboard to a window."""
    done = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", title, "windowfocus", "--sync"],
        capture_output=True,
    )
    return done.returncode == 0


def clear_the_view():
    """GIMP's window as large as the screen, and the mouse away, so that no hint pops up."""
    window = ["xdotool", "search", "--onlyvisible", "--name", "GIMP$"]
    subprocess.run([*window, "windowmove", "--sync", "0", "0"])
    subprocess.run([*window, "windowsize", "1366", "746"])
    subprocess.run(["xdotool", "mousemove", "9999", "9999"])


def backend():
    """The process id of the backend that runs."""
    try:
        found = json.loads((SCUMBLE / "state/connection.json").read_text())
        os.kill(found["pid"], 0)
        return found["pid"]
    except (OSError, ValueError, KeyError):
        return 0


def backend_status():
    return _scumble("status").communicate()[0]


def start_other_job():
    """A picture that another program has painted, for ever."""
    picture = Path.home() / "other.png"
    image = image_steps.new_image(64, 64)
    image_steps.add_layer(image, "Other", width=64, height=64)
    image_steps.save_picture(image, str(picture))
    Gimp.Image.get_by_id(image).delete()
    words = ("--style", str(picture), "--steps", "5000", "-o", str(Path.home() / "painted.png"))
    OTHERS.append(_scumble("stylize", str(picture), *words))
    until = time.monotonic() + 60
    while "painting" not in backend_status() and time.monotonic() < until:
        time.sleep(0.1)


def end_other_job():
    other = OTHERS.pop()
    other.kill()
    other.wait()


def _scumble(*words):
    python = scumbles_python()
    return subprocess.Popen(
        [python, "-m", "scumble_backend", *words], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip


def leave_result(name, document, side):
    """A result that nobody took: of a job whose document was closed."""
    text = (
        "from scumble import unclaimed; from scumble.pixels import Extent, Pixels;"
        f"data, extent = bytes([90, 120, 150, 255]) * {side**2}, Extent(0, 0, {side}, {side});"
        "pixels = Pixels(extent, 'rgba8', data);"
        f"unclaimed.keep(pixels, {name!r}, {document!r})"
    )
    environment = {**os.environ, "PYTHONPATH": ""}
    subprocess.run([scumbles_python(), "-c", text], check=True, env=environment)


def heard():
    """What the plug-in said in GIMP's own way since `hear`."""
    path = Path.home() / "heard.txt"
    return path.read_text() if path.exists() else ""


def forget_results():
    for each in (SCUMBLE / "state/unclaimed").glob("*"):
        each.unlink()


def unclaimed():
    """How many results wait for somebody to take them."""
    return len(list((SCUMBLE / "state/unclaimed").glob("*.result")))


def forget_last_values():
    for each in (Path.home() / ".config/GIMP/3.0/plug-in-settings").glob("*scumble*"):
        each.unlink()


def kill(what):
    names = {"compute child": b"scumble_backend.compute.wake", "plug-in": b"plug-in-scumble.py"}
    os.kill(backend() if what == "backend" else _find(names[what]), signal.SIGKILL)


def compute_child():
    """Its process id; 0 where none runs."""
    return next(iter(processes_of(b"scumble_backend.compute.wake")), 0)


def hold_backend():
    """Let its job stand still."""
    os.kill(_find(b"scumble_backend.compute.wake"), signal.SIGSTOP)


def release_backend():
    os.kill(_find(b"scumble_backend.compute.wake"), signal.SIGCONT)


def processes(what):
    return len(processes_of(what.encode()))


def _find(what):
    found = processes_of(what)
    assert found, f"no {what.decode()} runs"
    return found[0]


def processes_of(what):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if what in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found
