"""How each result was painted, kept in its document: an annotation, which Krita saves with it.

A layer is known by its unique id, which lives as long as the layer, across saving.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from scumble import parameters
from scumble.errors import InputError
from scumble.hosts.krita.host import KritaHost
from scumble.hosts.krita.qt import QtCore
from scumble.session import StyleChoice

ANNOTATION = "scumble"
RESULTS = 64  # kept, the newest


@dataclass(frozen=True)
class Record:
    """What was asked for: the layer repainted, its styles, and all parameters."""

    content: str
    choices: list[StyleChoice]
    values: dict[str, parameters.Value]


def remember(host: KritaHost, result: str, record: Record) -> None:
    """Keep how a result layer was painted."""
    kept = {name: each for name, each in _load(host).items() if name != result}
    styles = [_describe(each) for each in record.choices]
    kept[result] = {"content": record.content, "styles": styles, "parameters": record.values}
    data = json.dumps(dict(list(kept.items())[-RESULTS:])).encode()
    host.document.setAnnotation(ANNOTATION, "How Scumble painted", QtCore.QByteArray(data))


def of_layer(host: KritaHost, layer: str) -> Record | None:
    """How this layer was painted; None where it was not, or nobody knows."""
    return _record(host, _load(host).get(layer))


def newest(host: KritaHost) -> Record | None:
    """How the newest result of the document was painted."""
    kept = _load(host)
    return _record(host, list(kept.values())[-1]) if kept else None


def _describe(choice: StyleChoice) -> dict:
    kind = "file" if isinstance(choice.source, Path) else "layer"
    numbers = {"weight": choice.weight, "brush_size": choice.brush_size}
    return {kind: str(choice.source), **numbers}


def _load(host: KritaHost) -> dict:
    try:
        found = json.loads(bytes(host.document.annotation(ANNOTATION)) or b"{}")
    except (ValueError, AttributeError):
        return {}
    return found if isinstance(found, dict) else {}


def _record(host: KritaHost, kept) -> Record | None:
    """Styles that are gone are left out. What another version or a stranger wrote is None."""
    try:
        values = parameters.check(kept["parameters"])
        found = [_choice(each) for each in kept["styles"]]
        content = str(kept["content"])
    except (InputError, KeyError, TypeError):
        return None
    return Record(content, [each for each in found if _is_there(host, each)], values)


def _choice(kept: dict) -> StyleChoice:
    source = Path(kept["file"]) if "file" in kept else str(kept["layer"])
    numbers = (
        parameters.check_style(name, kept[name]) for name in ("weight", "brush_size")
    )  # what a stranger wrote may be anything
    return StyleChoice(source, *numbers)  # type: ignore[arg-type]


def _is_there(host: KritaHost, choice: StyleChoice) -> bool:
    if isinstance(choice.source, Path):
        return choice.source.is_file()
    return host.is_there(choice.source)
