"""What a hand needs to know to use the dialog: where things lie, and what has the keys."""

from pathlib import Path

from scumble_driver import QtCore, QtWidgets  # pyright: ignore
from scumble_driver.dialog import rows, the_dialog  # pyright: ignore
from scumble_driver.documents import APP, node_of  # pyright: ignore

from krita import ManagedColor  # pyright: ignore

CROSS = 10, 8  # px from a frame's upper right corner to the middle of its button that closes
STOPS = QtWidgets.QAbstractButton, QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox


def _place(widget, x=0.5, y=0.5):
    point = QtCore.QPoint(round(x * widget.width()), round(y * widget.height()))
    found = widget.mapToGlobal(point)
    return [found.x(), found.y()]


def place_of_row(name, part="label"):
    return _place(getattr(next(row for row in rows() if row.label.whole() == name), part))


def place_of_number(name):
    """Of a setting's field."""
    return _place(the_dialog().settings.knobs[name].number, 0.3)


def place_on_canvas(x, y):
    """Of a point of the picture's view, in parts of its size."""
    area = APP.activeWindow().qwindow().findChild(QtWidgets.QMdiArea)
    return _place(area, x, y)


def place_of_presets():
    return _place(the_dialog().settings.presets)


def place_of_item(words):
    """Of a line of the menu of presets; None while it is closed."""
    menu = the_dialog().settings.presets.menu()
    found = [each for each in menu.actions() if each.text().replace("&", "") == words]
    if not found or not menu.isVisible():
        return None
    at = menu.mapToGlobal(menu.actionGeometry(found[0]).center())
    return [at.x(), at.y()]


def is_asked_for_a_line():
    """Whether a box that takes a line of text is open."""
    boxes = QtWidgets.QApplication.topLevelWidgets()
    return any(isinstance(each, QtWidgets.QInputDialog) and each.isVisible() for each in boxes)


def focus_first():
    the_dialog().activateWindow()
    the_dialog().picture.content.setFocus()


def focused():
    """What has the keys: its name for a reader of the screen, and whether it can be used."""
    widget = QtWidgets.QApplication.focusWidget()
    if widget is None:
        return None
    text = widget.text() if isinstance(widget, QtWidgets.QAbstractButton) else ""
    name = (widget.accessibleName() or text).replace("&", "")
    return {"name": name, "at": _place(widget), "usable": widget.isEnabled() and widget.isVisible()}


def places():
    """Where each control of the dialog is: all that an artist presses or writes into."""
    dialog, found = the_dialog(), {}
    for part in (dialog.styles, dialog.settings, dialog.foot, dialog.picture):
        for number, widget in enumerate(part.findChildren(QtWidgets.QWidget)):
            if isinstance(widget, STOPS) and widget.isVisible():
                at = widget.mapTo(dialog, QtCore.QPoint(0, 0))
                found[f"{type(part).__name__} {number}"] = [at.x(), at.y(), widget.width()]
    return found


def layer_count():
    """Asks nothing of the document that would wait for a stroke."""
    return len(APP.activeDocument().rootNode().childNodes())


def waits_for_stroke():
    from scumble_driver.window import our_extension  # pyright: ignore

    sessions = [each.presenter.painting._session for each in our_extension()._dialogs]
    return any(each is not None and each.waits_to_deliver for each in sessions)


def changed_columns(layer, row):
    """Columns of a row of an 8-bit layer that are black: where a stroke went."""
    node, width = node_of(layer), APP.activeDocument().width()
    data = bytes(node.pixelData(0, row, width, 1))
    return [n for n in range(width) if data[4 * n : 4 * n + 3] == b"\0\0\0" and data[4 * n + 3]]


def brush():
    """The freehand brush, opaque black, some px wide."""
    APP.action("KritaShape/KisToolBrush").trigger()
    view = APP.activeWindow().activeView()
    colour = ManagedColor("RGBA", "U8", "")
    colour.setComponents([0.0, 0.0, 0.0, 1.0])
    view.setForeGroundColor(colour)
    view.setBrushSize(6.0)
    view.setPaintingOpacity(1.0)


def status_bar():
    """What Krita's own status bar tells of us; and where its buttons lie."""
    bar = APP.activeWindow().qwindow().statusBar()
    found = bar.findChild(QtWidgets.QWidget, "scumble_status")
    if found is None or not found.isVisible():
        return None
    buttons = found.findChildren(QtWidgets.QToolButton)
    label = found.findChild(QtWidgets.QLabel)
    return {
        "text": label.whole(),
        **{each.text().replace("&", ""): _place(each) for each in buttons},
    }


def alpha_of_preview(x, y):
    """Of the picture to repaint as the dialog shows it, in parts of its size."""
    image = the_dialog().picture.canvas.scene.before[0][0]
    at = QtCore.QPoint(round(x * (image.width() - 1)), round(y * (image.height() - 1)))
    return image.pixelColor(at).alpha()


def press_add():
    the_dialog().styles.add.click()


def choose_file(pattern):
    """In the file chooser, as Qt itself names the file."""
    boxes = [
        each
        for each in QtWidgets.QApplication.topLevelWidgets()
        if isinstance(each, QtWidgets.QFileDialog) and each.isVisible()
    ]
    folder = QtCore.QDir(str(Path.home()))
    (name,) = folder.entryList([pattern])
    boxes[0].filesSelected.emit([folder.absoluteFilePath(name)])
    boxes[0].close()


def has_thumbnail(name):
    row = next(row for row in rows() if row.label.whole() == name)
    return bool(row.picture.pixmap()) and not row.picture.pixmap().isNull()


def activate_document(number):
    """Bring the view of the nth document to the front."""
    APP.activeWindow().views()[number].setVisible()


def drafts():
    """The drafts below the picture: what is said of each, whether it is painted, chosen, where."""
    row = the_dialog().picture.drafts
    return [
        {
            "caption": each.text(),
            "painted": each.isEnabled() and not each.icon().isNull(),
            "chosen": each.isChecked(),
            "at": _place(each),
        }
        for each in row.buttons.all.values()
        if row.isVisible()
    ]


def place_of_role(name):
    """Of the list of what is kept, or of what strokes run along."""
    return _place(getattr(the_dialog().picture, name))


def role(name):
    return getattr(the_dialog().picture, name).currentText()


def place_of_button(name):
    """Of one in the dialog's foot."""
    return _place(getattr(the_dialog().foot, name))


def place_of_add():
    return _place(the_dialog().styles.add)


def place_of_choice(name):
    """Of a setting's field that is no number."""
    return _place(the_dialog().settings.knobs[name], 0.3)


def place_of_cross(dialog):
    """Of the button in the corner of the dialog's frame, or of Krita's own."""
    window = the_dialog() if dialog else APP.activeWindow().qwindow()
    frame = window.frameGeometry()
    return [frame.right() - CROSS[0], frame.top() + CROSS[1]]


def place_of_title(dialog):
    """Of the middle of the frame's upper edge, where a click only brings the window forward."""
    window = the_dialog() if dialog else APP.activeWindow().qwindow()
    frame = window.frameGeometry()
    return [frame.center().x(), frame.top() + CROSS[1]]


def place_of_menu(words):
    """Of the last of these words, of Krita's menus; none where the menu that it is in is closed."""
    menu, place = APP.activeWindow().qwindow().menuBar(), QtCore.QPoint()
    for word in words:
        found = [each for each in menu.actions() if each.text().replace("&", "") == word]
        if not found or not menu.isVisible():
            return None
        place = menu.mapToGlobal(menu.actionGeometry(found[0]).center())
        menu = found[0].menu()
    return [place.x(), place.y()]


def place_of_answer(words):
    """Of the button with these words in the question that Krita asks; none where it asks none."""
    box = QtWidgets.QApplication.activeModalWidget()
    buttons = box.findChildren(QtWidgets.QAbstractButton) if box else []
    found = [each for each in buttons if each.text().replace("&", "") in words]
    return _place(found[0]) if found else None


def chooses_file():
    """Whether a file chooser is open."""
    boxes = QtWidgets.QApplication.topLevelWidgets()
    return any(isinstance(each, QtWidgets.QFileDialog) and each.isVisible() for each in boxes)


def text(name, part):
    """What a part of a style's row says."""
    return getattr(next(row for row in rows() if row.label.whole() == name), part).whole()


def columns_sent(layer, row):
    """As changed_columns, of the pixels that a job would be sent with."""
    from scumble.hosts.krita.host import KritaHost

    pixels = KritaHost(APP.activeDocument(), None).read(layer)
    x, y, width, _ = pixels.extent
    line = pixels.data[4 * width * (row - y) :][: 4 * width]
    return [x + n for n in range(width) if line[4 * n : 4 * n + 4] == b"\0\0\0\xff"]


def large_brush():
    """One that is still at work some time after the hand is up."""
    brush()
    APP.activeWindow().activeView().setBrushSize(900.0)


def is_calm():
    """Whether Krita has painted all strokes."""
    document = APP.activeDocument()
    if free := document.tryBarrierLock():
        document.unlock()
    return free
