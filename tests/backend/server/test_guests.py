"""Another computer: two processes in two networks of their own, and the link between them."""

import re
import sys

import pytest
from tests.backend.server.network import ADDRESS, ASKS, PAINTS, Network
from tests.backend.server.studio import SCUMBLE, Guest, here, jobs, there, wait
from tests.sentences import says

from scumble import backends
from scumble_backend.cli import commands
from scumble_backend.server import guests, listening

ENDLESS = 5000  # steps: minutes, so that it cannot be done before the test ends it


def painted_here(network: Network) -> str:
    """What a guest's picture comes to where its computer's owner paints it."""
    owner = Guest(network, PAINTS)
    owner.tell("paint", 3)
    digest = owner.hear("done")
    owner.quit()
    return digest


def test_a_picture_painted_over_there_is_the_one_painted_here(network, guest):
    guest.tell("paint", 3)
    assert guest.hear("done") == painted_here(network)


def test_it_is_told_how_the_other_is_with_both_versions(network, guest):
    said = there(network, "status").stdout
    assert re.search(r"'studio' is .*Scumble there: [\d.]+\S*, here: [\d.]+", said)
    listed = there(network, "backend", "list").stdout
    assert f"* studio ({ADDRESS[PAINTS]}:27182)" in listed
    assert "this computer" in listed


def test_the_command_line_paints_over_there_and_here_again(network, guest, tmp_path, painting):
    from PIL import Image

    pixels = painting()
    picture = tmp_path / "picture.png"
    Image.frombytes("RGBA", (48, 40), pixels.data).save(picture)
    order = ("stylize", str(picture), "--style", str(picture), "--steps", "2", "-o")
    far, near = tmp_path / "far.png", tmp_path / "near.png"
    done = there(network, *order, str(far))
    assert done.returncode == 0, done.stderr
    assert "asking “studio”" in done.stdout + done.stderr
    assert not (network.homes[ASKS] / "state" / "connection.json").exists()
    done = there(network, *order, str(near), "--backend", "")
    assert done.returncode == 0, done.stderr
    there(network, "stop")
    assert far.read_bytes() == near.read_bytes()


def test_cancel_is_heard_over_there(network, guest):
    guest.tell("paint", ENDLESS)
    guest.hear("preview")
    guest.tell("cancel")
    guest.hear("cancelled")
    wait(lambda: jobs(network) == 0)


@pytest.mark.faults
def test_a_link_that_breaks_while_it_paints_is_mended(network, guest):
    guest.tell("paint", ENDLESS)
    guest.hear("preview")
    with network.cut():
        assert re.search(
            says("the link to “studio” broke: it paints on, and is asked again"),
            guest.hear_stage("link"),
        )
        assert jobs(network) == 1
    guest.hear("preview")
    guest.tell("keep")
    guest.hear("done")
    wait(lambda: jobs(network) == 0)


@pytest.mark.faults
def test_what_was_done_while_the_link_was_broken_comes_when_it_is_mended(network, guest):
    guest.tell("paint", 40)
    guest.hear("preview")
    with network.cut():
        wait(lambda: jobs(network) == 0)
    assert re.fullmatch("[0-9a-f]+", guest.hear("done", "failed"))


@pytest.mark.faults
def test_a_link_that_stays_broken_is_given_up_with_a_sentence(network, paired):
    paired("guest")
    guest = Guest(network, ASKS, 1)
    guest.tell("paint", ENDLESS)
    guest.hear("preview")
    with network.cut():
        said = guest.hear("lost")
    assert re.search(says("“…” cannot be reached any more: paint again."), said)
    here(network, "key", "remove", "guest")
    wait(lambda: jobs(network) == 0)


@pytest.mark.faults
def test_a_painting_that_is_gone_there_is_said(network, guest):
    """That computer was started anew meanwhile."""
    guest.tell("paint", ENDLESS)
    guest.hear("preview")
    network.end_server()
    network.start_server()
    said = guest.hear("failed")
    assert re.search(says("“…” does not know this painting any more: paint again."), said)
    guest.tell("paint", 2)
    guest.hear("done")


@pytest.mark.faults
def test_another_version_over_there_is_said(network, paired):
    paired("guest")
    network.end_server()
    network.start_another_version()
    done = there(network, "status")
    network.end_server()
    network.start_server()
    assert done.returncode == 1
    assert re.search(
        says(
            "“…” has another version of Scumble than this computer: set up the newest on both."
        ),
        done.stderr,
    )  # fmt: skip


@pytest.mark.faults
def test_a_computer_that_cannot_be_reached_is_said(network, paired):
    paired("guest")
    with network.cut():
        done = there(network, "status")
    assert done.returncode == 1
    assert re.search(
        says(
            "“…” (…) cannot be reached: see that it is on, in the same network, "
            "and that `scumble serve --listen` runs there."
        ),
        done.stderr,
    )


@pytest.mark.security
def test_a_key_that_is_removed_is_out_at_once(network, guest):
    guest.tell("paint", ENDLESS)
    guest.hear("preview")
    assert here(network, "key", "remove", "guest").returncode == 0
    assert re.search(
        says("Your key was removed on the other computer: ask there for another one."),
        guest.hear("failed"),
    )
    wait(lambda: jobs(network) == 0)
    done = there(network, "status")
    assert done.returncode == 1
    assert re.search(
        says(
            "“…” does not know this computer's key any more: ask there for another "
            "one, by `scumble key add`."
        ),
        done.stderr,
    )


@pytest.mark.security
def test_another_user_neither_sees_nor_stops_a_job(network, guest, paired):
    guest.tell("paint", ENDLESS)
    job = guest.hear("job")
    guest.hear("preview")
    paired("second")
    second = Guest(network)
    second.tell("spy", job)
    # of the job of the first: nothing; for its own, the style that the first one sent is asked for
    said = "0 jobs Refused SendStyles Unknown"
    assert second.hear("spied") == said
    second.quit()
    assert jobs(network) == 1
    guest.tell("keep")
    guest.hear("done")


STRANGER = """
import sys, zmq
from scumble import backends, protocol
found = backends.from_text(sys.stdin.read())
with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
    socket.linger = 0
    if sys.argv[1] == "another key":
        socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
        socket.curve_serverkey = found.server_key.encode()
    socket.connect(found.address)
    for message in (protocol.Status(), protocol.Shutdown()):
        socket.send_multipart(protocol.encode(message))
    print(socket.poll(1500))
"""


@pytest.mark.security
@pytest.mark.parametrize("stranger", ["another key", "no key"])
def test_a_stranger_on_the_network_is_answered_nothing(network, paired, stranger):
    text = paired("guest")
    done = network.run(ASKS, sys.executable, "-c", STRANGER, stranger, text=text)
    assert done.stdout.strip() == "0", done.stderr
    assert there(network, "status").returncode == 0  # the same way in, with the key


SCANS = {
    "HTTP": b"GET / HTTP/1.1\r\nHost: studio\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303") + bytes(range(200)),
    "SSH": b"SSH-2.0-scan\r\n",
    "ZMTP without security": b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL" + bytes(48),
    "rubbish": bytes(range(256)) * 4096,
}


SCAN = """
import socket, sys
with socket.create_connection((sys.argv[1], 27182)) as scan:
    scan.settimeout(20)
    try:
        scan.sendall(sys.stdin.read().encode("latin-1"))
        while scan.recv(4096):
            pass
    except ConnectionError:
        pass
print("closed")
"""


@pytest.mark.security
@pytest.mark.parametrize("scan", SCANS)
def test_what_a_port_scan_sends_is_dropped(network, paired, scan):
    paired("guest")
    sent = SCANS[scan].decode("latin-1")
    done = network.run(ASKS, sys.executable, "-c", SCAN, ADDRESS[PAINTS], text=sent)
    assert done.stdout.strip() == "closed", done.stderr
    assert there(network, "status").returncode == 0


@pytest.mark.security
def test_what_is_not_asked_to_listens_to_this_computer_alone(network, tmp_path_factory):
    """The server of the one that asks: nobody told it to listen."""
    done = there(network, "stylize", "missing.png", "--style", "missing.png", "-o", "x.png")
    assert done.returncode == 1
    server = network.start(ASKS, *SCUMBLE, "serve")
    wait(lambda: (network.homes[ASKS] / "state" / "connection.json").exists())
    heard = network.run(ASKS, "cat", "/proc/net/tcp", "/proc/net/tcp6").stdout
    listening = re.findall(r"^ *\d+: ([0-9A-F]+):[0-9A-F]+ \S+ 0A ", heard, re.MULTILINE)
    server.terminate()
    server.wait(60)
    assert listening == ["0100007F"]  # 127.0.0.1


def test_keys_are_listed_by_name_and_none_twice(network, paired):
    text = paired("guest")
    assert here(network, "key", "list").stdout == "guest\n"
    again = here(network, "key", "add", "guest")
    assert again.returncode == 1
    assert re.search(
        says("There is a key “…” already: remove it, or take another name."), again.stderr
    )
    gone = here(network, "key", "remove", "nobody")
    assert gone.returncode == 1
    assert re.search(says("There is no key “…”: there are …."), gone.stderr)
    kept = (network.homes[PAINTS] / "state" / "guests.json").read_text()
    assert backends.from_text(text).client_secret not in kept


@pytest.mark.security
def test_of_what_a_guest_never_takes_the_newest_are_kept():
    ends = guests.Ends()
    ends.keep("another", "1", [b"end"])
    for number in range(guests.MOST_ENDS + 1):
        ends.keep("guest", str(number), [b"end"])
    assert ends.get("guest", "0") is None
    assert ends.get("guest", "1") == ends.get("another", "1") == [b"end"]


def test_a_key_says_the_port_that_is_listened_on(scumble_home, capsys):
    listening.remember(listening.Place(listening.ANYWHERE, 9000))
    for address, place in [("192.0.2.1", "192.0.2.1:9000"), ("192.0.2.1:80", "192.0.2.1:80")]:
        assert commands.main(["key", "add", place.replace(":", " "), "--address", address]) == 0
        assert backends.from_text(capsys.readouterr().out).address == f"tcp://{place}"


@pytest.mark.faults
@pytest.mark.parametrize("damage", ["", "[1]", '{"guest": 1}', "{"])
def test_a_damaged_list_of_keys_lets_nobody_in_and_is_said(network, paired, damage):
    paired("guest")
    path = network.homes[PAINTS] / "state" / "guests.json"
    sound = path.read_text()
    path.write_text(damage)
    listed, asked = here(network, "key", "list"), there(network, "status")
    path.write_text(sound)
    assert re.search(
        says("The list of keys … is damaged: delete it, and add keys anew."), listed.stderr
    )
    assert re.search(
        says(
            "“…” does not know this computer's key any more: ask there for another "
            "one, by `scumble key add`."
        ),
        asked.stderr,
    )


def test_where_a_computer_is_reached_has_to_be_said_first(network):
    """Of the one that never listened."""
    done = there(network, "key", "add", "guest")
    assert done.returncode == 1
    assert re.search(
        says(
            "Where is this computer reached? Run `scumble serve --listen ADDRESS` "
            "with its address first, or say --address ADDRESS here."
        ),
        done.stderr,
    )


def test_one_that_runs_for_its_own_computer_alone_is_to_be_ended_first(network):
    second = here(network, "serve", "--listen", ADDRESS[PAINTS])
    assert second.returncode == 1
    assert re.search(
        says("The painting process runs already: end it by `scumble stop`, and say this again."),
        second.stderr,
    )
