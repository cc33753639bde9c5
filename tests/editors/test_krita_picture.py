"""The picture in Krita's dialog under a hand: zoom, move, compare, and where styles lie."""

import pytest
from closeup import Closeup
from krita_actions import LONG, QUICK, one_krita, open_dialog, paint

pytestmark = pytest.mark.krita

running = one_krita()

PAINTED = QUICK | {"strength": 90, "painterly": 0}


@pytest.fixture
def seen(krita, two_layers) -> Closeup:
    """The dialog is open, and has found its size."""
    open_dialog(krita, two_layers[0])
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("activate_dialog")
    found = Closeup(krita, lambda step, **how: krita.call(f"picture.{step}", **how), LONG)
    found.wait(lambda: found.view()["zoom"] > 1, "the picture")
    return found


def test_wheel_drag_and_keys_zoom_and_move_the_picture(seen, pictures_of_the_screen):
    seen.zoom_and_move(1.9, pictures_of_the_screen / "krita-zoomed.png")


def test_before_and_after_are_split_by_mouse_and_by_key(seen, krita, pictures_of_the_screen):
    seen.split(
        lambda: paint(krita, {"Night wind": 1.0}, PAINTED),
        pictures_of_the_screen / "krita-split.png",
    )


def test_where_styles_lie_is_seen_in_their_colours_until_they_are_painted(
    seen, krita, pictures_of_the_screen
):
    shown, kept = (
        pictures_of_the_screen / f"krita-{name}.png" for name in ("regions", "regions-kept")
    )
    seen.show_regions(lambda: krita.call("select", x=0, y=0, width=48, height=80), shown, kept)
    krita.call("set_values", values=PAINTED)
    krita.call("press_apply")
    assert seen.view()["regions"] is False
    krita.wait_for("is_idle", LONG)
