"""A small window from which files are dragged, as from a file manager; alone in its process.

Its arguments: a file to write to, and the addresses that it gives. It writes "ready", and, once
something was dragged, "copy", "move", or "nothing" where nobody took it.
"""

import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

told, addresses = Path(sys.argv[1]), sys.argv[2:]
ACTIONS = Gdk.DragAction.COPY | Gdk.DragAction.MOVE


def give(_, context, data, info, time):
    data.set(data.get_target(), 8, "".join(f"{each}\r\n" for each in addresses).encode())


def end(_, context):
    done = context.get_selected_action()
    words = {Gdk.DragAction.COPY: "copy", Gdk.DragAction.MOVE: "move"}
    told.write_text(words.get(done, "nothing"))


window = Gtk.Window(title="Files to drag", decorated=False, type_hint=Gdk.WindowTypeHint.UTILITY)
window.set_default_size(90, 60)
window.set_keep_above(True)
box = Gtk.EventBox()
box.add(Gtk.Label(label="Files"))
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], ACTIONS)
box.drag_source_set_target_list(Gtk.TargetList.new([]))
box.drag_source_add_uri_targets()
box.drag_source_add_text_targets()  # as file managers do
box.connect("drag-data-get", give)
box.connect("drag-end", end)
window.add(box)
window.connect("map-event", lambda *_: told.write_text("ready"))
window.move(4, 60)
window.show_all()
Gtk.main()
