"""The picture in the dialog: what is to be painted, what is painted so far, and both to compare.

Drawn with pixbufs alone: the binding to cairo is a package of its own, which not every system has.
"""

from scumble.hosts.gimp.api import GLib
from scumble.hosts.gimp.widgets import GdkPixbuf, Gtk
from scumble.language import tr
from scumble.pixels import Extent, Pixels

CHECKER, DARK, LIGHT = 8, 0xA0A0A0, 0xC8C8C8  # what is transparent: px of a square, its colours
LEAST = (300, 220)  # px
BADGE = '<span foreground="white" background="#303030"> {} </span>'  # read over every picture
WHOLE = Extent(0, 0, 1, 1)


def image_of(pixels: Pixels):
    """An rgba8 picture as Gtk draws it."""
    width, height = pixels.extent.width, pixels.extent.height
    data, rgb = GLib.Bytes.new(pixels.data), GdkPixbuf.Colorspace.RGB
    return GdkPixbuf.Pixbuf.new_from_bytes(data, rgb, True, 8, width, height, 4 * width)


def fitted(image, width: int, height: int):
    """The picture as large as fits into width x height px, over a checkerboard."""
    scale = min(width / image.get_width(), height / image.get_height())
    size = [max(1, round(scale * side)) for side in (image.get_width(), image.get_height())]
    smooth = GdkPixbuf.InterpType.BILINEAR
    return image.composite_color_simple(*size, smooth, 255, CHECKER, DARK, LIGHT)


def laid_over(image, painting, part: Extent, whole: Extent):
    """A picture of the whole, with the painting of a part of it in its place."""
    across, down = image.get_width() / whole.width, image.get_height() / whole.height
    left = min(round((part.x - whole.x) * across), image.get_width() - 1)
    top = min(round((part.y - whole.y) * down), image.get_height() - 1)
    width = max(1, min(round(part.width * across), image.get_width() - left))
    height = max(1, min(round(part.height * down), image.get_height() - top))
    scales = width / painting.get_width(), height / painting.get_height()
    smooth = GdkPixbuf.InterpType.BILINEAR
    painting.composite(image, left, top, width, height, left, top, *scales, smooth, 255)
    return image


class Canvas:
    """Shows the painting in its place in the content, where there is one; while the mouse is held
    down, the content alone."""

    def __init__(self):
        self._content = self._painting = None
        self._part = self._whole = WHOLE
        self._compares = False
        self._badge = ""
        self._room = LEAST
        self._image = Gtk.Image()
        self.word = Gtk.Label(halign=Gtk.Align.START, valign=Gtk.Align.START, margin=10)
        self.word.set_no_show_all(True)
        overlay = Gtk.Overlay()
        overlay.add(self._image)
        overlay.add_overlay(self.word)
        overlay.set_overlay_pass_through(self.word, True)
        # A scrolled window that never scrolls: its room does not depend on the picture in it.
        room = Gtk.ScrolledWindow()
        room.set_policy(Gtk.PolicyType.EXTERNAL, Gtk.PolicyType.EXTERNAL)
        room.add(overlay)
        room.set_size_request(*LEAST)
        room.connect("size-allocate", self._fit)
        room.set_shadow_type(Gtk.ShadowType.IN)
        room.get_style_context().add_class("view")
        self.widget = Gtk.EventBox()
        self.widget.add(room)
        self.widget.connect("button-press-event", lambda *_: self._compare(True))
        self.widget.connect("button-release-event", lambda *_: self._compare(False))
        self.widget.get_accessible().set_name(tr("Preview"))

    def show_content(self, image) -> None:
        """Another picture to paint, or none: what was painted before is gone."""
        self._content, self._painting = image, None
        self._draw()

    def show_painting(self, image, part: Extent = WHOLE, whole: Extent = WHOLE) -> None:
        """What is painted so far, or nothing; part, whole: where it lies, and the content."""
        self._painting, self._part, self._whole = image, part, whole
        self._draw()

    def show_badge(self, badge: str) -> None:
        """What the picture is, in a word."""
        if badge != self._badge:
            self._badge = badge
            self._draw()

    @property
    def has_painting(self) -> bool:
        return self._painting is not None

    def _compare(self, on: bool) -> None:
        self._compares = on
        self._draw()

    def _fit(self, _, allocation) -> None:
        room = (allocation.width, allocation.height)
        if room != self._room:
            self._room = room
            GLib.idle_add(self._draw)  # a new picture while sizes are dealt out would be lost

    def _draw(self) -> None:
        self._image.set_from_pixbuf(self._picture())
        self.word.set_visible(self.has_painting)
        word = tr("Original") if self._compares else self._badge
        self.word.set_markup(BADGE.format(word))
        hint = tr("Hold the mouse button to see the original") if self.has_painting else None
        self.widget.set_tooltip_text(hint)

    def _picture(self):
        """What is to be seen, as large as fits; or nothing."""
        room = [max(1, side - 16) for side in self._room]
        if self.has_painting and not self._compares:
            if self._part == self._whole or not self._content:
                return fitted(self._painting, *room)
            under = fitted(self._content, *room)
            return laid_over(under, self._painting, self._part, self._whole)
        return fitted(self._content, *room) if self._content else None
