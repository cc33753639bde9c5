"""Carries frames between an editor that cannot speak ZeroMQ and the backend: scumble/courier.py.

Standard input and output on one side, the socket on the other. It ends when either does.
"""

import json
import os
import sys
import threading
from typing import BinaryIO

import zmq

from scumble.connection import Connection
from scumble.pipe import REFUSED, read_frames, write_frames
from scumble.wire import ZmqWire

INPUT = "inproc://input"
LAST = b""  # no header of a message is empty


def main() -> None:
    source, target = sys.stdin.buffer, sys.stdout.buffer
    code = 0
    try:
        wire = ZmqWire(Connection(**json.loads(bytes(read_frames(source)[0]))))
        if carry(source, target, wire):
            wire.close()
            wire.context.term()  # waits for the last words to go out
        elif wire.is_gone() and wire.refused:
            code = REFUSED
    except (EOFError, OSError):
        pass  # the editor is gone
    os._exit(code)  # the thread that reads may wait for the editor for ever; Python would mind


def carry(source: BinaryIO, target: BinaryIO, wire: ZmqWire) -> bool:
    """Forward messages both ways until the source ends or the backend is gone; whether it was the
    source."""
    inbox = wire.context.socket(zmq.PULL)
    inbox.bind(INPUT)
    threading.Thread(target=_read, args=(source, wire.context), daemon=True).start()
    write_frames(target, [])  # at work
    poller = zmq.Poller()
    for socket in (inbox, wire.socket, wire.gone):
        poller.register(socket, zmq.POLLIN)
    while True:
        ready = dict(poller.poll())
        if inbox in ready:
            frames = inbox.recv_multipart(copy=False)
            if frames[0].bytes == LAST:
                inbox.close(linger=0)
                return True
            wire.socket.send_multipart(frames, copy=False)
        if wire.socket in ready:
            received = wire.receive(0.0)
            write_frames(target, received or [])
        elif wire.gone in ready:
            return False


def _read(source: BinaryIO, context: zmq.Context) -> None:
    """In a thread: a pipe cannot be polled on every system."""
    outbox = context.socket(zmq.PUSH)
    outbox.connect(INPUT)
    try:
        while True:
            outbox.send_multipart(read_frames(source), copy=False)
    except (EOFError, OSError, zmq.ZMQError):
        outbox.send(LAST)
        outbox.close()


if __name__ == "__main__":
    main()
