"""What the dialog asks the artist in boxes of their own; none of them makes it wait."""

from collections.abc import Callable
from pathlib import Path

from scumble.hosts.krita.qt import Qt, QtWidgets, name_of, path_of
from scumble.presenter import words
from scumble.presenter.states import Then


class Questions:
    """front: the window that is asked over."""

    def front(self):
        raise NotImplementedError

    def ask(self, question: str, yes: str, then: Then, *others: tuple[str, Then]) -> None:
        box = QtWidgets.QMessageBox(self.front())
        box.setObjectName("scumble_question")
        box.setWindowTitle("Scumble")
        box.setText(question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        role = QtWidgets.QMessageBox.ButtonRole.AcceptRole
        does = [(box.addButton(name, role), act) for name, act in ((yes, then), *others)]
        box.addButton(QtWidgets.QMessageBox.StandardButton.Cancel)
        box.buttonClicked.connect(
            lambda pressed: [act() for button, act in does if button == pressed]
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def ask_name(self, question: str, then: Callable[[str], None]) -> None:
        dialog = self._input(question)
        dialog.textValueSelected.connect(then)
        dialog.open()

    def ask_choice(
        self, question: str, choices: tuple[str, ...], then: Callable[[int], None]
    ) -> None:
        dialog = self._input(question)
        dialog.setComboBoxItems(choices)
        dialog.open()  # makes the list
        names = dialog.findChild(QtWidgets.QComboBox)
        dialog.accepted.connect(lambda: then(names.currentIndex()))

    def ask_file(
        self, title: str, endings: tuple[str, ...], save_as: str, then: Callable[[Path], None]
    ) -> None:
        dialog = self._chooser(title, endings)
        if save_as:
            dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(endings[0].lstrip("."))
            dialog.selectFile(save_as)
        else:
            dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: then(path_of(name)))
        dialog.open()

    def ask_pictures(
        self,
        title: str,
        endings: tuple[str, ...],
        folder: Path | None,
        then: Callable[[list[Path]], object],
    ) -> None:
        dialog = self._chooser(title, endings, words.PICTURES)
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFiles)
        if folder:
            dialog.setDirectory(name_of(folder))
        dialog.filesSelected.connect(lambda names: then([path_of(name) for name in names]))
        dialog.open()

    def _chooser(self, title: str, endings: tuple[str, ...], kind: str = ""):
        patterns = " ".join(f"*{each}" for each in endings)
        dialog = QtWidgets.QFileDialog(self.front(), title, "", f"{kind} ({patterns})".strip())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # hidden it would keep the keys
        return dialog

    def _input(self, question: str):
        dialog = QtWidgets.QInputDialog(self.front())
        dialog.setWindowTitle("Scumble")
        dialog.setLabelText(question)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog
