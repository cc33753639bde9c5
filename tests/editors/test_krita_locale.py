"""The real Krita where the system's language is unset: files are named as anywhere."""

import shutil

import pytest
from krita_actions import LONG, NO_CHANGE, one_krita, open_dialog, paint
from session import HOME, inside, new_layer

pytestmark = pytest.mark.krita

running = one_krita(c={"LANG": "C"})


def test_a_picture_file_with_letters_of_another_language_is_painted_like_and_offered_again(
    krita, two_layers
):
    krita.call("save_picture", path=f"{HOME}/plain.png")
    shutil.copy(inside(f"{HOME}/plain.png"), inside(f"{HOME}/Bäume.png"))
    open_dialog(krita, two_layers[0])
    krita.call("hands.press_add")
    krita.call("hands.choose_file", pattern="B*ume.png")
    krita.wait(lambda: "Bäume" in str(krita.call("dialog")["styles"]), LONG, "the file")
    assert krita.call("message") == ""
    krita.wait(lambda: krita.call("hands.has_thumbnail", name="Bäume"), LONG, "its picture")
    before = krita.call("state")
    paint(krita, {"Bäume": 1.0}, NO_CHANGE)
    assert new_layer(before, krita.call("state"))["name"] == "Style: Bäume"
    krita.call("hide_dialog")
    other = krita.call("new_document", width=64, height=64)
    open_dialog(krita, other)
    assert ["Bäume", False, 1.0] in krita.call("dialog")["styles"]
    assert "Error" not in krita.own_log()
