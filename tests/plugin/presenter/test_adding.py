"""Picture files that are chosen, or dropped on the list of styles."""

import os
from pathlib import Path

import pytest
from tests.sentences import says

from scumble.presenter.adding import path_of


@pytest.fixture
def drop(world):
    """Drop these addresses, and let them be read."""
    world.presenter.look()

    def drop(*addresses: str) -> None:
        world.presenter.choosing.add_files(addresses)
        world.settle()

    return drop


def ticked(world) -> list:
    return [row.source for row in world.state.rows if row.ticked]


def picture(folder: Path, name: str) -> Path:
    path = folder / name
    path.touch()
    return path


@pytest.mark.parametrize("name", ["plain.png", "two words.png", "Öl & 墨 #1?.png", "100%.png"])
def test_a_dropped_file_becomes_a_ticked_style_whatever_its_name(world, drop, tmp_path, name):
    path = picture(tmp_path, name)
    drop(path.as_uri())
    assert ticked(world) == [path]
    assert world.state.rows[-1].name == path.stem
    assert world.state.message == ""


def test_a_name_whose_bytes_are_no_letters_names_its_file(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    assert path_of(path.as_uri()) == path


@pytest.mark.parametrize("start", ["file://", "file:", "FILE://", "file://localhost"])
def test_desktops_write_the_address_of_a_file_in_several_ways(start):
    assert path_of(f"{start}/home/a%20b.png") == Path("/home/a b.png")


def test_several_files_come_in_together_and_what_is_none_hinders_no_other(world, drop, tmp_path):
    one, two = picture(tmp_path, "one.png"), picture(tmp_path, "two.png")
    drop(one.as_uri(), (tmp_path / "gone.png").as_uri(), two.as_uri())
    assert ticked(world) == [one, two]
    assert world.state.message == "gone.png cannot be read: convert it."


def test_the_editor_is_free_between_two_files(world, tmp_path, monkeypatch):
    world.presenter.look()
    files = [picture(tmp_path, f"{number}.png") for number in range(20)]
    free, read = [], world.document.read_picture

    def reads(path):
        world.loop.soon(lambda: free.append(path))
        return read(path)

    monkeypatch.setattr(world.document, "read_picture", reads)
    world.presenter.choosing.add_files(files)
    assert (ticked(world), free) == ([], []), "whoever drops them is not held up"
    world.loop.wait(1)
    assert free == files[:1]
    world.settle()
    assert ticked(world) == files


def test_a_file_that_is_there_already_is_ticked_with_the_weight_it_had(world, drop, tmp_path):
    path = picture(tmp_path, "monet.png")
    drop(path.as_uri())
    world.presenter.choosing.set_weight(path, 3.0)
    world.presenter.choosing.tick(path, False)
    drop(path.as_uri(), path.as_uri())
    assert [(row.ticked, row.weight) for row in world.state.rows if row.is_file] == [(True, 3.0)]


def test_of_a_folder_it_is_said_what_to_do(world, drop, tmp_path):
    folder, path = tmp_path / "paintings", picture(tmp_path, "monet.png")
    folder.mkdir()
    drop(folder.as_uri(), path.as_uri())
    assert ticked(world) == [path]
    assert world.state.message == "“paintings” is a folder: open it, and take the pictures in it."


@pytest.mark.parametrize("address", [
    "https://example.org/monet.png", "smb://server/monet.png", "file://server/share/monet.png",
    "data:image/png;base64,AAAA", "some words", "", "file:", "file:///", "file:monet.png",
    "file:///a%00b.png",
])  # fmt: skip
def test_what_is_no_file_here_is_told_and_nothing_is_fetched(world, drop, monkeypatch, address):
    asked = []
    monkeypatch.setattr(world.document, "read_picture", asked.append)
    drop(address)
    assert (ticked(world), asked) == ([], [])
    assert world.state.message


def test_of_a_picture_on_a_page_of_the_web_one_sentence_says_what_to_do(world, drop):
    drop("https://example.org/monet.png")
    expected = (
        "“https://example.org/monet.png” is no file on this computer, and Scumble fetches nothing: "
        "save the picture, and take that file."
    )
    assert world.state.message == expected
    assert says(
        "“…” is no file on this computer, and Scumble fetches nothing: save the picture, and take "
        "that file."
    )
    assert says("“…” is a folder: open it, and take the pictures in it.")


def test_a_pipe_is_not_waited_for(world, drop, tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    drop((tmp_path / "pipe.png").as_uri())
    assert world.state.message.startswith("“pipe.png” is no file on this computer")


def test_of_many_that_are_none_two_are_told_and_the_others_counted(world, drop, tmp_path):
    drop(*((tmp_path / f"{number}.png").as_uri() for number in range(5)))
    assert world.state.message == (
        "0.png cannot be read: convert it. 1.png cannot be read: convert it. 3 more were left out."
    )


def test_what_went_wrong_with_files_is_over_when_the_artist_goes_on(world, drop, tmp_path):
    drop((tmp_path / "gone.png").as_uri())
    world.presenter.choosing.tick("ink", True)
    assert world.state.message == ""


def test_files_are_dropped_while_nothing_is_painted(world):
    world.ready()
    assert world.state.takes_files
    world.presenter.apply()
    assert not world.state.takes_files
    world.presenter.cancel()
    world.settle()
    assert world.state.takes_files
