"""What Krita sees: two actions in Filter > Artistic, and a farewell when it closes.

Nothing heavy is imported here: dialog, client and zmq wait for their first use.
"""

from scumble.guard import guarded
from scumble.hosts.krita.qt import Extension, Krita, QtCore, QtWidgets
from scumble.vendor import use_vendored_zmq

MENU = "filter/artistic_filters"
TITLE = "Scumble: Style Transfer..."
REPEAT = "Scumble: Repeat"
NO_IMAGE = "Open a picture first: Scumble repaints a layer of it."


class ScumbleExtension(Extension):
    def __init__(self, parent):
        super().__init__(parent)
        self._dialogs = []  # one a document

    def _tell(self, message: str) -> None:
        """A sentence that blocks nothing."""
        window = Krita.instance().activeWindow()
        box = QtWidgets.QMessageBox(window.qwindow() if window else None)
        box.setObjectName("scumble_message")
        box.setWindowTitle("Scumble")
        box.setText(message)
        box.open()

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
        dialog = self._dialog()
        if dialog is None:
            self._tell(NO_IMAGE)
            return
        if not dialog.painting.busy:
            dialog.look_at_document()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    @guarded(_tell)
    def repeat(self, *_) -> None:
        """Paint again as last time, without showing the dialog."""
        dialog = self._dialog()
        if dialog is None:
            self._tell(NO_IMAGE)
        elif dialog.painting.busy:
            dialog.show()
        elif not dialog.repeat():
            self.stylize()

    @guarded(_tell)
    def _close(self, *_) -> None:
        for dialog in self._dialogs:
            dialog.painting.close()

    @guarded(_tell)
    def _tidy(self) -> None:
        """Away with the dialogs of documents that are closed."""
        for dialog in [each for each in self._dialogs if each.is_over()]:
            self._dialogs.remove(dialog)
            dialog.painting.close()
            dialog.hide()
            dialog.deleteLater()

    def _dialog(self):
        """The active document's dialog, made when it is first asked for."""
        application = Krita.instance()
        document, window = application.activeDocument(), application.activeWindow()
        if document is None or window is None:
            return None
        use_vendored_zmq()
        from scumble.hosts.krita.dialog import Dialog

        self._tidy()
        for dialog in self._dialogs:
            if dialog.painting.host.document == document:
                return dialog
        self._dialogs.append(Dialog(document, window))
        return self._dialogs[-1]


def register() -> None:
    application = Krita.instance()
    application.addExtension(ScumbleExtension(application))
