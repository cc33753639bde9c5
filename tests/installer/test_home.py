"""Scumble's folder lies where the plug-in looks for it."""

import sys

import pytest

from installer.home import home
from scumble import connection


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("chosen", ["", "somewhere"])
def test_home_is_where_the_plugin_looks(monkeypatch, platform, chosen):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    monkeypatch.setenv("SCUMBLE_HOME", chosen)
    assert home() == connection.home()
