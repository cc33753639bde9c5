"""GIMP ends, whatever of Scumble is open, and can be started again."""

import pytest
from gimp_artist import LONG, make, open_dialog, start_endless, wait_until_closed
from gimp_session import gimp_of_either_kind

pytestmark = pytest.mark.gimp

running = gimp_of_either_kind(window=True)

SOON = 8.0  # s for GIMP's process to end; alone it takes one


@pytest.mark.parametrize("dialog", ["closed with Escape", "open", "painting"])
def test_gimp_ends_and_starts_again(gimp, picture, dialog):
    open_dialog(gimp)
    if dialog == "closed with Escape":
        gimp.call("focus", title="Style Transfer$")
        gimp.hand("key", "Escape")
        wait_until_closed(gimp)
    elif dialog == "painting":
        start_endless(gimp)
    gimp.call("mark_unmodified")
    gimp.wait(lambda: gimp.call("focus", title="GIMP$"), LONG, "the image's window")
    gimp.start_again(lambda: gimp.hand("key", "ctrl+q"), within=SOON)
    assert not gimp.call("processes", what="plug-in-scumble.py"), "nor is ours left"
    assert "Error" not in gimp.own_log()
    make(gimp)
    open_dialog(gimp)
