"""The compute child: a Stylize request -> engine -> Progress, Preview, Done | Cancelled | Failed.

Messages come in on stdin and go out on stdout, as frames (pipe.py). A thread reads, so that a
Cancel is seen between two steps. It lives and dies with its server.
"""

import contextlib
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, NamedTuple

import torch
from torch import Tensor

from scumble import language, machine, parameters, protocol
from scumble.errors import JobError, ScumbleError
from scumble.language import tr
from scumble.pipe import read_frames, write_frames
from scumble.pixels import Extent, Pixels
from scumble_backend import __version__
from scumble_backend.compute import (
    devices,
    estimate,
    finish,
    frames,
    images,
    previews,
    reading,
    weights,
)
from scumble_backend.compute.clock import Clock
from scumble_backend.engine import wrap
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.pyramid import Around, fit, resize
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import Iterate, stylize
from scumble_backend.engine.thrift import LEVELS, Thrift, ran_out

STYLE_SIDE = 4096  # px a side that a style is kept at, at most
STYLES = 16  # whose statistics are remembered, at most: about 2 MB each

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """The job is not wanted any more."""


class Painted(NamedTuple):
    """The last painting, as it was before any of the photograph's colours were kept by lightness:
    to keep another share of them is a matter of no step. asked: a name for what was asked for."""

    job: str
    asked: str
    bare: Tensor


@dataclass
class Inbox:
    """What the server says, sorted by a thread of its own."""

    pipe: BinaryIO
    messages: queue.SimpleQueue = field(default_factory=queue.SimpleQueue)
    cancelled: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def listen(self) -> None:
        try:
            while True:
                message = protocol.decode(list(read_frames(self.pipe)))
                if isinstance(message, protocol.Cancel):
                    self.cancelled.add(message.job)
                elif isinstance(message, protocol.Keep):
                    self.kept.add(message.job)
                else:
                    self.messages.put(message)
        except EOFError:
            os._exit(0)  # the server is gone: nobody waits for this work
        except BaseException:  # else the child would live on, and hear nothing any more
            log.exception("what the server sends cannot be read")
            os._exit(protocol.BROKEN_OFF)


class Voice:
    """What the server hears: of two threads, one of which only says that this process lives."""

    def __init__(self, pipe: BinaryIO):
        self._pipe, self._turn = pipe, threading.Lock()

    def say(self, message: protocol.Message) -> None:
        with self._turn:
            write_frames(self._pipe, protocol.encode(message))

    def pulse(self) -> None:
        with contextlib.suppress(OSError):  # the server is gone, which the inbox hears, too
            while True:
                self.say(protocol.Ping())
                time.sleep(protocol.PULSE)


class Painter:
    """Does one job after another, with the encoders loaded so far."""

    def __init__(self, inbox: Inbox, say: Callable[[protocol.Message], None]):
        self.inbox, self.say = inbox, say
        self.device = devices.pick()
        self.peak = devices.Peak(self.device)
        self.encoders: dict[str, Encoder] = {}
        self.seen: dict[str, dict] = {}  # of styles by digest, the one used last at the end
        self.last: Painted | None = None
        names = devices.found().items()
        with contextlib.suppress(OSError):  # a full disk: they are noted the next time
            machine.note_found([machine.Device(each, on.type == "cpu") for each, on in names])

    def settle(self) -> None:
        """On the device that is chosen by now."""
        device = devices.pick()
        if device != self.device:
            self.encoders, self.seen, self.last = {}, {}, None
            devices.give_back(self.device)
            self.device, self.peak = device, devices.Peak(device)
            self.say_status()

    def say_status(self) -> None:
        free = devices.free_memory(self.device)
        about = (__version__, os.getppid(), time.time(), "ready", 0)
        name, threads = devices.name(self.device), devices.threads(self.device)
        self.say(protocol.StatusReply(*about, name, free, threads))

    def work(self) -> None:
        """Jobs, for ever."""
        self.say_status()
        while True:
            request = self.inbox.messages.get()
            self.settle()
            if isinstance(request, protocol.Estimate):
                with language.speaking(request.language):
                    self.say(self._estimate(request))
                continue
            digests = {style.digest for style in request.styles}
            styles = {}
            for _ in digests:
                message = self.inbox.messages.get()
                styles[message.digest] = message.pixels
            with language.speaking(request.language):
                self.answer(request, styles)
            del request, styles
            devices.give_back(self.device)

    def answer(self, request: protocol.Stylize, styles: dict[str, Pixels]) -> None:
        """Do a job and say how it ended. Foreign errors become ours here."""
        try:
            with self.peak:
                end: protocol.Message = self._paint(request, styles)
        except Cancelled:
            end = protocol.Cancelled(request.job)
        except ScumbleError as error:
            end = protocol.Failed(request.job, str(error))
        except (MemoryError, RuntimeError) as error:
            log.exception("job failed")
            end = protocol.Failed(request.job, _sentence(error))
        except Exception as error:
            log.exception("job failed")
            end = protocol.Failed(request.job, _failed(repr(error)))
        self.inbox.cancelled.discard(request.job)
        self.inbox.kept.discard(request.job)
        self.say(end)

    def _estimate(self, asked: protocol.Estimate) -> protocol.EstimateReply:
        """What a job would take, or why it would fail. The engine is loaded and measured for it
        where it was not yet."""
        try:
            values = parameters.check(asked.parameters)
            images.check_size(asked.width, asked.height, tr("The layer to repaint"))
            for style in asked.styles:
                images.check_size(style.width, style.height, reading.named(style.name))
            task = estimate.Task(asked.height, asked.width, list(asked.styles), values)
            name = self._encoder_name(values["encoder"])
            encoder = self._encoder(name)
            known = estimate.forecast(encoder, name, str(values["loss"]), self.device)
            (height, width), _ = estimate.working_size(known, encoder, self.device, task)
            estimate.thrift(encoder, self.device, task, height, width)
        except ScumbleError as error:
            return protocol.EstimateReply(asked.question, message=str(error))
        except Exception as error:  # of a question only: the job that runs goes on
            log.exception("no estimate")
            return protocol.EstimateReply(asked.question, message=_sentence(error))
        seconds, memory = known.corrected(estimate.cost(known, encoder, task, height, width))
        if self.last and self.last.job == asked.after:
            seconds = estimate.finishing(known, task, height, width)
        free = devices.free_memory(self.device)
        return protocol.EstimateReply(asked.question, seconds, round(memory), free, width, height)

    def _paint(self, request: protocol.Stylize, styles: dict[str, Pixels]) -> protocol.Done:
        began, notes = time.monotonic(), []
        values: dict = parameters.check(request.parameters)
        images.check(request.content, tr("The layer to repaint"))
        request = frames.settled(request)
        values["init"] = reading.init(request, values["init"])
        for style in request.styles:
            images.check(styles[style.digest], reading.named(style.name))
        layer = images.tileable(request.content, values["seamless"])
        around = wrap.around(values["seamless"])
        extent, format = layer.extent, layer.format
        self._progress(request.job, tr("loading the engine"), 0.0)
        name = self._encoder_name(values["encoder"])
        encoder = self._encoder(name)
        if gone := devices.gone():
            notes.append(
                tr(
                    "“{gone}” is not there any more: painted on {device}. Choose another device.",
                    gone=gone,
                    device=devices.name(self.device),
                )
            )
        if missing := [layer for layer in ("relu4_1", "relu5_1") if layer not in encoder.layers]:
            notes.append(
                tr(
                    "This VGG-19 file ends before {layer}: large forms follow less.",
                    layer=missing[0],
                )
            )
        task = estimate.Task(
            extent.height, extent.width, reading.sizes(request, styles), dict(values)
        )
        known = estimate.known(name, str(values["loss"]), self.device)
        if not known and estimate.hangs_on_speed(task):
            known = estimate.forecast(encoder, name, str(values["loss"]), self.device)
        size, note = estimate.working_size(known, encoder, self.device, task)
        notes += [note] if note else []
        level = estimate.thrift(encoder, self.device, task, *size)
        if os.environ.get(machine.SPARE):
            level = len(LEVELS) - 1
        thrift = Thrift(level, lambda: devices.give_back(self.device))
        del values["encoder"], values["working_size"]
        final = finish.Finish.of(values)
        del values["finish"]
        as_layer_mask = values.pop("selection") == "mask"  # else whoever sent it has seen to it
        mask = reading.mask(request, values.pop("feather"))
        started = time.monotonic()
        content, guide = (each.to(self.device) for each in images.to_tensors(layer, size, around))
        used = [
            replace(
                self._style(style, styles[style.digest]),
                where=reading.guide(style.where, extent, content),
                gives=style.gives,
            )
            for style in request.styles
        ]
        keep = reading.guide(request.keep, extent, content)
        lines = reading.lines(request.lines, extent, content)
        shown = guide if mask is None else guide * reading.resized(mask, guide)
        clock = Clock(known, task, *size)
        asked = reading.name_of(request, size)
        bare = self.last.bare if self.last and self.last.asked == asked else None
        start = self._start(request.start, content, size, around)
        begin = (encoder, content, guide, used, start, keep, lines, bare, thrift)
        iterates = stylize(*begin, **values)
        end = self._iterate(request, iterates, shown, extent, clock)
        painted = end.picture
        early = thrift.over or request.job in self.inbox.kept
        if end.bare is not None and not early:
            self.last = Painted(request.job, asked, end.bare)
        height, width = painted.shape[2:]
        if thrift.number:
            notes.append(_spared(end, thrift))
        if (height, width) != tuple(size):  # it stays as soft as it was seen
            notes.append(
                tr(
                    "Stopped early, at {width} x {height} px: later sizes bring the detail.",
                    width=width,
                    height=height,
                )
            )
            painted = resize(painted, size, around)
        if values["steps"] == 0 or values["strength"] == 0:
            pixels = layer
        elif painted.shape[2:] == (extent.height, extent.width):
            pixels = images.to_pixels(painted, guide, extent, format)
        else:
            self._progress(request.job, tr("painting the full size"), 1.0)

            def finished(how: finish.Finish) -> Pixels:
                end = finish.painter(painted, content, used, keep, layer.extent, around, how)
                return finish.full_size(layer, end, self.device, lambda: self._check(request.job))

            pixels = None
            try:
                pixels = finished(final)
            except (MemoryError, RuntimeError) as error:
                if not (final.brushed and ran_out(error)):
                    raise
                log.exception("no memory for brushwork")
            if pixels is None:  # now that nothing holds what was tried
                thrift.give_back()
                pixels = finished(final._replace(brushed=0.0))
                notes.append(
                    tr(
                        "Memory ran out for brushwork at full size: the change is laid over the "
                        "photograph."
                    )
                )
            notes.append(
                tr(
                    "Painted at {width} x {height} px, finished at full size.",
                    width=size[1],
                    height=size[0],
                )
            )
        seen = pixels if mask is None else images.within(pixels, mask)
        small = previews.reduced(seen, request.preview)
        colours = ()
        if request.colours and end.bare is not None and not early and reading.laid_over(values):
            try:
                colours = previews.recoloured(
                    encoder, content, guide, used, keep, end.bare, shown, extent, request.preview
                )
            except Exception:  # a picture that is painted is not to be lost for that
                log.exception("no previews of other colours")
        self.say(protocol.Preview(request.job, small, colours))  # what is seen is what is kept
        if known and bare is None and end.step == end.of and not early and not thrift.number:
            actual = estimate.Cost(time.monotonic() - started, self.peak.bytes)
            known.learn(estimate.cost(known, encoder, task, *size), actual)
        seconds = time.monotonic() - began
        if mask is None or not as_layer_mask:
            return protocol.Done(request.job, seen, seconds, tuple(notes))
        grey = Pixels(extent, "grey8", mask.tobytes())
        return protocol.Done(request.job, pixels, seconds, tuple(notes), grey)

    def _iterate(
        self,
        request: protocol.Stylize,
        iterates: Iterator[Iterate],
        shown: Tensor,
        extent: Extent,
        clock: Clock,
    ) -> Iterate:
        """Run the engine to its end, telling how it goes; what it came to.

        shown: the previews' alpha, (1, 1, H, W). Raises Cancelled.
        """
        job = request.job
        for iterate in iterates:
            if job in self.inbox.cancelled:
                raise Cancelled
            # while a job runs only estimates are asked for; those that come meanwhile wait a step
            for _ in range(self.inbox.messages.qsize()):
                asked = self.inbox.messages.get()
                with language.speaking(asked.language):
                    self.say(self._estimate(asked))
            if iterate.step == 1:  # what preparing the octave took is not what its steps take
                devices.give_back(self.device)
            if clock.ticks():
                stage = tr(
                    "painting, size {number} of {all}",
                    number=iterate.octave,
                    all=iterate.octaves,
                )
                share = clock.share(iterate)
                self.say(protocol.Progress(job, stage, share, clock.seconds_left(share)))
                seen = previews.preview(iterate.picture, shown, extent, request.preview)
                self.say(protocol.Preview(job, seen))
            if job in self.inbox.kept:
                break
        # There always is at least one.
        end = iterate  # pyright: ignore[reportPossiblyUnboundVariable]
        if not end.picture.isfinite().all():
            raise JobError(tr("Painting went astray (not a number): try another seed or strength."))
        return end

    def _check(self, job: str) -> None:
        if job in self.inbox.cancelled:
            raise Cancelled

    def _progress(self, job: str, stage: str, done: float) -> None:
        self._check(job)
        self.say(protocol.Progress(job, stage, done))

    def _encoder_name(self, wanted: parameters.Value) -> str:
        if wanted != "auto":
            return str(wanted)
        return "vgg19" if self.device.type != "cpu" and weights.vgg19_file() else "lite"

    def _encoder(self, name: str) -> Encoder:
        if name not in self.encoders:
            self.encoders[name] = devices.place(weights.load_encoder(name), self.device)
            self.say_status()
        return self.encoders[name]

    def _style(self, style: protocol.Style, pixels: Pixels) -> Style:
        """A style as the engine takes it, with what was seen of it when it was last used."""
        height, width = pixels.extent.height, pixels.extent.width
        size = fit(height, width, min(STYLE_SIDE, max(height, width)))
        picture, guide = (each.to(self.device) for each in images.to_tensors(pixels, size))
        seen = self.seen.pop(style.digest, {})
        self.seen[style.digest] = seen
        while len(self.seen) > STYLES:
            self.seen.pop(next(iter(self.seen)))
        return Style(picture, guide, style.weight, style.brush_size / 100, seen)

    def _start(
        self, start: Pixels | None, content: Tensor, size: tuple[int, int], around: Around
    ) -> Tensor | None:
        """What the painting goes on from: an earlier one, and the content where that is not."""
        if start is None:
            return None
        picture, guide = (each.to(self.device) for each in images.to_tensors(start, size, around))
        return torch.lerp(content, picture, guide)


def _spared(end: Iterate, thrift: Thrift) -> str:
    """What became of a painting for which memory was short."""
    if not thrift.over:
        return tr("Memory was short: painted with less of it, in more time.")
    side = max(end.picture.shape[2:])
    return tr(
        "Memory ran out: this is the picture as it was then. Choose a working size of at most "
        "{side} px, or close other programs, and paint again.",
        side=side if end.step == end.of else round(side / 2**0.5),
    )


def _sentence(error: Exception) -> str:
    text = str(error)
    if ran_out(error):
        return tr(
            "Memory ran out while painting: choose a smaller working size, or close other "
            "programs, and start again."
        )
    return _failed(text.splitlines()[0][:200] if text else type(error).__name__)


def _failed(why: str) -> str:
    return tr("Painting failed ({why}): the log has more; try other settings.", why=why)


def main() -> None:
    """Take stdout for the frames alone: what libraries print goes to the log."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    inbox = Inbox(os.fdopen(os.dup(0), "rb"))
    voice = Voice(replies)
    for task in (inbox.listen, voice.pulse):
        threading.Thread(target=task, daemon=True).start()
    devices.prepare()
    Painter(inbox, voice.say).work()


if __name__ == "__main__":
    sys.exit(main())
