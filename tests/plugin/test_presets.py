import base64
import json
import os
import subprocess
import sys
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from tests.sentences import says
from tests.strategies import damaged

from scumble import parameters, presets
from scumble.connection import state_folder
from scumble.errors import InputError, ParameterError
from scumble.pixels import Extent, Pixels


def test_a_preset_comes_back_as_it_was(scumble_home):
    presets.save("Soft", {"strength": 20.0, "layer_weights": (1, 2, 3, 4, 5)})
    presets.save("Hard", {"strength": 90.0})
    presets.delete("Hard")
    expected = parameters.check({"strength": 20.0, "layer_weights": (1, 2, 3, 4, 5)})
    assert {name: each.values for name, each in presets.load().items()} == {"Soft": expected}


def test_a_preset_of_another_version_is_left_out_and_the_others_stay(scumble_home):
    presets.save("Soft", {})
    path = state_folder() / "presets.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"Odd": {"later": 1}, "Bad": 3}))
    assert list(presets.load()) == ["Soft"]


def test_what_another_version_put_there_survives(scumble_home):
    path = state_folder() / "presets.json"
    theirs = {"Odd": {"later": 1}, "Bad": 3, "Both": {"strength": 1.0, "later": [2]}}
    path.write_text(json.dumps(theirs))
    presets.save("Both", {"strength": 20.0})
    presets.save("Mine", {})
    presets.delete("Bad")
    found = json.loads(path.read_text())
    assert found["Odd"] == {"later": 1}
    assert (found["Both"]["strength"], found["Both"]["later"]) == (20.0, [2])
    assert list(found) == ["Odd", "Both", "Mine"]


@pytest.mark.faults
@pytest.mark.parametrize("values", [[], "", 5, None, [[]], {"strength": []}, {"steps": {}}])
def test_a_preset_that_is_none_is_left_out(scumble_home, values):
    (state_folder() / "presets.json").write_text(json.dumps({"a": values}))
    presets.save("b", {})
    assert list(presets.load()) == ["b"]


def cut(path):
    path.write_bytes(path.read_bytes()[:-3])


def killed_while_writing(path):
    """What was written lies beside it, half."""
    path.with_name("presets.json.123").write_bytes(path.read_bytes()[:9])


def read_only_disk(path):
    """As far as that can be had where one is root: it can be put into no place."""
    whole = path.read_bytes()
    path.unlink()
    path.mkdir()
    with pytest.raises(InputError, match="The presets cannot be saved"):
        presets.save("New", {})
    path.rmdir()
    path.write_bytes(whole)


def full_disk(path):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(presets, "write_private", no_room)
        with pytest.raises(InputError, match="The presets cannot be saved"):
            presets.save("New", {})


def refused(path):
    with pytest.raises(ParameterError):
        presets.save("Mine", {"strength": 900})


def no_room(*_):
    raise OSError(28, "No space left on device")


DAMAGE = {
    "cut short": cut,
    "emptied by a power cut": lambda path: path.write_bytes(b""),
    "zeros after a power cut": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "of another kind": lambda path: path.write_text("[1, 2]"),
    "in another encoding": lambda path: path.write_text(path.read_text(), "utf-16"),
    "with the mark that Notepad writes": lambda path: path.write_text(
        path.read_text(), "utf-8-sig"
    ),
    "without end": lambda path: path.write_text("[" * 100_000),
    "from another version": lambda path: path.write_text(
        json.dumps(json.loads(path.read_text()) | {"Later": {"later": [1]}, "Odd": 3})
    ),
    "killed while writing": killed_while_writing,
    "read-only disk": read_only_disk,
    "full disk": full_disk,
    "a save that is refused": refused,
}

UNREADABLE = {
    "cut short", "emptied by a power cut", "zeros after a power cut", "of another kind",
    "in another encoding", "without end",
}  # fmt: skip


@pytest.mark.faults
@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_damages_the_settings_nothing_is_lost(scumble_home, damage):
    """What was there is there still, or lies aside as it was."""
    path = state_folder() / "presets.json"
    presets.save("Mine", {"strength": 20.0})
    path.write_text(json.dumps(json.loads(path.read_text()) | {"Grüße": {"later": 1}}))
    DAMAGE[damage](path)
    damaged = path.read_bytes()
    readable = presets._raw()
    assert (readable is None) == (damage in UNREADABLE)
    presets.save("New", {})
    if readable is None:
        (aside,) = path.parent.glob("presets.damaged*")
        assert aside.read_bytes() == damaged
        assert list(presets.load()) == ["New"]
    else:
        assert presets.load()["Mine"].values["strength"] == 20.0
        assert readable.items() <= json.loads(path.read_text()).items()
        assert "Grüße" in readable


@pytest.mark.faults
def test_two_editors_that_save_at_once_keep_both(scumble_home):
    code = (
        "import sys; from scumble import presets\n"
        "for n in range(40): presets.save(f'{sys.argv[1]} {n}', {})"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, name]) for name in "AB"]
    assert [each.wait(120) for each in both] == [0, 0]
    assert len(presets.load()) == 80


def test_nothing_broken_is_saved_or_deleted(scumble_home):
    with pytest.raises(ParameterError):
        presets.save("Wild", {"strength": 900})
    for name, sentence in (
        (" ", says("A preset needs a name.")),
        ("x" * 100_000, says("A preset's name has at most … letters: choose a shorter one.")),
        (presets.LAST, says("Scumble itself keeps “…”: choose another name.")),
    ):
        with pytest.raises(InputError, match=sentence):
            presets.check_name(name)
    with pytest.raises(InputError, match=says("There is no preset “…”: there are ….")):
        presets.delete("Soft")
    assert presets.load() == {}


@pytest.mark.faults
@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        (
            "presets.json",
            lambda: presets.save("a", {}),
            says("The presets cannot be saved (…): …."),
        ),
        (
            "pictures.json",
            lambda: presets.remember_pictures([]),
            says("The pictures cannot be noted (…): …."),
        ),
    ],
)
def test_what_cannot_be_written_gets_a_sentence(scumble_home, name, change, sentence):
    (state_folder() / name).mkdir()
    with pytest.raises(InputError, match=sentence):
        change()


def test_a_broken_file_is_no_presets(scumble_home):
    for text in ("{", "[" * 100_000):
        for name in ("presets.json", "pictures.json"):
            (state_folder() / name).write_text(text)
        assert presets.load() == {}
        assert presets.pictures() == []


def test_picture_files_are_remembered_while_they_are_there(scumble_home, tmp_path):
    files = [tmp_path / f"{number}.png" for number in range(presets.PICTURES + 2)]
    for path in files:
        path.touch()
        presets.remember_pictures([path])
    newest = files[:1:-1]
    assert presets.pictures() == newest
    presets.remember_pictures([newest[3]])
    assert presets.pictures()[:2] == [newest[3], newest[0]]
    newest[3].unlink()
    assert presets.pictures() == [path for path in newest if path != newest[3]]


@pytest.mark.faults
@given(damaged({"a": {"strength": 1.0, "layer_weights": [1, 2, 3, 4, 5]}, "last used": {}}))
@settings(
    deadline=None, max_examples=100, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_whatever_the_files_hold_it_can_be_read_and_written(scumble_home, text):
    for name in ("presets.json", "pictures.json"):
        (state_folder() / name).write_bytes(text)
    presets.load()
    presets.save("b", {})
    assert "b" in presets.load()
    presets.pictures()
    presets.remember_pictures([])


def test_where_a_damaged_file_was_put_is_told_once(scumble_home):
    presets.save("a", {})
    assert presets.put_aside() is None
    path = presets._file()
    for text in (b"{", b"[]"):
        path.write_bytes(text)
        aside = presets.put_aside()
        assert aside is not None
        assert aside.read_bytes() == text
        assert presets.put_aside() is None
    assert len(list(path.parent.glob("presets.damaged*"))) == 2


def test_the_newest_damaged_file_is_known_by_its_name(scumble_home):
    """A clock that was put back, or a backup, gives files any time."""
    for text in (b"{1", b"{2"):
        presets._file().write_bytes(text)
        aside = presets.put_aside()
        assert aside is not None
        assert aside.read_bytes() == text
        os.utime(aside, (2**33, 2**33))


STYLES = [{"name": "Ink", "weight": 2.0, "brush_size": 100.0}, {"file": "~/a.png", "weight": 0.5}]
PICTURE = Pixels(Extent(0, 0, 3, 2), "rgba8", bytes(range(24)))


def test_a_preset_holds_styles_and_a_picture_and_may_be_a_favourite(scumble_home):
    presets.save("Soft", {"strength": 20.0}, STYLES, PICTURE)
    presets.star("Soft", True)
    found = presets.get("Soft")
    assert (found.styles, found.picture, found.starred, found.own) == (STYLES, PICTURE, True, True)
    presets.save("Soft", {"strength": 30.0})
    again = presets.get("Soft")
    assert (again.styles, again.picture, again.starred) == (None, None, True), "of other settings"


def test_some_come_along_with_styles_and_pictures_and_are_no_ones_to_lose(scumble_home):
    found = presets.offered()
    assert len(found) >= 4
    for each in found.values():
        assert not each.own
        assert each.picture
        for style in each.styles or []:
            name = style["file"].removeprefix("scumble:")
            assert (presets.SAMPLES / name).is_file()
    name = next(iter(found))
    presets.star(name, True)
    assert presets.get(name).own
    assert presets.get(name).picture == found[name].picture
    presets.delete(name)
    assert presets.offered() == found


def test_a_file_of_presets_brings_them_to_another_computer(scumble_home, tmp_path, monkeypatch):
    presets.save("Soft", {"strength": 20.0, "layer_weights": (1, 2, 3, 4, 5)}, STYLES, PICTURE)
    presets.save("Hard", {"strength": 90.0})
    presets.save(presets.LAST, {})
    presets.star("Soft", True)
    before, path = presets.offered(), tmp_path / "mine.scumble-presets"
    presets.write_file(path)
    assert presets.read_file(path) == [], "they are there already"
    monkeypatch.setenv("SCUMBLE_HOME", str(tmp_path / "other"))
    presets.save("Hard", {"strength": 10.0})
    assert presets.read_file(path) == ["Soft", "Hard 2"], "nothing is replaced"
    found = presets.offered()
    assert found["Soft"] == before["Soft"]
    assert found["Hard"].values["strength"] == 10.0
    assert found["Hard 2"].values["strength"] == 90.0


@pytest.mark.faults
@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"presets": 3}', "[" * 100_000, '{"presets": [1]}', "\x00"]
)
def test_what_is_no_file_of_presets_is_refused(scumble_home, tmp_path, text):
    path = tmp_path / "no.scumble-presets"
    path.write_text(text)
    with pytest.raises(
        InputError, match=says("… holds no presets: choose a file that Export made.")
    ):
        presets.read_file(path)


@pytest.mark.faults
def test_of_a_strangers_file_only_what_is_sound_comes_in(scumble_home, tmp_path):
    good = parameters.defaults()
    bomb = base64.b64encode(zlib.compress(bytes(1 << 24))).decode()
    found = {
        "wild": {**good, "strength": 900}, "": good, presets.LAST: good, "odd": 3,
        "a" * 999: good,
        "styles": {**good, "styles": [3]},
        "picture": {**good, "picture": {"size": [2, 2], "data": bomb}},
        "large": {**good, "picture": {"size": [99999, 99999], "data": bomb}},
    }  # fmt: skip
    path = tmp_path / "strange.scumble-presets"
    path.write_text(json.dumps({"presets": found}))
    assert presets.read_file(path) == ["a" * presets.LONGEST, "styles", "picture", "large"]
    assert presets.get("styles").styles is None
    assert presets.get("large").picture is None


@pytest.mark.faults
def test_a_file_of_presets_that_is_out_of_reach_gets_a_sentence(scumble_home, tmp_path):
    with pytest.raises(
        InputError, match=says("The presets in … cannot be read (…): choose another file.")
    ):
        presets.read_file(tmp_path / "none")
    with pytest.raises(
        InputError, match=says("The presets cannot go to … (…): choose another folder.")
    ):
        presets.write_file(tmp_path)
