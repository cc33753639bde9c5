"""What is said where the painting process is not installed."""

import pytest

from scumble import environment
from scumble.errors import StartError


@pytest.fixture
def nothing_installed(tmp_path, monkeypatch):
    monkeypatch.delenv("SCUMBLE_PYTHON", raising=False)
    monkeypatch.setenv("SCUMBLE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(environment, "__file__", str(tmp_path / "environment.py"))
    return tmp_path


def test_a_plug_in_that_can_set_it_up_says_so(nothing_installed):
    (nothing_installed / environment.PROJECT).touch()
    with pytest.raises(StartError, match="painting process is not installed") as error:
        environment.interpreter()
    assert str(error.value).endswith(
        "open the window of Scumble: Style Transfer..., which sets it up."
    )


def test_where_it_cannot_the_sentence_names_install_py(nothing_installed):
    with pytest.raises(StartError) as error:
        environment.interpreter()
    assert str(error.value).endswith("run install.py, in the folder that Scumble came in.")
