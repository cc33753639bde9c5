"""Frames over a pipe: their count, then each with its length before it. No pickle.

To the compute child, and to the courier.
"""

import struct
from collections.abc import Sequence
from typing import IO

REFUSED = 78  # how a courier ends whose key the backend does not know
MAX_FRAMES = 8192
MAX_FRAME = 2**31  # bytes


def write_frames(file: IO[bytes], frames: Sequence[bytes | memoryview]) -> None:
    file.write(struct.pack("<I", len(frames)))
    for frame in frames:
        file.write(struct.pack("<Q", len(frame)))
        file.write(frame)
    file.flush()


def read_frames(file: IO[bytes]) -> list[bytes]:
    """The next message. Raises EOFError where the other end is gone."""
    (count,) = struct.unpack("<I", _read(file, 4))
    if count > MAX_FRAMES:
        raise EOFError(f"{count} frames are not one of our messages")
    return [_read(file, struct.unpack("<Q", _read(file, 8))[0]) for _ in range(count)]


def _read(file: IO[bytes], size: int) -> bytes:
    if size > MAX_FRAME:
        raise EOFError(f"a frame of {size} bytes is not ours")
    found = file.read(size)
    if len(found) != size:
        raise EOFError("the pipe was closed")
    return found
