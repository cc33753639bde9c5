"""Many pictures, one after another: `scumble batch`.

Beside the results, in a folder of its own, lies a record of each: what it is painted from, and what
its file holds. It is written before the result, which then takes its place whole. So whatever ends
the command, and whenever, the next run finds each picture done or still to be painted, and takes no
file for its own that is not.
"""

import contextlib
import dataclasses
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from scumble import launcher, parameters
from scumble.client import Client
from scumble.errors import InputError, LostError, PictureError, ScumbleError
from scumble.hosts import files, pictures
from scumble.hosts.pictures import PictureHost
from scumble.pixels import Pixels
from scumble.places import Roles
from scumble.protocol import Progress
from scumble.session import Session, StyleChoice
from scumble_backend import __version__
from scumble_backend.cli import choices, records
from scumble_backend.cli.choices import Written
from scumble_backend.cli.records import Record, digest
from scumble_backend.cli.stylize_command import following
from scumble_backend.cli.terminal import Terminal

FOUND = 2  # times that a backend is looked for, for one picture
OVER = object()  # of a lane that has nothing left to paint


class Order(NamedTuple):
    """What is to be painted, as the artist wrote it."""

    pictures: list[Path]
    out: Path
    styles: list[Written]
    keep: str | None = None
    along: str | None = None
    sequence: bool = False
    backend: str | None = None  # where it is painted; see `scumble.backends.find`
    cluster: str | None = None  # the address of a Ray cluster


class Task(NamedTuple):
    """A picture, and the file that its result goes into."""

    source: Path
    output: Path


class Failed(NamedTuple):
    source: Path
    reason: str

    def __str__(self) -> str:
        named = str(self.source) in self.reason
        return self.reason if named else f"{self.source}: {self.reason}"


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
    tasks = _tasks(order)
    with contextlib.closing(_backends(order, terminal)) as backends, records.held(order.out):
        painter = Painter(order, values, terminal, count, len(tasks))
        try:
            painter.paint(_chains(tasks, order.sequence), backends)
        finally:
            terminal.clear()
            _sum_up(count, len(tasks), time.monotonic() - began)
    return count.failed


def _sum_up(count: Count, tasks: int, seconds: float) -> None:
    left = tasks - count.over
    print(
        f"Painted {count.painted} of {tasks} pictures in {seconds:.0f} s; {count.before} were done "
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


class Painter:
    """Paints tasks by what backends there are."""

    def __init__(self, order: Order, values: dict, terminal: Terminal, count: Count, tasks: int):
        self._order, self._values = order, values
        self._terminal, self._count, self._tasks = terminal, count, tasks
        self._styles = choices.styles(order.styles, [])
        self._roles = Roles(choices.place(order.keep, []), choices.place(order.along, []))
        self._read = {path: pictures.read(path) for path in _named(self._styles, self._roles)}
        self._settings = _settings(order, self._styles, self._roles, values)
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
            earlier = _result(before, self._order.out)
            digests = (self._settings, digest(files.read(task.source)), *(earlier or ())[:2])
            origin = digest("".join(digests).encode())
            known = records.read(task.output, self._order.out)
            there = digest(files.read(task.output)) if task.output.exists() else ""
            if known and (known.origin, known.result) == (origin, there):
                self._count.before += 1
                return
            if there and not (known and there in known[1:]):
                raise PictureError(
                    f"{task.output} is there already, and no result of this command: move it away, "
                    "or choose another folder."
                )
            task.output.parent.mkdir(parents=True, exist_ok=True)
            files.check_writable(task.output)
            record = Record(origin, "", there)
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
        self._count.failed.append(Failed(task.source, reason))
        self._terminal.say(str(self._count.failed[-1]))

    def _paint_by(
        self, hand: Hand, task: Task, before: Task | None, record: Record
    ) -> Iterator[None]:
        say = self._terminal.say
        for last in range(1, FOUND + 1):
            try:
                host = BatchHost(task, record, self._order.out, self._read, self._show, say)
                session = Session(host, (yield from hand.found()))
                content = host.layers()[0]
                begun = _begun(before, host.read(content.id)) if before else None
                session.start(
                    content.id, self._styles, self._values, roles=self._roles, begun=begun
                )
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


class BatchHost(PictureHost):
    """A picture whose result goes into a file with a record. known: pictures read already."""

    def __init__(self, task: Task, record: Record, out: Path, known: dict[Path, Pixels], *tell):
        super().__init__(task.source, task.output, *tell)
        self._record, self._out, self._known = record, out, known

    def read_picture(self, path: Path) -> Pixels:
        return self._known[path]

    def put_bytes(self, path: Path, data: bytes) -> None:
        records.keep(path, data, self._record, self._out)


def _result(before: Task | None, out: Path) -> Record | None:
    """What a frame goes on from, where there is a result of the frame before it."""
    if before is None or not before.output.exists():
        return None
    known = records.read(before.output, out)
    return known if known and known.result == digest(files.read(before.output)) else None


def _begun(before: Task, after: Pixels) -> Pixels | None:
    """What a frame begins with, after that before it; None where that is of another size."""
    from scumble_backend.cli import frames  # torch takes its seconds

    painted, source = pictures.read(before.output), pictures.read(before.source)
    same = painted.extent == source.extent == after.extent
    return frames.carried(painted, source, after) if same else None


# What is to be painted


def _tasks(order: Order) -> list[Task]:
    """In the order of their names. Raises PictureError."""
    folders = [each for each in order.pictures if each.is_dir()]
    tasks = []
    for each in order.pictures:
        if not each.is_dir():
            files.check_file(each)
            pictures.check_suffix(each)
            tasks.append(Task(each, order.out / each.name))
            continue
        if each.resolve().is_relative_to(order.out.resolve()):
            raise PictureError(f"{order.out} holds the pictures themselves: name another folder.")
        below = order.out / each.resolve().name if len(folders) > 1 else order.out
        tasks += [Task(path, below / path.relative_to(each)) for path in _inside(each, order.out)]
    if not tasks:
        named = ", ".join(map(str, order.pictures))
        raise PictureError(f"There is no picture in {named}: name pictures, or folders of them.")
    output, times = Counter(task.output for task in tasks).most_common(1)[0]
    if times > 1:
        raise PictureError(
            f"Two pictures would be painted into {output}: give them or their folders names of "
            "their own, or paint them into two folders."
        )
    return tasks


def _chains(tasks: list[Task], sequence: bool) -> Iterator[list[Task]]:
    """Tasks that go on from each other: the frames of a folder, or each picture for itself."""
    if not sequence:
        return ([task] for task in tasks)
    folders = itertools.groupby(tasks, lambda task: task.source.parent)
    return (list(frames) for _, frames in folders)


def _inside(folder: Path, out: Path) -> list[Path]:
    """The pictures of a folder and those in it, but for hidden ones and results."""
    found, results = [], out.resolve()
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        is_result = path.resolve().is_relative_to(results)
        if path.suffix.lower() in pictures.WRITABLE and not hidden and not is_result:
            found.append(path)
    return sorted((path for path in found if path.is_file()), key=_natural)


def _natural(path: Path) -> list:
    """frame-2 before frame-10; a folder's own pictures together."""
    parts = [re.split(r"(\d+)", part) for part in (str(path.parent), path.name)]
    return [
        [(int(each), "") if each.isdecimal() else (-1, each) for each in part] for part in parts
    ]


def _named(styles: list[StyleChoice], roles: Roles) -> set[Path]:
    """The picture files that are looked at for every picture."""
    places = [style.where for style in styles if style.where] + roles.places()
    sources = [each.source for each in (*styles, *places)]
    return {source for source in sources if isinstance(source, Path)}


def _settings(order: Order, styles: list[StyleChoice], roles: Roles, values: dict) -> str:
    """A name for all that decides how a picture is painted, but for the picture."""
    held = {str(path): digest(files.read(path)) for path in _named(styles, roles)}
    known = [dataclasses.asdict(each) for each in (*styles, roles)]
    everything = [__version__, parameters.check(values), order.sequence, known, held]
    return digest(json.dumps(everything, default=lambda path: held[str(path)]).encode())
