"""Several layers that are painted one after the other."""

from dialog_steps import _dialog
from gi.repository import GLib


def cancel_at(stage):
    """Press Cancel as soon as the dialog says this, before anything else happens."""
    dialog = _dialog()
    draw = dialog.draw

    def draw_and_cancel(state):
        draw(state)
        if state.stage.startswith(stage):
            dialog.draw = draw
            GLib.idle_add(dialog.cancel.clicked, priority=GLib.PRIORITY_HIGH)

    dialog.draw = draw_and_cancel


def contents():
    """What the list of layers to repaint holds, and what of it is chosen."""
    content = _dialog().picture.content
    return {
        "words": [each.words.strip() for each in content.chooser.options],
        "chosen": content.widget.get_active_text().strip(),
    }


def replace(on):
    """The tick that has results painted on the layers themselves."""
    tick = _dialog().replace
    tick.set_active(on)
    return tick.get_label()
