"""What Krita sees: two actions in Filter > Artistic, and a farewell when it closes.

Nothing heavy is imported here: dialog, client and zmq wait for their first use.
"""

from scumble.guard import guarded
from scumble.hosts.krita.qt import Extension, Krita, QtCore, QtWidgets, is_gone
from scumble.language import tr
from scumble.vendor import use_vendored_zmq

MENU = "filter/artistic_filters"
TITLE = tr("Scumble: Style Transfer...")
REPEAT = tr("Scumble: Repeat")
NO_IMAGE = tr("Open a picture first: Scumble repaints a layer of it.")


class ScumbleExtension(Extension):
    def __init__(self, parent):
        super().__init__(parent)
        self._dialogs = []  # one a document
        self._closes = False  # whether Krita does: then its windows go, and ours with them

    def _tell(self, message: str) -> None:
        """A sentence that blocks nothing; none while Krita closes, which a box would keep alive."""
        window = Krita.instance().activeWindow()
        main_window = window.qwindow() if window else None
        if self._closes or main_window is None or not main_window.isVisible():
            return
        box = QtWidgets.QMessageBox(main_window)
        box.setObjectName("scumble_message")
        box.setWindowTitle("Scumble")
        box.setText(message)
        box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setModal(False)
        box.show()

    @guarded(_tell)
    def setup(self) -> None:
        notifier = Krita.instance().notifier()
        notifier.setActive(True)
        notifier.applicationClosing.connect(self._close)
        notifier.imageClosed.connect(lambda *_: QtCore.QTimer.singleShot(0, self._tidy))

    @guarded(_tell)
    def createActions(self, window) -> None:
        for name, text, slot in (
            ("scumble_stylize", TITLE, self.stylize),
            ("scumble_repeat", REPEAT, self.repeat),
        ):
            window.createAction(name, text, MENU).triggered.connect(slot)

    @guarded(_tell)
    def stylize(self, *_) -> None:
        """Open the dialog of the active document, or show it again."""
        if dialog := self._dialog():
            dialog.open_again()
        else:
            self._tell(NO_IMAGE)

    @guarded(_tell)
    def repeat(self, *_) -> None:
        """Paint again as last time, without showing the dialog."""
        dialog = self._dialog()
        if dialog is None:
            self._tell(NO_IMAGE)
        elif dialog.presenter.repeat() is False:
            dialog.open_again()

    @guarded(_tell)
    def _close(self, *_) -> None:
        self._closes = True
        while self._dialogs:
            self._end(self._dialogs.pop())

    @guarded(_tell)
    def _tidy(self) -> None:
        """Away with the dialogs of documents that are closed, and those that went with a window."""
        for dialog in [each for each in self._dialogs if is_gone(each) or each.is_over()]:
            self._dialogs.remove(dialog)
            self._end(dialog)
        for dialog in self._dialogs:
            if not dialog.host.is_open():
                dialog.hide()  # what is painted for it is kept, and the status bar tells of it

    @guarded(_tell)
    def _end(self, dialog) -> None:
        dialog.end()

    def _dialog(self):
        """The active document's dialog, made when it is first asked for."""
        application = Krita.instance()
        document, window = application.activeDocument(), application.activeWindow()
        if window is None or not any(each == document for each in application.documents()):
            return None  # a view that closes names a document that is gone, which Krita falls over
        use_vendored_zmq()
        from scumble.hosts.krita.dialog import Dialog

        self._tidy()
        for dialog in self._dialogs:
            if dialog.host.document == document:
                return dialog
        self._dialogs.append(Dialog(document, window, self._tell))
        return self._dialogs[-1]


def register() -> None:
    application = Krita.instance()
    application.addExtension(ScumbleExtension(application))
