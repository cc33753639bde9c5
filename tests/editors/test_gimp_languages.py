"""The dialog in the real GIMP, in the language that its artist chose there: nothing is cut off.

The pictures of the screen lie in build/screenshots; look at them.
"""

import machine
import pytest
from gimp_artist import LONG, apply, open_dialog
from gimp_session import GimpSession, fresh_profile
from machine import CLONE
from session import part_of
from test_gimp_look import look

pytestmark = pytest.mark.gimp

SAMPLE = f"{CLONE}/backend/scumble_backend/sample/sample.ora"
STYLES = {"Night wind": 1.5, "Red harbour": 0.7}
ESTIMATE = "Takes about {time} and {memory} GB at {width} x {height} px."


@pytest.mark.parametrize("language", ["de", "fr", "ja"])
def test_nothing_is_cut_off_in_another_language(editors, language, pictures_of_the_screen):
    assert machine.has_fonts(), "run tests/editors/provision"
    fresh_profile(language=language)
    gimp = GimpSession(window=True)
    try:
        image = gimp.call("open_shown", path=SAMPLE)
        photograph = gimp.call("layer_named", image=image, name="Photograph")
        gimp.call("set_active", image=image, layers=[photograph])
        open_dialog(gimp)
        gimp.call("clear_the_view")
        gimp.dialog("tick", styles=STYLES)
        gimp.dialog("set_values", values={"selection": "mask"})
        said = part_of(ESTIMATE, language)
        gimp.wait(lambda: said in gimp.dialog()["stage"], LONG, "the estimate")
        look(gimp, pictures_of_the_screen / f"gimp-{language}-ready.png")
        for expert in (False, True):
            gimp.dialog("unfold", expert=expert)
            what = "expert" if expert else "advanced"
            look(gimp, pictures_of_the_screen / f"gimp-{language}-{what}.png")
        gimp.dialog("unfold", advanced=False)
        apply(gimp, STYLES, {"quality": "draft", "working-size": "512"})
        gimp.wait(lambda: gimp.dialog()["progress"] > 0.5, LONG, "half of the painting")
        look(gimp, pictures_of_the_screen / f"gimp-{language}-painting.png")
    finally:
        gimp.stop()
