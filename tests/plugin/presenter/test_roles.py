"""Where a style lies, what it gives, what stays and where strokes run: chosen and remembered."""

import json

from scumble import protocol
from scumble.host import SELECTION
from scumble.places import Place, Roles
from scumble.presenter import records, words
from scumble.presenter.roles import NO_PLACES, found, said
from scumble.session import StyleChoice


def row(world, source: str):
    return next(each for each in world.state.rows if each.source == source)


def test_a_style_may_lie_everywhere_by_the_selection_or_by_a_layer(world):
    world.presenter.look()
    offered = world.state.places.where
    assert [each.words for each in offered[:3]] == [
        words.EVERYWHERE, words.IN_SELECTION, words.OUT_OF_SELECTION
    ]  # fmt: skip
    layers = {each.id for each in world.document.layers() if each.id != "merged"}
    assert {each.value.source for each in offered[3:]} == layers


def test_a_row_says_what_is_not_as_it_comes(world):
    world.presenter.look()
    places = world.state.places
    assert said(None, "all", places) == ""
    assert said(Place(SELECTION), "forms", places) == f"{words.IN_SELECTION}, Forms"
    assert found(places.where, Place("gone")) == 0
    assert NO_PLACES.where == ()


def test_what_is_chosen_is_painted_and_remembered_with_the_document(world):
    world.presenter.look()
    world.presenter.choosing.tick("ink", True)
    world.presenter.choosing.set_where("ink", Place("oil", outside=True))
    world.presenter.choosing.set_gives("ink", "strokes")
    world.presenter.choosing.keep(Place("oil"))
    world.presenter.choosing.run_along(Place("ink"))
    world.presenter.apply()
    world.settle()
    (job,) = world.backend.jobs
    style = job.request.styles[0]
    assert (style.gives, style.where.outside) == ("strokes", True)
    assert isinstance(job.request.keep, protocol.Place)
    assert job.request.lines is not None
    world.backend.finish()
    world.settle()

    world.presenter.choosing.set_where("ink", None)
    world.presenter.choosing.keep(None)
    world.presenter.choosing.run_along(None)
    world.document.active = world.presenter.painting.delivered[0].layer
    world.presenter.last.result = ""
    world.presenter.look()
    assert row(world, "ink").where == Place("oil", outside=True)
    assert row(world, "ink").gives == "strokes"
    assert world.state.roles == Roles(keep=Place("oil"), along=Place("ink"))


def test_what_is_written_for_another_session_holds_all_that_parts_of_the_document_do(world):
    choices = [StyleChoice("ink", 2.0, 150.0, Place("oil", outside=True), "forms")]
    roles = Roles(keep=Place(SELECTION), along=Place("oil"))
    text = records.written(world.document, records.Record("photograph", choices, {}, roles))
    assert records.read(world.document, text) == (choices, roles)
    styles = json.dumps(json.loads(text)["styles"])
    assert records.read(world.document, styles) == (choices, Roles()), "of Scumble 0.1.0"
    for nonsense in ("", "7", "[7]", '{"styles": 7, "keep": 7}'):
        assert records.read(world.document, nonsense) == ([], Roles())


def test_nothing_that_a_stranger_wrote_as_a_place_is_trusted(world):
    world.presenter.look()
    places = [{"of": 7}, {"of": ["ink"]}, [], "selection", {"outside": True}, {"of": "x" * 9999}]
    for number, place in enumerate(places):
        entry = {
            "result": world.document.mark("ink"), "content": world.document.mark("photograph"),
            "styles": [{"layer": world.document.mark("ink"), "where": place, "gives": place}],
            "parameters": {}, "keep": place, "along": number,
        }  # fmt: skip
        world.document.keep(json.dumps({"results": [entry]}))
        world.presenter.last.record = None
        world.presenter.look()
        assert world.state.roles == Roles()
        assert row(world, "ink").gives == "all"
