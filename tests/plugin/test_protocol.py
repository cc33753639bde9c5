import contextlib
import json
import random
import types
import typing

import pytest

from scumble import protocol
from scumble.errors import ProtocolError, VersionError
from scumble.pixels import Extent, Pixels
from scumble.protocol import MESSAGES, decode, encode

PICTURE = Pixels(Extent(-3, 4, 5, 2), "rgba16", bytes(range(80)))
SAMPLES = {
    str: "Größe = 1\n", int: 7, float: 0.25, Pixels: PICTURE, dict: {"strength": 3.5, "a": [1]},
}  # fmt: skip


def sample(kind):
    """A value of a field's type."""
    if kind in SAMPLES:
        return SAMPLES[kind]
    if isinstance(kind, types.UnionType):
        return sample(typing.get_args(kind)[0])
    if typing.get_origin(kind) is dict:
        return SAMPLES[dict]
    if typing.get_origin(kind) is tuple:
        return (sample(typing.get_args(kind)[0]),) * 2
    return kind(**{name: sample(each) for name, each in typing.get_type_hints(kind).items()})


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_survives_both_ends(name):
    message = sample(MESSAGES[name])
    assert decode(encode(message)) == message


def stylize() -> protocol.Stylize:
    return protocol.Stylize("j", PICTURE, (protocol.Style("s", "d"),), {})


def test_what_may_be_missing_is_none_at_the_other_end():
    assert decode(encode(stylize())).mask is None


def with_header(change) -> list[bytes]:
    frames = encode(stylize())
    header = json.loads(frames[0])
    change(header)
    return [json.dumps(header).encode(), *frames[1:]]


def test_unknown_fields_are_ignored():
    def add(header):
        header["body"]["later"] = 1
        header["more"] = []

    assert decode(with_header(add)) == stylize()


def test_another_minor_version_is_welcome_and_another_major_one_refused_with_a_cure():
    assert decode(with_header(lambda h: h.update(scumble=[protocol.VERSION[0], 99]))) == stylize()
    with pytest.raises(VersionError, match=r"run install\.py"):
        decode(with_header(lambda h: h.update(scumble=[protocol.VERSION[0] + 1, 0])))


@pytest.mark.parametrize(
    "change",
    [
        lambda h: h.pop("scumble"),
        lambda h: h.update(scumble="1.0"),
        lambda h: h.update(type="Explode"),
        lambda h: h.update(type=["Stylize"]),
        lambda h: h.update(body=[]),
        lambda h: h["body"].pop("content"),
        lambda h: h["body"].update(job=7),
        lambda h: h["body"].update(styles="many"),
        lambda h: h["body"].update(styles=[{"name": "s", "digest": "d"}] * 33),
        lambda h: h["body"]["styles"][0].update(weight="1"),
        lambda h: h["body"]["content"].update(extent=[0, 0, 5, 3]),
        lambda h: h["body"]["content"].update(extent=[0, 0, 5]),
        lambda h: h["body"]["content"].update(extent=[0, 0, True, 2]),
        lambda h: h["body"]["content"].update(extent=[0, 0, 10**9, 10**9]),
        lambda h: h["body"]["content"].update(format="cmyk"),
        lambda h: h["body"].update(mask={"extent": [0, 0, 5, 2], "format": "grey8"}),
        lambda h: h["body"].update(mask=1),
    ],
)
def test_a_broken_message_is_refused(change):
    with pytest.raises(ProtocolError):
        decode(with_header(change))


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [b""],
        [b"POST / HTTP/1.1"],
        [b"[]"],
        [b"{}" * 40000],
        [b"[" * 60000],
        [b'{"scumble": [1, 0], "type": "Progress", "body": {"fraction": NaN}}'],
        [*encode(stylize()), b"more"],
        encode(stylize())[:1],
    ],
)
def test_what_is_no_message_is_refused(frames):
    with pytest.raises(ProtocolError):
        decode(frames)


def test_random_damage_is_refused_or_read_but_never_crashes():
    generator = random.Random(0)
    whole = encode(stylize())
    for _ in range(2000):
        frames = [bytearray(frame) for frame in whole]
        frame = generator.choice(frames)
        for _ in range(generator.randint(1, 4)):
            frame[generator.randrange(len(frame))] = generator.randrange(256)
        with contextlib.suppress(ProtocolError):
            decode([bytes(each) for each in frames])


def test_every_state_of_a_job_leads_to_an_end():
    ends = {state for state, after in protocol.STATES.items() if not after}
    assert ends == {"done", "cancelled", "failed"}
    for after in protocol.STATES.values():
        assert set(after) <= set(protocol.STATES)


def test_a_large_picture_travels_in_pieces():
    picture = Pixels(Extent(-3, 2, 1024, 4100), "rgba8", bytes(range(256)) * (16 * 4100))
    frames = encode(protocol.StylePixels("job", "digest", picture))
    assert [len(frame) for frame in frames[1:]] == [protocol.PIECE] * 2 + [4 * 1024 * 4]
    with pytest.raises(ProtocolError, match="too few frames"):
        decode(frames[:-1])
    assert decode(frames).pixels == picture
    assert not frames, "no large picture is held twice"
