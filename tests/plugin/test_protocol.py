import contextlib
import json
import random
import types
import typing

import pytest
from hypothesis import given, settings, strategies
from tests.sentences import says

from scumble import framing, protocol
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
    with pytest.raises(
        VersionError,
        match=says("Plug-in and backend are of different versions (protocol … and …): press"),
    ):
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
    assert [len(frame) for frame in frames[1:]] == [framing.PIECE] * 16 + [4 * 1024 * 4]
    with pytest.raises(ProtocolError, match="too few frames"):
        decode(frames[:-1])
    assert decode(frames).pixels == picture
    assert not frames, "no large picture is held twice"


HUGE = "1" + "0" * 400
TOO_MUCH = [
    HUGE, f"-{HUGE}", "1e999", "-1e999", "Infinity", "9007199254740993",
    "[" * 980 + "]" * 980, "[" * 12 + "]" * 12, "[" + "0," * 2000 + "0]",
    '"' + "é" * (framing.LONGEST + 1) + '"', '"\\ud800"', '{"\\udfff": 1}',
]  # fmt: skip


@pytest.mark.security
@pytest.mark.parametrize("value", TOO_MUCH, ids=lambda value: value[:20])
def test_what_is_beyond_all_bounds_is_refused(value):
    frames = encode(protocol.Estimate("q", 1, 1, (), {"strength": 77.0}))
    frames = [bytes(frames[0]).replace(b"77.0", value.encode())]
    with pytest.raises(ProtocolError, match="beyond all bounds"):
        decode(frames)


@pytest.mark.security
def test_letters_that_are_none_are_refused():
    with pytest.raises(ProtocolError):
        decode([bytes(encode(protocol.Status())[0]).replace(b"Status", b"St\xe9tus")])


@pytest.mark.security
def test_what_comes_in_can_go_out_again():
    """A job is sent on to the compute child, and its name and errors come back."""
    name = "é\0" * (framing.LONGEST // 2)
    styles = tuple(protocol.Style(name, f"{n}", 1e15, 1e15) for n in range(8))
    message = protocol.Stylize(name, PICTURE, styles, {"layer_weights": [0.1] * 5}, name=name)
    assert decode(encode(decode(encode(message)))) == message


@pytest.mark.parametrize(
    ("name", "comes"),
    [
        ("a" * framing.LONGEST, "a" * framing.LONGEST),
        ("a" * 30_000, "a" * (framing.LONGEST - 1) + "…"),
        ("a file called \udcff", "a file called ?"),
    ],
    ids=["as long as may be", "too long", "no letter"],
)
def test_a_name_that_cannot_travel_is_cut(name, comes):
    assert decode(encode(protocol.Failed("job", name))).message == comes


JSON = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats()
    | strategies.text() | strategies.sampled_from([0, 1, 5, 2, "rgba8", "rgba16", "s", "d"]),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=20,
)  # fmt: skip


@strategies.composite
def headers(draw) -> dict:
    """One of a message, with some of its values, or of those in them, changed."""
    name = draw(strategies.sampled_from(sorted(MESSAGES)))
    header = json.loads(bytes(encode(sample(MESSAGES[name]))[0]))
    for _ in range(draw(strategies.integers(1, 3))):
        at = header
        while True:
            places = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not places:
                break
            place = draw(strategies.sampled_from(places))
            if isinstance(at[place], (dict, list)) and draw(strategies.booleans()):
                at = at[place]
            else:
                at[place] = draw(JSON)
                break
    return header


@pytest.mark.security
@given(headers(), strategies.lists(strategies.sampled_from([80, 10, 0]), max_size=3))
@settings(deadline=None, max_examples=200, database=None)
def test_whatever_comes_is_a_message_that_can_go_out_again_or_is_refused(header, sizes):
    frames = [json.dumps(header).encode(), *map(bytes, sizes)]
    with contextlib.suppress(ProtocolError):
        message = decode(frames)
        assert decode(encode(message)) == message
