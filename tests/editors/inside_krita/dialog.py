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


def activate_dialog():
    the_dialog().activateWindow()


def _click(widget, *place):
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QtTest.QTest.mouseClick(widget, left, plain, *place)


def dialog():
    """What the artist sees in it; None where it is not open."""
    found = _open_dialog()
    if found is None:
        return None
    content = found.picture.content
    return {
        "title": found.windowTitle(),
        "content": content.currentText().strip(),
        "contents": [content.itemText(n).strip() for n in range(content.count())],
        "styles": [[row.label.whole(), row.tick.isChecked(), row.weight.value()] for row in rows()],
        "apply": found.foot.apply.isEnabled(),
        "cancel": found.foot.cancel.text(),
        "status": found.foot.status.whole(),
        "private": found.foot.private.text(),
        "message": message(),
        "stage": found.picture.stage.whole(),
        "progress": found.picture.progress.value() if found.picture.progress.maximum() else -1,
        "preview": has_preview(),
        "badge": found.presenter.state.badge,
        "busy": found.presenter.painting.busy,
        "size": [found.width(), found.height()],
    }


def titles():
    """Of all dialogs that are open."""
    found = QtWidgets.QApplication.topLevelWidgets()
    dialogs = [each for each in found if each.objectName() == "scumble_dialog"]
    return sorted(each.windowTitle() for each in dialogs if each.isVisible())


def rows():
    """The styles, as they lie in the list."""
    return [row for row in the_dialog().styles.area.findChildren(QtWidgets.QWidget, "scumble_row")]


def is_ready():
    from scumble.language import tr  # only now: at first Scumble may not be there

    found = _open_dialog()
    words = found.foot.status.whole() if found else ""
    return words.startswith((tr("Ready"), tr("Painting for another picture")))


def is_idle():
    return not the_dialog().presenter.painting.busy


def has_preview():
    return the_dialog().picture.canvas.scene.has_painting


def stage():
    return the_dialog().picture.stage.whole()


def status():
    """The status line: its words, and the buttons that are seen."""
    found = the_dialog().foot
    buttons = [each for each in (found.start, found.log) if each.isVisible()]
    return [found.status.whole(), *(each.text().replace("&", "") for each in buttons)]  # KDE's keys


def press_status(button):
    _click(getattr(the_dialog().foot, button))


def offer():
    """What of an earlier time is offered."""
    found = the_dialog().picture.offer
    return found.words.text() if found.isVisible() else ""


def answer_offer(button):
    _click(getattr(the_dialog().picture.offer, button))


def question():
    """What is asked before something is lost; nothing where nothing is."""
    found = _question()
    return found.text() if found else ""


def answer(button):
    """Press the button of the question with these words."""
    found = _question()
    _click(next(each for each in found.buttons() if each.text().replace("&", "") == button))


def _question():
    found = QtWidgets.QApplication.topLevelWidgets()
    boxes = [each for each in found if each.objectName() == "scumble_question"]
    return next((each for each in boxes if each.isVisible()), None)


def unclaimed():
    from scumble import unclaimed

    return [each.name for each in unclaimed.results() if not each.discarded]


def message():
    found = the_dialog().picture.message
    return found.text() if found.isVisible() else ""


def set_brush(name, percent):
    row = next(row for row in rows() if row.label.whole() == name)
    row.brush.set(percent)


def brushes():
    return {row.label.whole(): row.brush.value() for row in rows() if row.tick.isChecked()}


def tick(styles):
    """Tick exactly these: {name: weight}."""
    for row in rows():
        name = row.label.whole()
        if row.tick.isChecked() != (name in styles):
            _click(row.tick, QtCore.QPoint(8, row.tick.height() // 2))
        if name in styles:
            row.weight.set(styles[name])


def choose_content(name):
    found = the_dialog()
    content = found.picture.content
    places = [n for n in range(content.count()) if content.itemText(n).strip() == name]
    content.setCurrentIndex(places[0])
    content.activated.emit(places[0])


def add_file(path):
    the_dialog().presenter.choosing.add_files([Path(path)])


def set_values(values):
    for name, value in values.items():
        the_dialog().settings.knobs[name].set(tuple(value) if isinstance(value, list) else value)


def settings():
    return the_dialog().settings.values()


def press_keep():
    _click(the_dialog().foot.keep)


def preset(what, name=None):
    getattr(the_dialog().presenter.presets, what)(*([name] if name else []))


def preset_menu():
    """What it offers when it is opened."""
    menu = the_dialog().settings.presets.menu()
    menu.aboutToShow.emit()
    return [each.text() for each in menu.actions() if not each.isSeparator()]


def about():
    menu = the_dialog().settings.presets.menu()
    menu.aboutToShow.emit()
    next(each for each in menu.actions() if each.text() == "About Scumble...").trigger()


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
        found.presenter.cancel()
        found.hide()


def hide_dialog():
    the_dialog().hide()


def cancel_others():
    """Cancel what is painted for the documents whose dialog is not seen."""
    for found in our_extension()._dialogs:
        if not found.isVisible():
            found.presenter.cancel()


def awaits_estimate():
    """Whether the backend was asked what the job would take, and did not answer yet."""
    painting = the_dialog().presenter.painting
    return not painting.busy and painting.asking


def is_sent():
    return the_dialog().presenter.painting.state == "running"
