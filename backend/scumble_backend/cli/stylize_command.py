"""One job from the command line: files in, a file out, progress on the terminal."""

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scumble import connection, launcher, parameters, protocol
from scumble.client import Client
from scumble.errors import JobError, LayerError, LostError, PictureError, ScumbleError
from scumble.host import Layer
from scumble.hosts import files, pictures
from scumble.hosts.openraster import SUFFIX, OpenRasterHost
from scumble.hosts.pictures import PictureHost
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.places import Roles
from scumble.session import Session, StyleChoice
from scumble.ways import DIFFERENT, WAYS, quick, varied
from scumble_backend.cli import choices
from scumble_backend.cli.choices import Written
from scumble_backend.cli.terminal import Terminal

OTHERS = {".kra", ".xcf", ".psd", ".afphoto", ".clip"}  # documents of one editor alone
TICK = 0.1  # s between looks at Ctrl+C
AT_ONCE = 1.0  # s for an estimate from a machine that is known
PATIENCE = 300.0  # s for one that is not, and may be busy
FAREWELL = 2.0  # s for the backend to answer Cancel


class Order(NamedTuple):
    """What is to be painted, as the artist wrote it."""

    picture: Path
    content: str | None
    styles: list[Written]
    keep: str | None = None
    along: str | None = None
    begun: str | None = None  # what it goes on from
    backend: str | None = None  # where it is painted; see `scumble.backends.find`


def stylize(order: Order, output: Path, values: dict) -> None:
    """Repaint a picture, or a layer of a document, and print where the result lies.

    Raises ScumbleError; KeyboardInterrupt once the job is cancelled.
    """
    began = time.monotonic()
    terminal = Terminal()
    files.check_writable(output)  # said now, not after the painting
    host, layer, chosen, roles = _read(order, output, terminal)
    start = _begun(order.begun, host, layer)
    with _backend(order, terminal) as client:
        session = Session(host, client)
        session.start(layer.id, chosen, values, roles=roles, begun=start)
        follow(session, terminal)
    print(f"Wrote {host.written} in {time.monotonic() - began:.1f} s.")


def drafts(order: Order, output: Path, values: dict) -> Iterator[tuple[Path, dict[str, float]]]:
    """Paint three drafts, each into a file beside OUT that is named after it; yields that file, and
    the knobs that the drafts differ in.

    Raises as `stylize`.
    """
    whole = parameters.defaults() | values
    words = {way: "-".join(re.findall(r"\w+", way.caption.lower())) for way in WAYS}
    outputs = {way: output.with_name(f"{output.stem}-{words[way]}{output.suffix}") for way in WAYS}
    for path in outputs.values():
        files.check_writable(path)
    for way, path in outputs.items():
        painted = varied(whole, way)
        stylize(order, path, quick(painted))
        yield path, {name: painted[name] for name in DIFFERENT}  # type: ignore[misc]


def estimate(order: Order, values: dict) -> None:
    """Print what the same job would take, and paint nothing.

    Raises ScumbleError, also where the job would fail.
    """
    terminal = Terminal()
    nowhere = Path("none.png")
    host, layer, chosen, roles = _read(order, nowhere, terminal)
    for each in [layer.id, *(each.source for each in chosen if isinstance(each.source, str))]:
        _check_seen(host, each)
    if _begun(order.begun, host, layer):
        values = values | {"init": "result"}
    elif values.get("init") == "result":  # no file has one to go on from
        values = values | {"init": "content"}
    with _backend(order, terminal) as client:
        session = Session(host, client)
        session.estimate(layer.id, chosen, values, roles)
        found = _awaited(session, terminal)
    if found.message:
        raise JobError(found.message)
    print(
        f"About {_duration(found.seconds)} and {found.memory / 1e9:.1f} GB of memory, of which "
        f"{found.memory_free / 1e9:.1f} GB are free; painted at {found.width} x {found.height} px."
    )


def _backend(order: Order, terminal: Terminal) -> Client:
    return launcher.find_or_start(lambda stage: terminal.say(f"{stage} ..."), order.backend)


def _check_seen(host: OpenRasterHost | PictureHost, layer: str) -> None:
    """Raises LayerError for one of which nothing is to be seen, as painting does."""
    pixels = host.read(layer)
    alpha = np.frombuffer(pixels.data, pictures.NUMPY_TYPES[pixels.format])[3::4]
    if not alpha.any():
        name = next(each.name for each in host.layers() if each.id == layer)
        raise LayerError(tr("“{name}” is empty: paint on it, or choose another layer.", name=name))


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _awaited(session: Session, terminal: Terminal) -> protocol.EstimateReply:
    """The answer to session.estimate."""
    began = time.monotonic()
    session.poll(AT_ONCE)
    if session.estimated is None:
        terminal.say("Measuring how fast this machine paints ...")
    while session.estimated is None:
        session.poll(TICK)
        if time.monotonic() - began > PATIENCE:
            raise LostError("The backend gives no estimate: run `scumble stop`, and try again.")
    return session.estimated


def _read(
    order: Order, output: Path, terminal: Terminal
) -> tuple[OpenRasterHost | PictureHost, Layer, list[StyleChoice], Roles]:
    """What the words mean: the document or picture, the layer to repaint, its styles, and what
    other layers do."""
    if not order.styles:
        raise LayerError("Name at least one style: --style picture.jpg.")
    host = _open(order.picture, output, order.content, terminal)
    layers = host.layers() if isinstance(host, OpenRasterHost) else []
    chosen = choices.styles(order.styles, layers)
    roles = Roles(choices.place(order.keep, layers), choices.place(order.along, layers))
    places = [style.where for style in chosen if style.where] + roles.places()
    used = {each.source for each in (*chosen, *places)}
    layer = choices.content(order.content, host.layers(), host.active_layer(), used)
    if order.content is None and layers:
        terminal.say(f"Repainting the layer {layer.name!r}.")
    return host, layer, chosen, roles


def _begun(text: str | None, host: OpenRasterHost | PictureHost, layer: Layer) -> Pixels | None:
    """What a painting of the layer goes on from, where it is said."""
    if text is None:
        return None
    found = choices.place(text, host.layers() if isinstance(host, OpenRasterHost) else [])
    assert found is not None
    if isinstance(found.source, str):
        return host.read(found.source, layer.extent)
    pixels = host.read_picture(found.source)
    (width, height), (wide, high) = pixels.extent[2:], layer.extent[2:]
    if (width, height) != (wide, high):
        raise LayerError(
            f"{text} is {width} x {height} px, and what is repainted {wide} x {high} px: name an "
            "earlier result of the same picture."
        )
    return replace(pixels, extent=layer.extent)


def _open(
    picture: Path, output: Path, content: str | None, terminal: Terminal
) -> OpenRasterHost | PictureHost:
    if picture.suffix.lower() == SUFFIX:
        return OpenRasterHost(picture, output, terminal.show, terminal.say)
    check_kind(picture)
    if content is not None:
        raise LayerError(f"{picture} has no layers: leave --content out.")
    if output.suffix.lower() == SUFFIX:
        raise PictureError(f"{picture} is no document: write a picture, as -o out.png.")
    return PictureHost(picture, output, terminal.show, terminal.say)


def check_kind(path: Path) -> None:
    """Raises PictureError for a document that its own editor alone can read."""
    if path.suffix.lower() in OTHERS:
        raise PictureError(f"{path} is its editor's own kind of document: save it as .ora there.")


def follow(session: Session, terminal: Terminal) -> None:
    """Poll until the job ends. Ctrl+C cancels it; a result that cannot be written is kept."""
    for _ in following(session, terminal):
        pass


def following(session: Session, terminal: Terminal) -> Iterator[None]:
    """As `follow`, and may be left at each yield: then, too, the job is cancelled."""
    waits_for = ""
    try:
        while session.poll(TICK):
            if session.waits_for != waits_for:
                waits_for = session.waits_for
                terminal.say(f"Waiting: {waits_for}." if waits_for else "It is this job's turn.")
            yield
    except (KeyboardInterrupt, GeneratorExit):
        with contextlib.suppress(ScumbleError):
            _cancel(session)
        raise
    except PictureError as error:
        if session.result is None:
            raise
        raise PictureError(f"{error} {_keep(session.result.pixels)}") from error
    finally:
        terminal.clear()


def _cancel(session: Session) -> None:
    """Cancel, and stay until the backend has heard of it."""
    if not session.running:
        return
    session.cancel()
    until = time.monotonic() + FAREWELL
    while time.monotonic() < until:
        if any(isinstance(reply, protocol.Cancelled) for reply in session.client.poll(TICK)):
            return


def _keep(pixels: Pixels) -> str:
    """Put a result that could not be written into the state folder; the sentence that says so."""
    path = files.free_name(connection.state_folder() / "unsaved.png")
    try:
        pictures.write(pixels, path)
    except PictureError as error:
        return f"Nor can it be kept elsewhere: {error}"
    return f"The result is kept in {path}."
