"""Where the time between Apply and the new layer goes, in the plug-in's own process."""

import functools
import json
import time
from collections import defaultdict
from pathlib import Path

LAPS: dict = defaultdict(float)
FILE = Path.home() / "laps.json"


def start_watch():
    """Count from now; what is watched does as before. The plug-in ends with its layer, so the
    seconds by stage, and from here to the end of inserting, are written to a file."""
    from scumble import launcher, pixels, session
    from scumble.hosts.gimp import buffers
    from scumble.hosts.gimp.host import GimpHost

    FILE.unlink(missing_ok=True)
    started = time.monotonic()
    for owner, name, word in (
        (launcher, "ensure", "finding the backend"),
        (buffers, "read", "of it: reading the layers"),
        (pixels.Pixels, "digest", "of it: naming the styles by their content"),
        (session.Session, "start", "reading and sending"),
        (buffers, "write", "of it: filling the layer"),
        (GimpHost, "put", "inserting"),
    ):
        setattr(owner, name, _timed(getattr(owner, name), word, started))


def _timed(function, word, started):
    @functools.wraps(function)
    def timed(*arguments, **named):
        began = time.monotonic()
        try:
            return function(*arguments, **named)
        finally:
            now = time.monotonic()
            LAPS[word] += now - began
            if word == "inserting":
                FILE.write_text(json.dumps({**LAPS, "from Apply to the layer": now - started}))

    return timed
