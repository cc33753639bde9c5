"""The picture in either editor's dialog, under a hand: what it shows, and how a hand zooms, moves
and splits it."""

from collections.abc import Callable
from pathlib import Path

NEAR = 12  # of 255
SPOTS = [(0.3, 0.3), (0.7, 0.3)]  # one on either side


class Closeup:
    """session: an editor; ask: calls a step about the picture in it. long: s to wait at most."""

    def __init__(self, session, ask: Callable, long: float):
        self._session, self.ask, self._long = session, ask, long

    def view(self) -> dict:
        return self.ask("view")

    def colour(self, x: float, y: float) -> list[int]:
        return self.ask("colour", x=x, y=y)

    def at(self, x: float, y: float) -> list[str]:
        """On the screen, a point of what is seen of it."""
        return [str(each) for each in self.ask("place_in_picture", x=x, y=y)]

    def click(self, part: str) -> None:
        """On a part of the line over it."""
        place = [str(each) for each in self.ask("place_in_bar", part=part)]
        self._session.hand("mousemove", "--sync", *place, "sleep", "0.2", "click", "1")

    def wait(self, condition: Callable, what: str) -> None:
        self._session.wait(condition, self._long, what)

    def is_whole(self) -> bool:
        found = self.view()
        return found["zoom"] == found["fits"]

    def zoom_and_move(self, larger: float, screenshot: Path) -> None:
        """By wheel, drag, key and button. larger: how many times at least three notches make it."""
        hand, whole = self._session.hand, self.view()
        assert whole["says"] == f"{100 * whole['fits']:.0f} %"
        hand("mousemove", "--sync", *self.at(0.25, 0.5), "click", "--repeat", "3", "4")
        self.wait(lambda: self.view()["zoom"] > larger * whole["zoom"], "three notches")
        assert self.view()["moves"]
        before = self.view()["place"]
        self.wait(lambda: self.view()["fine"], "the part that is seen, read anew")
        self._session.screenshot(screenshot)
        assert self._session.own_log() == ""
        self._drag(self.at(0.5, 0.5), self.at(0.4, 0.5))
        self.wait(lambda: self.view()["place"][0] < before[0], "the drag")
        hand("key", "0")
        self.wait(self.is_whole, "all of it")
        self.click("pixels")
        self.wait(lambda: self.view()["says"] == "100 %", "its own pixels")
        self.click("fit")
        self.wait(self.is_whole, "all of it")

    def split(self, paint: Callable[[], object], screenshot: Path) -> None:
        """Paint, and compare before and after by mouse and by key."""
        before = self._colours()
        paint()
        after = self._colours()
        assert not any(is_same(one, other) for one, other in zip(before, after, strict=True))
        line = [str(each) for each in self.ask("place_of_line")]
        self._drag(line, self.at(0.5, 0.5))
        self.wait(lambda: abs(self.view()["split"] - 0.5) < 0.05, "the line in the middle")
        now = self._colours()
        assert is_same(now[0], before[0])
        assert is_same(now[1], after[1])
        self._session.screenshot(screenshot)
        self._session.hand("key", "--repeat", "8", "Right")
        self.wait(lambda: self.view()["split"] > 0.85, "the keys")
        now = self._colours()
        assert all(is_same(one, other) for one, other in zip(now, before, strict=True))

    def show_regions(self, select: Callable[[], object], shown: Path, kept: Path) -> None:
        """Where a style lies, in its colour, and what stays, in stripes. select: the left half."""
        assert self.view()["regions"] is None
        spots = [(0.2, 0.3), (0.8, 0.3)]
        before = [self.colour(*spot) for spot in spots]
        select()
        self.ask("lie_in_selection", name="Night wind")
        self.wait(lambda: not is_same(self.colour(*spots[0]), before[0]), "the colour")
        left, right = (self.colour(*spot) for spot in spots)
        assert left[0] - left[2] > 60, "orange"
        assert is_same(right, before[1])
        assert self.ask("swatch", name="Night wind")
        self._session.screenshot(shown)
        self.click("regions")
        self.wait(lambda: is_same(self.colour(*spots[0]), before[0]), "the picture alone")
        self.ask("keep_selection")
        self.wait(lambda: self.view()["regions"], "shown again")
        row = [(0.19 + x / 100, 0.45) for x in range(12)]  # where it is all of one colour
        self.wait(lambda: spread(self.colour(*spot) for spot in row) > 25, "stripes")
        self._session.screenshot(kept)

    def _colours(self) -> list[list[int]]:
        return [self.colour(*spot) for spot in SPOTS]

    def _drag(self, start: list[str], end: list[str]) -> None:
        self._session.hand("mousemove", "--sync", *start, "mousedown", "1")
        self._session.hand("mousemove", "--sync", *end, "mouseup", "1")


def is_same(one: list[int], other: list[int]) -> bool:
    """The picture may lie a px elsewhere, and be scaled otherwise."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= NEAR


def spread(colours) -> int:
    """How far the reds of some are from each other."""
    reds = [each[0] for each in colours]
    return max(reds) - min(reds)
