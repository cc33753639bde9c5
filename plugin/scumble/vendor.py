"""pyzmq for the editor's own Python, which install.py unpacks beside the plug-in."""

import sys
from pathlib import Path

FOLDER = Path(__file__).with_name("vendor")  # one folder a Python, since editors bring their own
NEWEST = 12  # the one for Python 3.12 serves all later ones


def use_vendored_zmq() -> None:
    """Let it be found. Where there is none, the client sends a courier."""
    own = str(FOLDER / f"cp3{min(sys.version_info[1], NEWEST)}")
    if own not in sys.path:
        sys.path.insert(0, own)
