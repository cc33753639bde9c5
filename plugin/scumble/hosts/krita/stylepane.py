"""The dialog's styles: the list, its thumbnails, and picture files that join it."""

from collections.abc import Callable
from pathlib import Path

from scumble.guard import guarded
from scumble.hosts.krita.canvas import image_of, pixels_of
from scumble.hosts.krita.host import KritaHost
from scumble.hosts.krita.qt import QtCore, QtWidgets
from scumble.hosts.krita.styles import SIDE, StyleList
from scumble.hosts.krita.widgets import column_of, heading

FILES = "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp)"


class StylePane(QtWidgets.QWidget):
    """say tells a sentence."""

    def __init__(self, host: KritaHost, say: Callable[[str], None]):
        super().__init__()
        self._host, self._say = host, say
        self._ahead: list = []  # rows that have no picture yet
        self.list = StyleList()
        self.add = QtWidgets.QPushButton("Add picture file...")
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._ask_for_file)
        column = column_of(self)
        column.addLayout(heading("In the style of", self.add))
        column.addWidget(self.list, 1)
        self._lazy = QtCore.QTimer(self)
        self._lazy.setInterval(0)
        self._lazy.timeout.connect(self._draw_next_thumbnail)

    def _tell(self, message: str) -> None:
        self._say(message)

    def draw_thumbnails(self) -> None:
        """One at a time, so that a document of many layers opens the dialog at once."""
        self._ahead = list(self.list.rows)
        self._lazy.start()

    @guarded(_tell)
    def _draw_next_thumbnail(self) -> None:
        if not self._ahead:
            self._lazy.stop()
            return
        row, side = self._ahead.pop(0), pixels_of(SIDE, self)
        if isinstance(row.source, Path):
            row.show_picture(self._host.picture_thumbnail(row.source, side))
        elif self._host.is_there(row.source):
            row.show_picture(self._host.thumbnail(row.source, side))

    @guarded(_tell)
    def _ask_for_file(self, *_) -> None:
        names, _ = QtWidgets.QFileDialog.getOpenFileNames(self, "Add picture", "", FILES)
        for name in names:
            self.add_file(Path(name))

    @guarded(_tell)
    def add_file(self, path: Path) -> None:
        self.list.add_file(path, image_of(self._host.read_picture(path)))
