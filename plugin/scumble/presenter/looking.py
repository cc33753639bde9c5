"""The intents by which a picture is looked at: zoom, move, compare before and after."""

from collections.abc import Callable

from scumble.presenter import words
from scumble.presenter.view import SPLIT_STEP, View

PAN = 40.0  # a press of a cursor key, in the toolkit's units
STEPS = {"+": 1, "=": 1, "-": -1}
CURSOR = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class Looking:
    """changed: called after each change of the view."""

    def __init__(self, changed: Callable[[], object]):
        self.view, self._changed = View(), changed
        self._pulled: tuple[float, float] | None = None  # where the mouse pulls the picture
        self._splits = False  # whether it pulls the line

    def buttons(self) -> tuple[tuple[str, str, Callable[[], None]], ...]:
        """Smaller, whole, its own px, larger: what each says, its hint, and what it does."""
        return (
            ("−", words.ZOOM_OUT, lambda: self.zoom(-1)),
            (words.FIT, words.FIT_HINT, self.fit),
            (words.PIXELS, words.PIXELS_HINT, self.show_pixels),
            ("+", words.ZOOM_IN, lambda: self.zoom(1)),
        )

    def show(self, width: int, height: int) -> None:
        """A picture of this size, px: seen as before where it is the same, else whole."""
        if (size := (max(1, width), max(1, height))) != self.view.picture:
            self._see(self.view.of(size))

    def begin(self) -> None:
        """Another painting: all of it."""
        self._see(self.view.split_to(0))

    def resize(self, width: float, height: float, density: float) -> None:
        self._see(self.view.resized((max(1.0, width), max(1.0, height)), density))

    def zoom(self, notches: float, x: float | None = None, y: float | None = None) -> None:
        """Larger by notches of the wheel, or smaller; what is under the mouse stays there."""
        if notches:
            self._see(self.view.stepped(notches, None if x is None or y is None else (x, y)))

    def fit(self) -> None:
        self._see(self.view.fitted())

    def show_pixels(self) -> None:
        """100 %: one px of the picture on one of the screen."""
        self._see(self.view.zoomed(1.0))

    def press(self, x: float, y: float, compares: bool) -> bool:
        """The mouse is pressed; compares: whether there is a painting. Whether the original is to
        be shown while it is held."""
        self._splits = compares and self.view.at_line(x)
        self._pulled = (x, y)
        return compares and not self._splits

    def pull(self, x: float, y: float) -> bool:
        """The mouse moves while it is pressed. Whether something is pulled with it."""
        if self._pulled is None or not (self._splits or self.view.moves):
            return False
        across, down = x - self._pulled[0], y - self._pulled[1]
        self._pulled = (x, y)
        self._see(self.view.split_at(x) if self._splits else self.view.moved(across, down))
        return True

    def release(self) -> None:
        self._pulled, self._splits = None, False

    def key(self, name: str, shift: bool, compares: bool) -> bool:
        """A key is pressed on the picture; whether it means something there.

        The cursor keys move the picture, where there is more than is seen; else, and with Shift,
        left and right move the line between before and after.
        """
        if name in STEPS:
            self.zoom(STEPS[name])
        elif name in ("0", "1"):
            self.fit() if name == "0" else self.show_pixels()
        elif name not in CURSOR:
            return False
        elif self.view.moves and not shift:
            across, down = CURSOR[name]
            self._see(self.view.moved(-PAN * across, -PAN * down))
        elif compares and CURSOR[name][0]:
            self._see(self.view.split_to(self.view.split + SPLIT_STEP * CURSOR[name][0]))
        else:
            return False
        return True

    def _see(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self._changed()
