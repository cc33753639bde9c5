"""Drafts to choose from, side by side, below the picture."""

from scumble.hosts.krita.canvas import fitted, image_of, pixels_of
from scumble.hosts.krita.qt import Qt, QtCore, QtGui, QtWidgets
from scumble.hosts.krita.widgets import drop, literal
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import Card, State
from scumble.presenter.widgetlist import WidgetList

SIDE = 104  # px of a picture


class DraftRow(QtWidgets.QWidget):
    """A button for each; hidden where there are none."""

    def __init__(self, presenter: Presenter):
        super().__init__()
        self._presenter = presenter
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.buttons = WidgetList(
            self._button, lambda button, place: row.insertWidget(place, button), drop
        )
        self.hide()

    def draw(self, state: State) -> None:
        self.buttons.draw({each: each for each in state.drafts})
        for card, button in self.buttons.all.items():
            button.setChecked(card.id == state.draft)
        self.setVisible(bool(state.drafts))

    def _button(self, card: Card):
        button = QtWidgets.QToolButton()
        button.setText(literal(card.name))
        button.setToolTip(card.note)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QtCore.QSize(SIDE, SIDE))
        button.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed
        )
        button.setEnabled(card.picture is not None)
        if card.picture:
            image = fitted(image_of(card.picture), pixels_of(SIDE, self))
            button.setIcon(QtGui.QIcon(QtGui.QPixmap.fromImage(image)))
        button.clicked.connect(lambda *_: self._presenter.drafts.choose(card.id))
        return button
