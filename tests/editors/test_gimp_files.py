"""Picture files that a hand drags into GIMP's dialog."""

import pytest
from drag import ADDRESS, LONG, NAME, PATH, Files, carry
from gimp_artist import make, open_dialog
from gimp_session import gimp_of_either_kind

pytestmark = pytest.mark.gimp

LAYER = [1310, 603]  # where GIMP's own list has the lower one of two

running = gimp_of_either_kind(window=True, kinds=("pyzmq",))


@pytest.fixture
def opened(gimp, picture):
    """The dialog of an image, over all else; a picture lies beside it, under a name that tests
    every letter."""
    gimp.call("save_picture", image=picture[0], path=PATH)
    open_dialog(gimp)
    gimp.call("clear_the_view")
    gimp.wait(lambda: not gimp.dialog("is_moving"), LONG, "its final size")


def ticked(gimp) -> list[str]:
    return [name for name, on, _ in gimp.dialog()["styles"] if on]


def test_files_that_are_dropped_on_the_list_become_styles(gimp, opened, pictures_of_the_screen):
    others = ("https://example.org/monet.png", "file:///home/artist", "file:///etc/hostname")
    with Files(gimp, ADDRESS, *others) as files:
        files.carry(gimp.dialog("place", what="list"))
        gimp.screenshot(pictures_of_the_screen / "gimp-drag.png")
        assert gimp.dialog("is_framed")
        assert files.let_go() == "copy"
    gimp.wait(lambda: ticked(gimp) == [NAME], LONG, "the style")
    gimp.wait(lambda: gimp.dialog()["message"], LONG, "what is said of the others")
    gimp.screenshot(pictures_of_the_screen / "gimp-dropped.png")
    assert not gimp.dialog("is_framed")
    told = gimp.dialog()["message"]
    assert "“https://example.org/monet.png” is no file on this computer" in told
    assert "“artist” is a folder" in told
    assert "1 more was left out." in told
    assert "GIMP Message" not in gimp.call("windows"), "nor in a box of GIMP's own"


def test_a_file_that_is_dropped_on_a_number_becomes_a_style_and_changes_no_number(gimp, opened):
    gimp.dialog("tick", styles={"Night wind": 2.0})
    with Files(gimp, ADDRESS) as files:
        files.carry(gimp.dialog("place", what="weight", name="Night wind"))
        assert gimp.dialog("is_framed")
        assert files.let_go() == "copy"
    gimp.wait(lambda: ticked(gimp) == ["Night wind", NAME], LONG, "the style")
    assert ["Night wind", True, 2.0] in gimp.dialog()["styles"]


def test_while_it_paints_the_list_takes_no_files_and_shows_that(
    gimp, unfinished, pictures_of_the_screen
):
    gimp.call("clear_the_view")
    before = gimp.dialog()["styles"]
    with Files(gimp, ADDRESS) as files:
        files.carry(gimp.dialog("place", what="list"))
        gimp.screenshot(pictures_of_the_screen / "gimp-drag-refused.png")
        assert not gimp.dialog("is_framed")
        assert files.let_go() == "nothing"
    assert gimp.dialog()["styles"] == before


def test_a_layer_that_is_dragged_out_of_gimps_own_list_is_ticked(
    gimp, opened, picture, pictures_of_the_screen
):
    before = gimp.call("state", image=picture[0])["layers"]
    carry(gimp, LAYER, gimp.dialog("place", what="list"))
    gimp.screenshot(pictures_of_the_screen / "gimp-drag-layer.png")
    assert gimp.dialog("is_framed")
    gimp.hand("mouseup", "1")
    gimp.wait(lambda: ticked(gimp) == ["Night wind"], LONG, "the tick")
    assert gimp.call("state", image=picture[0])["layers"] == before, "where it was"


def test_of_a_layer_of_another_image_it_is_said_what_to_do(gimp, opened, pictures_of_the_screen):
    make(gimp)
    gimp.hand("search", "--name", "Style Transfer$", "windowraise", "sleep", "0.5")
    carry(gimp, LAYER, gimp.dialog("place", what="list"))
    gimp.screenshot(pictures_of_the_screen / "gimp-drag-other.png")
    gimp.hand("mouseup", "1")
    expected = "What you dropped is no layer of this document: copy it into this one first."
    gimp.wait(lambda: gimp.dialog()["message"] == expected, LONG, "the sentence")
    assert ticked(gimp) == []
