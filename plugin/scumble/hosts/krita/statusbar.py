"""In Krita's own status bar: that something is painted while its dialog is not seen, and Cancel."""

import contextlib
from collections.abc import Callable

from scumble.hosts.krita.qt import QtWidgets, is_gone
from scumble.hosts.krita.widgets import ShortLabel
from scumble.language import tr
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import State

WIDTH = 180  # px of the words


class StatusBar:
    """open: shows the dialog again."""

    def __init__(self, window, presenter: Presenter, open: Callable[[], None]):
        self._window, self._presenter, self._open = window, presenter, open
        self._widget = None

    def draw(self, state: State, seen: bool) -> None:
        """seen: whether the dialog is, which tells the same."""
        if not state.busy or seen:
            self.clear()
            return
        if self._widget is None:
            self._build(state)
        if self._widget and not is_gone(self._widget):
            self._label.tell(f"Scumble: {state.stage}")
            self._bar.setRange(0, 0 if state.progress is None else 100)
            self._bar.setValue(round(100 * (state.progress or 0)))

    def clear(self) -> None:
        widget, self._widget = self._widget, None
        if widget is not None and not is_gone(widget):
            with contextlib.suppress(RuntimeError):  # the window closes
                self._window.statusBar().removeWidget(widget)
                widget.deleteLater()

    def _build(self, state: State) -> None:
        if is_gone(self._window):
            return
        self._widget = QtWidgets.QWidget()
        self._widget.setObjectName("scumble_status")
        self._label, self._bar = ShortLabel(hint=state.title), QtWidgets.QProgressBar()
        self._label.setMinimumWidth(WIDTH)
        self._bar.setMaximumWidth(WIDTH // 2)
        self._bar.setTextVisible(False)
        show, cancel = QtWidgets.QToolButton(), QtWidgets.QToolButton()
        show.setText(tr("Show"))
        cancel.setText(tr("Cancel"))
        show.clicked.connect(lambda *_: self._open())
        cancel.clicked.connect(lambda *_: self._presenter.cancel())
        row = QtWidgets.QHBoxLayout(self._widget)
        row.setContentsMargins(4, 0, 4, 0)
        for widget in (self._label, self._bar, show, cancel):
            row.addWidget(widget)
        self._window.statusBar().addPermanentWidget(self._widget)
        self._widget.show()
