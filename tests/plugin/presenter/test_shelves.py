"""A shelf's list: what is chosen by its place, and what a double click does."""

import pytest

from scumble.presenter.shelves import Shelves
from scumble.presenter.states import Act, Card, Shelf


class Fruit:
    """A stock of three things, of which the first act can be forbidden."""

    title, empty, looks, searches, topic = "Fruit", "None is left.", False, True, "fruit"

    def __init__(self):
        self.ripe = True
        self.done: list[tuple[str, str]] = []
        self.names = ["apple", "pear", "plum"]

    def cards(self):
        return [Card(each[0:2], each, starred=each == "pear") for each in self.names]

    def details(self, card):
        return card

    def acts(self, card):
        return (Act("eat", "Eat", self.ripe), Act("throw", "Throw"))

    def others(self):
        return ()

    def foot(self):
        return ""

    def look(self, card):
        """It has no picture."""

    def do(self, act, card):
        self.done.append((act, card))


@pytest.fixture
def fruit():
    return Fruit()


@pytest.fixture
def shelves(fruit):
    made = Shelves(lambda: None, pytest.fail)
    made.open(fruit)
    return made


def test_what_is_chosen_by_its_place_is_what_stands_there(shelves):
    assert shelves.shelf.place == 0
    shelves.choose_at(2)
    assert (shelves.shelf.chosen, shelves.shelf.place) == ("pl", 2)
    shelves.search("pea")
    assert (shelves.shelf.chosen, shelves.shelf.place) == ("", -1)
    shelves.choose_at(0)
    assert shelves.shelf.chosen == "pe", "the first that is shown, not of all"


def test_a_place_where_nothing_stands_chooses_nothing(shelves):
    for place in (-1, 3):
        shelves.choose_at(place)
        assert shelves.shelf.chosen == "ap"
    shelves.close()
    shelves.choose_at(0)
    assert shelves.shelf is None


def test_a_double_click_does_the_first_act_where_it_can_be_done(shelves, fruit):
    shelves.choose_at(1)
    shelves.do_first()
    assert fruit.done == [("eat", "pe")]
    fruit.ripe = False
    shelves.read()
    shelves.do_first()
    assert fruit.done == [("eat", "pe")]


def test_a_double_click_where_nothing_is_chosen_or_open_does_nothing(shelves, fruit):
    shelves.search("nothing of that name")
    shelves.do_first()
    shelves.close()
    shelves.do_first()
    assert fruit.done == []


def test_a_card_with_a_star_says_so_before_its_name(shelves):
    assert [each.title for each in shelves.shelf.cards] == ["apple", "★ pear", "plum"]
    assert Shelf("empty").place == -1
