"""Several layers: one after the other, in the document together, and no result is lost."""

import re
import threading

import pytest
from tests.sentences import says
from world import CANVAS, STYLE, TURN, World, number_of

from scumble.host import Layer
from scumble.pixels import Pixels
from scumble.presenter import words
from scumble.presenter.several import EACH, SELECTED

THREAD = threading.Thread  # which the world has another one for
GROUP = [
    Layer("people", "People", "group", CANVAS),
    Layer("ann", "Ann", "paint", STYLE, parent="people"),
    Layer("inner", "Inner", "group", CANVAS, parent="people"),
    Layer("bob", "Bob", "paint", STYLE, parent="inner"),
    Layer("empty", "Empty", "paint", STYLE._replace(width=0), parent="people"),
    Layer("photograph", "Photograph", "paint", CANVAS),
    Layer("ink", "Ink", "paint", STYLE),
]


@pytest.fixture
def world(scumble_home, monkeypatch):
    """Three layers are selected together, and a fourth is a style."""
    world = World(monkeypatch)
    world.document.all = [*GROUP]
    world.document.together = ["ann", "bob", "photograph"]
    world.presenter.look()
    world.settle()
    world.presenter.choosing.tick("ink", True)
    world.presenter.choose_content(SELECTED)
    world.settle()
    return world


def begin(world: World) -> None:
    world.presenter.apply()
    world.settle()


def finish(world: World) -> int:
    number = world.backend.finish()
    world.settle()
    return number


def order(world: World) -> list[str]:
    return [each.id for each in world.document.all]


def results(world: World) -> dict[int, str]:
    """Those in the document, topmost first: their numbers and ids."""
    new = world.document.inserted
    return {number_of(new[each]): each for each in order(world) if each in new}


def history(world: World) -> list[str]:
    world.settle()
    world.presenter.history.show()
    return [each.name for each in world.state.shelf.cards]


def test_what_is_selected_together_is_an_entry_and_its_layers_are_no_styles(world):
    assert world.state.contents[0].name == words.selected_layers(3)
    assert world.state.together == SELECTED
    assert world.state.content == "photograph", "the lowest stands for all"
    assert [row.source for row in world.state.rows] == ["people", "inner", "empty", "ink"]
    assert world.state.ready


def test_each_is_painted_with_the_same_settings_and_all_come_in_together(world):
    begin(world)
    asked = []
    for number in range(3):
        asked.append(world.backend.running.request)
        world.backend.progress()
        world.loop.wait(TURN)
        assert world.state.stage.startswith(f"Layer {number + 1} of 3: ")
        assert world.state.progress == pytest.approx((number + 0.5) / 3)
        assert world.in_document() == []
        assert world.state.busy
        finish(world)
    assert [each.content.extent for each in asked] == [CANVAS, STYLE, STYLE]
    assert len({str(each.parameters) for each in asked}) == 1
    assert sorted(world.in_document()) == [1, 2, 3]
    assert world.document.steps == 1
    assert [*results(world)] == [3, 2, 1]
    assert [world.document.parent_of(e) for e in results(world).values()] == ["people", "inner", ""]
    assert world.state.stage == "Done. 3 new layers came in."
    assert not world.state.busy
    assert world.backend.untaken == {}
    assert len(history(world)) == 3
    assert not any(row.ticked for row in world.state.rows if row.source in results(world).values())


def test_a_result_remembers_its_own_layer(world):
    begin(world)
    for _ in range(3):
        finish(world)
    for number, layer in ((1, "photograph"), (2, "bob"), (3, "ann")):
        world.document.active, world.document.together = results(world)[number], []
        world.presenter.look()
        assert world.state.content == layer


def test_cancel_at_the_second_leaves_the_document_and_the_first_is_in_the_history(world):
    begin(world)
    finish(world)
    world.presenter.cancel()
    world.settle()
    assert world.state.stage == words.ENDS["cancelled"]
    assert world.state.message == words.kept_in_history(1)
    assert not world.state.busy
    assert world.backend.jobs == []
    assert world.backend.untaken == {}
    assert world.in_document() == []
    assert len(history(world)) == 1
    world.presenter.shelves.close()
    begin(world)
    assert world.backend.running, "and another one can be begun"


def test_stop_and_keep_takes_this_one_as_it_is_and_begins_no_other(world):
    begin(world)
    finish(world)
    world.presenter.keep()
    world.backend.progress()
    world.settle()
    assert world.state.stage.startswith("Layer 2 of 2: ")
    assert world.backend.running.kept
    finish(world)
    assert [*results(world)] == [2, 1]
    assert not world.state.busy


def test_one_that_fails_is_named_and_the_others_go_on(world):
    begin(world)
    world.backend.fail()
    world.settle()
    assert re.search(says("“…” was not repainted."), world.state.message)
    assert "Memory ran out" in world.state.message
    finish(world)
    finish(world)
    assert [*results(world)] == [2, 1]
    assert "Memory ran out" in world.state.message, "it is still said at the end"


def test_the_last_one_that_fails_is_no_result_that_is_shown(world):
    begin(world)
    finish(world)
    finish(world)
    world.backend.preview()
    world.settle()
    assert world.face.painting
    world.backend.fail()
    world.settle()
    assert [*results(world)] == [2, 1]
    assert (world.state.badge, world.face.painting) == ("", None)


def test_what_is_selected_is_that_of_the_beginning(world):
    """The artist selects something else, and paints on."""
    asked = []
    for selected in (STYLE, None, CANVAS):
        world.document.selected = selected and Pixels(
            selected, "grey8", bytes(selected.width * selected.height)
        )
        begin(world) if not asked else finish(world)
        asked.append(world.backend.running.request.mask)
    assert [each.extent for each in asked] == [STYLE] * 3


def test_the_colours_of_one_of_several_are_painted_with_the_others(world):
    """Not in a second: the backend has the last painting alone."""
    begin(world)
    for _ in range(3):
        finish(world)
    assert world.state.badge == "Result"
    shown = world.face.painting
    world.face.settings["colour"] = 100.0
    world.presenter.edit()
    world.settle()
    assert (world.state.badge, world.face.painting) == ("Result", shown)
    assert {asked.after for _, asked in world.backend.questions} == {""}


@pytest.mark.parametrize("gone", ["photograph", "ann"])
def test_a_layer_that_goes_meanwhile_has_its_result_in_the_history_alone(world, gone):
    """The photograph when it is painted, the other one before."""
    begin(world)
    finish(world)
    world.document.remove(gone)
    finish(world)
    if gone == "photograph":
        finish(world)
        assert [*results(world)] == [3, 2]
        sentence = says("“…” is gone: what was painted of it is kept in the history.")
        assert re.search(sentence, world.state.message)
        assert len(history(world)) == 3
    else:
        assert [*results(world)] == [2, 1]
        assert "The layer to repaint is gone" in world.state.message
    assert not world.state.busy
    assert world.backend.untaken == {}


def test_all_wait_for_the_artists_stroke_and_can_be_cancelled_then(world):
    begin(world)
    finish(world)
    finish(world)
    world.document.stroke = True
    finish(world)
    assert world.state.busy
    assert world.document.WAITS_FOR in world.state.stage
    world.presenter.cancel()
    world.document.stroke = False
    world.settle()
    assert world.in_document() == []
    assert len(history(world)) == 3


def test_a_backend_that_dies_leaves_what_is_painted_to_be_put_in(world):
    begin(world)
    finish(world)
    world.backend.die()
    world.settle()
    assert [*results(world)] == [1]
    assert "paint again" in world.state.message
    assert not world.state.busy


@pytest.mark.parametrize("when", ["held", "waiting"])
def test_what_is_held_is_kept_where_the_dialog_closes(world, when):
    begin(world)
    finish(world)
    if when == "waiting":
        finish(world)
        world.document.stroke = True
        finish(world)
    world.presenter.close()
    world.face.gone = True
    world.settle()
    world.backend.finish()
    assert sorted(world.kept()) == ([1, 2, 3] if when == "waiting" else [1, 2])
    assert world.in_document() == []


def test_what_is_held_is_kept_where_the_document_closes(world):
    begin(world)
    finish(world)
    world.document.open = False
    finish(world)
    assert sorted(world.kept()) == [1, 2]
    assert not world.state.busy
    assert world.backend.untaken == {}


def test_what_cannot_be_put_in_is_kept_and_said_once(world):
    begin(world)
    world.document.takes = False
    for _ in range(3):
        finish(world)
    assert sorted(world.kept()) == [1, 2, 3]
    assert world.state.message.count("The editor took") == 1
    assert "The results are kept for a day" in world.state.message
    assert world.backend.untaken == {}


def test_each_layer_of_a_group_but_empty_ones_and_results(world):
    world.presenter.choose_content(EACH + "people")
    world.settle()
    entry = next(each for each in world.state.contents if each.id == EACH + "people")
    assert entry.name == "Each layer of “People”"
    assert world.state.together == entry.id
    assert world.state.content == "bob"
    for _ in range(2):  # the second time the group holds results
        begin(world)
        assert world.backend.running.request.content.extent == STYLE
        finish(world)
        finish(world)
        assert not world.state.busy
    assert len(results(world)) == 4


def test_a_group_with_nothing_to_paint_is_not_chosen(world):
    world.document.all = [each for each in world.document.all if each.id != "bob"]
    world.settle()
    world.presenter.choose_content(EACH + "inner")
    world.settle()
    assert world.state.message == words.NOTHING_INSIDE
    assert (world.state.content, world.state.together) == ("photograph", "")
    assert [row.ticked for row in world.state.rows if row.source == "ink"] == [True]


def test_others_that_are_selected_together_are_followed_and_one_alone_is_not(world):
    world.document.together = ["ann", "bob"]
    world.settle()
    assert world.state.content == "bob"
    assert world.state.contents[0].name == words.selected_layers(2)
    world.document.together = ["ann"]
    world.settle()
    assert world.state.together == SELECTED
    assert world.state.contents[0].name == words.selected_layers(2)
    for gone in ("ann", "bob"):
        world.document.remove(gone)
    world.settle()
    assert world.state.together == ""
    assert world.state.content == "people", "the first that is there"
    assert world.state.contents[0].id == "people"


def test_an_entry_that_is_gone_just_now_changes_nothing(world):
    world.presenter.choose_content("ann")
    for gone in (EACH + "ann", "nowhere"):
        world.presenter.choose_content(gone)
    assert (world.state.content, world.state.together) == ("ann", "")


def test_what_was_meant_as_a_style_is_none_after_it_was_repainted(world):
    """Layers that are selected together are ticked when the dialog opens."""
    world.presenter.choose_content("people")
    assert not any(row.ticked for row in world.state.rows if row.source in ("ann", "bob"))


def test_nothing_is_begun_where_one_could_not_even_start(world):
    world.presenter.choosing.tick("ink", False)
    world.presenter.apply()
    world.settle()
    assert not world.state.busy
    assert world.backend.jobs == []


def test_what_it_takes_is_said_of_one(world):
    for _ in range(2):  # the first of what was shown before
        world.backend.answer()
        world.settle()
    assert world.state.stage.endswith("That is one of 3 layers.")


def test_drafts_are_of_the_one_layer_that_is_shown(world):
    world.presenter.drafts.paint()
    world.settle()
    assert world.state.together == ""
    assert world.state.content == "photograph"


def test_their_results_are_written_into_the_history_one_after_the_other(world, monkeypatch):
    inside, both = [], threading.Event()

    def keep(*_) -> None:
        inside.append(1)
        if len(inside) > 1:
            both.set()
        both.wait(0.3)
        inside.pop()

    monkeypatch.setattr("scumble.history.keep", keep)
    begin(world)
    finish(world)
    finish(world)
    world.backend.finish()
    monkeypatch.setattr(threading, "Thread", THREAD)
    world.loop.wait(9 * TURN)
    assert world.state.stage == "Done. 3 new layers came in."
    world.presenter.close()
    assert not both.is_set()
