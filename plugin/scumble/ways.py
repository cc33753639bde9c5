"""What three drafts differ in, and how a draft is painted; dialogs and command line paint them."""

from typing import NamedTuple

from scumble.language import tr
from scumble.parameters import KNOBS, Value

SIDE = 512  # px, the long side that they are painted at, at most: it is about forms and strokes
DIFFERENT = ("painterly", "brush_size", "seed")  # the knobs that they differ in


class Way(NamedTuple):
    """How a draft differs from what is set. painterly: percent more; brush_size: times."""

    caption: str
    painterly: float
    brush_size: float
    seed: int


WAYS = (
    Way(tr("As set"), 0, 1.0, 0),
    Way(tr("Broader, looser"), 30, 2.2, 1),
    Way(tr("Finer, closer"), -30, 0.45, 2),
)


def varied(values: dict[str, Value], way: Way) -> dict[str, Value]:
    """The settings, another way, as far as their ranges go."""

    def within(name: str, value: float) -> float:
        return min(max(value, KNOBS[name].low), KNOBS[name].high)

    seeds = int(KNOBS["seed"].high) + 1
    return values | {
        "painterly": within("painterly", float(values["painterly"]) + way.painterly),  # type: ignore[arg-type]
        "brush_size": within("brush_size", float(values["brush_size"]) * way.brush_size),  # type: ignore[arg-type]
        "seed": (int(values["seed"]) + way.seed) % seeds,  # type: ignore[arg-type]
    }


def quick(values: dict[str, Value]) -> dict[str, Value]:
    """The same as a draft, from the layer itself."""
    size = values["working_size"]
    side = SIDE if isinstance(size, str) else min(int(size), SIDE)  # type: ignore[arg-type]
    init = "content" if values["init"] == "result" else values["init"]
    return values | {"quality": "draft", "working_size": side, "init": init}
