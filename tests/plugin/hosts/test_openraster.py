"""A document's layers are read as they lie, and a result becomes one more of them.

Documents are put together with zipfile and Pillow, and read again with both.
"""

import contextlib
import io
import json
import random
import struct
import time
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image
from tests.sentences import says

from scumble.errors import InputError, LayerError, PictureError
from scumble.host import NewLayer
from scumble.hosts.openraster import OpenRasterHost
from scumble.pixels import Extent, Pixels

RANDOM = np.random.default_rng(0)
SIZE = (40, 30)  # px, of every document


def noise(width: int = 20, height: int = 10) -> np.ndarray:
    return RANDOM.integers(0, 256, (height, width, 4)).astype("u1")


def png(values: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    return file.getvalue()


def deep_png(values: np.ndarray) -> bytes:
    """16-bit RGBA, which Pillow cannot write."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    height, width, _ = values.shape
    lines = b"".join(b"\0" + row.tobytes() for row in values.astype(">u2").reshape(height, -1))
    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 0)
    ends = chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + ends


def document(path, stack: str, parts: dict[str, bytes], **image):
    """An OpenRaster document; image: more attributes of the whole."""
    width, height = SIZE
    attributes = {"w": width, "h": height} | image
    head = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("mimetype", b"image/openraster")
        target.writestr("stack.xml", f"<image {head}>\n{stack}\n</image>")
        for name, data in parts.items():
            target.writestr(name, data, zipfile.ZIP_DEFLATED)
    return path


TOP, MIDDLE, BOTTOM, INSIDE = noise(), noise(12, 25), noise(*SIZE), noise(9, 9)
PARTS = {
    "data/top.png": png(TOP),
    "data/middle.png": png(MIDDLE),
    "data/bottom.png": png(BOTTOM),
    "data/inside.png": png(INSIDE),
    "mergedimage.png": png(noise(*SIZE)),
    "Thumbnails/thumbnail.png": png(noise()),
    "extra/notes.txt": b"of another program",
}
STACK = """<stack>
  <layer name="top" src="data/top.png" x="-5" y="3" opacity="0.5"/>
  <layer name="style" src="data/middle.png" visibility="hidden"/>
  <stack name="group" opacity="0.25">
    <layer name="inside" src="data/inside.png" x="30" y="25" theirs="kept"/>
    <layer name="style" src="data/middle.png" x="2" y="1"/>
  </stack>
  <layer name="photo" src="data/bottom.png"/>
</stack>"""


def opened(path, output=None, told=None) -> OpenRasterHost:
    tell = [] if told is None else [lambda progress: None, told.append]
    return OpenRasterHost(path, output or path.with_name("out.ora"), *tell)


@pytest.fixture
def plain(tmp_path):
    return document(tmp_path / "plain.ora", STACK, PARTS)


def array(pixels: Pixels) -> np.ndarray:
    _, _, width, height = pixels.extent
    kind = {"rgba8": "u1", "rgba16": "<u2"}[pixels.format]
    return np.frombuffer(pixels.data, kind).reshape(height, width, 4)


def pixels(values: np.ndarray, x: int, y: int) -> Pixels:
    height, width, _ = values.shape
    kind = {1: "rgba8", 2: "rgba16"}[values.dtype.itemsize]
    return Pixels(Extent(x, y, width, height), kind, values.tobytes())


def over(below: np.ndarray, above: np.ndarray, x: int, y: int, opacity: float = 1) -> np.ndarray:
    """One picture over another at x, y; both 0..1, the formula of Porter and Duff."""
    canvas = np.zeros_like(below)
    top, left = max(0, y), max(0, x)
    part = above[top - y : below.shape[0] - y, left - x : below.shape[1] - x]
    canvas[top : top + part.shape[0], left : left + part.shape[1]] = part
    alpha = canvas[..., 3:] * opacity
    total = alpha + below[..., 3:] * (1 - alpha)
    colour = canvas[..., :3] * alpha + below[..., :3] * below[..., 3:] * (1 - alpha)
    return np.concatenate([colour / np.maximum(total, 1e-9), total], -1)


def assert_looks_like(found: np.ndarray, expected: np.ndarray):
    """The same within two roundings, seen through alpha. found: 0..255; expected: 0..1."""
    found = found / 255
    difference = found[..., :3] * found[..., 3:] - expected[..., :3] * expected[..., 3:]
    assert np.abs(difference).max() < 2 / 255
    assert np.abs(found[..., 3] - expected[..., 3]).max() < 2 / 255


# Reading


def test_layers_are_listed_topmost_first_with_places_and_sizes(plain):
    assert [(e.id, e.name, e.kind, e.extent, e.visible) for e in opened(plain).layers()] == [
        ("0", "top", "paint", (-5, 3, 20, 10), True),
        ("1", "style", "paint", (0, 0, 12, 25), False),
        ("2", "group", "group", (2, 1, 37, 33), True),
        ("2/0", "inside", "paint", (30, 25, 9, 9), True),
        ("2/1", "style", "paint", (2, 1, 12, 25), True),
        ("3", "photo", "paint", (0, 0, 40, 30), True),
    ]


@pytest.mark.parametrize(
    ("layer", "expected"), [("0", TOP), ("1", MIDDLE), ("2/0", INSIDE), ("3", BOTTOM)]
)
def test_a_layers_own_pixels_are_read_whatever_its_opacity(plain, layer, expected):
    found = opened(plain).read(layer)
    assert found.format == "rgba8"
    assert (array(found) == expected).all()


def test_a_part_of_a_layer_lies_where_it_lies_in_the_document(plain):
    found = opened(plain).read("0", Extent(0, 0, 8, 6))
    assert found.extent == (0, 3, 8, 3)
    assert (array(found) == TOP[:3, 5:13]).all()


def test_a_group_reads_as_its_children_over_each_other_without_its_opacity(plain):
    found = opened(plain).read("2")
    canvas = over(np.zeros((33, 37, 4)), MIDDLE / 255, 0, 0)
    assert found.extent == (2, 1, 37, 33)
    assert_looks_like(array(found), over(canvas, INSIDE / 255, 28, 24))


def test_a_part_of_a_group_is_that_part(plain):
    host = opened(plain)
    whole, part = host.read("2"), host.read("2", Extent(5, 6, 10, 11))
    assert part.extent == (5, 6, 10, 11)
    assert (array(part) == array(whole)[5:16, 3:13]).all()


def test_16_bits_are_kept_and_make_a_group_deep(tmp_path):
    values = RANDOM.integers(0, 65536, (10, 20, 4)).astype("<u2")
    parts = {"deep.png": deep_png(values), "flat.png": png(noise())}
    stack = '<stack><stack><layer src="deep.png"/><layer src="flat.png"/></stack></stack>'
    host = opened(document(tmp_path / "a.ora", stack, parts))
    assert (array(host.read("0/0")) == values).all()
    assert host.read("0").format == "rgba16"
    assert host.read("0/1").format == "rgba8"


@pytest.mark.parametrize(
    ("stack", "active"),
    [
        (STACK, "top"),
        (STACK.replace('name="photo"', 'name="photo" selected="true"'), "photo"),
        (STACK.replace('name="group"', 'name="group" selected="true"'), "top"),
        (STACK.replace('name="top"', 'name="top" visibility="hidden"'), "inside"),
        ("<stack/>", None),
    ],
)
def test_the_active_layer_is_the_selected_one_or_the_topmost_that_shows(tmp_path, stack, active):
    found = opened(document(tmp_path / "a.ora", stack, PARTS)).active_layer()
    assert (found and found.name) == active


# Writing


@pytest.mark.parametrize("above", ["0", "1", "2", "2/0", "2/1", "3"])
def test_the_result_is_a_layer_right_above_and_nothing_else_changes(plain, above):
    host, result = opened(plain), noise(11, 7)
    before = {layer.id: layer for layer in host.layers()}
    host.insert(NewLayer(pixels(result, 4, -2), "Style: a & <b>", above))
    assert host.written == plain.with_name("out.ora")
    grown = opened(host.output)
    new, old = grown.layers()[list(before).index(above)], grown.layers()
    assert (new.id, new.name, new.extent) == (above, "Style: a & <b>", (4, -2, 11, 7))
    assert (array(grown.read(above)) == result).all()
    assert [each.name for each in old if each != new] == [each.name for each in before.values()]
    source, target = zipfile.ZipFile(plain), zipfile.ZipFile(host.output)
    assert target.testzip() is None
    kept = [name for name in PARTS if "data/" in name or "extra/" in name]
    assert [target.read(name) for name in kept] == [source.read(name) for name in kept]
    first = target.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
    assert host.output.read_bytes()[30:54] == b"mimetypeimage/openraster"


def test_unknown_attributes_and_elements_stay(plain):
    host = opened(plain)
    host.insert(NewLayer(pixels(noise(), 0, 0), "new", "2/0"))
    root = ElementTree.fromstring(zipfile.ZipFile(host.output).read("stack.xml"))
    assert [each.get("theirs") for each in root.iter("layer")].count("kept") == 1
    assert len(list(root.iter("layer"))) == 6


def test_the_merged_image_and_the_thumbnail_show_the_result(plain):
    host, result = opened(plain), noise(11, 7)
    host.insert(NewLayer(pixels(result, 4, -2), "new", "3"))
    group = over(np.zeros((30, 40, 4)), MIDDLE / 255, 2, 1)
    group = over(group, INSIDE / 255, 30, 25)
    whole = over(np.zeros((30, 40, 4)), BOTTOM / 255, 0, 0)
    whole = over(whole, result / 255, 4, -2)
    whole = over(whole, group, 0, 0, 0.25)
    whole = over(whole, TOP / 255, -5, 3, 0.5)
    target = zipfile.ZipFile(host.output)
    merged = Image.open(io.BytesIO(target.read("mergedimage.png")))
    assert (merged.size, merged.mode) == (SIZE, "RGBA")
    assert_looks_like(np.array(merged), whole)
    thumbnail = Image.open(io.BytesIO(target.read("Thumbnails/thumbnail.png")))
    assert thumbnail.size == SIZE


def test_a_thumbnail_has_at_most_256_pixels_a_side(tmp_path):
    parts = {"a.png": png(noise(800, 400))}
    path = document(tmp_path / "a.ora", '<stack><layer src="a.png"/></stack>', parts, w=800, h=400)
    host = opened(path)
    host.insert(NewLayer(host.read("0"), "new", "0"))
    data = zipfile.ZipFile(host.output).read("Thumbnails/thumbnail.png")
    assert Image.open(io.BytesIO(data)).size == (256, 128)


def test_a_16_bit_result_is_written_in_16_bits(plain):
    values = RANDOM.integers(0, 65536, (10, 20, 4)).astype("<u2")
    host = opened(plain)
    host.insert(NewLayer(pixels(values, 0, 0), "deep", "0"))
    assert (array(opened(host.output).read("0")) == values).all()
    target = zipfile.ZipFile(host.output)
    assert target.read("data/scumble-1.png")[24] == target.read("mergedimage.png")[24] == 16


def test_results_pile_up_under_names_of_their_own(plain):
    for number in range(3):
        host = opened(plain, output=plain)
        host.insert(NewLayer(pixels(noise(), 0, 0), f"take {number}", "0"))
    names = [layer.name for layer in opened(plain).layers()]
    assert names[:4] == ["take 2", "take 1", "take 0", "top"]
    parts = zipfile.ZipFile(plain).namelist()
    assert len(parts) == len(set(parts))
    assert {f"data/scumble-{n}.png" for n in (1, 2, 3)} < set(parts)


def test_the_document_is_only_written_to_where_the_output_is_its_name(plain):
    before = plain.read_bytes()
    host = opened(plain)
    host.insert(NewLayer(host.read("3"), "new", "3"))
    assert plain.read_bytes() == before
    assert sorted(each.name for each in plain.parent.iterdir()) == ["out.ora", "plain.ora"]


def test_a_picture_as_output_takes_the_result_alone(plain):
    host, result = opened(plain, plain.with_name("out.png")), noise()
    host.insert(NewLayer(pixels(result, 3, 4), "new", "0"))
    assert (np.array(Image.open(plain.with_name("out.png"))) == result).all()


def test_a_document_saved_meanwhile_is_not_touched_and_the_result_lies_beside(plain):
    told = []
    host = opened(plain, output=plain, told=told)
    document(plain, "<stack/>", {"by": b"the artist"})
    saved = plain.read_bytes()
    assert not host.is_there("0")
    host.set_aside(pixels(TOP, 0, 0), "new")
    assert plain.read_bytes() == saved
    assert host.written == plain.with_name("plain.png")
    assert (np.array(Image.open(plain.with_name("plain.png"))) == TOP).all()
    assert "has changed meanwhile" in told[0]


def test_what_the_artist_saves_while_the_result_is_put_in_is_not_overwritten(tmp_path):
    parts = {"good.png": png(TOP), "a.png": b"broken, so that something is said just before"}
    path = document(tmp_path / "a.ora", LAYER.format("a.png"), parts)

    def save(message):
        document(path, LAYER.format("a.png"), parts | {"by": b"the artist"})

    host = OpenRasterHost(path, path, lambda progress: None, save)
    with pytest.raises(PictureError, match="has changed meanwhile"):
        host.insert(NewLayer(pixels(TOP, 0, 0), "new", "1"))
    assert zipfile.ZipFile(path).read("by") == b"the artist"
    assert list(tmp_path.iterdir()) == [path]


def test_a_document_deleted_meanwhile_is_not_there(plain):
    host = opened(plain)
    assert host.is_there("0")
    assert not host.is_there("9")
    plain.unlink()
    assert not host.is_there("0")


def test_names_of_any_script_survive(plain):
    name = json.loads('"\\u65e5\\u672c\\u3000\\ud83c\\udfa8 <\\"&\'>"')
    host = opened(plain)
    host.insert(NewLayer(pixels(noise(), 0, 0), name, "0"))
    assert opened(host.output).layers()[0].name == name


# Unfriendly documents


LAYER = '<stack><layer name="a" src="{}"/><layer name="good" src="good.png"/></stack>'


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def claims(width: int, height: int) -> bytes:
    """A PNG whose header says another size."""
    data = bytearray(png(noise()))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


@pytest.mark.parametrize(
    ("src", "data", "sentence"),
    [
        ("a.png", None, says("… lacks …: use another copy of the document.")),
        ("a.png", b"", says("The layer “…” is damaged (no PNG): use another copy.")),
        ("a.png", b"GIF89a" + bytes(99), r"“a” is damaged \(no PNG\)"),
        ("a.png", half(png(noise())), "“a” of .* is damaged"),
        (
            "a.png",
            claims(0, 10),
            says("The layer “…”: The picture is empty (0 x 10 px): choose"),
        ),
        ("a.png", claims(20_000, 20_000), "“a”: The picture is too large .* 16384 x 16384 px"),
        ("a.png", claims(500, 500), "“a” of .* is damaged"),
        ("a.png", png(noise()) + bytes(20 << 20), "unpacks to far more"),
        ("a.svg", b"<svg/>", says("The layer “…” is no picture of pixels: flatten it first.")),
        ("../a.png", png(noise()), says("The layer “…” points outside of its document: refused.")),
        ("/etc/a.png", png(noise()), "“a” points outside"),
        (r"..\a.png", png(noise()), "“a” points outside"),
        ("", None, "“a” is no picture of pixels"),
    ],
)
def test_a_bad_layer_is_one_sentence_and_the_others_are_as_good_as_before(
    tmp_path, src, data, sentence
):
    parts = {"good.png": png(TOP)} | ({} if data is None else {src: data})
    told = []
    host = opened(document(tmp_path / "a.ora", LAYER.format(src), parts), told=told)
    with pytest.raises(InputError, match=sentence) as caught:
        host.read("0")
    assert "\n" not in str(caught.value)
    assert (array(host.read("1")) == TOP).all()
    host.insert(NewLayer(pixels(TOP, 0, 0), "new", "1"))
    assert [layer.name for layer in opened(host.output).layers()] == ["a", "new", "good"]
    assert "stays as it was" in told[0]
    kept = zipfile.ZipFile(host.output)
    assert data is None or kept.read(src) == data


def test_a_document_without_a_table_of_contents_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.ora", "w") as target:
        target.writestr("mimetype", b"image/openraster")
    with pytest.raises(PictureError, match=r"lacks 'stack\.xml'"):
        opened(tmp_path / "a.ora")


@pytest.mark.parametrize("size", [(20_000, 20_000), (0, 5), (-1, 5), ("x", 5)])
def test_a_document_of_an_impossible_size_is_refused(tmp_path, size):
    with pytest.raises(PictureError):
        opened(document(tmp_path / "a.ora", STACK, PARTS, w=size[0], h=size[1]))


def test_layers_far_apart_make_no_picture_of_a_group(tmp_path):
    stack = '<stack><stack><layer src="a.png" x="-900000"/><layer src="a.png"/></stack></stack>'
    host = opened(document(tmp_path / "a.ora", stack, {"a.png": png(TOP)}))
    with pytest.raises(PictureError, match="too large"):
        host.read("0")


def test_many_huge_layers_are_not_shown_at_once_and_the_result_is_written_all_the_same(tmp_path):
    """Each claims 16000 x 16000 px and would unpack to that; twenty together are too many."""
    layers = '<layer name="vast" src="vast.png"/>' * 20 + '<layer name="a" src="a.png"/>'
    parts = {"a.png": png(TOP), "vast.png": claims(16_000, 16_000)}
    told = []
    host = opened(document(tmp_path / "a.ora", f"<stack>{layers}</stack>", parts), told=told)
    host.insert(NewLayer(host.read("20"), "new", "20"))
    assert "too many to show at once" in told[0]
    assert (array(opened(host.output).read("20")) == TOP).all()


def test_an_empty_group_has_no_picture(tmp_path):
    host = opened(document(tmp_path / "a.ora", "<stack><stack/></stack>", {}))
    with pytest.raises(PictureError, match="is empty"):
        host.read("0")


def test_a_part_beside_the_layer_is_empty(plain):
    with pytest.raises(PictureError, match="is empty"):
        opened(plain).read("0", Extent(1000, 1000, 5, 5))


def test_a_layer_that_does_not_exist_is_gone(plain):
    with pytest.raises(LayerError, match="The layer is gone: choose another"):
        opened(plain).read("7/7")


@pytest.mark.parametrize("output", ["out.xyz", "out", "out.gif"])
def test_an_output_of_another_kind_is_refused_at_once(plain, output):
    with pytest.raises(PictureError, match="does not say what to write"):
        opened(plain, output=plain.with_name(output))


@pytest.mark.faults
def test_a_full_disk_while_writing_leaves_the_document_as_it_was(plain):
    resource = pytest.importorskip("resource", reason="Windows has no limit on file sizes")
    host, before = opened(plain, output=plain), plain.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))
    try:
        with pytest.raises(PictureError, match=r"plain\.ora cannot be written"):
            host.insert(NewLayer(pixels(TOP, 0, 0), "new", "0"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert plain.read_bytes() == before
    assert list(plain.parent.iterdir()) == [plain]


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(4))
def test_random_damage_is_a_document_or_a_sentence_and_nothing_else(plain, seed):
    chance, valid = random.Random(seed), plain.read_bytes()
    damaged = plain.with_name("damaged.ora")
    for _ in range(60):
        data = bytearray(valid)
        for _ in range(chance.randint(1, 5)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        damaged.write_bytes(data)
        began = time.monotonic()
        with contextlib.suppress(InputError):
            host = opened(damaged)
            layers = host.layers()
            for layer in layers:
                host.read(layer.id)
            host.insert(NewLayer(pixels(TOP, 0, 0), "new", layers[-1].id))
            opened(host.output)
        assert time.monotonic() - began < 10
        assert damaged.read_bytes() == data
