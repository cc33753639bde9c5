"""What an artist does in GIMP's window."""

QUICK = {"working-size": "256", "quality": "draft", "steps": "1"}
NO_CHANGE = {"steps": "0"}
ENDLESS = {"working-size": "256", "quality": "draft", "steps": "5000"}
LONG = 120.0  # s
TITLE = " – Scumble"  # in its window's title, in any language
OPEN, REPEAT = "ctrl+alt+y", "ctrl+f"


def is_open(gimp) -> bool:
    return any(TITLE in each for each in gimp.call("windows"))


def press(gimp, keys: str) -> None:
    """In the image's window; it may take a moment to have the keyboard."""
    gimp.wait(lambda: gimp.call("focus", title="GIMP$"), LONG, "the image's window")
    gimp.call("press", keys=keys)


def open_dialog(gimp) -> None:
    press(gimp, OPEN)
    gimp.wait(lambda: is_open(gimp), LONG, "the dialog")
    gimp.wait(lambda: gimp.dialog("is_ready"), LONG, "the backend")


def wait_until_closed(gimp) -> None:
    """Until its process is gone: GIMP 3.0 crashes where an image is closed that it just answered
    a layer of."""
    gimp.wait(lambda: not gimp.call("processes", what="plug-in-scumble.py"), LONG, "the end")


def apply(gimp, styles: dict, values: dict) -> None:
    gimp.dialog("tick", styles=styles)
    gimp.dialog("set_values", values=values)
    gimp.dialog("press", button="apply")


def paint(gimp, styles: dict, values: dict) -> None:
    """Press Apply, and wait for the new layer: the dialog closes."""
    apply(gimp, styles, values)
    wait_until_closed(gimp)


def start_endless(gimp) -> None:
    apply(gimp, {"Night wind": 1.0}, ENDLESS)
    gimp.wait(lambda: gimp.dialog("has_preview"), LONG, "a preview")


def make(gimp, width=96, height=80) -> tuple[int, int, int]:
    """An image in a window, its layer to repaint, and a style below that."""
    image = gimp.call("new_image", width=width, height=height, shown=True)
    style = gimp.call("add_layer", image=image, name="Night wind", seed=3)
    content = gimp.call("add_layer", image=image, name="Photograph", width=width, height=height)
    return image, content, style


def start_and_hold(gimp) -> None:
    """A job that the backend has and does not get on with."""
    open_dialog(gimp)
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)  # so that there is a process to hold
    press(gimp, "ctrl+z")
    open_dialog(gimp)
    gimp.call("hold_backend")
    apply(gimp, {"Night wind": 1.0}, NO_CHANGE)
    gimp.wait(lambda: gimp.dialog("is_sent"), LONG, "the job")
