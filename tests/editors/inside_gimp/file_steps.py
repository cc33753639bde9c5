"""What a test can ask of the files that are dragged over the open dialog."""

from dialog_steps import _dialog
from gi.repository import Gtk


def is_framed():
    """Whether it is seen that files can be dropped on the list."""
    box = _dialog().styles.room.get_child().get_child()
    return bool(box.get_state_flags() & Gtk.StateFlags.DROP_ACTIVE)
