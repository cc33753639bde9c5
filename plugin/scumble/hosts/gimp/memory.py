"""What was chosen last: kept in the image, so that it is there again when the file is opened, and
in GIMP's own settings of the procedure, for Filters > Repeat and for the next image.

A layer is remembered by its tattoo, a number that lives as long as the layer, across saving; and by
its name, since another image has other tattoos.
"""

import json
from pathlib import Path

from scumble import parameters
from scumble.errors import ParameterError
from scumble.hosts.gimp.api import Gimp
from scumble.hosts.gimp.host import GimpHost
from scumble.session import StyleChoice

PARASITE = "scumble-last"


def describe(host: GimpHost, choices: list[StyleChoice]) -> str:
    """Styles as text that outlives this session."""
    return json.dumps([_describe(host, each) for each in choices])


def _describe(host: GimpHost, choice: StyleChoice) -> dict:
    numbers = {"weight": choice.weight, "brush_size": choice.brush_size}
    if isinstance(choice.source, Path):
        return {"file": str(choice.source), **numbers}
    return {**host.mark(choice.source), **numbers}


def find(host: GimpHost, text: str) -> list[StyleChoice]:
    """The styles of a text of `describe` that are in this image, and the picture files."""
    found = []
    for each in _entries(text):
        source = Path(each["file"]) if "file" in each else host.find_mark(each)
        if source:
            found.append(StyleChoice(source, *_numbers(each)))
    return found


def _numbers(entry: dict) -> list[float]:
    """Weight and brush size; what a stranger wrote is as Scumble begins."""
    found = []
    for each in parameters.STYLE_PARAMETERS:
        try:
            found.append(each.check(entry[each.name]))
        except (KeyError, ParameterError):
            found.append(each.default)
    return found


def _entries(text: str) -> list[dict]:
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def keep_in_image(host: GimpHost, content: str, styles: str) -> None:
    """After a result: what was painted, how, and which layer came of it."""
    if not host.is_open():
        return
    kept = {"content": _mark(host, content), "result": _mark(host, host.inserted), "styles": styles}
    data = list(json.dumps(kept).encode())
    host.image.attach_parasite(Gimp.Parasite.new(PARASITE, Gimp.PARASITE_PERSISTENT, data))


def _mark(host: GimpHost, layer: str) -> dict:
    return host.mark(layer) if layer and host.is_there(layer) else {}


def kept_in_image(host: GimpHost) -> dict:
    """{"content", "result", "styles"}, or nothing."""
    parasite = host.image.get_parasite(PARASITE)
    try:
        found = json.loads(bytes(parasite.get_data())) if parasite else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def original_of(host: GimpHost, layer: str) -> str:
    """The layer a result was painted from, where this is the last result and that is there: what is
    painted again is the original."""
    kept = kept_in_image(host)
    result, content = (host.find_mark(kept.get(name) or {}) for name in ("result", "content"))
    return content if content and result == layer else layer
