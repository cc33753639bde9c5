import pytest

from scumble.presenter.drawing import Drawing


class Tick:
    """A widget that tells of each change, whoever made it, as toolkits' widgets do."""

    def __init__(self):
        self.on = False
        self.tell = lambda *_: None

    def turn(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            self.tell(self, on)


@pytest.fixture
def drawing():
    return Drawing()


@pytest.fixture
def told():
    return []


@pytest.fixture
def tick(drawing, told):
    made = Tick()
    made.tell = drawing.unless(lambda: told.append(made.on))
    return made


def test_what_the_artist_turns_is_told_and_what_is_drawn_is_not(drawing, tick, told):
    tick.turn(True)
    with drawing:
        tick.turn(False)
    tick.turn(True)
    assert told == [True, True]


def test_a_drawing_in_a_drawing_ends_with_the_outer_one(drawing, tick, told):
    with drawing:
        with drawing:
            tick.turn(True)
        tick.turn(False)
    assert told == []


def test_a_drawing_that_fails_is_over(drawing, tick, told):
    with pytest.raises(ZeroDivisionError), drawing:
        tick.turn(1 // 0 > 0)
    tick.turn(True)
    assert told == [True]
