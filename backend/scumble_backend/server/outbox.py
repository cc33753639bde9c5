"""What goes to clients: at once, or as soon as there is room."""

from collections.abc import Callable

import zmq

from scumble import protocol

NOBODY = b""  # the client of a job that outlives its own
MOST = 1000  # messages that wait for a client that reads none, after which it counts as gone


class Outbox:
    """gone: called with a client that is not there any more."""

    def __init__(self, socket: zmq.Socket, gone: Callable[[bytes], None]):
        self._socket, self._gone = socket, gone
        self._unsent: dict[bytes, list[list[protocol.Frame]]] = {}
        self._under_way: dict[bytes, list[tuple[zmq.MessageTracker, int]]] = {}
        self._pinged: dict[bytes, int] = {}  # how often, since the last Pong that was due

    @property
    def waits(self) -> bool:
        """Whether something is still to be sent."""
        return bool(self._unsent)

    def unread(self, client: bytes) -> int:
        """Bytes that wait for a client, here or in zmq."""
        under_way = self._under_way.get(client, [])
        return sum(size for _, size in under_way) + sum(map(_size, self._unsent.get(client, [])))

    def owes(self, client: bytes) -> bool:
        """Whether something that it was sent has not come there yet."""
        return self._pinged.get(client, 0) > 0

    def acknowledged(self, client: bytes) -> None:
        """A Pong: all that went before its Ping has come."""
        self._pinged[client] = max(0, self._pinged.get(client, 0) - 1)

    def send(self, client: bytes, message: protocol.Message) -> None:
        if isinstance(message, protocol.Ping):
            self._pinged[client] = self._pinged.get(client, 0) + 1
        self.send_frames(client, protocol.encode(message), isinstance(message, protocol.Preview))

    def send_frames(self, client: bytes, frames: list[protocol.Frame], droppable: bool) -> None:
        """Under pressure previews are dropped, and everything else waits its turn."""
        if client == NOBODY:
            return
        waiting = len(self._unsent.get(client, []))
        if waiting and droppable:
            return
        if waiting >= MOST:
            self._gone(client)
        elif waiting or not self._sent(client, frames, droppable):
            self._unsent.setdefault(client, []).append(frames)

    def send_again(self) -> None:
        """What waits, where there is room by now."""
        # set aside, since a client that turns out to be gone takes its own out of what waits
        for client, sent in list(self._under_way.items()):
            self._under_way[client] = [each for each in sent if not each[0].done]
            if not self._under_way[client]:
                del self._under_way[client]
        waiting, self._unsent = self._unsent, {}
        for client, messages in waiting.items():
            for frames in messages:
                self.send_frames(client, frames, droppable=False)

    def forget(self, client: bytes) -> None:
        """Drop what waits for a client."""
        self._unsent.pop(client, None)
        self._under_way.pop(client, None)
        self._pinged.pop(client, None)

    def _sent(self, client: bytes, frames: list[protocol.Frame], droppable: bool = False) -> bool:
        """Whether there is nothing left to do about this message."""
        last = zmq.Frame(frames[-1], track=True, copy=False)  # gone out only after all before it
        try:
            self._socket.send_multipart([client, *frames[:-1], last], zmq.NOBLOCK, copy=False)
            if last.tracker and not droppable:
                self._under_way.setdefault(client, []).append((last.tracker, _size(frames)))
        except zmq.Again:
            return droppable
        except zmq.ZMQError as error:
            if error.errno != zmq.EHOSTUNREACH:
                raise
            self._gone(client)
        return True


def _size(frames: list[protocol.Frame]) -> int:
    return sum(len(frame) for frame in frames)
