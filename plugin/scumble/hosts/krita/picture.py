"""The dialog's left side: the layer to repaint, its picture, and how far the painting is."""

from collections.abc import Callable

from scumble.hosts.krita.canvas import Canvas, image_of, pixels_of
from scumble.hosts.krita.drafts import DraftRow
from scumble.hosts.krita.host import KritaHost
from scumble.hosts.krita.knobs import click_before_wheel
from scumble.hosts.krita.qt import Qt, QtGui, QtWidgets
from scumble.hosts.krita.widgets import Sentence, ShortLabel, column_of, heading, keep_room
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.places import Place
from scumble.presenter import words
from scumble.presenter.detail import SIDE
from scumble.presenter.presenter import Presenter
from scumble.presenter.roles import Options, found
from scumble.presenter.states import Entry, State

INDENT = "    "  # before the name of a layer, for each group that it lies in
STEPS = 1000  # of the progress bar


class Picture(QtWidgets.QWidget):
    """What is said stands in this column, where the picture gives room: no control moves."""

    def __init__(self, host: KritaHost, presenter: Presenter):
        super().__init__()
        self._host, self._presenter = host, presenter
        self._listed: tuple[Entry, ...] = ()
        self.content = QtWidgets.QComboBox()
        self.content.setAccessibleName(tr("Layer to repaint"))
        self.content.setToolTip(words.CONTENT_HINT)
        _keep_narrow(self.content)
        self.canvas = Canvas(presenter.picture.looking)
        self.bar = LookBar(presenter)
        self.progress = QtWidgets.QProgressBar()
        self.progress.setTextVisible(False)
        keep_room(self.progress)
        self.stage = ShortLabel()
        self.stage.setMinimumHeight(QtWidgets.QLabel("A").sizeHint().height())  # also while empty
        self.offer = Offer(presenter)
        self.message = Sentence()
        column = column_of(self)
        self.history = QtWidgets.QPushButton(words.OPEN_HISTORY)
        self.history.setAutoDefault(False)
        self.history.clicked.connect(lambda *_: presenter.history.show())
        column.addLayout(heading(tr("Repaint"), self.history))
        self.keep = RoleBox(presenter.choosing.keep, words.KEEP, words.KEEP_HINT)
        self.along = RoleBox(presenter.choosing.run_along, words.ALONG, words.ALONG_HINT)
        column.addWidget(self.content)
        roles = QtWidgets.QFormLayout()
        roles.addRow(words.KEEP, self.keep)
        roles.addRow(words.ALONG, self.along)
        column.addLayout(roles)
        self.drafts = DraftRow(presenter)
        for widget in (self.bar, self.canvas, self.progress, self.stage, self.drafts):
            column.addWidget(widget, 1 if widget is self.canvas else 0)
        for widget in (self.offer, self.message):
            column.addWidget(widget)
        self.content.activated.connect(
            lambda *_: presenter.choose_content(self.content.currentData() or "")
        )

    def draw(self, state: State) -> None:
        if state.contents != self._listed:
            self._list(state.contents)
        self.content.setCurrentIndex(self.content.findData(state.content))
        self.content.setEnabled(not state.busy)
        self.keep.draw(state.places.keep, state.roles.keep)
        self.along.draw(state.places.along, state.roles.along)
        self.progress.setVisible(state.busy)
        self.progress.setRange(0, STEPS if state.progress is not None or not state.busy else 0)
        self.progress.setValue(round(STEPS * (state.progress or 0)))
        self.stage.tell(state.stage)
        self.drafts.draw(state)
        self.canvas.scene.show_badge(state.badge)
        self.canvas.scene.show_view(state.view)
        self.bar.draw(state)
        self.offer.draw(state)
        self.message.tell(state.message)

    def chain(self) -> list:
        """What Tab goes through, in its order."""
        return [self.content, self.keep, self.along, *self.bar.chain(), self.canvas]

    def draw_content(self, layer: str) -> None:
        there = self._host.is_there(layer)
        image = self._host.thumbnail(layer, pixels_of(SIDE, self)) if there else QtGui.QImage()
        whole = self._host.extent(layer) if there else None
        self.canvas.scene.show_content(None if image.isNull() else image, whole)

    def _list(self, entries: tuple[Entry, ...]) -> None:
        self._listed = entries
        self.content.clear()
        for place, each in enumerate(entries):
            self.content.addItem(INDENT * each.depth + each.name, each.id)
            self.content.setItemData(place, each.name, _TOOL_TIP)


class LookBar(QtWidgets.QWidget):
    """The line over the picture: how large it is seen, and whether styles' places are shown."""

    def __init__(self, presenter: Presenter):
        super().__init__()
        looking, shown = presenter.picture.looking, presenter.picture
        line = QtWidgets.QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self.out, self.fit, self.pixels, self.into = (
            self._button(*each)
            for each in (
                ("−", words.ZOOM_OUT, lambda: looking.zoom(-1)),
                (words.FIT, words.FIT_HINT, looking.fit),
                (words.PIXELS, words.PIXELS_HINT, looking.show_pixels),
                ("+", words.ZOOM_IN, lambda: looking.zoom(1)),
            )
        )
        self.zoom = QtWidgets.QLabel()
        self.zoom.setMinimumWidth(self.zoom.fontMetrics().horizontalAdvance(words.zoom(16)))
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.overlay = _tick(words.OVERLAY, words.OVERLAY_HINT, shown.overlay.show)
        self.regions = _tick(words.REGIONS, words.REGIONS_HINT, shown.regions.show)
        keep_room(self.regions)
        for widget in (self.out, self.zoom, self.into, self.fit, self.pixels):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.overlay)
        line.addWidget(self.regions)

    def draw(self, state: State) -> None:
        self.zoom.setText(words.zoom(state.view.seen_at))
        self.regions.setVisible(state.regions is not None)
        self.regions.setChecked(bool(state.regions))
        self.overlay.setChecked(bool(state.overlay))

    def chain(self) -> list:
        return [self.out, self.into, self.fit, self.pixels, self.overlay, self.regions]

    def _button(self, text: str, hint: str, act: Callable[[], None]):
        button = QtWidgets.QToolButton()
        button.setText(text)
        button.setToolTip(hint)
        button.setAccessibleName(hint)
        button.setAutoRaise(True)
        button.clicked.connect(lambda *_: act())
        return button


def _tick(text: str, hint: str, show: Callable[[bool], None]):
    box = QtWidgets.QCheckBox(text)
    box.setToolTip(hint)
    box.clicked.connect(lambda on: show(on))
    return box


class RoleBox(QtWidgets.QComboBox):
    """A part of the document, to be chosen."""

    def __init__(self, tell: Callable[[Place | None], None], name: str, hint: str):
        super().__init__()
        self._options: Options = ()
        self.setAccessibleName(name)
        self.setToolTip(hint)
        _keep_narrow(self)
        self.activated.connect(lambda *_: tell(self._options[self.currentIndex()].place))

    def draw(self, options: Options, place: Place | None) -> None:
        if options != self._options:
            self._options = options
            self.clear()
            self.addItems([option.words for option in options])
        self.setCurrentIndex(found(options, place))


def _keep_narrow(box) -> None:
    """A long name must not widen the dialog."""
    box.setSizeAdjustPolicy(
        QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    )
    box.setMinimumContentsLength(12)
    click_before_wheel(box)


class Offer(QtWidgets.QFrame):
    """A line that offers a result which nobody took."""

    def __init__(self, presenter: Presenter):
        super().__init__()
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self.words = QtWidgets.QLabel()
        self.words.setWordWrap(True)
        self.take = QtWidgets.QPushButton(tr("Insert as a layer"))
        self.discard = QtWidgets.QPushButton()
        self.take.clicked.connect(lambda *_: presenter.offers.take(presenter.state.content))
        self.discard.clicked.connect(lambda *_: presenter.offers.discard())
        self.picture = QtWidgets.QLabel()
        column = QtWidgets.QVBoxLayout(self)
        said = QtWidgets.QHBoxLayout()
        said.addWidget(self.picture)
        said.addWidget(self.words, 1)
        column.addLayout(said)
        row = QtWidgets.QHBoxLayout()
        row.addStretch(1)
        for button in (self.take, self.discard):
            button.setAutoDefault(False)
            row.addWidget(button)
        column.addLayout(row)
        self.hide()

    def draw(self, state: State) -> None:
        self.setVisible(bool(state.offer))
        self.words.setText(state.offer)
        self.discard.setText(state.discard)

    def draw_picture(self, pixels: Pixels) -> None:
        self.picture.setPixmap(QtGui.QPixmap.fromImage(image_of(pixels)))


_TOOL_TIP = 3  # Qt.ItemDataRole.ToolTipRole, a number in both Qts
