"""What was set up, in the real Krita by mouse: repaired where it is damaged, and its waste freed.

Pictures of each step lie in build/screenshots; look at them.
"""

import re
import shutil

import pytest
from krita_actions import (
    LONG,
    QUICK,
    click,
    close_document_of_job,
    open_dialog,
    page,
    paint,
    press_on_page,
    wait_until_set_up,
)
from krita_session import KritaSession, fresh_profile
from session import HOME, SCUMBLE, inside, new_layer

pytestmark = pytest.mark.krita

CACHE = f"{HOME}/downloads of uv"
TORCH = "venv*/lib/python*/site-packages/torch/nn/functional.py"


@pytest.fixture
def own_cache(editors):
    """Downloads that no other test needs again."""
    folder = inside(CACHE)
    folder.mkdir()
    (folder / "wheel").write_bytes(bytes(100_000_000))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def two_layers(krita) -> str:
    """A small document; the layer to repaint."""
    background = krita.call("new_document", width=96, height=80)
    krita.call("add_layer", name="Night wind", seed=3)
    return background


def test_where_a_file_of_torch_is_damaged_apply_leads_to_repair_and_that_to_painting(
    editors, pictures_of_the_screen
):
    def look(what: str) -> None:
        krita.screenshot(pictures_of_the_screen / f"krita-damaged-{what}.png")

    fresh_profile()
    krita = KritaSession()
    try:
        open_dialog(krita, two_layers(krita))
        (file,) = inside(SCUMBLE).glob(TORCH)
        with open(file, "r+b") as whole:  # in place: uv's cache has the same file
            whole.write(bytes(100))
        krita.call("tick", styles={"Night wind": 1.0})
        krita.call("set_values", values=QUICK)
        krita.wait(lambda: krita.call("dialog")["apply"] or page(krita), LONG, "Apply")
        if not page(krita):  # else what the job would take was asked first
            click(krita, krita.call("hands.place_of_button", name="apply"))
        krita.wait(lambda: page(krita).get("button") == "Repair", LONG, "the page")
        look("1-page")
        press_on_page(krita, "button")
        wait_until_set_up(krita)
        krita.wait_for("is_ready", LONG)
        look("2-repaired")
        before = krita.call("state")
        paint(krita, {"Night wind": 1.0}, QUICK)
        assert new_layer(before, krita.call("state"))
        look("3-painted")
    finally:
        krita.stop()


def test_free_it_takes_what_it_names_and_leaves_results_and_presets(
    own_cache, old_version, pictures_of_the_screen
):
    fresh_profile()
    krita = KritaSession(UV_CACHE_DIR=CACHE)
    try:
        close_document_of_job(krita, two_layers(krita))
        open_dialog(krita, two_layers(krita))
        krita.call("preset", what="save", name="Evening")
        old_log = inside(f"{SCUMBLE}/state/server.old.log")
        old_log.write_text("long ago")
        krita.call("about")
        question = krita.wait_for("question", LONG)
        assert re.search(r"0\.3 GB can be freed: older versions \(0\.2 .* \(0\.1 GB;", question)
        krita.screenshot(pictures_of_the_screen / "krita-free-it.png")
        click(krita, krita.call("setup.place_of_modal_button", words="Free it"))
        krita.wait(lambda: krita.call("message"), LONG, "its end")
        assert krita.call("message") == "0.3 GB are free again."
        krita.screenshot(pictures_of_the_screen / "krita-freed.png")
        assert not [each for each in (own_cache / "wheel", old_version, old_log) if each.exists()]
        assert krita.call("unclaimed") == ["Style: Night wind"]
        assert "Evening" in krita.call("preset_menu")
        before = krita.call("state")
        paint(krita, {"Night wind": 1.0}, QUICK)
        assert new_layer(before, krita.call("state"))
        krita.call("about")
        assert " 0.0 GB can be freed" in krita.wait_for("question", LONG)
        assert krita.call("setup.place_of_modal_button", words="Free it") is None
    finally:
        krita.stop()
