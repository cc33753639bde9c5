"""The dialog's left side: the layer to repaint, its picture, and how far the painting is."""

from collections.abc import Callable

from scumble.hosts.krita.canvas import Canvas, image_of
from scumble.hosts.krita.drafts import DraftRow
from scumble.hosts.krita.knobs import click_before_wheel
from scumble.hosts.krita.qt import Qt, QtGui, QtWidgets
from scumble.hosts.krita.widgets import Sentence, ShortLabel, about, column_of, heading, keep_room
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.presenter import choosers, manual, words
from scumble.presenter.choosers import Chooser
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import State

STEPS = 1000  # of the progress bar


class Picture(QtWidgets.QWidget):
    """What is said stands in this column, where the picture gives room: no control moves."""

    def __init__(self, presenter: Presenter):
        super().__init__()
        self.content, self.keep, self.along = (ChoiceBox(e) for e in choosers.of(presenter))
        self.canvas = Canvas(presenter.picture.looking)
        self.bar = LookBar(presenter)
        self.progress = QtWidgets.QProgressBar()
        self.progress.setTextVisible(False)
        keep_room(self.progress)
        self.stage = ShortLabel()
        self.stage.setMinimumHeight(QtWidgets.QLabel("A").sizeHint().height())  # also while empty
        self.offer = Offer(presenter)
        self.message = Sentence()
        about(self, manual.PICTURE)
        column = column_of(self)
        self.history = QtWidgets.QPushButton(words.OPEN_HISTORY)
        self.history.setAutoDefault(False)
        about(self.history, manual.HISTORY)
        self.history.clicked.connect(lambda *_: presenter.history.show())
        column.addLayout(heading(words.REPAINT, self.history))
        column.addWidget(self.content)
        roles = QtWidgets.QFormLayout()
        for each in (self.keep, self.along):
            roles.addRow(each.chooser.name, each)
        column.addLayout(roles)
        self.drafts = DraftRow(presenter)
        for widget in (self.bar, self.canvas, self.progress, self.stage, self.drafts):
            column.addWidget(widget, 1 if widget is self.canvas else 0)
        for widget in (self.offer, self.message):
            column.addWidget(widget)

    def draw(self, state: State) -> None:
        for each in (self.content, self.keep, self.along):
            each.draw(state)
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


class LookBar(QtWidgets.QWidget):
    """The line over the picture: how large it is seen, and whether styles' places are shown."""

    def __init__(self, presenter: Presenter):
        super().__init__()
        looking, shown = presenter.picture.looking, presenter.picture
        line = QtWidgets.QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self.out, self.fit, self.pixels, self.into = (
            self._button(*each) for each in looking.buttons()
        )
        self.zoom = QtWidgets.QLabel()
        self.zoom.setMinimumWidth(self.zoom.fontMetrics().horizontalAdvance(words.zoom(16)))
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.overlay = _tick(words.OVERLAY, words.OVERLAY_HINT, shown.overlay.show)
        self.regions = _tick(words.REGIONS, words.REGIONS_HINT, shown.regions.show)
        keep_room(self.regions)
        about(self.overlay, manual.OVERLAY)
        about(self.regions, manual.REGIONS)
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


class ChoiceBox(QtWidgets.QComboBox):
    """A part of the document, to be chosen."""

    def __init__(self, chooser: Chooser):
        super().__init__()
        self.chooser = chooser
        self.setAccessibleName(chooser.name)
        self.setToolTip(chooser.hint)
        about(self, chooser.topic)
        self.setSizeAdjustPolicy(  # a long name must not widen the dialog
            QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.setMinimumContentsLength(12)
        click_before_wheel(self)
        self.activated.connect(lambda *_: chooser.choose(self.currentIndex()))

    def draw(self, state: State) -> None:
        if self.chooser.follow(state):
            self.clear()
            for place, each in enumerate(self.chooser.options):
                self.addItem(each.words)
                self.setItemData(place, each.words.strip(), _TOOL_TIP)
        self.setCurrentIndex(self.chooser.place)
        self.setEnabled(self.chooser.enabled)


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
