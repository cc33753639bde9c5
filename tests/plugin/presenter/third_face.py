"""A third face: Scumble's dialog in a terminal, over an OpenRaster document. It shows that an
editor is no more than a Host, a Face and a Loop. Told "tick Night wind", "strength 40" or "apply",
it tells what changes; no artist needs it.

    .venv/bin/python -m tests.plugin.presenter.third_face picture.ora
"""

import contextlib
import queue
import sys
import threading
import time
from dataclasses import fields, replace
from pathlib import Path

from scumble.host import Layer, NewLayer
from scumble.hosts.openraster import OpenRasterHost
from scumble.parameters import KNOBS
from scumble.pixels import Extent, Pixels
from scumble.presenter.editor import EditorHost
from scumble.presenter.presenter import Presenter
from scumble.presenter.states import State


class Document(OpenRasterHost, EditorHost):
    """Its layers are known by their names: their places change when one comes."""

    _kept = ""

    def layers(self) -> list[Layer]:
        names = {place: name for name, place in self._places().items()}
        return [replace(e, id=e.name, parent=names.get(e.parent, "")) for e in super().layers()]

    def active_layer(self) -> Layer | None:
        return (active := super().active_layer()) and replace(active, id=active.name)

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        return super().read(self._places()[layer], extent)

    def is_there(self, layer: str) -> bool:
        return self.is_open() and layer in self._places()

    def put(self, new: NewLayer) -> str:
        super().insert(new._replace(above=self._places()[new.above]))
        super().__init__(self.path, self.path, self._show, self._say)  # as it is now
        return new.name

    insert = EditorHost.insert  # type: ignore[assignment]

    def title(self) -> str:
        return self.path.name

    def folder(self) -> Path:
        return self.path.parent

    def selected_layers(self) -> list[str]:
        return []

    def warning(self, content: str) -> str:
        return ""

    def mark(self, layer: str) -> str:
        return layer

    def find_mark(self, mark) -> str:
        return mark if self.is_there(mark) else ""

    def kept(self) -> str:
        return self._kept

    def keep(self, text: str) -> None:
        self._kept = text

    def _places(self) -> dict[str, str]:
        return {each.name: each.id for each in super().layers()}


class Terminal:
    def __init__(self, path: Path):
        self._state, self._is_over = State(), False
        self._posted: queue.SimpleQueue = queue.SimpleQueue()
        self._timers: dict[object, list] = {}  # when it is due, s between, what is called
        tell = (lambda it: self._presenter.show_progress(it), lambda it: self._presenter.say(it))
        self._presenter = Presenter(Document(path, path, *tell), self, self)

    def run(self) -> None:
        self._presenter.begin()
        self._presenter.look()
        threading.Thread(target=self._listen, daemon=True).start()
        while not self._is_over:
            with contextlib.suppress(queue.Empty):
                self._posted.get(timeout=0.02)()
            for key, timer in list(self._timers.items()):
                if key in self._timers and time.monotonic() >= timer[0]:
                    timer[0] = time.monotonic() + timer[1]
                    timer[2]()
        self._presenter.close()

    def soon(self, function) -> None:
        self._posted.put(function)

    def repeat(self, interval, function):
        key = object()
        self._timers[key] = [time.monotonic() + interval / 1000, interval / 1000, function]
        return lambda: self._timers.pop(key, None)

    def _listen(self) -> None:
        for line in sys.stdin:
            self.soon(lambda line=line: self._obey(*line.strip().partition(" ")[::2]))
        self.soon(lambda: self._obey("close", ""))

    def _obey(self, word: str, rest: str) -> None:
        if word in ("apply", "keep", "cancel"):
            getattr(self._presenter, word)()
        elif word == "tick":
            self._presenter.choosing.tick(rest, True)
        elif word in KNOBS:
            self._values[word] = KNOBS[word].parse(rest)
            self._presenter.edit()
        self._is_over = word == "close"

    def draw(self, state: State) -> None:
        for name in (each.name for each in fields(state)):
            if getattr(state, name) != getattr(self._state, name):
                print(f"{name}: {getattr(state, name)}", flush=True)
        self._state = state

    def values(self) -> dict:
        return dict(self._values)

    def fill(self, values: dict) -> None:
        self._values = dict(values)

    def is_seen(self) -> bool:
        return True

    def density(self) -> float:
        return 1.0

    def do_nothing(self, *_) -> None:
        """A terminal has no pictures; it is always seen, and asked nothing."""

    draw_content = draw_painting = draw_detail = draw_regions = draw_offer = draw_look = do_nothing
    draw_thumbnail = ask = ask_name = ask_choice = ask_file = ask_pictures = do_nothing
    open_file = tell_outside = do_nothing


if __name__ == "__main__":
    Terminal(Path(sys.argv[1])).run()
