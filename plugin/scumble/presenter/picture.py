"""What the dialog's picture shows: the layer to repaint, what is painted of it, and where styles
lie; as it is looked at."""

import math
from collections.abc import Callable

from scumble.pixels import Extent, Pixels
from scumble.presenter import words
from scumble.presenter.detail import SIDE, Detail, Subject
from scumble.presenter.editor import EditorHost
from scumble.presenter.layerlist import LayerList
from scumble.presenter.looking import Looking
from scumble.presenter.overlay import Overlay
from scumble.presenter.regions import Regions
from scumble.presenter.states import Face, State
from scumble.presenter.styles import StyleRows
from scumble.presenter.timers import Timers
from scumble.protocol import PREVIEWS, Done


class Picture:
    """state: of the dialog; result: of the last job; show: called after a change. say tells a
    sentence."""

    def __init__(
        self,
        host: EditorHost,
        face: Face,
        timers: Timers,
        rows: StyleRows,
        layers: LayerList,
        state: Callable[[], State],
        result: Callable[[], Done | None],
        show: Callable[[], object],
        say: Callable[[str], None],
    ):
        self._host, self._face, self._layers = host, face, layers
        self._state, self._result, self._show = state, result, show
        self._over = False
        self._whole: Extent | None = None  # where the layer lay when it was drawn
        self.painting: Pixels | None = None  # what is shown of it
        self.looking = Looking(self._look_closer)
        subject = Subject(host, face, timers, lambda: state().content, layers.extent, say)
        self._detail = Detail(subject, self._painted)
        self.regions = Regions(subject, rows, show)
        self.overlay = Overlay(host, show, say)

    def draw_content(self) -> None:
        """The layer to repaint, as it is by now."""
        content = self._state().content
        small, self._whole = None, self._layers.extent(content)
        whole = self._whole
        if whole:
            self.looking.show(whole.width, whole.height)
        if _has_pixels(whole) and self._host.is_there(content):
            small = self._host.small(content, round(SIDE * self._face.density()))
        self._face.draw_content(small, whole)
        self.sharpen()
        self.regions.look()

    def follow(self) -> None:
        """It may have pixels by now, or none: Krita knows of a vector layer's only later."""
        state = self._state()
        had, has = (_has_pixels(each) for each in (self._whole, self._layers.extent(state.content)))
        if had != has and not state.badge and self._host.is_free():
            self.draw_content()

    def draw_painting(self, pixels: Pixels, part: Extent | None) -> None:
        """What is painted so far. part: where it lies in the document."""
        assert part is not None
        self.draw_result(pixels, part)
        self.overlay.paint(pixels, part)

    def draw_result(self, pixels: Pixels, part: Extent | None) -> None:
        """The same in the dialog alone."""
        assert part is not None
        self.painting = pixels
        known = self._layers.extent(self._state().content)
        whole = known if known and part.intersection(known) == part else part
        self.looking.show(whole.width, whole.height)  # a layer may be smaller by now, or empty
        self._face.draw_painting(pixels, part, whole)

    def begin(self) -> None:
        """Painting begins: all of it is to be seen."""
        self.looking.begin()
        self.regions.show(False)

    @property
    def side(self) -> int:
        """How many px of the screen the long side has, as far as previews are that fine."""
        view = self.looking.view
        least, most = PREVIEWS
        return min(most, max(least, math.ceil(view.seen_at * max(view.picture))))

    def end(self) -> None:
        """Nothing is painted any more."""
        self.overlay.end()
        self.sharpen()

    def sharpen(self) -> None:
        self._detail.look(self.looking.view)

    def close(self) -> None:
        """The dialog closes for good: a toolkit may still tell that it is resized."""
        self._over = True
        self.overlay.end()

    def _look_closer(self) -> None:
        if self._state().content and not self._over:  # else a window only finds its size
            self._show()
            self.sharpen()

    def _painted(self) -> Pixels | None:
        """The result that is shown, whole; one in a layer mask is not as its pixels are."""
        done = self._result() if self._state().badge == words.RESULT else None
        return done.pixels if done and done.mask is None else None


def _has_pixels(extent: Extent | None) -> bool:
    return extent is not None and not extent.is_empty
