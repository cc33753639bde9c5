"""Several layers that are painted one after the other."""

from scumble_driver import QtCore  # pyright: ignore
from scumble_driver.dialog import the_dialog  # pyright: ignore


def cancel_at(stage):
    """Press Cancel as soon as the dialog says this, before anything else happens."""
    dialog = the_dialog()
    draw = dialog.draw

    def draw_and_cancel(state):
        draw(state)
        if state.stage.startswith(stage):
            dialog.draw = draw
            QtCore.QTimer.singleShot(0, dialog.foot.cancel.click)

    dialog.draw = draw_and_cancel
