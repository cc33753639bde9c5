"""Three drafts: one after the other, in no document, and the chosen one goes on to the end."""

import pytest
from world import TURN, World, number_of

from scumble import parameters, unclaimed
from scumble.pixels import Extent
from scumble.presenter import words
from scumble.ways import SIDE, WAYS, quick, varied


@pytest.fixture
def world(scumble_home, monkeypatch):
    world = World(monkeypatch)
    world.ready()
    world.presenter.drafts.paint()
    world.settle()
    return world


def finish(world: World) -> int:
    number = world.backend.finish()
    world.settle()
    return number


def pictures(world: World) -> list[bool]:
    return [each.picture is not None for each in world.state.drafts]


def asked(world: World) -> dict:
    return world.backend.running.request.parameters


def test_they_are_painted_one_after_the_other_quickly_and_each_another_way(world):
    seen = []
    for number in range(3):
        assert pictures(world) == [each < number for each in range(3)]
        assert world.state.busy
        assert not world.state.ready
        seen.append(asked(world))
        finish(world)
    assert pictures(world) == [True] * 3
    assert not world.state.busy
    assert world.state.stage == words.CHOOSE_DRAFT
    assert {(each["quality"], each["working_size"]) for each in seen} == {("draft", SIDE)}
    assert [each["painterly"] for each in seen] == [50, 80, 20]
    assert [each["brush_size"] for each in seen] == pytest.approx([100, 220, 45])
    assert [each["seed"] for each in seen] == [0, 1, 2]
    assert world.in_document() == []
    assert unclaimed.results() == []
    assert world.presenter.last.record is None, "Repeat would repeat a draft"


def test_how_far_they_are_is_told_of_all_three(world):
    finish(world)
    world.backend.progress()
    world.backend.preview()
    world.loop.wait(TURN)
    assert world.state.stage == words.drafting(2, 3)
    assert world.state.progress == pytest.approx(1.5 / 3)
    assert world.face.painting
    assert not world.state.can_keep


def test_the_chosen_one_goes_on_from_where_it_is_and_its_settings_are_shown(world):
    numbers = [finish(world) for _ in range(3)]
    world.presenter.drafts.choose("1")
    world.settle()
    request = world.backend.running.request
    assert number_of(request.start) == numbers[1]
    shown = varied(parameters.defaults(), WAYS[1])
    assert parameters.check(request.parameters) == shown | {"init": "result"}
    assert world.face.settings == shown
    assert world.state.draft == "1"
    painted = finish(world)
    assert world.in_document() == [painted]
    assert world.presenter.last.record.values == shown, (
        "a repeat begins with the layer, as it was set"
    )
    assert pictures(world) == [True] * 3, "another one may be better"
    world.presenter.drafts.choose("2")
    world.settle()
    assert number_of(world.backend.running.request.start) == numbers[2]


def test_one_can_be_chosen_while_the_others_are_painted(world):
    number = finish(world)
    world.presenter.drafts.choose("2")  # not painted yet: nothing
    assert asked(world)["quality"] == "draft"
    world.presenter.drafts.choose("0")
    world.settle()
    assert number_of(world.backend.running.request.start) == number
    assert len(world.state.drafts) == 1
    assert world.backend.most == 1
    finish(world)
    assert len(world.in_document()) == 1


@pytest.mark.parametrize("end", ["cancel", "fail"])
def test_what_is_painted_stays_where_the_rest_is_cancelled_or_fails(world, end):
    finish(world)
    world.presenter.cancel() if end == "cancel" else world.backend.fail()
    world.settle()
    assert pictures(world) == [True]
    assert not world.state.busy
    assert ("Memory ran out" in world.state.message) == (end == "fail")


def test_a_layer_that_goes_in_between_is_said_and_leaves_what_is_painted(world):
    world.document.remove("ink")
    finish(world)
    assert pictures(world) == [True]
    assert not world.state.busy
    assert "A style layer is gone: choose another." in world.state.message


def test_a_picture_that_is_painted_to_the_end_is_not_cut_short_by_choosing(world):
    for _ in range(3):
        finish(world)
    world.presenter.drafts.choose("0")
    world.settle()
    job = world.backend.running.name
    world.presenter.drafts.choose("1")
    world.presenter.drafts.paint()
    world.settle()
    assert world.backend.running.name == job


@pytest.mark.parametrize("does", ["apply", "look"])
def test_they_are_gone_where_something_else_is_painted_or_the_dialog_opened_anew(world, does):
    for _ in range(3):
        finish(world)
    getattr(world.presenter, does)()
    assert world.state.drafts == ()


def test_drafts_of_one_layer_are_none_of_another(world):
    for _ in range(3):
        finish(world)
    world.presenter.choose_content("oil")
    assert world.state.drafts == ()


@pytest.mark.parametrize("when", ["running", "come"])
def test_a_dialog_that_closes_leaves_no_draft_behind(world, when):
    if when == "come":
        world.backend.finish()
    world.presenter.close()
    world.settle()
    assert world.backend.jobs == []
    assert unclaimed.results() == []


def test_nonsense_in_a_field_is_said_and_no_draft_begun(scumble_home, monkeypatch):
    world = World(monkeypatch)
    world.ready()
    world.face.nonsense = True
    world.presenter.drafts.paint()
    world.settle()
    assert "Working size cannot be “abc”" in world.state.message
    assert world.state.drafts == ()
    assert not world.state.busy


@pytest.mark.parametrize("end", ["low", "high"])
def test_they_differ_and_are_allowed_at_the_ends_of_the_ranges_too(end):
    knobs = [e for e in parameters.PARAMETERS if e.name in ("painterly", "brush_size", "seed")]
    values = parameters.defaults() | {each.name: getattr(each, end) for each in knobs}
    found = [parameters.check(varied(values, way)) for way in WAYS]
    assert all(found[one] != found[other] for one, other in ((0, 1), (0, 2), (1, 2)))


def test_a_draft_is_never_larger_than_what_is_asked_for_and_starts_anew():
    values = parameters.defaults() | {"working_size": 300, "init": "result"}
    assert quick(values) | {"quality": "standard"} == values | {"init": "content"}


def test_its_small_picture_has_the_shape_of_the_layer(world):
    finish(world)
    assert world.state.drafts[0].picture.extent == Extent(0, 0, 32, 20)
