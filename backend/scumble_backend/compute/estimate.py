"""How long a job will take on this machine, and how much memory: told before it is painted.

A model of the engine, seconds = correction * (sum over octaves of (preparing the styles + steps *
(a + b * pixels) + matching) + what brings it to full size). Its constants are measured once, by a
short probe, for each encoder and loss; the correction, a bounded factor, is what the last jobs took
against what the model said. Memory is the same with devices.job_bytes for a model. Both are kept in
the state folder.

The automatic working size hangs on the prediction, and the same seed on the same machine must give
the same picture. So it looks at what stays: the constants once measured and the memory that the
machine has, not at the correction, which moves with every job, nor at the memory free just now.
(Where that is too short for the size so found, the job paints smaller and says so.) The constants
move only when REMEMBERED jobs in a row took less than half, or more than twice, of what they say:
then they were measured at a bad moment, and had kept pictures at the wrong size.
"""

import contextlib
import json
import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import torch

from scumble.connection import state_folder, write_private
from scumble.language import tr
from scumble.lock import held
from scumble.protocol import StyleSize
from scumble_backend import __version__
from scumble_backend.compute import devices, finish
from scumble_backend.engine import brushwork, neighbours, wrap
from scumble_backend.engine.detail import Change
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.optimisers import LBFGS
from scumble_backend.engine.pyramid import fit
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import (
    LAYER_WEIGHTS,
    NEIGHBOUR_WEIGHT,
    RENEWALS,
    SMOOTHNESS,
    content_weight,
    has_neighbours,
    plan,
)
from scumble_backend.engine.thrift import LEVELS, Level

PATIENCE = 120.0  # s that the automatic working size may take
SIDES = [round(256 * math.sqrt(2) ** k) for k in range(13)]  # working sizes to choose from, px

PROBES = (96, 256)  # px a side
GPU_PROBE = 1024  # instead of the second where a step of it takes less than NO_TIME
NO_TIME = 0.01  # s
STYLES = 2  # in a probe
REPEATS = 2
PROBE_STEPS = 7
WINDOW = 4  # steps averaged: they need not all take the same time
REMEMBERED = 5  # jobs
BOUNDS = (1 / 4, 4.0)  # of a correction
WRONG = 2.0  # times off, REMEMBERED times in a row: the constants are
AT_ONCE = 1.0  # s that a job of no step takes, at most
TELLING = 2.0  # s below which a job teaches nothing
LOCKING = 5.0  # s for another child that writes the same file


class Speed(NamedTuple):
    """Seconds: of a step, and of each pixel in it; of preparing one style for an octave, and of
    each pixel that is looked at; of each pixel that a change is laid over at full size; of each two
    places that are compared where neighbours are matched; of each pixel of brushwork at full size.
    """

    step: float
    pixel: float
    style: float
    style_pixel: float
    overlay: float
    pair: float
    brush: float


class Pace(NamedTuple):
    """Of one octave: its pixels, and the seconds of a step and of what comes before the first."""

    pixels: int
    step: float
    before: float


class Task(NamedTuple):
    """A job as its cost sees it: px of the layer to repaint, and all parameters, checked."""

    height: int
    width: int
    styles: list[StyleSize]
    values: dict


class Cost(NamedTuple):
    """seconds from a job's turn to its end, and the bytes that it takes."""

    seconds: float
    memory: float


@dataclass
class Forecast:
    """What is known of one encoder and loss on this machine.

    seconds, memory: what each of the last jobs took, against the model.
    """

    key: str
    speed: Speed
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def learn(self, model: Cost, actual: Cost) -> None:
        """What a job took. Short ones are passed over."""
        if model.seconds < TELLING:
            return
        self.seconds = [*self.seconds, actual.seconds / model.seconds][-REMEMBERED:]
        self.memory = [*self.memory, actual.memory / model.memory][-REMEMBERED:]
        low, high = min(self.seconds), max(self.seconds)
        if len(self.seconds) == REMEMBERED and (high < 1 / WRONG or low > WRONG):
            ratio = statistics.median(self.seconds)
            self.speed, self.seconds = Speed(*(ratio * each for each in self.speed)), []
        _keep(self)

    def corrected(self, model: Cost) -> Cost:
        """What to tell the artist."""
        return Cost(
            model.seconds * _correction(self.seconds), model.memory * _correction(self.memory)
        )


def _correction(ratios: list[float]) -> float:
    """Their median, so that one job beside a busy program does not count."""
    low, high = BOUNDS
    return min(max(statistics.median(ratios), low), high) if ratios else 1.0


def forecast(encoder: Encoder, name: str, loss: str, device: torch.device) -> Forecast:
    """What is known of an encoder of this name; measured first where nothing is, for seconds."""
    found = known(name, loss, device)
    if found is None:
        found = Forecast(_key(name, loss, device), _measured(encoder, loss, device))
        _keep(found)
    return found


def known(name: str, loss: str, device: torch.device) -> Forecast | None:
    try:
        entry = _kept()[_key(name, loss, device)]
        speed = Speed(*map(float, entry["speed"]))
        seconds, memory = ([*map(float, entry[part])] for part in ("seconds", "memory"))
    except (LookupError, TypeError, ValueError, OverflowError):
        return None
    sound = all(0 <= each < math.inf for each in (*speed, *seconds, *memory)) and speed.pixel > 0
    return Forecast(_key(name, loss, device), speed, seconds, memory) if sound else None


def _key(name: str, loss: str, device: torch.device) -> str:
    return f"{__version__} {name}, {loss} on {devices.name(device)}"


def cost(known: Forecast, encoder: Encoder, task: Task, height: int, width: int) -> Cost:
    """What the model says of painting a task at a working size."""
    seconds = painting(known.speed, task, height, width) + ending(known.speed, task, height, width)
    return Cost(seconds, memory(encoder, task, height, width))


def ending(speed: Speed, task: Task, height: int, width: int) -> float:
    """Seconds that bring a painting to the layer's own size."""
    if (height, width) == (task.height, task.width) or task.values["steps"] == 0:
        return 0.0
    layer, share = task.height * task.width, finish.brushed(task.values)
    seconds = speed.overlay * layer if share < 1 else 0.0
    if share > 0:
        seconds += speed.pair * brushwork.pairs(height, width) + speed.brush * layer
    return seconds


def finishing(known: Forecast, task: Task, height: int, width: int) -> float:
    """Seconds of a job that is painted already, but for its colours."""
    return AT_ONCE + ending(known.speed, task, height, width)


def thrift(encoder: Encoder, device: torch.device, task: Task, height: int, width: int) -> int:
    """The level (engine/thrift.py) at which a job fits into what is free now. Raises JobError where
    none does."""
    needs = [memory(encoder, task, height, width, level) for level in LEVELS]
    free = devices.room(device)
    for number, need in enumerate(needs):
        if need <= free:
            return number
    devices.check_memory(device, needs[-1], height, width)
    return len(LEVELS) - 1


def memory(encoder: Encoder, task: Task, height: int, width: int, level: Level = LEVELS[0]) -> int:
    """Bytes."""
    layer, painterly = task.height * task.width, task.values["painterly"] > 0
    looked_at = _looked_at(task, max(height, width))
    pixels = math.prod(_seen(task, height, width))
    held = devices.job_bytes(encoder, pixels, layer, looked_at, painterly, level)
    if (height, width) == (task.height, task.width) or not finish.brushed(task.values):
        return held
    return max(held, devices.finish_bytes(pixels, layer))


def painting(speed: Speed, task: Task, height: int, width: int) -> float:
    """Seconds."""
    octaves = paces(speed, task, height, width)
    return sum(pace.before + steps * pace.step for pace, steps in octaves)


def paces(speed: Speed, task: Task, height: int, width: int) -> list[tuple[Pace, int]]:
    """Of each octave of a task: its pace, and its steps. Each looks at every style anew."""
    quality, steps, painterly, init = (
        task.values[each] for each in ("quality", "steps", "painterly", "init")
    )
    found = []
    octaves = plan(height, width, quality, steps, init) if steps != 0 else []
    for each in octaves:
        seen = _seen(task, each.height, each.width)
        pixels, looked_at = math.prod(seen), _looked_at(task, max(each.height, each.width))
        before = len(looked_at) * speed.style + speed.style_pixel * sum(looked_at)
        step = speed.step + speed.pixel * pixels
        if painterly > 0 and has_neighbours((each.height, each.width), each is octaves[-1]):
            matchings = sum(renewal <= each.steps for renewal in RENEWALS)
            matched = speed.pair * neighbours.pairs(*seen, looked_at)
            step += matchings * matched / each.steps
        found.append((Pace(pixels, step, before), each.steps))
    return found


def _seen(task: Task, height: int, width: int) -> tuple[int, int]:
    """What the encoder sees of a picture: a seamless one with its margins."""
    above, beside = wrap.margins((height, width), task.values["seamless"])
    return height + 2 * above, width + 2 * beside


def _looked_at(task: Task, long_side: int) -> list[float]:
    """Pixels of each style that an octave looks at: see engine/styles.py."""
    found = []
    for style in task.styles:
        scale = style.brush_size / 100 * task.values["brush_size"] / 100
        most = max(style.height, style.width) * max(1.0, scale)
        found.append(math.prod(fit(style.height, style.width, min(long_side * scale, most))))
    return found


def working_size(
    known: Forecast | None, encoder: Encoder, device: torch.device, task: Task
) -> tuple[tuple[int, int], str]:
    """(height, width) to paint at, never above the layer's own, and a note for the artist or "".

    known: may be None unless hangs_on_speed.
    """
    if not hangs_on_speed(task) or known is None:
        wanted = task.values["working_size"]
        return _fitted(task, wanted if isinstance(wanted, int) else SIDES[0]), ""
    room = devices.room_by_default(device)
    wanted = automatic(known.speed, encoder, task, room)
    now = automatic(known.speed, encoder, task, min(room, devices.room(device)))
    if now == wanted:
        return _fitted(task, wanted), ""
    note = tr(
        "Memory is short just now: painted at {now} px, not at {wanted} px.",
        now=now,
        wanted=wanted,
    )
    return _fitted(task, now), note


def hangs_on_speed(task: Task) -> bool:
    """Whether the working size cannot be told without a Forecast."""
    automatic = not isinstance(task.values["working_size"], int)
    return automatic and max(task.height, task.width) > SIDES[0]


def automatic(speed: Speed, encoder: Encoder, task: Task, room: float) -> int:
    """The long side to paint at, for "auto": the layer's own while that takes under PATIENCE and
    no more bytes than room, else the largest of SIDES that does."""
    long_side = max(task.height, task.width)
    for side in [long_side] + [side for side in reversed(SIDES) if side < long_side]:
        size = _fitted(task, side)
        if memory(encoder, task, *size) <= room and painting(speed, task, *size) <= PATIENCE:
            return side
    return SIDES[0]


def _fitted(task: Task, side: int) -> tuple[int, int]:
    if side >= max(task.height, task.width):
        return task.height, task.width
    return fit(task.height, task.width, side)


# The probe


def _measured(encoder: Encoder, loss: str, device: torch.device) -> Speed:
    """From the paces of a small octave and a larger one."""
    small, large = (_pace(encoder, loss, device, side) for side in PROBES)
    if large.step < NO_TIME:
        large = _pace(encoder, loss, device, GPU_PROBE)
    more = large.pixels - small.pixels
    # A GPU takes hardly longer for more pixels where there are few of them: never quite nothing.
    pixel = max(large.step - small.step, large.step / 10) / more
    style_pixel = max(0.0, large.before - small.before) / more
    return Speed(
        max(0.0, small.step - pixel * small.pixels),
        pixel,
        max(0.0, small.before - style_pixel * small.pixels) / STYLES,
        style_pixel / STYLES,
        _overlay(device),
        _pair(device),
        _brush(device),
    )


def _pace(encoder: Encoder, loss: str, device: torch.device, side: int) -> Pace:
    """The fastest of a few: the first is slower in any process, and what else the machine does
    just now must not shrink pictures for good."""
    steps, befores = [], []
    for _ in range(REPEATS):
        ticks = [time.monotonic()]
        for painted in octave(encoder, device, side, side, PROBE_STEPS, loss):
            float(painted[0, 0, 0, 0])  # a GPU is done with it, too
            ticks.append(time.monotonic())
        spans = zip(ticks[1:], ticks[1 + WINDOW :], strict=False)
        steps += [(later - earlier) / WINDOW for earlier, later in spans]
        befores.append(ticks[1] - ticks[0])
    return Pace(side * side, min(steps), max(0.0, min(befores) - min(steps)))


def octave(
    encoder: Encoder,
    device: torch.device,
    height: int,
    width: int,
    steps: int,
    loss: str = "w2",
    styles: int = STYLES,
) -> Iterator[torch.Tensor]:
    """The engine's work on one octave alone, at a size; all pictures are noise."""
    generator = torch.Generator().manual_seed(0)
    picture = torch.rand((1, 3, height, width), generator=generator).to(device)
    whole = torch.ones_like(picture[:, :1])
    used = [Style(picture.roll(n), whole, 1 / styles) for n in range(styles)]
    objective = Objective(
        encoder, picture, whole, used, loss, "barycentre", LAYER_WEIGHTS,
        content_weight(60.0), SMOOTHNESS / 10, NEIGHBOUR_WEIGHT,
    )  # fmt: skip
    descent = LBFGS(picture)
    for step in range(1, steps + 1):
        descent.step(objective.differentiate(descent.picture, renew=step == 1)[1], step, steps)
        yield descent.result


def _overlay(device: torch.device) -> float:
    """Seconds a pixel."""
    picture, rows = (torch.rand(1, 3, 256, width).to(device) for width in (256, 2048))
    overlay = _fastest(lambda: Change(picture, picture.flip(1), 2048).lay_over(rows, 0))
    return overlay / rows[0, 0].numel()


def _brush(device: torch.device) -> float:
    """Seconds a pixel."""
    picture, rows = (torch.rand(1, 3, 256, width).to(device) for width in (256, 2048))
    style = Style(picture.flip(2), torch.ones_like(picture[:, :1]))
    end = brushwork.Brushwork(picture, picture.flip(1), (2048, 2048), [style])
    return _fastest(lambda: end.lay_over(rows, 0)) / rows[0, 0].numel()


def _pair(device: torch.device) -> float:
    """Seconds for two places that are compared."""
    columns = torch.rand(4096, neighbours.COMPONENTS).to(device)
    return _fastest(lambda: neighbours.nearest(columns, columns)[0]) / len(columns) ** 2


def _fastest(work: Callable[[], torch.Tensor]) -> float:
    """Seconds, of three times; a number of the result is read, for which a GPU has to be done."""
    took = []
    for _ in range(3):
        began = time.monotonic()
        float(work().flatten()[0])
        took.append(time.monotonic() - began)
    return min(took)


# What is kept


def _kept() -> dict:
    try:
        found = json.loads((state_folder() / "speed.json").read_text())
    except (OSError, ValueError, RecursionError):
        found = {}
    return found if isinstance(found, dict) else {}


def _keep(known: Forecast) -> None:
    """Beside what is known of the others of this version. A full disk costs no job its result."""
    with contextlib.suppress(OSError), held(state_folder() / "speed.lock", LOCKING):
        _write(known)


def _write(known: Forecast) -> None:
    others = {key: each for key, each in _kept().items() if key.startswith(f"{__version__} ")}
    entry = asdict(known)
    text = json.dumps({**others, entry.pop("key"): entry})
    write_private(state_folder() / "speed.json", text)
