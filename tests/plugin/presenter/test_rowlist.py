"""The styles' rows as widgets: made once, drawn when they are others, found by their source."""

from dataclasses import replace

import pytest
from world import PICTURE, picture

from scumble.presenter import words
from scumble.presenter.rowlist import Change, RowList
from scumble.presenter.styles import Row

INK, OIL = Row("ink", "Ink"), Row("oil", "Oil")


class Line:
    def __init__(self, row: Row):
        self.drawn: list[Row] = []
        self.small = None

    def draw(self, row: Row) -> None:
        self.drawn.append(row)

    def show_picture(self, small) -> None:
        self.small = small


@pytest.fixture
def rows():
    return RowList(Line, lambda widget, place: None, lambda widget: None)


def test_each_row_is_drawn_by_its_widget_which_stays(rows):
    assert rows.draw((INK, OIL)) == Change(others=True)
    ink = rows.all["ink"]
    heavy = replace(INK, weight=2.0)
    assert rows.draw((heavy, OIL)) == Change()
    assert rows.all["ink"] is ink
    assert ink.drawn == [INK, heavy]
    assert rows.drawn == (heavy, OIL)


def test_the_same_rows_again_are_not_drawn(rows):
    rows.draw((INK, OIL))
    assert rows.draw((INK, OIL)) == Change()
    assert rows.all["oil"].drawn == [OIL]


def test_in_another_order_each_is_drawn_by_its_own_widget(rows):
    rows.draw((INK, OIL))
    assert rows.draw((OIL, replace(INK, ticked=True))) == Change(others=True, newly="ink")
    assert [row.name for row in rows.all["ink"].drawn] == ["Ink", "Ink"]
    assert list(rows.all) == ["oil", "ink"]


def test_a_row_that_stands_in_further_has_another_widget(rows):
    rows.draw((INK,))
    before = rows.all["ink"]
    assert rows.draw((replace(INK, depth=1),)).others
    assert rows.all["ink"] is not before


def test_the_heading_says_how_many_are_ticked(rows):
    assert rows.heading == words.styles(0)
    rows.draw((replace(INK, ticked=True), OIL))
    assert rows.heading == words.styles(1)


def test_a_small_picture_comes_to_its_row_and_one_that_is_late_to_none(rows):
    rows.draw((INK, OIL))
    small = picture(PICTURE, 3)
    rows.draw_thumbnail("oil", small)
    rows.draw_thumbnail("gone", small)
    assert [each.small for each in rows.all.values()] == [None, small]
