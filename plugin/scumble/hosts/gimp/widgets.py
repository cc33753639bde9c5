"""Gtk, and GIMP's own widgets; imported where a dialog is shown, and nowhere else."""

import importlib

from scumble.hosts.gimp.api import gi
from scumble.presenter.menus import Item

for _name, _version in (("Gtk", "3.0"), ("Gdk", "3.0"), ("GimpUi", "3.0")):
    gi.require_version(_name, _version)

Gtk = importlib.import_module("gi.repository.Gtk")
Gdk = importlib.import_module("gi.repository.Gdk")
GdkPixbuf = importlib.import_module("gi.repository.GdkPixbuf")
GimpUi = importlib.import_module("gi.repository.GimpUi")


def about(widget, topic: str) -> None:
    """Help opens the manual at this topic where the widget, or what is in it, has the keyboard."""
    widget.scumble_topic = topic


def topic_of(widget) -> str:
    """What the widget, or the nearest thing around it, is about; or nothing."""
    while widget is not None and not hasattr(widget, "scumble_topic"):
        widget = widget.get_parent()
    return widget.scumble_topic if widget is not None else ""


def fill(menu, items: list[Item]) -> None:
    """With these, in place of what stood in it."""
    for old in menu.get_children():
        menu.remove(old)
    for each in items:
        if not each.words:
            line = Gtk.SeparatorMenuItem()
        elif each.ticked is None:
            line = Gtk.MenuItem(label=each.words, sensitive=each.act is not None)
        else:
            line = Gtk.CheckMenuItem(label=each.words, active=each.ticked, draw_as_radio=True)
        if each.act:
            line.connect("activate", lambda _, act=each.act: act())
        menu.append(line)
    menu.show_all()
