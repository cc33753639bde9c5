"""Picture files that join the list of styles: chosen in a box, or dropped on the list.

Each is read, so that it is known to be a picture: one a turn of the main loop, so that many hold
nothing up. Those that are none are told of at the end, and hinder no other. Nothing is fetched:
what is dragged out of a page of the web is no file yet.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote_to_bytes
from urllib.request import url2pathname

from scumble.errors import PictureError
from scumble.guard import sentence, told
from scumble.host import readable
from scumble.language import tr
from scumble.presenter import words
from scumble.presenter.editor import EditorHost
from scumble.presenter.styles import StyleRows
from scumble.presenter.thumbnails import Thumbnails
from scumble.presenter.timers import Timers

NAME = "adding"  # of what runs by itself
SCHEME, HERE = "file:", ("", "localhost")


class Adding:
    """edited: called for each that came in. say tells a sentence."""

    def __init__(
        self, host: EditorHost, rows: StyleRows, thumbnails: Thumbnails, timers: Timers, edited, say
    ):
        self._host, self._rows, self._thumbnails = host, rows, thumbnails
        self._timers, self._edited, self._say = timers, edited, say
        self._ahead: list[Path | str] = []
        self._wrong: list[str] = []  # what is said of those that did not come in

    def add(self, files: Iterable[Path | str]) -> None:
        """Paths, or addresses as a desktop writes those of what is dragged (RFC 8089)."""
        self._ahead += files
        self._timers.go_on(NAME, 0, self._add_next)

    @told
    def _add_next(self) -> None:
        if self._ahead:
            self._try(self._ahead.pop(0))
            return
        self._timers.halt(NAME)
        wrong, self._wrong = self._wrong, []
        if wrong:
            self._say(words.not_added(wrong))

    def _try(self, file: Path | str) -> None:
        try:
            path = file if isinstance(file, Path) else path_of(file)
            self._add(path)
        except Exception as error:
            self._wrong.append(sentence(error))

    def _add(self, path: Path) -> None:
        if os.path.isdir(path):
            name = words.short(readable(path.name or str(path)))
            raise PictureError(
                tr("“{name}” is a folder: open it, and take the pictures in it.", name=name)
            )
        if os.path.exists(path) and not os.path.isfile(path):
            raise no_file(readable(path.name))  # a pipe would be waited for
        self._host.read_picture(path)
        self._rows.offer(path)
        self._rows.tick(path)
        self._thumbnails.add([path])
        self._edited()


def path_of(address: str) -> Path:
    """The file of an address. Raises PictureError where it names none of this computer's."""
    if address[: len(SCHEME)].lower() != SCHEME:
        raise no_file(address)
    rest = address[len(SCHEME) :]
    if sys.platform == "win32":  # whose files may lie on other machines, as in any box of its own
        path = Path(url2pathname(rest))
    else:
        host, slash, below = rest[2:].partition("/") if rest.startswith("//") else ("", "", rest)
        if host not in HERE:
            raise no_file(address)
        name = unquote_to_bytes((slash + below).encode("utf-8", "surrogateescape"))
        path = Path(os.fsdecode(name))
    if not path.is_absolute() or "\0" in str(path):
        raise no_file(address)
    return path


def no_file(name: str) -> PictureError:
    return PictureError(
        tr(
            "“{name}” is no file on this computer, and Scumble fetches nothing: save the picture, "
            "and take that file.",
            name=words.short(name),
        )
    )
