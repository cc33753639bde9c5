"""The dialog in the real Krita, in the language that its artist chose there: nothing is cut off.

The pictures of the screen lie in build/screenshots; look at them.
"""

import machine
import pytest
from krita_actions import LONG, one_krita, open_dialog
from session import part_of

pytestmark = pytest.mark.krita

LANGUAGES = ("de", "fr", "ja")
running = one_krita(**{name: {"language": name} for name in LANGUAGES})

STYLES = {"Starry night": 1.0, "The scream": 0.5}
QUICK = {"working_size": 256, "quality": "draft", "strength": 60, "selection": "mask"}
ESTIMATE = "Takes about {time} and {memory} GB at {width} x {height} px."


def test_nothing_is_cut_off_in_another_language(krita, photograph, pictures_of_the_screen, request):
    assert machine.has_fonts(), "run tests/editors/provision"

    def look(what: str) -> None:
        krita.wait(lambda: krita.call("looks.crowded") == [], 10, "room for everything")
        krita.wait_for("fits_on_screen")
        krita.screenshot(pictures_of_the_screen / f"krita-{language}-{what}.png")

    language = request.node.callspec.params["running"]
    open_dialog(krita, photograph)
    krita.call("tick", styles=STYLES)
    krita.call("set_values", values=QUICK)
    said = part_of(ESTIMATE, language)
    krita.wait(lambda: said in (krita.call("stage") or ""), LONG, "the estimate")
    look("ready")
    krita.call("press_apply")
    krita.wait(lambda: (krita.call("dialog") or {})["progress"] > 500, LONG, "half a painting")
    look("painting")
    krita.wait_for("is_idle", LONG)
    look("painted")
    for expert in (False, True):
        krita.call("unfold", expert=expert)
        look("expert" if expert else "advanced")
