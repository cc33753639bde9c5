"""The dialog: GIMP's own for procedures, with the list of styles and the picture being painted.

It draws what its presenter gives it, and tells the presenter what the artist does. Apply closes it
with a new layer in the image, as GIMP's other filters do. Cancel while painting stops the painting
and leaves the dialog open; GIMP's own progress bar would kill the whole plug-in.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

from scumble.guard import told
from scumble.hosts.gimp import arguments
from scumble.hosts.gimp.api import Gimp, Gio, GLib, GObject
from scumble.hosts.gimp.foot import Foot
from scumble.hosts.gimp.host import GimpHost
from scumble.hosts.gimp.knobs import Settings, heading
from scumble.hosts.gimp.loop import MainLoop
from scumble.hosts.gimp.picture import Picture
from scumble.hosts.gimp.presetmenu import PresetButton
from scumble.hosts.gimp.questions import Questions
from scumble.hosts.gimp.setuppage import SetUpPage
from scumble.hosts.gimp.shelf import ShelfWindow
from scumble.hosts.gimp.styles import StyleList
from scumble.hosts.gimp.widgets import Gdk, GimpUi, Gtk, about, topic_of
from scumble.language import tr
from scumble.parameters import PARAMETERS, Value
from scumble.presenter import manual, manualwords, records, words
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import State

WIDTH, HEIGHT = 980, 640  # px, to begin with
Job = Callable[[], object]
RESET = 1  # the answer of GIMP's button for that
KEEP = 100  # the answer of the button that stops and keeps; GIMP's own are lower
DRAFTS = 101  # of all that is to do with drafts
CLOSES = Gtk.ResponseType.CANCEL, Gtk.ResponseType.DELETE_EVENT


def show(procedure, config, image) -> str:
    """Show the dialog until it is over; see Dialog.run."""
    GimpUi.init("scumble")
    return Dialog(procedure, config, image).run()


class Dialog(Questions):
    def __init__(self, procedure, config, image):
        self._config = config
        self._job: Job | None = None  # what the answer that was just given asks for
        self._paints = self._closes = False  # whether `_paint` is in its loop; pressed at its end
        self._main = MainLoop()
        self.host = GimpHost(image)
        self.presenter = Presenter(self.host, self._main, self)
        self._build(procedure)
        self.presenter.begin()
        for each in PARAMETERS:
            name = arguments.property_name(each)
            config.connect(f"notify::{name}", lambda *_: self.presenter.edit())
        for name, *_ in (arguments.RGB_COPY, arguments.REPLACE):
            config.connect(f"notify::{name}", lambda *_: self._put_as())
        self.host.put_as(config)
        self.presenter.look()

    def run(self) -> str:
        """The id of the last layer that Apply made; nothing where the artist gave up."""
        result = ""
        while self.window.run() or self._job:
            job, self._job = self._job or self.presenter.apply, None
            new = self._paint(job)
            result = new or result
            if new and not self._config.get_property("keep-open"):
                if note := self.presenter.sentences.happened:
                    Gimp.message(note)  # of the result: the dialog is gone in a moment
                break
            if self._closes:
                break
            self.cancel.set_label(tr("_Close") if result else tr("_Cancel"))
        self.presenter.close()
        self.page.end()
        self.window.destroy()
        return result if result and Gimp.Item.id_is_layer(int(result)) else ""

    def _paint(self, job: Job) -> str:
        """Until it is over; the id of the new layer, or nothing."""
        self.host.put_as(self._config)
        job()
        if not self.presenter.painting.busy:
            return ""
        self._paints = True
        while self.presenter.painting.busy:  # a draft that is chosen follows what it stops
            self._main.run()
        self._paints = False
        self._put_as()  # as it was chosen meanwhile
        return self._result()

    def _answer(self, job: Job) -> None:
        """Paint as Apply does, outside of what GIMP does between two answers."""
        if self.presenter.painting.busy:
            job()
        else:
            self._job = job
            self.window.response(DRAFTS)

    def _result(self) -> str:
        """What the job that just ended made; GIMP itself remembers how, for Filters > Repeat."""
        delivered = self.presenter.painting.delivered
        if delivered and (last := self.presenter.last.record):
            styles = records.written(self.host, last)
            self._config.set_property("last-styles", styles)
        return next((each.layer for each in delivered if each.layer), "")

    # Made once

    def _build(self, procedure) -> None:
        self.window = GimpUi.ProcedureDialog.new(procedure, self._config, words.TITLE)
        self.window.set_ok_label(tr("_Apply"))
        self.window.set_default_size(WIDTH, HEIGHT)
        self._hide_what_presets_do()
        self.keep = self.window.add_button(tr("Stop and _keep this result"), KEEP)
        self.keep.get_parent().reorder_child(self.keep, 0)
        self.keep.set_no_show_all(True)
        self.keep.hide()
        self.drafts = self.window.add_button(words.DRAFTS, DRAFTS)
        self.drafts.get_parent().reorder_child(self.drafts, 0)
        self.cancel = self.window.get_widget_for_response(Gtk.ResponseType.CANCEL)
        self.cancel.set_label(tr("_Cancel"))
        self._add_help(self.keep.get_parent())
        self._add_keep_open(self.keep.get_parent())
        self.picture = Picture(
            self.presenter,
            lambda card: self._answer(lambda: self.presenter.drafts.choose(card)),
        )
        self.page = SetUpPage(self.presenter)
        self._columns = columns = Gtk.Box(spacing=18)
        columns.pack_start(self.picture.widget, True, True, 0)
        columns.pack_start(self._build_right(), True, True, 0)
        self.foot = Foot(self.presenter)
        self.shelf = ShelfWindow(self.presenter, self.window)
        self._hand_on()
        whole = self.window.get_content_area()
        whole.set_spacing(12)
        whole.pack_start(self.page.widget, True, True, 0)
        whole.pack_start(columns, True, True, 0)
        for each in (self.foot.offer, self.foot.message, self.foot.status):
            whole.pack_start(each, False, False, 0)
        whole.show_all()
        for bar in (self.foot.offer, self.foot.message):
            bar.hide()
            for change in ("show", "hide"):
                bar.connect(change, self.settings.fit)
        self.window.connect("response", self._respond)
        self.window.connect("delete-event", lambda *_: self.presenter.painting.busy)

    def _hide_what_presets_do(self) -> None:
        """GIMP's own buttons to save, load and reset settings, and for help that it has not."""
        answers = (Gtk.ResponseType.HELP, RESET, Gtk.ResponseType.OK)
        *own, apply = (self.window.get_widget_for_response(each) for each in answers)
        rows = self.window.get_content_area().get_children()
        for each in (*own, *(row for row in rows if not apply.is_ancestor(row))):
            if each:
                each.set_no_show_all(True)
                each.hide()

    def _build_right(self):
        """The styles, and how to paint."""
        self.styles = StyleList(self.presenter)
        self.replace = self._check(*arguments.REPLACE)
        about(self.replace, manual.REPLACE)
        self.settings = Settings(self._config, self._fit, self.replace)
        self.presets = PresetButton(self.presenter)
        head = Gtk.Box(spacing=10)
        head.pack_start(heading(words.HOW), True, True, 0)
        head.pack_start(self.presets.widget, False, False, 0)
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        column.pack_start(self.styles.widget, True, True, 0)
        for each in (head, self.settings.widget, self._build_palette()):
            column.pack_start(each, False, False, 0)
        return column

    def _build_palette(self):
        """For an indexed image: what will happen, and a way around it."""
        self.rgb_copy = self._check(*arguments.RGB_COPY)
        self.rgb_copy.set_no_show_all(not self.host.is_indexed())
        return self.rgb_copy

    def _add_help(self, buttons) -> None:
        """At the far end of the buttons, where GIMP's own is, which opens GIMP's own manual."""
        about(self.drafts, manual.DRAFTS)
        self.help = Gtk.Button(label=manualwords.HELP, tooltip_text=manualwords.HELP_HINT)
        self.help.set_focus_on_click(False)  # at what has the keyboard
        self.help.connect("clicked", lambda *_: self._help())
        self.help.show()
        buttons.add(self.help)
        buttons.set_child_secondary(self.help, True)
        self.window.connect("key-press-event", self._press)

    def _add_keep_open(self, buttons) -> None:
        """At the far end of the buttons."""
        self.keep_open = self._check(*arguments.KEEP_OPEN)
        self.keep_open.show()
        buttons.add(self.keep_open)
        buttons.set_child_secondary(self.keep_open, True)

    def _check(self, name: str, label: str, hint: str):
        """A tick that is tied to GIMP's config."""
        check = Gtk.CheckButton(label=label, tooltip_text=hint, use_underline=True)
        both = GObject.BindingFlags.BIDIRECTIONAL | GObject.BindingFlags.SYNC_CREATE
        self._config.bind_property(name, check, "active", both)
        return check

    def _hand_on(self) -> None:
        """What the presenter asks of a part alone."""
        scene = self.picture.canvas.scene
        self.draw_content, self.draw_painting = scene.show_content, scene.show_painting
        self.draw_detail, self.draw_regions = scene.show_detail, scene.show_regions
        self.draw_offer = self.foot.draw_offer
        self.draw_look = self.shelf.canvas.scene.show_alone
        self.draw_thumbnail = self.styles.rows.draw_thumbnail
        self.density = self.window.get_scale_factor

    # What the presenter asks of it

    def draw(self, state: State) -> None:
        self.window.set_title(state.title)
        self.picture.draw(state)
        self.styles.draw(state.rows, state.empty)
        self.foot.draw(state)
        self._draw_page(state)
        self.shelf.draw(state.shelf)
        self.keep.set_visible(state.busy)
        self.keep.set_sensitive(state.can_keep)
        self.window.set_response_sensitive(Gtk.ResponseType.OK, state.ready)
        self.window.set_response_sensitive(DRAFTS, state.ready)
        self.drafts.set_tooltip_text(state.why or words.DRAFTS_HINT)
        apply = self.window.get_widget_for_response(Gtk.ResponseType.OK)
        apply.set_tooltip_text(state.why or None)
        if state.busy:
            self.cancel.set_label(tr("_Cancel"))
        else:
            self._main.quit()  # `run` goes on, and says what the button does now

    def _draw_page(self, state: State) -> None:
        """The page alone, where there is one; the dialog's own buttons stay, Apply grey."""
        for each in (self._columns, self.foot.status):
            each.set_visible(state.page is None)
        self.page.widget.set_visible(state.page is not None)
        if state.page:
            self.page.draw(state.page)

    def values(self) -> dict[str, Value]:
        return arguments.read(self._config)

    def fill(self, values: dict[str, Value]) -> None:
        arguments.write(self._config, values)

    def is_seen(self) -> bool:
        """From the beginning: what is said before the window is there stands in it when it comes,
        and it stays until all is over."""
        return True

    def tell_outside(self, message: str) -> None:
        """Where GIMP says what its other filters say."""
        Gimp.message(message)

    def front(self):
        return self.shelf.window if self.shelf.window.get_visible() else self.window

    def open_file(self, path: Path) -> None:
        with contextlib.suppress(GLib.Error):
            Gio.AppInfo.launch_default_for_uri(path.as_uri(), None)

    # The window

    def _say(self, message: str) -> None:
        self.presenter.say(message)

    @told
    def _put_as(self) -> None:
        """Results are to come in otherwise: not the one that is painted just now."""
        if not self.presenter.painting.busy:
            self.host.put_as(self._config)
            self.presenter.warn()

    @told
    def _respond(self, _, response: int) -> None:
        """While painting: stop and keep; or Cancel; Escape and the window's own button ask first,
        since they are pressed by mistake. Else they end `run`."""
        if not self.presenter.painting.busy:
            if response == DRAFTS and not self._job:
                self._job = self.presenter.drafts.paint
            elif self._paints:  # it is just over, and `run` waits for no answer yet
                self._closes = response in CLOSES
            return
        if response == KEEP:
            self.presenter.keep()
        elif response == Gtk.ResponseType.CANCEL:
            self.presenter.cancel()
        elif response == Gtk.ResponseType.DELETE_EVENT:
            self.ask(words.STOP, tr("_Stop"), self.presenter.cancel)

    @told
    def _help(self) -> None:
        self.presenter.manual.open(topic_of(self.window.get_focus()))

    def _press(self, _, event) -> bool:
        if is_help := event.keyval == Gdk.KEY_F1:
            self._help()
        return is_help

    def _fit(self) -> None:
        """Shrink to what is folded; the fields themselves ask for more room."""
        self.window.resize(self.window.get_size()[0], HEIGHT)
