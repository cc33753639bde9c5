"""This folder: what is copied out of it, and fingerprints of that."""

import hashlib
import re
import shutil
from pathlib import Path

from installer import Problem

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("scumble", "scumble_backend")
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "plugin", "backend")  # all that a build reads
NOT_SOURCES = ("__pycache__", "*.pyc", "*.egg-info", "build")


def dependencies():
    """What pyproject.toml says that the project needs."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = project.partition("\ndependencies = [")[2].partition("\n]")[0]
    return re.findall(r'^ +"(.+?)"', listed, re.M)


def fingerprints(*extras):
    """Two hashes: of what is to be downloaded, and of all that is copied."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"^\w+ = \[.*?\]$", project.partition("[project]")[2], re.M | re.S)
    needs = "".join(each for each in lists if each.split()[0] in ("dependencies", *extras))
    sources = hashlib.sha256()
    for path in source_files():
        sources.update(f"{path.relative_to(ROOT).as_posix()}\0{sha256(path)}\0".encode())
    needs = hashlib.sha256(needs.encode()).hexdigest()
    return {"dependencies": needs, "sources": sources.hexdigest()}


def version():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return re.findall(r'^version = "(.+)"$', project, re.M)[0]


def source_files():
    for name in SOURCES:
        path = ROOT / name
        if path.is_file():
            yield path
        elif not path.is_dir():
            raise Problem(f"{path} is missing: this copy of Scumble is not whole, get a new one.")
        yield from folder_files(path)


def folder_files(folder):
    """The sources below a folder, in an order that is the same on every system."""
    for below in sorted(folder.rglob("*"), key=lambda path: path.as_posix()):
        if below.is_file() and not any(
            Path(part).match(pattern)
            for part in below.relative_to(folder).parts
            for pattern in NOT_SOURCES
        ):
            yield below


def copy_sources(target):
    target.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns(*NOT_SOURCES))
        else:
            shutil.copy(ROOT / name, target)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
