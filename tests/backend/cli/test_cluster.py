"""Many machines by real Ray: nodes of this machine, one of which is killed, paint what it paints
alone."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from tests.backend.cli.ray_cluster import LOOPBACK
from tests.backend.cli.test_batch import picture, results
from tests.sentences import says

from scumble_backend.cli.commands import main

BATCH = [sys.executable, "-m", "scumble_backend", "batch"]
MANY, CORRUPT = 60, (7, 42)
WAITING = "Waiting for a device of the cluster ...\n"
PATIENCE = 600.0  # s


class Nodes:
    """A cluster without a device, and nodes of one core that come and go."""

    def __init__(self, **environment):
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("ray_cluster.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | environment,
        )  # fmt: skip
        self.address = self._process.stdout.readline().strip()
        self.there = 0

    def do(self, what: str) -> None:
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"
        self.there += 1 if what == "add" else -1

    def end_head(self) -> None:
        """What holds the cluster together is killed."""
        below = psutil.Process(self._process.pid).children(recursive=True)
        (head,) = (each for each in below if each.name() == "gcs_server")
        head.kill()

    def close(self) -> None:
        self._process.communicate(timeout=PATIENCE)


@pytest.fixture
def nodes(folder, monkeypatch):
    for name, value in LOOPBACK.items():
        monkeypatch.setenv(name, value)
    found = Nodes()
    yield found
    found.close()


@pytest.fixture
def folder(shared_home, tmp_path, monkeypatch):
    """A folder to work in, with a style."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCUMBLE_THREADS", "1")
    picture(tmp_path / "style.png", 99)
    return tmp_path


def order(folder, out, *more):
    return [folder, "--style", "style.png", "--steps", "3", "--out", out, *more]


def painted(out):
    return {str(path.relative_to(out)): data for path, (data, _) in results(out).items()}


def begun(nodes, *more):
    """The command, as a process."""
    return subprocess.Popen(
        [*BATCH, *more, "--cluster", nodes.address],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def command(arguments, before="pass"):
    """The command to its end, in a Python that does something before."""
    code = f"import sys; {before}; from scumble_backend.cli.commands import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, "batch", *arguments],
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip


def number_of(line):
    """Which picture is begun."""
    found = re.search(r" (\d+) of \d+", line)
    return int(found[1]) if found else 0


def test_sixty_pictures_are_painted_as_alone_though_a_machine_is_killed(nodes, folder):
    for each in range(MANY):
        path = picture(folder / f"in/{each:02}.png", each)
        if each in CORRUPT:
            path.write_bytes(path.read_bytes()[:60])
    assert main(["batch", *order("in", "alone")]) == 1
    events = {MANY // 2: "kill", MANY // 4: "add"}
    with begun(nodes, *order("in", "out")) as process:
        while line := process.stderr.readline():
            if line == WAITING and MANY // 4 in events:
                nodes.do("add")
            while events and number_of(line) >= min(events):
                nodes.do(events.pop(min(events)))
        summary, *failed = process.stdout.read().splitlines()
    assert not events
    assert re.fullmatch(rf"Painted {MANY - 2} of {MANY} pictures.*, 2 failed\.", summary)
    assert all(
        re.search(rf"in/{each:02}\.png", line) for each, line in zip(CORRUPT, failed, strict=True)
    )
    assert painted(folder / "out") == painted(folder / "alone")
    assert len(painted(folder / "out")) == MANY - len(CORRUPT)


def test_frames_of_two_folders_are_painted_side_by_side_each_after_the_one_before(
    nodes, folder, capsys, monkeypatch
):
    nodes.do("add")
    monkeypatch.setenv("RAY_ADDRESS", nodes.address)
    for number in range(6):
        picture(folder / f"in/{number % 2}/{number}.png", number // 4)
    assert main(["batch", *order("in", "alone", "--sequence")]) == 0
    done = command(order("in", "out", "--sequence", "--cluster", "auto"))
    assert "Painted 6 of 6" in done.stdout
    assert painted(folder / "out") == painted(folder / "alone")
    assert main(["batch", *order("in", "out", "--sequence")]) == 0
    assert "6 were done before" in capsys.readouterr().out.splitlines()[-1]


def test_ended_by_ctrl_c_it_says_what_is_left_and_the_same_command_goes_on(
    nodes, folder, interruptible
):
    for number in range(8):
        picture(folder / f"in/{number}.png", number)
    nodes.do("add")
    endless = order("in", "out", "--steps", "5000")
    with begun(nodes, *endless) as process:
        while not number_of(process.stderr.readline()):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "8 are left: the same command goes on with them." in said
    with begun(nodes, *order("in", "out")) as process:  # the device is free for it
        said, _ = process.communicate(timeout=PATIENCE)
    assert "Painted 8 of 8 pictures" in said


def test_a_machine_that_cannot_paint_is_said(folder, monkeypatch):
    picture(folder / "in/0.png")
    other = folder / "other/scumble_backend/__init__.py"
    other.parent.mkdir(parents=True)
    other.touch()
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    nodes = Nodes(PYTHONPATH=str(other.parent.parent))
    try:
        nodes.do("add")
        done = command(order("in", "out", "--cluster", nodes.address))
    finally:
        nodes.close()
    unfit = says(
        "A machine of the cluster cannot paint (…): set up the same Scumble there with "
        "Ray, and run `ray start` by its Python."
    )
    assert re.search(unfit, done.stderr)
    assert done.returncode == 1


def test_a_picture_whose_machine_is_lost_twice_is_listed(nodes, folder):
    picture(folder / "in/0.png")
    with begun(nodes, *order("in", "out", "--steps", "5000")) as process:
        while line := process.stderr.readline():
            if line.startswith("Painting on "):
                nodes.do("kill")
            if line.startswith(("Painting on ", WAITING)) and not nodes.there:
                nodes.do("add")
        said = process.stdout.read()
    lost = says("The machine that painted it was lost (…): start the same command again.")
    assert re.search(lost, said)
    assert "1 failed" in said


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere"])
def test_where_there_is_no_cluster_that_is_said_at_once(folder, address):
    picture(folder / "in/0.png")
    done = command(order("in", "out", "--cluster", address))
    none = says(
        "There is no Ray cluster at … (…): run `ray start --head` on one machine, join it from "
        "this one, and try again."
    )
    assert re.fullmatch(none, done.stderr.strip())
    assert done.returncode == 1


def test_without_the_extra_it_is_said_how_to_get_it(folder):
    picture(folder / "in/0.png")
    done = command(order("in", "out", "--cluster", "auto"), "sys.modules['ray'] = None")
    without = says(
        "--cluster needs Ray, which is not installed here: run `… -m pip install "
        "ray`, and so on every machine."
    )
    assert re.fullmatch(without, done.stderr.strip())
    assert done.returncode == 1


def test_nothing_of_ray_is_imported_where_it_is_not_asked_for(folder):
    picture(folder / "in/0.png")
    listing = "import atexit; atexit.register(lambda: print('ray' in sys.modules))"
    done = command(order("in", "out"), listing)
    assert done.stdout.splitlines()[-1] == "False"
    assert "Painted 1 of 1" in done.stdout
