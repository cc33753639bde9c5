"""What Scumble costs beside painting: a job that changes nothing, from Apply to the layer.

The figures by stage lie in build/screenshots/krita-overhead.txt.
"""

import pytest
from krita_actions import LONG, NO_CHANGE, one_krita, open_dialog, paint

pytestmark = pytest.mark.krita

running = one_krita()

BOTH = {"Night wind": 1.0, "Ink": 1.0}
LIMIT = 1.5  # s
TRIES = 5  # of which the quickest counts: the machine may have other things to do
WHOLE = "from Apply to the layer"


@pytest.fixture(scope="module")
def figures(pictures_of_the_screen):
    """Where the figures are kept."""
    path = pictures_of_the_screen / "krita-overhead.txt"
    path.unlink(missing_ok=True)
    return path


@pytest.mark.parametrize(
    ("depth", "limit"), [("U8", LIMIT), ("U16", None), ("F32", None)], ids=["8", "16", "float"]
)
def test_little_is_lost_between_apply_and_the_layer(krita, figures, depth, limit):
    background = krita.call("overhead.large_document", depth=depth)
    open_dialog(krita, background)
    paint(krita, BOTH, NO_CHANGE)  # so that the engine is awake
    tries = [time_once(krita, background) for _ in range(TRIES if limit else 1)]
    laps = min(tries, key=lambda each: each[WHOLE])
    with open(figures, "a", encoding="utf-8") as file:
        for word, seconds in laps.items():
            file.write(f"{depth:4} {seconds:6.2f} s  {word}\n")
    assert limit is None or laps[WHOLE] <= limit, laps


def time_once(krita, background: str) -> dict[str, float]:
    """Seconds by stage of one more job."""
    krita.call("trigger", name="edit_undo")
    open_dialog(krita, background)
    krita.wait(lambda: krita.call("dialog")["apply"], LONG, "the button Apply")
    krita.call("overhead.start_watch")
    krita.call("press_apply")
    krita.wait_for("overhead.is_over", LONG)
    return krita.call("overhead.laps")
