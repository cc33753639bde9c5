"""The presenter in a terminal: a face and a host of few lines paint with the real backend."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import third_face
from tests.conftest import REPOSITORY

from scumble.hosts.openraster import OpenRasterHost

SAMPLE = REPOSITORY / "backend/scumble_backend/sample/sample.ora"
START = "from scumble import language; language.use(['{}']); import sys, runpy;" + (
    "sys.argv = ['', {!r}]; runpy.run_path({!r}, run_name='__main__')"
)
QUICK = ("quality draft", "working_size 256", "steps 2")


@pytest.mark.parametrize(
    ("language", "done", "name"),
    [
        ("en", "Done. The new layer is “Style: Night wind”.", "Style: Night wind"),
        ("fr", "Fini : nouveau calque « Style : Night wind ».", "Style : Night wind"),
    ],
)
def test_a_layer_is_painted_from_opening_the_dialog_to_the_document(
    scumble_home, tmp_path, language, done, name
):
    path = tmp_path / "sample.ora"
    shutil.copy(SAMPLE, path)
    start = START.format(language, str(path), third_face.__file__)
    with subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", start],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    ) as terminal:  # fmt: skip
        assert terminal.stdin
        assert terminal.stdout
        terminal.stdin.write("\n".join(("tick Night wind", *QUICK, "apply", "")))
        terminal.stdin.flush()
        said = [
            line.strip().replace("\u00a0", " ") for line in until(terminal.stdout, "stage: ", name)
        ]
        terminal.stdin.close()
        terminal.stdout.read()  # to its end: what it still tells must not meet a closed pipe
    assert said[-1] == f"stage: {done}"
    layers = [layer.name.replace("\u00a0", " ") for layer in OpenRasterHost(path, path).layers()]
    assert layers == [name, "Photograph", "Night wind", "Red harbour"]
    assert terminal.returncode == 0


def until(lines, *parts: str) -> list[str]:
    """What was told, up to a line with all these parts."""
    found = []
    for line in lines:
        found.append(line)
        if all(part in line.replace("\u00a0", " ") for part in parts):
            break
    return found


def test_it_is_short():
    assert len(Path(third_face.__file__).read_text("utf-8").splitlines()) < 150
