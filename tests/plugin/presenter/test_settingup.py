"""The page that sets Scumble up: what it says and does, and when it gives way to painting.

The process that sets it up is the test, which writes what such a one tells.
"""

import json

import pytest
from world import World

from scumble import backends, environment, language, needs, setup
from scumble.connection import Connection
from scumble.lock import lock
from scumble.presenter import settingup, setupwords

OWN = {"version": "0.2.0", "sources": "ours"}
NEEDS = needs.Needs("RTX 4070", 3.1, 6.0, 3.1, 6.0, 80.0)
SMALL = needs.Needs("", 0.1, 0.2, 0.1, 0.2, 80.0)


class Machine:
    """Scumble's folder, and the process that sets it up."""

    def __init__(self, home):
        self.home, self.started = home, 0

    def install(self, **about):
        python = environment.python_of(self.home / "venv-1")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        record = {"environment": {"folder": "venv-1", **OWN, **about}}
        (self.home / "install.json").write_text(json.dumps(record))

    def tell(self, **what):
        with open(self.home / "state" / needs.REPORT, "a") as file:
            file.write(json.dumps(what) + "\n")

    def run(self, command, *_):
        self.started += 1
        self.aim = command[2:]  # after Python and project.zip
        self.held = lock(self.home / "state" / needs.LOCK)
        assert self.held

    def end(self, **what):
        self.tell(**what)
        self.held.close()


@pytest.fixture
def machine(scumble_home, monkeypatch, tmp_path):
    found = Machine(scumble_home)
    package = tmp_path / "scumble"
    package.mkdir()
    (package / "project.json").write_text(json.dumps(OWN))
    (package / "project.zip").touch()
    monkeypatch.delenv("SCUMBLE_PYTHON")
    monkeypatch.setattr(setup, "HERE", package)
    monkeypatch.setattr(environment, "__file__", str(package / "environment.py"))
    monkeypatch.setattr(setup, "_run", found.run)
    monkeypatch.setattr(setup.pythons, "command", lambda *_: (["python3"], {}))
    monkeypatch.setattr(settingup, "needs", lambda folder, sends: SMALL if sends else NEEDS)
    monkeypatch.setattr(settingup, "_put_off", set())
    return found


@pytest.fixture
def world(machine, monkeypatch):
    return lambda: World(monkeypatch)


def press(world):
    world.presenter.setting_up.press()
    world.settle()


def test_where_nothing_is_set_up_the_page_says_what_will_be_done_and_nothing_is_started(world):
    opened = world()
    opened.backend.alive = False
    page = opened.state.page
    assert (page.heading, page.button, page.later) == (setupwords.HEADINGS["missing"], "Set up", "")
    opened.settle()
    said = "\n".join(opened.state.page.lines)
    for part in (str(setup.connection.home()), "3.1 GB", "6.0 GB", "80 GB are free", "RTX 4070"):
        assert part in said
    opened.presenter.choosing.tick("ink", True)
    assert not opened.state.ready
    assert not opened.backend.alive, "what is not there is not started"
    assert opened.presenter.repeat() is False


def test_one_button_sets_it_up_and_the_same_window_goes_on_to_painting(world, machine):
    opened = world()
    press(opened)
    assert machine.started == 1
    machine.tell(stage="Fetching torch", done=10**9, total=4 * 10**9, left=180.0)
    opened.settle()
    page = opened.state.page
    assert (page.busy, page.button, page.progress) == (True, setupwords.STOP_SET_UP, 0.25)
    assert page.stage == "Fetching torch, 1.00 of 4.00 GB, 3 min left"
    machine.install()
    machine.end(end="done")
    opened.settle()
    assert opened.state.page is None
    assert opened.state.status.startswith("Ready")
    opened.presenter.choosing.tick("ink", True)
    assert opened.state.ready


def test_a_stage_without_bytes_has_a_bar_that_knows_no_end(world, machine):
    opened = world()
    press(opened)
    machine.tell(stage="Trying it")
    opened.settle()
    assert (opened.state.page.progress, opened.state.page.stage) == (None, "Trying it")


def test_cancel_asks_the_process_and_the_page_comes_back(world, machine):
    opened = world()
    press(opened)
    press(opened)  # stop
    assert (machine.home / "state" / needs.CANCEL).exists()
    assert opened.state.page.busy, "until it has stopped"
    machine.end(end="cancelled")
    opened.settle()
    assert (opened.state.page.button, opened.state.page.trouble) == ("Set up", setupwords.KEPT)
    press(opened)
    assert machine.started == 2
    assert not (machine.home / "state" / needs.CANCEL).exists()
    assert opened.state.page.trouble == ""


def test_why_it_failed_is_said_and_it_can_begin_again(world, machine):
    opened = world()
    press(opened)
    machine.end(end="failed", message="The disk is full: make room, then try again.")
    opened.settle()
    page = opened.state.page
    assert (page.busy, page.button) == (False, "Set up")
    assert page.trouble == "The disk is full: make room, then try again."
    press(opened)
    assert machine.started == 2


def test_a_window_that_opens_while_it_is_under_way_shows_it_and_a_closed_one_stops_nothing(
    world, machine
):
    first = world()
    press(first)
    machine.tell(stage="Fetching torch", done=1, total=2)
    first.presenter.close()
    timers = len(first.loop.timers)
    second = world()
    assert second.state.page.busy
    assert second.state.page.progress == 0.5
    machine.install()
    machine.end(end="done")
    second.settle()
    assert second.state.page is None
    assert timers == 0


def test_how_it_ended_while_no_window_looked_is_said_once(world, machine):
    first = world()
    press(first)
    first.presenter.close()
    machine.end(end="failed", message="This computer is offline: go online, then try again.")
    second = world()
    assert "offline" in second.state.page.trouble
    assert world().state.page.trouble == ""


@pytest.mark.parametrize(
    ("about", "button", "later"),
    [
        ({"version": "0.1.0", "sources": "theirs"}, "Upgrade", "Not now"),
        ({"version": "0.3.0", "sources": "theirs"}, "", "Go on"),
    ],
)
def test_another_version_is_put_off_for_all_windows(world, machine, about, button, later):
    machine.home.mkdir()
    machine.install(**about)
    opened = world()
    page = opened.state.page
    assert (page.button, page.later) == (button, later)
    assert "0.2.0" in page.lines[0]
    assert about["version"] in page.lines[0]
    opened.presenter.setting_up.later()
    opened.settle()
    assert opened.state.page is None
    assert opened.state.status.startswith("Ready")
    assert world().state.page is None


def test_a_cancelled_upgrade_leaves_what_worked(world, machine):
    machine.home.mkdir()
    machine.install(version="0.1.0", sources="theirs")
    opened = world()
    press(opened)
    machine.end(end="cancelled")
    opened.settle()
    assert opened.state.page.later == "Not now"
    opened.presenter.setting_up.later()
    opened.settle()
    assert opened.state.status.startswith("Ready")


def test_what_cannot_begin_is_said_on_the_page(world, machine):
    opened = world()
    (machine.home / "state" / needs.LOCK).unlink()
    (machine.home / "state" / needs.LOCK).mkdir()
    press(opened)
    assert "make it writable" in opened.state.page.trouble
    assert opened.state.page.button == "Set up"


def test_what_said_that_it_is_done_and_is_not_there_is_no_end(world, machine):
    opened = world()
    press(opened)
    machine.end(end="done")
    opened.settle()
    assert (opened.state.page.button, opened.state.page.trouble) == (
        "Set up",
        "It was set up, but its files are not there: try again.",
    )


def test_a_job_that_fails_by_a_damaged_file_leads_to_repair(world, machine):
    machine.install()
    opened = world()
    opened.running()
    environment.note_damage()
    assert opened.state.page is None
    opened.backend.fail()
    opened.settle()
    page = opened.state.page
    assert (page.heading, page.button) == ("Scumble is to be repaired", "Repair")
    assert "are gone or damaged" in page.lines[0]

    machine.tell(stage="Trying it")
    press(opened)
    machine.install()
    machine.end(end="done")
    opened.settle()
    assert opened.state.page is None
    assert opened.state.message == "", "what is repaired is not complained of"
    opened.backend.answer()
    opened.settle()
    assert opened.state.stage.startswith("Takes about ")


def test_how_far_setting_up_is_is_said_in_the_artists_language():
    told = setup.Report("Trying it", 500_000_000, 2_000_000_000, 90.0)
    with language.speaking("de"):
        assert setupwords.set_up_stage(told) == "Es wird ausprobiert, 0,50 von 2,00 GB, noch 2 min"


# Another computer paints

KEY = backends.as_text(
    Connection("tcp://192.168.1.5:27182", "S" * 40, "C" * 40, "s" * 40, 0, 0.0, "", "studio")
)


def ask_for_another(world, text=KEY):
    world.presenter.setting_up.other()
    world.face.named.pop()(text)
    world.settle()


def test_where_nothing_is_set_up_another_computer_can_paint_and_no_torch_is_fetched(world, machine):
    opened = world()
    assert opened.state.page.other == "Another Computer..."
    ask_for_another(opened)
    page = opened.state.page
    said = "\n".join(page.lines)
    assert "without PyTorch" in said
    assert "0.1 GB" in said
    assert "Graphics card" not in said
    assert (page.button, page.other) == ("Set up", "Paint on This Computer")
    press(opened)
    assert machine.aim == ["--another-computer"]
    machine.install(only_sends=True)
    machine.end(end="done")
    opened.settle()
    assert opened.state.page is None
    assert opened.state.private == "Your pictures are sent to “studio”, encrypted."
    opened.running()
    assert opened.backend.opened[-1].where == "studio"


def test_a_window_beside_that_one_paints_there_too(world, machine):
    first, second = world(), world()
    ask_for_another(first)
    press(first)
    press(second)  # it follows what the other one began
    machine.install(only_sends=True)
    machine.end(end="done")
    second.settle()
    assert second.state.page is None
    assert second.state.private == "Your pictures are sent to “studio”, encrypted."


def test_what_is_no_key_is_said_on_the_page(world):
    opened = world()
    ask_for_another(opened, "Dear friend")
    assert "This is no key of Scumble's" in opened.state.page.trouble
    ask_for_another(opened)
    assert opened.state.page.trouble == ""


def test_where_there_is_nothing_to_paint_with_this_computer_leads_to_the_page(world, machine):
    backends.choose(backends.add(KEY).name)
    machine.install(only_sends=True)
    opened = world()
    assert opened.state.page is None
    opened.presenter.elsewhere.choose("")
    opened.settle()
    page = opened.state.page
    assert (page.heading, page.button) == (setupwords.HEADINGS["missing"], "Set up")
    assert "RTX 4070" in "\n".join(page.lines)
    opened.presenter.setting_up.other()
    _, choices, then = opened.face.choices.pop()
    assert choices == ("Paint on “studio”", "Another Computer...")
    then(0)
    opened.settle()
    assert opened.state.page is None
    opened.presenter.elsewhere.choose("")
    press(opened)
    assert machine.aim == []


def test_a_newer_plug_in_upgrades_what_only_sends_without_fetching_torch(world, machine):
    backends.choose(backends.add(KEY).name)
    machine.install(only_sends=True, version="0.1.0", sources="theirs")
    opened = world()
    assert (opened.state.page.button, opened.state.page.other) == ("Upgrade", "")
    press(opened)
    assert machine.aim == ["--another-computer"]


def test_what_paints_is_kept_whole_where_another_computer_paints(world, machine):
    backends.choose(backends.add(KEY).name)
    machine.install(version="0.1.0", sources="theirs")
    opened = world()
    press(opened)
    assert machine.aim == []
