"""pyzmq for the editor's own Python, which install.py unpacks beside the plug-in."""

import importlib
import sys
from pathlib import Path

from scumble.errors import StartError

FOLDER = Path(__file__).with_name("vendor")  # one folder a Python, since editors bring their own
NEWEST = 12  # the one for Python 3.12 serves all later ones


def use_vendored_zmq() -> None:
    """Let the client find it. Raises StartError where there is none."""
    own = str(FOLDER / f"cp3{min(sys.version_info[1], NEWEST)}")
    if own not in sys.path:
        sys.path.insert(0, own)
    try:
        importlib.import_module("scumble.client")
    except ImportError as error:
        raise StartError(
            f"A part of Scumble for this editor's Python is missing ({error}): run install.py "
            "again, then restart the editor."
        ) from error
