"""What a test can ask of files that are dragged over the open dialog, and of its Help."""

from dialog_steps import _box, _dialog, _middle, _widget
from gi.repository import Gtk


def is_framed():
    """Whether it is seen that files can be dropped on the list."""
    box = _dialog().styles.room.get_child().get_child()
    return bool(box.get_state_flags() & Gtk.StateFlags.DROP_ACTIVE)


def give_keyboard(what, name):
    _widget(what, name).grab_focus()


def place_of_help():
    return _middle(_box(_dialog().help))
