"""Steps with the files that are dragged over the dialog."""

from scumble_driver import QtWidgets  # pyright: ignore
from scumble_driver.dialog import rows, the_dialog  # pyright: ignore
from scumble_driver.documents import APP  # pyright: ignore
from scumble_driver.hands import _place  # pyright: ignore


def place_of_list():
    return _place(the_dialog().styles.area)


def place_of_weight(name):
    """Of the number itself."""
    row = next(row for row in rows() if row.label.whole() == name)
    return _place(row.weight.number, 0.3)


def is_framed():
    """Whether it is seen that files can be dropped on the list."""
    return the_dialog().styles.frame.isVisible()


def place_of_layer(name):
    """In Krita's own list of layers."""
    window = APP.activeWindow().qwindow()
    for view in window.findChildren(QtWidgets.QTreeView):
        model = view.model()
        for row in range(model.rowCount() if model and view.isVisible() else 0):
            index = model.index(row, 0)
            if model.data(index) == name:
                at = view.viewport().mapToGlobal(view.visualRect(index).center())
                return [at.x(), at.y()]
    return None
