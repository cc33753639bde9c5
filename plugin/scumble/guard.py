"""No error of ours may reach an editor: Krita would stop everything with a script-error box.

Every function that an editor or its toolkit calls is `guarded`: an error becomes a sentence and a
log entry.
"""

import functools
import logging
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from scumble.connection import state_folder
from scumble.errors import ScumbleError
from scumble.language import tr

LOG_SIZE = 1_000_000  # bytes

log = logging.getLogger("scumble.editor")

_editor = "editor"


def begin(editor: str) -> None:
    """Once, by the host: what the artist calls the editor. Its log has that name."""
    global _editor
    _editor = editor


def log_path() -> Path:
    return state_folder() / f"{_editor.lower()}.log"


def log_failure(what: str) -> None:
    """Write the error being handled to the log; never fails itself."""
    try:
        if not log.handlers:
            handler = RotatingFileHandler(
                log_path(), maxBytes=LOG_SIZE, backupCount=1, encoding="utf-8"
            )
            handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            log.addHandler(handler)
            log.propagate = False  # an editor's Python may have no standard error to write to
        log.exception(what)
    except Exception:
        return


def sentence(error: Exception) -> str:
    """What the artist is told about an error; an unforeseen one is logged."""
    if isinstance(error, ScumbleError):
        return str(error)
    log_failure("unforeseen")
    if isinstance(error, MemoryError):
        return tr(
            "{editor} ran out of memory: close other pictures, and try again.", editor=_editor
        )
    return tr(
        "Scumble stumbled ({error}): try again; its log is {path}",
        error=f"{type(error).__name__}: {error}",
        path=log_path(),
    )


def guarded(tell: Callable[..., None]) -> Callable:
    """A decorator for methods: an error is told by tell(self, sentence) and goes no further."""

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def wrapper(self, *arguments):
            try:
                return function(self, *arguments)
            except Exception as error:
                try:
                    tell(self, sentence(error))
                except Exception:
                    log_failure("the sentence could not be shown")
                return None

        return wrapper

    return decorate


told = guarded(lambda self, message: self._say(message))  # of an object whose _say tells a sentence
logged = guarded(lambda self, message: None)  # of what draws: a sentence would be drawn, too
