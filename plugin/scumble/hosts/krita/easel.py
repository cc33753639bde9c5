"""The dialog's left side: the layer to repaint, its picture, and how far the painting is."""

from collections.abc import Callable

from scumble.guard import guarded
from scumble.host import Layer
from scumble.hosts import words
from scumble.hosts.krita.canvas import Canvas, image_of, pixels_of, place_in
from scumble.hosts.krita.host import KritaHost
from scumble.hosts.krita.knobs import click_before_wheel
from scumble.hosts.krita.qt import QtWidgets, Signal
from scumble.hosts.krita.widgets import column_of, heading, keep_room
from scumble.pixels import Extent, Pixels
from scumble.protocol import EstimateReply, Progress

CANVAS_SIDE = 512  # px of the picture that is shown before painting


class Easel(QtWidgets.QWidget):
    """changed: another layer is to be repainted. say tells a sentence."""

    changed = Signal()

    def __init__(self, host: KritaHost, say: Callable[[str], None]):
        super().__init__()
        self._host, self._say = host, say
        self._whole = Extent(0, 0, 1, 1)  # of the layer that is painted
        self.content = QtWidgets.QComboBox()
        self.content.setAccessibleName("Layer to repaint")
        self.content.setToolTip("The layer to repaint. It stays as it is; the result lies above it")
        click_before_wheel(self.content)
        self.canvas = Canvas()
        self.progress = QtWidgets.QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.stage = QtWidgets.QLabel(" ")
        self.stage.setWordWrap(True)
        column = column_of(self)
        column.addLayout(heading("Repaint"))
        column.addWidget(self.content)
        column.addWidget(self.canvas, 1)
        for widget in (self.progress, self.stage):
            keep_room(widget)
            widget.hide()
            column.addWidget(widget)
        self.content.currentIndexChanged.connect(self._choose)

    def layer(self) -> str:
        """The id of the layer to repaint; nothing where there is none."""
        return self.content.currentData() or ""

    def fill(self, layers: list[Layer], chosen: str) -> None:
        """Offer these layers, and choose one of them, the first where that one is not there."""
        self.content.blockSignals(True)
        self.content.clear()
        for layer in layers:
            self.content.addItem(layer.name, layer.id)
        self.choose(chosen)
        self.content.blockSignals(False)
        self._choose()

    def choose(self, layer: str) -> None:
        self.content.setCurrentIndex(max(0, self.content.findData(layer)))

    def show_estimate(self, found: EstimateReply) -> None:
        self.stage.setText(found.message or words.estimate(found))
        self.stage.show()

    def begin(self, layer: str) -> None:
        """A job begins; the layer stays the one that is painted, whatever is clicked."""
        self.choose(layer)
        self._show_content(layer)
        self._whole = self._host.extent(layer)
        self._set_painting(True)

    def show_stage(self, stage: str) -> None:
        self.stage.setText(words.sentence_case(stage))

    def show_progress(self, progress: Progress) -> None:
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(1000 * progress.fraction))
        self.show_stage(words.progress(progress))

    def show_preview(self, pixels: Pixels, extent: Extent) -> None:
        """extent: of what is painted, in document pixels."""
        self.canvas.show_painting(image_of(pixels), place_in(extent, self._whole))

    def end(self, stage: str) -> None:
        """The job is over; stage: what there is to tell of it, or nothing."""
        self._set_painting(False)
        if stage:
            self.show_stage(stage)
            self.stage.show()

    def _show_content(self, layer: str) -> None:
        side = pixels_of(CANVAS_SIDE, self)
        self.canvas.show_content(self._host.thumbnail(layer, side))

    def _set_painting(self, on: bool) -> None:
        self.content.setEnabled(not on)
        for widget in (self.progress, self.stage):
            widget.setVisible(on)
        self.progress.setRange(0, 0 if on else 1000)

    def _tell(self, message: str) -> None:
        self._say(message)

    @guarded(_tell)
    def _choose(self, *_) -> None:
        if layer := self.layer():
            self._show_content(layer)
            self.changed.emit()
