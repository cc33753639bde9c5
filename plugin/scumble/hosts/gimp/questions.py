"""What the dialog asks the artist in boxes of their own; none of them makes it wait."""

from collections.abc import Callable
from pathlib import Path

from scumble.hosts.gimp.api import GLib
from scumble.hosts.gimp.widgets import GdkPixbuf, Gtk
from scumble.language import tr
from scumble.presenter import words
from scumble.presenter.states import Then

SIDE = 144  # px of the picture under the mouse of a file chooser


class Questions:
    """front: the window that is asked over. question: the box that is open, or was last."""

    question = None

    def front(self):
        raise NotImplementedError

    def ask(self, question: str, yes: str, then: Then, *others: tuple[str, Then]) -> None:
        box = Gtk.MessageDialog(
            transient_for=self.front(), modal=True, text=question,
            message_type=Gtk.MessageType.QUESTION,
        )  # fmt: skip
        box.add_button(tr("_Cancel"), Gtk.ResponseType.CANCEL)
        for number, (name, _) in enumerate(others, 1):
            box.add_button(name, number)
        box.add_button(yes, Gtk.ResponseType.OK)
        self._show(box, then, *(act for _, act in others))

    def ask_name(self, question: str, then: Callable[[str], None]) -> None:
        entry = Gtk.Entry(activates_default=True)
        self._show(self._box(question, entry), lambda: then(entry.get_text()))

    def ask_choice(
        self, question: str, choices: tuple[str, ...], then: Callable[[int], None]
    ) -> None:
        names = Gtk.ComboBoxText()
        for each in choices:
            names.append_text(each)
        names.set_active(0)
        self._show(self._box(question, names), lambda: then(names.get_active()))

    def ask_file(
        self, title: str, endings: tuple[str, ...], save_as: str, then: Callable[[Path], None]
    ) -> None:
        if save_as:
            chooser = self._chooser(title, tr("_Save"), Gtk.FileChooserAction.SAVE)
            chooser.set_current_name(save_as)
        else:
            chooser = self._chooser(title, tr("_Open"))
            chooser.add_filter(_filter(endings))
        self._show(chooser, lambda: then(Path(chooser.get_filename())))

    def ask_pictures(
        self,
        title: str,
        endings: tuple[str, ...],
        folder: Path | None,
        then: Callable[[list[Path]], object],
    ) -> None:
        chooser, preview = self._chooser(title, tr("_Add")), Gtk.Image()
        chooser.set_select_multiple(True)
        chooser.add_filter(_filter(endings, words.PICTURES))
        if folder:
            chooser.set_current_folder(str(folder))
        chooser.set_preview_widget(preview)
        chooser.connect("update-preview", _preview, preview)
        self._show(chooser, lambda: then([Path(each) for each in chooser.get_filenames()]))

    def _chooser(self, title: str, yes: str, action=Gtk.FileChooserAction.OPEN):
        chooser = Gtk.FileChooserDialog(
            title=title, transient_for=self.front(), modal=True, action=action,
            do_overwrite_confirmation=True,
        )  # fmt: skip
        chooser.add_buttons(tr("_Cancel"), Gtk.ResponseType.CANCEL, yes, Gtk.ResponseType.OK)
        chooser.set_default_response(Gtk.ResponseType.OK)
        return chooser

    def _box(self, question: str, field):
        box = Gtk.Dialog(title="Scumble", transient_for=self.front(), modal=True)
        box.add_buttons(tr("_Cancel"), Gtk.ResponseType.CANCEL, tr("_OK"), Gtk.ResponseType.OK)
        box.set_default_response(Gtk.ResponseType.OK)
        inside = box.get_content_area()
        inside.set_border_width(12)
        inside.set_spacing(6)
        inside.add(Gtk.Label(label=question, xalign=0, wrap=True, max_width_chars=60))
        inside.add(field)
        inside.show_all()
        return box

    def _show(self, box, then: Then, *others: Then) -> None:
        """What is answered is read while the box is there; what comes of it may ask again."""
        does = {int(Gtk.ResponseType.OK): then, **dict(enumerate(others, 1))}

        def answered(_, response: int) -> None:
            box.hide()
            if response in does:
                does[response]()
            box.destroy()

        box.connect("response", answered)
        box.show()
        self.question = box


def _filter(endings: tuple[str, ...], name: str = ""):
    wanted = Gtk.FileFilter()
    if name:
        wanted.set_name(name)
    for each in endings:
        wanted.add_pattern(f"*{each}")
        wanted.add_pattern(f"*{each.upper()}")
    return wanted


def _preview(chooser, image) -> None:
    """The picture under the mouse of the file chooser."""
    name, found = chooser.get_preview_filename(), None
    if name and Path(name).is_file():  # a FIFO would hold GIMP up
        try:
            found = GdkPixbuf.Pixbuf.new_from_file_at_size(name, SIDE, SIDE)
        except GLib.Error:
            found = None  # a file that only GIMP itself can read
    image.set_from_pixbuf(found)
    chooser.set_preview_widget_active(found is not None)
