import io
import struct

import pytest

from scumble.pipe import read_frames, write_frames


@pytest.mark.parametrize("frames", [[], [b""], [b"a", b"", b"xyz" * 1000], [memoryview(b"view")]])
def test_frames_come_out_as_they_went_in(frames):
    pipe = io.BytesIO()
    write_frames(pipe, frames)
    write_frames(pipe, [b"next"])
    pipe.seek(0)
    assert read_frames(pipe) == [bytes(frame) for frame in frames]
    assert read_frames(pipe) == [b"next"]


def test_a_closed_pipe_is_the_end():
    whole = io.BytesIO()
    write_frames(whole, [b"abc", b"def"])
    for length in range(len(whole.getvalue())):
        with pytest.raises((EOFError, struct.error)):
            read_frames(io.BytesIO(whole.getvalue()[:length]))


def test_rubbish_makes_no_huge_frames():
    with pytest.raises(EOFError):
        read_frames(io.BytesIO(struct.pack("<IQ", 1, 2**40)))
    with pytest.raises(EOFError):
        read_frames(io.BytesIO(b"\xff" * 64))
