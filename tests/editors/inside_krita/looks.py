"""How the dialog looks, with real pictures; and what of it is cut off or lies over another."""

import hashlib
from pathlib import Path

from scumble_driver import QtCore, QtGui, QtTest, QtWidgets  # pyright: ignore
from scumble_driver.dialog import rows, the_dialog  # pyright: ignore
from scumble_driver.documents import APP, add_node, show  # pyright: ignore

SPEAKING = (
    QtWidgets.QLabel, QtWidgets.QPushButton, QtWidgets.QToolButton, QtWidgets.QCheckBox,
    QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox,
)  # fmt: skip
SLACK = 1  # px that rounding takes at a scale


def open_pictures(paths):
    """A document as large as the first picture; each a layer, named after its file. The lowest
    layer's id."""
    images = [_read(path) for path in paths]
    width, height = images[0].width(), images[0].height()
    document = APP.createDocument(width, height, Path(paths[0]).stem, "RGBA", "U8", "", 72.0)
    document.rootNode().childNodes()[0].remove()
    show(document)
    for path, image in zip(paths, images, strict=True):
        node = document.createNode(Path(path).stem.replace("_", " ").capitalize(), "paintlayer")
        size = (image.width(), image.height())
        data = image.constBits().asstring(4 * image.width() * image.height())
        node.setPixelData(QtCore.QByteArray(data), 0, 0, *size)
        add_node(node, visible=path == paths[0])
    document.setModified(False)
    return document.rootNode().childNodes()[0].uniqueId().toString()


def _read(path):
    image = QtGui.QImage(path)
    return image.convertToFormat(QtGui.QImage.Format.Format_ARGB32)


def maximise():
    APP.activeWindow().qwindow().showMaximized()


def place(x, y):
    the_dialog().move(x, y)


def scale():
    return the_dialog().devicePixelRatioF()


def crowded(part=None):
    """What an artist cannot read whole, and what lies over something else; in the dialog, or in a
    window of its."""
    dialog, found = getattr(the_dialog(), part) if part else the_dialog(), []
    for widget in dialog.findChildren(QtWidgets.QWidget):
        if not widget.isVisible() or widget.window() != dialog:
            continue
        if isinstance(widget, SPEAKING) and _is_cut(widget):
            found.append(f"cut off: {_name(widget)}")
        if isinstance(widget, SPEAKING) and not _is_scrolled(widget, dialog):
            inside = QtCore.QRect(widget.mapTo(dialog, QtCore.QPoint(0, 0)), widget.size())
            if not dialog.rect().contains(inside):
                found.append(f"outside: {_name(widget)}")
        found += _overlaps(widget)
    return found


def blurred():
    """Pictures that have fewer pixels than the screen shows of them."""
    dialog = the_dialog()
    ratio, found = dialog.devicePixelRatioF(), []
    for row in rows():
        picture = row.picture.pixmap()
        wanted = ratio * max(row.picture.width(), row.picture.height())
        if not row.isHidden() and max(picture.width(), picture.height()) < wanted - 1:
            found.append(row.name)
    canvas = dialog.picture.canvas
    content = canvas.scene.before[0][0]
    drawn = content.size()
    drawn.scale(canvas.size(), QtCore.Qt.AspectRatioMode.KeepAspectRatio)
    return found + (["the picture to repaint"] if content.width() < ratio * drawn.width() else [])


def _is_cut(widget):
    hint = widget.minimumSizeHint() if _wraps(widget) else widget.sizeHint()
    small = widget.width() + SLACK < min(hint.width(), widget.maximumWidth())
    low = widget.height() + SLACK < min(widget.minimumSizeHint().height(), widget.maximumHeight())
    return low or (small and not isinstance(widget, QtWidgets.QComboBox))


def _wraps(widget):
    return isinstance(widget, QtWidgets.QLabel) and widget.wordWrap()


def _is_scrolled(widget, dialog):
    while widget is not dialog:
        if isinstance(widget, QtWidgets.QAbstractScrollArea):
            return True
        widget = widget.parentWidget()
    return False


def _overlaps(parent):
    children = [
        each
        for each in parent.children()
        if isinstance(each, QtWidgets.QWidget) and each.isVisible() and not each.isWindow()
    ]
    plain = type(parent) in (QtWidgets.QWidget, QtWidgets.QDialog)  # not a spin box's own parts
    if not plain and not type(parent).__module__.startswith("scumble"):
        return []
    return [
        f"{_name(one)} lies over {_name(other)}"
        for number, one in enumerate(children)
        for other in children[:number]
        if one.geometry().intersects(other.geometry())
    ]


def _name(widget):
    text = widget.text() if hasattr(widget, "text") else ""
    return f"{type(widget).__name__} {text!r}"


def preview():
    """A name for what the picture in the dialog shows."""
    image = the_dialog().picture.canvas.grab().toImage()
    image = image.convertToFormat(QtGui.QImage.Format.Format_ARGB32)
    return hashlib.sha256(
        image.constBits().asstring(4 * image.width() * image.height())
    ).hexdigest()


def middle_of_preview():
    """The colour in the middle of the picture in the dialog: red, green, blue."""
    canvas = the_dialog().picture.canvas
    colour = canvas.grab().toImage().pixelColor(canvas.width() // 2, canvas.height() // 2)
    return [colour.red(), colour.green(), colour.blue()]


def hold_preview(down):
    """Press the mouse button over the picture, or let it go."""
    act = QtTest.QTest.mousePress if down else QtTest.QTest.mouseRelease
    act(the_dialog().picture.canvas, QtCore.Qt.MouseButton.LeftButton)
