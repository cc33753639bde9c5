"""The outbox on a real ROUTER socket: what waits, what is dropped, who is gone."""

import time

import pytest
import zmq

from scumble import protocol
from scumble.pixels import Extent, Pixels
from scumble_backend.server.outbox import MOST, NOBODY, Outbox

ADDRESS = "inproc://outbox"
PATIENCE = 20.0  # s


@pytest.fixture
def router():
    with zmq.Context() as context, context.socket(zmq.ROUTER) as socket:
        socket.linger = 0
        socket.sndhwm = 1
        socket.router_mandatory = 1
        socket.bind(ADDRESS)
        yield socket


@pytest.fixture
def client(router):
    """A client that is known and reads nothing by itself."""
    with router.context.socket(zmq.DEALER) as socket:
        socket.linger = 0
        socket.rcvhwm = 1
        socket.identity = b"client"
        socket.connect(ADDRESS)
        socket.send(b"hello")
        router.recv_multipart()
        yield socket


def fill(outbox: Outbox) -> None:
    """Send until something waits."""
    while not outbox.waits:
        outbox.send(b"client", protocol.Ping())


def filled(router: zmq.Socket) -> tuple[Outbox, list[bytes]]:
    """One in which something waits, and the clients that it takes for gone, which it forgets."""
    gone = []

    def forget(who: bytes) -> None:
        gone.append(who)
        outbox.forget(who)

    outbox = Outbox(router, forget)
    fill(outbox)
    return outbox, gone


def test_what_waits_goes_out_in_order_once_there_is_room(router, client):
    outbox = Outbox(router, lambda _: None)
    fill(outbox)
    outbox.send(b"client", protocol.Goodbye())
    found, until = [], time.monotonic() + PATIENCE
    while protocol.Goodbye() not in found and time.monotonic() < until:
        if client.poll(10):
            found.append(protocol.decode(client.recv_multipart()))
        outbox.send_again()
    assert set(found[:-1]) == {protocol.Ping()}
    assert found[-1] == protocol.Goodbye()
    assert not outbox.waits


def test_a_client_that_vanishes_takes_all_along_that_waits_for_it(router, client):
    outbox, gone = filled(router)
    outbox.send(b"client", protocol.Goodbye())
    outbox.send(b"client", protocol.Goodbye())
    client.close()
    until = time.monotonic() + PATIENCE
    while outbox.waits and time.monotonic() < until:
        router.poll(10)  # as the server does; it notices who left
        outbox.send_again()
    assert not outbox.waits
    assert set(gone) == {b"client"}


@pytest.mark.security
def test_who_asks_and_asks_and_reads_nothing_fills_no_memory(router, client):
    outbox, gone = filled(router)
    for _ in range(MOST - 1):
        outbox.send(b"client", protocol.Goodbye())
    assert not gone
    outbox.send(b"client", protocol.Goodbye())
    assert gone == [b"client"]
    assert not outbox.waits


def test_nobody_is_sent_nothing(router):
    outbox = Outbox(router, lambda _: pytest.fail("nobody cannot be gone"))
    outbox.send(NOBODY, protocol.Ping())
    assert not outbox.waits


@pytest.mark.security
def test_what_a_client_does_not_fetch_is_counted():
    """Over a real connection, since what is fetched is known only there."""
    picture = Pixels(Extent(0, 0, 2048, 2048), "rgba8", bytes(2**24))
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.linger = 0
        port = router.bind_to_random_port("tcp://127.0.0.1")
        outbox = Outbox(router, lambda _: None)
        with context.socket(zmq.DEALER) as client:
            client.linger, client.rcvhwm = 0, 1
            client.connect(f"tcp://127.0.0.1:{port}")
            client.send(b"hello")
            (who, _) = router.recv_multipart()
            for _ in range(5):
                outbox.send(who, protocol.Done("job", picture, 1.0))
            outbox.send_again()
            assert 2 * 2**24 < outbox.unread(who) <= 5.1 * 2**24
            until = time.monotonic() + PATIENCE
            while outbox.unread(who) and time.monotonic() < until:
                if client.poll(10):
                    client.recv_multipart()
                outbox.send_again()
            assert outbox.unread(who) == 0
