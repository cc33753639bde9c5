"""The frames of an animated layer: each from the one before it, and all in one new layer."""

import json
import re
from dataclasses import replace

import pytest
from tests.sentences import says
from world import CANVAS, TURN, World, number_of, picture

from scumble import history as history_files
from scumble import unclaimed
from scumble.connection import state_folder
from scumble.pixels import Extent, Pixels
from scumble.places import Place
from scumble.presenter import words
from scumble.presenter.several import FRAMES
from scumble.resultfiles import Result

FIRST, SECOND, THIRD = (picture(CANVAS, number) for number in (1000, 1001, 1002))
TIMES = {0: FIRST, 4: SECOND, 6: None, 9: FIRST}  # the last is like the first


@pytest.fixture
def world(scumble_home, monkeypatch):
    """All frames of a layer are chosen, and another layer is a style."""
    world = World(monkeypatch)
    world.document.animate("photograph", dict(TIMES))
    world.presenter.look()
    world.settle()
    world.presenter.choosing.tick("ink", True)
    world.presenter.choose_content(FRAMES + "photograph")
    world.settle()
    return world


def begin(world: World) -> None:
    world.presenter.apply()
    world.settle()


def finish(world: World) -> int:
    number = world.backend.finish()
    world.settle()
    return number


def results(world: World) -> list[dict[int, int]]:
    """Of each animated layer that came in, the numbers of its results, by their times."""
    document = world.document
    return [
        {time: number_of(each) for time, each in document.frames[layer].items() if each}
        for layer in document.inserted
        if layer in document.frames
    ]


def history(world: World) -> list[str]:
    world.settle()
    world.presenter.history.show()
    return [each.name for each in world.state.shelf.cards]


def test_what_is_animated_is_an_entry_and_what_has_one_frame_alone_is_none(world):
    found = {each.id: each for each in world.state.contents}
    assert found[FRAMES + "photograph"].name == "All frames of “Photograph” (4)"
    assert found[FRAMES + "photograph"].depth == found["photograph"].depth + 1
    assert world.state.together == FRAMES + "photograph"
    assert world.state.content == "photograph"
    world.document.animate("photograph", {0: FIRST})
    world.loop.wait(2000)
    assert FRAMES + "photograph" not in [each.id for each in world.state.contents]
    assert world.state.together == ""


def test_each_goes_on_from_the_one_before_and_all_come_in_as_one_animated_layer(world):
    begin(world)
    one = world.backend.running.request
    world.backend.progress()
    world.settle()
    assert world.state.stage.startswith("Frame 1 of 4: ")
    assert world.state.progress == pytest.approx(0.5 / 4)
    assert (one.content, one.start, one.before) == (FIRST, None, None)
    assert finish(world) == 1
    other = world.backend.running.request
    assert (other.content, other.start, other.before) == (SECOND, picture(CANVAS, 1), FIRST)
    assert (one.parameters["init"], other.parameters["init"]) == ("content", "result")
    assert other.parameters | {"init": "content"} == one.parameters
    assert world.document.steps == 0, "nothing before all are painted"
    assert finish(world) == 2
    assert not world.state.busy
    assert results(world) == [{0: 1, 4: 2, 9: 1}], "the empty one stays so, the same are the same"
    (new,) = world.document.inserted
    assert [*world.document.frames[new]] == [*TIMES]
    assert world.document.steps == 1
    assert world.state.stage == words.came_in("Style: Ink")
    assert world.state.badge == "", "the frame that was painted last is not the one that is shown"
    assert world.backend.untaken == {}
    assert history(world) == ["Style: Ink"]


def test_how_they_are_painted_is_noted_once_each_time(world):
    for times in (1, 2):
        begin(world)
        for _ in range(2):
            finish(world)
        assert not world.state.busy
        notes = json.loads((state_folder() / "asked.json").read_text("utf-8"))
        assert len(notes) == times
        world.presenter.choose_content(FRAMES + "photograph")
        world.settle()


def test_it_is_said_that_it_is_the_time_of_the_first(world):
    world.loop.wait(1000)
    world.backend.answer()
    world.settle()
    assert "That is the first of 4 frames; the others go on from it" in world.state.stage


def test_only_what_is_selected_is_painted_of_each(world):
    world.document.selected = Pixels(Extent(20, 4, 4, 4), "grey8", bytes([255] * 16))
    world.face.settings["selection"] = "crop"
    begin(world)
    part = world.backend.running.request.content.extent
    assert part != CANVAS
    world.document.selected = None  # the artist paints on meanwhile
    finish(world)
    other = world.backend.running.request
    assert other.content.extent == other.start.extent == other.before.extent == part


def test_frames_are_painted_as_they_were_when_the_first_began(world):
    begin(world)
    world.document.animate("photograph", {0: SECOND})
    finish(world)
    finish(world)
    assert results(world)[0] == {0: 1, 4: 2, 9: 1}


def test_styles_and_places_are_as_they_were_for_the_first(world, tmp_path):
    file = tmp_path / "monet.png"
    file.touch()
    world.presenter.choosing.add_files([file])
    world.settle()
    world.presenter.choosing.set_where("ink", Place("oil"))
    world.presenter.choosing.keep(Place("oil"))
    begin(world)
    first = world.backend.running.request
    world.document.strokes = 1
    file.unlink()
    finish(world)
    second = world.backend.running.request
    assert [each.digest for each in second.styles] == [each.digest for each in first.styles]
    assert len(first.styles) == 2
    assert second.styles[0].where == first.styles[0].where
    assert second.keep == first.keep
    finish(world)
    file.touch()
    world.presenter.choose_content(FRAMES + "photograph")
    begin(world)
    assert world.backend.running.request.keep != first.keep


def test_cancel_at_the_second_leaves_the_document_and_the_first_is_in_the_history(world):
    begin(world)
    finish(world)
    world.presenter.cancel()
    world.settle()
    assert results(world) == []
    assert world.state.message == ("1 frame was painted to the end: the result is in the history.")
    assert history(world) == ["Style: Ink, frame 0"]
    assert world.backend.untaken == {}


@pytest.mark.parametrize(("room", "kept"), [(0, [4]), (1, [4]), (2, [4, 0])])
def test_frames_of_a_cancelled_animation_push_nothing_older_out_of_the_history(
    world, monkeypatch, room, kept
):
    """But for the last one, as any result does."""
    world.document.animate("photograph", {0: FIRST, 4: SECOND, 6: THIRD})
    result = Result(FIRST, "earlier", "")
    for number in range(2):
        history_files.keep(str(number) * 32, result, 0.0, {})
    most = history_files.size() + room * (len(FIRST.data) + history_files.BESIDE)
    monkeypatch.setattr(history_files, "MOST", most)
    begin(world)
    finish(world)
    finish(world)
    world.presenter.cancel()
    assert history(world) == [f"Style: Ink, frame {time}" for time in kept]
    there = sum(len(history_files.entries(str(number) * 32)) for number in range(2))
    assert (there == 2) is (room > 0)
    all_ = "2 frames were painted to the end: the results are in the history."
    some = "2 frames were painted to the end; the history had room for the last of them (1)."
    assert world.state.message == (all_ if len(kept) == 2 else some)


def test_a_cancel_while_the_editor_reads_a_frame_begins_no_other(world):
    world.document.on_read = lambda time: time and world.presenter.cancel()
    begin(world)
    finish(world)
    assert world.backend.jobs == []
    assert not world.state.busy
    assert world.state.stage == words.ENDS["cancelled"]
    assert history(world) == ["Style: Ink, frame 0"]
    assert world.backend.untaken == {}


def test_nothing_else_begins_while_the_editor_reads_a_frame(world):
    world.document.on_read = lambda time: world.presenter.apply()
    begin(world)
    assert len(world.backend.jobs) == 1
    finish(world)
    finish(world)
    assert results(world) == [{0: 1, 4: 2, 9: 1}]


def test_stop_and_keep_takes_what_is_painted_and_the_other_frames_are_empty(world):
    begin(world)
    finish(world)
    world.presenter.keep()
    world.settle()
    finish(world)
    assert results(world) == [{0: 1, 4: 2}]
    assert not world.state.busy


def test_one_that_fails_ends_it_and_what_is_painted_comes_in(world):
    begin(world)
    finish(world)
    world.backend.fail()
    world.settle()
    assert results(world) == [{0: 1}]
    assert re.search(says("Frame … and those after it were not repainted."), world.state.message)
    assert not world.state.busy


def test_what_is_painted_for_a_document_that_closes_is_kept(world):
    begin(world)
    finish(world)
    world.document.open = False
    finish(world)
    assert not world.state.busy
    kept = sorted(each.name for each in unclaimed.results())
    assert kept == ["Style: Ink, frame 0", "Style: Ink, frame 4"]
    assert world.backend.untaken == {}


def test_an_editor_that_takes_no_layer_loses_nothing(world):
    begin(world)
    world.document.takes = False
    finish(world)
    finish(world)
    kept = sorted(each.name for each in unclaimed.results())
    assert kept == ["Style: Ink, frame 0", "Style: Ink, frame 4"]
    assert "The results are kept for a day, and offered here." in world.state.message


def test_where_the_layer_is_deleted_meanwhile_what_is_painted_lies_on_top(world):
    begin(world)
    finish(world)
    world.document.remove("photograph")
    finish(world)
    assert results(world) == [{0: 1, 4: 2, 9: 1}]
    (new,) = world.document.inserted
    assert world.document.all[0].id == new


def test_a_face_without_styles_is_told_once(world):
    world.presenter.choosing.tick("ink", False)
    begin(world)
    assert world.state.message.count("Choose at least one style") == 1


def test_one_for_which_there_is_no_memory_ends_it_and_nothing_is_left_behind(world):
    def read(time: int) -> None:
        if time == 4:
            raise MemoryError

    world.document.on_read = read
    begin(world)
    number = finish(world)
    assert results(world) == [{0: number}]
    assert world.presenter.painting.held == []
    assert not world.presenter.painting.busy


def test_a_layer_that_is_empty_at_the_artists_time_has_its_painting_drawn_all_the_same(world):
    begin(world)
    place = next(n for n, each in enumerate(world.document.all) if each.id == "photograph")
    empty = Extent(0, 0, 0, 0)
    world.document.all[place] = replace(world.document.all[place], extent=empty)
    world.loop.wait(2000)
    world.backend.preview()
    world.loop.wait(TURN)
    assert world.face.whole == CANVAS
    assert world.state.view.picture == CANVAS[2:]
