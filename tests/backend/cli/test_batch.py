"""Many pictures by one command, in a real backend: ended at any time, it goes on."""

import json
import random
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from tests.sentences import says

from scumble_backend.cli import records
from scumble_backend.cli.commands import main

BATCH = [sys.executable, "-m", "scumble_backend", "batch"]
QUICK = ["--style", "style.png", "--out", "out", "--steps", "1"]
MANY, KILLED, CORRUPT = 200, 10, 10  # pictures, times, and of so many pictures one
PATIENCE = 600.0  # s


def picture(path, seed=0, width=32, height=24):
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype("u1")
    Image.fromarray(values).save(path)
    return path


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


@pytest.fixture
def folder(shared_home, tmp_path, monkeypatch):
    """A folder to work in: three pictures in `in`, one of them a folder deeper, and a style."""
    monkeypatch.chdir(tmp_path)
    picture(tmp_path / "style.png", 99)
    for number, name in enumerate(["a.png", "b.jpg", "deep/c.png"]):
        picture(tmp_path / "in" / name, number)
    return tmp_path


def results(out):
    """{path: (bytes, when it was made)} of what lies there and is not hidden."""
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in out.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.parts)
    }


def test_a_folder_is_painted_into_another_as_it_is_made(folder, capsys):
    assert main([*BATCH[3:], "in", *QUICK]) == 0
    made = results(folder / "out")
    assert {str(path.relative_to(folder / "out")) for path in made} == {
        "a.png", "b.jpg", "deep/c.png",
    }  # fmt: skip
    assert np.abs(pixels(folder / "out/a.png") - pixels(folder / "in/a.png")).mean() > 2
    assert "Painted 3 of 3 pictures" in capsys.readouterr().out


def test_each_is_painted_as_stylize_paints_it(folder):
    main([*BATCH[3:], "in", *QUICK])
    alone = ["stylize", "in/a.png", "--style", "style.png", "--steps", "1", "-o", "alone.png"]
    assert main(alone) == 0
    assert (pixels(folder / "out/a.png") == pixels(folder / "alone.png")).all()


def test_what_is_done_is_passed_over_and_what_has_changed_is_painted_anew(folder, capsys):
    main([*BATCH[3:], "in", *QUICK])
    first = results(folder / "out")
    assert main([*BATCH[3:], "in", *QUICK]) == 0
    assert results(folder / "out") == first
    assert "3 were done before" in capsys.readouterr().out
    picture(folder / "in/a.png", 7)
    (folder / "out/b.jpg").unlink()
    main([*BATCH[3:], "in", *QUICK])
    second = results(folder / "out")
    changed = {path.name for path in second if second[path] != first[path]}
    assert changed == {"a.png", "b.jpg"}
    main([*BATCH[3:], "in", *QUICK, "--seed", "3"])
    assert all(results(folder / "out")[path] != second[path] for path in second)
    picture(folder / "style.png", 100)
    main([*BATCH[3:], "in", *QUICK, "--seed", "3"])
    assert capsys.readouterr().out.splitlines()[-1].startswith("Painted 3 of 3")


def test_results_among_the_pictures_are_not_painted_again(folder, capsys):
    options = [*QUICK, "--out", "in/painted"]
    main([*BATCH[3:], "in", *options])
    main([*BATCH[3:], "in", *options])
    assert "Painted 0 of 3 pictures" in capsys.readouterr().out.splitlines()[-1]


def test_a_file_of_the_artists_own_is_not_written_over(folder, capsys):
    mine = picture(folder / "out/a.png", 5).read_bytes()
    assert main([*BATCH[3:], "in", *QUICK]) == 1
    assert (folder / "out/a.png").read_bytes() == mine
    said = capsys.readouterr().out
    taken = says(
        "… is there already, and no result of this command: move it away, or choose another folder."
    )
    assert re.search(taken, said)
    assert "Painted 2 of 3" in said


def test_a_result_changed_by_the_artist_is_not_written_over(folder):
    main([*BATCH[3:], "in", *QUICK])
    mine = picture(folder / "out/a.png", 5).read_bytes()
    assert main([*BATCH[3:], "in", *QUICK, "--seed", "1"]) == 1
    assert (folder / "out/a.png").read_bytes() == mine


def test_a_result_of_a_picture_elsewhere_of_that_name_is_not_written_over(folder, capsys):
    main([*BATCH[3:], "in", *QUICK])
    first = results(folder / "out")
    picture(folder / "card/a.png", 7)
    picture(folder / "card/d.png", 8)
    assert main([*BATCH[3:], "card", *QUICK]) == 1
    assert first.items() <= results(folder / "out").items()
    said = capsys.readouterr().out
    assert "Painted 1 of 2" in said
    assert f"card/a.png: out/a.png is the result of another file, {folder / 'in/a.png'}: " in said
    picture(folder / "in/a.png", 7)
    main([*BATCH[3:], "in", *QUICK])
    assert "Painted 1 of 3" in capsys.readouterr().out


@pytest.mark.parametrize("written", ["record", "part"])
def test_killed_between_record_and_result_it_is_painted_and_the_former_replaced(folder, written):
    """The record of a result that never came, over a result of other settings."""
    main([*BATCH[3:], "in", *QUICK])
    before = results(folder / "out")
    (record,) = [
        path
        for path in (folder / "out" / records.RECORDS).glob("*.json")
        if json.loads(path.read_text())["result"]
        == records.digest((folder / "out/a.png").read_bytes())
    ]
    held = json.loads(record.read_text())
    planned = held | {"origin": "other", "result": "never came", "former": held["result"]}
    if written == "record":
        record.write_text(json.dumps(planned))
    else:
        (folder / "out" / records.RECORDS / "part").write_bytes(b"half")
        (folder / "out/a.png").unlink()
    assert main([*BATCH[3:], "in", *QUICK]) == 0
    after = results(folder / "out")
    assert {path: data for path, (data, _) in after.items()} == {
        path: data for path, (data, _) in before.items()
    }
    assert not (folder / "out" / records.RECORDS / "part").exists()


def test_two_batches_do_not_paint_into_one_folder_at_once(folder, capsys):
    (folder / "out" / records.RECORDS).mkdir(parents=True)
    with records.held(folder / "out"):
        assert main([*BATCH[3:], "in", *QUICK]) == 1
    busy = says("Another `scumble batch` paints into …: wait until it is done.")
    assert re.search(busy, capsys.readouterr().err)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["in", "--out", "out"], "Name at least one style: --style picture.jpg."),
        (["in", *QUICK, "--style", "none.png"], says("The style … is …")),
        (
            ["style.png", "in/../style.png", *QUICK],
            says(
                "Two pictures would be painted into …: give them or their folders names of their "
                "own, or paint them into two folders."
            ),
        ),
        (["nowhere.png", *QUICK], "does not exist: name a picture file"),
        (
            ["in", *QUICK, "--out", "in"],
            says("… holds the pictures themselves: name another folder."),
        ),
        (
            ["empty", *QUICK],
            says("There is no picture in …: name pictures, or folders of them."),
        ),
        (
            ["in", *QUICK, "--out", "style.png"],
            says("… cannot be written (…): make room, or name another place."),
        ),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_painted(folder, arguments, sentence, capsys):
    (folder / "empty").mkdir()
    assert main([*BATCH[3:], *arguments]) == 1
    said = capsys.readouterr()
    assert re.search(sentence, said.err)
    assert "Painted" not in said.out


def test_folders_of_the_same_files_go_into_folders_of_their_own(folder):
    picture(folder / "more/a.png", 4)
    assert main([*BATCH[3:], "in", "more", *QUICK]) == 0
    assert {str(path.relative_to(folder / "out")) for path in results(folder / "out")} == {
        "in/a.png", "in/b.jpg", "in/deep/c.png", "more/a.png",
    }  # fmt: skip


def test_frames_go_on_from_the_result_before_in_the_order_of_their_names(folder, capsys):
    for number in (10, 9, 1):
        picture(folder / f"frames/f{number}.png")  # all alike
    options = ["frames", "--style", "style.png", "--steps", "2", "--painterly", "0"]
    main([*BATCH[3:], *options, "--out", "alone"])
    main([*BATCH[3:], *options, "--out", "moving", "--sequence"])
    alone, moving = (
        [pixels(folder / where / f"f{number}.png") for number in (1, 9, 10)]
        for where in ("alone", "moving")
    )
    assert (alone[0] == moving[0]).all()
    assert (alone[1] == alone[0]).all()
    assert (moving[1] != moving[0]).any()  # it went on
    assert (moving[2] != moving[1]).any()
    picture(folder / "frames/f9.png", 3)  # what is behind it goes on from another
    main([*BATCH[3:], *options, "--out", "moving", "--sequence"])
    assert "Painted 2 of 3 pictures" in capsys.readouterr().out.splitlines()[-1]


def test_killed_ten_times_each_is_painted_once_and_none_is_damaged(folder):
    chance, corrupt = random.Random(0), set()
    for number in range(MANY):
        path = picture(folder / f"many/{number:03}.png", number)
        if number % CORRUPT == 3:
            path.write_bytes(path.read_bytes()[: 50 + number])
            corrupt.add(path.name)
    command, seen = [*BATCH, "many", *QUICK], {}
    for _ in range(KILLED):
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            for _ in range(chance.randrange(5, 40)):
                process.stderr.readline()
            process.send_signal(signal.SIGKILL)
            process.stderr.read()
        for path, made in results(folder / "out").items():
            Image.open(path).load()
            assert seen.setdefault(path, made) == made, "it was painted twice"
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert seen.items() <= results(folder / "out").items()
    names = {path.name for path in results(folder / "out")}
    assert names == {f"{number:03}.png" for number in range(MANY)} - corrupt
    summary, *reasons = done.stdout.splitlines()
    painted, before = map(
        int, re.findall(r"Painted (\d+) of 200 pictures.*?(\d+) were done before", summary)[0]
    )
    assert painted + before == MANY - len(corrupt)
    assert before >= len(seen)
    assert len(reasons) == len(corrupt)
    assert all("damaged" in reason or "is not a PNG" in reason for reason in reasons)
