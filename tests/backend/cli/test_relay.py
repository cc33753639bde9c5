"""Jobs of a real server by real Ray: two nodes of this machine, which are killed and come."""

import os
import re
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest
from tests.backend.cli.ray_cluster import LOOPBACK
from tests.backend.cli.test_cluster import Nodes
from tests.backend.conftest import PATIENCE
from tests.backend.server.test_station import (
    AGAIN,
    await_,
    children,
    endless,
    is_answer,
    stages,
)
from tests.sentences import says

from scumble import connection, machine, pipe, protocol
from scumble.client import Client
from scumble.protocol import Cancelled, Done, Failed, Preview, Progress, Queued
from scumble_backend.cli import sharing
from scumble_backend.cli.commands import main
from scumble_backend.cli.remote import Remote
from scumble_backend.server.child import PAINTS, PLACE, RELAYS

__all__ = ["endless"]  # a fixture
SERVE = [sys.executable, "-m", "scumble_backend", "serve"]
LOST = "its machine was lost: painting again, on another"
WAITS = "waiting for a machine of the cluster"
AFTER_CANCEL = 3  # previews: one under way, of the step that is done, and of that which hears it
NO_RAY = "raise ModuleNotFoundError('no ray', name='ray')"


@pytest.fixture
def two(scumble_home, monkeypatch):
    """Two nodes of one core."""
    monkeypatch.setenv("SCUMBLE_THREADS", "1")
    for name, value in LOOPBACK.items():
        monkeypatch.setenv(name, value)
    found = Nodes()
    found.do("add")
    found.do("add")
    yield found
    found.close()


@pytest.fixture
def server(scumble_home):
    """server(*words) -> clients(), of a server that was started so; it ends with the test."""
    with ExitStack() as opened:

        def start(*words: str):
            process = subprocess.Popen([*SERVE, *words])
            await_(lambda: connection.read() is not None or process.poll() is not None)
            assert process.poll() is None
            return lambda: opened.enter_context(Client(connection.read()))

        yield start


def libraries(process: psutil.Process) -> str:
    return " ".join(each.path for each in process.memory_maps())


def failed(client: Client) -> str:
    """What is answered to a question."""
    client.estimate(40, 40, [], {})
    found = []
    await_(lambda: found.extend(filter(is_answer, client.poll(0.1))) or found)
    return found[0].message


def test_two_pictures_are_painted_at_once_on_two_machines_as_without_a_cluster(
    two, server, endless, ask, replies, capsys
):
    client = server()()
    alone = replies(client, ask(client, steps=5))[-1]
    client.shutdown()
    await_(lambda: connection.read() is None)
    clients = server("--cluster", two.address)
    one, other, onlooker = clients(), clients(), clients()
    assert stages(onlooker) == ["resting", "resting"]
    first = replies(one, ask(one, steps=5))
    assert first[-1].pixels == alone.pixels
    assert any(isinstance(each, Preview) for each in first)
    running = endless(one)
    replies(one, running, until=Preview)
    beside = replies(other, ask(other, steps=5))
    assert beside[-1].pixels == alone.pixels
    later = endless(other)
    replies(other, later, until=Preview)
    assert stages(onlooker) == ["painting", "painting"]
    waits = ask(onlooker)
    assert replies(onlooker, waits, until=Queued)[-1].place == 1
    assert main(["status"]) == 0
    _, *each = capsys.readouterr().out.splitlines()
    assert [re.sub(r"on .*?:", "on it:", line)[:44] for line in each] == [
        "processor, 1 thread, on it: painting, 1 thre"
    ] * 2
    relays = children()
    assert len(relays) == 2
    assert all("_raylet" in libraries(each) for each in relays)
    assert not re.search("_raylet|libtorch", libraries(psutil.Process(connection.read().pid)))
    one.cancel(running)
    assert isinstance(replies(one, running)[-1], Cancelled)
    assert isinstance(replies(onlooker, waits)[-1], Done)
    assert {each.pid for each in children()} == {each.pid for each in relays}
    other.keep(later)
    assert isinstance(replies(other, later)[-1], Done)
    assert main(["doctor"]) == 0
    assert "ok   It paints on processor, 1 thread, on " in capsys.readouterr().out


def test_a_lost_machines_picture_is_painted_by_another_and_the_next_when_one_comes(
    two, server, endless, ask, replies
):
    clients = server("--cluster", two.address)
    one, other = clients(), clients()
    jobs = {one: endless(one), other: endless(other)}
    for client, job in jobs.items():
        replies(client, job, until=Preview)
    two.do("kill")
    lost = []
    await_(lambda: lost.extend(c for c in jobs if LOST in map(stage, c.poll(0.1))) or lost)
    (client,), (spared,) = lost, jobs.keys() - set(lost)
    spared.cancel(jobs[spared])
    replies(client, jobs[client], until=Preview)
    assert stages(client).count("painting") == 1
    two.do("kill")
    end = replies(client, jobs[client])[-1]
    assert isinstance(end, Failed)
    why = says("The machine of the cluster that painted it was lost: paint again.")
    assert re.fullmatch(why, end.message)
    waits = ask(client)
    while replies(client, waits, until=Progress)[-1].stage != WAITS:
        pass
    room = says("No machine of the cluster has room: wait for one, or start one.")
    assert re.fullmatch(room, failed(spared))
    await_(lambda: "away" in stages(spared))
    two.do("add")
    assert isinstance(replies(client, waits)[-1], Done)


def test_where_the_whole_cluster_is_lost_a_picture_waits_for_it(
    two, server, endless, replies, monkeypatch
):
    """Ray itself ends the process that is cut off, after a minute, or as is said here."""
    monkeypatch.setenv("RAY_gcs_rpc_server_reconnect_timeout_s", "1")
    client = server("--cluster", two.address)()
    job = endless(client)
    replies(client, job, until=Preview)
    two.end_head()
    for awaited in (LOST, WAITS):
        await_(lambda awaited=awaited: awaited in map(stage, client.poll(0.1)))
    client.cancel(job)
    assert isinstance(replies(client, job)[-1], Cancelled)


def test_a_child_that_is_killed_over_there_paints_again_with_less_memory(
    two, server, endless, replies
):
    client = server("--cluster", two.address)()
    job = endless(client)
    replies(client, job, until=Preview)
    (killed,) = painters()
    killed.kill()
    await_(lambda: AGAIN in map(stage, client.poll(0.1)))
    replies(client, job, until=Preview)
    (again,) = painters()
    assert again.environ()[machine.SPARE] == "1"
    client.keep(job)
    assert isinstance(replies(client, job)[-1], Done)
    client.shutdown()
    await_(lambda: not painters())


def painters() -> list[psutil.Process]:
    """The compute children of this test's home, wherever they are."""
    home, found = os.environ["SCUMBLE_HOME"], []
    for each in psutil.process_iter():
        with suppress(psutil.Error):
            if PAINTS in each.cmdline() and each.environ().get("SCUMBLE_HOME") == home:
                found.append(each)
    return found


def test_of_previews_that_nobody_fetches_the_last_is_kept_and_the_result_never_lost(
    scumble_home, painting
):
    remote, style = Remote(1, gpu=False, spare=False), painting(seed=9)
    used = (protocol.Style("style", style.digest()),)
    request = protocol.Stylize("mine", painting(), used, {"steps": 20})
    for each in (request, protocol.StylePixels("mine", style.digest(), style)):
        remote.hear([bytes(frame) for frame in protocol.encode(each)])

    def kinds() -> list[type]:
        return [type(protocol.decode(list(each))) for each in remote._said]

    await_(lambda: Done in kinds())
    said, code = remote.said()
    assert [type(protocol.decode(each)) for each in said].count(Preview) == 1
    assert code is None
    (painter,) = painters()
    painter.kill()
    while code is None:
        _, code = remote.said()
    assert code == -9


def test_a_relay_says_that_it_lives_while_a_result_is_on_its_way(two, tmp_path):
    slow, arrived = Path(__file__).with_name("slow_answer.py"), tmp_path / "arrived"
    with subprocess.Popen(
        [sys.executable, slow, two.address, arrived], stdout=subprocess.PIPE
    ) as relay:

        def heard() -> type:
            return type(protocol.decode(pipe.read_frames(relay.stdout)))

        ends = threading.Timer(PATIENCE, relay.kill)
        ends.start()
        assert heard() is protocol.Ping
        arrived.touch()
        while (kind := heard()) is not Progress:
            assert kind is protocol.Ping
        relay.stdout.read()  # more of them may come
        ends.cancel()
    assert relay.returncode == 0


def stage(message: protocol.Message) -> str:
    return getattr(message, "stage", "")


def test_cancel_is_heard_on_the_other_machine_within_a_step(two, painting):
    """As a station sees it, over the pipe."""
    share = sharing.of_cluster(two.address)[0]
    style = painting(seed=9)
    used = (protocol.Style("style", style.digest()),)
    request = protocol.Stylize("mine", painting(240, 180), used, {"steps": 5000})
    with subprocess.Popen(
        [sys.executable, "-m", RELAYS], env=os.environ | {PLACE: share.place},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as relay:  # fmt: skip

        def say(message: protocol.Message) -> None:
            pipe.write_frames(relay.stdin, protocol.encode(message))

        def heard(until: type) -> list[type]:
            kinds = []
            while until not in kinds and kinds.count(Preview) <= AFTER_CANCEL:
                kinds.append(type(protocol.decode(pipe.read_frames(relay.stdout))))
            return kinds

        say(request)
        say(protocol.StylePixels("mine", style.digest(), style))
        heard(Preview)
        say(protocol.Cancel("mine"))
        assert heard(Cancelled)[-1] is Cancelled
        relay.stdin.close()
        assert relay.wait(PATIENCE) == 0


@pytest.mark.parametrize(("devices", "sentence"), [(0, ""), (1, "unfit")])
def test_where_no_machine_paints_that_is_said(
    scumble_home, tmp_path, monkeypatch, capsys, devices, sentence
):
    for name, value in LOOPBACK.items():
        monkeypatch.setenv(name, value)
    other = tmp_path / "other/scumble_backend/__init__.py"
    other.parent.mkdir(parents=True)
    other.touch()
    nodes = Nodes(PYTHONPATH=str(other.parent.parent))
    try:
        for _ in range(devices):
            nodes.do("add")
        assert main(["serve", "--cluster", nodes.address]) == 1
    finally:
        nodes.close()
    *before, last = capsys.readouterr().err.splitlines()
    none = says("No machine of the cluster at … paints: start Ray on one.")
    assert re.fullmatch(none, last)
    assert len(before) == devices
    assert all("A machine of the cluster cannot paint (" in each for each in before)
    assert connection.read() is None


def test_where_there_is_no_cluster_and_no_ray_that_is_said_at_once(
    scumble_home, tmp_path, monkeypatch, capsys
):
    assert main(["serve", "--cluster", "127.0.0.1:1"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("There is no Ray cluster at 127.0.0.1:1 (")
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray/__init__.py").write_text(NO_RAY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert main(["serve", "--cluster", "auto"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("--cluster needs Ray, which is not installed here: run `")


def test_a_cluster_and_devices_are_one_too_many(capsys):
    with pytest.raises(SystemExit):
        main(["serve", "--cluster", "auto", "--devices", "all"])
    assert "leave one out" in capsys.readouterr().err
