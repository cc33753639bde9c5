"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest
from tests.sentences import says

from scumble.errors import PictureError
from scumble.hosts import files


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_is_filled_in_is_in_the_file(tmp_path):
    files.write(tmp_path / "a", lambda file: file.write(b"new"))
    assert (tmp_path / "a").read_bytes() == b"new"
    assert left_in(tmp_path) == ["a"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, error):
    def fill(file):
        file.write(b"half")
        raise error

    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises((PictureError, KeyboardInterrupt)):
        files.write(tmp_path / "a", fill)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert left_in(tmp_path) == ["a"]


@pytest.mark.faults
def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path):
    """The limit on a file's size stands in for the disk: the system refuses the same write."""
    resource = pytest.importorskip("resource", reason="Windows has no limit on file sizes")
    (tmp_path / "a").write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(PictureError, match=r"a cannot be written \(.+\): make room"):
            files.write(tmp_path / "a", lambda file: file.write(bytes(5000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "a").read_bytes() == b"old"
    assert left_in(tmp_path) == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_an_overwritten_file_keeps_its_mode(tmp_path, mode):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(mode)
    files.write(path, lambda file: file.write(b"new"))
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_a_new_file_has_the_mode_that_any_program_gives(tmp_path):
    (tmp_path / "plain").touch()
    files.write(tmp_path / "ours", lambda file: file.write(b""))
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_a_link_and_its_file_is_written(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("file")
    files.write(tmp_path / "link", lambda file: file.write(b"new"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path):
    files.write(tmp_path / ("n" * 255), lambda file: file.write(b"new"))
    assert left_in(tmp_path) == ["n" * 255]


def test_checking_leaves_nothing_behind(tmp_path):
    files.check_writable(tmp_path / "a")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("folder", "is a folder: name a file to write"),
        ("missing/a.png", "does not exist"),
        ("file/a.png", "does not exist"),
        ("n" * 300, "cannot be written"),
    ],
)
def test_a_place_that_cannot_be_written_is_said_before_the_work(tmp_path, name, sentence):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(PictureError, match=sentence):
        files.check_writable(tmp_path / name)
    with pytest.raises(PictureError, match=f"cannot be written|{sentence}"):
        files.write(tmp_path / name, lambda file: file.write(b"new"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_write_protected_file_is_left_alone(tmp_path):
    (tmp_path / "a").touch(mode=0o444)
    with pytest.raises(PictureError, match=says("… is write-protected: name another file.")):
        files.check_writable(tmp_path / "a")


def test_a_file_above_the_limit_is_not_read(tmp_path):
    (tmp_path / "a").write_bytes(bytes(100))
    assert files.read(tmp_path / "a", limit=100) == bytes(100)
    with pytest.raises(PictureError, match=says("… is larger than … MB: make it smaller.")):
        files.read(tmp_path / "a", limit=99)


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="a file of Linux's own")
def test_what_the_system_does_not_let_read_gets_a_sentence():
    sentence = says("… cannot be read (…): check its name and who may read it.")
    with pytest.raises(PictureError, match=sentence):
        files.read(Path("/proc/self/mem"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes with names")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PictureError, match=says("… …: name a picture file.")):
        files.read(tmp_path / "pipe")


def test_a_free_name_is_never_a_file_that_is_there(tmp_path):
    names = []
    for _ in range(3):
        path = files.free_name(tmp_path / "a.png")
        path.touch()
        names.append(path.name)
    assert names == ["a.png", "a-2.png", "a-3.png"]


@pytest.mark.faults
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX pipes")
@pytest.mark.parametrize("through_a_link", [False, True])
def test_a_pipe_is_not_replaced_by_a_file(tmp_path, through_a_link):
    """Nor is a device: to root -o /dev/null took the machine's own away."""
    os.mkfifo(tmp_path / "pipe")
    named = tmp_path / "named.png"
    named.symlink_to("pipe") if through_a_link else (tmp_path / "pipe").rename(named)
    before = left_in(tmp_path)
    for act in (
        files.check_writable,
        lambda path: files.write(path, lambda file: file.write(b"a")),
    ):
        with pytest.raises(PictureError, match=says("… is …: name a file to write.")):
            act(named)
    assert stat.S_ISFIFO(named.stat().st_mode)
    assert left_in(tmp_path) == before
