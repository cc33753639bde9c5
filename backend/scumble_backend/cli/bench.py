"""What this machine paints how fast: `scumble bench`.

A step is measured in this process, on one octave alone, beside two ceilings: the same convolutions
without all that is around them, forward and the gradient with respect to their input, at the
encoder's own shapes; and what the device does in products of large matrices of the encoder's type.
They take turns, so that what else the machine does hits all.

A step's operators are those of torch that do work, views apart: on a GPU each is a launch or more.
Its operations are those of its convolutions and matrix products, two for each multiplication and
addition.
First preview and total are those of a job of two styles in the backend itself, woken before.
"""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import torch
from PIL import Image
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from scumble import launcher, protocol
from scumble.client import Client
from scumble.errors import InputError, JobError, LostError
from scumble.hosts.openraster import OpenRasterHost
from scumble.language import tr
from scumble.pixels import Extent, Pixels
from scumble_backend.compute import devices, estimate, weights
from scumble_backend.engine.encoder import Encoder, stride
from scumble_backend.engine.pyramid import fit

WARM_UP = 3  # steps
SECONDS = 5.0  # to spend on the steps of one size, after at least STEPS of them
STEPS = 5
SIDE = {"cpu": 1024}  # of the matrices whose product is a ceiling; elsewhere
LARGE_SIDE = 4096
TICK = 0.02  # s
PATIENCE = 3600.0  # s for a job


@dataclass(frozen=True)
class Steps:
    """step: seconds. share: of the convolution ceiling, 0..1. rate, peak: operations a second of a
    step, and of products of large matrices. operators: of a step. memory: bytes over the resting
    engine."""

    step: float
    share: float
    rate: float
    peak: float
    operators: int
    memory: int


@dataclass(frozen=True)
class Figures(Steps):
    """width, height: px. first_preview, total: seconds of a job."""

    encoder: str
    width: int
    height: int
    first_preview: float
    total: float


def bench(
    sizes: list[int], encoders: list[str], report: Path | None, former: Path | None = None
) -> None:
    """Print a line for each size and encoder, beside an earlier report's where one is given, and
    write them all to a JSON file where asked.

    sizes: long sides, px. Raises ScumbleError.
    """
    before = _read(former) if former else {}
    devices.prepare()
    device = devices.pick()
    print(f"On {devices.name(device)}; two styles, quality standard.")
    print(
        "encoder       size   ms/step  of convolutions  TFLOP/s  of products  operators  memory"
        "   preview     total"
    )
    found = []
    with launcher.find_or_start(backend="") as client:
        for name in encoders:
            encoder = devices.place(weights.load_encoder(name), device)
            for size in sizes:
                found.append(_figures(client, name, encoder, device, size))
                print(_line(found[-1]) + _beside(found[-1], before), flush=True)
    if report:
        report.write_text(json.dumps([asdict(each) for each in found], indent=1) + "\n")


def _read(report: Path) -> dict[tuple, float]:
    """Seconds of a step by encoder, width and height, of an earlier report. Raises InputError."""
    try:
        return {_case(each): float(each["step"]) for each in json.loads(report.read_text())}
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            tr("{path} is no report of `scumble bench --json`: give another file.", path=report)
        ) from None


def _case(figures: dict) -> tuple:
    return figures["encoder"], figures["width"], figures["height"]


def _line(figures: Figures) -> str:
    size = f"{figures.width}x{figures.height}"
    return (
        f"{figures.encoder:8} {size:>9} {1000 * figures.step:8.1f}  {figures.share:15.0%}  "
        f"{figures.rate / 1e12:7.3f}  {figures.rate / figures.peak:11.0%}  "
        f"{figures.operators:9}  {figures.memory / 1e6:5.0f} MB  {figures.first_preview:6.2f} s  "
        f"{figures.total:6.1f} s"
    )


def _beside(figures: Figures, before: dict[tuple, float]) -> str:
    former = before.get(_case(asdict(figures)))
    return f"  {former / figures.step:.2f} times as fast as before" if former else ""


def _figures(
    client: Client, name: str, encoder: Encoder, device: torch.device, size: int
) -> Figures:
    content, styles = _sample(size)
    height, width = content.extent.height, content.extent.width
    need = devices.job_bytes(encoder, height * width, 0, [height * width] * estimate.STYLES, True)
    devices.check_memory(device, need, height, width)
    measured = _steps(encoder, device, height, width)
    _estimated(client, content, name)  # wakes the engine
    first, total = _job(client, content, styles, name)
    return Figures(
        **asdict(measured), encoder=name, width=width, height=height, first_preview=first,
        total=total,
    )  # fmt: skip


def _steps(encoder: Encoder, device: torch.device, height: int, width: int) -> Steps:
    peak = devices.Peak(device)
    painting = estimate.octave(encoder, device, height, width, steps=10**6)
    with peak:
        for _ in range(WARM_UP):
            next(painting)
    with _Operators() as operators:
        next(painting)
    with FlopCounterMode(display=False) as operations:
        next(painting)
    plain, product = _convolutions(encoder, device, height, width), _product(encoder, device)
    works = (lambda: next(painting)), plain, product.run
    times, until = [[] for _ in works], time.monotonic() + SECONDS
    for work in works[1:]:
        work()
    while len(times[0]) < STEPS or time.monotonic() < until:
        for taken, work in zip(times, works, strict=True):
            taken.append(_timed(device, work))
    step, convolutions, products = map(statistics.median, times)
    rate, ceiling = operations.get_total_flops() / step, product.operations / products
    return Steps(step, convolutions / step, rate, ceiling, operators.count, peak.bytes)


class _Operators(TorchDispatchMode):
    """Counts what torch is asked to do, but for views."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.count += not (func.is_view or func is torch.ops.aten.detach.default)
        return func(*args, **(kwargs or {}))


class _Product(NamedTuple):
    run: Callable[[], object]
    operations: int


def _product(encoder: Encoder, device: torch.device) -> _Product:
    """Of two large matrices of the encoder's type."""
    side = SIDE.get(device.type, LARGE_SIDE)
    dtype = encoder.convolution(encoder.layers[0]).weight.dtype
    one, other = (torch.rand(side, side, device=device).to(dtype) for _ in range(2))
    return _Product(lambda: one @ other, 2 * side**3)


def _convolutions(
    encoder: Encoder, device: torch.device, height: int, width: int
) -> Callable[[], None]:
    """All convolutions of a step, forward and back, each on noise of its own."""
    works = []
    for layer in encoder.layers:
        conv, side = encoder.convolution(layer), stride(layer)
        shape = (1, conv.in_channels, -(-height // side) + 2, -(-width // side) + 2)
        x = torch.rand(shape, device=device, dtype=conv.weight.dtype)
        x = x.contiguous(memory_format=torch.channels_last).requires_grad_()
        works.append((conv, x, torch.rand_like(conv(x))))

    def run() -> None:
        for conv, x, gradient in works:
            torch.autograd.grad(conv(x), x, gradient)

    return run


def _timed(device: torch.device, work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    if card := devices.CARDS.get(device.type):
        card.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
    return time.monotonic() - began


# The backend


def _sample(size: int) -> tuple[Pixels, list[Pixels]]:
    """The sample document's photograph at this long side, px, and its two styles."""
    path = Path(str(files("scumble_backend.sample") / "sample.ora"))
    host = OpenRasterHost(path, path)
    content, *styles = (host.read(layer.id) for layer in host.layers())
    return _scaled(content, size), styles


def _scaled(pixels: Pixels, size: int) -> Pixels:
    extent = pixels.extent
    picture = Image.frombytes("RGBA", (extent.width, extent.height), pixels.data)
    height, width = fit(extent.height, extent.width, size)
    scaled = picture.resize((width, height), Image.Resampling.LANCZOS)
    return Pixels(Extent(0, 0, width, height), "rgba8", scaled.tobytes())


def _estimated(client: Client, content: Pixels, encoder: str) -> protocol.EstimateReply:
    values = {"encoder": encoder}
    question = client.estimate(content.extent.width, content.extent.height, [], values)
    for reply in _replies(client):
        if isinstance(reply, protocol.EstimateReply) and reply.question == question:
            return reply
    raise AssertionError("unreachable")


def _job(
    client: Client, content: Pixels, styles: list[Pixels], encoder: str
) -> tuple[float, float]:
    """Seconds to the first preview, and to the end."""
    named = [(protocol.Style("", style.digest()), style) for style in styles]
    size = max(content.extent[2:])
    began, first = time.monotonic(), 0.0
    job = client.submit(content, named, {"encoder": encoder, "working_size": max(256, size)})
    for reply in _replies(client):
        if getattr(reply, "job", None) != job:
            continue
        if isinstance(reply, protocol.Preview) and not first:
            first = time.monotonic() - began
        elif isinstance(reply, protocol.Failed):
            raise JobError(reply.message)
        elif isinstance(reply, protocol.Done):
            return first, time.monotonic() - began
    raise AssertionError("unreachable")


def _replies(client: Client):
    """What comes in, until PATIENCE is over. Raises LostError."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        yield from client.poll(TICK)
    raise LostError("The backend takes too long: run `scumble stop`, and try again.")
