"""What is seen of the pictures when they are looked at closely, as fine as they are.

Read once the view stands still, and only the part that is seen, so that it costs little. Where that
part is larger than MOST the small pictures are scaled: a screen shows no more of it anyway, or
nearly. A painting under way is scaled, too, beyond what its previews have (protocol.PREVIEWS): to
send more each time would hold the painting up.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from scumble.errors import InputError
from scumble.guard import told
from scumble.pixels import MAX_SIDE, Extent, Pixels
from scumble.presenter.editor import EditorHost
from scumble.presenter.states import Face
from scumble.presenter.timers import Timers
from scumble.presenter.view import View

SIDE = 512  # of the small picture, in the toolkit's units
MOST = 1 << 21  # px that are read
PAUSE = 150  # ms without a change
NAME = "detail"  # of what runs by itself


def is_coarse(view: View) -> bool:
    """Whether the small pictures have fewer px than the screen shows of them."""
    return view.seen_at * max(view.picture) > SIDE * view.density


@dataclass(frozen=True)
class Subject:
    """What the dialog's picture is of. content: the layer to repaint; extent: where a layer lies.
    say tells a sentence."""

    host: EditorHost
    face: Face
    timers: Timers
    content: Callable[[], str]
    extent: Callable[[str], Extent | None]
    say: Callable[[str], None]


class Detail:
    """result: what was painted of it, if that is shown."""

    def __init__(self, subject: Subject, result: Callable[[], Pixels | None]):
        self._subject, self._result, self._say = subject, result, subject.say

    def look(self, view: View) -> None:
        """It is looked at in this way from now on."""
        self._subject.timers.run(NAME, PAUSE, lambda: self._draw(view))

    @told
    def _draw(self, view: View) -> None:
        self._subject.timers.halt(NAME)
        layer = self._subject.content()
        whole = self._subject.extent(layer)
        if not whole or not is_coarse(view) or not self._subject.host.is_open():
            return
        part = view.part(whole)
        if not 0 < part.width * part.height <= MOST:
            return
        with contextlib.suppress(InputError):  # a layer that cannot be read is scaled
            self._subject.face.draw_detail(
                plain(self._subject.host.read(layer, part)), _part_of(self._result(), part)
            )


def _part_of(pixels: Pixels | None, part: Extent) -> Pixels | None:
    if pixels is None or pixels.extent.intersection(part).is_empty:
        return None
    return plain(pixels.crop(part))


def plain(pixels: Pixels) -> Pixels:
    """As rgba8, every px where it is."""
    if pixels.format == "rgba8":
        return pixels
    return replace(pixels.small(MAX_SIDE), extent=pixels.extent)
