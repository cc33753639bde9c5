"""Layers of a real document, each repainted into a picture of its own by one command."""

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.backend.cli.test_batch import PATIENCE, picture, pixels, results
from tests.sentences import says

from scumble.errors import PictureError
from scumble.host import Layer
from scumble.pixels import Extent
from scumble_backend.cli import tasks
from scumble_backend.cli.commands import main

BATCH = [sys.executable, "-m", "scumble_backend", "batch"]
QUICK = ["--style", "Night", "--steps", "1", "--out", "out"]
PAINTED = {"drawing-Sky.png", "drawing-Sky-2.png", "drawing-a_b.png"}
BROKEN = b"\x89PNG\r\n\x1a\nhalf a picture"


def layer(seed, width=32, height=24):
    """A PNG; one colour for None."""
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype("u1")
    file = io.BytesIO()
    Image.fromarray(noise if seed is not None else np.full_like(noise, 90)).save(file, "PNG")
    return file.getvalue()


def drawing(path, *more, **changed):
    """Two layers called Sky, the upper in a group, with a style and a mask; more: (name, PNG) of
    layers above them all. changed: another PNG for one of them."""
    found = {"sky": layer(1), "night": layer(2), "where": layer(3), "lower": layer(4)} | changed
    above = "".join(
        f'<layer name="{name}" src="data/+{n}.png"/>' for n, (name, _) in enumerate(more)
    )
    stack = (
        f'{above}<stack name="Group"><layer name="Sky" src="data/sky.png" x="3"/></stack>'
        '<layer name="Night" src="data/night.png"/><layer name="a/b" src="data/where.png"/>'
        '<layer name="Sky" src="data/lower.png" visibility="hidden"/>'
    )
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("mimetype", b"image/openraster")
        target.writestr("stack.xml", f'<image w="48" h="32"><stack>{stack}</stack></image>')
        for name, data in [*found.items(), *((f"+{n}", data) for n, (_, data) in enumerate(more))]:
            target.writestr(f"data/{name}.png", data)
    return path


@pytest.fixture
def folder(shared_home, tmp_path, monkeypatch):
    """A folder to work in, with a document."""
    monkeypatch.chdir(tmp_path)
    drawing(tmp_path / "drawing.ora")
    picture(tmp_path / "style.png", 99)
    return tmp_path


def paint(*options, layers="all"):
    return main(["batch", "drawing.ora", "--layers", layers, *QUICK, *options])


def names(out):
    return {path.name: data for path, data in results(out).items()}


def test_each_layer_is_painted_as_stylize_paints_it_into_a_picture_of_its_name(folder, capsys):
    before = (folder / "drawing.ora").read_bytes()
    assert paint() == 0
    assert names(folder / "out").keys() == PAINTED
    assert "Painted 3 of 3 layers" in capsys.readouterr().out
    for number, name in ((2, "Sky"), (4, "a_b"), (5, "Sky-2")):
        content = ["--content", f"#{number}", "--style", "Night", "--steps", "1"]
        assert main(["stylize", "drawing.ora", *content, "-o", "alone.png"]) == 0
        assert (pixels(folder / f"out/drawing-{name}.png") == pixels(folder / "alone.png")).all()
    assert (folder / "drawing.ora").read_bytes() == before


def test_those_named_are_painted_also_groups_with_styles_and_places_of_the_document(folder):
    options = ["--where", "a/b", "--style", "style.png=0.5", "--outside", "a/b", "--keep", "#4"]
    assert paint(*options, layers="#5, Group,#5") == 0
    assert names(folder / "out").keys() == {"drawing-Sky-2.png", "drawing-Group.png"}
    alone = ["stylize", "drawing.ora", "--content", "#5", "--style", "Night", "--steps", "1"]
    assert main([*alone, *options, "-o", "alone.png"]) == 0
    assert (pixels(folder / "out/drawing-Sky-2.png") == pixels(folder / "alone.png")).all()
    assert paint(*options) == 0, "a place is not repainted"
    assert names(folder / "out").keys() == {
        "drawing-Sky-2.png", "drawing-Group.png", "drawing-Sky.png",
    }  # fmt: skip


def test_what_is_done_is_passed_over_and_what_has_changed_is_painted_anew(folder, capsys):
    paint()
    first = names(folder / "out")
    drawing(folder / "drawing.ora", ("new", layer(7)))  # each lies elsewhere in the list now
    paint()
    assert "Painted 1 of 4 layers" in capsys.readouterr().out.splitlines()[-1]
    second, new = names(folder / "out"), "drawing-new.png"
    assert second == first | {new: second[new]}
    drawing(folder / "drawing.ora", lower=layer(8))
    paint()
    third = names(folder / "out")
    assert {name for name in third if third[name] != second[name]} == {"drawing-Sky-2.png"}
    drawing(folder / "drawing.ora", lower=layer(8), night=layer(9))
    paint()
    assert "Painted 3 of 3 layers" in capsys.readouterr().out.splitlines()[-1]


def test_results_of_another_document_in_the_same_folder_are_not_written_over(folder, capsys):
    """Another name has files of its own; where they are called the same that is said."""
    paint()
    first = results(folder / "out")
    (folder / "b").mkdir()
    drawing(folder / "other.ora", sky=layer(5), lower=layer(6))
    drawing(folder / "b/drawing.ora", sky=layer(5), where=layer(7))
    assert main(["batch", "other.ora", "--layers", "all", *QUICK]) == 0
    assert first.items() <= results(folder / "out").items()
    assert len(results(folder / "out")) == 2 * len(first)
    assert main(["batch", "b/drawing.ora", "--layers", "all", *QUICK]) == 1
    assert first.items() <= results(folder / "out").items()
    summary, *failed = capsys.readouterr().out.splitlines()[-3:]
    assert "Painted 0 of 3 layers" in summary
    assert "1 were done before, 2 failed" in summary, "one layer is the same picture"
    taken = says("… is the result of another file, …: move it away, or choose another folder.")
    assert all(re.search(taken, each) for each in failed)
    assert str(folder / "drawing.ora") in failed[0]
    paint()
    assert "3 were done before" in capsys.readouterr().out
    shutil.move(folder, folder.with_name("moved"))
    os.chdir(folder.with_name("moved"))
    drawing(Path("drawing.ora"), sky=layer(8))
    assert paint() == 0
    assert "Painted 1 of 3 layers" in capsys.readouterr().out


def test_killed_it_goes_on_where_it_was(folder):
    drawing(folder / "drawing.ora", *((f"{number}", layer(number)) for number in range(20)))
    command = [*BATCH, "drawing.ora", "--layers", "all", *QUICK]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while " 9 of 23" not in process.stderr.readline():
            assert process.poll() is None
        process.kill()
    made = names(folder / "out")
    assert 7 < len(made) < 23
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    painted, before = re.findall(r"Painted (\d+) of 23.*?(\d+) were done before", done.stdout)[0]
    assert (int(painted) + int(before), int(before) >= len(made)) == (23, True)
    assert made.items() <= names(folder / "out").items()


def test_a_broken_layer_is_listed_and_the_others_are_painted(folder, capsys):
    drawing(folder / "drawing.ora", ("clear", clear()), lower=BROKEN)
    assert paint() == 1
    assert names(folder / "out").keys() == {"drawing-Sky.png", "drawing-a_b.png"}
    summary, *failed = capsys.readouterr().out.splitlines()
    assert "Painted 2 of 4 layers" in summary
    broken, empty = failed
    assert "drawing.ora, 'Sky': " in broken
    assert "damaged" in broken
    assert "drawing.ora, 'clear': " in empty
    assert "empty (all transparent)" in empty


def clear():
    file = io.BytesIO()
    Image.new("RGBA", (32, 24)).save(file, "PNG")
    return file.getvalue()


def test_frames_go_on_from_each_other_from_the_lowest_up_or_as_they_are_named(folder):
    alike = [(f"f{number}", layer(None)) for number in range(3)]
    drawing(folder / "drawing.ora", *alike)
    still = ["--painterly", "0", "--steps", "2", "--sequence"]
    rising, named = ["--out", "upwards", *still], ["--out", "named", *still]
    assert paint(*rising, layers="all") == 0
    assert paint(*named, layers="f0,f2") == 0
    assert paint("--out", "alone", "--painterly", "0", "--steps", "2", layers="f0") == 0
    first = pixels(folder / "alone/drawing-f0.png")
    assert (pixels(folder / "named/drawing-f0.png") == first).all()
    assert (pixels(folder / "named/drawing-f2.png") != first).any()
    upwards = [pixels(folder / f"upwards/drawing-f{number}.png") for number in range(3)]
    assert (upwards[0] != upwards[1]).any()
    assert (upwards[2] != first).any(), "it went on from Sky"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["drawing.ora", "--layers", "Night,Moon"],
            r"There is no layer 'Moon'\. There are #1 'Group', #2 'Sky', #3 'Night', #4 'a/b', "
            r"#5 'Sky'\.",
        ),
        (["drawing.ora", "--layers", "Sky"], "2 layers are called 'Sky': say which by #2, #5."),
        (["drawing.ora"], says("… is a document: say which of its layers by --layers.")),
        (["style.png", "--layers", "all"], says("… is a plain picture: leave --layers out.")),
        (
            ["drawing.kra", "--layers", "all"],
            says("… is its editor's own kind of document: save it as .ora there."),
        ),
        (
            ["drawing.ora", "--layers", "all", "--out", "painted.ora"],
            says("… is no folder: each layer becomes a picture of its own in one."),
        ),
        (
            ["alone.ora", "--layers", "all"],
            says("Every layer is a style or a place: name some by --layers. …"),
        ),
        (["none.ora", "--layers", "all"], "does not exist"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_painted(folder, arguments, sentence, capsys):
    with zipfile.ZipFile(folder / "alone.ora", "w") as target:
        target.writestr("mimetype", b"image/openraster")
        stack = '<stack><layer name="Night" src="data/n.png"/></stack>'
        target.writestr("stack.xml", f'<image w="48" h="32">{stack}</image>')
        target.writestr("data/n.png", layer(1))
    (folder / "drawing.kra").touch()
    assert main(["batch", *QUICK, *arguments]) == 1
    said = capsys.readouterr()
    assert re.search(sentence, said.err)
    assert len(said.err.splitlines()) == 1
    assert "Painted" not in said.out


def test_layers_are_those_of_one_document(folder, capsys):
    with pytest.raises(SystemExit):
        main(["batch", "drawing.ora", "style.png", "--layers", "all", *QUICK])
    assert "--layers are those of one document" in capsys.readouterr().err


def test_a_document_that_is_saved_meanwhile_is_read_no_further(folder):
    document = tasks.opened([folder / "drawing.ora"], folder / "out")
    task = tasks.of_layers(document, document.layers()[1:2], folder / "out")[0]
    assert task.digest() == task.digest()
    drawing(folder / "drawing.ora", ("new", layer(5)))
    with pytest.raises(PictureError, match=says("… has changed meanwhile: run it again.")):
        task.digest()


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (["Sky", "sky", "SKY-2", "Sky"], ["Sky", "sky-2", "SKY-2-2", "Sky-3"]),
        (["a/b", "a\\b", 'a"<b>'], ["a_b", "a_b-2", "a__b_"]),
        (["..", ".hidden", " ends. ", "\t"], ["layer", "hidden", "ends", "_"]),
        (["con", "COM1.old", "console"], ["_con", "_COM1.old", "console"]),
        (["caf\u00e9", "cafe\u0301"], ["caf\u00e9", "cafe\u0301-2"]),
        (["x" * 300], ["x" * 115]),
        (["夜" * 300], ["夜" * 38]),
    ],
)
def test_layers_of_any_name_have_files_of_their_own_on_every_system(called, expected):
    extent = Extent(0, 0, 1, 1)
    layers = [Layer(str(number), name, "paint", extent) for number, name in enumerate(called)]
    assert list(tasks.file_names(layers).values()) == expected
