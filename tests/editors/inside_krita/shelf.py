"""The window of small pictures: the history of the document, or the presets."""

from scumble_driver import QtWidgets  # pyright: ignore
from scumble_driver.dialog import the_dialog  # pyright: ignore
from scumble_driver.documents import APP, node_of  # pyright: ignore
from scumble_driver.window import our_extension  # pyright: ignore


def _shelf():
    return the_dialog().shelf


def open_history():
    the_dialog().picture.history.click()


def open_presets():
    menu = the_dialog().settings.presets.menu()
    menu.aboutToShow.emit()
    next(each for each in menu.actions() if each.text() == "All presets...").trigger()


def shown():
    """What the artist sees in it; None where it is not open."""
    found = _shelf()
    if not found.isVisible():
        return None
    items = [found.list.item(row) for row in range(found.list.count())]
    return {
        "cards": [item.text().split("\n")[0] for item in items],
        "pictures": [not item.icon().isNull() for item in items],
        "row": found.list.currentRow(),
        "details": found.details.toPlainText(),
        "looks": bool(found.canvas.scene.before),
        "buttons": [
            each.text() for box in (found.acts, found.others) for each in box.buttons.all.values()
        ],
        "empty": found.empty.text() if found.empty.isVisible() else "",
        "foot": found.foot.text(),
    }


def has_keyboard():
    """Whether it has; else it asks for it."""
    _shelf().activateWindow()
    return _shelf().isActiveWindow()


def is_closed():
    """Also where the dialog itself is."""
    return not any(each.shelf.isVisible() for each in our_extension()._dialogs)


def choose(row):
    _shelf().list.setCurrentRow(row)


def press(act):
    found = _shelf()
    {**found.acts.buttons.all, **found.others.buttons.all}[act].click()


def search(text):
    _shelf().query.setText(text)


def close():
    _shelf().close_button.click()


def is_lossless(layer):
    """Whether the newest result of the history has the pixels of this layer, of an 8-bit image."""
    from scumble import history
    from scumble.presenter import records

    entry = history.entries(records.identity(the_dialog().host))[0]
    data = bytearray(node_of(layer).pixelData(*entry.extent))
    data[0::4], data[2::4] = data[2::4], data[0::4]
    return bytes(data) == entry.pixels().data


def modified():
    return APP.activeDocument().modified()


def set_unmodified():
    APP.activeDocument().setModified(False)


def _asked(kind):
    """The box that is open; one that was answered may still be there, closed, and a second answer
    would have it ask whether its file is to be replaced."""
    return next(each for each in the_dialog().front().findChildren(kind) if each.isVisible())


def answer_choice(place):
    """In the box that asks for one of several."""
    dialog = _asked(QtWidgets.QInputDialog)
    names = dialog.findChild(QtWidgets.QComboBox)
    asked = [names.itemText(each) for each in range(names.count())]
    names.setCurrentIndex(place)
    dialog.accept()
    return asked


def answer_name(text):
    dialog = _asked(QtWidgets.QInputDialog)
    dialog.setTextValue(text)
    dialog.accept()


def asks_for_file():
    """Whether a box is open that a path can be written into."""
    found = the_dialog().front().findChildren(QtWidgets.QFileDialog)
    return any(each.isVisible() and each.isActiveWindow() for each in found)
