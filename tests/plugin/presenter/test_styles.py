"""The rows of styles: what they say, and how far they stand in."""

from pathlib import Path

from scumble.places import Place
from scumble.presenter.styles import DEEPEST, INDENT, Row


def row(world, source):
    return next(each for each in world.state.rows if each.source == source)


def test_a_row_says_where_it_lies_and_what_it_gives_while_it_is_ticked(world):
    world.presenter.look()
    world.presenter.choosing.tick("ink", True)
    assert row(world, "ink").said == ""
    world.presenter.choosing.set_where("ink", Place("oil"))
    world.presenter.choosing.set_gives("ink", "forms")
    assert row(world, "ink").said == "Oil, Forms"
    world.document.rename("oil", "Old oil")
    world.settle()
    assert row(world, "ink").said == "Old oil, Forms"
    world.presenter.choosing.tick("ink", False)
    assert row(world, "ink").said == ""


def test_the_hint_is_the_whole_name_of_a_file_and_the_name_of_a_layer():
    assert Row("ink", "Ink").hint == "Ink"
    assert Row(Path("/home/artist/wave.png"), "wave").hint == str(Path("/home/artist/wave.png"))
    escaped = Row(Path("/home/artist/w\udcc3\udca4ve.png"), "wäve")  # where the locale is "C"
    assert escaped.hint == str(Path("/home/artist/wäve.png"))


def test_a_layer_in_groups_stands_in_but_not_out_of_sight():
    stands = [Row("ink", "Ink", depth).indent for depth in (0, 1, DEEPEST, DEEPEST + 9)]
    assert stands == [0, INDENT, DEEPEST * INDENT, DEEPEST * INDENT]
