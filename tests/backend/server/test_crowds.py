"""What strangers and guests on the network can do to whose computer it is: nothing."""

import sys

import pytest
from tests.backend.server.network import ADDRESS, ASKS, PAINTS
from tests.backend.server.studio import here, there, wait

pytestmark = [pytest.mark.security, pytest.mark.faults]

FILES = 512  # that the server may open
# Connections that say nothing, opened again when they are closed, until standard input ends.
CROWD = """
import select, socket, sys
address, number = (sys.argv[1], 27182), int(sys.argv[2])
def stranger():
    found = socket.socket()
    found.setblocking(False)
    found.connect_ex(address)
    return found
crowd = {each.fileno(): each for each in (stranger() for _ in range(number))}
poll = select.poll()
for each in crowd:
    poll.register(each, select.POLLIN)
poll.register(sys.stdin, select.POLLIN)
came = False
while True:
    for number, event in poll.poll():
        if number == 0:
            sys.exit()
        try:
            gone = not crowd[number].recv(100)
            came = came or print("in", flush=True) is None
        except OSError:
            gone = True
        if gone:
            poll.unregister(number)
            crowd.pop(number).close()
            new = stranger()
            crowd[new.fileno()] = new
            poll.register(new, select.POLLIN)
"""
# A guest who sends one message of so many frames, or one that never ends.
MANY_FRAMES = """
import sys, zmq
from scumble import backends, protocol
found = backends.from_text(sys.stdin.readline())
number, size, ends = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "ends"
context = zmq.Context()
socket = context.socket(zmq.DEALER)
socket.curve_publickey = found.client_key.encode()
socket.curve_secretkey = found.client_secret.encode()
socket.curve_serverkey = found.server_key.encode()
socket.sndtimeo = 20_000
socket.connect(found.address)
frame = bytes(size)
for _ in range(number):
    socket.send(frame, zmq.SNDMORE)
if ends:
    socket.send(b"")
    socket.send_multipart(protocol.encode(protocol.Status()))
    print("answered", socket.poll(60_000), flush=True)
else:
    print("sent", flush=True)
sys.stdin.read()
context.destroy(linger=0)
"""


@pytest.fixture
def server(network):
    """server(CODE, FILES) -> the log of another one in its place."""

    def start(code="", files=0):
        network.end_server()
        return network.start_with(code, files)

    yield start
    network.end_server()
    network.start_server()


def test_a_crowd_of_strangers_keeps_neither_owner_nor_guests_out(network, paired, server):
    log = server("", FILES)
    paired("guest")
    crowd = network.start(ASKS, sys.executable, "-c", CROWD, ADDRESS[PAINTS], FILES + 100)
    assert crowd.stdout.readline() == "in\n"
    for _ in range(5):
        done = here(network, "status")
        assert done.returncode == 0, done.stderr
    wait(lambda: "too many connections" in log.read_text())
    crowd.stdin.close()
    crowd.wait(20)
    wait(lambda: there(network, "status").returncode == 0)


def test_a_message_of_very_many_frames_is_dropped_with_one_line(network, paired, server):
    log = server()
    key = paired("guest")
    guest = network.start(ASKS, sys.executable, "-c", MANY_FRAMES, 100_000, 10, "ends")
    print(key.strip(), file=guest.stdin, flush=True)
    assert guest.stdout.readline() == "answered 1\n"
    said = [line for line in log.read_text().splitlines() if "INFO" not in line]
    assert len(said) == 1
    assert "a message of 100001 frames was dropped" in said[0]
    assert here(network, "status").returncode == 0
    guest.stdin.close()
    guest.wait(20)
