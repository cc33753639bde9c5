"""Where the server listens to other computers."""

import socket
import subprocess
import sys

import pytest
from tests.sentences import says

from scumble.errors import InputError
from scumble_backend.server import listening
from scumble_backend.server.door import Door

FULL_AND_GONE = """
import socket, time
import zmq
from scumble import wire
wire.HEARTBEAT, wire.HEARTBEAT_LOST = 50, 20_000
from scumble_backend.server import door, listening
with socket.create_server(("127.0.0.1", 0)) as free:
    place = listening.Place("127.0.0.1", free.getsockname()[1])
opened = door.Door(place)
with zmq.Context() as context, context.socket(zmq.DEALER) as guest:
    guest.linger = 0
    guest.curve_serverkey = opened.keys.server_public.encode()
    guest.curve_publickey = opened.keys.client_public.encode()
    guest.curve_secretkey = opened.keys.client_secret.encode()
    guest.connect(place.address)
    while guest.poll(1000, zmq.POLLOUT):
        guest.send(bytes(2**20))
time.sleep(1)
opened.close()
print("alive")
"""


@pytest.mark.security
def test_a_guest_that_fills_its_way_in_and_goes_does_not_end_the_server(scumble_home):
    """As zmq itself does where the server has a heartbeat: 20 of them in a second."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_AND_GONE], capture_output=True, text=True, timeout=300
    )
    assert done.stdout == "alive\n", done.stderr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("192.168.1.5", ("192.168.1.5", 27182)),
        ("192.168.1.5:9000", ("192.168.1.5", 9000)),
        ("studio.local:80", ("studio.local", 80)),
        ("0.0.0.0", ("0.0.0.0", 27182)),
    ],
)
def test_an_address_is_read(text, place):
    assert listening.place(text) == place


@pytest.mark.parametrize(
    "text", ["a b", "host:", "host:0", "host:65536", "tcp://host", "*", "[::1]", "host:1\n"]
)
def test_what_is_no_address_is_said(text):
    with pytest.raises(
        InputError,
        match=says(
            "“…” is no address: write one of this computer's, as 192.168.1.5 or 192.168.1.5:…."
        ),
    ):
        listening.place(text)


def test_a_port_that_is_taken_is_said(scumble_home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = listening.Place("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(
            InputError,
            match=says(
                "… cannot be listened on (…): give an address of this computer, and a "
                "port that is free."
            ),
        ):
            Door(place)


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_of_no_computer_or_another_one_is_said(scumble_home, host):
    with pytest.raises(
        InputError,
        match=says(
            "… cannot be listened on (…): give an address of this computer, and a "
            "port that is free."
        ),
    ):
        Door(listening.Place(host, 27182))


def test_a_name_that_leads_to_this_computer_alone_is_said(scumble_home):
    with pytest.raises(
        InputError,
        match=says(
            "“…” leads to …, where no other computer can come: give this computer's address in "
            "your network, as 192.168.1.5."
        ),
    ):
        Door(listening.Place("localhost", 27182))


def test_what_was_asked_for_last_is_remembered(scumble_home):
    assert listening.remembered() is None
    listening.remember(listening.Place("10.0.0.1", 9000))
    assert listening.remembered() == ("10.0.0.1", 9000)


@pytest.mark.parametrize("damage", ["", "[]", "[1]", '["a b", 1]', '["host", "x"]', "[" * 5000])
def test_what_is_damaged_is_not_remembered(scumble_home, damage):
    listening.remember(listening.Place("10.0.0.1", 9000))
    next((scumble_home / "state").glob("listening.json")).write_text(damage)
    assert listening.remembered() is None
