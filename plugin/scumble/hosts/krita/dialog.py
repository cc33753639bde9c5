"""The dialog: one for a document, open beside it while the artist goes on painting."""

import contextlib
from pathlib import Path

from scumble import parameters, presets
from scumble.errors import InputError, LayerError
from scumble.guard import guarded
from scumble.host import Layer
from scumble.hosts import words
from scumble.hosts.krita import memory
from scumble.hosts.krita.easel import Easel
from scumble.hosts.krita.foot import Foot
from scumble.hosts.krita.host import MERGED, READABLE, KritaHost
from scumble.hosts.krita.loop import MainLoop
from scumble.hosts.krita.memory import Record
from scumble.hosts.krita.offer import Offer
from scumble.hosts.krita.qt import QtCore, QtGui, QtWidgets
from scumble.hosts.krita.settings import Settings
from scumble.hosts.krita.stylepane import StylePane
from scumble.hosts.krita.widgets import Sentence
from scumble.hosts.painting import Painting
from scumble.unclaimed import Unclaimed

WIDTH, HEIGHT = 900, 560  # px, to begin with
PAUSE = 400  # ms without a change, before it is asked how long the job would take
GLANCE = 5000  # ms between looks at the backend, while the dialog is seen


class Dialog(QtWidgets.QDialog):
    def __init__(self, document, window):
        super().__init__(window.qwindow())
        self._window = window
        self.setObjectName("scumble_dialog")
        self.setWindowTitle("Scumble: Style Transfer")
        self.painting = Painting(KritaHost(document, self), MainLoop(self), self)
        self._last: Record | None = None  # what Repeat does again
        self._recalled = ""  # the result whose settings are shown
        self._build()
        self._connect()
        self._start_clocks()
        self.settings.fill(presets.load().get(presets.LAST, parameters.defaults()))
        for path in presets.pictures():
            self.styles.offer_file(path)

    def is_over(self) -> bool:
        """Whether nobody needs this dialog any more: its document is closed."""
        return not (self.painting.busy or self.painting.host.is_open())

    def say(self, message: str) -> None:
        """A sentence for the artist, here, or over the picture where the dialog is not seen."""
        self.message.tell(message)
        if message and not self.isVisible():
            self._float(message)

    # Made once

    def _build(self) -> None:
        host = self.painting.host
        self.easel = Easel(host, self.say)
        self.style_pane = StylePane(host, self.say)
        self.styles = self.style_pane.list
        self.settings = Settings(self.say)
        self.offer = Offer(self._insert, self.say)
        self.message = Sentence()
        self.foot = Foot(self.painting.look, self.say)
        self.status = self.foot.status
        right = QtWidgets.QVBoxLayout()
        right.addWidget(self.style_pane, 1)
        right.addSpacing(6)
        right.addWidget(self.settings)
        columns = QtWidgets.QHBoxLayout()
        columns.setSpacing(18)
        columns.addWidget(self.easel, 5)
        columns.addLayout(right, 6)
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 14)
        whole.setSpacing(12)
        whole.addLayout(columns, 1)
        for widget in (self.offer, self.message, self.foot):
            whole.addWidget(widget)
        self.resize(WIDTH, HEIGHT)

    def _connect(self) -> None:
        foot = self.foot
        foot.apply.clicked.connect(self._apply)
        foot.cancel.clicked.connect(self._cancel)
        foot.keep.clicked.connect(self._keep)
        self.easel.changed.connect(self._show_content)
        self.styles.changed.connect(self._show_readiness)
        self.settings.resized.connect(self._fit)

    def _start_clocks(self) -> None:
        """One that waits for the artist to pause, one that looks at the backend."""
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
        self.easel.fill(layers, self._choose_content(active))
        self._recall(active.id if active else "")
        self.style_pane.draw_thumbnails()
        self.offer.look(host.title())
        self.status.show_busy(words.LOOKING)
        self.painting.look()

    def _choose_content(self, active: Layer | None) -> str:
        """The layer to repaint to begin with, and a sentence where it is not the active one."""
        chosen, sentence = active.id if active else "", ""
        if mask := active and self.painting.host.active_mask():
            sentence = f"{mask!r} is a mask: the layer that it masks is taken."
        if active and active.kind not in READABLE:
            chosen = MERGED
            sentence = (
                f"{active.name!r} is a filter layer, without pixels of its own: all that is "
                "visible is taken instead, or choose another layer."
            )
        self.say(sentence)
        return chosen

    def _recall(self, layer: str) -> None:
        """Of a result: how it was painted, and the original that it was painted from. At first:
        how the newest result of the document was painted."""
        host = self.painting.host
        record = memory.of_layer(host, layer)
        if record and host.is_there(record.content):
            self.easel.choose(record.content)
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
        self.styles.hide_source(self.easel.layer())

    def _insert(self, result: Unclaimed) -> None:
        """A result that was kept, above the layer to repaint."""
        self.painting.host.insert(result.pixels(), result.name, self.easel.layer() or MERGED)

    # Painting

    @guarded(say)
    def _apply(self, *_) -> None:
        self.say("")
        content = self.easel.layer()
        if not content:
            raise LayerError("This document is closed, or has no layer to repaint.")
        values, choices = self.settings.values(), self.styles.choices(content)
        self._remember(choices, values)
        self._start(Record(content, choices, values))

    def _remember(self, choices: list, values: dict) -> None:
        """For the next time, and for other documents."""
        files = [each.source for each in choices if isinstance(each.source, Path)]
        try:
            presets.save(presets.LAST, values)
            presets.remember_pictures(files)
        except InputError as error:
            self.say(str(error))

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
        self.painting.start(record.content, record.choices, record.values)
        self._last = record
        self.easel.begin(record.content)
        self.foot.set_painting(True)
        self._show_readiness()
        self.show_stage(words.LOOKING)

    @guarded(say)
    def _cancel(self, *_) -> None:
        if self.painting.busy:
            self.painting.cancel()
        else:
            self.close()

    @guarded(say)
    def _keep(self, *_) -> None:
        self.foot.keep.setEnabled(False)
        self.painting.keep()

    def _show_readiness(self, *_) -> None:
        ticked = bool(self.styles.choices(self.easel.layer()))
        self.foot.set_ready(ticked, self.painting.busy)

    @guarded(say)
    def show_stage(self, stage: str) -> None:
        self.easel.show_stage(stage)
        if not self.painting.busy:
            self.status.show_busy(words.sentence_case(stage))

    @guarded(say)
    def show_progress(self, progress) -> None:
        self.easel.show_progress(progress)
        self.status.show_busy("Painting")

    @guarded(say)
    def show_preview(self, pixels) -> None:
        if not self.easel.canvas.has_painting():
            self.foot.keep.setEnabled(True)
        assert self.painting.extent is not None
        self.easel.show_preview(pixels, self.painting.extent)

    @guarded(say)
    def show_end(self, state: str) -> None:
        name = self.painting.host.result_name if state == "done" else ""
        self.easel.end(f"Done. The new layer is {name!r}." if name else "")
        self.foot.set_painting(False)
        self._show_readiness()
        if name and not self.isVisible():
            self._float(f"Painted: {name}")
        if name and (layer := self.painting.host.inserted) and self._last:
            memory.remember(self.painting.host, layer, self._last)
            self._recalled = layer
        self.painting.look()
        if not self.painting.host.is_open():
            self.hide()

    @guarded(say)
    def show_status(self, status) -> None:
        if isinstance(status, str):
            self.say(status)
        if isinstance(status, str) or status is None:
            self.status.show_off()
        elif not self.painting.busy:
            self.status.show_status(status)
            if not self.easel.stage.isVisible():
                self._pause.start()

    @guarded(say)
    def _ask_estimate(self) -> None:
        """What Apply would take; where it would not even start, Apply says why."""
        with contextlib.suppress(InputError):
            content = self.easel.layer()
            self.painting.estimate(content, self.styles.choices(content), self.settings.values())

    @guarded(say)
    def show_estimate(self, found) -> None:
        if not self.painting.busy:
            self.easel.show_estimate(found)

    @guarded(say)
    def _glance(self) -> None:
        if self.isVisible() and not self.painting.busy:
            self.painting.glance()

    # The window

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
