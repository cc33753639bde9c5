"""The intents by which layers and picture files get something to do: which are styles, with what
weight, where they lie and what they give; what stays as it is, where strokes run."""

from collections.abc import Callable, Iterable
from pathlib import Path

from scumble import presets
from scumble.guard import told
from scumble.places import Place
from scumble.presenter import words
from scumble.presenter.adding import Adding
from scumble.presenter.editor import EditorHost
from scumble.presenter.regions import Regions
from scumble.presenter.states import Face
from scumble.presenter.styles import Source, StyleRows
from scumble.presenter.thumbnails import Thumbnails
from scumble.presenter.timers import Timers


class Choosing:
    """content: the layer to repaint. edited: called after each change. say tells a sentence.

    Whoever places something sees the regions.
    """

    def __init__(
        self,
        host: EditorHost,
        face: Face,
        rows: StyleRows,
        thumbnails: Thumbnails,
        regions: Regions,
        timers: Timers,
        content: Callable[[], str],
        edited: Callable[[], object],
        say: Callable[[str], None],
    ):
        self._host, self._face, self._rows, self._content = host, face, rows, content
        self._regions, self._edited, self._say = regions, edited, say
        self._adding = Adding(host, rows, thumbnails, timers, edited, say)

    @told
    def tick(self, source: Source, on: bool) -> None:
        self._rows.tick(source, on)
        self._edited()

    @told
    def set_weight(self, source: Source, weight: float) -> None:
        self._rows.set_weight(source, weight)
        self._edited()

    @told
    def set_brush_size(self, source: Source, percent: float) -> None:
        self._rows.set_brush_size(source, percent)
        self._edited()

    @told
    def ask_for_files(self) -> None:
        """Picture files to paint like."""
        host = self._host
        self._face.ask_pictures(words.ADD_PICTURE, host.PICTURES, host.folder(), self.add_files)

    @told
    def add_files(self, files: Iterable[Path | str]) -> None:
        """Picture files, ticked: paths, or the addresses of what was dropped."""
        self._adding.add(files)

    @told
    def take_layers(self, layers: list[str]) -> None:
        """Layers that were dragged out of the editor's own list of them: they are ticked."""
        if not any(map(self._rows.knows, layers)):
            self._say(words.OTHER_LAYERS)
            return
        self._rows.tick_all(layers, self._content())
        self._edited()

    @told
    def remove_file(self, source: Source) -> None:
        """A picture file leaves the list, here and for the next time; a layer is the document's."""
        if isinstance(source, Path):
            self._rows.remove(source)
            presets.forget_picture(source)
            self._edited()

    @told
    def set_where(self, source: Source, place: Place | None) -> None:
        self._rows.set_where(source, place)
        self._place()

    @told
    def set_gives(self, source: Source, what: str) -> None:
        self._rows.set_gives(source, what)
        self._place()

    @told
    def keep(self, place: Place | None) -> None:
        """It stays as it is."""
        self._rows.set_roles(keep=place)
        self._place()

    @told
    def run_along(self, place: Place | None) -> None:
        """Strokes run along what is drawn there."""
        self._rows.set_roles(along=place)
        self._place()

    def _place(self) -> None:
        self._regions.show(True)
        self._edited()
