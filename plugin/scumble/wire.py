"""Frames over ZeroMQ. The only file of the plug-in that imports zmq.

One DEALER, under CURVE. zmq's sockets are not thread-safe, so a wire belongs to one thread.
"""

import sys

import zmq

from scumble.connection import Connection
from scumble.errors import LostError
from scumble.language import tr
from scumble.pixels import MAX_BYTES
from scumble.protocol import Frame

# One for the process, which ends with it: a context that is thrown away waits until its sockets are
# closed, and where Python's garbage collector does that, it waits in the editor's own thread.
CONTEXT = zmq.Context()
LAST_WORDS = 500  # ms, in zmq's own thread
# A link to another computer may break without a word: this side asks the other, in ms, which takes
# it for lost, too, where the questions stay away.
HEARTBEAT, HEARTBEAT_LOST, CONNECTING = 5000, 30_000, 5000


class ZmqWire:
    """What a Client needs of a wire; scumble.courier has the other one. Raises LostError."""

    def __init__(self, connection: Connection):
        self.context = CONTEXT
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.MAXMSGSIZE, MAX_BYTES)
        # A backend that comes back has another port; and every try would be an event, until the
        # monitor is full of them and zmq stands still for ever.
        self.socket.setsockopt(zmq.RECONNECT_IVL, -1)
        if connection.name:
            self.socket.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT)
            self.socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, HEARTBEAT_LOST)
            self.socket.setsockopt(zmq.HEARTBEAT_TTL, HEARTBEAT_LOST)
            self.socket.setsockopt(zmq.RCVHWM, 0)  # see scumble_backend/server/door.py
            self.socket.setsockopt(zmq.CONNECT_TIMEOUT, CONNECTING)
        self.refused = False  # whether the backend does not know the key; `is_gone` finds out
        self._is_gone = False
        gone = zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED | zmq.EVENT_HANDSHAKE_FAILED_AUTH
        self.gone = self.socket.get_monitor_socket(gone)  # readable once the backend is
        try:
            self.socket.curve_serverkey = connection.server_key.encode()
            self.socket.curve_publickey = connection.client_key.encode()
            self.socket.curve_secretkey = connection.client_secret.encode()
            self.socket.connect(connection.address)
        except zmq.ZMQError as error:
            self.close()
            raise LostError(
                tr("The painting process cannot be reached ({error}): try again.", error=error)
            ) from error

    def wait_until_open(self) -> None:
        """At once: what is sent before waits in the socket."""

    def send(self, frames: list[Frame]) -> None:
        try:
            self.socket.send_multipart(frames, zmq.NOBLOCK, copy=False)
        except zmq.Again as error:
            raise LostError(tr("The painting process takes no messages: paint again.")) from error

    def receive(self, timeout: float) -> list[Frame] | None:
        """One message's frames, waiting at most timeout seconds for it; or None."""
        if not self.socket.poll(round(1000 * timeout)):
            return None
        return [frame.buffer for frame in self.socket.recv_multipart(copy=False)]

    def is_gone(self) -> bool:
        """Whether the backend went away, or was never there."""
        while self.gone.poll(0):
            event = int.from_bytes(self.gone.recv_multipart()[0][:2], sys.byteorder)
            self.refused |= event == zmq.EVENT_HANDSHAKE_FAILED_AUTH
            self._is_gone = True
        return self._is_gone

    def close(self) -> None:
        """At once; the last words still go out."""
        self.socket.disable_monitor()
        self.gone.close(linger=0)
        self.socket.close(linger=LAST_WORDS)
