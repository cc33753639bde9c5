"""GIMP's libraries, by name: on a machine without GIMP none is found, nor checked for types.

What draws windows is in `widgets.py`, so that a run without a dialog needs no display.
"""

import importlib

gi = importlib.import_module("gi")
for _name, _version in (("Gimp", "3.0"), ("Gegl", "0.4")):
    gi.require_version(_name, _version)

Gimp = importlib.import_module("gi.repository.Gimp")
Gegl = importlib.import_module("gi.repository.Gegl")
Gio = importlib.import_module("gi.repository.Gio")
GLib = importlib.import_module("gi.repository.GLib")
GObject = importlib.import_module("gi.repository.GObject")
