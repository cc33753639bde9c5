"""The dialog's left side: the layer to repaint, its picture, and how far the painting is."""

from collections.abc import Callable

from scumble.guard import guarded
from scumble.host import Layer
from scumble.hosts.gimp.canvas import Canvas, image_of
from scumble.hosts.gimp.host import GimpHost
from scumble.hosts.gimp.knobs import heading
from scumble.hosts.gimp.widgets import Gtk
from scumble.pixels import Extent, Pixels
from scumble.presenter import words
from scumble.protocol import EstimateReply, Progress

CANVAS_SIDE = 512  # px of the picture that is shown before painting
LINES = 2  # of what is told below the picture, before it is cut short; a hint holds it whole


class Easel:
    """changed: called when another layer is to be repainted. say tells a sentence."""

    def __init__(self, host: GimpHost, changed: Callable[[], None], say: Callable[[str], None]):
        self._host, self._changed, self._say = host, changed, say
        self._whole = Extent(0, 0, 1, 1)  # of the layer that is painted
        self.content = Gtk.ComboBoxText()
        self.content.set_tooltip_text(
            "The layer to repaint. It stays as it is; the result lies above it"
        )
        self.canvas = Canvas()
        self.progress = Gtk.ProgressBar()
        self.stage = Gtk.Label(xalign=0, yalign=0, wrap=True, lines=LINES, ellipsize=3)
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        for each, grows in (
            (heading("Repaint"), False), (self.content, False), (self.canvas.widget, True),
            (self.progress, False), (self.stage, False),
        ):  # fmt: skip
            self.widget.pack_start(each, grows, grows, 0)
        self._set_painting(False)
        self.content.connect("changed", self._choose)

    def layer(self) -> str:
        """The id of the layer to repaint; nothing where there is none."""
        return self.content.get_active_id() or ""

    def fill(self, layers: list[Layer], chosen: str) -> None:
        for each in layers:
            self.content.append(each.id, each.name)
        self.content.set_active_id(chosen)

    def show_estimate(self, found: EstimateReply) -> None:
        self._write(found.message or words.estimate(found))

    def begin(self) -> None:
        """A job begins."""
        self._whole = self._host.extent(self.layer())
        self.canvas.show_painting(None)
        self._set_painting(True)

    def show_stage(self, stage: str) -> None:
        self._write(words.sentence_case(stage))
        self.progress.pulse()

    def show_progress(self, progress: Progress) -> None:
        self._write(words.progress(progress))
        self.progress.set_fraction(progress.fraction)

    def show_preview(self, pixels: Pixels, extent: Extent) -> None:
        """extent: of what is painted, in image pixels."""
        self.canvas.show_painting(image_of(pixels), extent, self._whole)

    def end(self) -> None:
        self._set_painting(False)
        self._write("")

    def _set_painting(self, on: bool) -> None:
        self.content.set_sensitive(not on)
        self.progress.set_opacity(1.0 if on else 0.0)  # its room stays, so that nothing jumps
        self.progress.set_fraction(0.0)

    def _write(self, text: str) -> None:
        self.stage.set_text(text)
        self.stage.set_tooltip_text(text)

    def _tell(self, message: str) -> None:
        self._say(message)

    @guarded(_tell)
    def _choose(self, *_) -> None:
        self.canvas.show_content(self._host.thumbnail(self.layer(), CANVAS_SIDE))
        self._changed()
