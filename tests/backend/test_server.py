"""The server with its compute child: real processes, asked as a plug-in would."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
import zmq
from tests.backend.conftest import PATIENCE

from scumble import connection, launcher, protocol, unclaimed
from scumble.client import SILENCE, Client, greet
from scumble.errors import LostError, ProtocolError
from scumble.protocol import Cancelled, Done, Failed, Preview, Progress, Queued


def test_a_job_goes_the_whole_way(client, ask, replies, painting):
    content = painting()
    job = ask(client, content)
    found = replies(client, job)
    kinds = [type(reply) for reply in found]
    assert Queued in kinds
    assert Progress in kinds
    assert Preview in kinds
    done = found[-1]
    assert isinstance(done, Done)
    assert done.pixels.extent == content.extent
    assert done.pixels.format == content.format
    assert done.pixels.data != content.data
    assert done.pixels.data[3::4] == content.data[3::4]


def test_the_same_job_gives_the_same_picture_and_its_style_is_sent_once(client, ask, replies):
    one, two = (replies(client, ask(client, seed=4))[-1].pixels for _ in range(2))
    assert one == two
    with Client(connection.read()) as other:  # the same key: the same cache
        frames = protocol.encode(
            protocol.Stylize("again", one, (protocol.Style("s", one.digest()),), {"steps": 1})
        )
        other._wire.send(frames)
        (asked,) = _raw(other, 1)
        assert asked == protocol.SendStyles("again", (one.digest(),))


def _raw(client: Client, count: int) -> list[protocol.Message]:
    """The next messages, unanswered."""
    found = []
    while len(found) < count and (frames := client._wire.receive(20)):
        found.append(protocol.decode(frames))
    return found


def test_no_steps_give_the_content_back_bit_for_bit(client, ask, replies, painting):
    content = painting(60, 50)
    assert replies(client, ask(client, content, steps=0))[-1].pixels == content


@pytest.mark.parametrize("working_size", ["auto", 256])
def test_a_mask_limits_the_result(client, replies, painting, working_size):
    content, style = painting(400, 64), painting(seed=9)
    chosen = [(protocol.Style("style", style.digest()), style)]
    x, y, _, height = content.extent
    mask = protocol.Pixels(protocol.Extent(x, y, 200, height), "grey8", b"\xff" * 200 * height)
    values = {"steps": 2, "working_size": working_size, "feather": 10}
    done = replies(client, client.submit(content, chosen, values, mask))[-1]
    assert isinstance(done, Done)
    assert done.pixels.extent == content.extent
    alpha = done.pixels.data[3::4][-400:]  # of the last row
    assert set(alpha[:180]) == {255}
    assert set(alpha[220:]) == {0}
    assert 100 < alpha[200] < 155
    assert done.pixels.data[: 4 * 185] != content.data[: 4 * 185]


def test_a_mask_that_is_none_gets_a_sentence(client, replies, painting):
    content = painting()
    chosen = [(protocol.Style("style", content.digest()), content)]
    failed = replies(client, client.submit(content, chosen, {}, content))[-1]
    assert "selection" in failed.message


@pytest.mark.parametrize("size", [(16, 16), (17, 301), (640, 16)])
def test_odd_sizes_come_back_at_their_size(client, ask, replies, painting, size):
    content = painting(*size)
    done = replies(client, ask(client, content, working_size=256))[-1]
    assert done.pixels.extent == content.extent


def test_jobs_queue_and_another_clients_job_waits(client, ask, replies):
    with Client(connection.read()) as other:
        first = ask(client, steps=40)
        second = ask(other, steps=1)
        assert isinstance(replies(client, first)[-1], Done)
        assert isinstance(replies(other, second)[-1], Done)


@pytest.mark.parametrize(
    ("size", "what"), [((8, 40), "only 8 x 40 px"), ((40, 15), "only 40 x 15 px")]
)
def test_a_layer_too_small_gets_a_sentence(client, ask, replies, painting, size, what):
    assert what in replies(client, ask(client, painting(*size)))[-1].message
    assert "'style'" in replies(client, ask(client, style=painting(*size)))[-1].message


def test_an_empty_layer_gets_a_sentence(client, ask, replies, painting):
    full = painting()
    clear = protocol.Pixels(full.extent, "rgba8", bytes(len(full.data)))
    assert "empty" in replies(client, ask(client, clear))[-1].message


def test_too_large_a_working_size_is_refused_with_one_that_fits(client, ask, replies, painting):
    """16384 x 16384 px at 8 bits fits on the wire and into no machine's memory at that size."""
    content = protocol.Pixels(protocol.Extent(0, 0, 16384, 8192), "rgba8", b"\xff" * 2**29)
    failed = replies(client, ask(client, content, working_size=16384))[-1]
    assert isinstance(failed, Failed)
    assert "working size of at most" in failed.message


@pytest.mark.parametrize(
    ("parameters", "word"),
    [({"strength": 900}, "strength"), ({"strenght": 1}, "strenght"), ({"blend": 3}, "blend")],
)
def test_wrong_parameters_get_a_sentence(client, ask, replies, parameters, word):
    failed = replies(client, ask(client, **parameters))[-1]
    assert isinstance(failed, Failed)
    assert word in failed.message


def test_a_job_without_styles_is_refused(client, painting, replies):
    failed = replies(client, client.submit(painting(), [], {}))[-1]
    assert "style" in failed.message


def test_cancel_frees_the_host_within_200_ms_and_the_next_job_runs(client, ask, replies):
    job = ask(client, steps=5000)
    replies(client, job, until=Progress)
    replies(client, job, until=Preview)
    began = time.monotonic()
    client.cancel(job)
    replies(client, job, until=Cancelled)
    assert time.monotonic() - began < 0.2
    assert isinstance(replies(client, ask(client))[-1], Done)


@pytest.mark.parametrize("size", [(48, 40), (300, 200)])
def test_keep_ends_a_job_with_what_is_painted_so_far(client, ask, replies, painting, size):
    content = painting(*size)
    job = ask(client, content, steps=5000, working_size=256)
    replies(client, job, until=Preview)
    client.keep(job)
    done = replies(client, job)[-1]
    assert isinstance(done, Done)
    assert done.pixels.extent == content.extent
    assert done.pixels.data != content.data
    assert done.pixels.data[3::4] == content.data[3::4]


def test_cancel_of_a_waiting_job_leaves_the_running_one_alone(client, ask, replies):
    running, waiting = ask(client, steps=30), ask(client, steps=5000)
    client.cancel(waiting)
    assert isinstance(replies(client, running)[-1], Done)


@pytest.mark.faults
def test_a_killed_child_fails_its_job_with_a_sentence_and_the_next_one_works(
    client, ask, replies, child
):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    child().kill()
    failed = replies(client, job)[-1]
    assert isinstance(failed, Failed)
    assert "start again" in failed.message
    assert isinstance(replies(client, ask(client))[-1], Done)


@pytest.mark.faults
def test_a_child_that_hangs_is_killed_and_the_next_job_runs(client, ask, replies, child):
    """Stopped by a signal, it cannot obey: the server kills it in the end."""
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    process = child()
    process.suspend()
    client.cancel(job)
    assert isinstance(replies(client, ask(client))[-1], Done)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.faults
def test_a_client_that_vanishes_loses_its_jobs(client, ask, replies):
    with Client(connection.read()) as gone:
        job = ask(gone, steps=5000)
        replies(gone, job, until=Preview)
    until = time.monotonic() + 30
    while (jobs := client.status(5).jobs) and time.monotonic() < until:
        time.sleep(0.2)
    assert jobs == 0


def listen(client: Client) -> None:
    """As a host does, for as long as a silent backend is waited for."""
    until = time.monotonic() + SILENCE
    while time.monotonic() < until:
        client.poll(0.1)


@pytest.mark.faults
def test_a_killed_backend_is_noticed_at_once(client, ask, replies):
    replies(client, ask(client, steps=5000), until=Preview)
    psutil.Process(connection.read().pid).kill()
    began = time.monotonic()
    with pytest.raises(LostError, match="start the job again"):
        listen(client)
    assert time.monotonic() - began < 3


@pytest.mark.faults
def test_a_backend_that_is_gone_before_the_job_is_noticed_at_once(client, ask):
    gone = connection.read()
    process = psutil.Process(gone.pid)
    process.kill()
    process.wait(10)
    with Client(gone) as late:
        ask(late)
        began = time.monotonic()
        with pytest.raises(LostError, match="start the job again"):
            listen(late)
        assert time.monotonic() - began < 3


@pytest.mark.faults
def test_a_job_with_a_name_outlives_its_client_and_is_kept(client, replies, painting):
    content, style = painting(), painting(seed=9)
    chosen = [(protocol.Style("style", style.digest()), style)]
    with Client(connection.read()) as gone:
        home = {"name": "Style: A", "document": "a.kra"}
        job = gone.submit(content, chosen, {"steps": 60}, **home)
        replies(gone, job, until=Preview)
    until = time.monotonic() + PATIENCE
    while not (found := unclaimed.results()) and time.monotonic() < until:
        time.sleep(0.2)
    assert (found[0].name, found[0].document) == ("Style: A", "a.kra")
    assert found[0].pixels().extent == content.extent
    assert client.status(5).jobs == 0
    found[0].forget()


@pytest.mark.faults
def test_a_child_dies_with_its_server(client, ask, replies, child):
    replies(client, ask(client, steps=5000), until=Preview)
    process = child()
    psutil.Process(connection.read().pid).kill()
    process.wait(20)
    assert not process.is_running()


def test_a_second_start_finds_the_first_and_leaves(client):
    first = connection.read()
    second = subprocess.run(
        [sys.executable, "-m", "scumble_backend", "serve"], timeout=30, capture_output=True
    )
    assert second.returncode == 0
    assert connection.read() == first
    assert greet(first, 5)


def test_a_stale_connection_file_is_no_hindrance(client):
    stale = connection.read()
    process = psutil.Process(stale.pid)
    process.kill()
    process.wait(10)
    with launcher.find_or_start() as found:
        assert found.status(5).pid == connection.read().pid != stale.pid


def test_it_leaves_when_idle_and_takes_its_file_along(scumble_home):
    process = _serve("serve(idle=2.0)")
    assert process.wait(30) == 0
    assert connection.read() is None


def test_the_child_ends_when_idle_and_a_new_one_serves(scumble_home, ask, replies):
    process = _serve("serve(child_idle=1.0)")
    with launcher.find_or_start() as client:
        assert isinstance(replies(client, ask(client))[-1], Done)
        until = time.monotonic() + 30
        while client.status(5).stage != "resting" and time.monotonic() < until:
            time.sleep(0.1)
        assert not psutil.Process(process.pid).children()
        assert isinstance(replies(client, ask(client))[-1], Done)


def _serve(call: str) -> subprocess.Popen:
    code = f"from scumble_backend.server import serve; {call}"
    return subprocess.Popen([sys.executable, "-c", code])


def test_it_leaves_when_asked(client):
    process = psutil.Process(connection.read().pid)
    client.shutdown()
    process.wait(20)
    assert connection.read() is None


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_it_leaves_on_a_signal(client):
    process = psutil.Process(connection.read().pid)
    os.kill(process.pid, signal.SIGTERM)
    process.wait(20)
    assert connection.read() is None


def test_a_launch_that_fails_ends_with_the_log(scumble_home, tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no engine in here >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("SCUMBLE_PYTHON", str(broken))
    with pytest.raises(launcher.StartError, match="no engine in here"):
        launcher.find_or_start()


def test_a_missing_environment_gets_a_sentence(scumble_home, monkeypatch):
    monkeypatch.setenv("SCUMBLE_PYTHON", str(scumble_home / "nowhere"))
    with pytest.raises(launcher.StartError, match=r"run install\.py"):
        launcher.find_or_start()


# How long it would take


@pytest.fixture
def told():
    """told(client, question) -> the answer to an estimate."""

    def wait(client: Client, question: str) -> protocol.EstimateReply:
        until = time.monotonic() + 300
        while time.monotonic() < until:
            for reply in client.poll(0.1):
                if isinstance(reply, protocol.EstimateReply) and reply.question == question:
                    return reply
        raise AssertionError("no estimate")

    return wait


def test_an_estimate_comes_before_any_job_and_paints_nothing(scumble_home, told):
    with launcher.find_or_start() as client:
        style = protocol.StyleSize(200, 100)
        asked = client.estimate(300, 200, [style], {"working_size": 256})
        found = told(client, asked)
        assert (found.width, found.height, found.message) == (256, 171, "")
        assert found.seconds > 0
        assert 0 < found.memory < found.memory_free
        longer = told(client, client.estimate(300, 200, [style] * 9, {"quality": "fine"}))
        assert longer.seconds > found.seconds
        assert client.status(5).jobs == 0


def test_an_estimate_is_given_while_another_job_is_painted(client, ask, replies, told):
    job = ask(client, steps=5000)
    replies(client, job, until=Preview)
    asked = client.estimate(40, 40, [], {})
    assert told(client, asked).message == ""
    assert client.status(5).stage == "painting"
    client.cancel(job)


@pytest.mark.parametrize(
    ("size", "parameters", "word"),
    [
        ((8, 40), {}, "only 8 x 40 px"),
        ((40, 40), {"quality": "best"}, "quality"),
        ((40, 40), {"encoder": "vgg19"}, "scumble weights"),
        ((16384, 16384), {"working_size": 16384}, "working size of at most"),
    ],
)
def test_an_estimate_says_why_the_job_would_fail(client, told, size, parameters, word):
    assert word in told(client, client.estimate(*size, [], parameters)).message


@pytest.mark.faults
def test_an_estimate_is_answered_even_where_the_child_dies(client, ask, replies, child, told):
    replies(client, ask(client, steps=5000), until=Preview)
    process = child()
    process.suspend()
    asked = client.estimate(40, 40, [], {})
    assert client.status(5).stage == "painting"  # so the question is with the child by now
    process.kill()
    assert "start again" in told(client, asked).message


# Who may talk to it


def _port() -> int:
    return int(connection.read().address.rpartition(":")[2])


def _socket(context: zmq.Context, public=None, secret=None, server=None) -> zmq.Socket:
    dealer = context.socket(zmq.DEALER)
    dealer.linger = 0
    if public:
        dealer.curve_publickey, dealer.curve_secretkey = public, secret
        dealer.curve_serverkey = server.encode()
    dealer.connect(connection.read().address)
    return dealer


@pytest.mark.security
@pytest.mark.parametrize("stranger", ["another key", "no key"])
def test_who_has_no_known_key_reaches_no_handler(client, stranger):
    found = connection.read()
    keys = (*zmq.curve_keypair(), found.server_key) if stranger == "another key" else ()
    with zmq.Context() as context, _socket(context, *keys) as dealer:
        dealer.send_multipart(protocol.encode(protocol.Status()))
        dealer.send_multipart(protocol.encode(protocol.Shutdown()))
        assert not dealer.poll(1500)
    assert client.status(5) is not None


@pytest.mark.security
def test_the_users_own_key_does_reach_it(client):
    """The same calls with the right key are answered: the test above tests something."""
    found = connection.read()
    keys = (found.client_key.encode(), found.client_secret.encode(), found.server_key)
    with zmq.Context() as context, _socket(context, *keys) as dealer:
        dealer.send_multipart(protocol.encode(protocol.Status()))
        assert dealer.poll(5000)


@pytest.mark.security
@pytest.mark.parametrize(
    "text",
    [
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
        b"Content-Length: 5\r\n\r\nhello",
        b"\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x00NULL" + bytes(48),
        bytes(range(256)) * 64,
    ],
    ids=["HTTP POST", "ZMTP without security", "rubbish"],
)
def test_a_browser_or_a_stranger_is_dropped(client, text):
    """EDITORS.md 5: a plain ROUTER takes a browser's POST for a message."""
    with socket.create_connection(("127.0.0.1", _port()), timeout=5) as raw:
        raw.sendall(text)
        raw.settimeout(1.5)
        try:
            answer = raw.recv(4096)
        except (TimeoutError, ConnectionError):
            answer = b""
    assert b"HTTP" not in answer
    assert b"scumble" not in answer
    log = (connection.state_folder() / "server.log").read_text()
    assert "refused:" not in log  # it would be, had a handler seen it
    assert client.status(5).jobs == 0


@pytest.mark.security
def test_only_this_machine_can_connect(client):
    listening = psutil.Process(connection.read().pid).net_connections("tcp")
    assert {each.laddr.ip for each in listening if each.status == psutil.CONN_LISTEN} == {
        "127.0.0.1"
    }


@pytest.mark.security
def test_nothing_secret_is_in_arguments_or_environment(client, ask, replies, child):
    replies(client, ask(client))
    found = connection.read()
    for process in (psutil.Process(found.pid), child()):
        shown = " ".join(process.cmdline()) + " ".join(process.environ().values())
        assert found.client_secret not in shown
        assert found.server_key not in shown


def test_broken_messages_of_the_user_are_refused_and_it_lives_on(client):
    for frames in ([b"{}"], [b"x" * 70000], [b""], protocol.encode(protocol.Ping())):
        client._wire.send(frames)
        (reply,) = client.poll(10)
        assert isinstance(reply, protocol.Refused)
    assert client.status(5) is not None


def test_a_peer_of_another_version_is_told_what_to_do(client, monkeypatch):
    monkeypatch.setattr(protocol, "VERSION", (2, 0))
    client._wire.send(protocol.encode(protocol.Status()))
    with pytest.raises(ProtocolError, match=r"run install\.py again"):
        client.poll(10)


def test_a_style_that_came_damaged_ends_the_job(client, painting, replies):
    pixels = painting()
    job = client.submit(pixels, [(protocol.Style("s", "0" * 64), pixels)], {})
    failed = replies(client, job)[-1]
    assert "damaged" in failed.message
