"""The picture in the dialog: what is to be painted, what is painted so far, and both to compare.

Drawn with pixbufs: the binding to cairo is a package of its own, which not every system has.
Without it a screen of double scale shows one px to a unit.
"""

from scumble.hosts.gimp.api import GLib, gi
from scumble.hosts.gimp.widgets import Gdk, GdkPixbuf, Gtk
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.presenter.looking import Looking
from scumble.presenter.scene import Scene
from scumble.presenter.view import Box

CHECKER, DARK, LIGHT = 8, 0xA0A0A0, 0xC8C8C8  # what is transparent: px of a square, its colours
LEAST = (300, 220)  # px
BADGE = '<span foreground="white" background="#303030"> {} </span>'  # read over every picture
WHITE, BLACK, BLUE = 0xFFFFFFFF, 0x202020FF, 0x3584E4FF
LINE, HANDLE = 2, (14, 34)  # px: width of the line, and its handle's size
SMOOTH = GdkPixbuf.InterpType.BILINEAR
WHEEL = {Gdk.ScrollDirection.UP: 1, Gdk.ScrollDirection.DOWN: -1}


def image_of(pixels: Pixels):
    """An rgba8 picture as Gtk draws it."""
    width, height = pixels.extent.width, pixels.extent.height
    data, rgb = GLib.Bytes.new(pixels.data), GdkPixbuf.Colorspace.RGB
    return GdkPixbuf.Pixbuf.new_from_bytes(data, rgb, True, 8, width, height, 4 * width)


def fitted(image, width: int, height: int):
    """The picture as large as fits into width x height px, over a checkerboard."""
    scale = min(width / image.get_width(), height / image.get_height())
    size = [max(1, round(scale * side)) for side in (image.get_width(), image.get_height())]
    return image.composite_color_simple(*size, SMOOTH, 255, CHECKER, DARK, LIGHT)


def lay(under, image, box: Box, seen: Box) -> None:
    """Lay an image that fills a box over another, as far as that part of the other is seen."""
    edges = box.intersection(seen).intersection(Box(0, 0, under.get_width(), under.get_height()))
    left, top, right, bottom = (
        round(e) for e in (edges.left, edges.top, edges.right, edges.bottom)
    )
    if right > left and bottom > top:
        scales = box.width / image.get_width(), box.height / image.get_height()
        place = (left, top, right - left, bottom - top)
        image.composite(under, *place, box.left, box.top, *scales, SMOOTH, 255)


def fill(under, colour: int, left: float, top: float, width: float, height: float) -> None:
    """Fill a rectangle, as far as it lies in the picture."""
    part = Box(left, top, width, height).intersection(
        Box(0, 0, under.get_width(), under.get_height())
    )
    place = [int(each) for each in part]
    if place[2] and place[3]:
        under.new_subpixbuf(*place).fill(colour)


class Canvas:
    """Shows the content with the painting over it, as it is looked at; while the mouse is held
    down, the content alone."""

    def __init__(self, looking: Looking | None = None):
        self.scene = Scene(image_of, self._draw, looking)
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
        self.widget = Gtk.EventBox(can_focus=True, above_child=True)
        self.widget.add(room)
        self.widget.get_accessible().set_name(tr("Preview"))
        self._connect()

    def _connect(self) -> None:
        kinds = Gdk.EventMask
        self.widget.add_events(
            kinds.POINTER_MOTION_MASK | kinds.SCROLL_MASK | kinds.SMOOTH_SCROLL_MASK
        )
        for signal, does in (
            ("button-press-event", self._press),
            ("motion-notify-event", self._move),
            ("button-release-event", lambda *_: self.scene.release()),
            ("scroll-event", self._scroll),
            ("key-press-event", self._key),
            ("focus-in-event", lambda *_: self._draw()),
            ("focus-out-event", lambda *_: self._draw()),
        ):
            self.widget.connect(signal, does)

    # What hand and keys do

    def _press(self, _, event) -> None:
        self.widget.grab_focus()
        self.scene.press(event.x, event.y)

    def _move(self, _, event) -> None:
        self.scene.move(event.x, event.y)
        takes, moves = self.scene.takes_line(event.x), self.scene.view.moves
        name = "col-resize" if takes else "grab" if moves else "default"
        cursor = Gdk.Cursor.new_from_name(self.widget.get_display(), name)
        self.widget.get_window().set_cursor(cursor)

    def _scroll(self, _, event) -> bool:
        is_smooth, _, down = event.get_scroll_deltas()
        notches = -down if is_smooth else WHEEL.get(event.direction, 0)
        self.scene.looking.zoom(notches, event.x, event.y)
        return True

    def _key(self, _, event) -> bool:
        name = _KEYS.get(event.keyval) or chr(Gdk.keyval_to_unicode(event.keyval))
        return self.scene.key(name, bool(event.state & Gdk.ModifierType.SHIFT_MASK))

    def _fit(self, _, room) -> None:
        size = (room.width, room.height)
        # A new picture while sizes are dealt out would be lost
        GLib.idle_add(lambda: self.scene.looking.resize(*size, self.widget.get_scale_factor()))

    # Drawing

    def _draw(self) -> None:
        density, scene = self.scene.view.density if _HAS_CAIRO else 1, self.scene
        picture = self._picture(density) if scene.before or scene.has_painting else None
        if picture and density > 1:  # a pixbuf alone would be shown twice as large
            surface = Gdk.cairo_surface_create_from_pixbuf(picture, int(density), None)
            self._image.set_from_surface(surface)
        else:
            self._image.set_from_pixbuf(picture)
        self.word.set_visible(bool(scene.word))
        self.word.set_markup(BADGE.format(scene.word))
        self.widget.set_tooltip_text(scene.hint)
        self.widget.get_accessible().set_description(scene.said)

    def _picture(self, density: float):
        """What is seen, over a checkerboard. density: its px to a unit."""
        view, (left, top, width, height) = self.scene.view, self.scene.view.seen
        ours = lambda box: Box(  # noqa: E731
            density * (box.left - left), density * (box.top - top),
            density * box.width, density * box.height,
        )  # fmt: skip
        under = _checkerboard(*(max(1, round(density * side)) for side in (width, height)))
        for image, box, seen in self.scene.images():
            lay(under, image, ours(box), ours(seen))
        if self.scene.is_split:
            _draw_line(under, density * (view.line - left))
        if self.widget.has_focus():
            _frame(under, *ours(view.seen))
        return under


def _draw_line(under, x: float) -> None:
    """Between before and after, with its handle."""
    width, height = HANDLE
    middle = under.get_height() / 2
    fill(under, WHITE, x - LINE / 2, 0, LINE, under.get_height())
    for colour, inside in ((WHITE, 0), (BLACK, 2)):
        fill(
            under, colour, x - width / 2 + inside, middle - height / 2 + inside,
            width - 2 * inside, height - 2 * inside,
        )  # fmt: skip
    for side in (-2, 1):
        fill(under, WHITE, x + side, middle - height / 4, 1, height / 2)


def _frame(under, left: float, top: float, width: float, height: float) -> None:
    """The keys go to it."""
    for place in (
        (left, top, width, LINE), (left, top + height - LINE, width, LINE),
        (left, top, LINE, height), (left + width - LINE, top, LINE, height),
    ):  # fmt: skip
        fill(under, BLUE, *place)


def _checkerboard(width: int, height: int):
    nothing = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, True, 8, 1, 1)
    nothing.fill(0)
    nearest = GdkPixbuf.InterpType.NEAREST
    return nothing.composite_color_simple(width, height, nearest, 255, CHECKER, DARK, LIGHT)


def _has_cairo() -> bool:
    try:
        gi.require_foreign("cairo")
    except ImportError:
        return False
    return True


_HAS_CAIRO = _has_cairo()
_KEYS = {
    Gdk.KEY_Left: "left",
    Gdk.KEY_Right: "right",
    Gdk.KEY_Up: "up",
    Gdk.KEY_Down: "down",
}
