"""Steps with Krita itself, its window and its menus."""

import gc
import subprocess
import sys

from scumble_driver import QtCore, QtGui, QtWidgets  # pyright: ignore

from krita import Krita  # pyright: ignore

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
    QtCore.QTimer.singleShot(0, APP.action("file_quit").trigger)


def window_is_up():
    window = APP.activeWindow()
    return bool(window and window.qwindow().isVisible())


def activate_window():
    """As a click into Krita's own window does."""
    window = APP.activeWindow().qwindow()
    window.raise_()
    window.activateWindow()


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
    getattr(our_extension(), name)()


def our_extension():
    """Ours. Krita 6 deletes the extensions it is asked for, once they are forgotten here."""
    return next(each for each in gc.get_objects() if type(each).__name__ == "ScumbleExtension")


def message_box():
    """The text of the message that is open, which is closed."""
    for widget in QtWidgets.QApplication.topLevelWidgets():
        if widget.objectName() == "scumble_message" and widget.isVisible():
            text = widget.text()
            widget.close()
            widget.deleteLater()
            return text
    return ""


def boxes():
    """Every modal window that blocks Krita: there should be none, ever."""
    widget = QtWidgets.QApplication.activeModalWidget()
    return [widget.windowTitle()] if widget else []


def use_theme(name):
    window = APP.activeWindow().qwindow()
    chosen = [each for each in window.findChildren(QAction) if each.text() == name]
    chosen[-1].trigger()


def is_dark():
    return QtWidgets.QApplication.palette().window().color().lightness() < 128
