"""No terminal: the file that an artist downloads, brought into an editor by the editor's own means.

A machine without Scumble, mouse and keyboard. The editor is started by the test, and then nothing
is but what a hand does. Pictures of each step lie in build/screenshots; look at them.
"""

import shutil
import zipfile
from pathlib import Path

import pytest
from gimp_artist import OPEN
from gimp_artist import is_open as is_open_in_gimp
from gimp_artist import press as press_in_gimp
from gimp_session import GIMP, GimpSession
from gimp_session import fresh_profile as fresh_gimp
from krita_actions import (
    LONG,
    QUICK,
    SET_UP,
    click,
    open_page,
    page,
    press_on_page,
    wait_until_set_up,
)
from krita_actions import paint as paint_in_krita
from krita_session import KritaSession
from krita_session import fresh_profile as fresh_krita
from session import HOME, SCUMBLE, inside, new_layer

PICTURES = ("tubingen.jpg", "starry_night.jpg", "the_scream.jpg")


def choose(krita, *entries: str) -> None:
    """Go through Krita's menus with the mouse."""
    for words in entries:
        place = krita.wait(
            lambda words=words: krita.call("setup.place_in_menu", words=words), LONG, words
        )
        click(krita, place)


def import_plugin(krita, look) -> None:
    """Tools > Scripts > Import Python Plugin from File..., the file, yes."""
    choose(krita, "Tools", "Scripts")
    look("1-menu")
    choose(krita, "Import Python Plugin from File")
    krita.wait(lambda: krita.call("setup.modal"), LONG, "the file chooser")
    file = krita.wait(
        lambda: krita.call("setup.place_of_file", name="scumble-krita.zip"), LONG, "the file"
    )
    click(krita, file)
    look("2-file")
    click(krita, krita.call("setup.place_of_modal_button", words="Open"))
    yes = krita.wait(
        lambda: krita.call("setup.place_of_modal_button", words="Yes"), LONG, "the question"
    )
    look("3-question")
    click(krita, yes)
    krita.wait(lambda: not krita.call("setup.modal"), LONG, "the end of the question")


def set_up_and_paint(krita, look, before: dict) -> None:
    press_on_page(krita, "button")
    krita.wait(lambda: page(krita).get("button") == "Stop setting up", LONG, "its beginning")
    krita.wait(lambda: " GB, " in page(krita).get("stage", " GB, "), SET_UP, "bytes, if any")
    look("setting-up")
    wait_until_set_up(krita)
    krita.wait_for("is_ready", LONG)
    look("ready")
    style = next(name for name, *_ in krita.call("dialog")["styles"])
    paint_in_krita(krita, {style: 1.0}, QUICK)
    assert new_layer(before, krita.call("state"))
    look("painted")


@pytest.mark.krita
def test_krita_imports_sets_up_paints_repairs_and_survives_a_cancelled_upgrade(
    without_scumble, shared, pictures_of_the_screen
):
    def look(what: str) -> None:
        krita.screenshot(pictures_of_the_screen / f"bundle-krita-{what}.png")

    def open_pictures() -> str:
        krita.call("looks.maximise")
        return krita.call("looks.open_pictures", paths=[f"{HOME}/{name}" for name in PICTURES])

    for name in PICTURES:
        shutil.copy(shared / "pictures" / name, inside(HOME) / name)
    fresh_krita(installed=False)
    krita = KritaSession()
    try:
        import_plugin(krita, look)
        krita.start_again(lambda: krita.call("quit"))
        assert krita.call("setup.has_plugin"), "Krita turned it on by itself"
        photograph = open_pictures()
        told = open_page(krita, photograph)
        assert told["heading"] == "Scumble is to be set up first"
        assert told["button"] == "Set up"
        assert not told["body"]
        krita.wait(lambda: "GB are free" in page(krita)["lines"], LONG, "what it takes")
        assert SCUMBLE in page(krita)["lines"]
        look("4-page")
        set_up_and_paint(krita, look, krita.call("state"))

        repair(krita, photograph, look)
        photograph = close_krita_meanwhile(krita, open_pictures, look)
        cancel_an_upgrade(krita, photograph, look)
        remove(krita, look)
    finally:
        krita.stop()


@pytest.mark.krita
def test_krita_sends_to_another_computer_and_downloads_no_torch(
    without_scumble, studio, pictures_of_the_screen
):
    def look(what: str) -> None:
        krita.screenshot(pictures_of_the_screen / f"bundle-krita-{what}.png")

    fresh_krita(installed=False)
    krita = KritaSession()
    try:
        import_plugin(krita, lambda _: None)
        krita.start_again(lambda: krita.call("quit"))
        photograph = krita.call("new_document", width=96, height=80)
        krita.call("add_layer", name="Night wind", seed=3)
        assert open_page(krita, photograph)["other"] == "Another Computer..."
        krita.wait(lambda: "GB are free" in page(krita)["lines"], LONG, "what it takes")
        look("or-elsewhere")
        press_on_page(krita, "other")
        krita.wait_for("hands.is_asked_for_a_line")
        krita.hand("type", studio.key)
        krita.hand("key", "Return")
        krita.wait(lambda: "0.1 GB" in page(krita).get("lines", ""), LONG, "what that takes")
        assert page(krita)["other"] == "Paint on This Computer"
        look("elsewhere")
        press_on_page(krita, "button")
        wait_until_set_up(krita)
        krita.wait_for("is_ready", LONG)
        before = krita.call("state")
        paint_in_krita(krita, {"Night wind": 1.0}, QUICK)
        assert new_layer(before, krita.call("state"))
        assert [*inside(SCUMBLE).glob("venv-1/lib/*/site-packages/zmq")]
        assert not [*inside(SCUMBLE).glob("venv-*/lib/*/site-packages/torch")]
    finally:
        krita.stop()


def repair(krita, photograph: str, look) -> None:
    """Its environment is deleted, and its backend ended, which would go on for long."""
    krita.call("close_dialogs")
    krita.call("kill", what="backend")
    krita.call("trigger", name="edit_undo")
    for venv in inside(SCUMBLE).glob("venv-*"):
        shutil.rmtree(venv)
    told = open_page(krita, photograph)
    assert told["button"] == "Repair"
    look("repair")
    set_up_and_paint(krita, lambda what: look(f"repair-{what}"), krita.call("state"))


def close_krita_meanwhile(krita, open_pictures, look) -> str:
    """Repaired once more, while Krita is closed and started again; the photograph's new id."""
    krita.call("close_dialogs")
    krita.call("kill", what="backend")
    krita.call("trigger", name="edit_undo")
    for venv in inside(SCUMBLE).glob("venv-*"):
        shutil.rmtree(venv)
    open_page(krita, krita.call("active"))
    press_on_page(krita, "button")
    krita.wait(lambda: [*inside(SCUMBLE).glob("venv-*")], SET_UP, "a new environment")
    krita.call("close_all")
    krita.start_again(lambda: krita.call("quit"))
    photograph = open_pictures()
    told = open_page(krita, photograph)
    assert told["heading"] == "Scumble is being set up", told
    look("krita-was-closed")
    wait_until_set_up(krita)
    krita.wait_for("is_ready", LONG)
    return photograph


def cancel_an_upgrade(krita, photograph: str, look) -> None:
    """To a plug-in of another version; half-way it is cancelled, and the old one still paints."""
    krita.call("close_dialogs")
    record = inside(f"{SCUMBLE}/install.json")
    record.write_text(record.read_text().replace('"sources": "', '"sources": "0', 1))
    told = open_page(krita, photograph)
    assert (told["button"], told["later"]) == ("Upgrade", "Not now")
    look("upgrade")
    press_on_page(krita, "button")
    krita.wait(lambda: page(krita).get("button") == "Stop setting up", LONG, "its beginning")
    krita.wait(lambda: len([*inside(SCUMBLE).glob("venv-*")]) == 2, SET_UP, "the new one")
    press_on_page(krita, "button")
    krita.wait(lambda: page(krita).get("trouble", "").startswith("Cancelled"), LONG, "its end")
    look("upgrade-cancelled")
    assert len([*inside(SCUMBLE).glob("venv-*")]) == 1
    press_on_page(krita, "later")
    krita.wait_for("is_ready", LONG)
    before = krita.call("state")
    style = next(name for name, *_ in krita.call("dialog")["styles"])
    paint_in_krita(krita, {style: 1.0}, QUICK)
    assert new_layer(before, krita.call("state"))


def remove(krita, look) -> None:
    """From inside the dialog: what was set up goes, and the dialog offers to set it up again."""
    krita.call("about")
    assert "of the disk, in" in krita.wait_for("question", LONG)
    look("about")
    krita.call("answer", button="Remove...")
    krita.wait(
        lambda: "from this computer?" in (krita.call("question") or ""), LONG, "the question"
    )
    krita.call("answer", button="Remove")
    krita.wait(lambda: page(krita).get("button") == "Set up", LONG, "the page")
    assert not [*inside(SCUMBLE).glob("venv-*")]
    look("removed")


@pytest.mark.gimp
def test_gimp_takes_the_folder_sets_up_and_paints(without_scumble, shared, pictures_of_the_screen):
    def look(what: str) -> None:
        gimp.screenshot(pictures_of_the_screen / f"bundle-gimp-{what}.png")

    def told() -> dict:
        return gimp.dialog("page") or {}

    fresh_gimp(installed=False)
    plugins = inside(GIMP) / "plug-ins"
    unzip(inside(f"{HOME}/scumble-gimp.zip"), plugins)
    gimp = GimpSession(window=True)
    try:
        image = gimp.call("new_image", width=480, height=360, shown=True)
        gimp.call("add_layer", image=image, name="Night wind", width=480, height=360, seed=3)
        gimp.call("add_layer", image=image, name="Photograph", width=480, height=360)
        press_in_gimp(gimp, OPEN)
        gimp.wait(lambda: is_open_in_gimp(gimp), LONG, "the dialog")
        gimp.wait(lambda: "GB are free" in told().get("lines", ""), LONG, "what it takes")
        assert told()["button"] == "Set up"
        gimp.call("clear_the_view")
        look("1-page")
        place = gimp.dialog("place", what="set up")
        gimp.hand("mousemove", "--sync", *map(str, place), "click", "1")
        gimp.wait(lambda: told().get("button") == "Stop setting up", LONG, "its beginning")
        gimp.wait(lambda: " GB, " in told().get("stage", " GB, "), SET_UP, "bytes, if any")
        look("2-setting-up")
        gimp.wait(lambda: told().get("trouble", "over"), SET_UP, "its end")
        assert not told(), told()
        gimp.wait(lambda: gimp.dialog("is_ready"), LONG, "the backend")
        look("3-ready")
        before = gimp.call("state", image=image)
        gimp.dialog("tick", styles={"Night wind": 1.0})
        gimp.dialog("set_values", values={"working-size": "256", "quality": "draft", "steps": "1"})
        gimp.dialog("press", button="apply")
        gimp.wait(
            lambda: not gimp.call("processes", what="plug-in-scumble.py"), LONG, "the dialog's end"
        )
        assert new_layer(before, gimp.call("state", image=image))
        look("4-painted")
    finally:
        gimp.stop()


def unzip(archive, folder) -> None:
    """As a file manager does: with the modes that the archive names."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as found:
        for each in found.infolist():
            path = Path(found.extract(each, folder))
            path.chmod(each.external_attr >> 16 & 0o777)
