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


def test_the_sentence_names_install_py_by_its_path(nothing_installed):
    script = nothing_installed / "install.py"
    script.touch()
    (nothing_installed / environment.INSTALLER).write_text(str(script))
    with pytest.raises(StartError, match="painting process is not installed") as error:
        environment.interpreter()
    assert str(error.value).endswith(f"run {script}.")


def test_where_install_py_is_gone_the_sentence_says_where_it_was(nothing_installed):
    (nothing_installed / environment.INSTALLER).write_text(str(nothing_installed / "gone.py"))
    with pytest.raises(StartError) as error:
        environment.interpreter()
    assert str(error.value).endswith("run install.py, in the folder that Scumble came in.")
