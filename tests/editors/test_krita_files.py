"""Picture files that a hand drags into Krita's dialog."""

import pytest
from drag import ADDRESS, LONG, NAME, PATH, Files, carry
from krita_actions import one_krita, open_dialog, start_endless
from session import inside

pytestmark = pytest.mark.krita

running = one_krita()


@pytest.fixture
def opened(krita, two_layers):
    """The dialog of a document, over all else; a picture lies beside it, under a name that tests
    every letter."""
    inside(PATH).parent.mkdir(exist_ok=True)
    krita.call("save_picture", path=PATH)
    open_dialog(krita, two_layers[0])
    krita.call("activate_dialog")


def ticked(krita) -> list[str]:
    return [name for name, on, _ in krita.call("dialog")["styles"] if on]


def test_files_that_are_dropped_on_the_list_become_styles(krita, opened, pictures_of_the_screen):
    others = ("https://example.org/monet.png", "file:///home/artist", "file:///etc/hostname")
    with Files(krita, ADDRESS, *others) as files:
        files.carry(krita.call("files.place_of_list"))
        krita.screenshot(pictures_of_the_screen / "krita-drag.png")
        assert krita.call("files.is_framed")
        assert files.let_go() == "copy"
    krita.wait(lambda: ticked(krita) == [NAME], LONG, "the style")
    krita.wait(lambda: krita.call("message"), LONG, "what is said of the others")
    krita.screenshot(pictures_of_the_screen / "krita-dropped.png")
    assert not krita.call("files.is_framed")
    told = krita.call("message")
    assert "“https://example.org/monet.png” is no file on this computer" in told
    assert "“artist” is a folder" in told
    assert "1 more was left out." in told


def test_a_file_that_is_dropped_on_a_number_becomes_a_style_and_changes_no_number(krita, opened):
    krita.call("tick", styles={"Night wind": 2.0})
    with Files(krita, ADDRESS) as files:
        files.carry(krita.call("files.place_of_weight", name="Night wind"))
        assert krita.call("files.is_framed")
        assert files.let_go() == "copy"
    krita.wait(lambda: ticked(krita) == ["Night wind", NAME], LONG, "the style")
    assert ["Night wind", True, 2.0] in krita.call("dialog")["styles"]


def test_while_it_paints_the_list_takes_no_files_and_shows_that(
    krita, opened, pictures_of_the_screen
):
    start_endless(krita)
    krita.call("activate_dialog")
    before = krita.call("dialog")["styles"]
    with Files(krita, ADDRESS) as files:
        files.carry(krita.call("files.place_of_list"))
        krita.screenshot(pictures_of_the_screen / "krita-drag-refused.png")
        assert not krita.call("files.is_framed")
        assert files.let_go() == "nothing"
    assert krita.call("dialog")["styles"] == before
    krita.call("press_cancel")
    krita.wait_for("is_idle", LONG)


def test_a_layer_that_is_dragged_out_of_the_docker_is_ticked(
    krita, two_layers, pictures_of_the_screen
):
    krita.call("add_layer", name="Mosaic", seed=4)
    krita.call("looks.maximise")
    open_dialog(krita, two_layers[0])
    krita.call("looks.place", x=0, y=60)
    krita.call("activate_dialog")
    before = krita.call("state")["layers"]
    start = krita.call("files.place_of_layer", name="Mosaic")
    carry(krita, start, krita.call("files.place_of_list"))
    krita.screenshot(pictures_of_the_screen / "krita-drag-layer.png")
    assert krita.call("files.is_framed")
    krita.hand("mouseup", "1")
    krita.wait(lambda: ticked(krita) == ["Mosaic"], LONG, "the tick")
    assert krita.call("state")["layers"] == before, "where it was"
