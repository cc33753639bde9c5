"""What the dialog's picture is made of, to be drawn with a toolkit: the layer to repaint, over it
what is painted so far, finer parts of both, and where styles lie."""

from collections.abc import Callable
from typing import Any

from scumble.language import tr
from scumble.pixels import Extent, Pixels
from scumble.presenter import words
from scumble.presenter.looking import Looking
from scumble.presenter.view import WHOLE, Box, View

Image = Any  # of the toolkit's
NOWHERE = Extent(0, 0, 1, 1)


class Scene:
    """image_of: makes a toolkit's image of an rgba8 picture; changed: called after each change.
    looking: of the dialog; else it is looked at in its own way."""

    def __init__(
        self,
        image_of: Callable[[Pixels], Image],
        changed: Callable[[], object],
        looking: Looking | None = None,
    ):
        self._image_of, self._changed = image_of, changed
        self.looking = looking or Looking(lambda: self.show_view(self.looking.view))
        self.view: View = WHOLE
        self.compares = False  # whether the original is shown in place of the painting
        self.before: list[tuple[Image, Extent]] = []  # images, and where they lie
        self.after: list[tuple[Image, Extent]] = []  # in the place of these, where it is painted
        self._regions: Image = None
        self._whole, self._badge = NOWHERE, ""

    # What is shown

    def show_content(self, small: Pixels | None, whole: Extent | None) -> None:
        """Another picture to paint, or none: what was painted before is gone. whole: where it lies
        in the document."""
        self._whole = whole or NOWHERE
        self.before = [(self._image_of(small), self._whole)] if small else []
        self.after = []
        self._changed()

    def show_alone(self, pixels: Pixels | None) -> None:
        """A picture that is of no document, or none."""
        self.show_content(pixels, pixels.extent if pixels else None)
        self.looking.show(self._whole.width, self._whole.height)

    def show_painting(self, pixels: Pixels, part: Extent, whole: Extent) -> None:
        """What is painted so far. part, whole: where it and the content lie."""
        self._whole = whole
        self.after = [(self._image_of(pixels), part)]
        self._changed()

    def show_detail(self, content: Pixels, painting: Pixels | None) -> None:
        """Finer parts of both."""
        self.before[1:] = [(self._image_of(content), content.extent)]
        self.after[1:] = [(self._image_of(painting), painting.extent)] if painting else []
        self._changed()

    def show_regions(self, pixels: Pixels | None) -> None:
        """What lies where."""
        self._regions = self._image_of(pixels) if pixels else None
        self._changed()

    def show_badge(self, badge: str) -> None:
        """What the picture is, in a word."""
        if badge != self._badge:
            self._badge = badge
            self._changed()

    def show_view(self, view: View) -> None:
        """As it is looked at from now on."""
        if view != self.view:
            self.view = view
            self._changed()

    # What a hand does

    def press(self, x: float, y: float) -> None:
        self._compare(self.looking.press(x, y, self.has_painting))

    def move(self, x: float, y: float) -> None:
        if self.looking.pull(x, y):
            self._compare(False)

    def release(self) -> None:
        self.looking.release()
        self._compare(False)

    def key(self, name: str, shift: bool) -> bool:
        """Whether it means something here."""
        return self.looking.key(name, shift, self.has_painting)

    def _compare(self, on: bool) -> None:
        if on != self.compares:
            self.compares = on
            self._changed()

    # What is drawn

    @property
    def has_painting(self) -> bool:
        return bool(self.after)

    @property
    def is_split(self) -> bool:
        """Whether there is a line, before it the original."""
        return self.has_painting and not self.compares

    def takes_line(self, x: float) -> bool:
        """Whether a hand there takes the line."""
        return self.has_painting and self.view.at_line(x)

    @property
    def word(self) -> str:
        """What is read over it; nothing where it is plain."""
        return (tr("Original") if self.compares else self._badge) if self.has_painting else ""

    @property
    def hint(self) -> str:
        return words.COMPARE_HINT if self.has_painting else words.LOOK_HINT

    @property
    def said(self) -> str:
        """How it is looked at, to who cannot see it."""
        return words.zoom(self.view.seen_at)

    def images(self) -> list[tuple[Image, Box, Box]]:
        """One over the other: each image, the box that it fills, and what of that is seen."""
        view, whole = self.view, self._whole
        found = [(image, view.box(part, whole), view.seen) for image, part in self.before]
        if self.is_split:
            found += [(image, view.box(part, whole), view.after) for image, part in self.after]
        if self._regions is not None:
            found.append((self._regions, view.place, view.seen))
        return found
