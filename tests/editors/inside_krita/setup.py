"""Steps of an artist who has downloaded a file: Krita's importer, and the page that sets up."""

from scumble_driver import QtCore, QtWidgets  # pyright: ignore
from scumble_driver.dialog import _open_dialog, the_dialog  # pyright: ignore
from scumble_driver.hands import _place  # pyright: ignore
from scumble_driver.window import APP  # pyright: ignore


def place_in_menu(words):
    """Of an entry, by its words, in the menu bar or in a menu that is open."""
    bar = APP.activeWindow().qwindow().menuBar()
    for menu in (bar, *_open_menus()):
        for each in menu.actions():
            if each.text().replace("&", "").startswith(words):
                at = menu.mapToGlobal(menu.actionGeometry(each).center())
                return [at.x(), at.y()]
    return None


def _open_menus():
    found = QtWidgets.QApplication.topLevelWidgets()
    return [each for each in found if isinstance(each, QtWidgets.QMenu) and each.isVisible()]


def _modal():
    return QtWidgets.QApplication.activeModalWidget()


def modal():
    """The title of the window that waits for an answer."""
    return _modal().windowTitle() if _modal() else ""


def place_of_modal_button(words):
    found = _modal().findChildren(QtWidgets.QAbstractButton) if _modal() else []
    fits = [each for each in found if each.text().replace("&", "") == words and each.isVisible()]
    return _place(fits[0]) if fits else None


def place_of_file(name):
    """Of a file in a file chooser's list."""
    for view in _modal().findChildren(QtWidgets.QTreeView):
        model, root = view.model(), view.rootIndex()
        for row in range(model.rowCount(root) if view.isVisible() else 0):
            found = model.index(row, 0, root)
            if found.data() == name:
                at = view.viewport().mapToGlobal(view.visualRect(found).center())
                return [at.x(), at.y()]
    return None


def has_plugin():
    """Whether Krita has loaded Scumble."""
    import sys

    return "scumble.hosts.krita.extension" in sys.modules


def page():
    """What the page says; None where there is none."""
    found = _open_dialog()
    if found is None or not found.page.isVisible():
        return None
    part = found.page
    return {
        "heading": part.heading.text(),
        "lines": part.lines.text(),
        "button": part.button.text().replace("&", "") if part.button.isVisible() else "",
        "later": part.later.text().replace("&", "") if part.later.isVisible() else "",
        "other": part.other.text().replace("&", "") if part.other.isVisible() else "",
        "stage": part.stage.whole(),
        "progress": part.progress.value() if part.progress.maximum() else -1,
        "trouble": part.trouble.text(),
        "body": found.foot.isVisible(),
    }


def place_on_page(part):
    return _place(getattr(the_dialog().page, part))


def activate_dialog():
    the_dialog().raise_()
    the_dialog().activateWindow()


def later(name):
    """An action that does not return before its window is closed."""
    QtCore.QTimer.singleShot(0, APP.action(name).trigger)
