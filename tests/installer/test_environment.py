"""What is looked at before an environment is made, and when it is made anew."""

import base64
import hashlib
import importlib.util

import pytest
from tests.installer.conftest import REPOSITORY

from installer import Problem, environment, project
from installer.environment import damaged_packages


def test_a_python_that_cannot_make_environments_is_told_the_package(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else real(name)
    )
    with pytest.raises(Problem, match="install python3-venv"):
        environment.check_ensurepip()


def test_too_little_space_is_said_before_anything_is_fetched(tmp_path):
    with pytest.raises(Problem, match=r"needs about 1000000.0 GB .* GB are free"):
        environment.check_space(1e6, tmp_path / "not/yet/there")


def test_only_new_requirements_make_the_environment_anew(tmp_path, monkeypatch):
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    project.copy_sources(tmp_path / "copy")
    monkeypatch.setattr(project, "ROOT", tmp_path / "copy")
    before = project.fingerprints()
    for old, new, same in (('version = "', 'version = "9', True), ('"torch>=', '"torch>=9', False)):
        assert old in text
        (tmp_path / "copy/pyproject.toml").write_text(text.replace(old, new, 1))
        after = project.fingerprints()
        assert (after["dependencies"] == before["dependencies"]) == same
        assert after["sources"] != before["sources"]


@pytest.mark.faults
def test_packages_whose_files_are_not_as_they_were_written_are_named(tmp_path):
    site = tmp_path / "lib/python3.13/site-packages"
    for name in ("whole", "cut_short", "changed", "gone", "generated"):
        (site / name).mkdir(parents=True)
        (site / f"{name}-1.0.dist-info").mkdir()
        (site / name / "a.so").write_bytes(b"machine code")
        digest = "sha256=" + base64.urlsafe_b64encode(
            hashlib.sha256(b"machine code").digest()
        ).decode().rstrip("=")
        record = f"{name}/a.so,{digest},12\n{name}-1.0.dist-info/RECORD,,\n"
        (site / f"{name}-1.0.dist-info/RECORD").write_text(record)
    assert damaged_packages(tmp_path) == []
    (site / "cut_short/a.so").write_bytes(b"machine")
    (site / "changed/a.so").write_bytes(b"machine coda")
    (site / "gone/a.so").unlink()
    (site / "generated/a.pyc").write_bytes(b"its own")
    assert damaged_packages(tmp_path) == ["changed", "cut-short", "gone"]
    assert damaged_packages(tmp_path, hashes=False) == ["cut-short", "gone"]


def test_which_torch_was_fetched_is_told_as_its_maker_names_it(tmp_path):
    for name in (
        "torch-2.13.0+rocm7.1.dist-info",
        "torchvision-0.28.0.dist-info",
        "numpy-2.dist-info",
    ):
        (tmp_path / "lib/python3.13/site-packages" / name).mkdir(parents=True)
    assert environment.builds(tmp_path) == ["torch 2.13.0+rocm7.1"]
