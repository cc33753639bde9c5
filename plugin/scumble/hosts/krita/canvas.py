"""The picture in the dialog: what is to be painted, what is painted so far, and both to compare."""

from scumble.hosts.krita.qt import Qt, QtCore, QtGui, QtWidgets
from scumble.language import tr
from scumble.pixels import Extent, Pixels
from scumble.presenter import words
from scumble.presenter.looking import Looking
from scumble.presenter.view import WHOLE, Box, View

CHECKER = 8  # px of a square behind what is transparent
ROUND = 6.0  # px
NOTCH = 120  # of a wheel, as Qt counts
HANDLE = 22  # px, of the handle in the middle of the line
ALL = Extent(0, 0, 1, 1)


def image_of(pixels: Pixels):
    """An rgba8 picture as Qt draws it."""
    width, height = pixels.extent.width, pixels.extent.height
    format = QtGui.QImage.Format.Format_RGBA8888
    return QtGui.QImage(pixels.data, width, height, 4 * width, format).copy()


def pixels_of_image(image) -> Pixels:
    """An image of Qt's as rgba8."""
    plain = image.convertToFormat(QtGui.QImage.Format.Format_RGBA8888)
    extent = Extent(0, 0, plain.width(), plain.height())
    bits = plain.constBits().asstring(plain.bytesPerLine() * extent.height)
    return Pixels(extent, "rgba8", bits)


def pixels_of(side: int, widget) -> int:
    """A length in Qt's units as pixels of the screen that the widget is on."""
    return round(side * widget.devicePixelRatioF())


def fitted(image, side: int):
    """An image as large as fits a square."""
    return image.scaled(side, side, _KEEP, Qt.TransformationMode.SmoothTransformation)


class Canvas(QtWidgets.QWidget):
    """Shows the content with the painting over it, as it is looked at; while the mouse is held
    down, the content."""

    def __init__(self, looking: Looking | None = None):
        super().__init__()
        self._looking = looking or Looking(lambda: self.show_view(self._looking.view))
        self._view, self._whole = WHOLE, ALL
        self._content, self._painting = QtGui.QImage(), QtGui.QImage()
        self._before: list[tuple] = []  # images, and where they lie
        self._after: list[tuple] = []  # in the place of these, where it is painted
        self._regions = None
        self._badge = ""
        self._compares = False
        self.setMinimumSize(300, 150)
        self.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Preview"))
        self._update()

    def show_content(self, image, whole: Extent | None = None) -> None:
        """Another picture to paint, or none: what was painted before is gone. whole: where it lies
        in the document; where that is not said, it is a document of its own."""
        self._content, self._painting = image or QtGui.QImage(), QtGui.QImage()
        self._whole = whole or Extent(0, 0, *_size(self._content))
        self._before, self._after = [(self._content, self._whole)], []
        if whole is None:
            self._looking.show(*_size(self._content))
        self._update()

    def show_painting(self, image, part: Extent = ALL, whole: Extent = ALL) -> None:
        """What is painted so far. part, whole: where it and the content lie."""
        self._painting, self._whole = image, whole
        self._after = [(image, part)]
        self._update()

    def show_detail(self, content: Pixels, painting: Pixels | None) -> None:
        """Finer parts of both."""
        self._before[1:] = [(image_of(content), content.extent)]
        self._after[1:] = [(image_of(painting), painting.extent)] if painting else []
        self._update()

    def show_regions(self, pixels: Pixels | None) -> None:
        """What lies where."""
        self._regions = image_of(pixels) if pixels else None
        self._update()

    def show_badge(self, badge: str) -> None:
        """What the picture is, in a word."""
        if badge != self._badge:
            self._badge = badge
            self.update()

    def show_view(self, view: View) -> None:
        """As it is looked at from now on."""
        if view != self._view:
            self._view = view
            self.setAccessibleDescription(words.zoom(view.seen_at))
            self.update()

    def has_painting(self) -> bool:
        return not self._painting.isNull()

    def _update(self) -> None:
        self.setToolTip(words.COMPARE_HINT if self.has_painting() else words.LOOK_HINT)
        self.update()

    # What hand and keys do

    def resizeEvent(self, event) -> None:
        self._looking.resize(self.width(), self.height(), self.devicePixelRatioF())

    def mousePressEvent(self, event) -> None:
        self.setFocus()
        self._compare(self._looking.press(*_at(event), self.has_painting()))

    def mouseMoveEvent(self, event) -> None:
        if self._looking.pull(*_at(event)):
            self._compare(False)
        takes = self.has_painting() and self._view.at_line(_at(event)[0])
        shape = Qt.CursorShape.SplitHCursor if takes else Qt.CursorShape.ArrowCursor
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._view.moves and not takes else shape)

    def mouseReleaseEvent(self, event) -> None:
        self._looking.release()
        self._compare(False)

    def wheelEvent(self, event) -> None:
        place = event.position()
        self._looking.zoom(event.angleDelta().y() / NOTCH, place.x(), place.y())
        event.accept()

    def keyPressEvent(self, event) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        name: str = _KEYS.get(event.key()) or event.text()
        if not self._looking.key(name, shift, self.has_painting()):
            super().keyPressEvent(event)

    def focusInEvent(self, event) -> None:
        self.update()

    def focusOutEvent(self, event) -> None:
        self.update()

    def _compare(self, on: bool) -> None:
        self._compares = on
        self.update()

    # Drawing

    def paintEvent(self, event) -> None:
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        frame = QtCore.QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QtGui.QPainterPath()
        path.addRoundedRect(frame, ROUND, ROUND)
        painter.fillPath(path, self.palette().base())
        if not self._content.isNull():
            painter.setClipPath(path)
            self._draw(painter)
            painter.setClipping(False)
        edge = self.palette().highlight() if self.hasFocus() else self.palette().mid()
        painter.strokePath(path, QtGui.QPen(edge.color()))
        if self.has_painting():
            self._draw_word(painter, tr("Original") if self._compares else self._badge)
        painter.end()

    def _draw(self, painter) -> None:
        """The pictures, over a checkerboard, each where it is to be seen."""
        view = self._view
        painter.fillRect(QtCore.QRectF(*view.seen), _checkerboard())
        self._draw_images(painter, self._before, view.seen)
        if self.has_painting() and not self._compares:
            self._draw_images(painter, self._after, view.after)
        if self._regions is not None:
            self._draw_images(painter, [(self._regions, self._whole)], view.seen)
        if self.has_painting() and not self._compares:
            self._draw_line(painter)

    def _draw_images(self, painter, images: list[tuple], seen: Box) -> None:
        painter.save()
        painter.setClipRect(QtCore.QRectF(*seen), Qt.ClipOperation.IntersectClip)
        for image, part in images:
            painter.drawImage(QtCore.QRectF(*self._view.box(part, self._whole)), image)
        painter.restore()

    def _draw_line(self, painter) -> None:
        """Between before and after, with its handle."""
        seen, x = self._view.seen, self._view.line
        middle = QtCore.QPointF(x, seen.top + seen.height / 2)
        painter.fillRect(QtCore.QRectF(x - 1, seen.top, 2, seen.height), _LIGHT)
        painter.setPen(QtGui.QPen(_LIGHT, 1.5))
        painter.setBrush(QtGui.QColor(0, 0, 0, 170))
        painter.drawEllipse(middle, HANDLE / 2, HANDLE / 2)
        painter.setBrush(_LIGHT)
        for side in (-1, 1):  # an arrow's head each way
            corners = ((8, 0), (3, -4), (3, 4))
            head = [middle + QtCore.QPointF(side * across, down) for across, down in corners]
            painter.drawPolygon(QtGui.QPolygonF(head))

    def _draw_word(self, painter, word: str) -> None:
        metrics = painter.fontMetrics()
        box = QtCore.QRectF(14, 14, metrics.horizontalAdvance(word) + 14, metrics.height() + 6)
        path = QtGui.QPainterPath()
        path.addRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.fillPath(path, QtGui.QColor(0, 0, 0, 150))
        painter.setPen(QtGui.QColor(255, 255, 255))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)


_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_LIGHT = QtGui.QColor(255, 255, 255)
_KEYS = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}


def _at(event) -> tuple[float, float]:
    """Where the mouse is; Qt 5 and 6 say it differently."""
    place = event.position() if hasattr(event, "position") else event.localPos()
    return place.x(), place.y()


def _size(image) -> tuple[int, int]:
    return max(1, image.width()), max(1, image.height())


def _checkerboard():
    tile = QtGui.QPixmap(2 * CHECKER, 2 * CHECKER)
    tile.fill(QtGui.QColor(200, 200, 200))
    painter = QtGui.QPainter(tile)
    for x, y in ((0, 0), (CHECKER, CHECKER)):
        painter.fillRect(x, y, CHECKER, CHECKER, QtGui.QColor(160, 160, 160))
    painter.end()
    return QtGui.QBrush(tile)
