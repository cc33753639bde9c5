"""What a test can ask of the open dialog: each function runs in the plug-in's own process."""

import gc
import resource
import time
from pathlib import Path

from gi.repository import Gtk


def _dialog():
    from scumble.hosts.gimp.dialog import Dialog

    found = [each for each in gc.get_objects() if isinstance(each, Dialog)]
    assert found, "the dialog is not open"
    return found[0]


def dialog():
    """What the artist sees in it."""
    found = _dialog()
    rows = [row for row in found.styles.rows if row.widget.get_visible()]
    apply = found.window.get_widget_for_response(Gtk.ResponseType.OK)
    return {
        "content": found.content.get_active_text(),
        "styles": [[row.name, row.tick.get_active(), row.weight.get_value()] for row in rows],
        "apply": apply.get_sensitive(),
        "status": found.status.get_text(),
        "message": found.message.get_text() if found.message_bar.get_visible() else "",
        "stage": found.stage.get_text(),
        "progress": found.progress.get_fraction(),
        "preview": found.canvas.has_painting,
        "busy": found.painting.busy,
        "size": list(found.window.get_size()),
    }


def is_ready():
    return "Ready" in _dialog().status.get_text()


def is_idle():
    return not _dialog().painting.busy


def is_sent():
    return _dialog().painting.state == "running"


def has_preview():
    return _dialog().canvas.has_painting


def tick(styles):
    """Tick exactly these: {name: weight}."""
    for row in _dialog().styles.rows:
        row.tick.set_active(row.name in styles)
        if row.name in styles:
            row.weight.set_value(styles[row.name])


def choose_content(layer):
    _dialog().content.set_active_id(layer)


def set_values(values):
    for name, value in values.items():
        _dialog()._config.set_property(name, value)


def settings():
    from scumble.hosts.gimp import arguments

    return arguments.read(_dialog()._config)


def add_file(path):
    _dialog().add_file(Path(path))


def press(button):
    """Click a button: "apply", "cancel" or "keep"; how long the dialog was not free."""
    found = _dialog()
    answers = {"apply": Gtk.ResponseType.OK, "cancel": Gtk.ResponseType.CANCEL}
    widget = found.keep
    if button in answers:
        widget = found.window.get_widget_for_response(answers[button])
    assert widget.get_sensitive(), f"{button} is grey"
    began = time.monotonic()
    widget.clicked()
    return time.monotonic() - began


def unfold(advanced=True, expert=False):
    _dialog().settings.advanced.set_expanded(advanced)
    _dialog().settings.expert.set_expanded(expert)


def memory():
    """The most memory this process has held, in bytes."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
