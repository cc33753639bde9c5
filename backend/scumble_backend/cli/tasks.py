"""What `scumble batch` is to paint: picture files, folders of them, or layers of a document; and
the file that each result goes into.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scumble.errors import PictureError
from scumble.host import Layer
from scumble.hosts import files, pictures
from scumble.hosts.openraster import SUFFIX, OpenRasterHost
from scumble.pixels import Extent, Pixels
from scumble_backend.cli.records import digest
from scumble_backend.cli.stylize_command import check_kind

# What a name of a file may not hold on some system, and the names that Windows has for devices.
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
DEVICES = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(\..*)?")
LONGEST = 115  # bytes of a document's or layer's name in that of a file, which has 255 at most


class Task(NamedTuple):
    """A picture, or a layer of a document, and the file that its result goes into."""

    source: Path
    output: Path
    document: OpenRasterHost | None = None
    layer: Layer | None = None

    def __str__(self) -> str:
        return f"{self.source}, {self.layer.name!r}" if self.layer else str(self.source)

    def is_named_in(self, reason: str) -> bool:
        return str(self.source) in reason and (not self.layer or self.layer.name in reason)

    def pixels(self) -> Pixels:
        """Raises InputError."""
        if self.document is None or self.layer is None:
            return pictures.read(self.source)
        return read(self.document, self.layer.id)

    def digest(self) -> str:
        """A name for what is painted, wherever else in its document something changes."""
        if self.layer is None:
            return digest(files.read(self.source))
        return of_layer(self.pixels())


def read(document: OpenRasterHost, layer: str, extent: Extent | None = None) -> Pixels:
    """A layer of the document that was opened. Raises InputError, also where it has changed."""
    pixels = document.read(layer, extent)
    document.check_same()
    return pixels


def of_layer(pixels: Pixels) -> str:
    """A name for what a layer holds, and where."""
    return digest(f"{pixels.extent} {pixels.digest()}".encode())


def of_files(named: list[Path], out: Path) -> list[Task]:
    """Of pictures, and of folders in the order of their names. Raises PictureError."""
    folders = [each for each in named if each.is_dir()]
    tasks = []
    for each in named:
        if not each.is_dir():
            files.check_file(each)
            check_kind(each)
            if each.suffix.lower() == SUFFIX:
                raise PictureError(f"{each} is a document: say which of its layers by --layers.")
            pictures.check_suffix(each)
            tasks.append(Task(each, out / each.name))
            continue
        if each.resolve().is_relative_to(out.resolve()):
            raise PictureError(f"{out} holds the pictures themselves: name another folder.")
        below = out / each.resolve().name if len(folders) > 1 else out
        tasks += [Task(path, below / path.relative_to(each)) for path in _inside(each, out)]
    if not tasks:
        paths = ", ".join(map(str, named))
        raise PictureError(f"There is no picture in {paths}: name pictures, or folders of them.")
    output, times = Counter(task.output for task in tasks).most_common(1)[0]
    if times > 1:
        raise PictureError(
            f"Two pictures would be painted into {output}: give them or their folders names of "
            "their own, or paint them into two folders."
        )
    return tasks


def opened(named: list[Path], out: Path) -> OpenRasterHost:
    """The document whose layers are painted. Raises PictureError."""
    first = named[0]
    check_kind(first)
    if first.suffix.lower() != SUFFIX:
        raise PictureError(f"{first} is a plain picture: leave --layers out.")
    if out.suffix.lower() == SUFFIX:
        raise PictureError(f"{out} is no folder: each layer becomes a picture of its own in one.")
    return OpenRasterHost(first, out / "none.png")


def of_layers(document: OpenRasterHost, layers: list[Layer], out: Path) -> list[Task]:
    """Their results are called after the document, too: those of others may lie beside them."""
    names, before = file_names(document.layers()), _safe(document.path.stem)
    return [
        Task(document.path, out / f"{before}-{names[each.id]}.png", document, each)
        for each in layers
    ]


def file_names(layers: list[Layer]) -> dict[str, str]:
    """Of all layers by id: each has one of its own, whichever of them are painted."""
    names, taken = {}, set()
    for layer in layers:
        own = name = _safe(layer.name)
        numbers = itertools.count(2)
        while (key := unicodedata.normalize("NFC", name).casefold()) in taken:
            name = f"{own}-{next(numbers)}"
        taken.add(key)
        names[layer.id] = name
    return names


def _safe(name: str) -> str:
    """As a file may be called on every system."""
    safe = UNSAFE.sub("_", name.encode(errors="replace").decode()).strip(". ")
    safe = safe.encode()[:LONGEST].decode(errors="ignore").rstrip(". ") or "layer"
    return f"_{safe}" if DEVICES.fullmatch(safe) else safe


def chains(tasks: list[Task], sequence: bool) -> Iterator[list[Task]]:
    """Tasks that go on from each other: the frames of a folder or document, or each for itself."""
    if not sequence:
        return ([task] for task in tasks)
    folders = itertools.groupby(tasks, lambda task: task.source.parent)
    return (list(frames) for _, frames in folders)


def _inside(folder: Path, out: Path) -> list[Path]:
    """The pictures of a folder and those in it, but for hidden ones and results."""
    found, results = [], out.resolve()
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        is_result = path.resolve().is_relative_to(results)
        if path.suffix.lower() in pictures.WRITABLE and not hidden and not is_result:
            found.append(path)
    return sorted((path for path in found if path.is_file()), key=_natural)


def _natural(path: Path) -> list:
    """frame-2 before frame-10; a folder's own pictures together."""
    parts = [re.split(r"(\d+)", part) for part in (str(path.parent), path.name)]
    return [
        [(int(each), "") if each.isdecimal() else (-1, each) for each in part] for part in parts
    ]
