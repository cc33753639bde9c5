"""What a test can ask of the picture in the open dialog."""

from scumble_driver import QtCore, QtGui, QtWidgets  # pyright: ignore
from scumble_driver.dialog import rows, the_dialog  # pyright: ignore
from scumble_driver.documents import APP  # pyright: ignore


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
        "fine": len(_canvas().scene.before) > 1,
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


# Over the document


def show_over(on):
    box = the_dialog().picture.bar.overlay
    if box.isChecked() != on:
        box.click()


def turn_view(degrees, zoom, mirrored):
    APP.action("PanTool").trigger()  # a brush would have an outline there
    canvas = APP.activeWindow().activeView().canvas()
    canvas.setRotation(degrees)
    canvas.setZoomLevel(zoom)
    canvas.setMirror(mirrored)


_seen = None  # the picture's view, as it was


def has_message():
    """Whether Krita says something over it, as it does of a mirrored one."""
    found = QtWidgets.QApplication.allWidgets()
    return any(each.inherits("KisFloatingMessage") and each.isVisible() for each in found)


def remember_view():
    global _seen
    _seen = _view()


def changes_of_view():
    """Since it was remembered: of the document's px there the share that is another; and how many
    px the corners of what changed lie from the document's at most."""
    now, nothing = _view(), _seen.pixel(2, 2)  # its corner shows nothing of the document
    places = [(x, y) for x in range(0, now.width(), 2) for y in range(0, now.height(), 2)]
    document = {place for place in places if _far(_seen.pixel(*place), nothing)}
    changed = {place for place in places if _far(_seen.pixel(*place), now.pixel(*place))}
    share = len(changed & document) / len(document)
    corners = zip(_corners(changed), _corners(document), strict=True) if changed else []
    return share, max(
        (abs(a - b) for pair in corners for a, b in zip(*pair, strict=True)), default=0
    )


def _corners(places):
    """Of a rectangle that is turned."""
    return [found(places, key=lambda place: place[side]) for side in (0, 1) for found in (min, max)]


def _far(one, other):
    colours = QtGui.QColor(one), QtGui.QColor(other)
    channels = zip(colours[0].getRgb(), colours[1].getRgb(), strict=True)
    return max(abs(a - b) for a, b in channels) > 12


def _view():
    """As it stands on the screen."""
    area = APP.activeWindow().qwindow().findChild(QtWidgets.QMdiArea).currentSubWindow()
    scroll = next(
        each
        for each in area.findChildren(QtWidgets.QAbstractScrollArea)
        if each.inherits("KisCanvasController")
    )
    port = scroll.viewport()
    corner = port.mapToGlobal(QtCore.QPoint(0, 0))
    screen = QtGui.QGuiApplication.primaryScreen()
    whole = (corner.x(), corner.y(), port.width(), port.height())
    return screen.grabWindow(0, *whole).toImage()


def sheets():
    """How many pictures lie over Krita's canvases."""
    found = QtWidgets.QApplication.allWidgets()
    return sum(each.objectName() == "scumble_overlay" and each.isVisible() for each in found)
