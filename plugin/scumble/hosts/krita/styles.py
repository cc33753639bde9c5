"""The list of styles in the dialog: layers and picture files, each with tick, weight and brush."""

from pathlib import Path

from scumble.host import Layer
from scumble.hosts.krita.canvas import fitted, pixels_of
from scumble.hosts.krita.knobs import NumberKnob, SliderKnob
from scumble.hosts.krita.qt import Qt, QtCore, QtGui, QtWidgets, Signal
from scumble.parameters import STYLE_PARAMETERS
from scumble.session import StyleChoice

SIDE = 40  # px of a thumbnail
WEIGHT, BRUSH = (
    next(each for each in STYLE_PARAMETERS if each.name == name)
    for name in ("weight", "brush_size")
)


class StyleRow(QtWidgets.QWidget):
    """One style that may be used. source: a layer's id, or a picture file."""

    changed = Signal()

    def __init__(self, source: str | Path, name: str, visible: bool = True, parent=None):
        super().__init__(parent)
        self.source, self.name = source, name
        self.tick = QtWidgets.QCheckBox()
        self.tick.setAccessibleName(name)
        self.picture = QtWidgets.QLabel()
        self.picture.setFixedSize(SIDE, SIDE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label = QtWidgets.QLabel()
        self.label.setMinimumWidth(90)
        self.label.setToolTip(str(source) if isinstance(source, Path) else name)
        self._visible = visible  # in the document
        self.weight = SliderKnob(WEIGHT)
        self.weight.setFixedWidth(160)
        self.brush = NumberKnob(BRUSH)
        self.brush.setPrefix("brush ")
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(10)
        row.addWidget(self.tick)
        row.addWidget(self.picture)
        row.addWidget(self.label, 1)
        row.addWidget(self.weight)
        row.addWidget(self.brush)
        self.tick.toggled.connect(self._toggled)
        self.weight.changed.connect(self.changed)
        self.brush.changed.connect(self.changed)
        self._toggled(False)

    def choice(self) -> StyleChoice:
        return StyleChoice(self.source, self.weight.value(), self.brush.value())

    def set(self, choice: StyleChoice) -> None:
        self.tick.setChecked(True)
        self.weight.set(choice.weight)
        self.brush.set(choice.brush_size)

    def show_picture(self, image) -> None:
        """A swatch of a few pixels fills its place too."""
        if not image.isNull():
            pixmap = QtGui.QPixmap.fromImage(fitted(image, pixels_of(SIDE, self)))
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self.picture.setPixmap(pixmap)

    def mouseReleaseEvent(self, event) -> None:
        """A click anywhere in the row ticks it."""
        self.tick.toggle()

    def resizeEvent(self, event) -> None:
        room = max(40, self.label.width())
        metrics = self.label.fontMetrics()
        self.label.setText(metrics.elidedText(self.name, Qt.TextElideMode.ElideMiddle, room))

    def _toggled(self, on: bool) -> None:
        self.label.setEnabled(on or self._visible)
        for field in (self.weight, self.brush):
            # kept in its place when unseen, so that the names do not move
            policy = field.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            field.setSizePolicy(policy)
            field.setVisible(on)
        self.changed.emit()


class StyleList(QtWidgets.QScrollArea):
    """All candidates; what the artist ticked and weighed stays when the list is made anew."""

    changed = Signal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.rows: list[StyleRow] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(150)
        self._empty = QtWidgets.QLabel(
            "This document has no other layer.\nAdd a picture file to paint like."
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setEnabled(False)
        inside = QtWidgets.QWidget()
        self._column = QtWidgets.QVBoxLayout(inside)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(0)
        self._column.addWidget(self._empty, 1)
        self._column.addStretch(1)
        self.setWidget(inside)

    def fill(self, layers: list[Layer], ticked: list[str]) -> None:
        """The document's candidates, in its order; picture files stay."""
        before = {row.source: row for row in self.rows}
        files = [row for row in self.rows if isinstance(row.source, Path)]
        rows = [self._row(each.id, each.name, each.visible) for each in layers]
        for row in rows:
            old = before.get(row.source)
            row.tick.setChecked(old.tick.isChecked() if old else row.source in ticked)
            if old:
                row.weight.set(old.weight.value())
                row.brush.set(old.brush.value())
        for row in self.rows:
            if row not in files:
                row.setParent(None)
                row.deleteLater()
        self.rows = []
        for row in rows + files:
            self._place(row)
        self._show()

    def offer_file(self, path: Path) -> StyleRow:
        """A picture file's row; the one that is there already, if it is."""
        row = next((row for row in self.rows if row.source == path), None)
        if row is None:
            row = self._row(path, path.stem)
            self._place(row)
            self._show()
        return row

    def add_file(self, path: Path, image) -> None:
        """A picture file, ticked and seen."""
        row = self.offer_file(path)
        row.show_picture(image)
        row.tick.setChecked(True)
        QtCore.QTimer.singleShot(0, lambda: self.ensureWidgetVisible(row))

    def choose(self, choices: list[StyleChoice]) -> None:
        """Tick and weigh exactly these, so far as they are in the list; picture files come in."""
        wanted = {each.source: each for each in choices}
        for source in wanted:
            if isinstance(source, Path):
                self.offer_file(source)
        for row in self.rows:
            row.tick.setChecked(False)
            if row.source in wanted:
                row.set(wanted[row.source])

    def hide_source(self, content: str) -> None:
        """The layer to repaint is no style of itself."""
        for row in self.rows:
            row.setVisible(row.source != content)
        self._show()

    def choices(self, content: str) -> list[StyleChoice]:
        return [row.choice() for row in self.rows if row.tick.isChecked() and row.source != content]

    def _row(self, source: str | Path, name: str, visible: bool = True) -> StyleRow:
        row = StyleRow(source, name, visible)
        row.changed.connect(self.changed)
        return row

    def _place(self, row: StyleRow) -> None:
        """Below all others: above the stretch that ends the list."""
        self.rows.append(row)
        self._column.removeWidget(row)  # where it was there already, and would count
        self._column.insertWidget(self._column.count() - 1, row)

    def _show(self) -> None:
        self._empty.setVisible(all(row.isHidden() for row in self.rows))
        self.changed.emit()
