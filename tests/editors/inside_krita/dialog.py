"""Steps with Scumble's dialog: look at it, and use it as a hand would."""

import time
from pathlib import Path

from scumble_driver import QtCore, QtTest, QtWidgets  # pyright: ignore
from scumble_driver.window import our_extension  # pyright: ignore

Qt = QtCore.Qt


def _open_dialog():
    return next(
        (
            widget
            for widget in QtWidgets.QApplication.topLevelWidgets()
            if widget.objectName() == "scumble_dialog" and widget.isVisible()
        ),
        None,
    )


def the_dialog():
    found = _open_dialog()
    assert found is not None, "the dialog is not open"
    return found


def _click(widget, *place):
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QtTest.QTest.mouseClick(widget, left, plain, *place)


def dialog():
    """What the artist sees in it; None where it is not open."""
    found = _open_dialog()
    if found is None:
        return None
    rows = [row for row in found.styles.rows if not row.isHidden()]
    return {
        "content": found.easel.content.currentText(),
        "contents": [found.easel.content.itemText(n) for n in range(found.easel.content.count())],
        "styles": [[row.name, row.tick.isChecked(), row.weight.value()] for row in rows],
        "apply": found.foot.apply.isEnabled(),
        "cancel": found.foot.cancel.text(),
        "status": found.status.words.text(),
        "message": found.message.text() if found.message.isVisible() else "",
        "stage": found.easel.stage.text() if found.easel.stage.isVisible() else "",
        "progress": found.easel.progress.value() if found.easel.progress.maximum() else -1,
        "preview": found.easel.canvas.has_painting(),
        "busy": found.painting.busy,
        "size": [found.width(), found.height()],
    }


def is_ready():
    found = _open_dialog()
    words = found.status.words.text() if found else ""
    return words.startswith(("Ready", "Painting for another"))


def is_idle():
    return not the_dialog().painting.busy


def has_preview():
    return the_dialog().easel.canvas.has_painting()


def stage():
    return the_dialog().easel.stage.text().strip() if the_dialog().easel.stage.isVisible() else ""


def status():
    """The status line: its words, and the buttons that are seen."""
    found = the_dialog().status
    buttons = [each for each in (found.start, found.log) if each.isVisible()]
    return [found.words.text(), *(each.text().replace("&", "") for each in buttons)]  # KDE's keys


def press_status(button):
    _click(getattr(the_dialog().status, button))


def offer():
    """What of an earlier time is offered."""
    found = the_dialog().offer
    return found.words.text() if found.isVisible() else ""


def answer_offer(button):
    _click(getattr(the_dialog().offer, button))


def unclaimed():
    from scumble import unclaimed

    return [each.name for each in unclaimed.results()]


def message():
    return the_dialog().message.text() if the_dialog().message.isVisible() else ""


def set_brush(name, percent):
    row = next(row for row in the_dialog().styles.rows if row.name == name)
    row.brush.set(percent)


def brushes():
    return {row.name: row.brush.value() for row in the_dialog().styles.rows if row.tick.isChecked()}


def tick(styles):
    """Tick exactly these: {name: weight}."""
    for row in the_dialog().styles.rows:
        if row.tick.isChecked() != (row.name in styles):
            _click(row.tick, QtCore.QPoint(8, row.tick.height() // 2))
        if row.name in styles:
            row.weight.set(styles[row.name])


def choose_content(name):
    found = the_dialog()
    found.easel.content.setCurrentIndex(found.easel.content.findText(name))


def add_file(path):
    the_dialog().style_pane.add_file(Path(path))


def set_values(values):
    for name, value in values.items():
        the_dialog().settings.knobs[name].set(tuple(value) if isinstance(value, list) else value)


def settings():
    return the_dialog().settings.values()


def press_keep():
    _click(the_dialog().foot.keep)


def preset(what, name=None):
    getattr(the_dialog().settings.presets, what)(*([name] if name else []))


def preset_menu():
    """What it offers when it is opened."""
    menu = the_dialog().settings.presets.menu()
    menu.aboutToShow.emit()
    return [each.text() for each in menu.actions() if not each.isSeparator()]


def press_apply():
    _click(the_dialog().foot.apply)


def press_cancel():
    """Press it, and say how long Krita's window was not free."""
    began = time.monotonic()
    _click(the_dialog().foot.cancel)
    return time.monotonic() - began


def unfold(expert=False):
    found = the_dialog().settings
    found.advanced.button.setChecked(True)
    found.expert.button.setChecked(expert)


def fold():
    the_dialog().settings.advanced.button.setChecked(False)


def fits_on_screen():
    """Whether the whole dialog, with its frame, lies on the screen."""
    return the_dialog().screen().geometry().contains(the_dialog().frameGeometry())


def close_dialogs():
    """Close them all, and let go of their jobs."""
    for found in our_extension()._dialogs:
        found.painting.cancel()
        found.hide()


def hide_dialog():
    the_dialog().hide()


def cancel_others():
    """Cancel what is painted for the documents whose dialog is not seen."""
    for found in our_extension()._dialogs:
        if not found.isVisible():
            found.painting.cancel()


def awaits_estimate():
    """Whether the backend was asked what the job would take, and did not answer yet."""
    painting = the_dialog().painting
    return not painting.busy and painting._stop_timer is not None


def is_sent():
    return the_dialog().painting.state == "running"
