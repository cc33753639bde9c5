"""The lists of what is repainted, what stays, and along what strokes run."""

import pytest

from scumble.places import Place
from scumble.presenter import choosers, words


@pytest.fixture
def lists(world):
    world.presenter.look()
    return choosers.of(world.presenter)


def test_each_shows_what_can_be_chosen_and_what_is(world, lists):
    assert [each.name for each in lists] == [words.CONTENT, words.KEEP, words.ALONG]
    world.presenter.choose_content("oil")
    world.presenter.choosing.keep(Place("ink"))
    for each in lists:
        assert each.follow(world.state)
    content, keep, along = lists
    assert content.options[content.place].value == "oil"
    assert keep.options[keep.place].value == Place("ink")
    assert along.options[along.place].words == words.ANY_WAY


def test_what_is_chosen_is_told_as_what_it_is(world, lists):
    for each in lists:
        each.follow(world.state)
    content, keep, along = lists
    content.choose([each.value for each in content.options].index("ink"))
    keep.choose([each.value for each in keep.options].index(Place("oil")))
    along.choose([each.value for each in along.options].index(Place("oil")))
    assert world.state.content == "ink"
    assert world.state.roles.keep == world.state.roles.along == Place("oil")


def test_a_list_says_once_that_it_is_another(world, lists):
    keep = lists.keep
    assert keep.follow(world.state)
    assert not keep.follow(world.state)
    world.document.rename("ink", "Tusche")
    world.settle()
    assert keep.follow(world.state)
    assert "Tusche" in [each.words for each in keep.options]


def test_where_nothing_stands_nothing_is_chosen(world, lists):
    content = lists.content
    content.choose(0)  # before anything is drawn
    content.follow(world.state)
    before = world.state.content
    for place in (-1, len(content.options)):
        content.choose(place)
    assert world.state.content == before


def test_what_is_repainted_is_not_changed_while_it_is(world):
    world.ready()
    lists = choosers.of(world.presenter)
    for each in lists:
        each.follow(world.state)
    assert [each.enabled for each in lists] == [True, True, True]
    world.presenter.apply()
    for each in lists:
        each.follow(world.state)
    assert [each.enabled for each in lists] == [False, True, True]
