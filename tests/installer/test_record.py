"""install.json: read without trust, and by the plug-in as by the installer."""

import json

import pytest

from installer import record
from scumble import environment

BROKEN = ["", "{", "[]", "5", "[" * 100_000, "\xff"]
ODD = ["{}", '{"environment": 5}'] + [
    json.dumps({"environment": {"folder": name}})
    for name in (None, 7, "..", "/etc", "venv-2/../..", "venv-", "venv2", "venv-1\n")
]


@pytest.mark.faults
@pytest.mark.parametrize("text", BROKEN)
def test_a_record_that_is_none_is_empty(tmp_path, text):
    (tmp_path / "install.json").write_text(text, encoding="latin-1")
    assert record.read_record(tmp_path / "install.json") == {}


@pytest.mark.faults
@pytest.mark.parametrize("text", BROKEN + ODD)
def test_what_names_no_environment_of_ours_names_the_first(tmp_path, text):
    (tmp_path / "install.json").write_text(text, encoding="latin-1")
    assert record.current(tmp_path) == tmp_path / "venv" == environment.current(tmp_path)


@pytest.mark.parametrize("name", ["venv", "venv-1", "venv-17"])
def test_plug_in_and_installer_read_the_same_environment(tmp_path, name):
    (tmp_path / "install.json").write_text(json.dumps({"environment": {"folder": name}}))
    assert record.current(tmp_path) == tmp_path / name == environment.current(tmp_path)
    assert record.installed(tmp_path) == {"folder": name} == environment.installed(tmp_path)


def test_a_new_environment_gets_a_number_of_its_own(tmp_path):
    assert record.next_environment(tmp_path).name == "venv-1"
    for name in ("venv", "venv-9", "venv-10", "venv.old", "weights"):
        (tmp_path / name).mkdir()
    assert record.next_environment(tmp_path).name == "venv-11"
    assert len(record.environments(tmp_path)) == 3
