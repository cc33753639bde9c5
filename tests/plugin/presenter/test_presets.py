"""Presets: settings and styles, saved, searched for, chosen in another document, shared."""

import pytest
from world import TURN, World, number_of

from scumble import presets
from scumble.presenter import stylefiles


@pytest.fixture
def saved(world, tmp_path) -> World:
    """A preset of a layer and a picture file, painted once, and one of settings alone; the shelf is
    open."""
    world.ready()
    path = tmp_path / "reed.png"
    path.touch()
    world.presenter.choosing.add_files([path])
    world.settle()
    world.presenter.choosing.set_weight("ink", 2.5)
    world.face.settings["strength"] = 80.0
    world.presenter.apply()
    world.settle()
    world.backend.finish()
    world.loop.wait(2 * TURN)
    world.settle()
    world.presenter.presets.save("Evening")
    for source in ("ink", path):
        world.presenter.choosing.tick(source, False)
    world.face.settings["strength"] = 20.0
    world.presenter.presets.save("Quiet")
    world.presenter.presets.show()
    return world


def names(world: World) -> list[str]:
    """Of the artist's own."""
    own = presets.names()
    return [each.name for each in world.state.shelf.cards if each.name in own]


def ticked(world: World) -> list[tuple]:
    return [(row.name, row.weight) for row in world.state.rows if row.ticked]


def card(world: World, name: str):
    return next(each for each in world.state.shelf.cards if each.name == name)


def test_a_preset_brings_its_settings_and_styles_with_their_weights(saved):
    saved.presenter.choosing.tick("oil", True)
    saved.presenter.shelves.choose("Evening")
    assert "Ink (Weight 2.5)" in saved.state.shelf.details
    saved.presenter.shelves.do("use")
    assert saved.state.shelf is None
    assert saved.face.settings["strength"] == 80.0
    assert ticked(saved) == [("Ink", 2.5), ("reed", 1.0)]


def test_a_preset_of_settings_alone_leaves_the_styles(saved):
    saved.presenter.choosing.tick("oil", True)
    saved.presenter.presets.choose("Quiet")
    assert saved.face.settings["strength"] == 20.0
    assert ticked(saved) == [("Oil", 1.0)]


def test_its_picture_is_that_of_a_result_that_was_painted_so(saved):
    assert number_of(card(saved, "Evening").picture) == 1
    assert card(saved, "Quiet").picture is None


def test_a_layer_is_found_by_its_name_in_another_document(saved):
    saved.document.rename("oil", "Ink")
    saved.document.remove("ink")
    saved.settle()
    saved.presenter.presets.choose("Evening")
    assert ticked(saved) == [("Ink", 2.5), ("reed", 1.0)]


def test_what_is_not_in_this_document_is_said_and_can_be_chosen(saved, tmp_path):
    saved.document.remove("ink")
    (tmp_path / "reed.png").unlink()
    saved.settle()
    saved.presenter.presets.choose("Evening")
    assert "“Ink”, “reed”" in saved.state.message
    for wanted in ("Ink", "reed"):
        question, choices, then = saved.face.choices.pop()
        assert f"“{wanted}”" in question
        then(choices.index("Oil"))
    assert ticked(saved) == [("Oil", 1.0)], "the last one's weight"


def test_favourites_come_first_then_the_artists_own(saved):
    assert names(saved) == ["Evening", "Quiet"] == [e.name for e in saved.state.shelf.cards[:2]]
    saved.presenter.shelves.choose("Quiet")
    saved.presenter.shelves.do("star")
    assert names(saved) == ["Quiet", "Evening"]
    assert saved.presenter.presets.names() == ["Quiet", "Evening"]


def test_presets_can_be_searched_for(saved):
    saved.presenter.shelves.search(" EVEN")
    assert [each.name for each in saved.state.shelf.cards] == ["Evening"]
    saved.presenter.shelves.search("no such")
    assert saved.state.shelf.cards == ()
    assert saved.state.shelf.empty


def test_those_that_come_along_can_be_used_at_once_and_not_deleted(saved):
    name = saved.state.shelf.cards[-1].name
    saved.presenter.shelves.choose(name)
    assert not next(each for each in saved.state.shelf.acts if each.id == "delete").enabled
    saved.presenter.shelves.do("delete")
    assert not saved.face.asked
    saved.presenter.shelves.do("use")
    assert ticked(saved)
    assert not saved.face.choices, "its styles came along, too"
    saved.presenter.apply()
    assert not any(stylefiles.came_along(each) for each in presets.pictures())


def test_a_preset_is_named_and_not_replaced_without_a_question(saved):
    saved.presenter.shelves.do("save")
    saved.face.named.pop()("Evening")
    assert presets.get("Evening").values["strength"] == 80.0
    saved.face.asked.pop()[1]()
    assert presets.get("Evening").values["strength"] == 20.0


def test_presets_are_deleted_after_a_question(saved):
    saved.presenter.shelves.choose("Evening")
    saved.presenter.shelves.do("delete")
    assert names(saved) == ["Evening", "Quiet"]
    saved.face.asked.pop()[1]()
    assert names(saved) == ["Quiet"]


def test_presets_go_into_one_file_and_come_out_of_it(saved, tmp_path):
    path = tmp_path / "mine.scumble-presets"
    saved.presenter.shelves.do("export")
    save_as, then = saved.face.files.pop()
    assert save_as.endswith(path.suffix)
    then(path)
    presets.delete("Evening")
    saved.presenter.shelves.do("import")
    save_as, then = saved.face.files.pop()
    assert save_as == ""
    then(path)
    assert names(saved) == ["Evening", "Quiet"]
    assert saved.state.message.endswith("1 preset came in.")
