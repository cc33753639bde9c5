"""The conversation between plug-in and backend. No sockets here: messages to frames and back.

A message is a frozen dataclass. On the wire it is a list of frames: first a header of JSON,
`{"scumble": [major, minor], "type": "Stylize", "body": {...}}`, then the bytes of each Pixels in
the body, in order; the body describes them (`{"extent", "format", "frames"}`). A large picture is
cut into several frames, since each frame is encrypted whole, in three copies. A peer of another
major version is refused; unknown fields are ignored, so a minor version may add some.

A job, seen from the client:

    Stylize -> [SendStyles -> StylePixels ...] -> Queued -> Progress, Preview ... -> an end:
               Done | Cancelled | Failed
    Done -> Taken
    Resume, of a client whose link broke -> as after Stylize, from where it is | Unknown

Status, Estimate, Cancel, Keep and Shutdown may come at any time. The server asks Ping while it
holds a job of a client, or a result that it has not taken; a client that answers no Pong for long,
or is gone, loses its jobs, but for those with a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scumble import framing
from scumble.errors import ProtocolError, VersionError
from scumble.framing import Frame
from scumble.language import tr
from scumble.pixels import Pixels

VERSION = (2, 6)
MOVES = (2, 6)  # the first that knows `before` in Stylize
MAX_STYLES = framing.MANY
BROKEN_OFF = 74  # how the compute child ends where it cannot go on reading
DAMAGED = 77  # and where its own files, or torch's, cannot be imported
LOST, AWAY = 75, 76  # one of another machine, which is lost, or has no room for it
PULSE = 2.0  # s between signs of life of what paints
PREVIEWS = 512, 1024  # px of their long side, at least and at most

# Which state of a job may follow which.
STATES = {
    "queued": ("running", "cancelled", "failed"),
    "running": ("done", "cancelled", "failed"),
    "done": (),
    "cancelled": (),
    "failed": (),
}


@dataclass(frozen=True)
class Place:
    """A part of the content: where the pixels, grey8, are white, or, in colours, opaque and light;
    or all outside of that. Beyond their extent they are black."""

    pixels: Pixels
    outside: bool = False


@dataclass(frozen=True)
class Style:
    """One style of a job; its pixels go apart, once, named by their digest. where: it lies; None:
    everywhere. gives: see scumble.parameters."""

    name: str
    digest: str
    weight: float = 1.0
    brush_size: float = 100.0
    where: Place | None = None
    gives: str = "all"


# Requests


@dataclass(frozen=True)
class Status:
    """How are you?"""


@dataclass(frozen=True)
class Stylize:
    """Repaint content in a blend of styles. job: a name the client has not used before.

    start: an earlier result of the content, of its extent, to go on from. before: what that was
    painted of, where the content is the next frame, in which things may have moved.
    keep: what of the content stays as it is. lines: drawn in the document, that strokes run along.
    mask: grey8, where the result shows and how much; beyond its extent it shows nowhere.
    name, document: the result's name and its document's. Where they are given, the job outlives its
    client, and its result belongs to the artist: it is kept (unclaimed.py) until it is Taken.
    language: of the sentences to answer with, as language.py names it; English where that is none.
    preview: the long side that previews should have, px, within PREVIEWS. colours: whether the last
    of them should bring its colours.
    """

    job: str
    content: Pixels
    styles: tuple[Style, ...]
    parameters: dict[str, Any] = field(default_factory=dict)
    mask: Pixels | None = None
    name: str = ""
    document: str = ""
    start: Pixels | None = None
    keep: Place | None = None
    lines: Pixels | None = None
    language: str = ""
    preview: int = PREVIEWS[0]
    colours: bool = False
    before: Pixels | None = None

    def pictures(self) -> list[Pixels]:
        """All that it brings."""
        places = [each.where for each in self.styles] + [self.keep]
        whole = [self.content, self.mask, self.start, self.before, self.lines]
        return [each for each in whole if each] + [each.pixels for each in places if each]


@dataclass(frozen=True)
class StylePixels:
    """The pixels of a style that the server asked for."""

    job: str
    digest: str
    pixels: Pixels


@dataclass(frozen=True)
class StyleSize:
    """What an estimate needs to know of a style: its pixels and its brush size."""

    width: int
    height: int
    brush_size: float = 100.0
    name: str = ""


@dataclass(frozen=True)
class Estimate:
    """How long would a job take, and how much memory? No pixels are sent, nothing is painted.
    question: a name that comes back with the answer. width, height: of what is to be repainted.
    language: as in Stylize. after: the job that it would differ from in its colours alone."""

    question: str
    width: int
    height: int
    styles: tuple[StyleSize, ...]
    parameters: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    after: str = ""


@dataclass(frozen=True)
class Cancel:
    job: str


@dataclass(frozen=True)
class Keep:
    """Stop painting a job, and take what is painted so far: it ends with Done."""

    job: str


@dataclass(frozen=True)
class Taken:
    """A result is in its document, or kept by the host: the server need not keep it any more."""

    job: str


@dataclass(frozen=True)
class Resume:
    """Whatever became of a job comes here from now on."""

    job: str


@dataclass(frozen=True)
class Pong:
    pass


@dataclass(frozen=True)
class Shutdown:
    """Leave, whatever is running."""


# Replies


@dataclass(frozen=True)
class ChildStatus:
    """A compute child. stage: "resting", "starting", "ready", "painting", or "away", where its
    machine is not there. memory_free: bytes on the device. threads: where that is the processor."""

    stage: str
    device: str = ""
    memory_free: int = 0
    threads: int = 0


@dataclass(frozen=True)
class StatusReply:
    """stage, device, memory_free, threads: as of the compute child that would do the next job.
    children: all, where there are several."""

    version: str
    pid: int
    started: float
    stage: str
    jobs: int
    device: str = ""
    memory_free: int = 0
    threads: int = 0
    children: tuple[ChildStatus, ...] = ()


@dataclass(frozen=True)
class EstimateReply:
    """seconds: from the job's turn to its end. memory: bytes that it takes; memory_free: bytes to
    be had now. width, height: px that it would be painted at.

    message: why it would fail, or nothing; the sentence that Failed would bring.
    """

    question: str
    seconds: float = 0.0
    memory: int = 0
    memory_free: int = 0
    width: int = 0
    height: int = 0
    message: str = ""


@dataclass(frozen=True)
class SendStyles:
    job: str
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Queued:
    """place: how many jobs go before."""

    job: str
    place: int


@dataclass(frozen=True)
class Progress:
    """fraction: of the work, 0..1. seconds_left: below 0 where it is not known yet."""

    job: str
    stage: str
    fraction: float
    seconds_left: float = -1.0


@dataclass(frozen=True)
class Preview:
    """The picture so far, small; its extent has the origin of the content.

    colours: of the last one, where they can be others without painting: the picture with none of
    the photograph's colours, and with all of them by lightness.
    """

    job: str
    pixels: Pixels
    colours: tuple[Pixels, ...] = ()


@dataclass(frozen=True)
class Done:
    """pixels: the pastiche, of the content's extent and format. notes: for the artist to know.

    mask: grey8, of the same extent, where that is to be a mask of the layer's and not its alpha.
    """

    job: str
    pixels: Pixels
    seconds: float
    notes: tuple[str, ...] = ()
    mask: Pixels | None = None


@dataclass(frozen=True)
class Cancelled:
    job: str


@dataclass(frozen=True)
class Failed:
    """message: one sentence, what happened and what to do."""

    job: str
    message: str


@dataclass(frozen=True)
class Unknown:
    """There is no job to resume, nor a result of it."""

    job: str


@dataclass(frozen=True)
class Ping:
    pass


@dataclass(frozen=True)
class Refused:
    """The message could not be read, and why."""

    message: str


@dataclass(frozen=True)
class Goodbye:
    """The server leaves."""


REQUESTS = (Status, Stylize, StylePixels, Estimate, Cancel, Keep, Taken, Resume, Pong, Shutdown)
REPLIES = (
    StatusReply, EstimateReply, SendStyles, Queued, Progress, Preview, Done, Cancelled, Failed,
    Unknown, Ping, Refused, Goodbye,
)  # fmt: skip
MESSAGES = {cls.__name__: cls for cls in REQUESTS + REPLIES}
Message = (
    Status | Stylize | StylePixels | Estimate | Cancel | Keep | Taken | Resume | Pong | Shutdown
    | StatusReply | EstimateReply | SendStyles | Queued | Progress | Preview | Done | Cancelled
    | Failed | Unknown | Ping | Refused | Goodbye
)  # fmt: skip


def encode(message: Message) -> list[Frame]:
    """A message as frames."""
    buffers: list[Frame] = []
    header = {
        "scumble": VERSION,
        "type": type(message).__name__,
        "body": framing.describe(message, buffers),
    }
    return [framing.write_header(header), *buffers]


def decode(frames: Sequence[Frame]) -> Message:
    """Frames as a message; a list is emptied, so that no large picture is held twice.

    Raises ProtocolError for what is none, VersionError for a stranger.
    """
    if not frames:
        raise ProtocolError("The message has no header, or one that is too long.")
    header = framing.read_header(frames[0])
    _check_version(header.get("scumble"))
    cls = MESSAGES.get(header["type"]) if isinstance(header.get("type"), str) else None
    if cls is None:
        raise ProtocolError(f"There is no message {str(header.get('type'))[:40]!r}.")
    buffers = frames if isinstance(frames, list) else list(frames)
    del buffers[0]
    message = framing.build(cls, header.get("body"), buffers, cls.__name__)
    if buffers:
        raise ProtocolError(f"{cls.__name__} came with {len(buffers)} frames too many.")
    return message


def _check_version(version: object) -> None:
    if not (isinstance(version, list) and version and isinstance(version[0], int)):
        raise ProtocolError("The message says no version.")
    if version[0] != VERSION[0]:
        raise VersionError(strangers(version[0], VERSION[0]))


def version(header: Frame) -> tuple[int, ...]:
    """That of whoever sent a message, which was read, by its first frame."""
    return tuple(framing.read_header(header)["scumble"])


def strangers(other: object, own: object) -> str:
    return tr(
        "Plug-in and backend are of different versions (protocol {other} and "
        "{own}): press Upgrade in the dialog, or run install.py again, then "
        "restart the editor.",
        other=other,
        own=own,
    )
