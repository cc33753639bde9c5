"""Gtk, and GIMP's own widgets; imported where a dialog is shown, and nowhere else."""

import importlib

from scumble.hosts.gimp.api import gi

for _name, _version in (("Gtk", "3.0"), ("Gdk", "3.0"), ("GimpUi", "3.0")):
    gi.require_version(_name, _version)

Gtk = importlib.import_module("gi.repository.Gtk")
Gdk = importlib.import_module("gi.repository.Gdk")
GdkPixbuf = importlib.import_module("gi.repository.GdkPixbuf")
GimpUi = importlib.import_module("gi.repository.GimpUi")
