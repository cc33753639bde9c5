"""The dialog's left side: the layer to repaint, its picture, and how far the painting is."""

from collections.abc import Callable

from scumble.hosts.gimp.canvas import Canvas
from scumble.hosts.gimp.drafts import DraftRow
from scumble.hosts.gimp.knobs import heading, scroll_past
from scumble.hosts.gimp.widgets import Gtk, about
from scumble.language import tr
from scumble.presenter import choosers, manual, words
from scumble.presenter.choosers import Chooser
from scumble.presenter.drawing import Drawing
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import State

LINES = 2  # of what is told below the picture, before it is cut short; a hint holds it whole
LETTERS = 24  # of a layer's name, at least


class Picture:
    """choose_draft: told the draft that is to be painted to the end."""

    def __init__(self, presenter: Presenter, choose_draft: Callable[[str], object]):
        self.content, self.keep, self.along = (ChoiceBox(e) for e in choosers.of(presenter))
        self.canvas = Canvas(presenter.picture.looking)
        self.bar = LookBar(presenter)
        self.progress = Gtk.ProgressBar()
        self.stage = Gtk.Label(xalign=0, yalign=0, wrap=True, lines=LINES, ellipsize=3)
        self.drafts = DraftRow(choose_draft)
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        self.history = Gtk.Button(label=words.OPEN_HISTORY)
        self.history.connect("clicked", lambda *_: presenter.history.show())
        for widget, topic in (
            (self.widget, manual.PICTURE), (self.history, manual.HISTORY),
            (self.bar.regions, manual.REGIONS),
        ):  # fmt: skip
            about(widget, topic)
        head = Gtk.Box(spacing=10)
        head.pack_start(heading(tr("_Repaint"), self.content.widget), True, True, 0)
        head.pack_start(self.history, False, False, 0)
        for each, grows in (
            (head, False), (self.content.widget, False), (self._build_roles(), False),
            (self.bar.widget, False), (self.canvas.widget, True),
            (self.progress, False), (self.stage, False), (self.drafts.widget, False),
        ):  # fmt: skip
            self.widget.pack_start(each, grows, grows, 0)

    def _build_roles(self):
        """What else parts of the document do."""
        grid = Gtk.Grid(column_spacing=8, row_spacing=4)
        for line, each in enumerate((self.keep, self.along)):
            grid.attach(Gtk.Label(label=each.chooser.name, xalign=0), 0, line, 1, 1)
            grid.attach(each.widget, 1, line, 1, 1)
        return grid

    def draw(self, state: State) -> None:
        for each in (self.content, self.keep, self.along):
            each.draw(state)
        self.progress.set_opacity(1.0 if state.busy else 0.0)  # its room stays: nothing jumps
        if state.busy and state.progress is None:
            self.progress.pulse()
        else:
            self.progress.set_fraction(state.progress or 0.0)
        self.stage.set_text(state.stage)
        self.stage.set_tooltip_text(state.stage or None)
        self.drafts.draw(state)
        self.canvas.scene.show_badge(state.badge)
        self.canvas.scene.show_view(state.view)
        self.bar.draw(state)


class LookBar:
    """The line over the picture: how large it is seen, and whether styles' places are shown."""

    def __init__(self, presenter: Presenter):
        looking, shown = presenter.picture.looking, presenter.picture.regions
        self._drawing = Drawing()
        self.out, self.fit, self.pixels, self.into = (_button(*each) for each in looking.buttons())
        self.zoom = Gtk.Label(width_chars=len(words.zoom(16)))
        self.regions = Gtk.CheckButton(label=words.REGIONS)
        self.regions.set_tooltip_text(words.REGIONS_HINT)
        self.regions.connect(
            "toggled", self._drawing.unless(lambda: shown.show(self.regions.get_active()))
        )
        self.widget = Gtk.Box(spacing=2)
        for widget in (self.out, self.zoom, self.into, self.fit, self.pixels):
            self.widget.pack_start(widget, False, False, 0)
        self.widget.pack_end(self.regions, False, False, 0)

    def draw(self, state: State) -> None:
        self.zoom.set_text(words.zoom(state.view.seen_at))
        self.regions.set_opacity(0.0 if state.regions is None else 1.0)  # its room stays
        self.regions.set_sensitive(state.regions is not None)
        with self._drawing:
            self.regions.set_active(bool(state.regions))


def _button(text: str, hint: str, act: Callable[[], None]):
    button = Gtk.Button(label=text, relief=Gtk.ReliefStyle.NONE)
    button.get_style_context().remove_class("text-button")  # as narrow as its text
    button.set_tooltip_text(hint)
    button.get_accessible().set_name(hint)
    button.connect("clicked", lambda *_: act())
    return button


class ChoiceBox:
    """A part of the document, to be chosen."""

    def __init__(self, chooser: Chooser):
        self.chooser = chooser
        self._drawing = Drawing()
        self.widget = Gtk.ComboBoxText(hexpand=True)
        self.widget.set_tooltip_text(chooser.hint)
        about(self.widget, chooser.topic)
        self.widget.get_accessible().set_name(chooser.name)
        for cell in self.widget.get_cells():  # a long name must not widen the dialog
            cell.set_property("ellipsize", 3)  # Pango's END
            cell.set_property("width-chars", LETTERS)
        scroll_past(self.widget)
        self.widget.connect(
            "changed", self._drawing.unless(lambda: chooser.choose(self.widget.get_active()))
        )

    def draw(self, state: State) -> None:
        with self._drawing:
            if self.chooser.follow(state):
                self.widget.remove_all()
                for option in self.chooser.options:
                    self.widget.append_text(option.words)
            self.widget.set_active(self.chooser.place)
        self.widget.set_sensitive(self.chooser.enabled)
