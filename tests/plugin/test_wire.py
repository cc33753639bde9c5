"""What the wire over ZeroMQ says where it leads nowhere."""

import collections

import pytest
import zmq
from tests.sentences import says

from scumble.connection import Connection
from scumble.errors import LostError
from scumble.wire import ZmqWire

PUBLIC, SECRET = (each.decode() for each in zmq.curve_keypair())


def nowhere(**change) -> Connection:
    """Where nobody listens."""
    keys = {"server_key": PUBLIC, "client_key": PUBLIC, "client_secret": SECRET} | change
    return Connection("tcp://127.0.0.1:1", **keys, pid=1, started=1.0, version="0")


def test_keys_that_are_none_get_a_sentence():
    with pytest.raises(LostError, match=says("The painting process cannot be reached (…): try")):
        ZmqWire(nowhere(server_key="~" * 40))


@pytest.mark.faults
def test_where_nobody_takes_what_is_sent_that_is_said():
    wire = ZmqWire(nowhere())
    sentence = says("The painting process takes no messages: paint again.")
    try:
        with pytest.raises(LostError, match=sentence):
            collections.deque(map(wire.send, [[b"x"]] * 100_000), 0)
    finally:
        wire.close()
