"""The dialog: one for a document, open beside it while the artist goes on painting."""

import contextlib
from pathlib import Path

from scumble import parameters, presets
from scumble.errors import InputError, LayerError
from scumble.guard import guarded
from scumble.hosts.krita import memory
from scumble.hosts.krita.canvas import Canvas, image_of, place_in
from scumble.hosts.krita.host import MERGED, READABLE
from scumble.hosts.krita.knobs import NoScroll
from scumble.hosts.krita.memory import Record
from scumble.hosts.krita.offer import Offer
from scumble.hosts.krita.painting import Painting
from scumble.hosts.krita.qt import Qt, QtCore, QtGui, QtWidgets
from scumble.hosts.krita.settings import Settings
from scumble.hosts.krita.statusline import StatusLine
from scumble.hosts.krita.styles import SIDE, StyleList
from scumble.pixels import Extent
from scumble.unclaimed import Unclaimed

WIDTH, HEIGHT = 900, 560  # px, to begin with
CANVAS_SIDE = 512  # px of the picture that is shown before painting
FILES = "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp)"
PRIVATE = "Your pictures stay on this computer."
PAUSE = 400  # ms without a change, before it is asked how long the job would take
GLANCE = 5000  # ms between looks at the backend, while the dialog is seen


class Dialog(QtWidgets.QDialog):
    def __init__(self, document, window):
        super().__init__(window.qwindow())
        self._window = window
        self.setObjectName("scumble_dialog")
        self.setWindowTitle("Scumble: Style Transfer")
        self.painting = Painting(document, self)
        self._last: Record | None = None  # what Repeat does again
        self._recalled = ""  # the result whose settings are shown
        self._whole = Extent(0, 0, 1, 1)  # of the layer that is painted
        self._thumbnails: list = []  # rows that have no picture yet
        self._build()
        self._connect()
        self.settings.fill(presets.load().get(presets.LAST, parameters.defaults()))
        for path in presets.pictures():
            self.styles.offer_file(path)

    def is_over(self) -> bool:
        """Whether nobody needs this dialog any more: its document is closed."""
        return not (self.painting.busy or self.painting.host.is_open())

    def say(self, message: str) -> None:
        """A sentence for the artist, here, or over the picture where the dialog is not seen."""
        self.message.setText(message)
        self.message.setVisible(bool(message))
        if message and not self.isVisible():
            self._float(message)

    # Made once

    def _build(self) -> None:
        columns = QtWidgets.QHBoxLayout()
        columns.setSpacing(18)
        columns.addLayout(self._build_left(), 5)
        columns.addLayout(self._build_right(), 6)
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 14)
        whole.setSpacing(12)
        whole.addLayout(columns, 1)
        self.offer = Offer(self._insert, self.say)
        whole.addWidget(self.offer)
        whole.addWidget(self._build_message())
        whole.addLayout(self._build_foot())
        self.resize(WIDTH, HEIGHT)

    def _build_left(self):
        """What is painted, and how far it is."""
        self.content = QtWidgets.QComboBox()
        self.content.setAccessibleName("Layer to repaint")
        self.content.setToolTip("The layer to repaint. It stays as it is; the result lies above it")
        self.canvas = Canvas()
        self.progress = QtWidgets.QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.stage = QtWidgets.QLabel(" ")
        self.stage.setWordWrap(True)
        for widget in (self.progress, self.stage):
            _keep_room(widget)
            widget.hide()
        column = QtWidgets.QVBoxLayout()
        column.addWidget(_heading("Repaint"))
        column.addWidget(self.content)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.progress)
        column.addWidget(self.stage)
        return column

    def _build_right(self):
        """The styles, and how to paint."""
        self.styles = StyleList()
        self.add = QtWidgets.QPushButton("Add picture file...")
        self.add.setAutoDefault(False)
        self.settings = Settings(self.say)
        self._no_scroll = NoScroll(self)
        for field in [*self.settings.knobs.values(), self.content]:
            for each in [field, *field.findChildren(QtWidgets.QWidget)]:
                each.installEventFilter(self._no_scroll)
                each.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = QtWidgets.QHBoxLayout()
        head.addWidget(_heading("In the style of"), 1)
        head.addWidget(self.add)
        column = QtWidgets.QVBoxLayout()
        column.addLayout(head)
        column.addWidget(self.styles, 1)
        column.addSpacing(6)
        head = QtWidgets.QHBoxLayout()
        head.addWidget(_heading("How to paint"), 1)
        head.addWidget(self.settings.presets)
        column.addLayout(head)
        column.addWidget(self.settings)
        return column

    def _build_message(self):
        self.message = QtWidgets.QLabel()
        self.message.setObjectName("scumble_sentence")
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self.message.setMargin(8)
        self.message.hide()
        return self.message

    def _build_foot(self):
        self.status = StatusLine(self.painting.look, self.say)
        private = QtWidgets.QLabel(PRIVATE)
        private.setEnabled(False)
        self.keep = QtWidgets.QPushButton("Stop and keep this result")
        self.keep.setAutoDefault(False)
        self.keep.hide()
        self.cancel = QtWidgets.QPushButton("Close")
        self.cancel.setAutoDefault(False)
        self.apply = QtWidgets.QPushButton("Apply")
        self.apply.setDefault(True)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.status)
        row.addSpacing(10)
        row.addWidget(private)
        row.addStretch(1)
        for button in (self.keep, self.cancel, self.apply):
            button.setMinimumWidth(96)
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        painting = self.painting
        painting.staged.connect(self._show_stage)
        painting.status.connect(self._show_status)
        painting.progressed.connect(self._show_progress)
        painting.previewed.connect(self._show_preview)
        painting.said.connect(self.say)
        painting.estimated.connect(self._show_estimate)
        painting.ended.connect(self._show_end)
        self.apply.clicked.connect(self._apply)
        self.cancel.clicked.connect(self._cancel)
        self.keep.clicked.connect(self._keep)
        self.add.clicked.connect(self._ask_for_file)
        self.content.currentIndexChanged.connect(self._show_content)
        self.styles.changed.connect(self._show_readiness)
        self.settings.resized.connect(self._fit)
        self._lazy = QtCore.QTimer(self)
        self._lazy.setInterval(0)
        self._lazy.timeout.connect(self._draw_next_thumbnail)
        self._pause = QtCore.QTimer(self)
        self._pause.setInterval(PAUSE)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._ask_estimate)
        for each in (self.settings, self.styles):
            each.changed.connect(self._pause.start)
        self._glances = QtCore.QTimer(self)
        self._glances.setInterval(GLANCE)
        self._glances.timeout.connect(self._glance)
        self._glances.start()

    # The document

    def look_at_document(self) -> None:
        """Show its layers as they are now, and see to it that the backend runs."""
        host = self.painting.host
        layers = [each for each in host.layers() if each.kind in READABLE]
        active = host.active_layer()
        selected = host.selected_layers()
        candidates = [each for each in layers if each.id != MERGED]
        self.styles.fill(candidates, [each for each in selected if active and each != active.id])
        self._fill_contents(layers, active)
        self._recall(active.id if active else "")
        self._thumbnails = list(self.styles.rows)
        self._lazy.start()
        self.offer.look(host.title())
        self.status.show_busy("Looking for the backend")
        self.painting.look()

    def _fill_contents(self, layers: list, active) -> None:
        readable = {each.id for each in layers}
        self.say("")
        chosen = active.id if active else ""
        if active and active.id not in readable:
            self.say(
                f"{active.name!r} is a filter layer, without pixels of its own: all that is "
                "visible is taken instead, or choose another layer."
            )
            chosen = MERGED
        self.content.blockSignals(True)
        self.content.clear()
        for layer in layers:
            self.content.addItem(layer.name, layer.id)
        place = self.content.findData(chosen)
        self.content.setCurrentIndex(place if place >= 0 else 0)
        self.content.blockSignals(False)
        self._show_content()

    def _recall(self, layer: str) -> None:
        """Of a result: how it was painted, and the original that it was painted from. At first:
        how the newest result of the document was painted."""
        host = self.painting.host
        record = memory.of_layer(host, layer)
        if record and host.is_there(record.content):
            self.content.setCurrentIndex(max(0, self.content.findData(record.content)))
        if self._last is None:
            record = record or memory.newest(host)
        elif layer == self._recalled:
            return  # the artist may have changed what is shown
        if record:
            self._last, self._recalled = record, layer
            self.settings.fill(record.values)
            self.styles.choose(record.choices)

    @guarded(say)
    def _show_content(self, *_) -> None:
        content = self.content.currentData()
        if content:
            self.canvas.show_content(self.painting.host.thumbnail(content, CANVAS_SIDE))
            self.styles.hide_source(content)

    @guarded(say)
    def _draw_next_thumbnail(self) -> None:
        """One at a time, so that a document of many layers opens the dialog at once."""
        if not self._thumbnails:
            self._lazy.stop()
            return
        row = self._thumbnails.pop(0)
        if isinstance(row.source, Path):
            row.show_picture(self.painting.host.picture_thumbnail(row.source, SIDE))
        elif self.painting.host.is_there(row.source):
            row.show_picture(self.painting.host.thumbnail(row.source, SIDE))

    @guarded(say)
    def _ask_for_file(self, *_) -> None:
        names, _ = QtWidgets.QFileDialog.getOpenFileNames(self, "Add picture", "", FILES)
        for name in names:
            self.add_file(Path(name))

    @guarded(say)
    def add_file(self, path: Path) -> None:
        pixels = self.painting.host.read_picture(path)
        small = image_of(pixels).scaled(
            SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )  # fmt: skip
        self.styles.add_file(path, small)

    def _insert(self, result: Unclaimed) -> None:
        """A result that was kept, above the layer to repaint."""
        above = self.content.currentData() or MERGED
        self.painting.host.insert(result.pixels(), result.name, above)

    # The settings

    def _remember(self, choices: list, values: dict) -> None:
        files = [each.source for each in choices if isinstance(each.source, Path)]
        try:
            presets.save(presets.LAST, values)
            presets.remember_pictures(files)
        except InputError as error:
            self.say(str(error))

    # Painting

    @guarded(say)
    def _apply(self, *_) -> None:
        self.say("")
        content = self.content.currentData()
        if content is None:
            raise LayerError("This document is closed, or has no layer to repaint.")
        values, choices = self.settings.values(), self.styles.choices(content)
        self._remember(choices, values)
        self._start(Record(content, choices, values))

    def repeat(self) -> bool:
        """Do the last job again; False where there was none."""
        if self._last is None:
            return False
        content, choices = self._last.content, self._last.choices
        active = self.painting.host.active_layer()
        styles = [choice.source for choice in choices]
        if active and active.kind in READABLE and active.id not in styles:
            record = memory.of_layer(self.painting.host, active.id)
            content = record.content if record else active.id  # not of a result, of its original
        self._float("Scumble paints again...")
        self._start(Record(content, choices, self._last.values))
        return True

    def _start(self, record: Record) -> None:
        content = record.content
        self.painting.start(content, record.choices, record.values)
        self._last = record
        self.content.setCurrentIndex(max(0, self.content.findData(content)))
        self.canvas.show_content(self.painting.host.thumbnail(content, CANVAS_SIDE))
        self._whole = self.painting.host.extent(content)
        self._set_painting(True)
        self._show_stage("Looking for the backend")

    @guarded(say)
    def _cancel(self, *_) -> None:
        if self.painting.busy:
            self.painting.cancel()
        else:
            self.close()

    @guarded(say)
    def _keep(self, *_) -> None:
        self.keep.setEnabled(False)
        self.painting.keep()

    def _set_painting(self, on: bool) -> None:
        self.cancel.setText("Cancel" if on else "Close")
        self.content.setEnabled(not on)  # the picture is the one that is painted
        for widget in (self.progress, self.stage):
            widget.setVisible(on)
        self.keep.setVisible(on)
        self.keep.setEnabled(False)  # until there is something to keep
        self.progress.setRange(0, 0 if on else 1000)
        self._show_readiness()

    def _show_readiness(self, *_) -> None:
        """Apply is grey while painting, and without a style, and says why."""
        ticked = bool(self.styles.choices(self.content.currentData()))
        self.apply.setEnabled(ticked and not self.painting.busy)
        self.apply.setToolTip("" if ticked else "Tick at least one style")

    @guarded(say)
    def _show_stage(self, stage: str) -> None:
        self.stage.setText(_sentence_case(stage))
        if not self.painting.busy:
            self.status.show_busy(_sentence_case(stage))

    @guarded(say)
    def _show_progress(self, progress) -> None:
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(1000 * progress.fraction))
        left = f", {_time(progress.seconds_left)} left" if progress.seconds_left >= 0 else ""
        self._show_stage(progress.stage + left)
        self.status.show_busy("Painting")

    @guarded(say)
    def _show_preview(self, pixels) -> None:
        if not self.canvas.has_painting():
            self.keep.setEnabled(True)
        assert self.painting.extent is not None
        self.canvas.show_painting(image_of(pixels), place_in(self.painting.extent, self._whole))

    @guarded(say)
    def _show_end(self, state: str) -> None:
        self._set_painting(False)
        if state == "done" and (name := self.painting.result_name):
            if not self.isVisible():
                self._float(f"Painted: {name}")
            if (layer := self.painting.host.inserted) and self._last:
                memory.remember(self.painting.host, layer, self._last)
                self._recalled = layer
            self.stage.setText(f"Done. The new layer is {name!r}.")
            self.stage.show()
        self.painting.look()
        if not self.painting.host.is_open():
            self.hide()

    @guarded(say)
    def _show_status(self, status) -> None:
        if isinstance(status, str):
            self.say(status)
        if isinstance(status, str) or status is None:
            self.status.show_off()
        elif not self.painting.busy:
            self.status.show_status(status)
            if not self.stage.isVisible():
                self._pause.start()

    @guarded(say)
    def _ask_estimate(self) -> None:
        """What Apply would take; where it would not even start, Apply says why."""
        with contextlib.suppress(InputError):
            content = self.content.currentData()
            self.painting.estimate(content, self.styles.choices(content), self.settings.values())

    @guarded(say)
    def _show_estimate(self, found) -> None:
        if not self.painting.busy:
            self.stage.setText(found.message or _estimate(found))
            self.stage.show()

    @guarded(say)
    def _glance(self) -> None:
        if self.isVisible() and not self.painting.busy:
            self.painting.glance()

    @guarded(say)
    def _fit(self) -> None:
        """Grow for what was unfolded, as far as the screen goes."""
        self.layout().activate()
        screen = self.screen().availableGeometry()
        frame = self.frameGeometry().height() - self.height()
        height = min(max(HEIGHT, self.sizeHint().height()), screen.height() - frame)
        self.resize(self.width(), height)
        lowest = screen.bottom() - height - frame
        if self.isVisible() and self.y() > lowest:  # before, it is not placed yet
            self.move(self.x(), max(screen.top(), lowest))

    def _float(self, message: str) -> None:
        """A message over the picture, which goes by itself."""
        view = self._window.activeView()
        if view:
            view.showFloatingMessage(message, QtGui.QIcon(), 4000, 1)

    def reject(self) -> None:
        """Escape and the window's own button: what is being painted goes on."""
        self.hide()


def _heading(text: str):
    label = QtWidgets.QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def _keep_room(widget) -> None:
    """The space stays when the widget is hidden, so that nothing jumps."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _estimate(found) -> str:
    memory = f"{max(0.1, found.memory / 2**30):.1f} GB"
    return f"Takes about {_time(found.seconds)} and {memory} at {found.width} x {found.height} px."


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
