"""The server's socket: where it listens, and who comes in.

One ROUTER, under CURVE, on a port of 127.0.0.1 that the system picks, and where it is asked to on
one more, for guests. Whoever crowds in there is sent away with all that came by that port: guests
come back by themselves, and the owner, who has another one, notices nothing.
"""

import contextlib
import logging

import zmq

from scumble import framing
from scumble.errors import InputError, ScumbleError
from scumble_backend.server import admission, descriptors, keys, listening
from scumble_backend.server.guests import Guests
from scumble_backend.server.jobs import Deadline

FRAME = 2**24  # bytes of a frame, at most: whoever has no key fills no memory
HANDSHAKE = 5000  # ms for a stranger to show a key
MOST_FRAMES = admission.HELD_BYTES // framing.PIECE + 64  # of a message
SHUT = 2.0  # s for which guests' port is shut

log = logging.getLogger(__name__)


class Door:
    """listen: where guests come in, if they may. Raises InputError where that cannot be."""

    def __init__(self, listen: listening.Place | None = None):
        self.keys, self.guests = keys.load_or_make(), Guests()
        self._guests_address = ""
        self._shut: Deadline | None = None  # until when guests' port is shut, if it is
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
            self._guests_address = listening.resolved(place).address
            self.socket.bind(self._guests_address)
        except (zmq.ZMQError, ScumbleError) as error:
            self.close()
            if isinstance(error, ScumbleError):
                raise
            raise InputError(listening.cannot(place, error)) from error
        log.info("listening to other computers at %s", place)

    def look(self) -> None:
        """Shut guests' port for a moment where a crowd came by it: zmq then lets go of all that."""
        if self._shut and self._shut.passed():
            with contextlib.suppress(zmq.ZMQError):  # not let go of everything: the next time
                self.socket.bind(self._guests_address)
                self._shut = None
        elif self._guests_address and not self._shut and descriptors.are_many():
            log.warning("too many connections: guests and strangers are sent away for a moment")
            self.socket.unbind(self._guests_address)
            self._shut = Deadline(SHUT)

    def receive(self) -> tuple[zmq.Frame, list[zmq.Frame]]:
        """Whose message, and its frames; none where there were too many, which are let go of as
        they are read."""
        identity, frames, number = self.socket.recv(copy=False), [], 0
        frame = identity
        while frame.more:
            frame, number = self.socket.recv(copy=False), number + 1
            frames.append(frame)
            if number > MOST_FRAMES:
                frames.clear()
        if number > MOST_FRAMES:
            log.warning("a message of %d frames was dropped", number)
        return identity, frames

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
        owner = not self.is_guest(key)
        if not owner and key not in self.guests.read():
            return False
        # where strangers took what there is, and will be sent away, the owner need not wait for it
        return not descriptors.are_short() or (owner and bool(self._guests_address))
