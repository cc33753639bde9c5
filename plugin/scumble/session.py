"""One document, one job at a time: what a host talks to.

    start -> poll, poll, poll ... until it returns False

`poll` turns replies into calls on the Host. It never blocks.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from scumble import delivery, parameters, places, protocol
from scumble.client import Client
from scumble.delivery import Coming, Delivered
from scumble.errors import JobError, LayerError, ProtocolError, ScumbleError
from scumble.host import SELECTION, Host, Layer, ReadOnce, readable
from scumble.language import tr, trn
from scumble.pixels import Extent, Pixels
from scumble.places import NO_ROLES, Place, Roles

BUSY = tr("A picture is being painted: wait for it, or cancel it.")
LEAST_MARGIN = 16  # px around a selection that is painted alone, so that it is never too small
UNREAD = ("file", "damaged")  # kinds of layers whose size is known when they are read
# Progress may be dropped under pressure, so the first sign of work is any of these.
RUNNING_SIGNS = (protocol.Progress, protocol.Preview, protocol.Done)


@dataclass(frozen=True)
class StyleChoice:
    """A style that the artist ticked: a layer's id, or a picture file. where: it lies; None:
    everywhere. gives: see scumble.parameters."""

    source: str | Path
    weight: float = 1.0
    brush_size: float = 100.0
    where: Place | None = None
    gives: str = "all"


def check(
    layers: dict[str, Layer],
    content: str,
    choices: list[StyleChoice],
    values: dict,
    roles: Roles = NO_ROLES,
    extent: Extent | None = None,
) -> None:
    """Raises InputError for a job that cannot be: all that can be said before a pixel is read.

    layers: those of the document, by id. extent: of what is repainted, where it is not the layer as
    it is now.
    """
    parameters.check(values)
    if content not in layers:
        raise LayerError(tr("The layer to repaint is gone: choose another."))
    used = [each for each in choices if each.weight > 0]
    if not used:
        raise LayerError(tr("Choose at least one style, with a weight above 0."))
    if len(used) > protocol.MAX_STYLES:
        raise LayerError(
            tr(
                "{count} styles are too many: at most {most}.",
                count=len(used),
                most=protocol.MAX_STYLES,
            )
        )
    for choice in choices:
        parameters.check_style("weight", choice.weight)
        parameters.check_style("brush_size", choice.brush_size)
        parameters.check_style("gives", choice.gives)
    for choice in used:
        if choice.source == content:
            raise LayerError(
                tr(
                    "“{name}” cannot be a style of itself: choose another.",
                    name=layers[content].name,
                )
            )
        if not isinstance(choice.source, Path):
            if choice.source not in layers:
                raise LayerError(tr("A style layer is gone: choose another."))
            _check_painted(layers[choice.source])
    _check_painted(replace(layers[content], extent=extent or layers[content].extent))
    for place in _places(used, roles):
        places.check(place, layers)


def _check_painted(layer: Layer) -> None:
    if layer.kind in UNREAD:
        return  # reading it says what is wrong with it
    if not layer.extent.width or not layer.extent.height:
        raise LayerError(
            tr("“{name}” is empty: paint on it, or choose another layer.", name=layer.name)
        )


class Frame(NamedTuple):
    """One of the frames of an animated layer. pixels: to repaint, in place of the layer as it is
    now. before, painted: the frame before it, and its result; None of the first. name: what it is
    called."""

    pixels: Pixels
    before: Pixels | None
    painted: Pixels | None
    name: str


class Held(NamedTuple):
    """One of several layers, or frames of one, that are repainted one after the other. selection:
    as it was when the first one began. styles: where styles and places are read, if each is to be
    as it was for the first one."""

    selection: Pixels | None
    frame: Frame | None = None
    styles: ReadOnce | None = None

    @property
    def extent(self) -> Extent | None:
        """Of what is repainted, where it is not the layer as it is now."""
        return self.frame.pixels.extent if self.frame else None


class Session:
    """document: its title; where it is given, a job outlives the editor (protocol.Stylize)."""

    def __init__(self, host: Host, client: Client, document: str = ""):
        self.host = host
        self.document = document
        self.preview = protocol.PREVIEWS[0]  # px, of the next job's
        self.asks_colours = False  # whether `recoloured` is wanted of it
        self.client = client
        self.state: str | None = None  # a key of protocol.STATES once a job is submitted
        self.result: protocol.Done | None = None
        self.waits_for = ""  # place in the queue, in words
        self.extent: Extent | None = None  # what is painted, in document pixels
        self.estimated: protocol.EstimateReply | None = None  # the answer to `estimate`
        self.status: protocol.StatusReply | None = None  # the answer to `ask_status`
        self.delivered: Delivered | None = None  # what became of the result
        self.left_behind = False  # whether the backend alone has it
        self._job = ""
        self._painted: tuple | None = None  # what the last job paints, but for its colours
        self._colours: tuple[Pixels, ...] = ()  # as protocol.Preview brought them
        self._content = self._called = ""  # the layer repainted, and its name
        self._part = ""  # which of its frames
        self._styles: list[tuple[str | Path, str]] = []  # sources and names
        self._earlier: list[str] = []
        self._canvas: Extent | None = None  # the document's, when it was read
        self._undelivered: Coming | None = None
        self._is_draft = False  # whether the result comes into no document
        self._replaces = False  # whether it is to take the place of the content's pixels
        self.held: Coming | None = None  # a result that whoever asked for it puts in
        self._is_held = False
        self._question = ""
        self._sizes: dict[Path, tuple[int, int]] = {}  # of picture files, read once for estimates

    def start(
        self,
        content: str,
        choices: list[StyleChoice],
        values: dict,
        earlier: Sequence[str] = (),
        roles: Roles = NO_ROLES,
        begun: Pixels | None = None,
        draft: bool = False,
        held: Held | None = None,
        before: Pixels | None = None,
    ) -> None:
        """Read the layers and submit a job. Raises InputError before anything is sent.

        earlier: the ids of results that this content has already, the oldest first; the new one
        goes above them, and from the newest it goes on, where init is "result". begun: what it goes
        on from instead; before: what that was painted of, where it is of the frame before. draft:
        it is only looked at: nothing is put in, and nobody misses it. held: the result is not put
        in here, but by who asks, as `held`; the backend keeps it until then.
        """
        if self.running:
            raise LayerError(BUSY)
        layers = {layer.id: layer for layer in self.host.layers()}
        check(layers, content, choices, values, roles, held.extent if held else None)
        chosen = [each for each in choices if each.weight > 0]
        values = _selecting(parameters.check(values), chosen, roles)
        selection, frame = (held.selection, held.frame) if held else (self.host.selection(), None)
        pixels, mask = self._read_content(layers[content], values, selection, frame)
        source = (held and held.styles) or self.host
        where = (pixels.extent, selection)
        styles = [self._read_style(source, each, layers, *where) for each in chosen]
        kept, along = (
            places.read(source, each, *where) if each else None
            for each in (roles.keep, roles.along)
        )
        self._content, self._called = content, layers[content].name
        self.result, self.extent = None, pixels.extent
        self._canvas = delivery.canvas_of(layers.values())
        self.delivered, self._undelivered, self._earlier = None, None, list(earlier)
        self.held, self._is_held = None, held is not None
        self._part = frame.name if frame else ""
        used = [each.source for each in chosen]
        names = [style.name for style, _ in styles]
        self._styles = list(zip(used, names, strict=True))
        start = self._read_start(pixels.extent) if values["init"] == "result" else None
        if frame and frame.before and frame.painted and frame.painted.extent == pixels.extent:
            begun, before = frame.painted, frame.before.crop(pixels.extent)
        if begun:
            values, start = values | {"init": "result"}, begun
        lines = along.pixels if along else None
        self._is_draft = draft
        self._replaces = not (draft or frame) and self.host.replaces(content)
        if self._replaces and mask:  # the pixels whole, and apart from them where they come in
            values = values | {"selection": "mask"}
        # of several the next begins with another one's painting; and what is replaced is gone
        again = not (begun or held or self._replaces)
        self._painted = _painted(content, chosen, values, roles) if again else None
        self._colours = ()
        self._job = self.client.submit(
            pixels, styles, values, mask, *self._home(), start, kept, lines, self.preview,
            self.asks_colours and not draft, before,
        )  # fmt: skip
        self.state = "queued"

    def estimate(
        self,
        content: str,
        choices: list[StyleChoice],
        values: dict,
        roles: Roles = NO_ROLES,
    ) -> None:
        """Ask what a job would take; `estimated` is None until `poll` has brought the answer.

        Raises InputError where `start` would.
        """
        layers = {layer.id: layer for layer in self.host.layers()}
        check(layers, content, choices, values, roles)
        extent = layers[content].extent
        values = _selecting(parameters.check(values), choices, roles)
        if values["selection"] == "crop" and (mask := self.host.selection()):
            extent = extent.intersection(_around(mask, values))
        sizes = [
            protocol.StyleSize(
                *self._size(each.source, layers), each.brush_size, _name(each.source, layers)
            )
            for each in choices
            if each.weight > 0
        ]
        self.estimated = None
        after = self._job if self._is_painted(content, choices, values, roles) else ""
        self._question = self.client.estimate(extent.width, extent.height, sizes, values, after)

    def recoloured(
        self, content: str, choices: list[StyleChoice], values: dict, roles: Roles = NO_ROLES
    ) -> Pixels | None:
        """The last result, small, as a job would paint it that differs in its colours alone; None
        where another would have to be painted. Between its ends colours are mixed as they are
        shown, within 0.5 to 2 of 255 on average of what the job does. Raises ParameterError."""
        values = _selecting(parameters.check(values), choices, roles)
        if len(self._colours) != 2 or not self._is_painted(content, choices, values, roles):
            return None
        bare, coloured = self._colours
        return bare.mixed(coloured, values["colour"] / 100)

    def _is_painted(
        self, content: str, choices: list[StyleChoice], values: dict, roles: Roles
    ) -> bool:
        """Whether the last job painted this, but for the colours. values: checked."""
        chosen = [each for each in choices if each.weight > 0]
        known = self._painted
        return known is not None and known == _painted(content, chosen, values, roles)

    def ask_status(self) -> None:
        """Ask the backend how it is; `status` is None until `poll` has brought the answer."""
        self.status = None
        self.client.ask_status()

    @property
    def running(self) -> bool:
        return self.state in ("queued", "running")

    def poll(self, timeout: float = 0.0) -> bool:
        """Handle what came in; whether the job still runs, or its result waits to be put in.

        Raises JobError when the backend gave the job up, LostError when it is gone, InputError
        where the result cannot be put in.
        """
        if self._undelivered is None:
            self._receive(timeout)
        if self._undelivered and self.host.is_free():
            coming, self._undelivered = self._undelivered, None
            self._deliver(coming)
        return self.running or self.waits_to_deliver

    @property
    def waits_to_deliver(self) -> bool:
        """Whether a result is there that the artist's own stroke keeps waiting."""
        return self._undelivered is not None

    def _receive(self, timeout: float) -> None:
        try:
            for reply in self.client.poll(timeout):
                self._handle(reply)
        except ProtocolError:
            self.state = "failed"
            raise

    def cancel(self) -> None:
        """Let the job go; nothing of it comes any more."""
        if coming := self._undelivered:
            self._undelivered = None
            self.tell_taken(coming)
        if self.running:
            self.client.cancel(self._job)
            self._enter("cancelled")

    def close(self) -> None:
        """Let go of the backend. A result that has come, and is in no document, is set aside."""
        with contextlib.suppress(ScumbleError):
            for reply in self.client.poll() if self.running else ():
                if isinstance(reply, protocol.Done) and reply.job == self._job:
                    self._undelivered = None if self._is_draft else self._coming(reply)
        if coming := self._undelivered:
            self._undelivered = None
            delivery.set_aside(self.host, coming, self.tell_taken)
        self.client.close()

    def keep(self) -> None:
        """Stop painting; what is painted so far comes as the result."""
        if self.running:
            self.client.keep(self._job)

    def _read_content(
        self, layer: Layer, values: dict, selection: Pixels | None, frame: Frame | None
    ) -> tuple[Pixels, Pixels | None]:
        """The pixels to repaint, and the selection that limits the result."""
        mask = None if values["selection"] == "ignore" else selection
        if mask is None:
            return frame.pixels if frame else self.host.read(layer.id), None
        extent = frame.pixels.extent if frame else layer.extent
        if mask.extent.intersection(extent).is_empty:
            raise LayerError(
                tr(
                    "Nothing of “{name}” is selected: select a part of it, or set Selection "
                    "to “Ignore it”.",
                    name=layer.name,
                )
            )
        wanted = None
        if values["selection"] == "crop":
            wanted = _around(mask, values)
        if frame:
            pixels = frame.pixels.crop(wanted) if wanted else frame.pixels
        else:
            pixels = self.host.read(layer.id, wanted)
        return pixels, mask.crop(pixels.extent)

    def _read_start(self, extent: Extent) -> Pixels | None:
        """The newest result that is there, where it lies; None where there is none."""
        there = [layer for layer in self._earlier if self.host.is_there(layer)]
        with contextlib.suppress(LayerError):  # empty: it begins with the content
            return self.host.read(there[-1], extent) if there else None
        return None

    def _size(self, source: str | Path, layers: dict[str, Layer]) -> tuple[int, int]:
        """(width, height) of a style, px."""
        if isinstance(source, Path):
            if source not in self._sizes:
                self._sizes[source] = self.host.read_picture(source).extent[2:]
            return self._sizes[source]
        return layers[source].extent[2:]

    def _read_style(
        self,
        source: Host | ReadOnce,
        choice: StyleChoice,
        layers: dict[str, Layer],
        content: Extent,
        selection: Pixels | None,
    ) -> tuple[protocol.Style, Pixels]:
        if isinstance(choice.source, Path):
            pixels = source.read_picture(choice.source)
        else:
            pixels = source.read(choice.source)
        name = _name(choice.source, layers)
        place = choice.where
        where = places.read(source, place, content, selection) if place else None
        numbers = (choice.weight, choice.brush_size)
        return protocol.Style(name, pixels.digest(), *numbers, where, choice.gives), pixels

    def _handle(self, reply: protocol.Message) -> None:
        if isinstance(reply, protocol.Refused):
            self.state = "failed"
            raise JobError(reply.message)
        if isinstance(reply, protocol.StatusReply):
            self.status = reply
        if isinstance(reply, protocol.EstimateReply) and reply.question == self._question:
            self.estimated = reply
        if getattr(reply, "job", None) != self._job or not self.running:
            return
        if self.state == "queued" and isinstance(reply, RUNNING_SIGNS):
            self._enter("running")
        if isinstance(reply, protocol.Queued):
            self.waits_for = _place(reply.place) if reply.place else ""
        elif isinstance(reply, protocol.Progress):
            self.host.show_progress(reply)
        elif isinstance(reply, protocol.Preview):
            self._colours = reply.colours
            self.host.show_preview(reply.pixels)
        elif isinstance(reply, protocol.Cancelled):
            self._enter("cancelled")
        elif isinstance(reply, protocol.Failed):
            self._enter("failed")
            raise JobError(reply.message)
        elif isinstance(reply, protocol.Done):
            self._finish(reply)

    def _home(self) -> tuple[str, str]:
        named = self.document and not self._is_draft
        name = delivery.alone([name for _, name in self._styles], self._part)
        return (name, self.document[:200]) if named else ("", "")

    def _coming(self, done: protocol.Done) -> Coming:
        return Coming(
            self._job, done, self._content, self._called, self._styles, self._earlier,
            self._canvas, self._replaces, self._part,
        )  # fmt: skip

    def _finish(self, done: protocol.Done) -> None:
        self._enter("done")
        self.result = done
        if self._is_held:
            self.held = self._coming(done)
        elif not self._is_draft:
            self.left_behind, self._undelivered = bool(self.document), self._coming(done)

    def _deliver(self, coming: Coming) -> None:
        self.delivered = delivery.deliver(self.host, coming, self.tell_taken)

    def tell_taken(self, coming: Coming) -> None:
        """A result is in its document, or kept: the backend need not keep it, too."""
        self.left_behind = False
        with contextlib.suppress(ScumbleError):  # a backend that is gone keeps it for a while, too
            self.client.taken(coming.job)

    def _enter(self, state: str) -> None:
        assert state in protocol.STATES[self.state or "queued"], f"{self.state} -> {state}"
        self.state = state


def _places(choices: list[StyleChoice], roles: Roles) -> list[Place]:
    return [each.where for each in choices if each.where] + roles.places()


def _painted(content: str, chosen: list[StyleChoice], values: dict, roles: Roles) -> tuple | None:
    """What is painted, but for the photograph's colours that are laid over it afterwards, where
    they are; None where a job begins with the one before it."""
    if values["init"] == "result":
        return None
    after = ("colour", "colour_by")
    if values["colour"] and values["colour_by"] != "lightness":
        after = ()
    kept = {name: value for name, value in values.items() if name not in after}
    return content, chosen, kept, roles


def _selecting(values: dict, choices: list[StyleChoice], roles: Roles) -> dict:
    """Where the selection says where a style lies, or what stays, it does not limit the result."""
    says_where = any(each.source == SELECTION for each in _places(choices, roles))
    return values | {"selection": "ignore"} if says_where else values


def _place(before: int) -> str:
    return trn("{number} before it", "{number} before it", before)


def _name(source: str | Path, layers: dict[str, Layer]) -> str:
    """Of a style."""
    return (readable(source.stem) if isinstance(source, Path) else layers[source].name)[:200]


def _around(mask: Pixels, values: dict) -> Extent:
    """What is painted of a layer where the selection is painted alone."""
    (x, y, width, height), by = mask.extent, max(LEAST_MARGIN, round(values["feather"]))
    return Extent(x - by, y - by, width + 2 * by, height + 2 * by)
