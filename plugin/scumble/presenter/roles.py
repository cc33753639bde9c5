"""What parts of the document do: where a style lies, what stays as it is, where strokes run."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from scumble.host import MERGED, SELECTION, Layer
from scumble.parameters import style
from scumble.places import Place
from scumble.presenter import words


@dataclass(frozen=True)
class Option:
    """What can be chosen, and what a dialog calls it: a place, None for none in particular; or the
    id of a layer."""

    value: Any
    words: str


Options = tuple[Option, ...]


GIVES = style("gives")


class Places(NamedTuple):
    """Where a style may lie, what may stay as it is, and along what strokes may run."""

    where: Options
    keep: Options
    along: Options


NO_PLACES = Places((), (), ())


def places_in(layers: list[Layer]) -> Places:
    """Those of a document."""
    selection, outside = Place(SELECTION), Place(SELECTION, outside=True)
    by_layers = tuple(Option(Place(each.id), each.name) for each in layers if each.id != MERGED)
    where = (
        Option(None, words.EVERYWHERE),
        Option(selection, words.IN_SELECTION),
        Option(outside, words.OUT_OF_SELECTION),
    )
    keep = (
        Option(None, words.NOTHING),
        Option(selection, words.THE_SELECTION),
        Option(outside, words.ALL_BUT_SELECTION),
    )
    along = (Option(None, words.ANY_WAY),)
    return Places(where + by_layers, keep + by_layers, along + by_layers)


def found(options: Options, value: Any) -> int:
    """Which of the options it is; the first where it is gone."""
    return next((n for n, option in enumerate(options) if option.value == value), 0)


def said(where: Place | None, gives: str, places: Places) -> str:
    """What a style row says in small letters: what is not as it comes."""
    place = places.where[found(places.where, where)].words if where else ""
    return ", ".join(filter(None, (place, "" if gives == GIVES.default else GIVES.caption(gives))))
