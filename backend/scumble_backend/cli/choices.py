"""The words of the command line as layers, style files, weights and brush sizes.

A style is written NAME, NAME=WEIGHT, NAME=WEIGHT@BRUSH% or NAME=@BRUSH%; NAME is a layer's name,
its place in the list (#3), or a picture file. Names may hold '=' themselves: a whole that is a
layer or a file is taken as it stands, else what follows the last '=' must be numbers.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from scumble import parameters
from scumble.errors import LayerError
from scumble.host import Layer
from scumble.places import Place
from scumble.session import StyleChoice

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"
WEIGHTED = re.compile(
    rf"(?P<name>.+)=(?:(?P<weight>{NUMBER})|(?=@))(?:@(?P<brush>{NUMBER})%?)?", re.DOTALL
)


ALL = "all"  # of the layers


class Written(NamedTuple):
    """A style as it is written, and where it lies, or with outside where it does not; gives: as the
    parameter."""

    text: str
    where: str | None = None
    outside: bool = False
    gives: str = "all"


def styles(written: list[Written], layers: list[Layer]) -> list[StyleChoice]:
    """The styles named. Raises InputError for one that is neither layer nor file."""
    return [
        replace(
            _style(each.text, layers),
            where=place(each.where, layers, each.outside),
            gives=each.gives,
        )
        for each in written
    ]


def place(text: str | None, layers: list[Layer], outside: bool = False) -> Place | None:
    """The part of the content named. Raises InputError for one that is neither layer nor file."""
    if text is None:
        return None
    source = _source(text, layers)
    if source is None:
        raise LayerError(f"The place {text!r} is {_neither(layers)}")
    return Place(source, outside)


def content(
    text: str | None, layers: list[Layer], active: Layer | None, used: set[str | Path]
) -> Layer:
    """The layer to repaint: the one named, else the active one or the topmost that is not used
    otherwise.

    Raises LayerError.
    """
    if text is not None:
        return _layer(text, layers)
    paint = [layer for layer in layers if layer.kind == "paint"]
    visible = [layer for layer in paint if layer.visible]
    free = [each for each in (active, *visible, *paint) if each and each.id not in used]
    if not free:
        raise LayerError(f"No layer is left to repaint: name one with --content. {listing(layers)}")
    return free[0]


def contents(text: str, layers: list[Layer], used: set[str | Path]) -> list[Layer]:
    """The layers to repaint: those named, with commas between them, in that order; or all, the
    lowest first, but for groups and those that are used otherwise.

    Raises LayerError.
    """
    if text != ALL or find_layer(text, layers):
        whole = find_layer(text, layers)  # names may hold commas themselves
        named = [whole] if whole else [_layer(part.strip(), layers) for part in text.split(",")]
        return list(dict.fromkeys(named))
    free = [each for each in layers if each.kind != "group" and each.id not in used]
    if not free:
        raise LayerError(
            f"Every layer is a style or a place: name some by --layers. {listing(layers)}"
        )
    return free[::-1]


def _layer(text: str, layers: list[Layer]) -> Layer:
    found = find_layer(text, layers)
    if found is None:
        raise LayerError(f"There is no layer {text!r}. {listing(layers)}")
    return found


def find_layer(text: str, layers: list[Layer]) -> Layer | None:
    """A layer by name or place. Raises LayerError where several have the name."""
    found = [layer for layer in layers if layer.name == text]
    if len(found) > 1:
        places = ", ".join(f"#{n}" for n, layer in enumerate(layers, 1) if layer.name == text)
        raise LayerError(f"{len(found)} layers are called {text!r}: say which by {places}.")
    if found:
        return found[0]
    place = int(text[1:]) if re.fullmatch(r"#\d{1,6}", text, re.ASCII) else 0
    return layers[place - 1] if 1 <= place <= len(layers) else None


def listing(layers: list[Layer]) -> str:
    """All layers in a sentence, topmost first."""
    names = ", ".join(f"#{number} {layer.name!r}" for number, layer in enumerate(layers, 1))
    return f"There are {names}." if names else "The document has no layers."


def _style(text: str, layers: list[Layer]) -> StyleChoice:
    whole = _source(text, layers)
    if whole is not None:
        return StyleChoice(whole)
    parts = WEIGHTED.fullmatch(text)
    source = _source(parts["name"], layers) if parts else None
    if parts is None and _source(name := text.rpartition("=")[0], layers) is not None:
        raise LayerError(
            f"The style {text!r} should have a weight behind its name, a brush size, or both: "
            f"{name}=0.5, {name}=@150% or {name}=0.5@150%."
        )
    if parts is None or source is None:
        name = parts["name"] if parts else text
        raise LayerError(f"The style {name!r} is {_neither(layers)}")
    weight, brush = float(parts["weight"] or 1), float(parts["brush"] or 100)
    parameters.check_style("weight", weight)
    parameters.check_style("brush_size", brush)
    return StyleChoice(source, weight, brush)


def _neither(layers: list[Layer]) -> str:
    if not layers:
        return "no picture file."
    return f"neither a layer nor a picture file. {listing(layers)}"


def _source(name: str, layers: list[Layer]) -> str | Path | None:
    """A layer's id, an existing file, or None."""
    layer = find_layer(name, layers)
    if layer is not None:
        return layer.id
    try:
        return Path(name) if Path(name).is_file() else None
    except (OSError, ValueError):  # too long, or with a null: no file can be called so
        return None
