"""What this machine paints how fast: `scumble bench`.

A step is measured in this process, on one octave alone, beside the same convolutions without all
that is around them: forward, and the gradient with respect to their input, at the encoder's own
shapes. Their time is the ceiling; the two take turns, so that what else the machine does hits both.
First preview and total are those of a job of two styles in the backend itself, woken before.
"""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import torch
from PIL import Image

from scumble import launcher, protocol
from scumble.client import Client
from scumble.errors import JobError, LostError
from scumble.hosts.openraster import OpenRasterHost
from scumble.pixels import Extent, Pixels
from scumble_backend.compute import devices, estimate, weights
from scumble_backend.engine.encoder import Encoder, stride
from scumble_backend.engine.pyramid import fit

WARM_UP = 3  # steps
SECONDS = 5.0  # to spend on the steps of one size, after at least STEPS of them
STEPS = 5
TICK = 0.02  # s
PATIENCE = 3600.0  # s for a job


@dataclass(frozen=True)
class Figures:
    """share: of the convolution ceiling, 0..1. memory: bytes over the resting engine. The others
    in seconds; 0 where they were not measured."""

    encoder: str
    width: int
    height: int
    step: float
    share: float
    memory: int
    first_preview: float
    total: float


def bench(sizes: list[int], encoders: list[str], report: Path | None) -> None:
    """Print a line for each size and encoder, and write them all to a JSON file where asked.

    sizes: long sides, px. Raises ScumbleError.
    """
    devices.prepare()
    device = devices.pick()
    print(f"On {devices.name(device)}; two styles, quality standard.")
    print("encoder       size   ms/step  of ceiling  memory   preview     total")
    found = []
    with launcher.find_or_start(backend="") as client:
        for name in encoders:
            encoder = devices.place(weights.load_encoder(name), device)
            for size in sizes:
                found.append(_figures(client, name, encoder, device, size))
                print(_line(found[-1]), flush=True)
    if report:
        report.write_text(json.dumps([asdict(each) for each in found], indent=1) + "\n")


def _line(figures: Figures) -> str:
    size = f"{figures.width}x{figures.height}"
    return (
        f"{figures.encoder:8} {size:>9} {1000 * figures.step:8.1f}  {figures.share:9.0%}  "
        f"{figures.memory / 1e6:5.0f} MB  {figures.first_preview:6.2f} s  {figures.total:6.1f} s"
    )


def _figures(
    client: Client, name: str, encoder: Encoder, device: torch.device, size: int
) -> Figures:
    content, styles = _sample(size)
    height, width = content.extent.height, content.extent.width
    need = devices.job_bytes(encoder, height * width, 0, [height * width] * estimate.STYLES, True)
    devices.check_memory(device, need, height, width)
    step, share, memory = _steps(encoder, device, height, width)
    _estimated(client, content, name)  # wakes the engine
    first_preview, total = _job(client, content, styles, name)
    return Figures(name, width, height, step, share, memory, first_preview, total)


def _steps(
    encoder: Encoder, device: torch.device, height: int, width: int
) -> tuple[float, float, int]:
    """Seconds of a step, its share of the ceiling, and the most memory held."""
    peak = devices.Peak(device)
    painting = estimate.octave(encoder, device, height, width, steps=10**6)
    with peak:
        for _ in range(WARM_UP):
            next(painting)
    plain = _convolutions(encoder, device, height, width)
    plain()
    steps, ceilings, until = [], [], time.monotonic() + SECONDS
    while len(steps) < STEPS or time.monotonic() < until:
        steps.append(_timed(device, lambda: next(painting)))
        ceilings.append(_timed(device, plain))
    step = statistics.median(steps)
    return step, statistics.median(ceilings) / step, peak.bytes


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
    if device.type == "cuda":
        torch.cuda.synchronize(device)
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
