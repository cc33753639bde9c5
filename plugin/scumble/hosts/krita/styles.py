"""The list of styles in the dialog: layers and picture files, each with tick, weight and brush."""

from scumble.guard import told
from scumble.hosts.krita.canvas import fitted, image_of, pixels_of
from scumble.hosts.krita.host import KritaHost
from scumble.hosts.krita.knobs import NumberKnob, SliderKnob
from scumble.hosts.krita.qt import Krita, Qt, QtCore, QtGui, QtWidgets
from scumble.hosts.krita.widgets import ShortLabel, about, column_of, drop, fill, heading, keep_room
from scumble.language import tr
from scumble.parameters import style
from scumble.pixels import Pixels
from scumble.presenter import manual, menus, words
from scumble.presenter.drawing import Drawing
from scumble.presenter.presenter import Presenter
from scumble.presenter.rowlist import RowList
from scumble.presenter.styles import Row, Source
from scumble.presenter.thumbnails import SIDE

NAME = 70  # px at least
LAYERS = "application/x-krita-node-internal-pointer"  # as Krita marks what its docker gives
WEIGHT, BRUSH = style("weight"), style("brush_size")


class StyleRow(QtWidgets.QWidget):
    """One style. What the artist does with it goes to the presenter."""

    def __init__(self, row: Row, presenter: Presenter):
        super().__init__()
        self.source, self._presenter = row.source, presenter
        self._drawing = Drawing()
        self.setObjectName("scumble_row")
        self.tick = QtWidgets.QCheckBox()
        self.picture = QtWidgets.QLabel()
        self.picture.setFixedSize(SIDE, SIDE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label = ShortLabel(hint=row.hint if row.is_file else "")
        self.label.setMinimumWidth(NAME)
        self.weight = SliderKnob(WEIGHT)
        self.weight.setFixedWidth(150)
        self.brush = NumberKnob(BRUSH)
        self.brush.setPrefix(tr("brush "))
        self.said = ShortLabel()
        self.said.setEnabled(False)
        self.colour = QtWidgets.QLabel(words.SWATCH)
        self.below = QtWidgets.QWidget()
        self.below.setSizePolicy(self.said.sizePolicy())
        says = QtWidgets.QHBoxLayout(self.below)
        says.setContentsMargins(0, 0, 0, 0)
        says.setSpacing(4)
        says.addWidget(self.colour)
        says.addWidget(self.said, 1)
        self.more = QtWidgets.QToolButton()
        self.more.setText(words.MORE)
        self.more.setToolTip(words.MORE_HINT)
        self.more.setAccessibleName(words.MORE_HINT)
        self.more.setAutoRaise(True)
        self.more.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QtWidgets.QMenu(self))
        self.remove = QtWidgets.QToolButton()
        self.remove.setText("✕")
        self.remove.setAutoRaise(True)
        self.remove.setToolTip(tr("Remove this picture file from the list"))
        for field in (self.weight, self.brush, self.more, self.remove):
            keep_room(field)
        for field, topic in (
            (self.weight, manual.of_style(WEIGHT)), (self.brush, manual.of_style(BRUSH)),
            (self.more, manual.WHERE),
        ):  # fmt: skip
            about(field, topic)
        line = QtWidgets.QHBoxLayout(self)
        line.setContentsMargins(8 + row.indent, 3, 4, 3)
        line.setSpacing(8)
        for widget in (self.tick, self.picture):
            line.addWidget(widget)
        called = QtWidgets.QVBoxLayout()
        called.setSpacing(0)
        called.addWidget(self.label)
        called.addWidget(self.below)
        line.addLayout(called, 1)
        for widget in (self.weight, self.brush, self.more, self.remove):
            line.addWidget(widget)
        self.remove.setVisible(row.is_file)  # before, it would be a window of its own
        self._connect()
        self.draw(row)

    def _connect(self) -> None:
        source, tell, artist = self.source, self._presenter.choosing, self._drawing.unless
        self.tick.toggled.connect(artist(lambda: tell.tick(source, self.tick.isChecked())))
        for field, act in ((self.weight, tell.set_weight), (self.brush, tell.set_brush_size)):
            field.changed.connect(artist(lambda act=act, field=field: act(source, field.value())))
        self.more.menu().aboutToShow.connect(
            lambda: fill(self.more.menu(), menus.of_style(self._presenter, self._row))
        )
        self.remove.clicked.connect(lambda *_: tell.remove_file(source))

    def draw(self, row: Row) -> None:
        self._row = row
        self.label.tell(row.name)
        self.said.tell(row.said)
        self.below.setVisible(bool(row.said))
        self.colour.setStyleSheet(f"color: {row.colour}" if row.colour else "")
        self.colour.setVisible(bool(row.colour))
        self.more.setVisible(row.ticked)
        self.label.setEnabled(row.ticked or row.visible)
        self.tick.setAccessibleName(row.name)
        for field, number in ((self.weight, row.weight), (self.brush, row.brush_size)):
            field.setVisible(row.ticked)
            if field.value() != number:
                with self._drawing:
                    field.set(number)
        with self._drawing:
            self.tick.setChecked(row.ticked)

    def show_picture(self, small: Pixels) -> None:
        """A swatch of a few pixels fills its place too."""
        pixmap = QtGui.QPixmap.fromImage(fitted(image_of(small), pixels_of(SIDE, self)))
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(pixmap)

    def mouseReleaseEvent(self, event) -> None:
        """A click anywhere in the row ticks it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.tick.toggle()

    def keyPressEvent(self, event) -> None:
        """Delete takes a picture file away, as in other lists."""
        if event.key() == Qt.Key.Key_Delete:
            self._presenter.choosing.remove_file(self.source)
        else:
            super().keyPressEvent(event)


class StyleList(QtWidgets.QWidget):
    """The rows under their heading, and the button that adds files."""

    def __init__(self, presenter: Presenter, host: KritaHost):
        super().__init__()
        self._presenter, self._host = presenter, host
        self.setAcceptDrops(True)
        about(self, manual.STYLES)
        self.rows = RowList(lambda row: StyleRow(row, presenter), self._put, drop)
        self.add = QtWidgets.QPushButton(tr("Add picture file..."))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(lambda *_: presenter.choosing.ask_for_files())
        self._empty = QtWidgets.QLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setEnabled(False)
        self._inside = QtWidgets.QWidget()
        self._lines = QtWidgets.QVBoxLayout(self._inside)
        self._lines.setContentsMargins(0, 4, 0, 4)
        self._lines.setSpacing(0)
        self._lines.addWidget(self._empty, 1)
        self._lines.addStretch(1)
        self.area = QtWidgets.QScrollArea()
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setMinimumHeight(150)
        self.area.setWidget(self._inside)
        column = column_of(self)
        head = heading("", self.add)
        self.heading = head.itemAt(0).widget()
        column.addLayout(head)
        column.addWidget(self.area, 1)
        self.frame = QtWidgets.QRubberBand(QtWidgets.QRubberBand.Shape.Rectangle, self)

    def draw(self, rows: tuple[Row, ...], empty: str) -> bool:
        """Show these; whether there are others than before, or they lie in another order."""
        others, newly = self.rows.draw(rows)
        self.heading.setText(self.rows.heading)
        self._empty.setText(empty)
        self._empty.setVisible(bool(empty))
        if others:
            self._fit()
        if newly is not None:
            QtCore.QTimer.singleShot(0, lambda: self._reveal(newly))
        return others

    def _say(self, message: str) -> None:
        self._presenter.say(message)

    @told
    def dragMoveEvent(self, event) -> None:
        """Picture files, and layers of the document from its docker, are dropped anywhere on the
        list, which is framed meanwhile."""
        known = event.mimeData().hasUrls() or self._are_layers(event)
        takes = known and self._presenter.state.takes_files
        event.setDropAction(Qt.DropAction.CopyAction)  # whoever gives them keeps them
        event.setAccepted(takes)
        self.frame.setGeometry(self.area.geometry())
        self.frame.setVisible(takes)

    dragEnterEvent = dragMoveEvent

    @told
    def dragLeaveEvent(self, event) -> None:
        self.frame.hide()

    @told
    def dropEvent(self, event) -> None:
        self.frame.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if self._are_layers(event):  # Krita tells no more of them; but they are the selected ones
            self._presenter.choosing.take_layers(self._host.selected_layers())
            return
        addresses = [bytes(each.toEncoded()).decode() for each in event.mimeData().urls()]
        self._presenter.choosing.add_files(addresses)

    def _are_layers(self, event) -> bool:
        """Whether layers of this dialog's document are dragged, in this Krita."""
        of_krita = event.mimeData().hasFormat(LAYERS) and event.source() is not None
        return of_krita and Krita.instance().activeDocument() == self._host.document

    def chain(self) -> list:
        """What Tab goes through, in its order."""
        fields = [
            field
            for each in self.rows.all.values()
            for field in (each.tick, each.weight.slider, each.weight.number, each.brush, each.more)
        ]
        return [self.add, *fields]

    def _put(self, widget: StyleRow, place: int) -> None:
        self._lines.removeWidget(widget)
        self._lines.insertWidget(1 + place, widget)

    def _fit(self) -> None:
        """Wide enough for a row beside the scroll bar, so that no field is cut off."""
        bar = self.area.verticalScrollBar().sizeHint().width() + 2 * self.area.frameWidth()
        self.area.setMinimumWidth(self._inside.minimumSizeHint().width() + bar)

    def _reveal(self, source: Source) -> None:
        if row := self.rows.all.get(source):
            self.area.ensureWidgetVisible(row)
