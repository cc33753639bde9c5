"""Rounds of a day: open a photograph, paint, paint again, undo, redo, close, quit, start again.

By mouse and keyboard alone, in the real editors, as no step of the tests' own could show it.

    python -m tests.editors.rounds --editor krita --rounds 10

Prints a line a round; pictures of the screen, of the first round's stages, lie in
build/screenshots/rounds.
"""

import argparse
import os
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "plugin"))  # as pytest has it
import gimp_artist
import gimp_session
import krita_session
import machine
from conftest import NOT_CLONED, PATIENCE, REPOSITORY
from gimp_session import GimpSession
from session import HOME, SCUMBLE, Session, inside

from scumble.hosts import pictures
from scumble.pixels import Pixels

PICTURES = Path(os.environ.get("SCUMBLE_SHARED") or REPOSITORY.parent / "shared") / "pictures"
PHOTO, DEEP_PHOTO, STYLE = "tubingen.jpg", "tubingen-16.png", "starry_night.jpg"
STYLE_NAME = "starry_night"
SCREENSHOTS = REPOSITORY / "build/screenshots/rounds"
LONG = 60.0  # s for whatever is waited for
END = 5.0  # s for the editor's process, once it is told to quit
# Of a machine that is none but a folder; of GIMP, whose chooser closes while the mouse is over it.
NOISE = re.compile(r"dbus-daemon|\(gimp:\d+\): Gtk-CRITICAL.*: gtk_widget_event: assertion")
ERROR = re.compile(r"Traceback|CRITICAL|Error|^error|[Ss]egmentation")

Look = Callable[[str], None]  # a stage is over: look at the screen


def click(editor: Session, place: list[int], times: int = 1) -> None:
    where = [str(each) for each in place]
    editor.hand("mousemove", "--sync", *where, "click", "--repeat", str(times), "1")


def type_over(editor: Session, place: list[int], text: str) -> None:
    """Into a field, in place of what it holds."""
    click(editor, place, 3)
    editor.hand("key", "ctrl+a")
    editor.hand("type", text)
    editor.hand("key", "Tab")


# Krita


def choose_from_menu(krita, *words: str) -> None:
    for count in range(1, len(words) + 1):
        click(krita, krita.wait_for("hands.place_of_menu", words=words[:count]))


def choose_file(krita, name: str) -> None:
    krita.wait_for("hands.chooses_file")
    krita.hand("type", f"{HOME}/{name}")
    krita.hand("key", "Return")
    krita.wait(lambda: not krita.call("hands.chooses_file"), LONG, "the chooser's end")


def apply_in_krita(krita, layers: int) -> None:
    krita.wait(lambda: krita.call("dialog")["apply"], LONG, "the button Apply")
    click(krita, krita.call("hands.place_of_button", name="apply"))
    krita.wait(lambda: krita.call("hands.layer_count") == layers, LONG, "the result")
    krita.wait(lambda: krita.call("stage").startswith("Done"), LONG, "the end")


def press_in_krita(krita, keys: str, layers: int) -> None:
    krita.hand("key", keys)
    krita.wait(lambda: krita.call("hands.layer_count") == layers, LONG, keys)


def krita_round(krita, number: int, look: Look) -> Callable[[], None]:
    """Up to where Krita is to be closed; how."""
    krita.call("looks.maximise")
    krita.hand("key", "ctrl+o")
    choose_file(krita, PHOTO)
    krita.wait(lambda: krita.call("documents"), LONG, "the photograph")
    krita.wait_for("active")
    look("opened")
    choose_from_menu(krita, "Filter", "Artistic", "Scumble: Style Transfer...")
    krita.wait_for("is_ready", LONG)
    look("dialog")
    if any(name == STYLE_NAME for name, *_ in krita.call("dialog")["styles"]):
        click(krita, krita.call("hands.place_of_row", name=STYLE_NAME))
    else:
        click(krita, krita.call("hands.place_of_add"))
        choose_file(krita, STYLE)
    krita.wait(lambda: [STYLE_NAME, True, 1.0] in krita.call("dialog")["styles"], LONG, "the tick")
    click(krita, krita.call("hands.place_of_choice", name="quality"))
    krita.hand("key", "d", "Return")
    type_over(krita, krita.call("hands.place_of_choice", name="working_size"), "256")
    apply_in_krita(krita, 2)
    look("painted")
    type_over(krita, krita.call("hands.place_of_number", name="strength"), str(80 + number))
    apply_in_krita(krita, 3)
    look("painted again")
    click(krita, krita.call("hands.place_of_title", dialog=False))
    press_in_krita(krita, "ctrl+z", 2)
    press_in_krita(krita, "ctrl+z", 1)
    press_in_krita(krita, "ctrl+shift+z", 2)
    look("undone twice, redone")
    click(krita, krita.call("hands.place_of_title", dialog=True))
    if number % 2:
        krita.hand("key", "Escape")
    else:
        click(krita, krita.call("hands.place_of_cross", dialog=True))
    krita.wait(lambda: krita.call("dialog") is None, LONG, "the dialog's end")
    krita.hand("key", "ctrl+w")
    answer = ["Discard", "No", "Don't Save", "Close without saving"]
    place = krita.wait(
        lambda: krita.call("hands.place_of_answer", words=answer), LONG, "a question"
    )
    look("question")
    click(krita, place)
    krita.wait(lambda: not krita.call("documents"), LONG, "the document's end")
    look("closed")
    cross = krita.call("hands.place_of_cross", dialog=False)
    return [
        lambda: krita.hand("key", "ctrl+q"),
        lambda: click(krita, cross),
        lambda: choose_from_menu(krita, "File", "Quit"),
    ][number % 3]


# GIMP, which tells nobody where its own menus and questions lie: here they do on the small screen

FILE, FILTERS = [20, 33], [428, 33]
TO_ARTISTIC, TO_SCUMBLE = 7 * ["Up"] + ["Right"], 3 * ["Up"]  # from the end of each menu
TITLE, CROSS = [300, 9], [1356, 9]  # of its window, which fills the screen
PAUSE = 0.5  # s between two clicks of a hand in a menu


def shows_image(gimp) -> bool:
    """Alone: no chooser is there any more."""
    windows = gimp.call("windows")
    return len(windows) == 1 and windows[0].endswith("GIMP")


def fills_screen(gimp) -> bool:
    """GIMP gives its window the size it likes some time after an image came."""
    gimp.call("clear_the_view")
    time.sleep(PAUSE)
    window = gimp.hand("search", "--onlyvisible", "--name", "GIMP$", "getwindowgeometry")
    return "1366x746" in window


def open_dialog_in_gimp(gimp) -> None:
    click(gimp, FILTERS)
    for keys in (TO_ARTISTIC, TO_SCUMBLE, ["Return"]):
        time.sleep(PAUSE)
        gimp.hand("key", "--delay", "40", *keys)
    gimp.wait(lambda: gimp_artist.is_open(gimp), LONG, "the dialog")
    gimp.wait(lambda: gimp.dialog("is_ready"), LONG, "the backend")


def write_path(gimp, name: str) -> None:
    """In a file chooser that is open."""
    gimp.hand("key", "ctrl+l")
    time.sleep(PAUSE)
    gimp.hand("key", "ctrl+a")
    gimp.hand("type", "--delay", "40", f"{HOME}/{name}")
    time.sleep(PAUSE)
    gimp.hand("key", "Return")


def add_file_in_gimp(gimp, name: str) -> None:
    click(gimp, gimp.dialog("place", what="add"))
    gimp.wait(lambda: gimp.dialog("chooser"), LONG, "the file chooser")
    time.sleep(PAUSE)
    write_path(gimp, name)
    gimp.wait(lambda: not gimp.dialog("chooser"), LONG, "the chooser's end")


def apply_in_gimp(gimp, image: int, layers: int) -> None:
    gimp.wait(lambda: gimp.dialog()["apply"], LONG, "the button Apply")
    click(gimp, gimp.dialog("place", what="apply"))
    gimp_artist.wait_until_closed(gimp)
    assert gimp.call("layer_count", image=image) == layers


def press_in_gimp(gimp, keys: str, image: int, layers: int) -> None:
    gimp.hand("key", keys)
    gimp.wait(lambda: gimp.call("layer_count", image=image) == layers, LONG, keys)


def gimp_round(gimp, number: int, look: Look) -> Callable[[], object]:
    """Up to where GIMP is to be closed; how. 8 bits and 16 take turns."""
    click(gimp, TITLE)
    gimp.hand("key", "ctrl+o")
    gimp.wait(lambda: "Open Image" in gimp.call("windows"), LONG, "the file chooser")
    time.sleep(PAUSE)
    write_path(gimp, PHOTO if number % 2 else DEEP_PHOTO)
    (image,) = gimp.wait(lambda: gimp.call("images"), LONG, "the photograph")
    gimp.wait(lambda: shows_image(gimp), LONG, "the image's window")
    gimp.wait(lambda: all(fills_screen(gimp) for _ in range(3)), LONG, "a large window")
    look("opened")
    open_dialog_in_gimp(gimp)
    look("dialog")
    ticks = {name: on for name, on, _ in gimp.dialog()["styles"]}
    if STYLE_NAME not in ticks:
        add_file_in_gimp(gimp, STYLE)
    elif not ticks[STYLE_NAME]:
        click(gimp, gimp.dialog("place", what="tick", name=STYLE_NAME))
    gimp.wait(lambda: [STYLE_NAME, True, 1.0] in gimp.dialog()["styles"], LONG, "the tick")
    click(gimp, gimp.dialog("place", what="quality"))
    time.sleep(PAUSE)
    gimp.hand("key", "Home", "Return")
    type_over(gimp, gimp.dialog("place", what="working_size"), "256")
    settings = gimp.dialog("settings")
    assert (settings["quality"], settings["working_size"]) == ("draft", 256)
    apply_in_gimp(gimp, image, 2)
    look("painted")
    open_dialog_in_gimp(gimp)
    gimp.hand("key", "alt+t", "ctrl+a")
    gimp.hand("type", str(80 + number))
    gimp.hand("key", "Tab")
    assert gimp.dialog("settings")["strength"] == 80 + number
    look("another setting")
    apply_in_gimp(gimp, image, 3)
    look("painted again")
    press_in_gimp(gimp, "ctrl+z", image, 2)
    press_in_gimp(gimp, "ctrl+z", image, 1)
    press_in_gimp(gimp, "ctrl+y", image, 2)
    look("undone twice, redone")
    open_dialog_in_gimp(gimp)
    if number % 4 < 2:
        gimp.hand("key", "Escape")
    else:
        click(gimp, gimp.dialog("place_of_cross"))
    gimp_artist.wait_until_closed(gimp)
    gimp.hand("key", "ctrl+w")
    gimp.wait(lambda: "Close" in str(gimp.call("windows")), LONG, "a question")
    look("question")
    gimp.hand("key", "alt+d")
    gimp.wait(lambda: not gimp.call("images"), LONG, "the image's end")
    look("closed")
    return [
        lambda: gimp.hand("key", "ctrl+q"),
        lambda: click(gimp, CROSS),
        lambda: quit_by_menu(gimp),
    ][number % 3]


def quit_by_menu(gimp) -> None:
    click(gimp, FILE)
    time.sleep(PAUSE)
    gimp.hand("key", "Up", "Return")  # the last of the menu


def walk(editor, do_round, number: int) -> bool:
    """One round, and the start of the next; whether it was clean."""

    def look(stage: str) -> None:
        if number == 1:
            name = f"{editor.editor.lower()}-{next(stages)}-{stage.replace(' ', '-')}.png"
            editor.screenshot(SCREENSHOTS / name)

    stages, began, before = iter(range(1, 99)), time.monotonic(), errors(editor)
    close = do_round(editor, number, look)
    seconds = time.monotonic() - began
    end = editor.start_again(close, within=END)
    new = list((errors(editor) - before).elements())
    print(f"{editor.editor} round {number}: {seconds:.0f} s, gone {end:.1f} s after quitting,")
    print(f"    {len(new)} errors in the logs", *new, sep="\n        ", flush=True)
    return not new


def errors(editor: Session) -> Counter[str]:
    """The lines that tell of one, in all logs."""
    state = inside(f"{SCUMBLE}/state")
    texts = [editor.whole_log(), *(each.read_text() for each in sorted(state.glob("*.log")))]
    lines = (line for text in texts for line in text.splitlines())
    return Counter(each for each in lines if ERROR.search(each) and not NOISE.match(each))


def write_deep_photo() -> None:
    """The photograph with 16 bits a channel."""
    photo = pictures.read(PICTURES / PHOTO)
    data = bytearray(2 * len(photo.data))
    data[0::2] = data[1::2] = photo.data
    pictures.write(Pixels(photo.extent, "rgba16", bytes(data)), inside(f"{HOME}/{DEEP_PHOTO}"))


EDITORS = {
    "krita": (krita_session.fresh_profile, krita_session.KritaSession, krita_round),
    "gimp": (gimp_session.fresh_profile, lambda: GimpSession(window=True), gimp_round),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--editor", choices=("krita", "gimp"), required=True)
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    with machine.lock(PATIENCE):
        machine.copy_in(REPOSITORY, machine.CLONE, shutil.ignore_patterns(*NOT_CLONED))
        done = machine.run("python3", f"{machine.CLONE}/install.py", timeout=PATIENCE)
        assert done.returncode == 0, done.stdout
        for name in (PHOTO, STYLE):
            shutil.copy(PICTURES / name, inside(HOME) / name)
        write_deep_photo()
        fresh_profile, start, do_round = EDITORS[asked.editor]
        fresh_profile()
        editor = start()
        try:
            clean = [walk(editor, do_round, number) for number in range(1, asked.rounds + 1)]
        except BaseException:
            editor.screenshot(SCREENSHOTS / f"{asked.editor}-failed.png")
            raise
        finally:
            editor.stop()
    sys.exit(0 if all(clean) else 1)


if __name__ == "__main__":
    main()
