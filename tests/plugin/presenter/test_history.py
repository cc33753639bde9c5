"""The history of the document: painted, looked at, painted again, put back, thinned out."""

import pytest
from world import TURN, World, number_of

from scumble import history, resultfiles
from scumble.host import Layer
from scumble.presenter import records


def paint(world: World) -> None:
    world.presenter.apply()
    world.settle()
    world.backend.finish()
    world.loop.wait(2 * TURN)
    world.settle()


@pytest.fixture
def painted(world) -> World:
    """Two results, the first with a star; the shelf is open."""
    world.ready()
    world.face.settings["strength"] = 80.0
    world.presenter.choosing.set_weight("ink", 2.5)
    paint(world)
    world.face.settings["strength"] = 20.0
    world.presenter.choosing.tick("oil", True)
    paint(world)
    world.presenter.history.show()
    world.presenter.shelves.choose(cards(world)[1].id)
    world.presenter.shelves.do("star")
    return world


def cards(world: World) -> tuple:
    return world.state.shelf.cards


def test_a_result_is_in_the_history_with_all_that_was_asked_for(painted):
    new, old = cards(painted)
    assert (old.name, new.name, old.starred, new.starred) == (
        "Style: Ink", "Style: Ink + Oil", True, False,
    )  # fmt: skip
    assert number_of(old.picture) == 1
    assert number_of(new.picture) == 2
    told = painted.state.shelf.details
    for each in ("Strength: 80 %", "Ink (Weight 2.5)", "32 x 20 px", "in 1 s", "Seed: 0"):
        assert each in told, told
    assert "2 results" in painted.state.shelf.foot


def test_the_large_picture_is_what_was_painted(painted):
    painted.presenter.shelves.choose(cards(painted)[0].id)
    assert painted.face.looked_at is None, "not yet that of another one"
    painted.settle()
    assert number_of(painted.face.looked_at) == 2
    (new, old) = history.entries(records.identity(painted.document))
    for entry, layer in ((old, "result 1"), (new, "result 2")):
        assert entry.pixels() == painted.document.inserted[layer], "without loss"


def test_its_settings_and_styles_become_the_dialogs(painted):
    painted.presenter.choose_content("oil")
    painted.presenter.choosing.set_weight("ink", 1.0)
    painted.presenter.shelves.do("use")
    assert painted.state.shelf is None
    assert painted.face.settings["strength"] == 80.0
    assert painted.state.content == "photograph"
    ticked = [(row.source, row.weight) for row in painted.state.rows if row.ticked]
    assert ticked == [("ink", 2.5)]


def test_a_style_that_is_gone_is_said_and_another_can_be_chosen(painted):
    painted.document.remove("ink")
    painted.settle()
    painted.presenter.shelves.do("use")
    assert "“Ink”" in painted.state.message
    question, choices, then = painted.face.choices.pop()
    assert "“Ink”" in question
    then(choices.index("Oil"))
    ticked = [(row.source, row.weight) for row in painted.state.rows if row.ticked]
    assert ticked == [("oil", 2.5)]


def test_a_picture_file_can_be_chosen_in_its_place(painted, tmp_path):
    painted.document.remove("ink")
    painted.settle()
    painted.presenter.shelves.do("use")
    _, choices, then = painted.face.choices.pop()
    then(len(choices) - 1)
    (tmp_path / "reed.png").touch()
    painted.face.files.pop()[1](tmp_path / "reed.png")
    ticked = [(row.name, row.weight) for row in painted.state.rows if row.ticked]
    assert ticked == [("reed", 2.5)]


def test_a_layer_of_the_same_name_serves_in_its_place(painted):
    painted.document.remove("ink")
    painted.document.all.append(Layer("other", "Ink", "paint", painted.document.all[0].extent))
    painted.settle()
    painted.presenter.shelves.do("use")
    assert not painted.face.choices
    assert [row.source for row in painted.state.rows if row.ticked] == ["other"]


def test_it_is_put_back_as_a_layer_that_is_known_as_a_result(painted):
    for layer in ("result 1", "result 2"):
        painted.document.remove(layer)
    painted.presenter.shelves.do("insert")
    assert painted.in_document() == [1]
    assert painted.document.all[2].name == "Style: Ink"
    assert records.of_layer(painted.document, painted.document.all[2].id).values["strength"] == 80
    assert "Style: Ink" in painted.state.message


def test_it_is_not_put_back_in_the_middle_of_a_stroke(painted):
    painted.document.stroke = True
    painted.presenter.shelves.do("insert")
    assert "your stroke ends" in painted.state.message
    assert len(painted.in_document()) == 2


def test_all_but_those_with_a_star_are_deleted_after_a_question(painted):
    painted.presenter.shelves.do("clear")
    assert len(cards(painted)) == 2
    painted.face.asked.pop()[1]()
    assert [each.name for each in cards(painted)] == ["Style: Ink"]
    painted.presenter.shelves.do("delete")
    painted.face.asked.pop()[1]()
    assert cards(painted) == ()
    assert "kept here" in painted.state.shelf.empty
    assert len(painted.in_document()) == 2, "the layers stay"


def test_what_was_undone_is_still_in_the_history(painted):
    painted.document.remove("result 2")
    painted.presenter.shelves.read()
    assert len(cards(painted)) == 2


def test_a_document_has_an_identity_before_its_first_result_comes(world):
    world.queued()
    found = records.identity(world.document)
    world.backend.finish()
    world.settle()
    assert found
    assert records.identity(world.document) == found


def test_an_offered_result_comes_into_the_history_too(world):
    world.running()
    world.document.takes = False
    world.backend.finish()
    world.settle()
    world.document.takes = True
    world.presenter.offers.look()
    world.presenter.offers.take("photograph")
    world.presenter.history.show()
    world.settle()
    assert [number_of(each.picture) for each in cards(world)] == [1]
    world.presenter.shelves.choose(cards(world)[0].id)
    assert "Ink (Weight 1)" in world.state.shelf.details


def test_closing_waits_for_what_is_being_written(world):
    world.done()
    world.presenter.close()
    world.face.gone = True
    assert len(history.entries(records.identity(world.document))) == 1
    world.settle()


@pytest.mark.faults
def test_a_full_disk_is_said_and_the_layer_is_there(world, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(resultfiles, "write_private", full)
    world.done()
    world.settle()
    assert "not in its history" in world.state.message
    assert world.in_document() == [1]


def test_a_strangers_document_names_no_other_folder(world):
    for text in ('{"id": "../unclaimed"}', '{"id": 3}', "[]", '{"id": ["a"]}'):
        world.document.text = text
        assert records.identity(world.document) == ""
        world.presenter.history.show()
        assert cards(world) == ()
    assert not world.unforeseen
