"""What Scumble costs beside painting: a job that changes nothing, from Apply to the layer, and as
a script calls it, with the plug-in's own start.

The figures by stage lie in build/screenshots/gimp-overhead.txt.
"""

import json

import pytest
from gimp_artist import NO_CHANGE, apply, open_dialog, wait_until_closed
from gimp_session import gimp_of_either_kind
from session import HOME, inside

pytestmark = pytest.mark.gimp

running = gimp_of_either_kind(window=True)

BOTH = {"Night wind": 1.0, "Ink": 1.0}
MOST = 12  # measurements
LIMIT = {"pyzmq": 1.5, "courier": None}  # s; a courier is a process more, which is noted only


@pytest.fixture(scope="module")
def figures(pictures_of_the_screen):
    """Where the figures are kept."""
    path = pictures_of_the_screen / "gimp-overhead.txt"
    path.unlink(missing_ok=True)
    return path


@pytest.fixture
def large(running):
    """2048 px square to repaint, and two styles of 1024 px: the image and its layers."""
    running.call("close_all")
    image = running.call("new_image", width=2048, height=2048, shown=True)
    sizes = {"Night wind": 1024, "Ink": 1024, "Photograph": 2048}
    return image, *(
        running.call("add_large_layer", image=image, name=name, width=side, height=side)
        for name, side in sizes.items()
    )


def check(measure, whole: str, figures, how: str) -> None:
    """The quickest of three, or of more, where other programs have the processor meanwhile: one
    that is quick shows that no more is needed."""
    limit, laps = LIMIT[how], [measure() for _ in range(3)]
    while limit and min(each[whole] for each in laps) > limit and len(laps) < MOST:
        laps.append(measure())
    best = min(laps, key=lambda each: each[whole])
    with open(figures, "a", encoding="utf-8") as file:
        for word, seconds in best.items():
            file.write(f"{how:8} {seconds:6.2f} s  {word}\n")
    assert limit is None or best[whole] <= limit


def test_little_is_lost_between_apply_and_the_layer(running, large, figures, request):
    def measure() -> dict[str, float]:
        running.call("set_active", image=large[0], layers=[large[-1]])
        open_dialog(running)
        running.dialog("start_watch")
        apply(running, BOTH, NO_CHANGE)
        wait_until_closed(running)
        return json.loads(inside(f"{HOME}/laps.json").read_text())

    check(measure, "from Apply to the layer", figures, request.node.callspec.id)


def test_little_is_lost_where_a_script_calls(running, large, figures, request):
    image, first, second, content = large
    asked = {"image": image, "drawables": [content], "styles": [first, second]}

    def measure() -> dict[str, float]:
        done = running.call("run", **asked, values=NO_CHANGE)
        return {"from a script's call to its layer": done["seconds"]}

    check(measure, "from a script's call to its layer", figures, request.node.callspec.id)
