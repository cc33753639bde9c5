"""What an artist does in GIMP's window."""

QUICK = {"working-size": "256", "quality": "draft", "steps": "1"}
NO_CHANGE = {"steps": "0"}
ENDLESS = {"working-size": "256", "quality": "draft", "steps": "5000"}
LONG = 120.0  # s
TITLE = "Scumble: Style Transfer"
OPEN, REPEAT = "ctrl+alt+y", "ctrl+f"


def is_open(gimp) -> bool:
    return any(each.endswith(TITLE) for each in gimp.call("windows"))


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
