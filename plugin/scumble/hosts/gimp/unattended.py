"""A run without a dialog: for scripts, and for Filters > Repeat.

It waits where it stands. GIMP's own Cancel kills this process, and the backend then drops the job.
"""

import contextlib

from scumble import history
from scumble.errors import LayerError, PictureError
from scumble.hosts.gimp import arguments, scripted
from scumble.hosts.gimp.api import Gimp
from scumble.hosts.gimp.host import GimpHost
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.presenter import records, words
from scumble.presenter.records import Record
from scumble.protocol import Done, Progress
from scumble.resultfiles import Result
from scumble.session import Delivered, Session

TICK = 0.1  # s to wait for a word of the backend's


class Told:
    """In the image's window there is room for a line."""

    def say(self, message: str) -> None:
        Gimp.message(message)

    def show_progress(self, progress: Progress) -> None:
        Gimp.progress_set_text(progress.stage[:1].upper() + progress.stage[1:])
        Gimp.progress_update(progress.fraction)

    def show_preview(self, pixels: Pixels) -> None:
        """There is none for a picture."""


def script(image, drawables: list, config) -> str:
    """What a script asks for; the new layer's id."""
    host = _host(image, config, shows=False)
    record = Record(
        _content(drawables),
        scripted.styles(image, config),
        arguments.read(config),
        scripted.roles(image, config),
    )
    return _paint(host, record)[1].layer


def repeat(image, drawables: list, config) -> str:
    """The last styles and settings again; the new layer's id.

    Where the last result is the active layer, it is its original that is painted again.
    """
    host = _host(image, config, shows=True)
    content = _content(drawables)
    record = records.of_layer(host, content)
    content = record.content if record and host.is_there(record.content) else content
    last, roles = records.read(host, config.get_property("last-styles") or "")
    choices = [each for each in last if each.source != content]
    if not choices:
        raise LayerError(
            tr(
                "No style used last is in this image: open Scumble: Style Transfer... and "
                "tick some."
            )
        )
    record = Record(content, choices, arguments.read(config), roles)
    records.identify(host)
    done, delivered = _paint(host, record)
    records.remember(host, delivered.layer, record)
    result = Result(done.pixels, delivered.name, host.title(), done.mask)
    with contextlib.suppress(PictureError):  # the layer is there
        asked = records.asked(host, record)
        history.keep(records.identity(host), result, done.seconds, asked)
    return delivered.layer


def _host(image, config, shows: bool) -> GimpHost:
    host = GimpHost(image, shows)
    host.teller = Told()
    host.put_as(config)
    return host


def _content(drawables: list) -> str:
    """The layer to repaint, of what is selected. Raises LayerError."""
    found = [Gimp.Layer.from_mask(each) if each.is_layer_mask() else each for each in drawables]
    if len(found) != 1 or not found[0].is_layer():
        raise LayerError(tr("Select one layer: Scumble repaints that."))
    return str(found[0].get_id())


def _paint(host: GimpHost, record: Record) -> tuple[Done, Delivered]:
    from scumble import launcher

    if obstacle := host.obstacle():
        raise LayerError(obstacle)
    Gimp.progress_init("Scumble")
    session = Session(host, launcher.find_or_start(_show_stage))
    try:
        earlier = records.results_of(host, record.content)
        session.start(record.content, record.choices, record.values, earlier, record.roles)
        while session.poll(TICK):
            if session.state == "queued":
                _show_stage(words.queued(session.waits_for))
    finally:
        session.cancel()
        session.close()
        Gimp.progress_end()
    if session.delivered is None or session.result is None:
        raise LayerError(tr("The image was closed meanwhile: the result is kept for a day."))
    return session.result, session.delivered


def _show_stage(stage: str) -> None:
    Gimp.progress_set_text(stage[:1].upper() + stage[1:])
    Gimp.progress_pulse()
