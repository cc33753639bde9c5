"""The dialog: GIMP's own for procedures, with the list of styles and the picture being painted.

Apply closes it with a new layer in the image, as GIMP's other filters do. Cancel while painting
stops the painting and leaves the dialog open; GIMP's own progress bar would kill the whole plug-in.
"""

import contextlib
from pathlib import Path

from scumble import presets, protocol
from scumble.errors import InputError
from scumble.guard import guarded
from scumble.hosts.gimp import arguments, memory
from scumble.hosts.gimp.api import Gimp, GObject
from scumble.hosts.gimp.easel import Easel
from scumble.hosts.gimp.host import MERGED, GimpHost
from scumble.hosts.gimp.knobs import Settings, heading
from scumble.hosts.gimp.loop import MainLoop, Pause
from scumble.hosts.gimp.offer import Offer
from scumble.hosts.gimp.presetmenu import PresetButton
from scumble.hosts.gimp.statusline import StatusLine
from scumble.hosts.gimp.stylepane import StylePane
from scumble.hosts.gimp.widgets import GimpUi, Gtk
from scumble.pixels import Pixels
from scumble.presenter import words
from scumble.presenter.painting import Painting
from scumble.session import StyleChoice
from scumble.unclaimed import Unclaimed

TITLE = "Scumble: Style Transfer"
WIDTH, HEIGHT = 980, 640  # px, to begin with
KEEP = 1  # the answer of the button that stops and keeps
CANCELS = (Gtk.ResponseType.CANCEL, Gtk.ResponseType.DELETE_EVENT)
PALETTE = "This image has a palette: a result in it will have the palette's colours only."
PAUSE = 400  # ms without a change, before it is asked how long the job would take
GLANCE = 5000  # ms between looks at the backend


def show(procedure, config, image) -> str:
    """Show the dialog until it is over; see Dialog.run."""
    GimpUi.init("scumble")
    return Dialog(procedure, config, image).run()


class Dialog:
    def __init__(self, procedure, config, image):
        self._config = config
        self._main = MainLoop()
        self.host = GimpHost(image, self)
        self.painting = Painting(self.host, self._main, self)
        self._result = ""  # the id of the layer that Apply made
        self._pause = Pause(PAUSE, self._ask_estimate)
        self._build(procedure)
        self._fill()
        config.connect("notify", self._pause.begin)
        self._main.repeat(GLANCE, self._glance)

    def run(self) -> str:
        """The id of the layer that Apply made; nothing where the artist gave up."""
        while not self._result and self.window.run():
            self._apply()
            if self.painting.busy:
                self._main.run()
        if self._result and (note := self.message.get_text()):
            Gimp.message(note)  # of the result: the dialog is gone in a moment
        self.painting.close()
        self.window.destroy()
        return self._result

    def say(self, message: str) -> None:
        """A sentence for the artist."""
        self.message.set_text(message)
        self.message_bar.set_visible(bool(message))

    # Made once

    def _build(self, procedure) -> None:
        self.window = GimpUi.ProcedureDialog.new(procedure, self._config, TITLE)
        self.window.set_ok_label("_Apply")
        self.window.set_default_size(WIDTH, HEIGHT)
        self.keep = self.window.add_button("Stop and _keep this result", KEEP)
        self.keep.get_parent().reorder_child(self.keep, 0)
        self.keep.set_no_show_all(True)
        self.keep.hide()
        self.easel = Easel(self.host, self._show_content, self.say)
        columns = Gtk.Box(spacing=18)
        columns.pack_start(self.easel.widget, True, True, 0)
        columns.pack_start(self._build_right(), True, True, 0)
        self.offer = Offer(self._insert, self.say)
        whole = self.window.get_content_area()
        whole.set_spacing(12)
        whole.pack_start(columns, True, True, 0)
        for each in (self.offer.widget, self._build_message(), self._build_status()):
            whole.pack_start(each, False, False, 0)
        whole.show_all()
        self.message_bar.hide()
        for bar in (self.offer.widget, self.message_bar):
            for change in ("show", "hide"):
                bar.connect(change, self.settings.fit)
        self.window.connect("response", self._respond)
        self.window.connect("delete-event", lambda *_: self.painting.busy)

    def _build_right(self):
        """The styles, and how to paint."""
        self.styles = StylePane(self.host, self._show_choice, self.say)
        self.settings = Settings(self._config, self._fit)
        self.presets = PresetButton(self._config, self.say)
        head = Gtk.Box(spacing=10)
        head.pack_start(heading("How to paint"), True, True, 0)
        head.pack_start(self.presets.widget, False, False, 0)
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        column.pack_start(self.styles.widget, True, True, 0)
        for each in (head, self.settings.widget, self._build_palette()):
            column.pack_start(each, False, False, 0)
        return column

    def _build_palette(self):
        """For an indexed image: what will happen, and a way around it."""
        name, label, hint = arguments.RGB_COPY
        self.rgb_copy = Gtk.CheckButton(label=label, tooltip_text=hint)
        both = GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE
        self._config.bind_property(name, self.rgb_copy, "active", both)
        self.rgb_copy.set_no_show_all(not self.host.is_indexed())
        return self.rgb_copy

    def _build_message(self):
        self.message = Gtk.Label(xalign=0, wrap=True, selectable=True)
        self.message_bar = Gtk.InfoBar(message_type=Gtk.MessageType.WARNING)
        self.message_bar.get_content_area().add(self.message)
        return self.message_bar

    def _build_status(self):
        self.status = StatusLine(self.painting.look, self.say)
        private = Gtk.Label(label=words.PRIVATE, sensitive=False)
        row = Gtk.Box(spacing=14)
        row.pack_start(self.status.widget, False, False, 0)
        row.pack_start(private, False, False, 0)
        return row

    # The image

    def _fill(self) -> None:
        """Show its layers as they are, and see to it that the backend runs."""
        layers, active = self.host.layers(), self.host.active_layer()
        self.styles.list.fill([each for each in layers if each.id != MERGED])
        chosen = memory.original_of(self.host, active.id) if active else MERGED
        selected = self.host.selected_layers()
        self._tick([each for each in selected if active and each != active.id])
        for path in presets.pictures():
            self.styles.list.offer_file(path)
        self.easel.fill(layers, chosen)
        self.styles.draw_thumbnails()
        if self.host.is_indexed():
            self.say(PALETTE)
        self.offer.look(self.host.title())
        self.status.show_busy(words.LOOKING)
        self.painting.look()

    def _tick(self, selected: list[str]) -> None:
        """What is selected beside the layer to repaint; else what was ticked last."""
        choices = [StyleChoice(each) for each in selected]
        if not choices:
            kept = memory.kept_in_image(self.host).get("styles")
            choices = memory.find(self.host, kept or self._config.get_property("last-styles"))
        self.styles.list.choose(choices)

    def _show_content(self) -> None:
        self.styles.list.hide_source(self.easel.layer())

    def _insert(self, result: Unclaimed) -> None:
        """A result that was kept, above the layer to repaint."""
        self.host.insert(result.pixels(), result.name, self.easel.layer())

    # Painting

    @guarded(say)
    def _apply(self) -> None:
        self.say("")
        content = self.easel.layer()
        choices, values = self.styles.list.choices(content), arguments.read(self._config)
        self.host.rgb_copy = self._config.get_property("rgb-copy")
        self.painting.start(content, choices, values)
        self._order = (content, choices)
        self.easel.begin()
        self._show_painting(True)
        self.show_stage(words.LOOKING)

    def _respond(self, _, response: int) -> None:
        """While painting: stop and keep; or Cancel, Escape or the window's own button. Else they
        end `run`."""
        if not self.painting.busy:
            return
        if response == KEEP:
            self.keep.set_sensitive(False)
            self.painting.keep()
        elif response in CANCELS:
            self.painting.cancel()

    def _show_painting(self, on: bool) -> None:
        self.keep.set_visible(on)
        self.keep.set_sensitive(False)  # until there is something to keep
        self._show_readiness()

    def _show_readiness(self) -> None:
        """Apply is grey while painting, and without a style, and says why."""
        ticked = bool(self.styles.list.choices(self.easel.layer()))
        self.window.set_response_sensitive(Gtk.ResponseType.OK, ticked and not self.painting.busy)
        apply = self.window.get_widget_for_response(Gtk.ResponseType.OK)
        apply.set_tooltip_text(None if ticked else "Tick at least one style")

    def _show_choice(self) -> None:
        """What is ticked, or its numbers, may be another."""
        self._show_readiness()
        self._pause.begin()

    def _remember(self) -> None:
        """What was painted, for Repeat, for this image and for the next time."""
        content, choices = self._order
        styles = memory.describe(self.host, choices)
        self._config.set_property("last-styles", styles)
        memory.keep_in_image(self.host, content, styles)
        presets.remember_pictures(
            [each.source for each in choices if isinstance(each.source, Path)]
        )

    @guarded(say)
    def _ask_estimate(self) -> None:
        """What Apply would take; where it would not even start, Apply says why."""
        with contextlib.suppress(InputError):
            content = self.easel.layer()
            choices = self.styles.list.choices(content)
            self.painting.estimate(content, choices, arguments.read(self._config))

    @guarded(say)
    def _glance(self) -> None:
        if not self.painting.busy:
            self.painting.glance()

    def _fit(self) -> None:
        """Shrink to what is folded; the fields themselves ask for more room."""
        self.window.resize(self.window.get_size()[0], HEIGHT)

    # What the painting tells

    @guarded(say)
    def show_stage(self, stage: str) -> None:
        if self.painting.busy:
            self.easel.show_stage(stage)
        else:
            self.status.show_busy(words.sentence_case(stage))

    @guarded(say)
    def show_progress(self, progress: protocol.Progress) -> None:
        self.easel.show_progress(progress)
        self.status.show_busy("Painting")

    @guarded(say)
    def show_preview(self, pixels: Pixels) -> None:
        if not self.easel.canvas.has_painting:
            self.keep.set_sensitive(True)
        assert self.painting.extent is not None
        self.easel.show_preview(pixels, self.painting.extent)

    @guarded(say)
    def show_estimate(self, estimate: protocol.EstimateReply) -> None:
        if not self.painting.busy:
            self.easel.show_estimate(estimate)

    @guarded(say)
    def show_status(self, status: protocol.StatusReply | str | None) -> None:
        if isinstance(status, str):
            self.say(status)
        if isinstance(status, str) or status is None:
            self.status.show_off()
        elif not self.painting.busy:
            self.status.show_status(status)
            if not self.easel.stage.get_text():
                self._pause.begin()

    def show_end(self, state: str) -> None:
        self._main.quit()
        self._show_end(state)

    @guarded(say)
    def _show_end(self, state: str) -> None:
        self.easel.end()
        self._show_painting(False)
        if state == "done":
            self._result = self.host.inserted
            self._remember()
        else:
            self.painting.look()
