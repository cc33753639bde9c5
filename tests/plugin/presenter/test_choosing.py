"""What is repainted, and in which styles: by what is selected in document and dialog."""

from scumble.presenter.presenter import Presenter
from scumble.presenter.several import SELECTED


def ticked(world) -> list[str]:
    return [row.source for row in world.state.rows if row.ticked]


def test_of_layers_selected_together_the_lowest_is_repainted_like_the_others(world):
    world.document.active, world.document.together = "ink", ["ink", "oil", "photograph"]
    world.presenter.look()
    assert world.state.content == "photograph"
    assert ticked(world) == ["ink", "oil"]


def test_they_are_so_too_where_a_result_remembers_other_styles(world):
    world.done()
    (result,) = world.document.inserted
    opened = Presenter(world.document, world.loop, world.face)  # after Krita was started again
    opened.begin()
    world.document.active, world.document.together = "oil", ["oil", "photograph"]
    opened.look()
    assert world.state.content == "photograph"
    assert ticked(world) == ["ink", "oil"], "the one remembered, and the one selected"
    world.document.active, world.document.together = result, [result, "oil"]
    opened.look()
    assert world.state.content == "oil"
    assert result in ticked(world)


def test_a_style_that_is_repainted_instead_leaves_its_place_to_the_former_layer(world):
    world.presenter.look()
    world.presenter.choosing.tick("ink", True)
    world.presenter.choose_content("ink")
    assert ticked(world) == ["photograph"]
    world.presenter.choose_content("photograph")
    assert ticked(world) == ["ink"]


def test_where_no_style_is_chosen_yet_the_layer_repainted_before_is_the_first(world):
    world.presenter.look()
    world.presenter.choose_content("oil")
    assert ticked(world) == ["photograph"]


def test_who_only_looks_through_the_layers_does_not_gather_styles(world):
    world.presenter.look()
    world.presenter.choosing.tick("ink", True)
    world.presenter.choose_content("oil")
    assert ticked(world) == ["ink"]


def test_an_obstacle_is_told_for_as_long_as_it_is_there(world, monkeypatch):
    world.presenter.look()
    monkeypatch.setattr(world.document, "obstacle", lambda: "Anchor it.")
    world.settle()
    assert world.state.message == "Anchor it."
    monkeypatch.undo()
    world.settle()
    assert world.state.message == ""


def test_what_went_wrong_is_over_when_the_artist_goes_on(world):
    world.failed()
    world.document.rename("ink", "Tusche")
    world.settle()
    assert world.state.message, "not by what the document does"
    world.presenter.choosing.set_weight("ink", 2.0)
    assert world.state.message == ""


def test_picture_files_are_asked_for_beside_the_document_and_come_in_ticked(
    world, monkeypatch, tmp_path
):
    world.presenter.look()
    monkeypatch.setattr(world.document, "folder", lambda: tmp_path)
    monkeypatch.setattr(type(world.document), "PICTURES", (".png", ".xcf"))
    world.presenter.choosing.ask_for_files()
    ((endings, folder, then),) = world.face.pictures
    assert (endings, folder) == ((".png", ".xcf"), tmp_path)
    files = [tmp_path / "one.png", tmp_path / "two.png"]
    for each in files:
        each.touch()
    then(files)
    world.settle()
    assert ticked(world) == files


def test_layers_that_are_dragged_into_the_list_are_ticked_but_the_one_to_repaint(world):
    world.presenter.look()
    world.presenter.choosing.take_layers(["photograph", "oil", "no layer of this document"])
    assert ticked(world) == ["oil"]
    world.presenter.choose_content("ink")
    assert ticked(world) == ["oil"], "nor is the former one, where there are others"


def test_of_layers_of_another_document_it_is_said_what_to_do(world):
    world.presenter.look()
    world.presenter.choosing.take_layers(["4711"])
    assert ticked(world) == []
    assert world.state.message == (
        "What you dropped is no layer of this document: copy it into this one first."
    )


def test_a_job_that_is_repeated_is_of_one_layer_whatever_was_chosen(world):
    world.done()
    world.document.together = ["oil", "photograph"]
    world.settle()
    world.presenter.choose_content(SELECTED)
    assert world.state.together == SELECTED
    world.presenter.repeat()
    assert (world.state.together, world.state.content) == ("", "photograph")
