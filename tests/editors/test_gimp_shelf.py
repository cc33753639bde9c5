"""The history of the image in the real GIMP, on a small screen."""

from gimp_artist import LONG, open_dialog, paint, press, wait_until_closed
from gimp_session import WITH_WINDOW, GimpSession, fresh_profile
from machine import CLONE
from session import new_layer

pytestmark = WITH_WINDOW

SAMPLE = f"{CLONE}/backend/scumble_backend/sample/sample.ora"
QUICK = {"quality": "draft", "working-size": "256"}


def test_the_history_is_looked_at_painted_again_and_put_back(editors, pictures_of_the_screen):
    fresh_profile()
    gimp = GimpSession(window=True, screen="1366x768x24")
    try:
        image = gimp.call("open_shown", path=SAMPLE)
        photograph = gimp.call("layer_named", image=image, name="Photograph")
        for styles, strength in (
            ({"Night wind": 1.0}, 80),
            ({"Red harbour": 2.0, "Night wind": 0.5}, 50),
        ):
            gimp.call("set_active", image=image, layers=[photograph])
            open_dialog(gimp)
            paint(gimp, styles, {**QUICK, "strength": strength})
        gimp.call("set_active", image=image, layers=[photograph])
        open_dialog(gimp)
        gimp.dialog("open_history")
        gimp.wait(lambda: gimp.dialog("shelf")["looks"], LONG, "the large picture")
        gimp.dialog("choose_card", row=1)
        gimp.dialog("act", act="star")
        gimp.wait(lambda: gimp.dialog("shelf")["looks"], LONG, "the other large picture")
        gimp.screenshot(pictures_of_the_screen / "gimp-history.png")
        shown = gimp.dialog("shelf")
        assert len(shown["cards"]) == 2
        assert shown["cards"][1].startswith("★ Style: Night wind\n")
        assert "Strength: 80 %" in shown["details"]
        assert gimp.dialog("cut_off", part="shelf") == []

        before = gimp.call("state", image=image)
        gimp.dialog("act", act="insert")
        new = new_layer(before, gimp.call("state", image=image))
        assert new["name"] == "Style 2: Night wind"
        press(gimp, "ctrl+z")
        gimp.wait(lambda: gimp.call("state", image=image) == before, LONG, "the undo")

        gimp.dialog("act", act="use")
        assert gimp.dialog("shelf") is None
        assert ["Night wind", True, 1.0] in gimp.dialog()["styles"]
        gimp.dialog("press", button="cancel")
        wait_until_closed(gimp)
    finally:
        gimp.stop()
