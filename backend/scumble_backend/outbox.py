"""What goes to clients: at once, or as soon as there is room."""

from collections import deque
from collections.abc import Callable

import zmq

from scumble import protocol

NOBODY = b""  # the client of a job that outlives its own


class Outbox:
    """gone: called with a client that is not there any more."""

    def __init__(self, socket: zmq.Socket, gone: Callable[[bytes], None]):
        self._socket, self._gone = socket, gone
        self._unsent: deque[tuple[bytes, list[protocol.Frame]]] = deque()

    @property
    def waits(self) -> bool:
        """Whether something is still to be sent."""
        return bool(self._unsent)

    def send(self, client: bytes, message: protocol.Message) -> None:
        self.send_frames(client, protocol.encode(message), isinstance(message, protocol.Preview))

    def send_frames(self, client: bytes, frames: list[protocol.Frame], droppable: bool) -> None:
        """Under pressure previews are dropped, and everything else waits its turn."""
        if client == NOBODY:
            return
        waiting = any(each == client for each, _ in self._unsent)
        if waiting and droppable:
            return
        if waiting or not self._sent(client, frames, droppable):
            self._unsent.append((client, frames))

    def send_again(self) -> None:
        """What waits, where there is room by now."""
        # set aside, since a client that turns out to be gone takes its own out of what waits
        waiting, self._unsent = self._unsent, deque()
        for client, frames in waiting:
            self.send_frames(client, frames, droppable=False)

    def forget(self, client: bytes) -> None:
        """Drop what waits for a client."""
        self._unsent = deque(each for each in self._unsent if each[0] != client)

    def _sent(self, client: bytes, frames: list[protocol.Frame], droppable: bool = False) -> bool:
        """Whether there is nothing left to do about this message."""
        try:
            self._socket.send_multipart([client, *frames], zmq.NOBLOCK, copy=False)
        except zmq.Again:
            return droppable
        except zmq.ZMQError as error:
            if error.errno != zmq.EHOSTUNREACH:
                raise
            self._gone(client)
        return True
