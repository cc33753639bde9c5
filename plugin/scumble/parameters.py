"""Every knob, once: name, range, default, and the artist's words for it.

Dialogs, the command line and the wire are drawn from PARAMETERS (one set a job) and
STYLE_PARAMETERS (one set a style). The engine's keywords carry the same names.
"""

import math
from dataclasses import dataclass

from scumble.errors import ParameterError
from scumble.language import tr

Value = float | int | str | tuple[float, ...]


@dataclass(frozen=True)
class Parameter:
    """One knob. `label`, `help` and `caption` are its words in the artist's language.

    kind: "number", "integer", "choice", or "numbers" (as many as the default holds).
    low, high: the range, both inclusive, of each number.
    words: the words allowed: all of them for a choice, in place of a number for the others.
    captions: what a dialog shows for the words, where they do not speak for themselves.
    unlisted: words that no dialog offers, for the command line and scripts.
    selects: whether it is of use only where a part of the document can be selected.
    """

    name: str
    kind: str
    default: Value
    english_label: str
    english_help: str
    low: float = 0
    high: float = 0
    unit: str = ""
    words: tuple[str, ...] = ()
    expert: bool = False
    captions: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    selects: bool = False

    def allowed(self) -> str:
        """What the artist may write, for help and errors: "0 to 100 %, or auto"."""
        if self.kind == "choice":
            return ", ".join(self.words)  # who writes one writes a script
        words = ", ".join(map(tr, self.words))
        high = f"{self.high:.10g} {self.unit}".strip()
        numbers = tr("{low} to {high}", low=f"{self.low:g}", high=high)
        if isinstance(self.default, tuple):
            numbers = tr(
                "{number} numbers of {range}, with commas between, not all 0",
                number=len(self.default),
                range=numbers,
            )
        return tr("{range}, or {words}", range=numbers, words=words) if words else numbers

    @property
    def label(self) -> str:
        return tr(self.english_label)

    @property
    def help(self) -> str:
        return tr(self.english_help)

    def caption(self, word: str) -> str:
        """What a dialog shows for a word."""
        shown = dict(zip(self.words, self.captions or self.words, strict=True))[word]
        return tr(shown if self.expert else shown.capitalize())

    def shown(self, text: str) -> str:
        """A word's caption; any other text as it is."""
        return self.caption(text) if text in self.words else text

    def meant(self, text: str) -> str:
        """The word of a caption that was typed; any other text as it is."""
        typed = text.strip().lower()
        return next((word for word in self.words if self.caption(word).lower() == typed), typed)

    def bend(self) -> float:
        """Of a number's slider, whose middle is the default: the exponent from a place on it to the
        value, each in parts of the whole; a straight one's where the default is an end."""
        share = (float(self.default) - self.low) / (self.high - self.low)  # type: ignore[arg-type]
        return math.log(share) / math.log(0.5) if 0 < share < 1 else 1.0

    def offered(self) -> list[str]:
        """The words that a dialog offers."""
        return [word for word in self.words if word not in self.unlisted]

    def proposals(self) -> list[str]:
        """What a dialog proposes where anything can be typed."""
        sizes = SIZES if self.name == "working_size" else ()
        return [self.shown(self.written(each)) for each in (*self.words, *sizes)]

    def check(self, value: object) -> Value:
        """The value in its own type. Raises ParameterError where it is not allowed."""
        if isinstance(value, str) and value in self.words:
            return value
        if self.kind == "numbers" and isinstance(value, (tuple, list)):
            if isinstance(self.default, tuple) and len(value) == len(self.default):
                numbers = tuple(self._number(entry, value) for entry in value)
                if any(numbers):
                    return numbers
        elif self.kind in ("number", "integer"):
            return self._number(value, value)
        raise self._wrong(value)

    def parse(self, text: str) -> Value:
        """The value written as text, as on a command line. Raises ParameterError."""
        if text in self.words or self.kind == "choice":
            return self.check(text)
        try:
            if self.kind == "numbers":
                return self.check(tuple(float(entry) for entry in text.split(",")))
            number = float(text.strip().removesuffix(self.unit or "%"))
            return self.check(int(number) if number.is_integer() else number)
        except (ValueError, OverflowError):
            raise self._wrong(text) from None

    def written(self, value: Value) -> str:
        """The value as text that `parse` reads."""
        if isinstance(value, tuple):
            return ", ".join(f"{each:g}" for each in value)
        return value if isinstance(value, str) else f"{value:.10g} {self.unit}".strip()

    def _number(self, entry: object, value: object) -> float | int:
        number = isinstance(entry, (int, float)) and not isinstance(entry, bool)
        if not number or not self.low <= entry <= self.high:  # type: ignore[operator]
            raise self._wrong(value)  # also NaN, which compares with nothing
        if self.kind == "integer":
            if entry != int(entry):  # type: ignore[call-overload]
                raise self._wrong(value)
            return int(entry)  # type: ignore[call-overload]
        return float(entry)  # type: ignore[arg-type]

    def _wrong(self, value: object) -> ParameterError:
        several = isinstance(value, (tuple, list))
        said = ", ".join(map(_short, value)) if several else _short(value)  # type: ignore[arg-type]
        return ParameterError(
            tr(
                "{label} cannot be “{value}”: it takes {allowed}.",
                label=self.label,
                value=said,
                allowed=self.allowed(),
            )
        )


def _short(value: object) -> str:
    """What somebody wrote, for a sentence."""
    if type(value) in (int, float) and abs(value) < 1e300:  # type: ignore[operator]
        return f"{value:.10g}"
    return "?" if type(value) in (int, list, dict) else str(value)


PARAMETERS = (
    Parameter(
        "strength", "number", 60.0, "Strength",
        "How far to go from the photograph to the style.",
        0, 100, "%",
    ),
    Parameter(
        "painterly", "number", 50.0, "Painterly",
        "How far the subject, too, is repainted in strokes: 0 tones the photograph and keeps its "
        "detail, 100 is all brushwork.",
        0, 100, "%",
    ),
    Parameter(
        "brush_size", "number", 100.0, "Brush size",
        "Bigger: broader strokes. For all styles at once.",
        25, 400, "%",
    ),
    Parameter(
        "colour", "number", 0.0, "Photograph's colours",
        "How much of the photograph's own colours stays: at 0 they are the styles'. Changed alone "
        "and soon after painting, it is seen at once and painted in a second, unless colours are "
        "kept by palette.",
        0, 100, "%",
    ),
    Parameter(
        "blend", "choice", "barycentre", "Blend",
        "How several styles mix: into one style between them, or side by side in the picture.",
        words=("barycentre", "mixture"), captions=("Into one style", "Side by side"),
    ),
    Parameter(
        "quality", "choice", "standard", "Quality",
        "Draft shows the idea in a few seconds; fine takes about three times as long as standard.",
        words=("draft", "standard", "fine", "reference"), unlisted=("reference",),
    ),
    Parameter(
        "init", "choice", "content", "Start from",
        "The layer itself; or its last result, which takes a third of the time: change weights or "
        "sliders, and see. Where there is no result yet, it starts from the layer.",
        words=("content", "result", "noise"), unlisted=("noise",),
        captions=("The layer", "Its last result", "Noise"),
    ),
    Parameter(
        "working_size", "integer", "auto", "Working size",
        "Long side to paint at. Auto: the layer's own size while that takes under two minutes, "
        "else the largest that does. The result always has the layer's size.",
        256, 16384, "px", ("auto",),
    ),
    Parameter(
        "finish", "choice", "painted", "Finish",
        "Of a layer that is larger than the working size. Painted: brushwork of the styles at full "
        "size. Photographic: what painting changed is laid over the photograph, and its detail "
        "stays.",
        words=("painted", "photographic"),
    ),
    Parameter(
        "selection", "choice", "limit", "Selection",
        "Where a part of the document is selected: paint the whole layer and show the result only "
        "there; or the same by a layer mask, which can be changed afterwards; or look at nothing "
        "but that part, which is quicker; or paint all.",
        words=("limit", "mask", "crop", "ignore"), selects=True,
        captions=(
            "Result only inside", "Result in a layer mask", "Paint only this part", "Ignore it",
        ),
    ),
    Parameter(
        "feather", "number", 10.0, "Feather",
        "How softly the result ends at the edge of the selection.",
        0, 500, "px", selects=True,
    ),
    Parameter(
        "smoothing", "number", 10.0, "Smoothing",
        "More: less grain.",
        0, 100, "%",
    ),
    Parameter(
        "seed", "integer", 0, "Seed",
        "Same seed, same picture.",
        0, 2**31 - 1,
    ),
    Parameter(
        "colour_by", "choice", "lightness", "Colours kept by",
        "How the photograph's colours stay. Lightness: each place has its own, and only light and "
        "shade are painted. Palette: the styles are given the photograph's colours, and are "
        "painted with freely.",
        words=("lightness", "palette"), expert=True,
    ),
    Parameter(
        "seamless", "choice", "none", "Seamless",
        "The result tiles: its left edge goes on at its right one, or its top at its bottom.",
        words=("none", "across", "down", "both"), expert=True,
    ),
    Parameter(
        "encoder", "choice", "auto", "Encoder",
        "The network that looks at the pictures. Auto: vgg19 where its weights and a GPU are "
        "there, else lite, which ships with Scumble.",
        words=("auto", "lite", "vgg19"), expert=True,
    ),
    Parameter(
        "loss", "choice", "w2", "Style measure",
        "w2: truer; gram: the classic of 2016.",
        words=("w2", "gram"), expert=True,
    ),
    Parameter(
        "optimiser", "choice", "lbfgs", "Optimiser",
        "How the picture is improved: lbfgs needs the fewest steps.",
        words=("lbfgs", "adam"), expert=True,
    ),
    Parameter(
        "steps", "integer", "auto", "Steps",
        "Steps at each size. Auto: as the quality says. 0 gives the content back.",
        0, 5000, "", ("auto",), expert=True,
    ),
    Parameter(
        "layer_weights", "numbers", (1.0, 1.0, 1.0, 1.0, 1.0), "Layer weights",
        "Weight of the style at relu1_1, 2_1, 3_1, 4_1 and 5_1: fine texture to large forms.",
        0, 1000, expert=True,
    ),
)  # fmt: skip

SIZES = (512, 768, 1024, 1536, 2048, 4096)  # px, that a dialog proposes

# What a dialog shows before anything is unfolded, then, and last.
_FIRST = ("strength", "painterly", "brush_size", "quality", "working_size", "selection")
MAIN = tuple(each for each in PARAMETERS if each.name in _FIRST)
ADVANCED = tuple(each for each in PARAMETERS if each.name not in _FIRST and not each.expert)
EXPERT = tuple(each for each in PARAMETERS if each.expert)

STYLE_PARAMETERS = (
    Parameter(
        "weight", "number", 1.0, "Weight",
        "The style's share in the blend.",
        0, 10,
    ),
    Parameter(
        "brush_size", "number", 100.0, "Brush size",
        "Bigger: broader strokes of this style.",
        25, 400, "%",
    ),
    Parameter(
        "gives", "choice", "all", "Gives",
        "What the painting has of this style: all, or its large forms alone, or its strokes and "
        "colours alone.",
        words=("all", "forms", "strokes"),
        captions=("All", "Forms", "Strokes"),
    ),
)  # fmt: skip

KNOBS = {parameter.name: parameter for parameter in PARAMETERS}


def defaults() -> dict[str, Value]:
    return {parameter.name: parameter.default for parameter in PARAMETERS}


def check(values: dict[str, object]) -> dict[str, Value]:
    """All parameters of a job: the given ones checked, the others at their defaults.

    Raises ParameterError for an unknown name or a value out of range.
    """
    for name in values:
        if name not in KNOBS:
            raise ParameterError(
                tr(
                    "There is no parameter {name}: there are {names}.",
                    name=repr(name),
                    names=", ".join(KNOBS),
                )
            )
    return defaults() | {name: KNOBS[name].check(value) for name, value in values.items()}


def style(name: str) -> Parameter:
    """A knob of STYLE_PARAMETERS."""
    return next(each for each in STYLE_PARAMETERS if each.name == name)


def check_style(name: str, value: object) -> Value:
    """One parameter of a style. Raises ParameterError."""
    return style(name).check(value)
