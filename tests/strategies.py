"""What may stand where JSON of ours should: for hypothesis."""

import json
from typing import Any

from hypothesis import strategies

NUMBERS = [10**60, -(10**400), 2**53 + 1, float("nan"), float("inf"), -1, 0, 1.5, True]
JSON = strategies.recursive(
    strategies.none() | strategies.sampled_from(NUMBERS) | strategies.text(),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=10,
)
DEEP = strategies.integers(1, 100_000).map(lambda depth: "[" * depth)


@strategies.composite
def _changed(draw, value: Any) -> Any:
    """A value of JSON in which one is replaced by another."""
    if not isinstance(value, (dict, list)) or not value or draw(strategies.integers(0, 3)) == 0:
        return draw(JSON)
    places = list(value) if isinstance(value, dict) else range(len(value))
    place = draw(strategies.sampled_from(list(places)))
    changed = value.copy()
    changed[place] = draw(_changed(value[place]))
    return changed


def damaged(value: Any) -> strategies.SearchStrategy[bytes]:
    """A file of JSON, with other values in it, cut short, or no JSON at all."""
    whole = json.dumps(value)
    cut = strategies.integers(0, len(whole)).map(lambda end: whole[:end])
    text = _changed(value).map(json.dumps) | cut | DEEP
    return text.map(str.encode) | strategies.binary(max_size=100)
