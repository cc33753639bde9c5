"""Who may talk to the server, and who may not."""

import socket

import psutil
import pytest
import zmq

from scumble import connection, protocol


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
