"""The dialog: GIMP's own for procedures, with the list of styles and the picture being painted.

Apply closes it with a new layer in the image, as GIMP's other filters do. Cancel while painting
stops the painting and leaves the dialog open; GIMP's own progress bar would kill the whole plug-in.
"""

from pathlib import Path

from scumble import protocol
from scumble.guard import guarded
from scumble.hosts.gimp import arguments, memory
from scumble.hosts.gimp.api import Gimp, GLib, GObject
from scumble.hosts.gimp.canvas import Canvas, image_of
from scumble.hosts.gimp.host import MERGED, GimpHost
from scumble.hosts.gimp.knobs import Settings, heading
from scumble.hosts.gimp.loop import MainLoop
from scumble.hosts.gimp.presetmenu import PresetButton
from scumble.hosts.gimp.styles import SIDE, StyleList
from scumble.hosts.gimp.widgets import GimpUi, Gtk
from scumble.hosts.painting import Painting
from scumble.pixels import Pixels

TITLE = "Scumble: Style Transfer"
WIDTH, HEIGHT = 900, 560  # px, to begin with
CANVAS_SIDE = 512  # px of the picture that is shown before painting
PRIVATE = "Your pictures stay on this computer."
CANCELS = (Gtk.ResponseType.CANCEL, Gtk.ResponseType.DELETE_EVENT)
PALETTE = "This image has a palette: a result in it will have the palette's colours only."
DOTS = {"ready": "#4caf6d", "busy": "#d9a441", "off": "#d06060"}


def show(procedure, config, image) -> str:
    """Show the dialog until it is over; see Dialog.run."""
    GimpUi.init("scumble")
    return Dialog(procedure, config, image).run()


class Dialog:
    def __init__(self, procedure, config, image):
        self._config = config
        self.painting = Painting(GimpHost(image, self), MainLoop(), self)
        self._loop = GLib.MainLoop()
        self._build(procedure)
        self._connect()
        self._fill()

    def run(self) -> str:
        """The id of the layer that Apply made; nothing where the artist gave up."""
        while self.window.run():
            self._apply()
            if self.painting.busy:
                self._loop.run()
            if self.painting.host.inserted:
                if note := self.message.get_text():
                    Gimp.message(note)  # of the result: the dialog is gone in a moment
                break
        self.painting.close()
        self.window.destroy()
        return self.painting.host.inserted

    def say(self, message: str) -> None:
        """A sentence for the artist."""
        self.message.set_text(message)
        self.message_bar.set_visible(bool(message))

    # Made once

    def _build(self, procedure) -> None:
        self.window = GimpUi.ProcedureDialog.new(procedure, self._config, TITLE)
        self.window.set_ok_label("_Apply")
        self.window.set_default_size(WIDTH, HEIGHT)
        columns = Gtk.Box(spacing=18)
        columns.pack_start(self._build_left(), True, True, 0)
        columns.pack_start(self._build_right(), True, True, 0)
        whole = self.window.get_content_area()
        whole.set_spacing(12)
        whole.pack_start(columns, True, True, 0)
        whole.pack_start(self._build_message(), False, False, 0)
        whole.pack_start(self._build_status(), False, False, 0)
        whole.show_all()
        self.message_bar.hide()
        self._show_painting(False)

    def _build_left(self):
        """What is painted, and how far it is."""
        self.content = Gtk.ComboBoxText()
        self.content.set_tooltip_text(
            "The layer to repaint. It stays as it is; the result lies above it"
        )
        self.canvas = Canvas()
        self.progress = Gtk.ProgressBar()
        self.stage = Gtk.Label(xalign=0, ellipsize=3)
        self.keep = Gtk.Button.new_with_mnemonic("Stop and _keep this result")
        foot = _row(self.stage, self.keep)
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        column.pack_start(heading("Repaint"), False, False, 0)
        column.pack_start(self.content, False, False, 0)
        column.pack_start(self.canvas.widget, True, True, 0)
        column.pack_start(self.progress, False, False, 0)
        column.pack_start(foot, False, False, 0)
        return column

    def _build_right(self):
        """The styles, and how to paint."""
        self.styles = StyleList(self._show_readiness)
        self.add = Gtk.Button.new_with_mnemonic("Add _picture file...")
        self.settings = Settings(self._config, self._fit)
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        column.pack_start(_row(heading("In the style of"), self.add), False, False, 0)
        column.pack_start(self.styles.widget, True, True, 0)
        self.presets = PresetButton(self._config, self.say)
        column.pack_start(_row(heading("How to paint"), self.presets.widget), False, False, 0)
        column.pack_start(self.settings.widget, False, False, 0)
        column.pack_start(self._build_palette(), False, False, 0)
        return column

    def _build_palette(self):
        """For an indexed image: what will happen, and a way around it."""
        name, label, hint = arguments.RGB_COPY
        self.rgb_copy = Gtk.CheckButton(label=label, tooltip_text=hint)
        both = GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE
        self._config.bind_property(name, self.rgb_copy, "active", both)
        self.rgb_copy.set_no_show_all(not self.painting.host.is_indexed())
        return self.rgb_copy

    def _build_message(self):
        self.message = Gtk.Label(xalign=0, wrap=True, selectable=True)
        self.message_bar = Gtk.InfoBar(message_type=Gtk.MessageType.WARNING)
        self.message_bar.get_content_area().add(self.message)
        return self.message_bar

    def _build_status(self):
        self.status = Gtk.Label(xalign=0)
        private = Gtk.Label(label=PRIVATE, sensitive=False)
        row = Gtk.Box(spacing=14)
        row.pack_start(self.status, False, False, 0)
        row.pack_start(private, False, False, 0)
        return row

    def _connect(self) -> None:
        self.window.connect("response", self._respond)
        self.window.connect("delete-event", lambda *_: self.painting.busy)
        self.keep.connect("clicked", self._keep)
        self.add.connect("clicked", self._ask_for_file)
        self.content.connect("changed", self._show_content)

    # The image

    def _fill(self) -> None:
        """Show its layers as they are, and see to it that the backend runs."""
        host = self.painting.host
        layers = host.layers()
        self.styles.fill([each for each in layers if each.id != MERGED])
        for each in layers:
            self.content.append(each.id, each.name)
        active, selected = host.active_layer(), host.selected_layers()
        chosen = memory.original_of(host, active.id) if active else MERGED
        self._tick(chosen, [each for each in selected if active and each != active.id])
        self.content.set_active_id(chosen)
        self._thumbnails = [row for row in self.styles.rows if isinstance(row.source, str)]
        GLib.idle_add(self._draw_next_thumbnail)
        if host.is_indexed():
            self.say(PALETTE)
        self._show_state("busy", "Looking for the backend")
        self.painting.look()

    def _tick(self, content: str, selected: list[str]) -> None:
        """What is selected beside the layer to repaint; else what was ticked last."""
        host = self.painting.host
        for row in self.styles.rows:
            row.tick.set_active(row.source in selected)
        if selected:
            return
        kept = memory.kept_in_image(host).get("styles") or self._config.get_property("last-styles")
        choices = memory.find(host, kept)
        for choice in choices:
            if isinstance(choice.source, Path) and choice.source.is_file():
                self.add_file(choice.source)
        self.styles.tick(choices)

    @guarded(say)
    def _show_content(self, *_) -> None:
        content = self.content.get_active_id()
        self.canvas.show_content(self.painting.host.thumbnail(content, CANVAS_SIDE))
        self.styles.hide_source(content)

    def _draw_next_thumbnail(self) -> bool:
        """One at a time, so that an image of many layers opens the dialog at once."""
        if self._thumbnails:
            self._draw_thumbnail(self._thumbnails.pop(0))
        return bool(self._thumbnails)

    @guarded(say)
    def _draw_thumbnail(self, row) -> None:
        if self.painting.host.is_there(row.source):
            row.show_picture(self.painting.host.thumbnail(row.source, SIDE))

    @guarded(say)
    def _ask_for_file(self, *_) -> None:
        chooser = Gtk.FileChooserNative.new(
            "Add picture", self.window, Gtk.FileChooserAction.OPEN, None, None
        )
        chooser.set_select_multiple(True)
        if chooser.run() == Gtk.ResponseType.ACCEPT:
            for name in chooser.get_filenames():
                self.add_file(Path(name))
        chooser.destroy()

    @guarded(say)
    def add_file(self, path: Path) -> None:
        self.styles.add_file(path, self.painting.host.picture_thumbnail(path, SIDE))

    # Painting

    @guarded(say)
    def _apply(self) -> None:
        self.say("")
        content = self.content.get_active_id()
        choices, values = self.styles.choices(content), arguments.read(self._config)
        self.painting.host.rgb_copy = self._config.get_property("rgb-copy")
        self.painting.start(content, choices, values)
        self._order = (content, memory.describe(self.painting.host, choices))
        self.canvas.show_painting(None)
        self._show_painting(True)
        self.show_stage("Looking for the backend")

    def _respond(self, _, response: int) -> None:
        """Cancel, Escape or the window's own button while painting; else they end `run`."""
        if self.painting.busy and response in CANCELS:
            self.painting.cancel()

    @guarded(say)
    def _keep(self, *_) -> None:
        self.keep.set_sensitive(False)
        self.painting.keep()

    def _show_painting(self, on: bool) -> None:
        for widget in (self.progress, self.stage, self.keep):
            widget.set_opacity(1.0 if on else 0.0)  # its room stays, so that nothing jumps
        self.keep.set_sensitive(False)  # until there is something to keep
        self.progress.set_fraction(0.0)
        self._show_readiness()

    def _show_readiness(self, *_) -> None:
        """Apply is grey while painting, and without a style."""
        ticked = bool(self.styles.choices(self.content.get_active_id()))
        self.window.set_response_sensitive(Gtk.ResponseType.OK, ticked and not self.painting.busy)

    def _fit(self) -> None:
        """Shrink to what is folded; the fields themselves ask for more room."""
        self.window.resize(self.window.get_size()[0], HEIGHT)

    # What the painting tells

    @guarded(say)
    def show_stage(self, stage: str) -> None:
        self.stage.set_text(stage[:1].upper() + stage[1:])
        self.progress.pulse()

    @guarded(say)
    def show_progress(self, progress: protocol.Progress) -> None:
        left = f", {_time(progress.seconds_left)} left" if progress.seconds_left >= 0 else ""
        self.show_stage(progress.stage + left)
        self.progress.set_fraction(progress.fraction)
        self._show_state("busy", "Painting")

    @guarded(say)
    def show_preview(self, pixels: Pixels) -> None:
        if not self.canvas.has_painting:
            self.keep.set_sensitive(True)
        self.canvas.show_painting(image_of(pixels))

    @guarded(say)
    def show_estimate(self, estimate: protocol.EstimateReply) -> None:
        pass

    @guarded(say)
    def show_end(self, state: str) -> None:
        self._show_painting(False)
        if state == "done":
            content, styles = self._order
            self._config.set_property("last-styles", styles)
            memory.keep_in_image(self.painting.host, content, styles)
        else:
            self.painting.look()
        self._loop.quit()

    @guarded(say)
    def show_status(self, status: protocol.StatusReply | str | None) -> None:
        if isinstance(status, str):
            self._show_state("off", "Not running")
            self.say(status)
        elif status and not self.painting.busy:
            free = f", {status.memory_free / 2**30:.1f} GB free" if status.memory_free else ""
            device = f" on {status.device}{free}" if status.device else ""
            self._show_state("ready", f"Ready{device}")

    def _show_state(self, state: str, text: str) -> None:
        dot = f'<span foreground="{DOTS[state]}">●</span>'
        self.status.set_markup(f"{dot} {GLib.markup_escape_text(text)}")


def _row(wide, narrow):
    row = Gtk.Box(spacing=10)
    row.pack_start(wide, True, True, 0)
    row.pack_start(narrow, False, False, 0)
    return row


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
