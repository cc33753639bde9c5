"""What a test can ask of the open dialog: each function runs in the plug-in's own process."""

import gc
import resource
import time
from pathlib import Path

from gi.repository import Gimp, GLib, Gtk
from overhead import start_watch  # noqa: F401  a step too

EDGE = 8  # px before a name in a slider


def _dialog():
    from scumble.hosts.gimp.dialog import Dialog

    found = [each for each in gc.get_objects() if isinstance(each, Dialog)]
    assert found, "the dialog is not open"
    return found[0]


def dialog():
    """What the artist sees in it."""
    found = _dialog()
    rows = [found.styles.rows.all[row.source] for row in found.presenter.state.rows]
    apply = found.window.get_widget_for_response(Gtk.ResponseType.OK)
    foot = found.foot
    return {
        "title": found.window.get_title(),
        "content": (found.picture.content.widget.get_active_text() or "").strip(),
        "styles": [
            [row.label.get_text(), row.tick.get_active(), row.weight.get_value()] for row in rows
        ],
        "apply": apply.get_sensitive(),
        "cancel": found.cancel.get_label(),
        "status": status()[0],
        "private": foot.private.get_text(),
        "message": foot.message_words.get_text() if foot.message.get_visible() else "",
        "stage": found.picture.stage.get_text(),
        "offer": foot.offer_words.get_text() if foot.offer.get_visible() else "",
        "progress": found.picture.progress.get_fraction(),
        "preview": found.picture.canvas.scene.has_painting,
        "busy": found.presenter.painting.busy,
        "size": list(found.window.get_size()),
    }


def page():
    """What the page that sets up says; None where there is none."""
    part = _dialog().page
    if not part.widget.get_visible():
        return None
    return {
        "heading": part.heading.get_text(),
        "lines": part.lines.get_text(),
        "button": part.button.get_label() if part.button.get_visible() else "",
        "stage": part.stage.get_text(),
        "progress": part.progress.get_fraction() if part.progress.get_visible() else 0.0,
        "trouble": part.trouble.get_text(),
    }


def open_history():
    _dialog().picture.history.clicked()


def open_presets():
    button = _dialog().presets
    button.list()
    items = button.menu.get_children()
    next(each for each in items if each.get_label() == "All presets...").activate()


def _asked(kind):
    """The widget of this kind in the box that asks."""
    found = []

    def look(widget):
        if isinstance(widget, kind):
            found.append(widget)
        if isinstance(widget, Gtk.Container):
            widget.forall(look)

    look(_dialog().question)
    return found[0]


def answer_name(text):
    _asked(Gtk.Entry).set_text(text)
    answer(True)


def answer_choice(place):
    names = _asked(Gtk.ComboBoxText)
    asked = [row[0] for row in names.get_model()]
    names.set_active(place)
    answer(True)
    return asked


def choose_file(path):
    """In the box that asks for one; whether it is chosen by now, which takes GTK a moment."""
    chooser = _dialog().question
    if chooser.get_filename() == path:
        answer(True)
        return True
    if chooser.get_action() == Gtk.FileChooserAction.SAVE:
        chooser.set_current_folder(str(Path(path).parent))
        chooser.set_current_name(Path(path).name)
    else:
        chooser.set_filename(path)
    return False


def shelf():
    """What the artist sees in the window of small pictures; None where it is not open."""
    found = _dialog().shelf
    if not found.window.get_visible():
        return None
    _, chosen = found.list.get_selection().get_selected_rows()
    text = found.details.get_buffer()
    return {
        "cards": [row[1] for row in found.things],
        "pictures": [row[0] is not None for row in found.things],
        "row": chosen[0].get_indices()[0] if chosen else -1,
        "details": text.get_text(*text.get_bounds(), False),
        "looks": bool(found.canvas.scene.before),
        "buttons": [
            each.get_label()
            for box in (found.acts, found.others)
            for each in box.buttons.all.values()
        ],
        "empty": found.empty.get_text() if found.empty.get_visible() else "",
        "foot": found.foot.get_text(),
    }


def choose_card(row):
    _dialog().shelf.list.set_cursor(Gtk.TreePath(row))


def act(act):
    found = _dialog().shelf
    {**found.acts.buttons.all, **found.others.buttons.all}[act].clicked()


def search(text):
    _dialog().shelf.query.set_text(text)


def close_shelf():
    _dialog().shelf.window.response(Gtk.ResponseType.CANCEL)


def _row(name):
    return next(row for row in _dialog().styles.rows.all.values() if row.label.get_text() == name)


def is_ready():
    from scumble.language import tr

    return status()[0].startswith((tr("Ready"), tr("Painting for another picture")))


def status():
    """The status line: its words, and the buttons that are seen."""
    found = _dialog().foot
    buttons = [each for each in (found.start, found.log) if each.get_visible()]
    return [found.status_words.get_text()[2:], *(each.get_label() for each in buttons)]


def brushes():
    rows = _dialog().styles.rows.all.values()
    return {row.label.get_text(): row.brush.get_value() for row in rows if row.tick.get_active()}


def set_brush(name, percent):
    _row(name).brush.set_value(percent)


def remove_row(name):
    _row(name).remove.clicked()


def question():
    """What is asked; nothing where nothing is."""
    found = getattr(_dialog(), "question", None)
    return found.get_property("text") if found and found.get_visible() else ""


def about():
    _dialog().presenter.about.show()


def answer(yes):
    _dialog().question.response(Gtk.ResponseType.OK if yes else Gtk.ResponseType.CANCEL)


def thumbnails():
    """The mean of each row's small picture, or none: {name: [r, g, b]}."""
    return {row.label.get_text(): _mean(row.picture) for row in _dialog().styles.rows.all.values()}


def canvas_mean():
    return _mean(_dialog().picture.canvas._image)


def _mean(image):
    shown = image.get_pixbuf()
    if shown is None:
        return None
    data, channels = shown.get_pixels(), shown.get_n_channels()
    width, step = shown.get_width(), shown.get_rowstride()
    rows = [data[row * step : row * step + width * channels] for row in range(shown.get_height())]
    return [
        sum(sum(row[part::channels]) for row in rows) / (width * len(rows)) for part in range(3)
    ]


def canvas_colours():
    """What the picture shows at its left and at its right edge, above the line's handle: [r, g, b]
    each."""
    shown = _dialog().picture.canvas._image.get_pixbuf()
    data, step = shown.get_pixels(), shown.get_n_channels()
    row = shown.get_height() // 4 * shown.get_rowstride()
    places = (row + 4 * step, row + (shown.get_width() - 4) * step)
    return [list(data[place : place + 3]) for place in places]


def hold_mouse(down):
    """On the picture."""
    _dialog().picture.canvas.scene._compare(down)


def shown_choice(name):
    """What the field of a choice shows."""
    return _dialog().settings.fields[name].get_active_text()


def is_idle():
    return not _dialog().presenter.painting.busy


def stop_and_close():
    """Pressed twice, before the dialog has gone on from the first."""
    for _ in range(2):
        _dialog().window.response(Gtk.ResponseType.CANCEL)


def is_sent():
    return _dialog().presenter.painting.state == "running"


def has_preview():
    return _dialog().picture.canvas.scene.has_painting


def tick(styles):
    """Tick exactly these: {name: weight}."""
    for row in list(_dialog().styles.rows.all.values()):
        name = row.label.get_text()
        row.tick.set_active(name in styles)
        if name in styles:
            row.weight.set_value(styles[name])


def choose_content(layer):
    found = _dialog().picture.content
    found.widget.set_active([each.value for each in found.chooser.options].index(layer))


def set_values(values):
    for name, value in values.items():
        _dialog()._config.set_property(name, value)


def settings():
    from scumble.hosts.gimp import arguments

    return arguments.read(_dialog()._config)


def add_file(path):
    _dialog().presenter.choosing.add_files([Path(path)])


def press(button):
    """Click a button, by its name; how long the dialog was not free."""
    found = _dialog()
    answer = {"apply": Gtk.ResponseType.OK, "cancel": Gtk.ResponseType.CANCEL}.get
    widget = {
        "keep": found.keep, "keep open": found.keep_open,
        "start": found.foot.start, "log": found.foot.log,
        "insert": found.foot.take, "discard": found.foot.discard,
    }.get(button) or found.window.get_widget_for_response(answer(button))  # fmt: skip
    assert widget.get_visible(), f"{button} is not seen"
    assert widget.get_sensitive(), f"{button} is grey"
    began = time.monotonic()
    widget.clicked()
    return time.monotonic() - began


def drafts():
    """The drafts below the picture: what is said of each, whether it is painted, and where."""
    row = _dialog().picture.drafts
    return [
        {
            "caption": each.get_accessible().get_name(),
            "painted": each.get_sensitive(),
            "at": _middle(_box(each)),
        }
        for each in row.buttons.all.values()
        if row.widget.get_visible()
    ]


def role(name):
    return getattr(_dialog().picture, name).widget.get_active_text()


def hear():
    """Write down what is said in GIMP's own way, too: the dialog is closed by then."""
    path, say = Path.home() / "heard.txt", Gimp.message
    path.unlink(missing_ok=True)

    def listened(message):
        with open(path, "a", encoding="utf-8") as file:
            file.write(message + "\n")
        say(message)

    Gimp.message = listened


def _widget(what, name=""):
    found = _dialog()
    if what in ("tick", "weight", "brush", "more", "remove"):
        return getattr(_row(name), what)
    buttons = {"apply": Gtk.ResponseType.OK, "cancel": Gtk.ResponseType.CANCEL}
    if what in buttons:
        return found.window.get_widget_for_response(buttons[what])
    if what in found.settings.fields:
        return found.settings.fields[what]
    return {
        "content": found.picture.content.widget,
        "keep as it is": found.picture.keep.widget,
        "along": found.picture.along.widget,
        "drafts": found.drafts,
        "badge": found.picture.canvas.word,
        "list": found.styles.room,
        "set up": found.page.button,
        "add": found.styles.add,
        "presets": found.presets.widget,
    }[what]


def place_of_item(words):
    """Of a line of the menu of presets; None while it is closed."""
    menu = _dialog().presets.menu
    found = [each for each in menu.get_children() if each.get_label() == words]
    return _middle(_box(found[0])) if found and menu.get_mapped() else None


def is_asked():
    """Whether a box with a question is open."""
    return bool(_dialog().question and _dialog().question.get_visible())


def place(what, name=""):
    """Where the middle of a part of the dialog is on the screen."""
    return _middle(_box(_widget(what, name)))


def _middle(box):
    left, top, width, height = box
    return [left + width // 2, top + height // 2]


def box(what, name=""):
    """Where a part of the dialog is on the screen: left, top, width, height."""
    return _box(_widget(what, name))


def _box(widget):
    box, top = widget.get_allocation(), widget.get_toplevel()
    across, down = widget.translate_coordinates(top, 0, 0)
    _, left, above = top.get_window().get_origin()
    return [left + across, above + down, box.width, box.height]


def said(name):
    """What is said of a style in small letters."""
    return _row(name).said.get_text()


def place_of_cross():
    """Of the button in the corner of the dialog's frame."""
    frame = _dialog().window.get_window().get_frame_extents()
    return [frame.x + frame.width - 10, frame.y + 8]


def rows_in_view():
    """The names of the styles that are seen whole."""
    _, top, _, height = _box(_dialog().styles.room)
    inside = []
    for row in _dialog().styles.rows.all.values():
        _, above, _, tall = _box(row.widget)
        has_place = row.widget.get_mapped() and tall > 1
        if has_place and top <= above and above + tall <= top + height:
            inside.append(row.label.get_text())
    return inside


def focused():
    """The name of the field that has the keyboard, or that what has it is a part of."""
    widget = _dialog().window.get_focus()
    while widget and not widget.get_accessible().get_name():
        widget = widget.get_parent()
    return widget.get_accessible().get_name() if widget else ""


def ask_for_file():
    """Click on the button that adds picture files; it waits for them."""
    GLib.idle_add(_dialog().styles.add.clicked)


def _chooser():
    found = Gtk.Window.list_toplevels()
    return next((each for each in found if isinstance(each, Gtk.FileChooserDialog)), None)


def chooser():
    """What the file chooser shows: its folder and its filter; nothing where there is none."""
    found = _chooser()
    return [found.get_current_folder(), found.get_filter().get_name()] if found else None


def choose(path):
    _chooser().set_filename(path)


def end_chooser():
    _chooser().response(Gtk.ResponseType.OK)


def heading():
    """Over the styles."""
    return _dialog().styles.heading.get_text()


def unfold(advanced=True, expert=False):
    _dialog().settings.advanced.set_expanded(advanced)
    _dialog().settings.expert.set_expanded(expert)


def say(message):
    _dialog().presenter.say(message)


def is_moving():
    """Whether it has another size than when last asked."""
    size = _dialog().window.get_size()
    moved, LAST_SIZE[:] = list(size) != LAST_SIZE, size
    return moved


LAST_SIZE = []


def cut_off(part=None):
    """The words of labels and sliders that are seen but not whole; in the dialog, or in a window
    of its."""
    window = getattr(_dialog(), part).window if part else _dialog().window
    below = list(_below(window))
    sliders = [each for each in below if type(each).__name__ == "SpinScale" and each.get_label()]
    found = [each.get_text() for each in below if isinstance(each, Gtk.Label) and _is_cut_off(each)]
    return found + [each.get_label() for each in sliders if _has_no_room(each)]


def _below(widget):
    yield widget
    if isinstance(widget, Gtk.Container):
        inside = []
        widget.forall(inside.append)
        for each in inside:
            yield from _below(each)


def _has_no_room(slider):
    """Whether the name in a slider, which it draws by itself, reaches its number."""
    name = slider.create_pango_layout(slider.get_label() or "").get_pixel_size()[0]
    return slider.is_drawable() and name + EDGE > slider.get_layout_offsets()[0]


def _is_cut_off(label):
    return label.is_drawable() and label.get_layout().is_ellipsized()


def memory():
    """The most memory this process has held, in bytes."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
