"""The picture in the dialog: what is to be painted, what is painted so far, and both to compare."""

from scumble.guard import logged
from scumble.hosts.krita.qt import Qt, QtCore, QtGui, QtWidgets
from scumble.language import tr
from scumble.pixels import Extent, Pixels
from scumble.presenter.looking import Looking
from scumble.presenter.scene import Scene

CHECKER = 8  # px of a square behind what is transparent
ROUND = 6.0  # px
NOTCH = 120  # of a wheel, as Qt counts
HANDLE = 22  # px, of the handle in the middle of the line


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
        self.scene = Scene(image_of, self._update, looking)
        self.setMinimumSize(300, 150)
        self.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Preview"))
        self._update()

    def _update(self) -> None:
        self.setToolTip(self.scene.hint)
        self.setAccessibleDescription(self.scene.said)
        self.update()

    # What hand and keys do

    @logged
    def resizeEvent(self, event) -> None:
        size = (self.width(), self.height())
        self.scene.looking.resize(*size, self.devicePixelRatioF())

    @logged
    def mousePressEvent(self, event) -> None:
        self.setFocus()
        self.scene.press(*_at(event))

    @logged
    def mouseMoveEvent(self, event) -> None:
        self.scene.move(*_at(event))
        takes = self.scene.takes_line(_at(event)[0])
        shape = Qt.CursorShape.SplitHCursor if takes else Qt.CursorShape.ArrowCursor
        self.setCursor(
            Qt.CursorShape.OpenHandCursor if self.scene.view.moves and not takes else shape
        )

    @logged
    def mouseReleaseEvent(self, event) -> None:
        self.scene.release()

    @logged
    def wheelEvent(self, event) -> None:
        place = event.position()
        self.scene.looking.zoom(event.angleDelta().y() / NOTCH, place.x(), place.y())
        event.accept()

    @logged
    def keyPressEvent(self, event) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        name: str = _KEYS.get(event.key()) or event.text()
        if not self.scene.key(name, shift):
            super().keyPressEvent(event)

    def focusInEvent(self, event) -> None:
        self.update()

    def focusOutEvent(self, event) -> None:
        self.update()

    # Drawing

    @logged
    def paintEvent(self, event) -> None:
        painter = QtGui.QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()  # else all of the window stays as it is

    def _paint(self, painter) -> None:
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        frame = QtCore.QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QtGui.QPainterPath()
        path.addRoundedRect(frame, ROUND, ROUND)
        painter.fillPath(path, self.palette().base())
        if self.scene.before:
            painter.setClipPath(path)
            self._draw(painter)
            painter.setClipping(False)
        edge = self.palette().highlight() if self.hasFocus() else self.palette().mid()
        painter.strokePath(path, QtGui.QPen(edge.color()))
        if self.scene.word:
            self._draw_word(painter, self.scene.word)

    def _draw(self, painter) -> None:
        """The pictures, over a checkerboard, each where it is to be seen."""
        painter.fillRect(QtCore.QRectF(*self.scene.view.seen), _checkerboard())
        for image, box, seen in self.scene.images():
            painter.save()
            painter.setClipRect(QtCore.QRectF(*seen), Qt.ClipOperation.IntersectClip)
            painter.drawImage(QtCore.QRectF(*box), image)
            painter.restore()
        if self.scene.is_split:
            self._draw_line(painter)

    def _draw_line(self, painter) -> None:
        """Between before and after, with its handle."""
        seen, x = self.scene.view.seen, self.scene.view.line
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


def _checkerboard():
    tile = QtGui.QPixmap(2 * CHECKER, 2 * CHECKER)
    tile.fill(QtGui.QColor(200, 200, 200))
    painter = QtGui.QPainter(tile)
    for x, y in ((0, 0), (CHECKER, CHECKER)):
        painter.fillRect(x, y, CHECKER, CHECKER, QtGui.QColor(160, 160, 160))
    painter.end()
    return QtGui.QBrush(tile)
