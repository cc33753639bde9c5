"""The server's socket: where it listens, and who comes in.

One ROUTER, under CURVE, on a port of 127.0.0.1 that the system picks, and where it is asked to on
one more, for guests.
"""

import logging

import zmq

from scumble.errors import InputError, ScumbleError
from scumble_backend.server import keys, listening
from scumble_backend.server.guests import Guests

FRAME = 2**24  # bytes of a frame, at most: whoever has no key fills no memory
HANDSHAKE = 5000  # ms for a stranger to show a key

log = logging.getLogger(__name__)


class Door:
    """listen: where guests come in, if they may. Raises InputError where that cannot be."""

    def __init__(self, listen: listening.Place | None = None):
        self.keys, self.guests = keys.load_or_make(), Guests()
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self._authenticator = keys.guard(self.context, self.socket, self.keys, self._lets_in)
        self.socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        self.socket.setsockopt(zmq.MAXMSGSIZE, FRAME)
        self.socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE)
        self.socket.setsockopt(zmq.SNDHWM, 32)
        self.socket.setsockopt(zmq.RCVHWM, 32)
        self.socket.setsockopt(zmq.LINGER, 1000)
        port = self.socket.bind_to_random_port("tcp://127.0.0.1")
        self.address = f"tcp://127.0.0.1:{port}"
        if listen:
            self._listen(listen)

    def _listen(self, place: listening.Place) -> None:
        # No heartbeat of this side's: where RCVHWM messages of a guest that is gone wait, zmq would
        # end the process for it (libzmq issue 4364). Guests have one, and say when they are lost.
        try:
            self.socket.bind(listening.resolved(place).address)
        except (zmq.ZMQError, ScumbleError) as error:
            self.close()
            if isinstance(error, ScumbleError):
                raise
            raise InputError(listening.cannot(place, error)) from error
        log.info("listening to other computers at %s", place)

    def is_guest(self, owner: str) -> bool:
        """Whether a key is not the user's own."""
        return owner != self.keys.client_public

    def is_known(self, owner: str) -> bool:
        return not self.is_guest(owner) or owner in self.guests

    def close(self) -> None:
        self._authenticator.stop()
        self.socket.close()
        self.context.term()

    def _lets_in(self, key: str) -> bool:
        """In the authenticator's thread."""
        return not self.is_guest(key) or key in self.guests.read()
