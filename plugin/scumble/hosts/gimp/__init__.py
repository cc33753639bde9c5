"""GIMP's host. Its language is GIMP's own, which is in the environment of its plug-ins."""

from scumble import guard, language
from scumble.hosts.gimp.api import GLib

guard.begin("GIMP")
language.use(GLib.get_language_names())
