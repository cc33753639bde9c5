"""What a test can ask of the picture in the open dialog."""

from dialog_steps import _box, _dialog, _row


def view():
    """How it is looked at."""
    state = _dialog().presenter.state
    return {
        "zoom": state.view.seen_at,
        "fits": state.view.fits,
        "split": state.view.split,
        "place": list(state.view.place),
        "moves": state.view.moves,
        "regions": state.regions,
        "fine": len(_dialog().picture.canvas.scene.before) > 1,
        "says": _dialog().picture.bar.zoom.get_text(),
        "badge": _dialog().picture.canvas.word.get_text().strip(),
    }


def place_in_picture(x, y):
    """Of a point of what is seen of it, in parts of that, on the screen."""
    left, top, _, _ = _box(_dialog().picture.canvas.widget)
    seen = _dialog().presenter.state.view.seen
    return [round(left + seen.left + x * seen.width), round(top + seen.top + y * seen.height)]


def place_of_line():
    left, _, _, _ = _box(_dialog().picture.canvas.widget)
    return [round(left + _dialog().presenter.state.view.line), place_in_picture(0, 0.5)[1]]


def place_in_bar(part):
    left, top, width, height = _box(getattr(_dialog().picture.bar, part))
    return [left + width // 2, top + height // 2]


def colour(x, y):
    """At a point of what is seen of it, in parts of that."""
    shown = _dialog().picture.canvas._image.get_pixbuf()
    across, down = int(x * (shown.get_width() - 1)), int(y * (shown.get_height() - 1))
    at = down * shown.get_rowstride() + across * shown.get_n_channels()
    return list(shown.get_pixels()[at : at + 3])


def swatch(name):
    """The colour beside a style; nothing where there is none."""
    shown = _row(name).colour
    return shown.get_label() if shown.get_visible() else ""


def lie_in_selection(name):
    """As if it were chosen in the menu of the style."""
    from scumble.host import SELECTION
    from scumble.places import Place

    _dialog().presenter.choosing.set_where(_row(name).source, Place(SELECTION))


def keep_selection():
    from scumble.host import SELECTION
    from scumble.places import Place

    _dialog().presenter.choosing.keep(Place(SELECTION))
