"""Steps with the files that are dragged over the dialog."""

from scumble_driver.dialog import rows, the_dialog  # pyright: ignore
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
