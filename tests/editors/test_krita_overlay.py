"""The running painting over the picture in the window of Krita: no part of the document."""

import pytest
from krita_actions import LONG, activate, one_krita, open_dialog, start_endless

pytestmark = pytest.mark.krita

running = one_krita()

SOON = 8.0  # s for the process of Krita to end; alone it takes two


@pytest.fixture
def painting(krita, two_layers):
    """An endless job, shown over the document, its dialog out of the way. The style's id."""
    background, style = two_layers
    krita.call("activate_window")
    krita.call("picture.turn_view", degrees=30.0, zoom=3.0, mirrored=True)
    krita.hand("mousemove", "5", "5")
    krita.wait(lambda: not krita.call("picture.has_message"), LONG, "the view alone")
    krita.call("picture.remember_view")
    open_dialog(krita, background)
    start_endless(krita)
    krita.call("picture.show_over", on=True)
    krita.call("hide_dialog")
    yield style
    krita.call("close_dialogs")


def is_covered(krita) -> bool:
    """The painting lies where the document does, and nowhere else."""
    share, off = krita.call("picture.changes_of_view")
    return share > 0.3 and off < 12


def is_bare(krita) -> bool:
    return krita.call("picture.sheets") == 0 and krita.call("picture.changes_of_view")[0] < 0.02


def test_it_lies_over_the_document_however_that_is_turned_and_is_no_part_of_it(
    krita, painting, pictures_of_the_screen
):
    before = krita.call("state")
    undo = krita.call("action", name="edit_undo")
    krita.wait(lambda: is_covered(krita), LONG, "the painting")
    krita.screenshot(pictures_of_the_screen / "krita-overlay.png")
    assert krita.call("state") == before
    assert krita.call("action", name="edit_undo") == undo
    krita.call("cancel_others")
    krita.wait(lambda: is_bare(krita), LONG, "the document alone")
    assert krita.call("state") == before
    assert krita.call("action", name="edit_undo") == undo


def test_a_hand_paints_through_it(krita, painting, pictures_of_the_screen):
    activate(krita, painting)
    krita.wait(lambda: krita.call("picture.sheets") == 1, LONG, "the painting")
    before = krita.call("state")
    krita.call("hands.brush")
    start, end = (
        [str(each) for each in krita.call("hands.place_on_canvas", x=x, y=0.5)]
        for x in (0.46, 0.54)
    )
    krita.hand("mousemove", *start, "mousedown", "1", "mousemove", *end, "mouseup", "1")
    krita.wait(lambda: krita.call("state") != before, LONG, "the stroke")
    krita.screenshot(pictures_of_the_screen / "krita-overlay-stroke.png")
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state") == before, LONG, "one undo")


def test_the_document_closes_under_it(krita, painting):
    krita.wait(lambda: krita.call("picture.sheets") == 1, LONG, "the painting")
    krita.call("close_document")
    krita.wait(lambda: krita.call("picture.sheets") == 0, LONG, "its end")
    krita.call("new_document", width=40, height=30)
    assert krita.call("picture.sheets") == 0


def test_krita_ends_under_it_and_starts_again(krita, painting):
    krita.wait(lambda: krita.call("picture.sheets") == 1, LONG, "the painting")
    krita.call("mark_unmodified")
    krita.call("activate_window")
    krita.start_again(lambda: krita.hand("key", "--clearmodifiers", "ctrl+q"), within=SOON)
    assert "Error" not in krita.own_log()
