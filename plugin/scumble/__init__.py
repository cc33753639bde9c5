"""Scumble: repaint a layer in a blend of styles. This package travels into the editors.

When Krita loads it, it hands over to hosts/krita; else it imports nothing.
"""

import sys

if "krita" in sys.modules:
    from scumble.hosts.krita import start

    start()
