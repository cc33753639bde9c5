"""The dialog's styles: the list, its thumbnails, and picture files that join it."""

from collections.abc import Callable
from pathlib import Path

from scumble.guard import guarded
from scumble.hosts.gimp.api import GLib
from scumble.hosts.gimp.host import GimpHost
from scumble.hosts.gimp.knobs import heading
from scumble.hosts.gimp.styles import SIDE, StyleList
from scumble.hosts.gimp.widgets import GdkPixbuf, Gtk


class StylePane:
    """changed: called when what is ticked may be another. say tells a sentence."""

    def __init__(self, host: GimpHost, changed: Callable[[], None], say: Callable[[str], None]):
        self._host, self._say = host, say
        self._ahead: list = []  # rows that have no picture yet
        self.list = StyleList(changed)
        self.add = Gtk.Button.new_with_mnemonic("Add _picture file...")
        self.add.connect("clicked", self._ask_for_file)
        head = Gtk.Box(spacing=10)
        head.pack_start(heading("In the style of"), True, True, 0)
        head.pack_start(self.add, False, False, 0)
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self.widget.pack_start(head, False, False, 0)
        self.widget.pack_start(self.list.widget, True, True, 0)

    def _tell(self, message: str) -> None:
        self._say(message)

    def draw_thumbnails(self) -> None:
        """One at a time, so that an image of many layers opens the dialog at once."""
        self._ahead = [row for row in self.list.rows if not row.has_picture]
        GLib.idle_add(self._draw_next)

    def _draw_next(self) -> bool:
        """Whether there are more."""
        if self._ahead:
            self._draw(self._ahead.pop(0))
        return bool(self._ahead)

    @guarded(_tell)
    def _draw(self, row) -> None:
        if isinstance(row.source, Path):
            row.show_picture(_small_picture(row.source))
        elif self._host.is_there(row.source):
            row.show_picture(self._host.thumbnail(row.source, SIDE))

    @guarded(_tell)
    def _ask_for_file(self, *_) -> None:
        chooser = Gtk.FileChooserNative.new(
            "Add picture", self.widget.get_toplevel(), Gtk.FileChooserAction.OPEN, None, None
        )
        chooser.set_select_multiple(True)
        if chooser.run() == Gtk.ResponseType.ACCEPT:
            for name in chooser.get_filenames():
                self.add_file(Path(name))
        chooser.destroy()

    @guarded(_tell)
    def add_file(self, path: Path) -> None:
        """A picture file, ticked and seen; GIMP itself reads it, so that it is known to be one."""
        self.list.add_file(path, self._host.picture_thumbnail(path, SIDE))


def _small_picture(path: Path):
    """Of one that was used before, quickly; none where only GIMP itself can read it."""
    try:
        small = GdkPixbuf.Pixbuf.new_from_file_at_scale(str(path), SIDE, SIDE, True)
    except GLib.Error:
        return None
    return small.apply_embedded_orientation()
