"""The dialog's mind: what every intent does in every state, and the races between them."""

import itertools
import re
from pathlib import Path

import pytest
from tests.sentences import says
from world import CANVAS, TURN, World, number_of

from scumble import presets
from scumble.errors import StartError
from scumble.pixels import Pixels
from scumble.places import Place
from scumble.presenter import painting, records
from scumble.presenter.several import SELECTED

STATES = (
    "ready", "finding", "queued", "running", "waiting", "done", "cancelled", "failed", "off",
    "closed", "held", "putting",
)  # fmt: skip
BUSY = ("finding", "queued", "running", "waiting", "held", "putting")

INTENTS = {
    "look": lambda world: world.presenter.look(),
    "refresh": lambda world: world.presenter.refresh(),
    "choose_content": lambda world: world.presenter.choose_content("oil"),
    "choose several": lambda world: world.presenter.choose_content(SELECTED),
    "tick": lambda world: world.presenter.choosing.tick("oil", True),
    "untick": lambda world: world.presenter.choosing.tick("ink", False),
    "set_weight": lambda world: world.presenter.choosing.set_weight("ink", 2.0),
    "set_brush_size": lambda world: world.presenter.choosing.set_brush_size("ink", 200.0),
    "add_files": lambda world: world.presenter.choosing.add_files([Path("no such picture.png")]),
    "remove_file": lambda world: world.presenter.choosing.remove_file(Path("no such picture.png")),
    "edit": lambda world: world.presenter.edit(),
    "warn": lambda world: world.presenter.warn(),
    "apply": lambda world: world.presenter.apply(),
    "repeat": lambda world: world.presenter.repeat(),
    "cancel": lambda world: world.presenter.cancel(),
    "keep": lambda world: world.presenter.keep(),
    "close": lambda world: world.presenter.close(),
    "start_engine": lambda world: world.presenter.start_engine(),
    "help": lambda world: world.presenter.manual.open("strength"),
    "open_log": lambda world: world.presenter.open_log(),
    "zoom": lambda world: world.presenter.picture.looking.zoom(9, 50, 50),
    "split": lambda world: world.presenter.picture.looking.key("right", True, compares=True),
    "place": lambda world: world.presenter.choosing.set_where("ink", Place("oil")),
    "regions": lambda world: world.presenter.picture.regions.show(True),
    "overlay": lambda world: world.presenter.picture.overlay.show(True),
    "take": lambda world: world.presenter.offers.take(world.state.content),
    "discard": lambda world: world.presenter.offers.discard(),
    "choose preset": lambda world: world.presenter.presets.choose("none of this name"),
    "save preset": lambda world: world.presenter.presets.save("Evening"),
    "delete preset": lambda world: world.presenter.presets.delete("Evening"),
    "reset": lambda world: world.presenter.presets.reset(),
}
# Whether a job is under way after an intent, where that is another than before.
AFTER = {(state, intent): False for state in BUSY for intent in ("cancel", "close")} | {
    (state, "apply"): True for state in ("ready", "done", "cancelled", "failed", "off")
}
# Nothing was painted before it: there is nothing to repeat.
AFTER |= {(state, "repeat"): True for state in ("done", "cancelled", "failed")}


def test_the_table_names_every_intent():
    presenter = World.__init__.__globals__["Presenter"]
    events = {"say", "begin", *(name for name in vars(presenter) if name.startswith("show_"))}
    public = {
        name
        for name, each in vars(presenter).items()
        if callable(each) and not name.startswith("_")
    }
    assert public - events <= set(INTENTS)


@pytest.mark.parametrize(("state", "intent"), list(itertools.product(STATES, INTENTS)))
def test_each_intent_in_each_state(world, state, intent):
    getattr(world, state)()
    before = world.presenter.painting.busy
    assert before == (state in BUSY)
    INTENTS[intent](world)
    after = AFTER.get((state, intent), before)
    assert world.presenter.painting.busy == after
    assert world.backend.most <= 1
    if intent != "close":
        assert world.state.busy == after, "the dialog shows it"
        assert not (world.state.ready and after), "no second Apply"
        assert not (world.state.can_keep and not after)
    world.settle()
    world.backend.finish()
    world.document.stroke = False
    world.settle()
    assert world.unforeseen == []
    if after and (state, intent) not in AFTER:
        assert sorted(world.in_document()) == world.backend.painted, "the job goes on to its end"
        assert not world.presenter.painting.busy


# Races


def test_two_presses_of_apply_make_one_job(world):
    world.ready()
    world.presenter.apply()
    world.presenter.apply()
    world.settle()
    assert len(world.backend.jobs) == 1
    world.presenter.apply()
    world.settle()
    world.backend.finish()
    world.settle()
    assert world.in_document() == [1]
    assert world.state.message == ""


def test_apply_cancel_and_apply_before_the_backend_is_found_make_one_job(world):
    world.finding()
    world.presenter.cancel()
    world.presenter.apply()
    world.settle()
    assert len(world.backend.jobs) == 1
    world.backend.finish()
    world.settle()
    assert world.in_document() == [1]


def test_apply_where_the_document_is_closed_says_so(world):
    world.closed()
    world.presenter.apply()
    assert world.state.message == "This document is closed, or has no layer to repaint."
    assert not world.state.busy


def test_a_backend_that_falls_silent_when_it_was_just_found_is_told(world, monkeypatch):
    monkeypatch.setattr(world.backend, "hear", lambda *_: None)
    with pytest.raises(StartError, match=says("The painting process does not answer: try again")):
        painting._status(lambda stage: None, "")


def test_repeat_while_a_job_runs_starts_no_other(world):
    world.running()
    world.presenter.repeat()
    world.settle()
    assert world.backend.most == 1
    world.backend.finish()
    world.settle()
    assert world.in_document() == [1]


def test_apply_while_an_estimate_is_awaited(world):
    world.ready()
    assert world.backend.questions
    world.presenter.apply()
    world.settle()
    world.backend.answer()
    world.settle()
    assert world.state.busy
    assert "Takes about" not in world.state.stage
    world.backend.finish()
    world.settle()
    assert world.in_document() == [1]


def test_a_layer_removed_in_the_middle_of_a_job_leaves_the_result_on_top_and_a_choice(world):
    world.running()
    world.document.remove("photograph")
    world.settle()
    world.backend.finish()
    world.settle()
    assert world.document.all[0].name == "Style: Ink"
    assert "The layer it was painted from is gone" in world.state.message
    assert world.document.is_there(world.state.content), "what Apply would repaint is there"


def test_a_document_closed_in_the_middle_of_a_job_has_its_result_kept_and_that_is_said(world):
    world.running()
    world.document.open = False
    world.face.seen = False
    world.backend.finish()
    world.settle()
    assert world.kept() == [1]
    closed = says("is closed: what was painted for it is kept for a day. Open Scumble")
    assert any(re.search(closed, each) for each in world.face.outside)


def test_a_result_that_is_put_in_later_knows_how_it_was_painted(world):
    world.ready()
    world.presenter.choosing.set_weight("ink", 3.0)
    world.face.settings["strength"] = 35.0
    world.presenter.apply()
    world.settle()
    world.document.open = False
    world.backend.finish()
    world.settle()
    world.document.open = True
    world.presenter.offers.look()
    world.presenter.offers.take("photograph")
    (result,) = world.document.inserted
    record = records.of_layer(world.document, result)
    assert record.content == "photograph"
    assert [(each.source, each.weight) for each in record.choices] == [("ink", 3.0)]
    assert record.values["strength"] == 35.0


@pytest.mark.parametrize("late", ["not", "the document is closed", "the editor takes none"])
def test_a_result_comes_with_its_layer_mask_however_late(world, late):
    whole = world.document.layers()[-1].extent
    world.document.selected = Pixels(whole, "grey8", b"\x80" * whole.width * whole.height)
    world.face.settings["selection"] = "mask"
    world.running()
    world.document.open = late != "the document is closed"
    world.document.takes = late != "the editor takes none"
    world.backend.finish()
    world.settle()
    world.document.open = world.document.takes = True
    if late != "not":
        world.presenter.offers.look()
        world.presenter.offers.take("photograph")
    assert list(world.document.masks.values()) == [world.document.selected]
    assert list(world.document.masks) == list(world.document.inserted)


def test_a_backend_that_dies_is_said_once_and_apply_starts_another(world):
    world.running()
    world.backend.die()
    world.settle()
    assert world.state.message.count("paint again") == 1
    world.presenter.apply()
    world.settle()
    world.backend.finish()
    world.settle()
    assert world.in_document() == [1]


def test_a_dialog_that_closes_in_the_middle_of_a_job_leaves_it_to_the_backend(world):
    world.running()
    world.presenter.close()
    world.face.gone = True
    world.settle()
    world.backend.finish()
    assert world.kept() == [1]
    assert world.unforeseen == []


@pytest.mark.parametrize("stroke", [False, True])
def test_a_result_that_has_come_while_the_dialog_closes_is_kept(world, stroke):
    """It is in the wire, or waits for the end of a stroke; the widgets may be gone by then."""
    world.running()
    world.document.stroke = stroke
    world.backend.finish()
    if stroke:
        world.loop.wait(2 * TURN)
    world.face.gone = True
    world.presenter.close()
    assert world.kept() == [1]
    assert world.unforeseen == []


def test_an_editor_that_turns_its_loop_while_it_takes_the_layer_disturbs_nothing(
    world, monkeypatch
):
    world.running()
    put = world.document.put

    def put_slowly(*arguments) -> str:
        layer = put(*arguments)
        world.loop.wait(3000)
        return layer

    monkeypatch.setattr(world.document, "put", put_slowly)
    world.backend.finish()
    world.settle()
    world.backend.answer()
    world.settle()
    assert world.state.stage == "Done. The new layer is “Style: Ink”."
    (result,) = world.document.inserted
    assert records.of_layer(world.document, result)


def test_a_result_waits_for_the_end_of_a_stroke(world):
    world.waiting()
    assert world.in_document() == []
    assert world.state.stage == "Finished: it comes when your stroke ends"
    world.document.stroke = False
    world.settle()
    assert world.in_document() == [1]


def test_a_result_that_the_editor_does_not_take_is_kept_and_offered(world):
    world.running()
    world.document.takes = False
    world.backend.finish()
    world.settle(12.0)
    assert world.kept() == [1]
    offered = says("… The result is kept for a day, and offered here.")
    assert re.search(offered, world.state.message)
    assert "was never inserted" in world.state.offer
    world.document.takes = True
    world.presenter.offers.take(world.state.content)
    assert (world.kept(), world.in_document()) == ([], [1])


@pytest.mark.faults
def test_a_result_that_neither_document_nor_disk_takes_stays_with_the_backend(world, monkeypatch):
    world.running()
    world.document.takes = False
    with monkeypatch.context() as full:

        def no_room(*_):
            raise OSError(28, "No space left on device")

        full.setattr("scumble.resultfiles.write_private", no_room)
        world.backend.finish()
        world.loop.wait(2 * TURN)
        assert "make room" in world.state.message
    assert world.kept() == []
    ((wire, _),) = world.backend.untaken.values()
    world.backend.make_room(wire)
    world.settle(12.0)
    assert "was never inserted" in world.state.offer


def test_one_connection_is_kept_for_all_that_is_asked(world):
    """By courier each would be a process of its own."""
    world.settle(3.0)
    world.backend.answer()
    opened = len(world.backend.opened)
    world.settle(60.0)
    assert len(world.backend.opened) == opened
    world.backend.die()
    world.settle(12.0)
    assert world.state.status == "Not running"


def test_a_result_that_is_in_its_document_is_kept_nowhere_else(world):
    world.running()
    world.backend.finish()
    world.settle()
    world.presenter.close()
    assert (world.kept(), world.in_document()) == ([], [1])


def test_a_result_is_kept_where_its_place_cannot_be_found(world, monkeypatch):
    world.running()
    world.backend.finish()

    def fails():
        raise RuntimeError("the editor stumbled")

    monkeypatch.setattr(world.document, "layers", fails)
    world.loop.wait(2 * TURN)
    assert world.kept() == [1]


def test_a_result_comes_while_the_dialog_is_closed_and_is_told_outside(world):
    world.running()
    world.face.seen = False
    world.backend.finish()
    world.settle()
    assert world.in_document() == [1]
    assert world.face.outside == ["Painted: Style: Ink"]


def test_keep_is_pressed_once_and_ends_with_a_layer(world):
    world.running()
    world.presenter.keep()
    assert world.backend.jobs[0].kept
    assert not world.state.can_keep
    world.backend.preview()
    world.loop.wait(2 * TURN)
    assert not world.state.can_keep, "asked already"
    world.backend.finish()
    world.settle()
    assert world.in_document() == [1]


# What is shown


def test_one_estimate_is_asked_for_at_a_time_however_long_it_takes(world):
    """A machine that was never measured takes minutes for the first."""
    world.ready()
    world.settle(60.0)
    assert len(world.backend.questions) == 1
    assert world.state.stage == "Estimating how long it takes"
    for strength in (10.0, 20.0, 30.0):
        world.face.settings["strength"] = strength
        world.presenter.edit()
        world.settle()
    assert len(world.backend.questions) == 1
    world.backend.answer()
    world.settle()
    assert world.state.stage == "Estimating how long it takes", "that was for what it was before"
    ((_, asked),) = world.backend.questions
    assert asked.parameters["strength"] == 30.0
    world.backend.answer()
    world.settle()
    assert world.state.stage.startswith("Takes about")


def test_an_estimate_for_what_it_was_before_is_not_told_beside_nonsense(world):
    world.ready()
    world.face.nonsense = True
    world.presenter.edit()
    world.settle()
    world.backend.answer()
    world.settle()
    assert world.state.message.startswith("Working size cannot be")
    assert world.state.stage == ""


def test_what_cannot_be_painted_is_told_once_and_whole_before_apply_and_after_it(world):
    why = "Memory ran out: choose a smaller size."  # what a job that fails says, too
    world.ready()
    world.backend.answer(why)
    world.settle(20.0)
    assert (world.state.message, world.state.stage) == (why, "")
    assert not world.backend.questions, "it is not asked again and again"
    world.presenter.apply()
    world.settle()
    world.backend.fail()
    world.settle()
    world.backend.answer(why)
    world.settle()
    assert (world.state.message, world.state.stage) == (why, "")
    world.presenter.edit()
    assert world.state.message == ""


def test_a_result_of_a_layer_and_styles_that_are_gone_is_done_like_any_other(world):
    world.running()
    for layer in ("photograph", "ink"):
        world.document.remove(layer)
    world.backend.finish()
    world.settle()
    assert "choose another" not in world.state.message
    world.presenter.history.show()
    assert len(world.state.shelf.cards) == 1


def test_a_result_in_a_copy_of_the_document_is_done_like_any_other(world):
    world.document.is_copied = True
    world.running()
    world.backend.finish()
    world.settle()
    assert world.state.message == ""
    assert world.state.stage.startswith("Done")
    world.presenter.history.show()
    world.settle()
    assert len(world.state.shelf.cards) == 1


def test_an_estimate_is_asked_anew_where_the_backend_was_started_anew(world):
    world.ready()
    world.backend.die()
    world.settle(9.0)
    assert (world.state.stage, world.state.status) == ("", "Not running")
    world.presenter.start_engine()
    world.settle(9.0)
    world.backend.answer()
    world.settle()
    assert world.state.stage.startswith("Takes about")


def test_done_stays_to_be_read_though_the_document_has_a_layer_more(world):
    world.done()
    world.settle(9.0)
    world.backend.answer()
    world.settle(9.0)
    assert world.state.stage == "Done. The new layer is “Style: Ink”."
    assert world.state.badge == "Result"
    assert world.face.painting


def test_a_result_that_is_undone_is_shown_no_more(world):
    world.done()
    world.presenter.say("Painted at 32 x 20 px, finished at full size.")
    (result,) = world.document.inserted
    world.document.remove(result)
    world.settle()
    world.backend.answer()
    world.settle()
    assert (world.state.badge, world.state.message) == ("", "")
    assert not world.face.painting
    assert world.state.stage.startswith("Takes about")


def test_a_cancelled_picture_goes_and_that_is_said(world):
    world.cancelled()
    assert not world.face.painting
    assert world.state.badge == ""
    assert world.state.stage == "Cancelled: nothing was changed."


def test_a_job_that_failed_leaves_no_half_picture_and_one_sentence(world):
    world.failed()
    assert not world.face.painting
    assert world.state.message == "Memory ran out: choose a smaller size."


def test_a_wrong_value_is_said_in_place_of_the_estimate_and_goes_when_it_is_mended(world):
    world.ready()
    world.backend.answer()
    world.settle()
    assert world.state.stage.startswith("Takes about")
    world.face.nonsense = True
    world.presenter.edit()
    world.settle()
    assert world.state.message.startswith("Working size cannot be “abc”")
    assert world.state.stage == ""
    world.presenter.apply()
    assert world.state.message.startswith("Working size cannot be “abc”")
    assert not world.state.busy
    world.face.nonsense = False
    world.presenter.edit()
    world.settle()
    world.backend.answer()
    world.settle()
    assert world.state.stage.startswith("Takes about")
    assert world.state.message == ""


def test_the_empty_list_has_its_sentence_until_a_picture_is_added(world, tmp_path):
    for each in ("ink", "oil"):
        world.document.remove(each)
    world.settle()
    assert world.state.empty.startswith("This document has no other layer")
    path = tmp_path / "monet.png"
    path.touch()
    world.presenter.choosing.add_files([path])
    world.settle()
    assert world.state.empty == ""
    world.presenter.choosing.remove_file(path)
    assert world.state.empty


def test_the_dialog_follows_its_document(world):
    world.settle()
    world.document.rename("ink", "Tusche")
    world.document.remove("oil")
    world.settle()
    assert [row.name for row in world.state.rows] == ["Tusche"]
    world.document.together = ["ink"]  # first one alone, then the other, too
    world.settle()
    assert not any(row.ticked for row in world.state.rows)
    world.document.together = ["ink", "photograph"]
    world.settle()
    assert [row.name for row in world.state.rows if row.ticked] == ["Tusche"]
    world.document.remove("photograph")
    world.settle()
    assert world.document.is_there(world.state.content)
    assert world.state.title.startswith("garden.kra")


def test_time_left_does_not_climb_but_is_longer_than_thought_once(world):
    world.queued()
    shown = []
    for seconds in (42, 30, 33, 240, 250, 400, 200, 210):
        world.backend.progress(seconds)
        world.loop.wait(2 * TURN)
        shown.append(world.state.stage.removeprefix("Painting, size 1 of 2, "))
    longer = "longer than thought: "
    assert shown == [
        "42 s left", "30 s left", "30 s left", f"{longer}4 min left", f"{longer}4 min left",
        f"{longer}4 min left", f"{longer}3 min left", f"{longer}3 min left",
    ]  # fmt: skip


def test_damaged_presets_are_told_where_they_lie(world):
    presets._file().write_text("{")
    world.presenter.look()
    assert "Your presets could not be read, and begin anew" in world.state.message
    world.presenter.look()
    assert world.state.message == ""


def test_the_next_try_goes_on_from_the_last_result(world):
    world.face.settings["init"] = "result"
    world.running()
    assert world.backend.running.request.start is None
    number = world.backend.finish()
    world.settle()
    world.presenter.apply()
    world.settle()
    start = world.backend.running.request.start
    assert (number_of(start), start.extent) == (77 + len("result 1"), CANVAS)
    assert number == 1


def test_an_estimate_knows_whether_there_is_a_result_to_go_on_from(world):
    world.face.settings["init"] = "result"
    world.presenter.choosing.tick("ink", True)
    world.settle()
    assert world.backend.questions[-1][1].parameters["init"] == "content"
    world.backend.answer()
    world.running()
    world.backend.finish()
    world.settle()
    world.presenter.edit()
    world.settle()
    assert world.backend.questions[-1][1].parameters["init"] == "result"


def test_a_kept_result_comes_in_also_where_its_layer_is_removed(world):
    world.running()
    world.document.takes = False
    world.backend.finish()
    world.settle()
    world.document.takes = True
    world.document.remove("photograph")
    world.settle()
    world.presenter.offers.take(world.state.content)
    assert world.in_document() == world.backend.painted
    assert world.unforeseen == []
