import json

import pytest

from scumble import parameters, presets
from scumble.connection import state_folder
from scumble.errors import InputError, ParameterError


def test_a_preset_comes_back_as_it_was(scumble_home):
    presets.save("Soft", {"strength": 20.0, "layer_weights": (1, 2, 3, 4, 5)})
    presets.save("Hard", {"strength": 90.0})
    presets.delete("Hard")
    expected = parameters.check({"strength": 20.0, "layer_weights": (1, 2, 3, 4, 5)})
    assert presets.load() == {"Soft": expected}


def test_a_preset_of_another_version_is_left_out_and_the_others_stay(scumble_home):
    presets.save("Soft", {})
    path = state_folder() / "presets.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"Odd": {"later": 1}, "Bad": 3}))
    assert list(presets.load()) == ["Soft"]


def test_nothing_broken_is_saved_or_deleted(scumble_home):
    with pytest.raises(ParameterError):
        presets.save("Wild", {"strength": 900})
    with pytest.raises(InputError, match="name"):
        presets.save(" ", {})
    with pytest.raises(InputError, match="no preset"):
        presets.delete("Soft")
    assert presets.load() == {}


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
