"""Settings and styles that were kept, of a result or as a preset, become the dialog's.

A style that is not in this document is said, and another one can be chosen in its place.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scumble.guard import told
from scumble.presenter import records, words
from scumble.presenter.editor import EditorHost
from scumble.presenter.records import Record
from scumble.presenter.states import Face
from scumble.presenter.styles import Source, StyleRows


class Adopting:
    """rows: the styles. content: tells the layer to repaint. adopted: called with what is to be
    repainted instead, or nothing. say tells a sentence."""

    def __init__(
        self,
        host: EditorHost,
        face: Face,
        rows: StyleRows,
        content: Callable[[], str],
        adopted: Callable[[str], object],
        say: Callable[[str], None],
    ):
        self._host, self._face, self._rows, self._content = host, face, rows, content
        self._adopted, self._say = adopted, say

    @told
    def adopt(self, record: Record, styles: Any) -> None:
        """styles: those of the record as they were described, with those that are not there."""
        self._face.fill(record.values)
        if styles:
            self._rows.choose(record.choices, record.roles)
        self._adopted(record.content)
        if lacking := records.lacking(self._host, styles):
            self._say(words.lacking([records.style_name(each) for each in lacking]))
            self._ask(lacking)

    def _ask(self, lacking: list[dict]) -> None:
        """For something in place of each, one after the other."""
        if not lacking:
            return
        rows = self._rows.shown(self._content())
        question = words.replace_style(records.style_name(lacking[0]))

        def chosen(place: int) -> None:
            if place < len(rows):
                self._use(rows[place].source, lacking)
            else:
                self._face.ask_file(
                    question, self._host.PICTURES, "", lambda path: self._use(path, lacking)
                )

        names = (*(row.name for row in rows), words.PICTURE_FILE)
        self._face.ask_choice(question, names, chosen)

    @told
    def _use(self, source: Source, lacking: list[dict]) -> None:
        """In place of the first of these; then ask for the next."""
        if isinstance(source, Path):
            self._host.read_picture(source)  # so that it is known to be a picture
        self._rows.use(records.choice_of(self._host, source, lacking[0]))
        self._adopted("")
        self._ask(lacking[1:])
