"""Values as a header of JSON and frames of pictures, and back; within bounds, whoever sent them.

Which values there are is for protocol.py to say: here is what a dataclass, a tuple, a number or
Pixels look like on the wire.
"""

import io
import json
import types
import typing
from dataclasses import fields
from typing import Any

from scumble.errors import PictureError, ProtocolError
from scumble.pixels import Extent, Pixels

MAX_HEADER = 64 * 1024  # bytes
LONGEST = 1000  # letters of a name or a sentence; what is longer is cut
MANY = 32  # in a list
DEEPEST = 8  # lists and objects in each other
MOST_VALUES = 1000  # in a header
LARGEST = 2**53  # of numbers: whole ones up to it are exact in any JSON
PIECE = 1 << 20  # bytes of a picture that go in one frame: a slow link shows life between two

Frame = bytes | memoryview


def write_header(header: dict) -> bytes:
    """Raises ProtocolError for one that is too long."""
    # letters as they are: escaped they are longer, and what came in could not go out again
    frame = json.dumps(header, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    if len(frame) > MAX_HEADER:
        raise ProtocolError(
            f"A message header of {len(frame)} bytes is too long: at most {MAX_HEADER} fit; "
            "use fewer styles or shorter layer names."
        )
    return frame


def read_header(frame: Frame) -> dict[str, Any]:
    """Raises ProtocolError for what is none."""
    if len(frame) > MAX_HEADER:
        raise ProtocolError("The message has no header, or one that is too long.")
    try:
        header = json.loads(
            bytes(frame).decode(), parse_constant=_no_constant, parse_int=_whole,
            parse_float=_number,
        )  # fmt: skip
        _check_bounds(header, [MOST_VALUES])
    except (ValueError, RecursionError):
        raise ProtocolError("The message's header is not JSON, or beyond all bounds.") from None
    if not isinstance(header, dict):
        raise ProtocolError("The message's header is not an object.")
    return header


def _no_constant(name: str):
    raise ValueError(f"{name} is not a number")


def _whole(text: str) -> int:
    return _bounded(int(text))


def _number(text: str) -> float:
    return _bounded(float(text))


def _bounded(number):
    if abs(number) > LARGEST:
        raise ValueError("too large a number")
    return number


def _check_bounds(value: Any, left: list[int], deep: int = 0) -> None:
    """Raises ValueError for what no message of ours holds, and what could not go out again: more
    values than are left, a text too long or not of letters, too much in each other."""
    left[0] -= 1
    if left[0] < 0 or deep > DEEPEST:
        raise ValueError("too much")
    if isinstance(value, str):
        value.encode()  # half a letter is none
        if len(value) > LONGEST:
            raise ValueError("too long a text")
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_bounds(name, left, deep + 1)
            _check_bounds(each, left, deep + 1)
    elif isinstance(value, list):
        for each in value:
            _check_bounds(each, left, deep + 1)


def describe(value: Any, buffers: list[Frame]) -> Any:
    """A value as JSON; the bytes of Pixels go to buffers."""
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, Pixels):
        view = memoryview(value.data)
        pieces = [view[start : start + PIECE] for start in range(0, len(view), PIECE)]
        buffers += pieces
        return {"extent": list(value.extent), "format": value.format, "frames": len(pieces)}
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: describe(getattr(value, each.name), buffers) for each in fields(value)}
    if isinstance(value, (tuple, list)):
        return [describe(each, buffers) for each in value]
    return value


def _cut(text: str) -> str:
    """A name or a sentence as it may travel: of LONGEST letters, and of nothing but letters, which
    names of files are not always."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return short.encode(errors="replace").decode()


def build(kind: Any, value: Any, buffers: list[Frame], where: str) -> Any:
    """JSON as a value of a type; the bytes of Pixels are taken from buffers."""
    if isinstance(kind, types.UnionType):  # something, or None
        if value is None:
            return None
        (kind,) = (each for each in typing.get_args(kind) if each is not types.NoneType)
    if kind is Pixels:
        return _pixels(value, buffers, where)
    if hasattr(kind, "__dataclass_fields__"):
        if not isinstance(value, dict):
            raise ProtocolError(f"{where} should be an object.")
        hints = typing.get_type_hints(kind)
        found = {name: value[name] for name in hints if name in value}
        built = {
            name: build(hints[name], each, buffers, f"{where}.{name}")
            for name, each in found.items()
        }
        try:
            return kind(**built)
        except TypeError:
            raise ProtocolError(f"{where} lacks a field.") from None
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, list) or len(value) > MANY:
            raise ProtocolError(f"{where} should be a list of at most {MANY}.")
        (inner, _) = typing.get_args(kind)
        return tuple(build(inner, each, buffers, where) for each in value)
    if typing.get_origin(kind) is dict:
        kind = dict
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ProtocolError(f"{where} should be {kind.__name__}.")
    return value


def _pixels(value: Any, buffers: list[Frame], where: str) -> Pixels:
    extent = value.get("extent") if isinstance(value, dict) else None
    whole = isinstance(extent, list) and len(extent) == 4 and all(type(n) is int for n in extent)
    if not whole or not isinstance(value.get("format"), str) or not buffers:
        raise ProtocolError(f"{where} should be a picture.")
    count = value.get("frames", 1)
    if type(count) is not int or not 1 <= count <= len(buffers):
        raise ProtocolError(f"{where} has too few frames.")
    data = _joined(buffers, count)
    try:
        return Pixels(Extent(*extent), value["format"], data)  # type: ignore[misc]
    except PictureError as error:
        raise ProtocolError(f"{where}: {error}") from None


def _joined(buffers: list[Frame], count: int) -> bytes:
    """The first frames as one, each let go of as soon as it is copied."""
    if count == 1:
        return bytes(buffers.pop(0))
    whole = io.BytesIO()
    for _ in range(count):
        whole.write(buffers.pop(0))
    return whole.getvalue()
