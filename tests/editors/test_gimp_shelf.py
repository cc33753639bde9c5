"""The history of the image and the presets in the real GIMP, on a small screen."""

import pytest
from gimp_artist import LONG, open_dialog, paint, press, wait_until_closed
from gimp_session import GimpSession, fresh_profile
from machine import CLONE
from session import HOME, SCUMBLE, inside, new_layer

pytestmark = pytest.mark.gimp

SAMPLE = f"{CLONE}/backend/scumble_backend/sample/sample.ora"
PRESETS = f"{SCUMBLE}/state/presets.json"
SHARED = f"{HOME}/from GIMP.scumble-presets"
QUICK = {"quality": "draft", "working-size": "256"}


def test_the_history_is_looked_at_painted_again_and_put_back(editors, pictures_of_the_screen):
    fresh_profile()
    inside(PRESETS).unlink(missing_ok=True)
    inside(SHARED).unlink(missing_ok=True)
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
        look_through_presets(gimp, pictures_of_the_screen)
        gimp.dialog("press", button="cancel")
        wait_until_closed(gimp)
    finally:
        gimp.stop()


def look_through_presets(gimp, folder) -> None:
    """Save one, mark it, send it away and bring it back; then one whose style is not here."""
    gimp.dialog("tick", styles={"Night wind": 3.0})
    gimp.dialog("open_presets")
    gimp.dialog("act", act="save")
    gimp.dialog("answer_name", text="Wind")
    gimp.wait(lambda: cards(gimp)[0] == "Wind", LONG, "the preset")
    gimp.dialog("choose_card", row=0)
    gimp.dialog("act", act="star")
    gimp.screenshot(folder / "gimp-presets.png")
    assert cards(gimp)[0] == "★ Wind"
    assert all(gimp.dialog("shelf")["pictures"][1:]), "of those that came along"
    assert "Night wind (Weight 3)" in gimp.dialog("shelf")["details"]
    assert gimp.dialog("cut_off", part="shelf") == []
    gimp.dialog("act", act="export")
    gimp.wait(lambda: gimp.dialog("choose_file", path=SHARED), LONG, "a name")
    gimp.wait(lambda: inside(SHARED).exists(), LONG, "the file")
    gimp.dialog("act", act="delete")
    gimp.dialog("answer", yes=True)
    assert "★ Wind" not in cards(gimp)
    gimp.dialog("act", act="import")
    gimp.wait(lambda: gimp.dialog("choose_file", path=SHARED), LONG, "the file")
    assert "★ Wind" in cards(gimp)
    gimp.dialog("close_shelf")
    inside(SHARED).write_text(inside(SHARED).read_text().replace("Night wind", "Reed"))
    gimp.dialog("open_presets")
    gimp.dialog("act", act="import")
    gimp.wait(lambda: gimp.dialog("choose_file", path=SHARED), LONG, "the file")
    gimp.dialog("choose_card", row=cards(gimp).index("★ Wind 2"))
    gimp.dialog("act", act="use")
    assert "“Reed”" in gimp.dialog()["message"]
    choices = gimp.dialog("answer_choice", place=0)
    assert [choices[0], True, 3.0] in gimp.dialog()["styles"]


def cards(gimp) -> list[str]:
    return [each.split("\n")[0] for each in gimp.dialog("shelf")["cards"]]
