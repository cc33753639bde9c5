"""Where the server listens to other computers."""

import socket

import pytest
from tests.sentences import says

from scumble.errors import InputError
from scumble_backend.server import listening
from scumble_backend.server.door import Door


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


def test_what_was_asked_for_last_is_remembered(scumble_home):
    assert listening.remembered() is None
    listening.remember(listening.Place("10.0.0.1", 9000))
    assert listening.remembered() == ("10.0.0.1", 9000)


@pytest.mark.parametrize("damage", ["", "[]", "[1]", '["a b", 1]', '["host", "x"]', "[" * 5000])
def test_what_is_damaged_is_not_remembered(scumble_home, damage):
    listening.remember(listening.Place("10.0.0.1", 9000))
    next((scumble_home / "state").glob("listening.json")).write_text(damage)
    assert listening.remembered() is None
