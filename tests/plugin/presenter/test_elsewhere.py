"""Where it is painted: here, or on another computer."""

import pytest

from scumble import backends
from scumble.connection import Connection, state_folder
from scumble.presenter import menus


@pytest.fixture
def text(world):
    keys = ("S" * 40, "C" * 40, "s" * 40)
    about = {"pid": 0, "started": 0.0, "version": "", "name": "studio"}
    return backends.as_text(Connection("tcp://192.168.1.5:27182", *keys, **about))


def lines(world) -> dict[str, menus.Item]:
    """Of the menu, by what they say."""
    return {each.words: each for each in menus.of_presets(world.presenter)}


def press(world, line: str) -> None:
    act = lines(world)[line].act
    assert act
    act()
    world.settle()


def paste(world, text: str) -> None:
    press(world, "Another Computer...")
    world.face.named.pop()(text)
    world.settle()


def test_pictures_stay_here_unless_another_computer_is_asked_for(world):
    assert world.state.private == "Your pictures stay on this computer."
    assert "Paint on This Computer" not in lines(world)
    world.running()
    assert world.backend.opened[-1].where == ""


def test_what_is_pasted_paints_from_now_on_and_that_is_said(world, text):
    paste(world, text)
    assert world.state.private == "Your pictures are sent to “studio”, encrypted."
    assert lines(world)["Paint on “studio”"].ticked
    assert not lines(world)["Paint on This Computer"].ticked
    world.running()
    assert world.backend.opened[-1].where == "studio"
    assert world.backend.most == 1


def test_one_click_leads_here_again(world, text):
    paste(world, text)
    press(world, "Paint on This Computer")
    assert world.state.private == "Your pictures stay on this computer."
    world.running()
    assert world.backend.opened[-1].where == ""
    assert backends.find(None) is None


def test_it_is_remembered_for_the_next_dialog(world, text):
    backends.add(text)
    backends.choose("studio")
    assert world.state.private == "Your pictures stay on this computer."  # until it is looked at
    world.presenter.look()
    world.settle()
    assert world.state.private == "Your pictures are sent to “studio”, encrypted."


def test_what_the_dialog_says_holds_though_another_window_chose_meanwhile(world, text):
    backends.add(text)
    backends.choose("studio")
    world.running()
    assert world.state.private == "Your pictures stay on this computer."
    assert world.backend.opened[-1].where == ""


def test_while_a_picture_is_painted_it_cannot_be_changed(world, text):
    backends.add(text)
    world.running()
    press(world, "Paint on “studio”")
    assert "A picture is being painted" in world.state.message
    assert backends.find(None) is None
    assert world.backend.most == 1


def test_what_is_no_key_is_said_and_changes_nothing(world):
    paste(world, "Dear friend")
    assert "This is no key of Scumble's" in world.state.message
    assert backends.known() == {}


def test_a_damaged_file_is_said_and_the_menu_still_opens(world, text):
    backends.add(text)
    (state_folder() / "backends.json").write_text("{")
    world.presenter.look()
    assert "is damaged: delete it, and add other computers again" in world.state.message
    assert "Paint on “studio”" not in lines(world)


def test_one_that_was_removed_meanwhile_is_said_at_apply(world, text):
    paste(world, text)
    backends.remove("studio")
    world.finding()
    world.settle()
    assert "There is no other computer “studio”" in world.state.message
    assert not world.state.busy


def test_about_says_where_pictures_go(world, text, monkeypatch):
    from scumble import setup
    from scumble.disk import Disk

    monkeypatch.setattr(setup, "about", lambda folder: ("0.2.0", Disk(5)))
    paste(world, text)
    world.presenter.about.show()
    world.settle()
    said = world.state.message or world.face.asked.pop()[0]
    assert "Your pictures are sent to “studio”, encrypted." in said
