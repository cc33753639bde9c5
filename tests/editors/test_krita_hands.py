"""The real Krita under an artist's hands, mouse and keyboard: what the dialog does then."""

import pytest
from krita_actions import (
    LONG,
    NO_CHANGE,
    QUICK,
    activate,
    below,
    click,
    close_document_of_job,
    one_krita,
    open_dialog,
    paint,
    start_and_hold,
    start_endless,
)
from session import new_layer

pytestmark = pytest.mark.krita

running = one_krita()

LONG_NAME = (
    "A very long name of a layer, as the camera and three exports after it made it, no. 12345"
)


def ticked(krita) -> list[str]:
    return [name for name, on, _ in krita.call("dialog")["styles"] if on]


# Keys and mouse


def test_enter_finishes_a_number_and_starts_nothing_and_with_ctrl_it_paints(krita, two_layers):
    open_dialog(krita, two_layers[0])
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("set_values", values=QUICK)
    krita.call("activate_dialog")
    place = krita.call("hands.place_of_number", name="strength")
    krita.hand("mousemove", *map(str, place), "click", "--repeat", "3", "1")
    krita.hand("key", "ctrl+a")
    krita.hand("type", "42")
    krita.hand("key", "Return")
    krita.wait(lambda: krita.call("settings")["strength"] == 42, LONG, "the number")
    assert krita.call("is_idle")
    before = krita.call("state")
    krita.hand("key", "ctrl+Return")
    krita.wait(lambda: len(krita.call("state")["layers"]) == 3, LONG, "the result")
    assert new_layer(before, krita.call("state"))


def test_tab_goes_through_the_dialog_as_it_is_read(krita, two_layers):
    open_dialog(krita, two_layers[0])
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("hands.focus_first")
    stops = [krita.call("hands.focused")]
    while len(stops) < 60:
        krita.hand("key", "Tab")
        stops.append(krita.call("hands.focused"))
        if stops[-1] == stops[0]:
            break
    assert stops.pop() == stops[0], "it comes round again"
    assert [each for each in stops if not (each["usable"] and each["name"])] == [], "dead stops"
    names = [each["name"] for each in stops]
    read = [
        "Layer to repaint", "Add picture file...", "Night wind", "Weight", "Brush size", "Presets",
        "Strength", "Quality", "Advanced", "Close", "Apply",
    ]  # fmt: skip
    assert [names.index(each) for each in read] == sorted(names.index(each) for each in read)
    assert len({tuple(each["at"]) for each in stops}) == len(stops), "each once"


def test_a_click_ticks_a_row_and_a_right_click_does_not(krita, two_layers):
    open_dialog(krita, two_layers[0])
    krita.call("activate_dialog")
    place = krita.call("hands.place_of_row", name="Night wind")
    click(krita, place, 3)
    click(krita, place, 2)
    assert ticked(krita) == []
    click(krita, place)
    krita.wait(lambda: ticked(krita) == ["Night wind"], LONG, "the tick")


def test_a_picture_file_is_taken_out_of_the_list_by_hand(krita, two_layers):
    krita.call("save_picture", path="/home/artist/away.png")
    open_dialog(krita, two_layers[0])
    krita.call("add_file", path="/home/artist/away.png")
    krita.call("activate_dialog")
    krita.wait(lambda: "away" in ticked(krita), LONG, "the file")
    click(krita, krita.call("hands.place_of_row", name="away", part="remove"))
    krita.wait(lambda: "away" not in str(krita.call("dialog")["styles"]), LONG, "its end")
    open_dialog(krita, two_layers[0])
    assert "away" not in str(krita.call("dialog")["styles"]), "nor is it offered again"


# What is shown


@pytest.mark.parametrize("letters", [89, 300])
def test_long_names_leave_every_field_in_reach(krita, letters, pictures_of_the_screen):
    background = krita.call("new_document", width=96, height=80)
    open_dialog(krita, background)
    size = krita.call("dialog")["size"]
    name = (LONG_NAME * 4)[:letters].strip()
    for number in range(7):  # so many that the list has a scroll bar
        krita.call("add_layer", name=f"{number} {name}", seed=number)
    krita.wait(lambda: len(krita.call("dialog")["styles"]) == 7, LONG, "the layers")
    krita.call("tick", styles={f"{number} {name}": 1.0 for number in range(7)})
    krita.call("choose_content", name=f"3 {name}")
    krita.wait(lambda: krita.call("looks.crowded") == [], 10, "room for everything")
    assert krita.call("dialog")["size"] == size
    assert krita.call("fits_on_screen")
    krita.screenshot(pictures_of_the_screen / f"krita-long-names-{letters}.png")
    krita.call("choose_content", name="Background")
    krita.call("tick", styles={f"{number} {name}": 1.0 for number in range(3)})
    before = krita.call("state")
    paint(krita, {f"{number} {name}": 1.0 for number in range(3)}, NO_CHANGE)
    result = new_layer(before, krita.call("state"))["name"]
    assert len(result) <= 40, result
    krita.screenshot(pictures_of_the_screen / f"krita-long-result-{letters}.png")


def test_no_control_moves_when_a_message_comes_or_goes_or_painting_begins(
    krita, two_layers, pictures_of_the_screen
):
    open_dialog(krita, two_layers[0])
    krita.call("tick", styles={"Night wind": 0.0})
    before = krita.call("hands.places")
    krita.call("press_apply")
    assert "weight above 0" in krita.call("message")
    assert krita.call("hands.places") == before
    krita.screenshot(pictures_of_the_screen / "krita-message.png")
    krita.call("tick", styles={"Night wind": 1.0})
    krita.wait(lambda: not krita.call("message"), LONG, "the end of the message")
    assert krita.call("hands.places") == before
    start_endless(krita)
    during = krita.call("hands.places")
    stay = before.keys() & during.keys()
    assert len(before) - len(stay) <= 1, "only Three drafts goes"
    assert {name: during[name] for name in stay} == {name: before[name] for name in stay}
    krita.call("press_cancel")
    krita.wait(lambda: krita.call("hands.places") == before, LONG, "all at its place")


def test_a_second_try_lies_above_the_first_and_has_a_name_of_its_own(
    krita, two_layers, pictures_of_the_screen
):
    krita.call("looks.maximise")
    open_dialog(krita, two_layers[0])
    paint(krita, {"Night wind": 1.0}, QUICK)
    between = krita.call("state")
    paint(krita, {"Night wind": 1.0}, {**QUICK, "strength": 90})
    after = krita.call("state")
    second = new_layer(between, after)
    assert second["name"] == "Style 2: Night wind"
    assert below(after, second) == "Style: Night wind"
    krita.call("close_dialogs")
    krita.screenshot(pictures_of_the_screen / "krita-second-try.png")


def test_the_dialog_follows_its_document_and_its_title_names_it(
    krita, two_layers, pictures_of_the_screen
):
    background, style = two_layers
    open_dialog(krita, background)
    assert krita.call("dialog")["title"] == "test – Scumble: Style Transfer"

    def names() -> list[str]:
        return [name for name, *_ in krita.call("dialog")["styles"]]

    mosaic = krita.call("add_layer", name="Mosaic", seed=4)
    krita.wait(lambda: sorted(names()) == ["Mosaic", "Night wind"], LONG, "the new layer")
    krita.wait(lambda: krita.call("hands.has_thumbnail", name="Mosaic"), LONG, "its picture")
    krita.call("layers.rename", layer=mosaic, name="Tiles")
    krita.wait(lambda: sorted(names()) == ["Night wind", "Tiles"], LONG, "its name")
    krita.call("trigger", name="select_all_layers")
    krita.wait(
        lambda: sorted(ticked(krita)) == ["Night wind", "Tiles"], LONG, "ticked, as selected"
    )
    krita.screenshot(pictures_of_the_screen / "krita-follows.png")
    krita.call("remove_layer", layer=style)
    krita.wait(lambda: names() == ["Tiles"], LONG, "its end")
    krita.call("remove_layer", layer=background)
    krita.wait(lambda: krita.call("dialog")["content"] == "Tiles", LONG, "another to repaint")


def test_dialogs_of_documents_of_one_name_are_told_apart(krita):
    for _ in range(2):
        open_dialog(krita, krita.call("new_document", width=64, height=64))
    titles = [f"test ({number}) – Scumble: Style Transfer" for number in (1, 2)]
    krita.wait(lambda: krita.call("titles") == titles, LONG, "their titles")
    krita.call("close_document")
    krita.wait(lambda: krita.call("titles") == ["test – Scumble: Style Transfer"], LONG, "one left")


def test_the_picture_of_a_masked_layer_shows_what_the_mask_lets_through(krita, two_layers):
    _, style = two_layers
    krita.call("add_transparency_mask", layer=style)
    open_dialog(krita, style)
    assert krita.call("hands.alpha_of_preview", x=0.2, y=0.5) == 0, "hidden"
    assert krita.call("hands.alpha_of_preview", x=0.9, y=0.5) > 0


# While it paints


def test_a_stroke_under_way_goes_on_and_the_artist_stays_on_the_layer(
    krita, two_layers, pictures_of_the_screen
):
    background, style = two_layers
    start_and_hold(krita, background)
    krita.call("hide_dialog")
    krita.call("activate_window")
    activate(krita, style)
    krita.call("hands.brush")
    start, middle, end = (
        [str(each) for each in krita.call("hands.place_on_canvas", x=x, y=0.5)]
        for x in (0.46, 0.5, 0.54)
    )
    krita.hand("mousemove", *start, "mousedown", "1", "mousemove", *middle)
    krita.call("release_backend")
    krita.wait(lambda: krita.call("hands.waits_for_stroke"), LONG, "the finished picture")
    assert krita.call("hands.layer_count") == 2, "the stroke is not cut off"
    krita.screenshot(pictures_of_the_screen / "krita-stroke.png")
    krita.hand("mousemove", *end, "mouseup", "1")
    krita.wait(lambda: krita.call("hands.layer_count") == 3, LONG, "the result")
    krita.wait(lambda: not krita.call("hands.waits_for_stroke"), LONG, "the end")
    krita.wait(lambda: krita.call("active") == style, LONG, "the artist's own layer")
    krita.screenshot(pictures_of_the_screen / "krita-stroke-and-result.png")
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("hands.layer_count") == 2, LONG, "the undo")
    krita.wait(lambda: krita.call("active") == style, LONG, "the artist's own layer")


def test_krita_s_own_status_bar_tells_of_what_is_painted_and_cancels_it(
    krita, two_layers, pictures_of_the_screen
):
    open_dialog(krita, two_layers[0])
    start_endless(krita)
    assert krita.call("hands.status_bar") is None, "the dialog tells it"
    krita.call("activate_dialog")
    krita.hand("key", "Escape")
    bar = krita.wait_for("hands.status_bar")
    krita.wait(lambda: "ainting" in krita.call("hands.status_bar")["text"], LONG, "words")
    krita.screenshot(pictures_of_the_screen / "krita-status-bar.png")
    click(krita, bar["Show"])
    krita.wait(lambda: krita.call("dialog"), LONG, "the dialog")
    krita.call("activate_dialog")
    krita.hand("key", "Escape")
    click(krita, krita.wait_for("hands.status_bar")["Cancel"])
    krita.wait(lambda: krita.call("hands.status_bar") is None, LONG, "its end")
    assert krita.call("hands.layer_count") == 2


# Roles


def test_by_mouse_a_style_lies_in_the_selection_and_all_else_stays(
    krita, two_layers, pictures_of_the_screen
):
    background, _ = two_layers
    activate(krita, background)  # Krita itself ends where it is asked of a document too new
    krita.call("select", x=0, y=0, width=48, height=80)
    open_dialog(krita, background)
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("activate_dialog")
    click(krita, krita.call("hands.place_of_row", name="Night wind", part="more"))
    krita.hand("key", "Down", "Down", "Return")  # past "Everywhere"
    said = {"name": "Night wind", "part": "said"}
    krita.wait(lambda: krita.call("hands.text", **said) == "In the selection", LONG, "the place")
    krita.screenshot(pictures_of_the_screen / "krita-roles.png")
    before = krita.call("state")
    paint(krita, {"Night wind": 1.0}, QUICK)
    new = new_layer(before, krita.call("state"))
    found = krita.call("layers.changes", one=background, other=new["id"], row=40)
    assert max(found[56:]) <= 1
    assert min(found[4:40]) > 1
    krita.call("trigger", name="edit_undo")
    krita.wait(lambda: krita.call("state") == before, LONG, "one undo")


def test_a_stroke_that_krita_still_paints_is_in_the_pixels_that_are_sent(krita):
    """The hand is up, and Apply is pressed at once: a large brush takes its time."""
    background = krita.call("new_document", width=4000, height=3000)
    krita.call("activate_window")
    activate(krita, background)
    krita.call("hands.large_brush")
    places = [
        [str(each) for each in krita.call("hands.place_on_canvas", x=x / 100, y=0.5)]
        for x in range(40, 61)
    ]
    first, *others = (("mousemove", *place) for place in places)
    krita.hand(*first, "mousedown", "1", *others[0])
    krita.wait(lambda: not krita.call("hands.is_calm"), LONG, "the stroke")
    krita.hand(*(part for move in others for part in move), "mouseup", "1")
    sent = krita.call("hands.columns_sent", layer=background, row=1500)
    krita.wait(lambda: krita.call("hands.is_calm"), LONG, "the end of the stroke")
    there = krita.call("hands.columns_sent", layer=background, row=1500)
    assert len(there) > 100, "a stroke"
    assert sent == there


def test_where_its_document_is_closed_it_is_said_that_the_result_is_kept_and_krita_goes_on(
    krita, two_layers, pictures_of_the_screen
):
    close_document_of_job(krita, two_layers[0])
    krita.screenshot(pictures_of_the_screen / "krita-kept.png")
    other = krita.call("new_document", width=96, height=80)
    krita.call("add_layer", name="Night wind", seed=3)
    assert "is kept for a day" in krita.wait_for("message_box")
    open_dialog(krita, other)
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)
    assert "Style: Night wind" in krita.call("offer")
