"""Many pictures, or layers of a document, one after another: `scumble batch`.

Beside the results, in a folder of its own, lies a record of each: what it is painted from, and what
its file holds. It is written before the result, which then takes its place whole. So whatever ends
the command, and whenever, the next run finds each picture done or still to be painted, and takes no
file for its own that is not.
"""

import contextlib
import dataclasses
import json
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from scumble import launcher, parameters
from scumble.client import Client
from scumble.errors import InputError, LostError, PictureError, ScumbleError
from scumble.host import Layer
from scumble.hosts import files, pictures
from scumble.hosts.pictures import ReadHost
from scumble.pixels import Extent, Pixels
from scumble.places import Roles
from scumble.protocol import Progress
from scumble.session import Session
from scumble_backend import __version__
from scumble_backend.cli import choices, records, tasks
from scumble_backend.cli.choices import Written
from scumble_backend.cli.records import Record, digest
from scumble_backend.cli.stylize_command import following
from scumble_backend.cli.tasks import Task
from scumble_backend.cli.terminal import Terminal

FOUND = 2  # times that a backend is looked for, for one picture
OVER = object()  # of a lane that has nothing left to paint


class Order(NamedTuple):
    """What is to be painted, as the artist wrote it. layers: of the document, if they are."""

    pictures: list[Path]
    out: Path
    styles: list[Written]
    keep: str | None = None
    along: str | None = None
    sequence: bool = False
    backend: str | None = None  # where it is painted; see `scumble.backends.find`
    cluster: str | None = None  # the address of a Ray cluster
    layers: str | None = None

    @property
    def things(self) -> str:
        return "pictures" if self.layers is None else "layers"


class Failed(NamedTuple):
    task: Task
    reason: str

    def __str__(self) -> str:
        named = self.task.is_named_in(self.reason)
        return self.reason if named else f"{self.task}: {self.reason}"


@dataclasses.dataclass
class Count:
    """What has become of the pictures so far."""

    painted: int = 0
    before: int = 0  # were done already
    failed: list[Failed] = dataclasses.field(default_factory=list)

    @property
    def over(self) -> int:
        return self.painted + self.before + len(self.failed)


def batch(order: Order, values: dict) -> list[Failed]:
    """Repaint pictures into a folder, and print what became of them; those that failed.

    Raises ScumbleError where none can be painted; KeyboardInterrupt, after the same lines.
    """
    began, terminal, count = time.monotonic(), Terminal(), Count()
    if not order.styles:
        raise InputError("Name at least one style: --style picture.jpg.")
    parameters.check(values)
    what = What(order)
    with contextlib.closing(_backends(order, terminal)) as backends, records.held(order.out):
        painter = Painter(order, what, values, terminal, count)
        try:
            painter.paint(tasks.chains(what.tasks, order.sequence), backends)
        finally:
            terminal.clear()
            _sum_up(count, len(what.tasks), order.things, time.monotonic() - began)
    return count.failed


def _sum_up(count: Count, all_: int, things: str, seconds: float) -> None:
    left = all_ - count.over
    print(
        f"Painted {count.painted} of {all_} {things} in {seconds:.0f} s; {count.before} were done "
        f"before, {len(count.failed)} failed"
        + (f", {left} are left: the same command goes on with them." if left else ".")
    )
    for failed in count.failed:
        print(f"  {failed}")


def _backends(order: Order, terminal: Terminal) -> "Backends":
    if order.cluster is None:
        return Alone(terminal.say, order.backend)
    from scumble_backend.cli.cluster import Cluster

    return Cluster(order.cluster, terminal.say)


class Backends(Protocol):
    """What paints: gives clients, each for one picture at a time."""

    def lanes(self) -> int:
        """How many pictures are to be under way now."""
        ...

    def take(self) -> Client | None:
        """None where none is free. Raises ScumbleError where none will be."""
        ...

    def give(self, client) -> None: ...

    def lose(self, client) -> None:
        """Take back one that does not answer."""
        ...

    def close(self) -> None: ...


class Alone:
    """One backend, which is looked for when the first picture is to be painted."""

    def __init__(self, say: Callable[[str], None], name: str | None):
        self._say, self._name = say, name
        self._client: Client | None = None

    def lanes(self) -> int:
        return 1

    def take(self) -> Client:
        if self._client is None:
            self._client = launcher.find_or_start(
                lambda stage: self._say(f"{stage} ..."), self._name
            )
        return self._client

    def give(self, client: Client) -> None:
        """It is kept for the next picture."""

    def lose(self, client: Client) -> None:
        client.close()
        self._client = None

    def close(self) -> None:
        if self._client:
            self._client.close()


class Hand:
    """A client for pictures in a row, taken when the first of them is to be painted."""

    def __init__(self, backends: Backends):
        self._backends = backends
        self.client: Client | None = None

    def __enter__(self) -> "Hand":
        return self

    def __exit__(self, *_) -> None:
        if self.client:
            self._backends.give(self.client)

    def found(self) -> Generator[None, None, Client]:
        while self.client is None:
            self.client = self._backends.take()
            if self.client is None:
                yield
        return self.client

    def lose(self) -> None:
        if self.client:
            self._backends.lose(self.client)
        self.client = None


class What:
    """What the words of an order mean. read: the pictures that are looked at for every task.
    digests: of these, and of such layers, by where they are. Raises ScumbleError."""

    def __init__(self, order: Order):
        document = tasks.opened(order.pictures, order.out) if order.layers is not None else None
        self.tasks = [] if document else tasks.of_files(order.pictures, order.out)
        layers = document.layers() if document else []
        self.styles = choices.styles(order.styles, layers)
        self.roles = Roles(choices.place(order.keep, layers), choices.place(order.along, layers))
        places = [style.where for style in self.styles if style.where] + self.roles.places()
        used = {each.source for each in (*self.styles, *places)}
        named = {each for each in used if isinstance(each, Path)}
        self.read = {path: pictures.read(path) for path in named}
        self.digests: dict[str | Path, str] = {each: digest(files.read(each)) for each in named}
        if document:
            chosen = choices.contents(order.layers or "", layers, used)
            self.tasks = tasks.of_layers(document, chosen, order.out)
            for layer in {str(each) for each in used - named}:
                self.digests[layer] = tasks.of_layer(tasks.read(document, layer))


class Painter:
    """Paints tasks by what backends there are."""

    def __init__(self, order: Order, what: What, values: dict, terminal: Terminal, count: Count):
        self._order, self._what, self._values = order, what, values
        self._terminal, self._count, self._tasks = terminal, count, len(what.tasks)
        self._settings = _settings(order, what, values)
        self._began = time.monotonic()

    def paint(self, chains: Iterator[list[Task]], backends: Backends) -> None:
        """Chains of tasks, as many at once as backends take.

        Raises ScumbleError where none can be painted.
        """
        lanes: list[Generator[None, None, None]] = []
        try:
            while True:
                while len(lanes) < backends.lanes() and (chain := next(chains, None)):
                    lanes.append(self._along(chain, backends))
                if not lanes:
                    return
                lanes = [lane for lane in lanes if next(lane, OVER) is not OVER]
        finally:
            for lane in lanes:
                lane.close()

    def _along(self, chain: list[Task], backends: Backends) -> Generator[None, None, None]:
        """One task after another; each goes on from the result before it. Yields while it waits."""
        with Hand(backends) as hand:
            for task, before in zip(chain, [None, *chain], strict=False):
                yield from self._paint(task, before, hand)

    def _paint(self, task: Task, before: Task | None, hand: Hand) -> Iterator[None]:
        """A task, where it is not done; before: the one whose result it goes on from."""
        try:
            out = self._order.out
            earlier = _result(before, out)
            digests = (self._settings, task.digest(), *(earlier or ())[:2])
            origin = digest("".join(digests).encode())
            known, source = records.read(task.output, out), records.way(task.source, out)
            there = digest(files.read(task.output)) if task.output.exists() else ""
            if known and (known.origin, known.result) == (origin, there):
                self._count.before += 1
                return
            if there and not (known and there in (known.result, known.former)):
                raise PictureError(
                    f"{task.output} is there already, and no result of this command: move it away, "
                    "or choose another folder."
                )
            if there and known and not known.is_of(source):
                other = (out / known.source).resolve()
                raise PictureError(
                    f"{task.output} is the result of another file, {other}: move it away, or "
                    "choose another folder."
                )
            task.output.parent.mkdir(parents=True, exist_ok=True)
            files.check_writable(task.output)
            record = Record(origin, "", there, source)
            yield from self._paint_by(hand, task, before if earlier else None, record)
            self._count.painted += 1
        except (InputError, LostError, MemoryError) as error:
            self._fail(task, error)
        except OSError as error:
            self._fail(task, files.unreadable(task.source, error))
        except ScumbleError as error:
            if hand.client is None:
                raise
            self._fail(task, error)

    def _fail(self, task: Task, error: BaseException) -> None:
        reason = str(error) or "it does not fit into memory: make it smaller."
        self._count.failed.append(Failed(task, reason))
        self._terminal.say(str(self._count.failed[-1]))

    def _paint_by(
        self, hand: Hand, task: Task, before: Task | None, record: Record
    ) -> Iterator[None]:
        say = self._terminal.say
        for last in range(1, FOUND + 1):
            try:
                host = BatchHost(task, record, self._order.out, self._what.read, self._show, say)
                session = Session(host, (yield from hand.found()))
                begun, source = _begun(before, host.content.extent) if before else (None, None)
                session.start(
                    host.active_layer().id, self._what.styles, self._values,
                    roles=self._what.roles, begun=begun, before=source,
                )  # fmt: skip
                self._show(Progress("", "", 0.0))
                yield from following(session, self._terminal)
                return
            except LostError:
                hand.lose()
                if last == FOUND:
                    raise

    def _show(self, progress: Progress) -> None:
        """How far all of it is."""
        over, seconds_left = self._count.over + progress.fraction, -1.0
        if self._count.painted:
            seconds = (time.monotonic() - self._began) / (self._count.painted + progress.fraction)
            seconds_left = seconds * (self._tasks - over)
        stage = f"{self._count.over + 1} of {self._tasks}"
        self._terminal.show(Progress(progress.job, stage, over / self._tasks, seconds_left))


class BatchHost(ReadHost):
    """A picture, or a layer of a document, whose result goes into a file with a record. content:
    its pixels. known: pictures read already."""

    def __init__(self, task: Task, record: Record, out: Path, known: dict[Path, Pixels], *tell):
        super().__init__(task.source, task.output, *tell)
        self._task, self._record, self._out, self._known = task, record, out, known
        self.content = task.pixels()

    def layers(self) -> list[Layer]:
        document = self._task.document
        return document.layers() if document else [self.active_layer()]

    def active_layer(self) -> Layer:
        return self._task.layer or Layer("0", self.path.stem, "paint", self.content.extent)

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        if layer == self.active_layer().id:
            return self.content if extent is None else self.content.crop(extent)
        assert self._task.document
        return tasks.read(self._task.document, layer, extent)

    def read_picture(self, path: Path) -> Pixels:
        return self._known[path]

    def put_bytes(self, path: Path, data: bytes) -> None:
        records.keep(path, data, self._record, self._out)


def _result(before: Task | None, out: Path) -> Record | None:
    """What a frame goes on from, where there is a result of the frame before it."""
    if before is None or not before.output.exists():
        return None
    known = records.read(before.output, out)
    if known is None or not known.is_of(records.way(before.source, out)):
        return None
    return known if known.result == digest(files.read(before.output)) else None


def _begun(before: Task, after: Extent) -> tuple[Pixels | None, Pixels | None]:
    """What a frame goes on from, and what that was painted of, where the frame lies; None where it
    is of another size."""
    painted, source = pictures.read(before.output), before.pixels()
    if not painted.extent[2:] == source.extent[2:] == after[2:]:
        return None, None
    painted, source = (dataclasses.replace(each, extent=after) for each in (painted, source))
    return painted, source


def _settings(order: Order, what: What, values: dict) -> str:
    """A name for all that decides how a picture is painted, but for the picture."""

    def told(pairs: list[tuple[str, Any]]) -> dict:
        return {name: what.digests[each] if name == "source" else each for name, each in pairs}

    known = [dataclasses.asdict(each, dict_factory=told) for each in (*what.styles, what.roles)]
    everything = [__version__, parameters.check(values), order.sequence, known]
    return digest(json.dumps(everything).encode())
