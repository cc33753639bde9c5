"""What a test can ask of the real Krita: each function runs inside it, on its main thread."""

import gc
import hashlib
import os
import random
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

from scumble_driver import QtCore, QtGui, QtTest, QtWidgets  # pyright: ignore

from krita import Krita, Selection  # pyright: ignore

QByteArray, QPoint, Qt = QtCore.QByteArray, QtCore.QPoint, QtCore.Qt
QTimer, QUuid = QtCore.QTimer, QtCore.QUuid
QApplication = QtWidgets.QApplication
QAction = getattr(QtGui, "QAction", None) or QtWidgets.QAction  # it moved in Qt 6
APP = Krita.instance()


def modules():
    return sorted(sys.modules)


def install(script):
    """What install.py says in the same machine: elsewhere it would not see Krita run."""
    command = ["python3", script, "--editor", "krita"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    return {"code": done.returncode, "said": done.stderr}


def quit():
    QTimer.singleShot(0, APP.action("file_quit").trigger)


# Documents


def window_is_up():
    window = APP.activeWindow()
    return bool(window and window.qwindow().isVisible())


def new_document(width, height, model="RGBA", depth="U8", profile=""):
    """A document with a view, its background a picture; the background's id.

    A picture for print or in Lab starts as RGB, so that its colours are ones a screen can show.
    """
    direct = model in ("RGBA", "GRAYA")
    first = (model, depth) if direct else ("RGBA", "U16")
    document = APP.createDocument(width, height, "test", *first, profile, 72.0)
    node = document.rootNode().childNodes()[0]
    node.setPixelData(picture_bytes(node, width, height), 0, 0, width, height)
    if not direct:
        document.setColorSpace(model, depth, APP.profiles(model, depth)[0])
        document.waitForDone()
    APP.activeWindow().addView(document)
    document.refreshProjection()
    document.waitForDone()
    document.setActiveNode(node)
    document.setModified(False)
    return node.uniqueId().toString()


def add_layer(name, x=0, y=0, width=64, height=64, seed=1, group=None, visible=True):
    """A paint layer with a picture; its id."""
    document = APP.activeDocument()
    node = document.createNode(name, "paintlayer")
    node.setPixelData(picture_bytes(node, width, height, seed), x, y, width, height)
    return add_node(node, group, visible)


def add_group(name, visible=True):
    return add_node(APP.activeDocument().createGroupLayer(name), None, visible)


def add_transparency_mask(layer):
    """A mask that hides the left half of a layer's first 64 px."""
    document = APP.activeDocument()
    mask = document.createTransparencyMask("mask")
    node_of(layer).addChildNode(mask, None)
    mask.setPixelData(QByteArray(bytes([0] * 32 + [255] * 32) * 64), 0, 0, 64, 64)
    document.refreshProjection()
    document.waitForDone()


def add_node(node, group=None, visible=True):
    document = APP.activeDocument()
    parent = node_of(group) if group else document.rootNode()
    parent.addChildNode(node, None)
    node.setVisible(visible)
    document.refreshProjection()
    document.waitForDone()
    return node.uniqueId().toString()


def add_filter_layer(name):
    document = APP.activeDocument()
    node = document.createFilterLayer(name, APP.filter("blur"), Selection())
    return add_node(node, None, True)


def select(x, y, width, height, inverted=False):
    """Select a rectangle of the document, or all but that."""
    document, chosen = APP.activeDocument(), Selection()
    chosen.select(x, y, width, height, 255)
    document.setSelection(chosen)
    if inverted:
        APP.action("invert_selection").trigger()
    document.waitForDone()


def selection():
    """What is selected: its rectangle and a hash of it."""
    found = APP.activeDocument().selection()
    if found is None:
        return None
    place = (found.x(), found.y(), found.width(), found.height())
    return [place, hashlib.sha256(bytes(found.pixelData(*place))).hexdigest()]


def alpha(layer, row):
    """The alpha of one row of an 8-bit layer, over the document's width."""
    node, width = node_of(layer), APP.activeDocument().width()
    size = len(node.pixelData(0, 0, 1, 1))
    return list(bytes(node.pixelData(0, row, width, 1))[size - 1 :: size])


def save_picture(path):
    """What is visible, as a file."""
    document = APP.activeDocument()
    document.thumbnail(document.width(), document.height()).save(path)


def remove_layer(layer):
    node_of(layer).remove()
    APP.activeDocument().waitForDone()


def selected():
    return len(APP.activeWindow().activeView().selectedNodes())


def set_active(layer):
    APP.activeDocument().setActiveNode(node_of(layer))


def active():
    node = APP.activeDocument().activeNode()
    return node.uniqueId().toString() if node else ""


def close_document():
    document = APP.activeDocument()
    document.setModified(False)
    document.close()


def save_and_open_again(path):
    """Save the document, close it, and open the file; the id of its lowest layer."""
    document = APP.activeDocument()
    document.setBatchmode(True)
    document.saveAs(path)
    document.waitForDone()
    close_document()
    document = APP.openDocument(path)
    APP.activeWindow().addView(document)
    document.waitForDone()
    return document.rootNode().childNodes()[0].uniqueId().toString()


def documents():
    return [document.name() for document in APP.documents()]


def close_all():
    for document in APP.documents():
        document.waitForDone()
        document.setModified(False)
        document.close()
    return not APP.documents()


def state():
    """All that a job must not change, and what it adds: every layer, bottom first."""
    return _state(APP.activeDocument())


def state_of(name):
    return _state(next(document for document in APP.documents() if document.name() == name))


def _state(document):
    document.waitForDone()
    found = []

    def walk(node, parent):
        for child in node.childNodes():
            found.append(_describe(child, parent))
            walk(child, child.name())

    walk(document.rootNode(), "")
    node = document.activeNode()
    chosen = node.uniqueId().toString() if node else ""
    return {"layers": found, "modified": document.modified(), "active": chosen}


def _describe(node, parent):
    box = node.bounds()
    place = (box.x(), box.y(), box.width(), box.height())
    if node.type() == "grouplayer":  # Krita forgets what of a group lies outside of the canvas
        place = (0, 0, 0, 0)
    return {
        "id": node.uniqueId().toString(), "name": node.name(), "type": node.type(),
        "parent": parent, "place": place, "visible": node.visible(), "opacity": node.opacity(),
        "space": [node.colorModel(), node.colorDepth(), node.colorProfile()],
        "pixels": hashlib.sha256(bytes(node.pixelData(*place))).hexdigest(),
    }  # fmt: skip


def difference(one, other):
    """The largest difference between two layers' channels, in parts of the whole range."""
    first, second = node_of(one), node_of(other)
    box = first.bounds()
    place = (box.x(), box.y(), box.width(), box.height())
    depth = first.colorDepth()
    kinds = {"U8": ("B", 255), "U16": ("H", 65535), "F16": ("e", 1), "F32": ("f", 1)}
    kind, whole = kinds[depth]
    a, b = (_numbers(bytes(node.pixelData(*place)), kind) for node in (first, second))
    assert len(a) == len(b)
    return max(abs(x - y) for x, y in zip(a, b, strict=True)) / whole


def _numbers(data, kind):
    size = struct.calcsize(kind)
    return struct.unpack(f"<{len(data) // size}{kind}", data)


def node_of(layer):
    return APP.activeDocument().nodeByUniqueID(QUuid(layer))


def picture_bytes(node, width, height, seed=0):
    """A soft picture within every model's gamut, of the node's own kind of pixels."""
    size = len(node.pixelData(0, 0, 1, 1))
    kind, whole = {"U8": ("B", 255), "U16": ("H", 65535), "F16": ("e", 1), "F32": ("f", 1)}[
        node.colorDepth()
    ]
    channels = size // struct.calcsize(kind)
    dice = random.Random(seed)
    tint = [0.35 + 0.2 * dice.random() for _ in range(channels)]
    data = bytearray()
    for row in range(height):
        for column in range(width):
            wave = 0.06 * ((column * 7 + row * 3 + seed * 11) % 16 - 8) / 8
            values = [tint[c] + wave * (c + 1) / channels for c in range(channels - 1)]
            alpha = 1.0 if (column // 8 + row // 8) % 5 else 0.5
            data += struct.pack(
                f"<{channels}{kind}",
                *(
                    each * whole if kind in "ef" else round(each * whole)
                    for each in [*values, alpha]
                ),
            )
    return QByteArray(bytes(data))


# The window


def menu_path(action):
    """The menus on the way to an action, by their words."""

    def search(menu, path):
        for each in menu.actions():
            if each.objectName() == action:
                return path
            if each.menu() and (found := search(each.menu(), [*path, each.text()])):
                return found
        return None

    path = search(APP.activeWindow().qwindow().menuBar(), [])
    return path and [word.replace("&", "") for word in path]


def action(name):
    found = APP.action(name)
    return {
        "text": found.text().replace("&", ""),
        "enabled": found.isEnabled(),
        "tooltip": found.toolTip(),
    }


def trigger(name):
    APP.action(name).trigger()


def call_extension(name):
    """As if a shortcut or script called the action while it is grey."""
    getattr(_extension(), name)()


def _extension():
    """Ours. Krita 6 deletes the extensions it is asked for, once they are forgotten here."""
    return next(each for each in gc.get_objects() if type(each).__name__ == "ScumbleExtension")


def message_box():
    """The text of the message that is open, which is closed."""
    for widget in QApplication.topLevelWidgets():
        if widget.objectName() == "scumble_message" and widget.isVisible():
            text = widget.text()
            widget.close()
            widget.deleteLater()
            return text
    return ""


def boxes():
    """Every modal window that blocks Krita: there should be none, ever."""
    widget = QApplication.activeModalWidget()
    return [widget.windowTitle()] if widget else []


def use_theme(name):
    window = APP.activeWindow().qwindow()
    chosen = [each for each in window.findChildren(QAction) if each.text() == name]
    chosen[-1].trigger()


def is_dark():
    return QApplication.palette().window().color().lightness() < 128


# The dialog


def _open_dialog():
    return next(
        (
            widget
            for widget in QApplication.topLevelWidgets()
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
            _click(row.tick, QPoint(8, row.tick.height() // 2))
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
    for found in _extension()._dialogs:
        found.painting.cancel()
        found.hide()


def hide_dialog():
    the_dialog().hide()


def cancel_others():
    """Cancel what is painted for the documents whose dialog is not seen."""
    for found in _extension()._dialogs:
        if not found.isVisible():
            found.painting.cancel()


def is_sent():
    return the_dialog().painting.state == "running"


# The backend


def backend():
    """The process id of the backend that runs."""
    from scumble import connection

    found = connection.read()
    return found.pid if found else 0


def kill(what):
    os.kill(backend() if what == "backend" else _compute_child(), signal.SIGKILL)


def hold_backend():
    """Let its job stand still."""
    os.kill(_compute_child(), signal.SIGSTOP)


def release_backend():
    os.kill(_compute_child(), signal.SIGCONT)


def _compute_child():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"scumble_backend.worker" in path.read_bytes():
                return int(path.parent.name)
        except OSError:
            continue
    raise AssertionError("no compute child runs")
