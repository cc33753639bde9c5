"""The zip of a document: parts within limits, the others copied as they are packed."""

import contextlib
import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings, strategies
from tests.sentences import says

from scumble.errors import PictureError
from scumble.hosts.archive import Archive

BOMB = 50 << 20  # bytes of zeros, which pack to a thousandth


def zip_of(path, parts: dict[str, bytes], mimetype: bytes | None = b"image/openraster"):
    with zipfile.ZipFile(path, "w") as target:
        if mimetype is not None:
            target.writestr("mimetype", mimetype)
        for number, (name, data) in enumerate(parts.items()):
            packing = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)[number % 3]
            target.writestr(name, data, packing)
    return path


def packed(path) -> dict[str, bytes]:
    """Every part's packed bytes, found by the format's own offsets."""
    data = path.read_bytes()
    found = {}
    for info in zipfile.ZipFile(path).infolist():
        name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
        start = info.header_offset + 30 + name + extra
        found[info.filename] = data[start : start + info.compress_size]
    return found


def copied(source, path):
    with Archive(source) as archive, zipfile.ZipFile(path, "w") as target:
        archive.copy(target, leave_out=frozenset({"left"}))
        target.writestr("added", b"new")
    return path


def test_parts_are_copied_as_they_are_packed(tmp_path):
    parts = {f"data/{n}.bin": bytes([n]) * 5000 for n in range(7)} | {"ü/日本": b"x", "left": b""}
    source = zip_of(tmp_path / "a.ora", parts)
    target = copied(source, tmp_path / "b.ora")
    expected = packed(source)
    del expected["left"]
    assert packed(target) == expected | {"added": b"new"}
    assert zipfile.ZipFile(target).testzip() is None
    assert zipfile.ZipFile(target).namelist()[0] == "mimetype"


def test_parts_written_to_a_pipe_whose_sizes_follow_them_are_copied(tmp_path):
    class Pipe(io.RawIOBase):
        def __init__(self, file):
            self.file = file

        def writable(self):
            return True

        def write(self, data):
            return self.file.write(data)

    source = tmp_path / "a.ora"
    with open(source, "wb") as file, zipfile.ZipFile(Pipe(file), "w") as target:
        target.writestr("mimetype", b"image/openraster")
        target.writestr("a", b"abc" * 1000, zipfile.ZIP_DEFLATED)
    assert zipfile.ZipFile(source).getinfo("a").flag_bits & 8
    found = zipfile.ZipFile(copied(source, tmp_path / "b.ora"))
    assert found.testzip() is None
    assert found.read("a") == b"abc" * 1000


def test_a_damaged_part_that_nobody_asks_for_is_copied_too(tmp_path):
    source = zip_of(tmp_path / "a.ora", {"a": b"a picture of a cat"})
    source.write_bytes(source.read_bytes().replace(b"cat", b"dog"))
    with Archive(source) as archive, pytest.raises(PictureError, match="Bad CRC"):
        archive.read("a", 100)
    assert packed(copied(source, tmp_path / "b.ora"))["a"] == b"a picture of a dog"


def test_a_part_that_unpacks_beyond_its_limit_is_refused_before_it_does(tmp_path):
    source = zip_of(tmp_path / "a.ora", {"a": b"", "bomb": bytes(BOMB)})
    assert source.stat().st_size < BOMB / 100
    with Archive(source) as archive:
        assert archive.head("bomb", 10) == bytes(10)
        with pytest.raises(PictureError, match="unpacks to far more"):
            archive.read("bomb", BOMB - 1)


def test_a_part_that_lies_about_its_size_is_damaged(tmp_path):
    source = zip_of(tmp_path / "a.ora", {"a": b"", "bomb": bytes(BOMB)})
    size = struct.pack("<I", BOMB)
    source.write_bytes(source.read_bytes().replace(size, struct.pack("<I", 1000)))
    with Archive(source) as archive, pytest.raises(PictureError, match="damaged"):
        archive.read("bomb", 2000)


@pytest.mark.security
@pytest.mark.parametrize("limit", [2000, BOMB])
def test_of_a_part_that_lies_no_more_is_unpacked_than_it_declares(tmp_path, limit):
    source = zip_of(tmp_path / "a.ora", {"a": b"", "bomb": bytes(BOMB)})
    size = struct.pack("<I", BOMB)
    source.write_bytes(source.read_bytes().replace(size, struct.pack("<I", 1000)))
    tracemalloc.start()
    with Archive(source) as archive, pytest.raises(PictureError, match="damaged"):
        archive.read("bomb", limit)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.security
@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("part", ["mimetype", "bomb"])
def test_packings_that_unpack_without_bounds_are_refused(tmp_path, packing, part):
    with zipfile.ZipFile(tmp_path / "a.ora", "w") as target:
        target.writestr(part, b"image/openraster" + bytes(1000), packing)
    with pytest.raises(PictureError, match="packed in a way"), Archive(tmp_path / "a.ora") as found:
        found.read("bomb", 2000)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.ora", b"", "is damaged or no OpenRaster document"),
        ("a.ora", b"PK\3\4" + bytes(100), "is damaged or no OpenRaster document"),
        ("a.ora", b"\x89PNG\r\n\x1a\n" + bytes(100), "is damaged or no OpenRaster document"),
        ("missing.ora", None, "does not exist"),
        (".", None, "is not a file"),
    ],
)
def test_what_is_no_zip_is_said_in_one_sentence(tmp_path, name, data, sentence):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(PictureError, match=sentence) as caught:
        Archive(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_document_of_another_editor_is_named(tmp_path):
    source = zip_of(tmp_path / "a.ora", {}, mimetype=b"application/x-krita")
    with pytest.raises(
        PictureError,
        match=says("is no OpenRaster document but …: save it as .ora"),
    ):
        Archive(source)


def test_a_document_without_a_mimetype_is_read(tmp_path):
    with Archive(zip_of(tmp_path / "a.ora", {"a": b"x"}, mimetype=None)) as archive:
        assert archive.read("a", 1) == b"x"


def test_a_part_that_is_missing_is_named(tmp_path):
    source = zip_of(tmp_path / "a.ora", {})
    with Archive(source) as archive, pytest.raises(PictureError, match=r"lacks 'stack\.xml'"):
        archive.read("stack.xml", 1)


def test_parts_that_share_their_bytes_are_no_way_to_a_larger_copy(tmp_path):
    """A zip may list one part a thousand times; copying them all would fill the disk."""
    source = zip_of(tmp_path / "a.ora", {"a": bytes(100_000)})
    with zipfile.ZipFile(source, "a") as target:
        info = target.getinfo("a")
        for number in range(1000):
            twin = zipfile.ZipInfo(f"b{number}")
            for each in ("CRC", "compress_size", "file_size", "header_offset"):
                setattr(twin, each, getattr(info, each))
            target.filelist.append(twin)
        target.comment = b"changed"  # so that the list is written again
    with pytest.raises(PictureError, match="list of parts cannot be true"):
        Archive(source)


@pytest.fixture(scope="module")
def bomb(tmp_path_factory) -> bytes:
    """A zip with parts small and large."""
    path = tmp_path_factory.mktemp("bomb") / "a.ora"
    return zip_of(path, {"a": b"abc", "bomb": bytes(BOMB)}).read_bytes()


SIZES = strategies.integers(0, 2**32 - 1) | strategies.sampled_from([0, 1, 1000, BOMB])


@pytest.mark.security
@given(
    name=strategies.sampled_from(["stack.xml", "bomb", "a", "mimetype"]),
    place=strategies.sampled_from(
        [(b"PK\1\2", 20), (b"PK\1\2", 24), (b"PK\3\4", 18), (b"PK\3\4", 22)]
    ),
    which=strategies.integers(0, 3),
    size=SIZES,
    limit=strategies.sampled_from([0, 100, 2000]),
)
@settings(deadline=None, max_examples=60, database=None)
def test_whatever_sizes_a_zip_claims_there_is_a_sentence_and_no_more_memory(
    tmp_path_factory, bomb, name, place, which, size, limit
):
    source, data = tmp_path_factory.getbasetemp() / "lies.ora", bytearray(bomb)
    head, offset = place
    at = [found for found in range(len(data)) if data[found : found + 4] == head]
    where = at[which % len(at)] + offset
    data[where : where + 4] = struct.pack("<I", size)
    source.write_bytes(data)
    tracemalloc.start()
    with contextlib.suppress(PictureError), Archive(source) as archive:
        archive.head(name, 100)
        archive.read(name, limit)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
