"""What a test can ask of the picture in the open dialog."""

from scumble_driver import QtCore  # pyright: ignore
from scumble_driver.dialog import rows, the_dialog  # pyright: ignore


def view():
    """How it is looked at."""
    state = the_dialog().presenter.state
    return {
        "zoom": state.view.seen_at,
        "fits": state.view.fits,
        "split": state.view.split,
        "place": list(state.view.place),
        "moves": state.view.moves,
        "regions": state.regions,
        "fine": len(_canvas()._before) > 1,
        "says": the_dialog().picture.bar.zoom.text(),
    }


def _canvas():
    return the_dialog().picture.canvas


def _inside(x, y):
    """A point of what is seen of it, in parts of that."""
    seen = the_dialog().presenter.state.view.seen
    return QtCore.QPoint(round(seen.left + x * seen.width), round(seen.top + y * seen.height))


def place_in_picture(x, y):
    """On the screen."""
    found = _canvas().mapToGlobal(_inside(x, y))
    return [found.x(), found.y()]


def place_of_line():
    seen, line = the_dialog().presenter.state.view.seen, the_dialog().presenter.state.view.line
    found = _canvas().mapToGlobal(QtCore.QPoint(round(line), round(seen.top + seen.height / 2)))
    return [found.x(), found.y()]


def place_in_bar(part):
    widget = getattr(the_dialog().picture.bar, part)
    found = widget.mapToGlobal(widget.rect().center())
    return [found.x(), found.y()]


def colour(x, y):
    """At a point of what is seen of it, in parts of that."""
    found = _canvas().grab().toImage().pixelColor(_inside(x, y))
    return [found.red(), found.green(), found.blue()]


def swatch(name):
    """The colour beside a style; nothing where there is none."""
    shown = _row(name).colour
    return shown.styleSheet() if shown.isVisible() else ""


def _row(name):
    return next(row for row in rows() if row.label.whole() == name)


def lie_in_selection(name):
    """As if it were chosen in the menu of the style."""
    from scumble.host import SELECTION
    from scumble.places import Place

    the_dialog().presenter.choosing.set_where(_row(name).source, Place(SELECTION))


def keep_selection():
    from scumble.host import SELECTION
    from scumble.places import Place

    the_dialog().presenter.choosing.keep(Place(SELECTION))
