"""A world without a screen for the presenter's tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from world import World


@pytest.fixture
def world(scumble_home, monkeypatch) -> World:
    return World(monkeypatch)
