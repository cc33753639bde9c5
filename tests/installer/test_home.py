"""Scumble's folder lies where the plug-in looks for it."""

import sys

import pytest

from installer.home import home, read_record
from scumble import connection


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("chosen", ["", "somewhere"])
def test_home_is_where_the_plugin_looks(monkeypatch, platform, chosen):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    monkeypatch.setenv("SCUMBLE_HOME", chosen)
    assert home() == connection.home()


@pytest.mark.faults
@pytest.mark.parametrize("text", ["", "{", "[]", "5", "[" * 100_000, "\xff"])
def test_a_record_that_is_none_is_empty(tmp_path, text):
    (tmp_path / "install.json").write_text(text, encoding="latin-1")
    assert read_record(tmp_path / "install.json") == {}
