import pytest

from scumble.presenter.widgetlist import WidgetList


@pytest.fixture
def shown():
    """What a toolkit would show: widgets (words in lists, so that each is itself) in order."""
    return []


@pytest.fixture
def widgets(shown):
    def put(widget: list, place: int) -> None:
        if widget in shown:
            shown.remove(widget)
        shown.insert(place, widget)

    return WidgetList(lambda word: [word], put, shown.remove)


def test_each_thing_has_its_widget_in_its_place(widgets, shown):
    assert widgets.draw({"a": "A", "b": "B"})
    assert shown == [["A"], ["B"]]
    assert widgets.draw({"b": "B", "c": "C", "a": "A"})
    assert shown == [["B"], ["C"], ["A"]]


def test_what_stays_keeps_its_widget_and_what_goes_is_dropped(widgets, shown):
    widgets.draw({"a": "A", "b": "B", "c": "C"})
    kept = widgets.all["c"]
    widgets.draw({"c": "another word", "b again": "B"})
    assert widgets.all["c"] is kept
    assert shown == [["C"], ["B"]]
    assert list(widgets.all) == ["c", "b again"]


def test_the_same_again_touches_nothing(widgets, shown):
    widgets.draw({"a": "A", "b": "B"})
    shown.clear()
    assert not widgets.draw({"a": "A", "b": "B"})
    assert shown == []
