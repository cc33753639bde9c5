"""What is being painted, over the picture in Krita's window.

On a sheet of its own that lies over the canvas, since every layer that comes or goes is an undo
step, and would be saved with the document. The sheet is of the window alone: document, undo and
autosave know nothing of it. What a hand does goes through it, and Krita's own palette lies over it.
Krita tells nobody that its canvas is moved: so the sheet looks, and follows.
"""

from collections.abc import Callable

from scumble.guard import guarded
from scumble.hosts.krita.canvas import image_of
from scumble.hosts.krita.qt import Krita, Qt, QtCore, QtGui, QtWidgets, is_gone
from scumble.pixels import Extent, Pixels
from scumble.presenter.timers import Loop

LOOK = 30  # ms between two looks at where the canvas is
CONTROLLER = "KisCanvasController"  # what moves a canvas


class Overlay:
    """document: seen in the window's active view, or not shown."""

    def __init__(self, document, loop: Loop):
        self._document, self._loop = document, loop
        self._image, self._part = None, None
        self._sheet: Sheet | None = None
        self._stop: Callable[[], object] | None = None

    def show(self, painting: tuple[Pixels, Extent] | None) -> None:
        """None: nothing any more."""
        if painting is None:
            self._end()
            return
        self._image, self._part = image_of(painting[0]), QtCore.QRectF(*painting[1])
        if self._sheet is not None and not is_gone(self._sheet):
            self._sheet.lay(self._image, self._part)
        if self._stop is None:
            self._stop = self._loop.repeat(LOOK, self._follow)

    def _give_up(self, _: str) -> None:
        self._end()

    @guarded(_give_up)
    def _follow(self) -> None:
        view, canvas = _view_of(self._document)
        if canvas is None:
            self._lift()
            return
        if self._sheet is None or is_gone(self._sheet) or self._sheet.parentWidget() != canvas:
            self._lift()
            self._sheet = Sheet(canvas)
            self._sheet.lay(self._image, self._part)
        self._sheet.follow(view)

    def _lift(self) -> None:
        sheet, self._sheet = self._sheet, None
        if sheet is not None and not is_gone(sheet):
            sheet.hide()
            sheet.deleteLater()

    def _end(self) -> None:
        stop, self._stop = self._stop, None
        if stop:
            stop()
        self._lift()


class Sheet(QtWidgets.QWidget):
    """A picture over a canvas, moved, turned and mirrored as that is."""

    def __init__(self, canvas):
        super().__init__(canvas)
        self.setObjectName("scumble_overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._image, self._part, self._place = None, QtCore.QRectF(), QtGui.QTransform()
        self.show()
        self.lower()  # below what Krita itself lays over its canvas

    def lay(self, image, part) -> None:
        """part: where it lies, in px of the document."""
        self._image, self._part = image, part
        self.update()

    def follow(self, view) -> None:
        """view: of the document, in this canvas."""
        to_document, _ = view.flakeToImageTransform().inverted()
        place = to_document * view.flakeToCanvasTransform()
        if self.size() != self.parentWidget().size():
            self.resize(self.parentWidget().size())
        if place != self._place:
            self._place = place
            self.update()

    def _give_up(self, _: str) -> None:
        self.hide()

    @guarded(_give_up)
    def paintEvent(self, event) -> None:
        if self._image is None:
            return
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(self._place)
        painter.drawImage(self._part, self._image)
        painter.end()


def _view_of(document) -> tuple:
    """The active view, and its canvas' widget, where it is of this document; else None for both."""
    for window in Krita.instance().windows():
        view = window.activeView()
        if view is None or view.document() != document:
            continue
        area = window.qwindow().findChild(QtWidgets.QMdiArea)
        place = area.currentSubWindow() if area else None
        for each in place.findChildren(QtWidgets.QAbstractScrollArea) if place else []:
            canvas = each.viewport().findChild(QtWidgets.QWidget, "", _DIRECT)
            if each.inherits(CONTROLLER) and canvas is not None:
                return view, canvas
    return None, None


_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
