"""How the dialog looks in the real Krita: small screen and large, either theme, real pictures.

The pictures of the screen lie in build/screenshots; look at them.
"""

import pytest
from krita_actions import LONG, one_krita, open_dialog

pytestmark = pytest.mark.krita

SCREENS = {
    "small": {"screen": "1366x768x24", "QT_SCALE_FACTOR": "1"},
    "double": {"screen": "2732x1536x24", "QT_SCALE_FACTOR": "2"},
}
running = one_krita(**SCREENS)

STYLES = {"Starry night": 1.0, "The scream": 0.5}
QUICK = {"working_size": 256, "quality": "draft", "strength": 60, "selection": "mask"}
THEMES = ("Krita bright", "Krita dark")


@pytest.mark.parametrize("theme", THEMES)
def test_all_of_the_dialog_can_be_read_and_seen(
    krita, photograph, theme, pictures_of_the_screen, request
):
    def look(what: str) -> None:
        krita.wait(lambda: krita.call("looks.crowded") == [], 10, "room for everything")
        krita.wait_for("fits_on_screen")
        krita.screenshot(pictures_of_the_screen / f"krita-{screen}-{tone}-{what}.png")

    screen, tone = request.node.callspec.params["running"], theme.split()[1]
    krita.call("use_theme", name=theme)
    krita.wait(lambda: krita.call("is_dark") == ("dark" in theme), LONG, theme)
    open_dialog(krita, photograph)
    krita.call("tick", styles=STYLES)
    krita.call("set_values", values=QUICK)
    krita.wait(lambda: (krita.call("stage") or "").startswith("Takes about "), LONG, "the estimate")
    krita.wait(lambda: krita.call("looks.blurred") == [], 10, "sharp pictures")
    look("ready")
    krita.call("press_apply")
    krita.wait(lambda: (krita.call("dialog") or {})["progress"] > 500, LONG, "half a painting")
    look("painting")
    krita.wait_for("is_idle", LONG)
    look("painted")
    for expert in (False, True):
        krita.call("unfold", expert=expert)
        look("expert" if expert else "advanced")
    krita.call("fold")
