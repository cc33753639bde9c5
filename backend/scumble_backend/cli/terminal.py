"""What the command line shows while a job runs: a bar on a terminal, plain lines elsewhere."""

import shutil
import sys
from typing import TextIO

from scumble.protocol import Progress

BAR = 24  # characters
TENTHS = 10


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


class Terminal:
    """Writes to one stream, standard error unless told otherwise."""

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._drawn = 0  # characters of the bar on the screen
        self._last = ("", -1)  # stage and tenth of the last plain line

    def show(self, progress: Progress) -> None:
        """A job's progress, drawn over the last."""
        if self._live:
            self._draw(progress)
        else:
            self._tell_tenth(progress)

    def say(self, message: str) -> None:
        """A line of its own; a bar goes away first."""
        self.clear()
        self._write(f"{message}\n")

    def clear(self) -> None:
        """Take the bar away."""
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _draw(self, progress: Progress) -> None:
        filled = round(BAR * progress.fraction)
        bar = "#" * filled + "." * (BAR - filled)
        line = f"[{bar}] {progress.fraction:4.0%}  {_sentence(progress)}"
        line = line[: shutil.get_terminal_size().columns - 1]
        self._write("\r" + line.ljust(self._drawn))
        self._drawn = len(line)

    def _tell_tenth(self, progress: Progress) -> None:
        now = (progress.stage, int(TENTHS * progress.fraction))
        if now != self._last:
            self._last = now
            self._write(f"{progress.fraction:4.0%}  {_sentence(progress)}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _sentence(progress: Progress) -> str:
    """The stage, and the time left where it is known."""
    if progress.seconds_left < 0:
        return progress.stage
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return f"{progress.stage}, {f'{minutes} min ' if minutes else ''}{seconds} s left"
