"""The scumble command, as one runs it: what it takes, says and writes."""

import contextlib
import io
import itertools
import os
import re
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest
from PIL import Image
from tests.sentences import says

from scumble import connection, launcher
from scumble_backend.cli import commands
from scumble_backend.cli.arguments import command_line_parameters, flag
from scumble_backend.cli.commands import main

COMMAND = [sys.executable, "-m", "scumble_backend"]
RANDOM = np.random.default_rng(0)


def picture(path, width=48, height=32, mode="RGB"):
    values = RANDOM.integers(0, 256, (height, width, len(mode))).astype("u1")
    Image.fromarray(values).save(path)
    return path


def document(path):
    """A sky, and two layers of one name below it, the lower of them hidden."""
    layers = "".join(
        f'<layer name="{name}" src="data/{n}.png" x="{n}" visibility="{seen}"/>'
        for n, (name, seen) in enumerate(
            [("sky", "visible"), ("ink", "visible"), ("ink", "hidden")]
        )
    )
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("mimetype", b"image/openraster")
        target.writestr("stack.xml", f'<image w="48" h="32"><stack>{layers}</stack></image>')
        for number in range(3):
            file = io.BytesIO()
            picture(file_at := path.with_name("layer.png"), mode="RGBA")
            file.write(file_at.read_bytes())
            file_at.unlink()
            target.writestr(f"data/{number}.png", file.getvalue())
    return path


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with a photograph, two styles and a document, to work in."""
    monkeypatch.chdir(tmp_path)
    picture(tmp_path / "photo.png")
    picture(tmp_path / "a.jpg")
    picture(tmp_path / "b=2.png")
    picture(tmp_path / "large.png", width=50)
    document(tmp_path / "doc.ora")
    Image.new("RGBA", (48, 32)).save(tmp_path / "clear.png")
    return tmp_path


# Usage


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["paint"],
        ["stylize"],
        ["stylize", "photo.png", "--style", "a.jpg"],
        ["stylize", "photo.png", "--styles", "a.jpg", "-o", "out.png"],
        ["stylize", "photo.png", "--style", "a.jpg", "-o", "out.png", "--strength"],
        ["stylize", "photo.png", "--style", "a.jpg", "-o", "out.png", "--shade", "5"],
        ["stylize", "photo.png", "--style", "a.jpg", "-o", "out.png", "--stren", "5"],
        ["stylize", "photo.png", "--style", "a.jpg", "--drafts", "--estimate"],
        [
            "stylize",
            "photo.png",
            "--style",
            "a.jpg",
            "-o",
            "out.png",
            "--drafts",
            "--from",
            "a.jpg",
        ],
        ["serve", "now"],
    ],
)
def test_wrong_usage_is_exit_code_2(files, arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: scumble" in capsys.readouterr().err


@pytest.mark.parametrize("parameter", command_line_parameters(), ids=lambda each: each.name)
def test_every_parameter_is_a_flag_that_says_what_it_takes(files, parameter, capsys):
    start = ["stylize", "photo.png", "-o", "out.png", flag(parameter)]
    good = parameter.default
    good = ",".join(map(str, good)) if isinstance(good, tuple) else str(good)
    assert main([*start, good]) == 1
    assert "Name at least one style" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*start, "nonsense"])
    error = capsys.readouterr().err.splitlines()[-1]
    assert f"{parameter.label} cannot be “nonsense”: it takes {parameter.allowed()}." in error


def test_the_help_tells_every_parameter_its_range_and_its_default(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["stylize", "--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for parameter in command_line_parameters():
        assert flag(parameter) in text
        assert parameter.help in text
        assert f"{parameter.allowed()}; default" in text
    assert text.index("--seed") < text.index("for experts") < text.index("--encoder")


# Errors that need no backend


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("photo.png -o out.png", "Name at least one style"),
        ("photo.png -o out.png --style none.jpg", "The style 'none.jpg' is no picture file."),
        (
            "photo.png -o out.png --style a.jpg --from large.png",
            "large.png is 50 x 32 px, and what is repainted 48 x 32 px: name an earlier result of "
            "the same picture.",
        ),
        ("photo.png -o out.png --style a.jpg=11", "Weight cannot be “11”"),
        ("none.png -o out.png --style a.jpg", "none.png does not exist"),
        ("doc.KRA -o out.png --style a.jpg", "its editor's own kind of document: save it as .ora"),
        (". -o out.png --style a.jpg", ". is not a file"),
        ("doc.ora/x -o out.png --style a.jpg", "does not exist"),
        ("photo.png -o out.gif --style a.jpg", "does not say what to write"),
        ("photo.png -o out.ora --style a.jpg", "is no document: write a picture"),
        ("photo.png -o none/out.png --style a.jpg", "The folder none does not exist"),
        ("photo.png -o . --style a.jpg", ". is a folder"),
        ("photo.png -o out.png --content sky --style a.jpg", "has no layers"),
        ("doc.ora -o out.ora --style moon", "'moon' is neither a layer nor a picture file. There "
         "are #1 'sky', #2 'ink', #3 'ink'."),
        ("doc.ora -o out.ora --style ink", "2 layers are called 'ink': say which by #2, #3."),
        ("doc.ora -o out.ora --content moon --style a.jpg", "There is no layer 'moon'"),
        ("doc.ora -o out.gif --style sky", "does not say what to write"),
        ("photo.png --estimate", "Name at least one style"),
        ("clear.png --estimate --style a.jpg", "“clear” is empty: paint on it"),
        ("photo.png -o out.png --style a.jpg", "painting process is not installed"),
    ],
)  # fmt: skip
def test_an_error_is_one_sentence_and_exit_code_1_and_nothing_is_written(
    files, scumble_home, monkeypatch, arguments, sentence, capsys
):
    monkeypatch.setenv("SCUMBLE_PYTHON", str(files / "no-python"))
    before = {path.name: path.read_bytes() for path in files.iterdir() if path.is_file()}
    assert main(["stylize", *arguments.split()]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err.splitlines()[-1]
    assert "Traceback" not in err
    assert {path.name: path.read_bytes() for path in files.iterdir() if path.is_file()} == before


def test_of_a_document_without_layers_that_is_said(files, capsys):
    with zipfile.ZipFile("empty.ora", "w") as target:
        target.writestr("stack.xml", '<image w="48" h="32"><stack/></image>')
    assert main(["layers", "empty.ora"]) == 0
    assert capsys.readouterr().out == "The document has no layers.\n"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("photo.png", "photo.png is damaged or no OpenRaster document"),
        ("doc.kra", "doc.kra does not exist"),
        (".", ". is not a file"),
    ],
)
def test_what_has_no_layers_to_list_is_told_so(files, name, sentence, capsys):
    assert main(["layers", name]) == 1
    assert sentence in capsys.readouterr().err


def test_layers_are_listed_as_styles_and_content_name_them(files, capsys):
    assert main(["layers", "doc.ora"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "#1  'sky': paint, 48 x 32 px at 0, 0",
        "#2  'ink': paint, 48 x 32 px at 1, 0",
        "#3  'ink': paint, 48 x 32 px at 2, 0, hidden",
    ]


def test_a_name_that_no_terminal_can_show_is_no_reason_to_fail(files):
    name = os.fsdecode(b"\xff.png")
    with contextlib.suppress(OSError):  # where no file can be called so, it is missing: as good
        picture(files / "photo.png").rename(files / name)
    done = subprocess.run(
        [*COMMAND, "stylize", name, "-o", "out.png"],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "Name at least one style: --style picture.jpg.\n")


def test_without_a_backend_status_says_so_and_stop_has_nothing_to_do(scumble_home, capsys):
    assert main(["status"]) == 1
    assert main(["stop"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "The backend does not run; stylize starts it.",
        "The backend does not run.",
    ]


@pytest.mark.faults
def test_where_no_lock_can_be_had_no_backend_runs(scumble_home, capsys):
    """As on a disk that is mounted to be read only."""
    (connection.state_folder() / connection.LOCK).mkdir()
    assert main(["status"]) == 1
    assert main(["stop"]) == 0
    assert capsys.readouterr().out.count("does not run") == 2


def test_the_command_never_imports_torch(files):
    code = (
        "import sys; from scumble_backend.cli.commands import main; "
        "import scumble_backend.cli.stylize_command, scumble_backend.server.server; "
        "main(['layers', 'doc.ora']); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# The whole way, through one real backend


@pytest.fixture(scope="module")
def backend(tmp_path_factory):
    """The environment of one backend, which the first run starts and the last test's end stops."""
    home = tmp_path_factory.mktemp("home")
    environment = os.environ | {"SCUMBLE_HOME": str(home), "SCUMBLE_PYTHON": sys.executable}
    yield environment
    subprocess.run([*COMMAND, "stop"], env=environment, check=False, timeout=60)


def run(environment, *arguments) -> subprocess.CompletedProcess:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def started(environment, *arguments) -> subprocess.Popen:
    """A run that is painting by now."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if "painting, size" in line:  # "the painting process" comes before
            break
    return process


@pytest.mark.slow
def test_a_picture_is_repainted_into_another_file(files, backend):
    done = run(backend, "stylize", "photo.png", "--style", "a.jpg=2", "--style", "b=2.png=0.5",
               "--steps", 2, "-o", "out.png")  # fmt: skip
    assert (done.returncode, done.stdout[:14]) == (0, "Wrote out.png "), done.stderr
    found, photo = (np.array(Image.open(name).convert("RGB")) for name in ("out.png", "photo.png"))
    assert found.shape == photo.shape
    assert (found != photo).any()
    assert "painting" in done.stderr
    assert len(done.stderr.splitlines()) < 30


@pytest.mark.slow
def test_three_drafts_are_painted_and_one_of_them_goes_on_as_it_is_told(files, backend):
    done = run(backend, "stylize", "photo.png", "--style", "a.jpg", "--brush-size", 150,
               "--drafts", "-o", "out.png")  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = ["out-as-set.png", "out-broader-looser.png", "out-finer-closer.png"]
    assert sorted(each.name for each in files.glob("out*")) == names
    pictures = [np.array(Image.open(name)) for name in names]
    assert all((a != b).any() for a, b in itertools.pairwise(pictures))
    told = [line for line in done.stdout.splitlines() if line.startswith("To paint it to the end")]
    knobs = "--painterly 80 --brush-size 330 --seed 1 --from out-broader-looser.png"
    assert told[1] == f"To paint it to the end: {knobs}"
    done = run(backend, "stylize", "photo.png", "--style", "a.jpg", *knobs.split(),
               "-o", "onward.png")  # fmt: skip
    assert done.returncode == 0, done.stderr
    anew = knobs.partition(" --from")[0].split()
    run(backend, "stylize", "photo.png", "--style", "a.jpg", *anew, "-o", "anew.png")
    onward, anew = (np.array(Image.open(name)) for name in ("onward.png", "anew.png"))
    assert (onward != anew).any()


@pytest.mark.slow
def test_a_document_goes_on_from_a_layer_of_its_own(files, backend):
    done = run(backend, "stylize", "doc.ora", "--content", "sky", "--style", "a.jpg",
               "--from", "#2", "--steps", 1, "-o", "out.png")  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("source", ["photo.png", "doc.ora"])
def test_an_estimate_tells_time_memory_and_size_and_writes_nothing(files, backend, source):
    before = sorted(files.iterdir())
    done = run(backend, "stylize", source, "--style", "a.jpg", "--estimate")
    assert done.returncode == 0, done.stderr
    told = r"About \d+ (s|min) and 0\.\d GB of memory, of which .* GB are free; "
    told += r"painted at 48 x 32 px\."
    assert re.fullmatch(told, done.stdout.strip())
    assert sorted(files.iterdir()) == before


@pytest.mark.slow
def test_an_estimate_knows_that_a_file_has_no_result_to_go_on_from(files, backend):
    told = [
        run(backend, "stylize", "photo.png", "--style", "a.jpg", "--quality", "reference",
            "--estimate", "--init", init).stdout.partition(" of memory")[0]
        for init in ("content", "result")
    ]  # fmt: skip
    assert told[0].startswith("About ")
    assert told[0] == told[1]


@pytest.mark.slow
def test_an_estimate_of_what_would_fail_says_why(files, backend):
    done = run(backend, "stylize", "photo.png", "--style", "a.jpg", "--estimate",
               "--encoder", "vgg19")  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "VGG-19 is not on this machine" in done.stderr.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("photo.png --style a.jpg=0", "Choose at least one style, with a weight above 0."),
        ("doc.ora --content sky --style sky", "“sky” cannot be a style of itself: choose another."),
    ],
)
def test_what_the_session_refuses_is_one_sentence_too(files, backend, arguments, sentence):
    done = run(backend, "stylize", *arguments.split(), "-o", "out.png")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == sentence
    assert not (files / "out.png").exists()


@pytest.mark.slow
def test_no_steps_give_the_picture_back_in_all_its_16_bits(files, backend):
    import pyvips

    values = RANDOM.integers(0, 65536, (32, 48, 4)).astype("<u2")
    deep = pyvips.Image.new_from_array(values).copy(interpretation="rgb16")
    deep.pngsave("deep.png")
    done = run(backend, "stylize", "deep.png", "--style", "a.jpg", "--steps", 0, "-o", "out.tif")
    assert done.returncode == 0, done.stderr
    found = pyvips.Image.tiffload("out.tif").numpy()
    seen = values[..., 3] > 0  # what is below nothing is nobody's
    assert found.dtype == np.uint16
    assert (found[..., 3] == values[..., 3]).all()
    assert np.abs(found[seen].astype(int) - values[seen]).max() <= 1


@pytest.mark.slow
def test_a_documents_layer_is_repainted_by_another_into_a_new_one_above(files, backend):
    before = (files / "doc.ora").read_bytes()
    done = run(backend, "stylize", "doc.ora", "--style", "#3=2@50%", "--steps", 2, "-o", "out.ora")
    assert done.returncode == 0, done.stderr
    assert "Repainting the layer 'sky'." in done.stderr
    assert (files / "doc.ora").read_bytes() == before
    listed = run(backend, "layers", "out.ora").stdout.splitlines()
    assert [line.split(":")[0] for line in listed] == [
        "#1  'Style", "#2  'sky'", "#3  'ink'", "#4  'ink'"
    ]  # fmt: skip
    source, target = zipfile.ZipFile("doc.ora"), zipfile.ZipFile("out.ora")
    for number in range(3):
        assert target.read(f"data/{number}.png") == source.read(f"data/{number}.png")


@pytest.mark.slow
@pytest.mark.parametrize("size", ["auto", "256"])
def test_a_style_lies_where_a_mask_says_and_what_is_kept_stays(
    tmp_path, monkeypatch, backend, size
):
    """At a smaller working size, too."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    photo, style = rng.integers(0, 256, (2, 300, 400, 3), np.uint8)
    Image.fromarray(photo).save("photo.png")
    Image.fromarray(style).save("one.png")
    left = np.zeros((300, 400), np.uint8)
    left[:, :200] = 255
    Image.fromarray(left).save("left.png")
    Image.fromarray(np.pad(left[:100], ((0, 200), (0, 0)))).save("corner.png")
    places = ("--where", "left.png", "--keep", "corner.png")
    settings = ("--gives", "strokes", "--steps", 2, "--working-size", size, "-o", "out.png")
    done = run(backend, "stylize", "photo.png", "--style", "one.png", *places, *settings)
    assert done.returncode == 0, done.stderr
    changed = np.abs(np.array(Image.open("out.png").convert("RGB")).astype(int) - photo).max(2)
    assert changed[:, 208:].max() <= 1  # no style lies there
    assert changed[:92, :192].max() <= 1  # kept
    assert (changed[108:, :192] > 1).mean() > 0.9
    done = run(backend, "stylize", "photo.png", "--style", "one.png", "--along", "corner.png",
               "--steps", 2, "-o", "along.png")  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = run(backend, "stylize", "photo.png", "--where", "left.png", "--style", "one.png")
    assert (done.returncode, "name that first" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_documents_result_can_be_a_picture_and_a_file_its_style(files, backend):
    done = run(backend, "stylize", "doc.ora", "--content", "#2", "--style", "a.jpg", "--steps", 2,
               "-o", "out.webp")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert Image.open("out.webp").size == (48, 32)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there Ctrl+C goes to the whole console")
def test_ctrl_c_cancels_the_job_and_is_exit_code_130(files, backend, interruptible):
    process = started(backend, "stylize", "photo.png", "--style", "a.jpg", "--steps", 5000, "-o",
                      "out.png")  # fmt: skip
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert time.monotonic() - began < 10  # not after all of the 5000 steps
    assert (out, "Traceback" in err, (files / "out.png").exists()) == ("", False, False)
    assert "with 0 jobs" in run(backend, "status").stdout


@pytest.mark.slow
@pytest.mark.faults
def test_a_result_that_cannot_be_written_in_the_end_is_kept(files, backend):
    (files / "gone").mkdir()
    process = started(backend, "stylize", "photo.png", "--style", "a.jpg", "--steps", 60, "-o",
                      "gone/out.png")  # fmt: skip
    (files / "gone").rmdir()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    sentence = err.splitlines()[-1]
    assert sentence.startswith("gone/out.png cannot be written")
    kept = sentence.split("The result is kept in ")[1].removesuffix(".")
    assert Image.open(kept).size == (48, 32)
    assert kept.startswith(backend["SCUMBLE_HOME"])


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
@pytest.mark.parametrize("what", ["no room on the disk", "no room in memory"])
def test_where_there_is_no_room_for_a_result_or_for_its_pictures_that_is_said(
    tmp_path, scumble_home, what
):
    """In a process of its own, which may write, or hold, no more."""
    if what == "no room on the disk":
        limit, size = "FSIZE", "1"
        do = "print(stylize_command._keep(Pixels(Extent(0, 0, 9, 9), 'rgba8', bytes(324))))"
        sentence = says("Nor can it be kept elsewhere: …")
    else:
        with open(tmp_path / "vast.png", "wb") as file:
            file.truncate(2**30)
        limit, size = "AS", "psutil.Process().memory_info().vms + 2**28"
        do = "sys.exit(main('stylize vast.png --style x -o x.png'.split()))"
        sentence = says("The pictures do not fit into memory: make them smaller.")
    code = (
        "import resource, sys, psutil; from scumble.pixels import Extent, Pixels; "
        "from scumble_backend.cli import stylize_command; "
        "from scumble_backend.cli.commands import main; "
        f"resource.setrlimit(resource.RLIMIT_{limit}, ({size},) * 2); {do}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert re.search(sentence, done.stdout + done.stderr), done


@pytest.mark.faults
def test_a_backend_that_stays_though_it_was_asked_to_leave_is_told(
    scumble_home, monkeypatch, capsys
):
    with launcher.find_or_start():
        monkeypatch.setattr(commands, "LEAVING", 0.0)
        assert main(["stop"]) == 1
    said = capsys.readouterr().err
    assert re.search(
        says("The backend was asked to leave and is still there: end its process"), said
    )


@pytest.mark.slow
def test_status_tells_of_the_backend_and_stop_ends_it(files, backend):
    run(backend, "stylize", "photo.png", "--style", "a.jpg", "--steps", 0, "-o", "out.png")
    status = run(backend, "status")
    assert (status.returncode, "with 0 jobs" in status.stdout) == (0, True)
    assert run(backend, "stop").stdout == "The backend has left.\n"
    assert run(backend, "status").returncode == 1
