"""A result that takes the place of its layer's own pixels."""

import pytest
from world import CANVAS

from scumble.pixels import Pixels
from scumble.presenter import records, several

PART = CANVAS._replace(width=16)
SELECTED = Pixels(PART, "grey8", b"\xff" * (16 * 20))


@pytest.fixture
def painted_on(world):
    world.document.painted_on = {"photograph"}
    return world


def test_it_is_said_and_no_layer_comes(painted_on):
    painted_on.done()
    assert painted_on.state.stage == "Done. “Photograph” is repainted."
    assert painted_on.in_document() == []
    assert set(painted_on.document.replaced) == {"photograph"}


@pytest.mark.parametrize("way", ["limit", "mask", "crop"])
def test_what_was_selected_goes_with_it_as_a_mask(painted_on, way):
    """The pixels themselves are whole: they would be cut out twice else."""
    painted_on.document.selected = SELECTED
    painted_on.face.settings |= {"selection": way}
    painted_on.done()
    assert painted_on.document.replaced["photograph"][1] is not None


def test_a_selection_that_is_ignored_cuts_nothing_out(painted_on):
    painted_on.document.selected = SELECTED
    painted_on.face.settings |= {"selection": "ignore"}
    painted_on.done()
    assert painted_on.document.replaced["photograph"][1] is None


def test_other_colours_of_it_are_not_shown_since_what_it_was_is_gone(painted_on):
    painted_on.done()
    painted_on.face.settings |= {"colour": 50.0}
    painted_on.presenter.edit()
    assert painted_on.state.badge == "Result"


def test_it_is_in_the_history_under_its_styles(painted_on):
    painted_on.done()
    painted_on.presenter.history.show()
    painted_on.settle()
    (card,) = painted_on.state.shelf.cards
    assert card.name == "Style: Ink"


def test_the_layer_is_no_result_of_itself(painted_on):
    """It would be what the next one goes on from, and no layer of a group to be repainted."""
    painted_on.done()
    assert records.of_layer(painted_on.document, "photograph") is not None
    assert records.results_of(painted_on.document, "photograph") == []


def test_where_it_cannot_be_replaced_any_more_it_is_a_layer_of_its_own(painted_on):
    painted_on.running()
    painted_on.document.painted_on = set()
    number = painted_on.backend.finish()
    painted_on.settle()
    assert painted_on.in_document() == [number]
    assert painted_on.state.stage == "Done. The new layer is “Style: Ink”."


def test_what_was_begun_as_a_new_layer_comes_as_one(world):
    """Its edge lies in its own pixels."""
    world.running()
    world.document.painted_on = {"photograph"}
    number = world.backend.finish()
    world.settle()
    assert world.in_document() == [number]


def test_what_is_to_be_known_of_a_layer_is_said_as_soon_as_results_are_to_replace_layers(world):
    world.ready()
    world.document.warned = {"photograph": "Photograph gets a new layer."}
    world.presenter.warn()
    assert world.state.message == "Photograph gets a new layer."
    world.presenter.choose_content("oil")
    assert world.state.message == ""
    world.presenter.choose_content("photograph")
    assert world.state.message == "Photograph gets a new layer."
    world.document.warned = {}
    world.presenter.warn()
    assert world.state.message == ""


def test_of_several_it_is_said_of_any(world):
    world.document.together = ["oil", "photograph"]
    world.document.warned = {"oil": "Oil gets a new layer."}
    world.ready()
    world.presenter.choose_content(several.SELECTED)
    assert world.state.content == "photograph"
    assert world.state.message == "Oil gets a new layer."
    world.document.warned = {}
    world.presenter.warn()
    assert world.state.message == ""


def test_several_are_repainted_together(painted_on):
    painted_on.document.painted_on = {"photograph", "oil"}
    painted_on.held()
    painted_on.backend.finish()
    painted_on.settle()
    assert painted_on.state.stage == "Done. 2 layers are repainted."


def test_of_several_it_is_said_how_many_are_repainted_and_how_many_are_new(world):
    world.document.painted_on = {"oil"}
    world.held()
    world.backend.finish()
    world.settle()
    assert world.state.stage == "Done. Layers repainted: 1; new layers: 1."
