"""The dialog: one for a document, open beside it while the artist goes on painting.

It draws what its presenter gives it, and tells the presenter what the artist does.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

from scumble.guard import told
from scumble.hosts.krita.foot import Foot
from scumble.hosts.krita.host import KritaHost
from scumble.hosts.krita.loop import MainLoop
from scumble.hosts.krita.picture import Picture
from scumble.hosts.krita.qt import Qt, QtCore, QtGui, QtWidgets, is_gone
from scumble.hosts.krita.questions import Questions
from scumble.hosts.krita.settings import Settings
from scumble.hosts.krita.setuppage import SetUpPage
from scumble.hosts.krita.shelf import ShelfWindow
from scumble.hosts.krita.statusbar import StatusBar
from scumble.hosts.krita.styles import StyleList
from scumble.hosts.krita.widgets import topic_of
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import State

WIDTH, HEIGHT = 1020, 560  # px, to begin with
FLOATS = 5000  # ms that a message over the picture stays
MEDIUM = 1  # the urgency of such a message


class Dialog(QtWidgets.QDialog, Questions):
    """tell: says a sentence where there is no picture to say it over."""

    def __init__(self, document, window, tell: Callable[[str], None]):
        super().__init__(window.qwindow())
        self._window, self._tell_in_box = window, tell
        self._main_window = window.qwindow()
        self._loop = MainLoop()
        self.setObjectName("scumble_dialog")
        self.host = KritaHost(document, self._loop)
        self.presenter = Presenter(self.host, self._loop, self)
        self._wanted: State | None = None  # what is to be drawn
        self._draws = False
        self._build()
        self._connect()
        # Krita deletes its window, and this with it, some time before it says that it closes
        presenter, loop = self.presenter, self._loop
        self.destroyed.connect(lambda *_: _let_go(presenter, loop))
        self.presenter.begin()

    def is_over(self) -> bool:
        """Whether nobody needs this dialog any more: its document is closed."""
        return not (self.presenter.painting.busy or self.host.is_open())

    def end(self) -> None:
        """Let go of everything; touches no widget that may be gone."""
        _let_go(self.presenter, self._loop)
        self._status_bar.clear()
        if not is_gone(self):
            self.hide()
            self.deleteLater()

    def _say(self, message: str) -> None:
        self.presenter.say(message)

    # Made once

    def _build(self) -> None:
        self.picture = Picture(self.presenter)
        self.styles = StyleList(self.presenter, self.host)
        self.settings = Settings(self.presenter)
        self.foot = Foot(self.presenter)
        self.shelf = ShelfWindow(self.presenter, self)
        self._hand_on()
        self._status_bar = StatusBar(self._main_window, self.presenter, self.open_again)
        right = QtWidgets.QVBoxLayout()
        right.addWidget(self.styles, 1)
        right.addSpacing(6)
        right.addWidget(self.settings)
        self.page, self._body = SetUpPage(self.presenter), QtWidgets.QWidget()
        columns = QtWidgets.QHBoxLayout(self._body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(18)
        columns.addWidget(self.picture, 4)
        columns.addLayout(right, 6)
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 14)
        whole.setSpacing(12)
        whole.addWidget(self.page, 1)
        whole.addWidget(self._body, 1)
        whole.addWidget(self.foot)
        self.resize(WIDTH, HEIGHT)

    def _connect(self) -> None:
        self.foot.cancel.clicked.connect(self._cancel)
        self.foot.help.clicked.connect(self._help)
        self.settings.changed.connect(self.presenter.edit)
        self.settings.resized.connect(self._fit)

    def _hand_on(self) -> None:
        """What the presenter asks of a part alone."""
        scene = self.picture.canvas.scene
        self.draw_content, self.draw_painting = scene.show_content, scene.show_painting
        self.draw_detail, self.draw_regions = scene.show_detail, scene.show_regions
        self.draw_offer = self.picture.offer.draw_picture
        self.draw_look = self.shelf.canvas.scene.show_alone
        self.draw_thumbnail = self.styles.rows.draw_thumbnail
        self.values, self.fill = self.settings.values, self.settings.fill
        self.density = self.devicePixelRatioF

    # What the presenter asks of it

    def draw(self, state: State) -> None:
        """What is shown or hidden may make Qt turn to the presenter, which then has another state:
        it is drawn afterwards, not in the middle."""
        self._wanted = state
        if self._draws:
            return
        self._draws = True
        try:
            while (wanted := self._wanted) is not None:
                self._wanted = None
                self._draw(wanted)
        finally:
            self._draws = False

    def _draw(self, state: State) -> None:
        self.setWindowTitle(state.title)
        shown, hidden = [self._body, self.foot], [self.page]
        if state.page:
            shown, hidden = hidden, shown
        for each in hidden:  # before the others are there: together they would want a taller window
            each.hide()
        for each in shown:
            each.show()
        if state.page:
            self.page.draw(state.page)
        self.picture.draw(state)
        self.foot.draw(state)
        if self.styles.draw(state.rows, state.empty):
            self._chain()
        self.shelf.draw(state.shelf)
        self._status_bar.draw(state, self.isVisible())
        if not state.busy and not self.host.is_open():
            self.hide()

    def is_seen(self) -> bool:
        return not is_gone(self) and self.isVisible()

    def tell_outside(self, message: str) -> None:
        """Over the picture that is seen; in a box where none is; not while the window closes."""
        if is_gone(self):
            return
        view = None if is_gone(self._main_window) else self._window.activeView()
        if view and view.document():
            view.showFloatingMessage(message, QtGui.QIcon(), FLOATS, MEDIUM)
        else:
            self._tell_in_box(message)

    def front(self):
        return self.shelf if self.shelf.isVisible() else self

    def open_file(self, path: Path) -> None:
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(path)))

    # The window

    def open_again(self) -> None:
        """Show it, with the document as it is."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.presenter.look()

    @told
    def _cancel(self, *_) -> None:
        if self.presenter.painting.busy:
            self.presenter.cancel()
        else:
            self.close()

    @told
    def _help(self, *_) -> None:
        """At what has the keyboard."""
        self.presenter.manual.open(topic_of(self.focusWidget()))

    def _chain(self) -> None:
        """Tab goes through the dialog as it is read."""
        parts = (self.styles, self.settings, self.foot, self.page)
        stops = [
            self.picture.history,
            *self.picture.chain(),
            *(stop for part in parts for stop in part.chain()),
        ]
        for before, after in itertools.pairwise(stops):
            self.setTabOrder(before, after)

    @told
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

    @told
    def keyPressEvent(self, event) -> None:
        """Enter finishes a number and starts nothing; with Ctrl it is Apply. F1 is Help."""
        if event.matches(QtGui.QKeySequence.StandardKey.HelpContents):
            self._help()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.presenter.state.ready:
                self.presenter.apply()
        elif isinstance(focus := self.focusWidget(), QtWidgets.QAbstractButton):
            focus.click()

    @told
    def changeEvent(self, event) -> None:
        """The artist comes back from painting on the document."""
        if event.type() == QtCore.QEvent.Type.ActivationChange and self.isActiveWindow():
            self.presenter.refresh()
        super().changeEvent(event)

    @told
    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._status_bar.draw(self.presenter.state, True)

    @told
    def hideEvent(self, event) -> None:
        """What is being painted goes on, and the status bar tells of it."""
        super().hideEvent(event)
        self.presenter.shelves.close()
        self._status_bar.draw(self.presenter.state, False)

    def reject(self) -> None:
        """Escape and the window's own button."""
        self.hide()


def _let_go(presenter: Presenter, loop: MainLoop) -> None:
    presenter.close()
    loop.end()
