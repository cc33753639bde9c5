"""GIMP's dialog under a hand: what mouse and keyboard do to it, and what an artist sees of it."""

import pytest
from gimp_artist import LONG, QUICK, make, open_dialog, paint, press, wait_until_closed
from gimp_session import gimp_of_either_kind
from PIL import Image
from session import HOME

pytestmark = pytest.mark.gimp

SCREEN = (1366, 768)
DIALOG = (620, 20, 1160, 240)  # its list of styles, where the test puts it
STATUS_BAR = (460, 740, 1090, 758)  # of GIMP's window, without what it shows of the mouse
NO_CHANGE = {"steps": "0"}
WHEEL_DOWN = "5"


running = gimp_of_either_kind(window=True, kinds=("pyzmq",))


@pytest.fixture
def many(gimp):
    """An image of many layers: its id."""
    image = gimp.call("new_image", width=64, height=48, shown=True)
    for number in range(20):
        gimp.call("add_layer", image=image, name=f"Style {number:02}", seed=number)
    content = gimp.call("add_layer", image=image, name="Photograph")
    gimp.call("set_active", image=image, layers=[content])
    return image


def point(gimp, what: str, name: str = "") -> None:
    """Put the mouse over a part of the dialog."""
    gimp.hand("mousemove", "--sync", *map(str, gimp.dialog("place", what=what, name=name)))


def cut(screenshot, box) -> bytes:
    """What a part of the screen shows."""
    return Image.open(screenshot).convert("RGB").crop(box).tobytes()


def click(gimp, what: str, name: str = "", button: str = "1") -> None:
    point(gimp, what, name)
    gimp.hand("click", button)


@pytest.mark.parametrize("base", ["rgb", "grey"])
@pytest.mark.parametrize("encoding", ["linear", "non-linear", "perceptual"])
@pytest.mark.parametrize("depth", ["u8", "u16", "u32", "half", "float", "double"])
def test_thumbnails_and_preview_show_the_layers_of_every_precision(gimp, depth, encoding, base):
    shown = []
    for precision in (f"{depth}-{encoding}", "u8-non-linear"):
        image = gimp.call(
            "new_image", width=96, height=80, shown=True, precision=precision, base=base
        )
        gimp.call("add_layer", image=image, name="Ink", seed=3)
        gimp.call("add_layer", image=image, name="Photograph", width=96, height=80)
        open_dialog(gimp)
        gimp.wait(lambda: gimp.dialog("thumbnails")["Ink"], LONG, "the thumbnail")
        shown.append(gimp.dialog("canvas_mean") + gimp.dialog("thumbnails")["Ink"])
        gimp.dialog("press", button="cancel")
        wait_until_closed(gimp)
        gimp.call("close_all")
    assert shown[0] == pytest.approx(shown[1], abs=2)


@pytest.mark.parametrize("length", [80, 200, 1000])
def test_however_long_the_names_the_dialog_fits_the_screen(gimp, length, pictures_of_the_screen):
    image = gimp.call("new_image", width=64, height=48, shown=True)
    gimp.call("add_layer", image=image, name="s" * length, seed=3)
    gimp.call("add_layer", image=image, name="Two words " * (length // 10))
    gimp.call("leave_result", name="r" * length, document="d" * length, side=16)
    open_dialog(gimp)
    gimp.call("clear_the_view")
    gimp.dialog("say", message="m" * length)
    gimp.wait(lambda: not gimp.dialog("is_moving"), LONG, "its final size")
    gimp.screenshot(pictures_of_the_screen / f"gimp-long-{length}.png")
    for part in ("apply", "cancel", "content", "list"):
        left, top, width, height = gimp.dialog("box", what=part)
        assert left >= 0
        assert left + width <= SCREEN[0], f"{part} is off the screen"
        assert top + height <= SCREEN[1], f"{part} is below the screen"
    click(gimp, "tick", "s" * length)
    gimp.wait(lambda: gimp.dialog()["apply"], LONG, "a live Apply")
    gimp.dialog("set_values", values=NO_CHANGE)
    before = gimp.call("state", image=image)
    click(gimp, "apply")
    wait_until_closed(gimp)
    (new,) = [
        each for each in gimp.call("state", image=image)["layers"] if each not in before["layers"]
    ]
    assert len(new["name"]) <= 40


def test_what_is_ticked_is_in_view_when_the_dialog_opens(gimp, many, pictures_of_the_screen):
    open_dialog(gimp)
    paint(gimp, {"Style 02": 1.0}, NO_CHANGE)
    open_dialog(gimp)
    gimp.call("clear_the_view")
    gimp.wait(lambda: "Style 02" in gimp.dialog("rows_in_view"), LONG, "the ticked style")
    gimp.screenshot(pictures_of_the_screen / "gimp-ticked.png")
    assert gimp.dialog("heading").endswith("1 ticked")


def test_a_picture_file_comes_into_view_and_goes_by_a_click(gimp, many):
    path = f"{HOME}/a style.png"
    gimp.call("save_picture", image=many, path=path)
    open_dialog(gimp)
    gimp.dialog("add_file", path=path)
    gimp.wait(lambda: "a style" in gimp.dialog("rows_in_view"), LONG, "the new row")
    click(gimp, "remove", "a style")
    gimp.wait(
        lambda: "a style" not in [each[0] for each in gimp.dialog()["styles"]], LONG, "its end"
    )
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)
    open_dialog(gimp)
    assert "a style" not in [each[0] for each in gimp.dialog()["styles"]], "nor the next time"


def test_the_status_bar_of_gimp_does_not_go_on_to_say_that_a_file_is_opened(
    gimp, picture, pictures_of_the_screen
):
    gimp.call("save_picture", image=picture[0], path=f"{HOME}/a style.jpg")
    open_dialog(gimp)
    gimp.call("clear_the_view")
    gimp.hand("search", "--name", "Style Transfer$", "windowmove", "--sync", "200", "-60")
    before, after = (
        pictures_of_the_screen / f"gimp-status-bar-{each}.png" for each in ("before", "after")
    )
    gimp.screenshot(before)
    gimp.dialog("add_file", path=f"{HOME}/a style.jpg")

    def dialog_shows_it() -> bool:
        gimp.screenshot(after)
        return cut(after, DIALOG) != cut(before, DIALOG)

    gimp.wait(lambda: "a style" in gimp.dialog("rows_in_view"), LONG, "its row")
    gimp.wait(dialog_shows_it, LONG, "its row on the screen")
    assert cut(before, STATUS_BAR) == cut(after, STATUS_BAR)


def test_at_least_five_styles_are_seen_at_once(gimp, many):
    open_dialog(gimp)
    gimp.wait(lambda: not gimp.dialog("is_moving"), LONG, "its final size")
    assert len(gimp.dialog("rows_in_view")) >= 5


def test_layers_of_a_group_are_indented(gimp):
    image = gimp.call("new_image", width=64, height=48, shown=True)
    group = gimp.call("add_group", image=image, name="Group")
    gimp.call("add_layer", image=image, name="Inside", group=group)
    gimp.call("add_layer", image=image, name="Photograph")
    open_dialog(gimp)
    outer, inner = (gimp.dialog("box", what="tick", name=name)[0] for name in ("Group", "Inside"))
    assert inner > outer


@pytest.mark.parametrize("field", ["weight", "brush"])
def test_the_mouse_wheel_over_a_number_scrolls_and_changes_nothing(gimp, many, field):
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Style 19": 2.0})
    gimp.call("focus", title="Style Transfer$")
    styles, brushes = gimp.dialog()["styles"], gimp.dialog("brushes")
    seen = gimp.dialog("rows_in_view")
    point(gimp, field, "Style 19")
    for _ in range(3):
        gimp.hand("click", WHEEL_DOWN)
    gimp.wait(lambda: gimp.dialog("rows_in_view") != seen, LONG, "the list to scroll")
    assert (gimp.dialog()["styles"], gimp.dialog("brushes")) == (styles, brushes)


def test_changing_what_is_repainted_makes_the_former_one_a_style(gimp, picture):
    _, content, style = picture
    open_dialog(gimp)
    gimp.dialog("choose_content", layer=str(style))
    dialog = gimp.dialog()
    assert dialog["content"] == "Night wind"
    assert dialog["styles"] == [["Photograph", True, 1.0]]
    gimp.dialog("choose_content", layer=str(content))
    assert gimp.dialog()["styles"] == [["Night wind", True, 1.0]]


@pytest.mark.parametrize("keys", ["Escape", "alt+F4"])
def test_a_key_that_closes_asks_first_while_it_paints(
    gimp, unfinished, keys, pictures_of_the_screen
):
    gimp.call("focus", title="Style Transfer$")
    gimp.hand("key", keys)
    gimp.wait(lambda: gimp.dialog("question"), LONG, "the question")
    gimp.screenshot(pictures_of_the_screen / "gimp-question.png")
    assert gimp.dialog("question") == "Stop painting? What is painted so far is lost."
    gimp.dialog("answer", yes=False)
    assert gimp.dialog()["busy"], "it paints on"
    gimp.call("focus", title="Style Transfer$")
    gimp.hand("key", keys)
    gimp.wait(lambda: gimp.dialog("question"), LONG, "the question")
    gimp.dialog("answer", yes=True)
    gimp.wait(lambda: gimp.dialog("is_idle"), LONG, "its end")


def test_what_is_pressed_in_the_moment_that_painting_ends_closes_the_dialog(gimp, unfinished):
    image, _, before = unfinished
    gimp.dialog("stop_and_close")
    wait_until_closed(gimp)
    assert gimp.call("state", image=image) == before


def test_an_invalid_size_takes_the_place_of_the_estimate(gimp, picture):
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.wait(lambda: gimp.dialog()["stage"].startswith("Takes about "), LONG, "the estimate")
    gimp.dialog("set_values", values={"working-size": "12 elephants"})
    gimp.wait(lambda: "cannot be “12 elephants”" in gimp.dialog()["message"], LONG, "the sentence")


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ("alt+r", "Layer to repaint"),
        ("alt+t", "Strength"),
        ("alt+q", "Quality"),
        ("alt+s", "Presets"),
    ],
)
def test_a_field_has_a_key(gimp, picture, keys, field):
    open_dialog(gimp)
    gimp.call("focus", title="Style Transfer$")
    gimp.hand("key", keys)
    gimp.wait(lambda: gimp.dialog("focused") == field, LONG, f"the keyboard at {field}")
    gimp.hand("key", "Escape", "Escape")  # of a menu that opened


def test_the_dialog_stays_open_where_the_artist_wants_it(gimp, picture, pictures_of_the_screen):
    image, _, _ = picture
    before = gimp.call("state", image=image)
    open_dialog(gimp)
    gimp.dialog("press", button="keep open")
    gimp.dialog("tick", styles={"Night wind": 1.0})
    gimp.dialog("set_values", values=NO_CHANGE)
    for count in (1, 2):
        gimp.dialog("press", button="apply")
        gimp.wait(lambda: gimp.dialog()["stage"].startswith("Done."), LONG, "the result")
        gimp.screenshot(pictures_of_the_screen / "gimp-kept-open.png")
        after = gimp.call("state", image=image)
        assert len(after["layers"]) == len(before["layers"]) + count
        assert gimp.dialog()["content"] == "Photograph"
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)
    open_dialog(gimp)
    gimp.dialog("press", button="keep open")  # it was remembered, and is off again
    paint(gimp, {"Night wind": 1.0}, NO_CHANGE)


def test_the_dialog_of_an_unsaved_image_says_which_one(gimp, picture):
    open_dialog(gimp)
    assert gimp.dialog()["title"].startswith("[Untitled] – ")
    gimp.dialog("press", button="cancel")
    wait_until_closed(gimp)
    image, *_ = make(gimp)
    open_dialog(gimp)
    assert gimp.dialog()["title"].startswith(f"[Untitled]-{image} – ")


def test_picture_files_are_looked_for_beside_the_image(gimp, picture):
    image, _, _ = picture
    gimp.call("save_picture", image=image, path=f"{HOME}/pictures of mine/this.xcf")
    gimp.call("save_picture", image=image, path=f"{HOME}/pictures of mine/style.png")
    gimp.call("close_all")
    gimp.call("open_shown", path=f"{HOME}/pictures of mine/this.xcf")
    open_dialog(gimp)
    gimp.dialog("ask_for_file")
    expected = [f"{HOME}/pictures of mine", "Pictures"]
    gimp.wait(lambda: gimp.dialog("chooser") == expected, LONG, "the file chooser")
    gimp.dialog("choose", path=f"{HOME}/pictures of mine/style.png")
    gimp.wait(lambda: gimp.dialog("end_chooser") is None, LONG, "the click")
    gimp.wait(lambda: ["style", True, 1.0] in gimp.dialog()["styles"], LONG, "the row")


def test_about_offers_to_free_what_is_not_used(gimp, picture, old_version, pictures_of_the_screen):
    open_dialog(gimp)
    gimp.dialog("about")
    gimp.wait(lambda: "GB can be freed: older versions (0." in gimp.dialog("question"), LONG, "it")
    gimp.screenshot(pictures_of_the_screen / "gimp-about.png")
    gimp.dialog("answer", yes=False)
    assert old_version.exists()


def test_by_mouse_a_style_lies_in_the_selection_and_all_else_stays(gimp, pictures_of_the_screen):
    image, content, _ = make(gimp)
    gimp.call("select", image=image, x=0, y=0, width=48, height=80)
    open_dialog(gimp)
    gimp.dialog("tick", styles={"Night wind": 1.0})
    click(gimp, "more", "Night wind")
    gimp.hand("key", "Down", "Down", "Return")  # past "Everywhere"
    gimp.wait(lambda: gimp.dialog("said", name="Night wind") == "In the selection", LONG, "it")
    gimp.screenshot(pictures_of_the_screen / "gimp-roles.png")
    before = gimp.call("state", image=image)
    paint(gimp, {"Night wind": 1.0}, QUICK)
    (new,) = [
        each for each in gimp.call("state", image=image)["layers"] if each not in before["layers"]
    ]
    found = gimp.call("changes", one=content, other=new["id"])
    assert max(found[56:]) <= 1.01 / 255
    assert min(found[4:40]) > 1 / 255
    press(gimp, "ctrl+z")
    gimp.wait(lambda: gimp.call("state", image=image) == before, LONG, "one undo")
