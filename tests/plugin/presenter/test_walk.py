"""Whatever comes after whatever: never two jobs, never a lost result, always a way out.

A walk takes random intents of the artist's and events of document, editor and backend, in random
order, with the main loop turning or not between them. After each step the rules hold; at the end
the artist lets everything settle and closes. A walk that breaks a rule prints itself.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from world import CANVAS, TURN, World, number_of, picture

from scumble import unclaimed
from scumble.connection import state_folder
from scumble.host import MERGED
from scumble.presenter.presenter import Presenter
from scumble.presenter.several import FRAMES

STEPS = 40  # of a walk, at most
DRAWN = {0: picture(CANVAS, 1000), 3: None, 4: picture(CANVAS, 1001), 9: picture(CANVAS, 1000)}
SHARE = 0.2  # of walks that begin with frames, which hardly any would come to
READS = 0.05  # share of the frames during whose reading Cancel is pressed


class Artist:
    """What may happen next, with how often of all."""

    def __init__(self, world: World, dice: random.Random, folder: Path):
        self.world, self.dice, self.folder = world, dice, folder
        self.let_go: set[int] = set()  # results that the artist did not want
        self.put_back: list[int] = []  # results of the history's, beside themselves
        self.over = False

    def steps(self) -> dict[Callable[[], object], int]:
        presenter, backend = self.world.presenter, self.world.backend
        return {
            self.settle: 12, self.turn: 12, self.world.loop.end_threads: 8,
            self.tick: 8, presenter.apply: 12, self.cancel: 3, presenter.keep: 2,
            presenter.look: 3, presenter.refresh: 2, presenter.repeat: 2, presenter.edit: 2,
            presenter.start_engine: 1, self.choose_content: 4, self.weigh: 1, self.add_file: 1,
            self.remove_file: 1, self.nonsense: 1, self.hide: 2, self.preset: 1,
            self.look_closer: 3, self.overlay: 2, presenter.drafts.paint: 5, self.choose_draft: 4,
            self.take: 3, self.discard: 1, self.answer: 3, self.undo: 1, self.shelf: 4,
            backend.progress: 4, backend.preview: 5, backend.finish: 8, backend.fail: 1,
            backend.answer: 4, backend.die: 1, self.refuse_to_start: 1,
            self.stroke: 3, self.refuse: 2, self.remove_layer: 1, self.rename_layer: 1,
            self.select: 3, self.close_document: 1, self.close: 1,
        }  # fmt: skip

    def step(self) -> str:
        steps = self.steps()
        (chosen,) = self.dice.choices(list(steps), list(steps.values()))
        chosen()
        return chosen.__name__

    # Time

    def settle(self) -> None:
        self.world.settle(self.dice.choice([0.3, 1.5, 9.0]))

    def turn(self) -> None:
        self.world.loop.wait(TURN)

    # Intents

    def source(self):
        sources = [*(each.id for each in self.world.document.all), *self.folder.iterdir(), MERGED]
        return self.dice.choice(sources)

    def tick(self) -> None:
        self.world.presenter.choosing.tick(self.source(), self.dice.random() < 0.8)

    def weigh(self) -> None:
        self.world.presenter.choosing.set_weight(self.source(), self.dice.choice([0.0, 1.0, 3.0]))

    def look_closer(self) -> None:
        looking = self.world.presenter.picture.looking
        width, height, x, y = self.dice.choices(range(1, 900), k=4)
        looking.resize(width, height, self.dice.choice([1.0, 2.0]))
        looking.zoom(self.dice.uniform(-9, 9), x, y)

    def overlay(self) -> None:
        self.world.presenter.picture.overlay.show(self.dice.random() < 0.7)

    def choose_content(self) -> None:
        entries = [each.id for each in self.world.state.contents]
        chosen = self.dice.choice([str(self.source()), *entries])
        self.world.presenter.choose_content(chosen)

    def cancel(self) -> None:
        """The artist wants none of what is not in the document yet."""
        coming = set(self.world.backend.painted) - set(self.world.in_document())
        if self.world.presenter.painting.busy:
            self.let_go |= coming - set(self.world.kept())
        self.world.presenter.cancel()

    def add_file(self) -> None:
        path = self.folder / f"{self.dice.randrange(3)}.png"
        if self.dice.random() < 0.7:
            path.touch()
        self.world.presenter.choosing.add_files([path])

    def remove_file(self) -> None:
        for path in list(self.folder.iterdir())[:1]:
            if self.dice.random() < 0.5:
                path.unlink()
            self.world.presenter.choosing.remove_file(path)

    def nonsense(self) -> None:
        self.world.face.nonsense = not self.world.face.nonsense
        self.world.presenter.edit()

    def hide(self) -> None:
        self.world.face.seen = not self.world.face.seen
        if self.world.face.seen:
            self.world.presenter.look()

    def preset(self) -> None:
        presets = self.world.presenter.presets
        self.dice.choice([presets.save, presets.choose, presets.delete])("Evening")

    def choose_draft(self) -> None:
        if cards := self.world.state.drafts:
            self.world.presenter.drafts.choose(self.dice.choice(cards).id)

    def take(self) -> None:
        self.world.presenter.offers.take(self.world.state.content)

    def discard(self) -> None:
        """Once it can still be had back."""
        before = set(self.world.kept())
        self.world.presenter.offers.discard()
        self.let_go |= before - set(self.world.kept())

    def shelf(self) -> None:
        """Open a shelf, or do something there."""
        presenter, shelf = self.world.presenter, self.world.state.shelf
        if shelf is None:
            self.dice.choice([presenter.history.show, presenter.presets.show])()
            return
        if shelf.cards:
            presenter.shelves.choose(self.dice.choice(shelf.cards).id)
        acts = [*shelf.acts, *shelf.others]
        done = [presenter.shelves.close, *(partial(presenter.shelves.do, e.id) for e in acts)]
        before = len(self.world.document.inserted)
        self.dice.choice(done)()
        again = list(self.world.document.inserted.values())[before:]
        self.put_back += map(number_of, again)

    def answer(self) -> None:
        """Yes, to the question that stands longest."""
        face = self.world.face
        if face.asked:
            face.asked.pop(0)[1]()
        if face.choices:
            _, choices, then = face.choices.pop(0)
            then(self.dice.randrange(len(choices)))
        if face.named:
            face.named.pop(0)("Dusk")
        if face.files:
            face.files.pop(0)[1](self.folder / "0.png")

    def undo(self) -> None:
        """A result that is in the document is the artist's."""
        for each in self.world.document.all[:1]:
            if each.id in self.world.document.inserted:
                before = set(self.world.in_document())  # of frames there are many in a layer
                self.world.document.remove(each.id)
                self.let_go |= before - set(self.world.in_document())

    # Events

    def refuse_to_start(self) -> None:
        self.world.backend.starts = not self.world.backend.starts

    def stroke(self) -> None:
        self.world.document.stroke = not self.world.document.stroke

    def refuse(self) -> None:
        self.world.document.takes = not self.world.document.takes

    def remove_layer(self) -> None:
        layer = self.dice.choice(["ink", "oil", "photograph"])
        self.world.document.remove(layer)

    def rename_layer(self) -> None:
        self.world.document.rename("oil", self.dice.choice(["Oil", "Öl", "a & b"]))

    def select(self) -> None:
        every = [each.id for each in self.world.document.all]
        self.world.document.together = self.dice.sample(every, min(2, len(every)))
        self.world.document.active = self.dice.choice([*self.world.document.together, "none"])

    def close_document(self) -> None:
        self.world.document.open = False
        self.world.face.seen = False

    def close(self) -> None:
        self.over = True
        self.world.presenter.close()
        self.world.face.gone = True


def check(world: World) -> None:
    """What holds after every step."""
    presenter, backend = world.presenter, world.backend
    assert backend.most <= 1, "two jobs"
    assert not world.unforeseen, world.unforeseen[0]
    assert presenter.painting.busy or world.document.over is None, "nobody paints what is shown"
    if world.face.gone:
        return
    assert world.state.busy == presenter.painting.busy, "the dialog shows another state"
    assert not (world.state.ready and world.state.busy), "a second Apply"
    assert not (world.state.can_keep and not world.state.busy), "nothing to keep"
    assert set(world.in_document()) <= set(backend.painted), "a draft is in the document"
    awaited = [each for each in world.state.drafts if not each.picture]
    assert world.state.busy or not awaited, "a draft that never comes"
    assert world.state.message == "" or "Error" not in world.state.message


def leave(artist: Artist) -> None:
    """There is a way out of every state, and what was painted is somewhere."""
    world = artist.world
    world.document.stroke = False
    world.settle()
    world.backend.finish()
    world.settle()
    check(world)
    if not artist.over:
        artist.cancel()
        assert not world.presenter.painting.busy, "no way out"
        apply_again(world)
        artist.close()
    world.settle()
    world.backend.finish()
    check(world)
    places = [set(world.kept()), set(world.in_document()), artist.let_go]
    lost = set(world.backend.painted).difference(*places)
    assert not lost, f"lost: {lost}"
    there = Counter(world.in_document()) - Counter(artist.put_back)
    twice = [number for number, times in there.items() if times > 1]
    assert not twice, f"put in twice: {twice}"


def apply_again(world: World) -> None:
    """Where document and backend allow it, Apply leads to a result."""
    presenter: Presenter = world.presenter
    if not world.document.open:
        return
    world.backend.starts = world.document.takes = world.face.seen = True
    world.face.nonsense = False
    presenter.look()
    presenter.choose_content(MERGED)
    for row in world.state.rows:
        presenter.choosing.tick(row.source, not isinstance(row.source, Path))
        presenter.choosing.set_weight(row.source, 1.0)
    if not any(row.ticked for row in world.state.rows):
        return
    before = len(world.in_document())
    presenter.apply()
    world.settle()
    world.backend.finish()
    world.settle()
    assert len(world.in_document()) == before + 1, f"no result: {world.state}"


def walk(world: World, seed: int, folder: Path) -> None:
    dice = random.Random(seed)
    artist, taken = Artist(world, dice, folder), []
    world.document.animate("oil", dict(DRAWN))
    world.document.on_read = lambda time: dice.random() < READS and artist.cancel()
    if dice.random() < SHARE:
        world.ready()
        world.presenter.choose_content(FRAMES + "oil")
        world.presenter.apply()
    try:
        for _ in range(dice.randrange(5, STEPS)):
            taken.append(artist.step())
            check(world)
            if artist.over:
                break
        leave(artist)
    except AssertionError as error:
        raise AssertionError(f"walk {seed}: {error}\n{' '.join(taken)}") from error


@pytest.mark.parametrize("walks", [200, pytest.param(10_000, marks=pytest.mark.slow)])
def test_no_walk_makes_two_jobs_or_loses_a_result_or_ends_without_a_way_out(
    scumble_home, monkeypatch, tmp_path, walks
):
    monkeypatch.setattr("scumble.connection.os.fsync", lambda file: None)  # slow, and not needed
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in range(walks):
        for path in folder.iterdir():
            path.unlink()
        for each in unclaimed.results():
            each.forget()
        shutil.rmtree(state_folder() / "history", ignore_errors=True)
        with monkeypatch.context() as patch:
            walk(World(patch), seed, folder)
