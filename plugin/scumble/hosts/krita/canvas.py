"""The picture in the dialog: what is to be painted, what is painted so far, and both to compare."""

from typing import NamedTuple

from scumble.hosts.krita.qt import Qt, QtCore, QtGui, QtWidgets
from scumble.language import tr
from scumble.pixels import Extent, Pixels

CHECKER = 8  # px of a square behind what is transparent
ROUND = 6.0  # px


class Place(NamedTuple):
    """A rectangle in a picture, in parts of its width and height."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0


WHOLE = Place()


def place_in(part: Extent, whole: Extent) -> Place:
    return Place(
        (part.x - whole.x) / whole.width, (part.y - whole.y) / whole.height,
        part.width / whole.width, part.height / whole.height,
    )  # fmt: skip


def image_of(pixels: Pixels):
    """An rgba8 picture as Qt draws it."""
    width, height = pixels.extent.width, pixels.extent.height
    format = QtGui.QImage.Format.Format_RGBA8888
    return QtGui.QImage(pixels.data, width, height, 4 * width, format).copy()


def pixels_of(side: int, widget) -> int:
    """A length in Qt's units as pixels of the screen that the widget is on."""
    return round(side * widget.devicePixelRatioF())


def fitted(image, side: int):
    """An image as large as fits a square."""
    return image.scaled(side, side, _KEEP, Qt.TransformationMode.SmoothTransformation)


class Canvas(QtWidgets.QWidget):
    """Shows the content with the painting over it; while the mouse is held down, the content."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._content = QtGui.QImage()
        self._painting, self._place = QtGui.QImage(), WHOLE
        self._badge = ""
        self._compares = False
        self.setMinimumSize(300, 150)
        self.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding
        )
        self.setAccessibleName(tr("Preview"))

    def show_content(self, image) -> None:
        """Another picture to paint, or none: what was painted before is gone."""
        self._content, self._painting = image or QtGui.QImage(), QtGui.QImage()
        self._update()

    def show_badge(self, badge: str) -> None:
        """What the picture is, in a word."""
        if badge != self._badge:
            self._badge = badge
            self.update()

    def show_painting(self, image, place: Place = WHOLE) -> None:
        """What is painted so far, where it lies in the content."""
        self._painting, self._place = image, place
        self._update()

    def has_painting(self) -> bool:
        return not self._painting.isNull()

    def _update(self) -> None:
        hint = tr("Hold the mouse button to see the original") if self.has_painting() else ""
        self.setToolTip(hint)
        self.update()

    def mousePressEvent(self, event) -> None:
        self._compares = True
        self.update()

    def mouseReleaseEvent(self, event) -> None:
        self._compares = False
        self.update()

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
        painter.setPen(QtGui.QPen(self.palette().mid().color()))
        painter.drawPath(path)
        if self.has_painting():
            self._draw_word(painter, tr("Original") if self._compares else self._badge)
        painter.end()

    def _draw(self, painter) -> None:
        """The pictures, as large as fits, over a checkerboard."""
        size = QtCore.QSizeF(self._content.size())
        size.scale(QtCore.QSizeF(self.size()) - QtCore.QSizeF(16, 16), _KEEP)
        place = QtCore.QRectF(QtCore.QPointF(0, 0), size)
        place.moveCenter(QtCore.QRectF(self.rect()).center())
        painter.fillRect(place, _checkerboard())
        painter.drawImage(place, self._content)
        if self.has_painting() and not self._compares:
            left, top, width, height = self._place
            part = QtCore.QRectF(
                place.x() + left * place.width(), place.y() + top * place.height(),
                width * place.width(), height * place.height(),
            )  # fmt: skip
            painter.drawImage(part, self._painting)

    def _draw_word(self, painter, word: str) -> None:
        metrics = painter.fontMetrics()
        box = QtCore.QRectF(14, 14, metrics.horizontalAdvance(word) + 14, metrics.height() + 6)
        path = QtGui.QPainterPath()
        path.addRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.fillPath(path, QtGui.QColor(0, 0, 0, 150))
        painter.setPen(QtGui.QColor(255, 255, 255))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)


_KEEP = Qt.AspectRatioMode.KeepAspectRatio


def _checkerboard():
    tile = QtGui.QPixmap(2 * CHECKER, 2 * CHECKER)
    tile.fill(QtGui.QColor(200, 200, 200))
    painter = QtGui.QPainter(tile)
    for x, y in ((0, 0), (CHECKER, CHECKER)):
        painter.fillRect(x, y, CHECKER, CHECKER, QtGui.QColor(160, 160, 160))
    painter.end()
    return QtGui.QBrush(tile)
