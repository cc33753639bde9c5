"""What a test can ask of the open dialog: each function runs in the plug-in's own process."""

import gc
import resource
import time
from pathlib import Path

from gi.repository import Gtk
from overhead import start_watch  # noqa: F401  a step too


def _dialog():
    from scumble.hosts.gimp.dialog import Dialog

    found = [each for each in gc.get_objects() if isinstance(each, Dialog)]
    assert found, "the dialog is not open"
    return found[0]


def dialog():
    """What the artist sees in it."""
    found = _dialog()
    rows = [row for row in found.styles.list.rows if row.widget.get_visible()]
    apply = found.window.get_widget_for_response(Gtk.ResponseType.OK)
    return {
        "content": found.easel.content.get_active_text(),
        "styles": [[row.name, row.tick.get_active(), row.weight.get_value()] for row in rows],
        "apply": apply.get_sensitive(),
        "status": status()[0],
        "message": found.message.get_text() if found.message_bar.get_visible() else "",
        "stage": found.easel.stage.get_text(),
        "offer": found.offer.words.get_text() if found.offer.widget.get_visible() else "",
        "progress": found.easel.progress.get_fraction(),
        "preview": found.easel.canvas.has_painting,
        "busy": found.painting.busy,
        "size": list(found.window.get_size()),
    }


def is_ready():
    return status()[0].startswith(("Ready", "Painting for another"))


def status():
    """The status line: its words, and the buttons that are seen."""
    found = _dialog().status
    buttons = [each for each in (found.start, found.log) if each.get_visible()]
    return [found.words.get_text()[2:], *(each.get_label() for each in buttons)]


def brushes():
    return {
        row.name: row.brush.get_value()
        for row in _dialog().styles.list.rows
        if row.tick.get_active()
    }


def set_brush(name, percent):
    row = next(row for row in _dialog().styles.list.rows if row.name == name)
    row.brush.set_value(percent)


def canvas_colours():
    """What the picture shows at its left and at its right edge, half way down: [r, g, b] each."""
    shown = _dialog().easel.canvas._image.get_pixbuf()
    data, step = shown.get_pixels(), shown.get_n_channels()
    row = shown.get_height() // 2 * shown.get_rowstride()
    places = (row + 4 * step, row + (shown.get_width() - 4) * step)
    return [list(data[place : place + 3]) for place in places]


def hold_mouse(down):
    """On the picture."""
    _dialog().easel.canvas._compare(down)


def shown_choice(name):
    """What the field of a choice shows."""
    return _dialog().settings.fields[name].get_active_text()


def is_idle():
    return not _dialog().painting.busy


def is_sent():
    return _dialog().painting.state == "running"


def has_preview():
    return _dialog().easel.canvas.has_painting


def tick(styles):
    """Tick exactly these: {name: weight}."""
    for row in _dialog().styles.list.rows:
        row.tick.set_active(row.name in styles)
        if row.name in styles:
            row.weight.set_value(styles[row.name])


def choose_content(layer):
    _dialog().easel.content.set_active_id(layer)


def set_values(values):
    for name, value in values.items():
        _dialog()._config.set_property(name, value)


def settings():
    from scumble.hosts.gimp import arguments

    return arguments.read(_dialog()._config)


def add_file(path):
    _dialog().styles.add_file(Path(path))


def press(button):
    """Click a button, by its name; how long the dialog was not free."""
    found = _dialog()
    answer = {"apply": Gtk.ResponseType.OK, "cancel": Gtk.ResponseType.CANCEL}.get
    widget = {
        "keep": found.keep, "start": found.status.start, "log": found.status.log,
        "insert": found.offer.take, "discard": found.offer.discard,
    }.get(button) or found.window.get_widget_for_response(answer(button))  # fmt: skip
    assert widget.get_visible(), f"{button} is not seen"
    assert widget.get_sensitive(), f"{button} is grey"
    began = time.monotonic()
    widget.clicked()
    return time.monotonic() - began


def unfold(advanced=True, expert=False):
    _dialog().settings.advanced.set_expanded(advanced)
    _dialog().settings.expert.set_expanded(expert)


def say(message):
    _dialog().say(message)


def is_moving():
    """Whether it has another size than when last asked."""
    size = _dialog().window.get_size()
    moved, LAST_SIZE[:] = list(size) != LAST_SIZE, size
    return moved


LAST_SIZE = []


def cut_off():
    """The words of labels that are seen but not whole."""
    return [each.get_text() for each in _labels(_dialog().window) if _is_cut_off(each)]


def _labels(widget):
    if isinstance(widget, Gtk.Label):
        yield widget
    elif isinstance(widget, Gtk.Container):
        inside = []
        widget.forall(inside.append)
        for each in inside:
            yield from _labels(each)


def _is_cut_off(label):
    return label.is_drawable() and label.get_layout().is_ellipsized()


def memory():
    """The most memory this process has held, in bytes."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
