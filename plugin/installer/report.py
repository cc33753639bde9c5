"""How it goes, told in a file to the windows of the editors: a line of JSON at a time.

Bytes are counted where uv fetches, out of what it says: the size of each package when it begins
with it, and its name when it is there. What of the others has come is seen in uv's cache, where it
unpacks as it fetches.
"""

import json
import os
import re
import time
from pathlib import Path

from installer.hands import Hands
from scumble.disk import cache
from scumble.needs import CANCEL

PULSE = 1.0  # s between lines, also where there is nothing new: so that one knows that it lives
UNPACKED = 2.1  # bytes on the disk for each that was fetched, of torch and its parts
UNITS = {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
BEGUN = re.compile(r"Downloading (\S+) \(([\d.]+)(|Ki|Mi|Gi)B\)")
THERE = re.compile(r"Downloaded (\S+)")


class Reporter(Hands):
    """Stops, as by Ctrl+C, where the file CANCEL lies beside its own."""

    def __init__(self, path):
        super().__init__(dry=False)
        self._path, self._cancel = path, path.with_name(CANCEL)
        self._stage, self._told = "", 0.0
        self._log, self._before = Path(os.devnull), 0  # what a tool says, and where that begins
        self._began, self._most = 0.0, 0

    def say(self, step):
        super().say(step)
        self._stage, self._began = step.partition(" (")[0], time.monotonic()
        self._line(stage=self._stage)

    def run(self, command, log, extra=None, limit=None):
        self._log, self._before = log, log.stat().st_size if log.exists() else 0
        self._most = 0
        return super().run(command, log, extra, limit)

    def wait(self, seconds):
        if self._cancel.exists():
            raise KeyboardInterrupt
        super().wait(seconds)
        if time.monotonic() - self._told > PULSE:
            done, total = self._fetched()
            done = self._most = max(done, self._most)  # what is counted is an estimate
            passed = time.monotonic() - self._began
            left = passed * (total - done) / done if done else -1.0
            self._line(stage=self._stage, done=done, total=total, left=round(left, 1))

    def end(self, how, message):
        self._line(end=how, message=message)

    def _fetched(self):
        with open(self._log, "rb") as file:
            file.seek(self._before)
            said = file.read().decode(errors="replace")
        return fetched(said, unpacking(cache()))

    def _line(self, **what):
        self._told = time.monotonic()
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")


def fetched(said, unpacked):
    """(bytes that have come, bytes in all). said: what uv says. unpacked: bytes of those packages
    that have not come whole."""
    sizes = {name: float(size) * UNITS[unit] for name, size, unit in BEGUN.findall(said)}
    there = set(THERE.findall(said))
    coming = sum(size for name, size in sizes.items() if name not in there)
    whole = sum(size for name, size in sizes.items() if name in there)
    return round(whole + min(unpacked / UNPACKED, 0.99 * coming)), round(whole + coming)


def unpacking(folder):
    """Bytes of what uv unpacks just now."""
    total = 0
    for temporary in folder.glob(".tmp*"):
        for path, _, names in os.walk(temporary):
            for name in names:
                try:
                    total += os.lstat(os.path.join(path, name)).st_size
                except OSError:  # put into its place meanwhile
                    continue
    return total
