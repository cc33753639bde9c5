"""A world for the presenter: an editor, a main loop, a dialog and a backend, all without a screen.

Between them everything is real: presenter, painting, session, client, protocol, presets and the
results that are kept. The wire ends in a backend that does what the test says, when it says so, so
that every race can be had at will. Nothing happens by itself.
"""

import contextlib
import itertools
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from scumble import backends, connection, guard, launcher, parameters, protocol, unclaimed
from scumble import client as client_module
from scumble.connection import Connection
from scumble.errors import LayerError, ParameterError, PictureError, StartError
from scumble.host import MERGED, Layer, NewLayer
from scumble.pixels import Extent, Pixels
from scumble.presenter import painting
from scumble.presenter.editor import EditorHost, Frames
from scumble.presenter.presenter import Presenter
from scumble.presenter.several import SELECTED
from scumble.presenter.states import State

CANVAS = Extent(0, 0, 32, 20)
STYLE = Extent(0, 0, 16, 16)
NOWHERE = Extent(0, 0, 0, 0)
PICTURE = Extent(0, 0, 24, 24)
TURN = 40  # ms
BARE, COLOURED = 0x00000080, 0x80808080  # results with none and with all of a photograph's colours


def picture(extent: Extent, number: int = 0) -> Pixels:
    """A picture of one colour, which is its number."""
    return Pixels(extent, "rgba8", number.to_bytes(4, "big") * (extent.width * extent.height))


def number_of(pixels: Pixels) -> int:
    return int.from_bytes(pixels.data[:4], "big")


class Loop:
    """A main loop whose time passes when the test says so; what threads would do waits too."""

    def __init__(self):
        self.now = 0
        self.posted: list = []
        self.timers: dict[int, list] = {}  # number -> [due, interval, function]
        self.threads: list = []
        self._numbers = itertools.count()

    def soon(self, function) -> None:
        self.posted.append(function)

    def repeat(self, interval, function):
        number = next(self._numbers)
        self.timers[number] = [self.now + max(1, interval), max(1, interval), function]
        return lambda: self.timers.pop(number, None)

    def end_threads(self) -> None:
        """What threads ask for is there, and waits for the main loop."""
        while self.threads:
            self.threads.pop(0)()

    def turn(self) -> None:
        """All that waits for the main loop."""
        while self.posted:
            self.posted.pop(0)()

    def wait(self, milliseconds: int) -> None:
        """Time passes, and the timers ring."""
        until = self.now + milliseconds
        self.turn()
        while due := [each for each in self.timers.values() if each[0] <= until]:
            timer = min(due, key=lambda each: each[0])
            self.now = timer[0]
            timer[0] += timer[1]
            timer[2]()
            self.turn()
        self.now = until


class Thread:
    """In place of threading.Thread: it runs when the world's loop says so."""

    loop: Loop

    def __init__(self, target, daemon):
        self._target = target

    def start(self) -> None:
        self.loop.threads.append(self._target)

    def is_alive(self) -> bool:
        return self._target in self.loop.threads

    def join(self) -> None:
        """Nobody waits for it in vain."""
        if self.is_alive():
            self.loop.threads.remove(self._target)
            self._target()


@dataclass
class Job:
    wire: "Wire | None"  # None: its client is gone, and the result will be kept
    request: protocol.Stylize
    missing: set[str]
    kept: bool = False

    @property
    def name(self) -> str:
        return self.request.job


class Backend:
    """The other end of the wire."""

    def __init__(self):
        self.alive, self.starts = True, True  # whether it runs; whether it could be started
        self.birth = 1
        self.jobs: list[Job] = []
        self.most = 0  # jobs of one client that were there at once
        self.ended = 0  # jobs that were painted to their end, which is the number of their result
        self.painted: list[int] = []  # numbers of the results but of drafts
        self.untaken: dict[str, tuple[Wire, unclaimed.Result]] = {}  # by their jobs' names
        self.questions: list[tuple[Wire, protocol.Estimate]] = []
        self._known: set[str] = set()
        self._wires: list[Wire] = []
        self.opened: list[Wire] = []  # ever

    # What the plug-in sees of it

    def connection(self) -> Connection | None:
        key = "k" * 40
        if not self.alive:
            return None
        return Connection(f"tcp://127.0.0.1:{self.birth}", key, key, key, 1, self.birth, "0")

    def ensure(self, on_stage, where: str) -> Connection:
        on_stage("looking for the painting process")
        if found := backends.find(where):
            return found
        if not self.alive and not self.starts:
            raise StartError("The painting process does not start: try again.")
        if not self.alive:
            self.alive, self.birth = True, self.birth + 1
        return self.connection()

    def open(self, found: Connection) -> "Wire":
        is_known = found.name or found == self.connection()
        wire = Wire(self, self.birth if is_known else 0, found.name)
        self._wires.append(wire)
        self.opened.append(wire)
        return wire

    # What comes in

    def hear(self, wire: "Wire", message: protocol.Message) -> None:
        if isinstance(message, protocol.Status):
            stage = "painting" if self.running else "ready"
            wire.bring(protocol.StatusReply("0", 1, 1.0, stage, len(self.jobs), "CPU"))
        elif isinstance(message, protocol.Estimate):
            self.questions.append((wire, message))
        elif isinstance(message, protocol.Stylize):
            missing = {each.digest for each in message.styles} - self._known
            self.jobs.append(Job(wire, message, missing))
            self.most = max(self.most, sum(job.wire is wire for job in self.jobs))
            if missing:
                wire.bring(protocol.SendStyles(message.job, tuple(sorted(missing))))
            else:
                wire.bring(protocol.Queued(message.job, 0))
        elif isinstance(message, protocol.StylePixels):
            self._take_style(wire, message)
        elif isinstance(message, protocol.Cancel):
            self.untaken.pop(message.job, None)
            if job := self._find(message.job):
                self.jobs.remove(job)
                wire.bring(protocol.Cancelled(message.job))
        elif isinstance(message, protocol.Taken):
            self.untaken.pop(message.job, None)
        elif isinstance(message, protocol.Keep) and (job := self._find(message.job)):
            job.kept = True

    def leave(self, wire: "Wire") -> None:
        """A client closes."""
        self._wires.remove(wire)
        for job in [each for each in self.jobs if each.wire is wire]:
            if job.request.name and not job.missing:
                job.wire = None
            else:
                self.jobs.remove(job)
        self.make_room(wire)

    def make_room(self, wire: "Wire") -> None:
        """The disk takes what this client has not taken, or not yet."""
        for name in [each for each, (owner, _) in self.untaken.items() if owner is wire]:
            with contextlib.suppress(PictureError):
                unclaimed.keep(*self.untaken[name][1])
                del self.untaken[name]

    def _take_style(self, wire, message) -> None:
        self._known.add(message.digest)
        if job := self._find(message.job):
            job.missing.discard(message.digest)
            if not job.missing:
                wire.bring(protocol.Queued(job.name, 0))

    def _find(self, name: str) -> Job | None:
        return next((job for job in self.jobs if job.name == name), None)

    # What the test makes it do

    @property
    def running(self) -> Job | None:
        return next((job for job in self.jobs if not job.missing), None)

    def progress(self, seconds_left: float = 10.0) -> None:
        if job := self.running:
            self._tell(job, protocol.Progress(job.name, "painting, size 1 of 2", 0.5, seconds_left))

    def preview(self) -> None:
        if job := self.running:
            self._tell(job, protocol.Preview(job.name, picture(_half(job))))

    def finish(self) -> int:
        """Its job is painted; the number of the result."""
        job = self.running
        if job is None:
            return 0
        self.jobs.remove(job)
        self.ended += 1
        pixels = picture(job.request.content.extent, self.ended)
        if not job.request.name:  # a draft: nobody misses it
            self._tell(job, protocol.Done(job.name, pixels, 1.0))
            return self.ended
        self.painted.append(self.ended)
        mask = job.request.mask if job.request.parameters["selection"] == "mask" else None
        result = unclaimed.Result(pixels, job.request.name, job.request.document, mask)
        ends = (picture(_half(job), BARE), picture(_half(job), COLOURED))
        colours = ends if job.request.colours else ()
        self._tell(job, protocol.Preview(job.name, picture(_half(job), self.ended), colours))
        if job.wire is None:
            unclaimed.keep(*result)
        else:
            self.untaken[job.name] = (job.wire, result)
            self._tell(job, protocol.Done(job.name, pixels, 1.0, mask=mask))
        return self.painted[-1]

    def fail(self) -> None:
        if job := self.running:
            self.jobs.remove(job)
            self._tell(job, protocol.Failed(job.name, "Memory ran out: choose a smaller size."))

    def answer(self, refusal: str = "") -> None:
        """The estimates that were asked for."""
        while self.questions:
            wire, asked = self.questions.pop(0)
            told = (12.0, 2**30, 2**33, 32, 20, refusal)
            wire.bring(protocol.EstimateReply(asked.question, *told))

    def die(self) -> None:
        """It is killed, with all that it held."""
        self.alive, self.jobs, self.questions = False, [], []
        self.untaken.clear()

    def _tell(self, job: Job, message: protocol.Message) -> None:
        if job.wire:
            job.wire.bring(message)


def _half(job: Job) -> Extent:
    x, y, width, height = job.request.content.extent
    return Extent(x, y, width // 2, height // 2)


class Wire:
    """What a Client needs of a wire. where: the other computer that it leads to, or nothing."""

    refused = False

    def __init__(self, backend: Backend, birth: int, where: str):
        self._backend, self._birth, self.where = backend, birth, where
        self._closed = False
        self.coming: list = []

    def bring(self, message: protocol.Message) -> None:
        if not self._closed:
            self.coming.append([bytes(frame) for frame in protocol.encode(message)])

    def wait_until_open(self) -> None:
        pass

    def send(self, frames) -> None:
        assert not self._closed, "sent over a closed wire"
        if not self.is_gone():
            self._backend.hear(self, protocol.decode([bytes(frame) for frame in frames]))

    def receive(self, timeout: float):
        assert not self._closed, "read from a closed wire"
        return self.coming.pop(0) if self.coming else None

    def is_gone(self) -> bool:
        return not self._backend.alive or self._birth != self._backend.birth

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._backend.leave(self)


class Drawn(Frames):
    """Frames that were taken: by their times; None is an empty one."""

    def __init__(self, frames: dict[int, Pixels | None], on_read: Callable[[int], object]):
        self._frames, self.times, self.extent = frames, [*frames], CANVAS
        self._on_read = on_read

    def read(self, time: int) -> Pixels | None:
        self._on_read(time)
        return self._frames[time]


class Document(EditorHost):
    """An open document: two layers that can be styles over one to repaint."""

    SHOWS_OVER = True

    def __init__(self):
        self.open, self.stroke, self.takes = True, False, True
        self.is_copied = False  # whether results go into a copy of it, as GIMP can do
        self.all = [
            Layer("ink", "Ink", "paint", STYLE),
            Layer("oil", "Oil", "paint", STYLE),
            Layer("photograph", "Photograph", "paint", CANVAS),
        ]
        self.active, self.together = "photograph", ["photograph"]
        self.steps = 0  # that undo one insertion each
        self.inserted: dict[str, Pixels] = {}  # by the layer's id
        self.masks: dict[str, Pixels] = {}  # of these
        self.growing: set[str] = set()  # layers whose place the editor does not know yet
        self.painted_on: set[str] = set()  # layers whose pixels results take the place of
        self.strokes = 0  # that the artist painted on every layer
        self.warned: dict[str, str] = {}  # what is to be known of layers
        self.replaced: dict[str, tuple[Pixels, Pixels | None]] = {}  # with their masks
        self.frames: dict[str, dict[int, Pixels | None]] = {}  # of animated layers
        self.on_read = lambda time: None  # what happens while a frame is read
        self.selected: Pixels | None = None
        self.text = ""
        self.over: tuple[Pixels, Extent] | None = None  # what is shown over it
        self.place: Path | None = None  # the folder that its file lies in
        self._names = itertools.count(1)

    def title(self) -> str:
        return "garden.kra"

    def folder(self) -> Path | None:
        return self.place

    def layers(self) -> list[Layer]:
        seen = [
            replace(each, extent=NOWHERE) if each.id in self.growing else each for each in self.all
        ]
        return [*seen, Layer(MERGED, "All that is visible", MERGED, CANVAS)] * self.open

    def active_layer(self) -> Layer | None:
        return next((each for each in self.layers() if each.id == self.active), None)

    def selected_layers(self) -> list[str]:
        return [each.id for each in self.all if each.id in self.together] * self.open

    def warning(self, content: str) -> str:
        return self.warned.get(content, "")

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        if not self.is_there(layer):
            raise LayerError("The layer is gone: choose another.")
        all_of_them = next((each.extent for each in self.all if each.id == layer), CANVAS)
        return picture(all_of_them, 77 + len(layer) + self.strokes)

    def selection(self) -> Pixels | None:
        return self.selected

    def read_picture(self, path: Path) -> Pixels:
        if not path.exists():
            raise PictureError(f"{path.name} cannot be read: convert it.")
        return picture(PICTURE, 99)

    def is_open(self) -> bool:
        return self.open

    def is_there(self, layer: str) -> bool:
        assert layer, "no editor has a layer without an id"
        return any(each.id == layer for each in self.layers())

    def is_free(self) -> bool:
        return not self.stroke

    def replaces(self, content: str) -> bool:
        return content in self.painted_on

    def put(self, new: NewLayer) -> str:
        pixels, name, above, mask, replaced = new
        if not (self.open and self.takes):
            raise LayerError("The editor took no new layer: unlock the group, and try again.")
        if self.replaces(replaced):
            self.replaced[replaced], self.steps = (pixels, mask), self.steps + 1
            return replaced
        around = next((each.parent for each in self.all if each.id == above), "")
        layer = Layer(f"result {next(self._names)}", name, "paint", pixels.extent, parent=around)
        if self.is_copied:
            return "in the copy"
        places = [place for place, each in enumerate(self.all) if each.id == above]
        assert places or above == MERGED, "above no layer"
        self.all.insert(places[0] if places else 0, layer)
        self.inserted[layer.id], self.steps = pixels, self.steps + 1
        if mask:
            self.masks[layer.id] = mask
        return layer.id

    def animate(self, layer: str, frames: dict[int, Pixels | None]) -> None:
        self.frames[layer] = frames
        self.all = [
            replace(each, frames=len(frames)) if each.id == layer else each for each in self.all
        ]

    def take_frames(self, layer: str) -> Drawn:
        return Drawn(dict(self.frames[layer]), lambda time: self.on_read(time))

    def put_frames(self, frames, painted, new: NewLayer) -> str:
        layer = self.put(new)
        self.animate(layer, {time: painted.get(time) for time in frames.times})
        return layer

    def put_together(self, layers, group: str) -> list[str]:
        before = self.steps
        found = super().put_together(layers, group)
        self.steps = before + 1
        return found

    def mark(self, layer: str) -> str:
        if not self.is_there(layer):
            raise LayerError("The layer is gone: choose another.")
        return layer

    def find_mark(self, mark) -> str:
        return mark if isinstance(mark, str) and self.is_there(mark) else ""

    def kept(self) -> str:
        return self.text

    def keep(self, text: str) -> None:
        if not self.open:
            raise LayerError("The document is closed: open it again.")
        self.text = text

    def show_over(self, painting: tuple[Pixels, Extent] | None) -> None:
        self.over = painting

    # What the artist does

    def remove(self, layer: str) -> None:
        self.all = [each for each in self.all if each.id != layer]

    def parent_of(self, layer: str) -> str:
        return next(each.parent for each in self.all if each.id == layer)

    def rename(self, layer: str, name: str) -> None:
        self.all = [replace(each, name=name) if each.id == layer else each for each in self.all]


@dataclass
class Face:
    """A dialog that only notes what it is told. gone: its widgets are deleted."""

    seen: bool = True
    gone: bool = False
    nonsense: bool = False  # whether a field holds some
    state: State = field(default_factory=State)
    settings: dict = field(default_factory=parameters.defaults)
    outside: list[str] = field(default_factory=list)
    asked: list[tuple] = field(default_factory=list)  # question, what yes does
    content: Pixels | None = None
    thumbnails: dict = field(default_factory=dict)
    painting: Pixels | None = None
    detail: tuple[Pixels, Pixels | None] | None = None
    regions: Pixels | None = None
    whole: Extent | None = None  # where the content lies
    offered: Pixels | None = None  # the small picture of what is offered
    opened: list[Path] = field(default_factory=list)
    looked_at: Pixels | None = None  # the large picture on the shelf
    named: list = field(default_factory=list)  # what is to be told a name
    choices: list[tuple] = field(default_factory=list)  # question, choices, what is told the place
    files: list[tuple] = field(default_factory=list)  # save_as, what is told the file
    pictures: list[tuple] = field(default_factory=list)  # endings, folder, what is told the files
    others: dict = field(default_factory=dict)  # more buttons of what was asked last

    def _touch(self) -> None:
        if self.gone:
            raise RuntimeError("wrapped C/C++ object of type Dialog has been deleted")

    def draw(self, state: State) -> None:
        self._touch()
        self.state = state

    def density(self) -> float:
        self._touch()
        return 1.0

    def draw_content(self, small: Pixels | None, whole: Extent | None) -> None:
        self._touch()
        assert small is None or (whole and all(whole[2:])), "a picture that lies nowhere"
        self.content, self.painting, self.whole = small, None, whole

    def draw_painting(self, pixels, part, whole) -> None:
        self._touch()
        self.painting, self.whole = pixels, whole

    def draw_detail(self, content: Pixels, painting: Pixels | None) -> None:
        self._touch()
        self.detail = (content, painting)

    def draw_regions(self, pixels: Pixels | None) -> None:
        self._touch()
        self.regions = pixels

    def draw_offer(self, pixels: Pixels) -> None:
        self._touch()
        self.offered = pixels

    def draw_thumbnail(self, source, small: Pixels) -> None:
        self._touch()
        self.thumbnails[source] = small

    def values(self) -> dict:
        self._touch()
        if self.nonsense:
            raise ParameterError("Working size cannot be “abc”: it takes 256 to 16384 px, or auto.")
        return dict(self.settings)

    def fill(self, values: dict) -> None:
        self._touch()
        self.settings = dict(values)

    def is_seen(self) -> bool:
        return self.seen and not self.gone

    def tell_outside(self, message: str) -> None:
        self.outside.append(message)

    def ask(self, question: str, yes: str, then, *others) -> None:
        self._touch()
        self.asked.append((question, then))
        self.others = dict(others)

    def draw_look(self, pixels: Pixels | None) -> None:
        self._touch()
        self.looked_at = pixels

    def ask_name(self, question: str, then) -> None:
        self._touch()
        self.named.append(then)

    def ask_choice(self, question: str, choices: tuple[str, ...], then) -> None:
        self._touch()
        self.choices.append((question, choices, then))

    def ask_file(self, title: str, endings: tuple[str, ...], save_as: str, then) -> None:
        self._touch()
        self.files.append((save_as, then))

    def ask_pictures(self, title, endings, folder, then) -> None:
        self._touch()
        self.pictures.append((endings, folder, then))

    def open_file(self, path: Path) -> None:
        self.opened.append(path)


class World:
    """All of it, the dialog open. monkeypatch: pytest's; a new SCUMBLE_HOME is set."""

    def __init__(self, monkeypatch):
        self.loop, self.backend, self.face = Loop(), Backend(), Face()
        self.unforeseen: list[str] = []  # errors that went to the log
        Thread.loop = self.loop
        monkeypatch.setattr(painting.threading, "Thread", Thread)
        monkeypatch.setattr(launcher, "ensure", self.backend.ensure)
        monkeypatch.setattr(connection, "read", self.backend.connection)
        monkeypatch.setattr(client_module, "_open_wire", self.backend.open)
        monkeypatch.setattr(guard, "log_failure", self._log)
        self.document = Document()
        self.presenter = Presenter(self.document, self.loop, self.face)
        self.presenter.begin()
        self.presenter.look()

    def _log(self, what: str) -> None:
        self.unforeseen.append(traceback.format_exc())

    @property
    def state(self) -> State:
        return self.face.state

    def settle(self, seconds: float = 3.0) -> None:
        """Threads answer, and time passes."""
        for _ in range(3):
            self.loop.end_threads()
            self.loop.wait(round(1000 * seconds / 3))

    def kept(self) -> list[int]:
        """The numbers of the results that are kept for later."""
        return [number_of(each.pixels()) for each in unclaimed.results()]

    def in_document(self) -> list[int]:
        there, frames = {each.id for each in self.document.all}, self.document.frames
        found = {name: [each] for name, each in self.document.inserted.items() if name in there}
        for name in found.keys() & frames.keys():
            found[name] = [each for each in frames[name].values() if each]
        return [number for each in found.values() for number in {*map(number_of, each)}]

    # The ways to the states that a test begins in

    def ready(self) -> None:
        self.settle()
        self.presenter.choosing.tick("ink", True)
        self.settle()

    def finding(self) -> None:
        self.ready()
        self.presenter.apply()

    def queued(self) -> None:
        self.finding()
        self.loop.end_threads()
        self.loop.wait(3 * TURN)

    def running(self) -> None:
        self.queued()
        self.backend.progress()
        self.backend.preview()
        self.loop.wait(2 * TURN)

    def waiting(self) -> None:
        """Painted, and the artist's own stroke keeps it waiting."""
        self.running()
        self.document.stroke = True
        self.backend.finish()
        self.loop.wait(2 * TURN)

    def held(self) -> None:
        """One of two layers is painted, and the other one is under way."""
        self.document.together = ["oil", "photograph"]
        self.ready()
        self.presenter.choose_content(SELECTED)
        self.presenter.apply()
        self.settle()
        self.backend.finish()
        self.settle()

    def putting(self) -> None:
        """Both are painted, and the artist's own stroke keeps them waiting."""
        self.held()
        self.document.stroke = True
        self.backend.finish()
        self.settle()

    def done(self) -> None:
        self.running()
        self.backend.finish()
        self.loop.wait(2 * TURN)

    def cancelled(self) -> None:
        self.running()
        self.presenter.cancel()

    def failed(self) -> None:
        self.running()
        self.backend.fail()
        self.loop.wait(2 * TURN)

    def off(self) -> None:
        """The backend is gone, and the dialog knows."""
        self.ready()
        self.backend.die()
        self.settle(9.0)

    def closed(self) -> None:
        """The document is closed, the dialog not yet."""
        self.ready()
        self.document.open = False
