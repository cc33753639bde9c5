"""How each result of a document was painted: kept in the document, and read by one validator.

    {"results": [{"result": mark, "content": mark, "styles": [{"layer": mark, ...}], ...}]}

A document may come from a stranger, so nothing in it is trusted: what is not as it should be is
left out. Scumble 0.1.0 wrote {result: {...}} in Krita, which is still understood.

What was asked for lately is noted outside of the documents, too: a result that finds its document
closed is put in later, and nobody else could tell then how it was painted.
"""

import contextlib
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from scumble import history, parameters
from scumble.connection import state_folder, write_private
from scumble.errors import InputError, LayerError, ScumbleError
from scumble.host import MERGED, SELECTION, readable
from scumble.places import NO_ROLES, Place, Roles
from scumble.presenter import stylefiles
from scumble.presenter.editor import EditorHost
from scumble.presenter.styles import Source
from scumble.session import StyleChoice

MOST = 64  # results remembered, the newest
LONGEST = 1 << 20  # letters of the text that are read at all
NOTED = 16  # jobs noted outside of their documents, the newest


@dataclass(frozen=True)
class Record:
    """What was asked for: the layer repainted, its styles, all parameters, and what other layers
    did."""

    content: str
    choices: list[StyleChoice]
    values: dict[str, parameters.Value]
    roles: Roles = NO_ROLES


def identity(host: EditorHost) -> str:
    """What its history is found by, in all sessions and editors; nothing where it has none yet."""
    found = _parsed(host.kept())
    name = found.get("id") if isinstance(found, dict) else None
    return name if isinstance(name, str) and history.IDENTITY.fullmatch(name) else ""


def identify(host: EditorHost) -> None:
    """Give the document its identity. Before a result comes: what an undo brings back has it."""
    if host.is_open() and not identity(host):
        _keep(host, _entries(host), uuid.uuid4().hex)


def remember(host: EditorHost, result: str, record: Record) -> None:
    """Keep how a result layer was painted; not of one that came into a copy of the document."""
    if not host.is_there(result):
        return
    kept = [each for each in _entries(host) if host.find_mark(each["result"]) != result]
    new = {"result": _mark(host, result), **asked(host, record)}
    _keep(host, [*kept, new][-MOST:], identity(host))


def _keep(host: EditorHost, entries: list[dict], identity: str) -> None:
    host.keep(json.dumps({"results": entries, **({"id": identity} if identity else {})}))


def note(host: EditorHost, record: Record) -> None:
    """What is asked for now, for a result that finds its document closed."""
    new = {"document": host.title(), "when": time.time(), **asked(host, record)}
    with contextlib.suppress(OSError, ScumbleError):  # nothing is lost but how it was painted
        write_private(_notes_file(), json.dumps([*_notes(), new][-NOTED:]))


def noted(host: EditorHost, document: str, when: float) -> Record | None:
    """How a result of this time was painted for a document of this title, found in the one that is
    open."""
    for each in reversed(_notes()):
        then = each.get("when")
        if each.get("document") == document and isinstance(then, float) and then <= when:
            return record_of(host, each)
    return None


def written(host: EditorHost, record: Record) -> str:
    """What was asked for, as text that outlives this session."""
    return json.dumps(asked(host, record))


def read(host: EditorHost, text: str) -> tuple[list[StyleChoice], Roles]:
    """The styles of a text of `written` that are in this document, and the picture files; and what
    other layers did. Scumble 0.1.0 wrote the styles alone."""
    found = _parsed(text)
    kept = found if isinstance(found, dict) else {"styles": found}
    styles = kept.get("styles")
    return choices_of(host, styles) if isinstance(styles, list) else [], _roles_of(host, kept)


def of_layer(host: EditorHost, layer: str) -> Record | None:
    """How this layer was painted; None where it was not, or nobody knows."""
    found = (each for each in reversed(_entries(host)) if _found(host, each["result"]) == layer)
    return next((record_of(host, each) for each in found), None) if layer else None


def newest(host: EditorHost) -> Record | None:
    """How the newest result of the document was painted."""
    found = (record_of(host, each) for each in reversed(_entries(host)))
    return next((each for each in found if each), None)


def results_of(host: EditorHost, content: str) -> list[str]:
    """The ids of the results of a layer that are there, the oldest first; what took its own place
    is none."""
    found = [each for each in _entries(host) if _found(host, each.get("content")) == content]
    layers = (_found(host, each["result"]) for each in found)
    return [layer for layer in layers if layer and layer != content]


def _entries(host: EditorHost) -> list[dict]:
    """What is kept, the oldest first; each with a "result"."""
    found = _parsed(host.kept())
    if not isinstance(found, dict):
        return []
    entries = found.get("results")
    if entries is None:
        entries = [
            {**each, "result": name} for name, each in found.items() if isinstance(each, dict)
        ]
    if not isinstance(entries, list):
        return []
    return [each for each in entries if isinstance(each, dict) and each.get("result")][-MOST:]


def _parsed(text: str) -> Any:
    """The JSON of a text; None where it is none, or too long."""
    try:
        return json.loads(text) if text and len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return None


def _notes() -> list[dict]:
    try:
        found = json.loads(_notes_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _notes_file() -> Path:
    return state_folder() / "asked.json"


def asked(host: EditorHost, record: Record) -> dict:
    """What was asked for, as JSON."""
    return {
        "content": _mark(host, record.content),
        "styles": described(host, record.choices),
        "parameters": record.values,
        "keep": _place(host, record.roles.keep),
        "along": _place(host, record.roles.along),
    }


def described(host: EditorHost, choices: list[StyleChoice]) -> list[dict]:
    """Styles as JSON."""
    names = {layer.id: layer.name for layer in host.layers()}
    return [_described(host, each, names) for each in choices]


def _mark(host: EditorHost, layer: str) -> Any:
    """None of a layer that was removed while the job ran, where the editor needs it for that, and
    of none."""
    try:
        return MERGED if layer == MERGED else host.mark(layer) if layer else None
    except LayerError:
        return None


def _found(host: EditorHost, mark: Any) -> str:
    return MERGED if mark == MERGED else host.find_mark(mark)


def portable(host: EditorHost, choices: list[StyleChoice]) -> list[dict]:
    """Styles as JSON for other documents, whose layers are others: by name, and not where they
    lie."""
    found = []
    for each, choice in zip(described(host, choices), choices, strict=True):
        kept = {key: value for key, value in each.items() if key not in ("layer", "where")}
        if isinstance(choice.source, Path):
            kept["file"] = stylefiles.written(choice.source, None)
        found.append(kept)
    return found


def _described(host: EditorHost, choice: StyleChoice, names: dict[str, str]) -> dict:
    numbers = {"weight": choice.weight, "brush_size": choice.brush_size}
    says = {"gives": choice.gives, "where": _place(host, choice.where)}
    if isinstance(choice.source, Path):
        return {"file": stylefiles.written(choice.source, host.folder()), **numbers, **says}
    name = names.get(choice.source, "")
    return {"layer": _mark(host, choice.source), "name": name, **numbers, **says}


def _place(host: EditorHost, place: Place | None) -> Any:
    """As JSON: what is selected, or a layer's mark."""
    if place is None or isinstance(place.source, Path):
        return None
    mark = SELECTION if place.source == SELECTION else _mark(host, place.source)
    return {"of": mark, "outside": place.outside}


def _place_of(host: EditorHost, kept: Any) -> Place | None:
    """The place that an entry of `_place` describes, if it is there."""
    if not isinstance(kept, dict):
        return None
    mark = kept.get("of")
    source = SELECTION if mark == SELECTION else _found(host, mark)
    return Place(source, kept.get("outside") is True) if source else None


def record_of(host: EditorHost, kept: Any) -> Record | None:
    """What a description of `asked` says. Styles that are gone are left out, parameters that are
    none as Scumble begins."""
    styles = kept.get("styles") if isinstance(kept, dict) else None
    if not isinstance(styles, list) or not isinstance(kept.get("parameters"), dict):
        return None
    content, roles = _found(host, kept.get("content")), _roles_of(host, kept)
    return Record(content, choices_of(host, styles), checked(kept["parameters"]), roles)


def _roles_of(host: EditorHost, kept: dict) -> Roles:
    return Roles(*(_place_of(host, kept.get(role)) for role in ("keep", "along")))


def choices_of(host: EditorHost, styles: list) -> list[StyleChoice]:
    """Those of the described styles that are there."""
    return [found for each in styles for found in _choices(host, each)]


def _choices(host: EditorHost, kept: Any) -> Iterator[StyleChoice]:
    """The style that an entry describes, if it is there."""
    if isinstance(kept, dict) and (source := _source(host, kept)):
        yield choice_of(host, source, kept)


def choice_of(host: EditorHost, source: Source, kept: dict) -> StyleChoice:
    """A style that is used as an entry describes."""
    where, gives = _place_of(host, kept.get("where")), kept.get("gives")
    known = gives in parameters.style("gives").words
    return StyleChoice(source, *numbers_of(kept), where, gives if known else "all")


def _source(host: EditorHost, kept: dict) -> Source | None:
    """A picture file; a layer; where that is gone, or of another document, one of its name."""
    if isinstance(file := kept.get("file"), str):
        return stylefiles.read(file, host.folder())
    if "layer" in kept and (layer := _found(host, kept["layer"])):
        return layer
    name = kept.get("name")
    return next((each.id for each in host.layers() if name and each.name == name), None)


def style_name(kept: dict) -> str:
    """What an artist calls the style that an entry describes."""
    name = kept.get("name")
    file = kept.get("file")
    return readable(PurePath(file).stem) if isinstance(file, str) else str(name or "")


def lacking(host: EditorHost, styles: Any) -> list[dict]:
    """Those of the described styles that are not there."""
    entries = styles if isinstance(styles, list) else []
    return [each for each in entries if isinstance(each, dict) and not _source(host, each)]


def numbers_of(kept: dict) -> tuple[float, float]:
    """Weight and brush size."""
    return _number("weight", kept.get("weight")), _number("brush_size", kept.get("brush_size"))


def _number(name: str, value: Any) -> float:
    try:
        return float(parameters.check_style(name, value))  # type: ignore[arg-type]
    except InputError:
        knob = parameters.style(name)
        return float(knob.default)  # type: ignore[arg-type]


def checked(kept: dict) -> dict[str, parameters.Value]:
    """All parameters; those that are missing or none as Scumble begins."""
    values = parameters.defaults()
    for each in parameters.PARAMETERS:
        try:
            values[each.name] = each.check(kept[each.name])
        except (KeyError, InputError):
            continue
    return values
