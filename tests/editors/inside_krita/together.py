"""Several layers, or frames, that are painted one after the other."""

from scumble_driver import QtCore  # pyright: ignore
from scumble_driver.dialog import the_dialog  # pyright: ignore
from scumble_driver.documents import close_document  # pyright: ignore


def cancel_at(stage):
    """Press Cancel as soon as the dialog says this, before anything else happens."""
    _do_at(stage, the_dialog().foot.cancel.click)


def close_at(stage):
    """Close the document then."""
    _do_at(stage, close_document)


def _do_at(stage, act):
    dialog = the_dialog()
    draw = dialog.draw

    def draw_and_act(state):
        draw(state)
        if state.stage.startswith(stage):
            dialog.draw = draw
            QtCore.QTimer.singleShot(0, act)

    dialog.draw = draw_and_act
