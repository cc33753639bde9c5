"""The picture in GIMP's dialog under a hand: zoom, move, compare, and where styles lie."""

import pytest
from closeup import Closeup
from gimp_artist import ENDLESS, LONG, QUICK, make, open_dialog, wait_until_closed
from gimp_session import gimp_of_either_kind

pytestmark = pytest.mark.gimp

running = gimp_of_either_kind(window=True, kinds=("pyzmq",))

PAINTED = QUICK | {"strength": 90.0, "painterly": 0.0, "keep-open": True}


@pytest.fixture
def seen(gimp) -> Closeup:
    """The dialog is open, and has found its size; the image's id is in the session."""
    gimp.image, _, _ = make(gimp)
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.wait(lambda: not gimp.dialog("is_moving"), LONG, "its final size")
    found = Closeup(gimp, gimp.dialog, LONG)
    found.wait(lambda: found.view()["zoom"] > 1, "the picture")
    return found


def test_wheel_drag_and_keys_zoom_and_move_the_picture(seen, pictures_of_the_screen):
    seen.zoom_and_move(1.5, pictures_of_the_screen / "gimp-zoomed.png")


def test_before_and_after_are_split_by_mouse_and_by_key(seen, gimp, pictures_of_the_screen):
    def paint() -> None:
        gimp.dialog("set_values", values=PAINTED)
        gimp.dialog("press", button="apply")
        gimp.wait(lambda: gimp.dialog()["stage"].startswith("Done"), LONG, "the result")

    seen.split(paint, pictures_of_the_screen / "gimp-split.png")
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)


def test_the_button_that_closes_says_cancel_while_it_paints_again(seen, gimp):
    gimp.dialog("set_values", values=PAINTED)
    gimp.dialog("press", button="apply")
    gimp.wait(lambda: gimp.dialog()["stage"].startswith("Done"), LONG, "the result")
    gimp.wait(lambda: gimp.dialog()["cancel"] == "_Close", LONG, "a button that closes")
    gimp.dialog("set_values", values=ENDLESS)
    gimp.dialog("press", button="apply")
    gimp.wait(lambda: gimp.dialog("has_preview"), LONG, "a preview")
    assert gimp.dialog()["cancel"] == "_Cancel"
    gimp.dialog("press", button="cancel")
    gimp.wait(lambda: gimp.dialog()["cancel"] == "_Close", LONG, "a button that closes")
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)


def test_where_styles_lie_is_seen_in_their_colours_until_they_are_painted(
    seen, gimp, pictures_of_the_screen
):
    def select() -> None:
        gimp.call("select", image=gimp.image, x=0, y=0, width=48, height=80)

    shown, kept = (
        pictures_of_the_screen / f"gimp-{name}.png" for name in ("regions", "regions-kept")
    )
    seen.show_regions(select, shown, kept)
