"""Picture files become straight RGBA in sRGB, in their own depth, and back.

Pillow writes and reads what it can; for 16 bits and float, TIFFs and PNGs are put together here.
"""

import contextlib
import io
import random
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms
from tests.sentences import says

from scumble.errors import InputError, PictureError
from scumble.host import NewLayer
from scumble.hosts import pictures
from scumble.pixels import Extent, Pixels

RANDOM = np.random.default_rng(0)
TYPES = {"rgba8": "u1", "rgba16": "<u2", "rgbaf32": "<f4"}


def array(pixels: Pixels) -> np.ndarray:
    """Pixels as an array, (height, width, 4)."""
    _, _, width, height = pixels.extent
    return np.frombuffer(pixels.data, TYPES[pixels.format]).reshape(height, width, 4)


def pixels(values: np.ndarray, format: str) -> Pixels:
    height, width, _ = values.shape
    return Pixels(Extent(0, 0, width, height), format, values.astype(TYPES[format]).tobytes())


def noise(channels: int, top: int = 256) -> np.ndarray:
    found = RANDOM.integers(0, top, (17, 23, channels)).astype("u1" if top == 256 else "<u2")
    return found if channels > 1 else found[..., 0]


def png(values: np.ndarray) -> bytes:
    """A PNG by hand: any depth; grey, grey and alpha, RGB or RGBA."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    values = values[..., None] if values.ndim == 2 else values
    height, width, channels = values.shape
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    depth = 8 * values.dtype.itemsize
    rows = values.astype(values.dtype.newbyteorder(">")).reshape(height, -1).view("u1")
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    ends = chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + ends


def tiff(values: np.ndarray, extra: int | None = None, photometric: int | None = None) -> bytes:
    """A TIFF by hand: one strip, any numpy type. extra: 1 premultiplied, 2 straight alpha."""
    values = values[..., None] if values.ndim == 2 else values
    height, width, channels = values.shape
    kind = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    photometric = (2 if channels > 2 else 1) if photometric is None else photometric
    entries = [
        (256, [width]), (257, [height]), (258, [8 * values.dtype.itemsize] * channels),
        (259, [1]), (262, [photometric]), (273, [8]), (277, [channels]), (278, [height]),
        (279, [values.nbytes]), (339, [kind] * channels),
    ]  # fmt: skip
    if extra is not None:
        entries.insert(-1, (338, [extra]))
    data = b"II*\0" + struct.pack("<I", 8 + values.nbytes) + values.tobytes()
    table, outside = b"", b""
    after = len(data) + 2 + 12 * len(entries) + 4
    for tag, numbers in entries:
        if len(numbers) == 1:
            table += struct.pack("<HHII", tag, 4, 1, numbers[0])
        elif len(numbers) == 2:
            table += struct.pack("<HHIHH", tag, 3, 2, *numbers)
        else:
            table += struct.pack("<HHII", tag, 3, len(numbers), after + len(outside))
            outside += struct.pack(f"<{len(numbers)}H", *numbers)
    return data + struct.pack("<H", len(entries)) + table + bytes(4) + outside


def saved(image: Image.Image, format: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def decoded(data: bytes, tmp_path) -> Pixels:
    path = tmp_path / "picture"
    path.write_bytes(data)
    return pictures.read(path)


def opaque(values: np.ndarray) -> np.ndarray:
    top = np.iinfo(values.dtype).max
    return np.concatenate([values, np.full_like(values[..., :1], top)], -1)


def grey_to_rgb(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[..., None], 3, -1)


# Reading


@pytest.mark.parametrize(
    ("file", "mode"),
    [(file, mode) for file in ("PNG", "TIFF") for mode in ("RGB", "RGBA", "L", "LA", "P", "1")]
    + [("WEBP", "RGB"), ("WEBP", "RGBA")],
)
def test_every_kind_of_picture_reads_as_pillow_reads_it(file, mode, tmp_path):
    image = Image.fromarray(noise(3 if mode == "P" else 4)).convert(mode)
    data = saved(image, file, **({"lossless": True, "exact": True} if file == "WEBP" else {}))
    found = decoded(data, tmp_path)
    assert found.format == "rgba8"
    assert (array(found) == np.array(image.convert("RGBA"))).all()


def test_a_palette_with_a_transparent_colour_keeps_it(tmp_path):
    image = Image.fromarray(noise(3)).quantize(16)
    data = saved(image, "PNG", transparency=3)
    expected = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))
    assert (array(decoded(data, tmp_path)) == expected).all()
    assert (expected[..., 3] == 0).any()


def test_jpeg_reads_as_pillow_reads_it_within_a_rounding(tmp_path):
    data = saved(Image.fromarray(noise(3)), "JPEG", quality=95, subsampling=0)
    expected = np.array(Image.open(io.BytesIO(data)).convert("RGBA")).astype(int)
    assert np.abs(array(decoded(data, tmp_path)) - expected).max() <= 2


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("make", [png, tiff])
@pytest.mark.parametrize("top", [256, 65536])
def test_every_bit_of_a_16_bit_picture_is_kept(make, channels, top, tmp_path):
    values = noise(channels, top)
    data = tiff(values, extra=2) if make is tiff and channels in (2, 4) else make(values)
    found = decoded(data, tmp_path)
    colour = values if channels > 2 else grey_to_rgb(values if channels == 1 else values[..., 0])
    expected = colour if channels == 4 else opaque(colour)
    if channels == 2:
        expected[..., 3] = values[..., 1]
    assert found.format == ("rgba8" if top == 256 else "rgba16")
    assert np.abs(array(found).astype(int) - expected).max() == 0


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_float_is_linear_light_and_becomes_the_srgb_curve(channels, tmp_path):
    values = RANDOM.random((17, 23, channels)).astype("<f4")
    found = decoded(tiff(values, extra=2 if channels == 4 else None), tmp_path)
    colour = np.repeat(values, 3, -1) if channels == 1 else values[..., :3]
    curve = np.where(colour <= 0.0031308, 12.92 * colour, 1.055 * colour ** (1 / 2.4) - 0.055)
    assert found.format == "rgbaf32"
    assert np.abs(array(found)[..., :3] - curve).max() < 1e-5
    assert (array(found)[..., 3] == (values[..., 3] if channels == 4 else 1)).all()


def test_what_is_no_number_in_a_float_picture_does_not_spread(tmp_path):
    values = np.full((4, 4, 3), 0.5, "<f4")
    values[0, :3] = [[np.nan] * 3, [np.inf] * 3, [-np.inf] * 3]
    assert np.isfinite(array(decoded(tiff(values), tmp_path))).all()


def test_premultiplied_alpha_becomes_straight(tmp_path):
    values = np.array([[[100, 50, 0, 128]]], "u1")
    found = array(decoded(tiff(values, extra=1), tmp_path))[0, 0]
    assert np.abs(found - np.array([100 * 255 / 128, 50 * 255 / 128, 0, 128])).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_a_picture_stands_upright_as_its_tag_says(orientation, file, tmp_path):
    image = Image.new("RGB", (48, 32), "white")
    image.paste("red", (0, 0, 16, 16))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(image, file, exif=exif, **({"quality": 100} if file == "JPEG" else {}))
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # the table of EXIF 2.3 in Pillow's words
    upright = image.transpose(Image.Transpose(turns[orientation])) if orientation > 1 else image
    found = array(decoded(data, tmp_path))[..., :3].astype(int)
    assert found.shape[:2] == (upright.height, upright.width)
    assert np.abs(found - np.array(upright)).mean() < 8


def profile_of(gamma: float, wide: bool = False) -> bytes:
    """A matrix profile (ICC.1, 8.3.3): primaries of sRGB or turned by one, and a power curve."""

    def fixed(number: float) -> bytes:
        return struct.pack(">i", round(number * 65536))

    columns = [(0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139)]
    columns = columns[1:] + columns[:1] if wide else columns
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = [(b"wtpt", b"XYZ " + bytes(4) + b"".join(map(fixed, (0.9642, 1.0, 0.8249))))]
    tags += [
        (name, b"XYZ " + bytes(4) + b"".join(map(fixed, column)))
        for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)
    ]
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    text = b"text" + bytes(4) + b"none\0\0\0\0"
    tags += [
        (b"cprt", text),
        (b"desc", b"desc" + bytes(4) + struct.pack(">I", 2) + b"x\0" + bytes(80)),
    ]
    table, data = struct.pack(">I", len(tags)), b""
    for name, body in tags:
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(data), len(body))
        data += body + bytes(-len(body) % 4)
    head = bytearray(128)
    head[0:4] = struct.pack(">I", 128 + len(table) + len(data))
    head[8:12], head[12:24] = b"\2\x40\0\0", b"mntrRGB XYZ "
    head[36:40] = b"acsp"
    head[68:80] = b"".join(map(fixed, (0.9642, 1.0, 0.8249)))
    return bytes(head) + table + data


@pytest.mark.parametrize("file", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_an_embedded_profile_is_converted_to_srgb(file, tmp_path):
    """Channels that the profile turns by one come back turned, through the linear curve."""
    image = Image.new("RGB", (32, 32), (55, 0, 0))
    options = {"lossless": True} if file == "WEBP" else {}
    options |= {"quality": 100} if file == "JPEG" else {}
    data = saved(image, file, icc_profile=profile_of(1.0, wide=True), **options)
    red, green, blue, alpha = array(decoded(data, tmp_path))[16, 16]
    linear = 55 / 255
    assert abs(int(green) - round(255 * (1.055 * linear ** (1 / 2.4) - 0.055))) <= 2
    assert max(red, blue) <= 8
    assert alpha == 255


@pytest.mark.parametrize(("kind", "top"), [("rgb16", 65535), ("scrgb", 1)])
def test_a_profile_is_converted_in_every_depth_and_leaves_alpha_alone(kind, top, tmp_path):
    values = (RANDOM.random((17, 23, 4)) * top).astype("u2" if top > 1 else "f4")
    image = pyvips.Image.new_from_array(values).copy(interpretation=kind)
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile_of(1.0))
    found = decoded(image.tiffsave_buffer(), tmp_path)
    linear = values[..., :3] / top
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert found.format == ("rgba16" if top > 1 else "rgbaf32")
    assert np.abs(array(found)[..., 3] - values[..., 3]).max() <= top * 2e-5
    assert np.abs(array(found)[..., :3] / top - curve).max() < 1 / 255


def test_the_profile_of_srgb_changes_next_to_nothing(tmp_path):
    values = noise(4)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = array(decoded(saved(Image.fromarray(values), "PNG", icc_profile=srgb), tmp_path))
    assert np.abs(found.astype(int) - values).max() <= 1


@pytest.mark.parametrize("profile", [b"nonsense", profile_of(1.0)[:200], bytes(128)])
def test_a_broken_profile_counts_as_none(profile, tmp_path):
    values = noise(3)
    found = decoded(saved(Image.fromarray(values), "PNG", icc_profile=profile), tmp_path)
    assert (array(found) == opaque(values)).all()


@pytest.mark.parametrize("file", ["JPEG", "TIFF"])
def test_cmyk_becomes_colours_of_the_same_hue(file, tmp_path):
    image = Image.new("CMYK", (64, 16))
    for place, ink in enumerate([(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255)]):
        image.paste(ink, (16 * place, 0, 16 * place + 16, 16))
    found = array(decoded(saved(image, file), tmp_path))[8, 8::16].astype(int)
    cyan, magenta, yellow, black = found
    assert cyan[0] < 90 < 140 < min(cyan[1:3])
    assert magenta[1] < 90 < 120 < min(magenta[0], magenta[2])
    assert yellow[2] < 90 < 190 < min(yellow[:2])
    assert black[:3].max() < 70
    assert (found[:, 3] == 255).all()


# Writing


SUFFIXES = list(pictures.WRITABLE)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".tiff"])
@pytest.mark.parametrize(("format", "top"), [("rgba8", 256), ("rgba16", 65536)])
def test_what_is_written_is_read_again_to_the_bit(suffix, format, top, tmp_path):
    values = noise(4, top)
    path = tmp_path / f"a{suffix}"
    assert pictures.write(pixels(values, format), path) == []
    found = pictures.read(path)
    assert found.format == format
    assert (array(found) == values).all()


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
def test_pillow_reads_what_is_written(suffix, tmp_path):
    values = np.kron(noise(4)[:4, :4], np.ones((16, 16, 1), "u1"))
    pictures.write(pixels(values, "rgba8"), tmp_path / f"a{suffix}")
    found = np.array(Image.open(tmp_path / f"a{suffix}").convert("RGBA")).astype(int)
    assert (found[..., 3] == values[..., 3]).all()
    assert np.abs(found - values).mean() < (6 if suffix == ".webp" else 1e-9)


def test_a_16_bit_png_says_so_in_its_header(tmp_path):
    pictures.write(pixels(noise(4, 65536), "rgba16"), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes()[24] == 16


def test_float_goes_out_as_linear_light_and_comes_back(tmp_path):
    values = RANDOM.random((17, 23, 4)).astype("<f4")
    pictures.write(pixels(values, "rgbaf32"), tmp_path / "a.tif")
    found = pictures.read(tmp_path / "a.tif")
    assert found.format == "rgbaf32"
    assert np.abs(array(found) - values).max() < 1e-5


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("format", TYPES)
def test_every_depth_goes_into_every_file_and_what_is_lost_is_said(suffix, format, tmp_path):
    top = {"rgba8": 255, "rgba16": 65535, "rgbaf32": 1.0}[format]
    values = np.full((16, 16, 4), 0.4 * top)
    values[..., 3] = top
    notes = pictures.write(pixels(values, format), tmp_path / f"a{suffix}")
    found = pictures.read(tmp_path / f"a{suffix}")
    seen = array(found)[8, 8, 0] / {"rgba8": 255, "rgba16": 65535, "rgbaf32": 1}[found.format]
    assert seen == pytest.approx(0.4, abs=0.01)
    deepest = {".tif": "rgbaf32", ".tiff": "rgbaf32", ".png": "rgba16"}.get(suffix, "rgba8")
    assert found.format == min(format, deepest, key=list(TYPES).index)
    assert bool(notes) == (found.format != format)


def test_jpeg_lays_transparency_over_white_and_says_so(tmp_path):
    values = np.zeros((16, 16, 4), "u1")
    values[..., 3] = 64
    notes = pictures.write(pixels(values, "rgba8"), tmp_path / "a.jpg")
    assert notes == ["a.jpg: .jpg has no transparency, so white lies below."]
    found = np.array(Image.open(tmp_path / "a.jpg").convert("RGB"))
    assert np.abs(found.astype(int) - 191).max() <= 2


@pytest.mark.parametrize("name", ["a", "a.gif", "a.png.txt", ".png"])
def test_a_name_that_says_no_format_is_refused(name, tmp_path):
    with pytest.raises(PictureError, match="does not say what to write"):
        pictures.write(pixels(noise(4), "rgba8"), tmp_path / name)


def test_suffixes_may_be_shouted(tmp_path):
    pictures.write(pixels(noise(4), "rgba8"), tmp_path / "A.PNG")
    assert Image.open(tmp_path / "A.PNG").format == "PNG"


def test_a_webp_longer_than_its_format_allows_is_refused():
    with pytest.raises(PictureError, match=says("A WebP picture has at most … px a side: choose")):
        pictures.encode(pixels(np.zeros((1, 16384, 4)), "rgba8"), ".webp")


# Bad pictures


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is large and is not."""
    data = bytearray(png(noise(3)))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is not a PNG, JPEG, TIFF or WebP picture"),
        (b"GIF89a" + bytes(50), "is not a PNG, JPEG, TIFF or WebP picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a PNG, JPEG, TIFF or WebP picture"),
        (b"RIFF\4\0\0\0WAVE", says("… is damaged (…): save it again, or use another copy.")),
        (b"\x89PNG\r\n\x1a\n", "is damaged"),
        (bomb(20_000, 20_000), "at most 16384 x 16384 px"),
        (bomb(32_769, 1), "at most 32768 x 1 px"),
        (bomb(2**31 - 1, 2**31 - 1), "is damaged|too large"),
        (bomb(0, 10), "is damaged|is empty"),
        (bomb(10_000, 10_000), "is damaged"),
        (
            tiff(noise(3).astype("<i4")),
            says("has pixels of the kind …: save it with 8 or 16 bits"),
        ),
    ],
)
def test_a_bad_picture_is_one_clear_sentence(data, sentence, tmp_path):
    with pytest.raises(PictureError, match=sentence) as caught:
        decoded(data, tmp_path)
    assert "\n" not in str(caught.value)


VALID = {
    "PNG": png(noise(4)),
    "PNG16": png(noise(4, 65536)),
    "JPEG": saved(Image.fromarray(noise(3)), "JPEG"),
    "TIFF": saved(Image.fromarray(noise(3)), "TIFF", compression="tiff_deflate"),
    "WEBP": saved(Image.fromarray(noise(3)), "WEBP"),
}


@pytest.mark.parametrize("file", VALID)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_picture_is_none(file, share, tmp_path):
    data = VALID[file]
    with pytest.raises(PictureError):
        decoded(data[: int(share * len(data))], tmp_path)


@pytest.mark.faults
@pytest.mark.parametrize("file", VALID)
def test_random_damage_is_a_picture_or_a_sentence_and_nothing_else(file):
    chance = random.Random(file)
    for _ in range(150):
        data = bytearray(VALID[file])
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        began = time.monotonic()
        with contextlib.suppress(InputError):
            pictures.decode(bytes(data), "x")
        assert time.monotonic() - began < 5


# The host of a plain picture


def test_the_content_is_the_picture_and_the_result_another_file(tmp_path):
    values = noise(4)
    (tmp_path / "photo.png").write_bytes(png(values))
    host = pictures.PictureHost(tmp_path / "photo.png", tmp_path / "out.tif")
    (layer,) = host.layers()
    assert (layer.name, layer.kind, layer.extent) == ("photo", "paint", (0, 0, 23, 17))
    assert host.active_layer() == layer
    assert (array(host.read(layer.id)) == values).all()
    part = host.read(layer.id, Extent(20, 10, 50, 50))
    assert (array(part) == values[10:, 20:]).all()
    host.insert(NewLayer(pixels(255 - values, "rgba8"), "Style", layer.id))
    assert host.written == tmp_path / "out.tif"
    assert (array(pictures.read(host.output)) == 255 - values).all()
    assert (tmp_path / "photo.png").read_bytes() == png(values)


def test_what_the_output_cannot_hold_is_told_to_the_artist(tmp_path):
    (tmp_path / "photo.png").write_bytes(png(noise(4, 65536)))
    told = []
    show = lambda progress: None  # noqa: E731
    host = pictures.PictureHost(tmp_path / "photo.png", tmp_path / "out.jpg", show, told.append)
    host.insert(NewLayer(host.read("0"), "Style", above="0"))
    assert [note.split(":")[0] for note in told] == ["out.jpg", "out.jpg"]


def test_an_output_that_no_picture_can_have_is_refused_before_the_picture_is_read(tmp_path):
    with pytest.raises(PictureError, match="does not say what to write"):
        pictures.PictureHost(Path("missing.png"), tmp_path / "out.xyz")
