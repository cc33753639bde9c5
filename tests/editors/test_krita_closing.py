"""Krita ends, whatever of Scumble is open, and can be started again; what was painted is kept."""

import pytest
from krita_actions import LONG, one_krita, open_dialog

pytestmark = pytest.mark.krita

running = one_krita()

SOON = 8.0  # s for Krita's process to end; alone it takes two

A_WHILE = {"working_size": 256, "quality": "draft", "steps": 60}  # some seconds


def press(krita, keys: str) -> None:
    """Press keys in Krita's own window, not in the dialog."""
    krita.call("activate_window")
    krita.hand("key", "--clearmodifiers", keys)


def open_three(krita) -> None:
    for _ in range(3):
        background = krita.call("new_document", width=64, height=64)
        krita.call("add_layer", name="Night wind", seed=3)
        open_dialog(krita, background)


@pytest.mark.parametrize(
    ("dialogs", "keys"),
    [
        ("closed with Escape", ["ctrl+q"]),
        ("open", ["ctrl+q"]),
        ("open", ["alt+F4"]),
        ("open", ["ctrl+w", "ctrl+q"]),
        ("three open", ["ctrl+q"]),
    ],
)
def test_krita_ends_and_starts_again(krita, two_layers, dialogs, keys):
    if dialogs == "three open":
        open_three(krita)
    else:
        open_dialog(krita, two_layers[0])
    if dialogs == "closed with Escape":
        krita.call("activate_dialog")
        krita.hand("key", "Escape")
        krita.wait(lambda: krita.call("dialog") is None, LONG, "the dialog's end")
    krita.call("mark_unmodified")

    def close() -> None:
        for each in keys:
            press(krita, each)

    krita.start_again(close, within=SOON)
    assert "Error" not in krita.own_log()


def test_krita_ends_in_the_middle_of_a_job_with_three_dialogs_and_the_result_is_kept(krita):
    open_three(krita)
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("set_values", values=A_WHILE)
    krita.call("press_apply")
    krita.wait_for("has_preview", LONG)
    krita.call("mark_unmodified")
    krita.start_again(lambda: press(krita, "ctrl+q"), within=SOON)
    krita.wait_for("unclaimed", LONG)
    assert "Error" not in krita.own_log()
