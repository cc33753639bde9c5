"""How the dialog looks in the real GIMP, on a small screen, with the sample document."""

import numpy as np
import pytest
from gimp_artist import LONG, apply, open_dialog
from gimp_session import GimpSession, fresh_profile
from machine import CLONE
from PIL import Image

pytestmark = pytest.mark.gimp

SAMPLE = f"{CLONE}/backend/scumble_backend/sample/sample.ora"
SCREEN = (1366, 768)
FRAME = 24  # px of a window's title
LEGIBLE = 4.5  # of WCAG 2, level AA
STYLES = {"Night wind": 1.5, "Red harbour": 0.7}


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_dialog_fits_a_small_screen_and_nothing_is_cut_off(
    editors, scheme, pictures_of_the_screen
):
    fresh_profile(scheme=scheme)
    gimp = GimpSession(window=True, screen="{}x{}x24".format(*SCREEN))
    try:
        image = gimp.call("open_shown", path=SAMPLE)
        photograph = gimp.call("layer_named", image=image, name="Photograph")
        gimp.call("set_active", image=image, layers=[photograph])
        open_dialog(gimp)
        gimp.call("clear_the_view")
        gimp.dialog("tick", styles=STYLES)
        gimp.dialog("set_values", values={"selection": "mask"})
        gimp.wait(lambda: gimp.dialog()["stage"].startswith("Takes about"), LONG, "the estimate")
        look(gimp, pictures_of_the_screen / f"gimp-dialog-{scheme}.png")
        for expert in (False, True):
            gimp.dialog("unfold", expert=expert)
            look(gimp, pictures_of_the_screen / f"gimp-advanced-{scheme}.png")
        gimp.dialog("say", message="Something went wrong: do something about it. " * 4)
        look(gimp, pictures_of_the_screen / f"gimp-message-{scheme}.png")
        gimp.dialog("say", message="")
        gimp.dialog("unfold", advanced=False)
        apply(gimp, STYLES, {"quality": "draft", "working-size": "512"})
        gimp.wait(lambda: gimp.dialog()["progress"] > 0.5, LONG, "half of the painting")
        look(gimp, pictures_of_the_screen / f"gimp-painting-{scheme}.png")
        badge = gimp.dialog("box", what="badge")
        assert contrast(pictures_of_the_screen / f"gimp-painting-{scheme}.png", badge) > LEGIBLE
    finally:
        gimp.stop()


def contrast(screenshot, box) -> float:
    """Of the lightest and the darkest pixel in a part of the screen, by WCAG 2."""
    left, top, width, height = box
    part = Image.open(screenshot).convert("L").crop((left, top, left + width, top + height))
    grey = np.asarray(part, dtype=np.float64) / 255
    dark, light = (each**2.2 + 0.05 for each in (grey.min(), grey.max()))
    return light / dark


def look(gimp, path) -> None:
    gimp.wait(lambda: not gimp.dialog("is_moving"), LONG, "its final size")
    gimp.screenshot(path)
    width, height = gimp.dialog()["size"]
    assert width <= SCREEN[0]
    assert height <= SCREEN[1] - FRAME
    assert gimp.dialog("cut_off") == []
