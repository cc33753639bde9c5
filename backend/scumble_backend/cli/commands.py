"""The `scumble` command: stylize, batch, weights, bench, serve, status, stop, doctor and others.

Exit codes: 0 done, 1 an error (one sentence on standard error), 2 wrong usage, 130 interrupted.
`status` gives 1 where no backend runs, `doctor` where something is wrong. What a subcommand needs
is imported when it runs, so that `serve` answers at once.
"""

import argparse
import io
import os
import shlex
import sys
import time
from pathlib import Path

from scumble import connection, environment, parameters
from scumble.errors import LostError, ScumbleError
from scumble_backend.cli import pairing
from scumble_backend.cli.arguments import add_knobs, add_styles, flag, knobs

TICK = 0.1  # s
LEAVING = 10.0  # s for the backend to go
GREETING = 5.0  # s for one that holds its lock to be found; it may be about to tell where it is


def main(arguments: list[str] | None = None) -> int:
    """Run a subcommand; its exit code, but for Ctrl+C."""
    chosen = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names may hold anything
    try:
        return chosen.run(chosen)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        sends = environment.only_sends(connection.home())
        why = environment.paints_nothing() if sends else environment.damaged()
        print(why, file=sys.stderr)
        return 1
    except ScumbleError as error:
        print(error, file=sys.stderr)
        return 1
    except MemoryError:
        print("The pictures do not fit into memory: make them smaller.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scumble", allow_abbrev=False, description="Repaint a picture in a blend of styles."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_stylize(commands)
    _add_batch(commands)
    layers = commands.add_parser("layers", help="list the layers of an OpenRaster document")
    layers.add_argument("document", type=Path)
    layers.set_defaults(run=_layers)
    weights = commands.add_parser("weights", help="bring VGG-19, the network of the papers, here")
    weights.add_argument(
        "file", type=Path, nargs="?", metavar="FILE",
        help="a file of its weights, whole or cut short; without one torchvision's is downloaded",
    )  # fmt: skip
    weights.set_defaults(run=_weights)
    _add_bench(commands)
    serve = commands.add_parser("serve", help="run the backend in the foreground")
    serve.add_argument(
        "--listen", metavar="ADDRESS[:PORT]",
        help="paint for other computers, too, that were given a key (scumble key add): listen at "
        "this address of this computer",
    )  # fmt: skip
    serve.add_argument(
        "--devices", metavar="NAME,...",
        help="paint several pictures at the same time, each on a device of its own: all (graphics "
        "cards), or names as `scumble device` says them, or as cuda:0,cuda:1; what is "
        "chosen by that does not count then",
    )  # fmt: skip
    serve.add_argument(
        "--cluster", metavar="ADDRESS",
        help="paint on all devices of a Ray cluster that this computer has joined, one picture on "
        "each at the same time: auto, or its address",
    )  # fmt: skip
    serve.set_defaults(run=_serve, wrong=serve.error)
    status = commands.add_parser("status", help="say whether the backend runs, and what it does")
    pairing.add_choice(status)
    status.set_defaults(run=_status)
    pairing.add_commands(commands)
    text = "say what this computer can paint on, and what it paints on, or choose"
    device = commands.add_parser("device", help=text, description=text)
    device.add_argument(
        "name", nargs="?", metavar="NAME",
        help="a device, by its name or a part of it; auto: the fastest",
    )  # fmt: skip
    device.set_defaults(run=_device)
    for name, run, text in (
        ("stop", _stop, "end the backend, and with it the jobs it runs"),
        ("doctor", _doctor, "say what is wrong with the backend, and what to do"),
    ):
        commands.add_parser(name, help=text, description=text).set_defaults(run=run)
    return parser


def _add_bench(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "measure how fast this machine paints, for some minutes"
    bench = commands.add_parser("bench", help=text, description=text, allow_abbrev=False)
    bench.add_argument(
        "--sizes", type=_sizes, metavar="PX,...", default=[256, 512],
        help="long sides to paint at, px; default 256,512",
    )  # fmt: skip
    words = [word for word in parameters.KNOBS["encoder"].words if word != "auto"]
    bench.add_argument(
        "--encoder", action="append", dest="encoders", choices=words,
        help="default lite; may be given again",
    )  # fmt: skip
    bench.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    bench.add_argument(
        "--compare", type=Path, metavar="FILE", help="say how much faster than in that report"
    )
    bench.set_defaults(run=_bench)


def _sizes(text: str) -> list[int]:
    size = parameters.KNOBS["working_size"]
    try:
        return [int(size.check(int(part))) for part in text.split(",")]  # type: ignore[arg-type]
    except ScumbleError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: give pixels, like 256,512") from None


def _add_stylize(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "stylize",
        allow_abbrev=False,
        help="repaint a picture, or a layer of an OpenRaster document",
        usage="scumble stylize PICTURE --style STYLE[=WEIGHT[@BRUSH%%]] ... -o OUT [options]",
        description="Repaint a picture (PNG, JPEG, TIFF, WebP), or a layer of an OpenRaster "
        "document (.ora), where the result becomes a new layer above it.",
    )
    command.add_argument("picture", type=Path, metavar="PICTURE", help="picture or .ora document")
    command.add_argument(
        "--content", metavar="LAYER", help="in a document: the layer to repaint, by name or #place"
    )
    add_styles(command)
    command.add_argument(
        "-o", "--output", type=Path, metavar="OUT",
        help="file to write: .png, .jpg, .tif, .webp, or .ora for a document",
    )  # fmt: skip
    command.add_argument(
        "--drafts", action="store_true",
        help="paint three quick drafts that differ, beside OUT; the one you choose is painted to "
        "the end, from where it is, with the knobs that are said with it and --from",
    )  # fmt: skip
    command.add_argument(
        "--from", metavar="RESULT", dest="begun",
        help="go on from an earlier result of the same picture or a draft of it, a layer or a "
        "picture file, in a third of the time",
    )  # fmt: skip
    command.add_argument(
        "--estimate", action="store_true",
        help="paint nothing: say how long it would take, how much memory, and at what size",
    )  # fmt: skip
    pairing.add_choice(command)
    add_knobs(command)
    command.set_defaults(run=_stylize, wrong=command.error)


def _add_batch(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "batch",
        allow_abbrev=False,
        help="repaint many pictures, and go on where it was ended",
        usage="scumble batch PICTURES... --style STYLE[=WEIGHT[@BRUSH%%]] ... --out FOLDER "
        "[options]",
        description="Repaint picture files and folders of them, or layers of an OpenRaster "
        "document (.ora), into a folder. Ended at any time, the same command goes on: what is "
        "painted already, in the same way, is passed over.",
    )
    command.add_argument(
        "pictures", type=Path, nargs="+", metavar="PICTURES",
        help="pictures (PNG, JPEG, TIFF, WebP), or folders of them, with all folders in these; or "
        "one document, with --layers",
    )  # fmt: skip
    command.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER",
        help="where the results go, under the pictures' own names; of layers as DOCUMENT-LAYER.png",
    )  # fmt: skip
    command.add_argument(
        "--layers", metavar="LAYER,...",
        help="of a document: the layers to repaint, each by itself into a picture, by name or "
        "#place; or all, but for groups, and those that are styles or places",
    )  # fmt: skip
    command.add_argument(
        "--sequence", action="store_true",
        help="the pictures of a folder are frames, in the order of their names, or the layers are, "
        "as they are named, of all the lowest first: each goes on from the result of the one "
        "before, so that what stands still stays as it is",
    )  # fmt: skip
    pairing.add_choice(command)
    command.add_argument(
        "--cluster", metavar="ADDRESS",
        help="paint on all machines of a Ray cluster that this one has joined: auto, or its "
        "address",
    )  # fmt: skip
    add_styles(command)
    add_knobs(command)
    command.set_defaults(run=_batch, wrong=command.error)


def _stylize(chosen: argparse.Namespace) -> int:
    from scumble_backend.cli.stylize_command import Order, drafts, estimate, stylize

    if not (chosen.output or chosen.estimate):
        chosen.wrong("name a file to write: -o OUT, or ask for an --estimate")
    if chosen.drafts and (chosen.begun or chosen.estimate):
        chosen.wrong("--drafts begin with the picture, and are painted: leave the other out")
    values = knobs(chosen)
    order = Order(
        chosen.picture, chosen.content, chosen.styles, chosen.keep, chosen.along, chosen.begun,
        chosen.backend,
    )  # fmt: skip
    if chosen.estimate:
        estimate(order, values)
    elif chosen.drafts:
        for draft, differs in drafts(order, chosen.output, values):
            said = " ".join(
                f"{flag(parameters.KNOBS[name])} {value:g}" for name, value in differs.items()
            )
            print(f"To paint it to the end: {said} --from {shlex.quote(str(draft))}")
    else:
        stylize(order, chosen.output, values)
    return 0


def _batch(chosen: argparse.Namespace) -> int:
    from scumble_backend.cli.batch import Order, batch

    if chosen.cluster and chosen.backend:
        chosen.wrong("--cluster and --backend say different things: leave one out")
    if chosen.layers is not None and len(chosen.pictures) > 1:
        chosen.wrong("--layers are those of one document: name that alone")
    order = Order(
        chosen.pictures, chosen.out, chosen.styles, chosen.keep, chosen.along, chosen.sequence,
        chosen.backend, chosen.cluster, chosen.layers,
    )  # fmt: skip
    return 1 if batch(order, knobs(chosen)) else 0


def _bench(chosen: argparse.Namespace) -> int:
    from scumble.hosts import files
    from scumble_backend.server.child import TUNING

    os.environ.update(TUNING)  # as in the compute child; torch reads it when it is imported
    from scumble_backend.cli.bench import bench

    if chosen.json:
        files.check_writable(chosen.json)  # said now, not after the minutes
    bench(chosen.sizes, chosen.encoders or ["lite"], chosen.json, chosen.compare)
    return 0


def _layers(chosen: argparse.Namespace) -> int:
    from scumble.hosts.openraster import OpenRasterHost

    nowhere = Path("none.ora")
    layers = OpenRasterHost(chosen.document, nowhere).layers()
    if not layers:
        print("The document has no layers.")
    for place, layer in enumerate(layers, 1):
        x, y, width, height = layer.extent
        name = "  " * layer.id.count("/") + repr(layer.name)
        hidden = "" if layer.visible else ", hidden"
        print(f"#{place}  {name}: {layer.kind}, {width} x {height} px at {x}, {y}{hidden}")
    return 0


def _weights(chosen: argparse.Namespace) -> int:
    from scumble_backend.compute import weights

    found = weights.keep_vgg19(chosen.file) if chosen.file else weights.fetch_vgg19()
    print(f"VGG-19 lies in {found} now: paint with it by --encoder vgg19.")
    return 0


def _device(asked: argparse.Namespace) -> int:
    from scumble_backend.cli.device_command import device

    device(asked.name or "")
    return 0


def _serve(chosen: argparse.Namespace) -> int:
    from scumble_backend.cli.sharing import of_cluster, shares
    from scumble_backend.server import listening
    from scumble_backend.server.serving import serve

    if chosen.cluster is not None and chosen.devices is not None:
        chosen.wrong("--cluster and --devices say different things: leave one out")
    environment.check_paints()
    place = listening.place(chosen.listen) if chosen.listen is not None else None
    if chosen.cluster is not None:
        used = of_cluster(chosen.cluster)
    else:
        used = shares(chosen.devices) if chosen.devices is not None else []
    serve(listen=place, shares=used)
    return 0


def _running():
    """A client of the backend that runs, or None. Raises LostError for one that does not answer."""
    from scumble.client import Client, greet
    from scumble.launcher import mute

    until = time.monotonic() + GREETING
    while time.monotonic() < until:
        found = connection.read()
        if found and greet(found, timeout=2.0):
            return Client(found)
        if _is_free(connection.state_folder() / connection.LOCK):
            return None
        time.sleep(TICK)
    raise LostError(mute())


def _is_free(path: Path) -> bool:
    """Whether no backend holds its lock; none can where the disk is read-only."""
    from scumble.lock import lock

    try:
        held = lock(path)
    except OSError:
        return True
    if held:
        held.close()
    return held is not None


def _status(chosen: argparse.Namespace) -> int:
    if pairing.is_told(chosen.backend):
        return 0
    client = _running()
    if client is None:
        print("The backend does not run; stylize starts it.")
        return 1
    with client:
        reply = client.status(timeout=2.0)
    if reply is None:
        raise LostError("The backend does not answer: try again, or end its process.")
    print(f"The backend {reply.version} is {pairing.doing(reply)} (process {reply.pid}).")
    pairing.tell_device(reply)
    return 0


def _doctor(_) -> int:
    from scumble_backend.cli import doctor

    return 0 if doctor.examine() else 1


def _stop(_) -> int:
    client = _running()
    if client is None:
        print("The backend does not run.")
        return 0
    with client:
        client.shutdown()
        until = time.monotonic() + LEAVING
        while time.monotonic() < until:
            client.poll(TICK)
            if connection.read() is None:  # the last thing it does is to take its file away
                print("The backend has left.")
                return 0
    raise LostError("The backend was asked to leave and is still there: end its process.")
