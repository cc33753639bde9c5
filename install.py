#!/usr/bin/env python3
"""Set Scumble up, try it, test it, or take it away again.

    python3 install.py                 set up the backend in Scumble's folder
    python3 install.py --demo          the same, then repaint the sample document
    python3 install.py --editor krita  the same, and put the plug-in into Krita (or gimp, or all)
    python3 install.py --bundle FOLDER make the two files that artists download
    python3 install.py --test [...]    set up what the tests need in .venv, then run pytest [...]
    python3 install.py --doctor        say what is wrong with it, and what to do
    python3 install.py --uninstall     delete what was set up (--purge: the presets too)
    ... --another-computer             let another computer paint, so that no PyTorch is needed
    ... --report FILE                  tell in a file how it goes, as the plug-ins ask for it
    ... --dry-run                      say all that would be done, and do nothing

The standard library only, since it runs before anything is installed. This file looks at its Python
and starts; what it does lies in plugin/installer. The installed Scumble is a copy: this folder may
be deleted afterwards. Nothing outside Scumble's folder (SCUMBLE_HOME) is written, but .venv here
for the tests, the demo's two pictures, and, where it is asked for, the plug-in in the editor's own
folder.

Interrupted at any moment, it leaves nothing that the next run does not repair: install.json says
that the environment is complete only after its last step, and an incomplete one is made anew.
"""

import io
import sys
from pathlib import Path

# This file must stay readable to Python 3.6, or an older Python says "SyntaxError" and not this.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit(
        "Scumble needs Python 3.10 or newer, and this is Python {}.{}: install a newer Python from "
        "python.org or your system's packages, and start install.py with that.".format(
            *sys.version_info[:2]
        )
    )


def start():
    """Give over to plugin/installer."""
    rooms = Path(__file__).resolve().parent / "plugin"
    if not (rooms / "installer").is_dir():
        sys.exit(
            f"install.py: {rooms} is missing: this copy of Scumble is not whole, get a new one."
        )
    sys.path.insert(0, str(rooms))
    sys.dont_write_bytecode = True  # no litter where it was downloaded
    from installer.command import main

    # a path may hold letters that this terminal cannot show
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace", line_buffering=True)
    return main(sys.argv[1:], __doc__)


if __name__ == "__main__":
    try:
        sys.exit(start())
    except KeyboardInterrupt:  # before there was anything to stop
        sys.exit(130)
