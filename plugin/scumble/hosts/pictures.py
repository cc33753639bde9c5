"""Picture files to Pixels and back: PNG, JPEG, TIFF, WebP; and the host of a plain picture.

Everything becomes RGBA in sRGB with straight alpha, in the depth of the file. An embedded profile
is converted; a picture without one counts as sRGB, CMYK as the common press profile, float as
linear light, which is how other programs read and write it. Float is written back as linear light.

libvips does the work, since Pillow reads 16-bit colour as 8 bits without a word.
"""

# pyvips takes words for its enumerations, which its type stubs do not know.
# pyright: reportArgumentType=false, reportOperatorIssue=false
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("VIPS_WARNING", "0")  # its own lines on stderr, which say nothing to artists
import pyvips

from scumble.errors import PictureError
from scumble.host import Host, Layer, NewLayer
from scumble.hosts import files
from scumble.pixels import FORMATS, Extent, Pixels, check_size
from scumble.protocol import Progress

pyvips.cache_set_max(0)  # of operations: they would keep whole pictures alive

# What a file begins with, and libvips' loader for it. No other loader is ever run.
LOADERS = (
    (b"\x89PNG\r\n\x1a\n", "pngload_buffer"),
    (b"\xff\xd8\xff", "jpegload_buffer"),
    (b"II*\0", "tiffload_buffer"),
    (b"MM\0*", "tiffload_buffer"),
    (b"II+\0", "tiffload_buffer"),
    (b"MM\0+", "tiffload_buffer"),
    (b"RIFF", "webpload_buffer"),
)
DEEP, FLOAT = "rgba16", "rgbaf32"
VIPS_FORMATS = {"uchar": "rgba8", "ushort": DEEP, "float": FLOAT, "double": FLOAT}
INTERPRETATIONS = {"rgba8": "srgb", DEEP: "rgb16", FLOAT: "scrgb"}
NUMPY_TYPES = {"rgba8": "u1", DEEP: "<u2", FLOAT: "<f4"}

# Suffix -> the formats that a file of this kind holds, deepest last.
WRITABLE = {
    ".png": ("rgba8", DEEP),
    ".jpg": ("rgba8",),
    ".jpeg": ("rgba8",),
    ".tif": ("rgba8", DEEP, FLOAT),
    ".tiff": ("rgba8", DEEP, FLOAT),
    ".webp": ("rgba8",),
}
OPAQUE = (".jpg", ".jpeg")
MAX_WEBP = 16383  # px a side


def read(path: Path) -> Pixels:
    """A picture file. Raises PictureError."""
    return decode(files.read(path), str(path))


def decode(data: bytes, name: str) -> Pixels:
    """The bytes of a picture file, its rotation tag applied. name: for errors."""
    try:
        image = turned(load(data, name))
        return to_pixels(to_srgb(image))
    except pyvips.Error as error:
        raise damaged(name, error) from error


def load(data: bytes, name: str) -> pyvips.Image:
    """A picture file's bytes as an image that decodes as it is read, from top to bottom.

    Only the header is read here. Raises PictureError, also where the picture is too large.
    """
    loader = next((loader for magic, loader in LOADERS if data.startswith(magic)), None)
    if loader is None:
        raise PictureError(
            f"{name} is not a PNG, JPEG, TIFF or WebP picture: export it as one from its program."
        )
    try:
        # "error": half a picture is none.
        load = getattr(pyvips.Image, loader)
        image = load(data, access="sequential", fail_on="error")
    except pyvips.Error as error:
        raise damaged(name, error) from error
    if image.format not in VIPS_FORMATS:
        raise PictureError(
            f"{name} has pixels of the kind {image.format!r}: save it with 8 or 16 bits or float."
        )
    check_size(image.width, image.height, VIPS_FORMATS[image.format])
    return image


def damaged(name: str, error: pyvips.Error) -> PictureError:
    """What libvips says, in one line."""
    detail = " ".join(str(error.detail or "").split())[:200] or "it cannot be read"
    return PictureError(f"{name} is damaged ({detail}): save it again, or use another copy.")


def turned(image: pyvips.Image) -> pyvips.Image:
    """Upright, as its rotation tag says."""
    turns = image.get("orientation") if image.get_typeof("orientation") else 1
    return image.copy_memory().autorot() if turns > 1 else image


def to_srgb(image: pyvips.Image) -> pyvips.Image:
    """Any image as RGBA in sRGB: uchar, ushort, or float in linear light (scRGB)."""
    if image.format in ("float", "double"):
        return _float_to_linear(image)
    deep = image.format == "ushort"
    image = _convert(image, 16 if deep else 8)
    top = 65535 if deep else 255
    image = image[:4] if image.bands > 3 else image[:3].bandjoin(top)
    kind = "rgba16" if deep else "rgba8"
    return image.cast("ushort" if deep else "uchar").copy(interpretation=INTERPRETATIONS[kind])


def _convert(image: pyvips.Image, depth: int) -> pyvips.Image:
    """Colour to sRGB, by the embedded profile where it works; other bands stay."""
    if image.get_typeof("icc-profile-data"):
        try:
            return image.icc_transform(
                "srgb", embedded=True, depth=depth, intent="relative", black_point_compensation=True
            )
        except pyvips.Error:
            pass  # a broken profile, or another colour space's: as if there were none
    return image.colourspace("rgb16" if depth == 16 else "srgb")


def _float_to_linear(image: pyvips.Image) -> pyvips.Image:
    """Float to RGBA in linear light. An embedded profile's colours go through 16 bits."""
    if image.get_typeof("icc-profile-data"):
        deep = (image * 65535).rint().cast("ushort")
        grey = image.bands < 3
        deep = deep.copy(interpretation="grey16" if grey else "rgb16")
        image = _linear(to_srgb(deep) / 65535)
    elif image.bands < 3:
        colour = image[0].bandjoin([image[0], image[0]])
        image = colour.bandjoin(image[1]) if image.bands == 2 else colour
    image = image[:4] if image.bands > 3 else image[:3].bandjoin(1.0)
    return image.cast("float").copy(interpretation="scrgb")


def _linear(encoded: pyvips.Image) -> pyvips.Image:
    """sRGB's curve undone on the colour bands of an RGBA image, 0..1."""
    colour = encoded[:3]
    linear = (colour <= 0.04045).ifthenelse(colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return linear.bandjoin(encoded[3])


def _encoded(linear: np.ndarray) -> np.ndarray:
    """sRGB's curve on the colours of an array (..., 4); what is no number becomes 0."""
    finite = np.nan_to_num(linear, nan=0.0, posinf=1.0, neginf=0.0)
    colour = finite[..., :3]
    curve = 1.055 * np.maximum(colour, 0.0031308) ** (1 / 2.4) - 0.055
    finite[..., :3] = np.where(colour <= 0.0031308, 12.92 * colour, curve)
    finite[..., 3] = np.clip(finite[..., 3], 0, 1)
    return finite


def to_pixels(image: pyvips.Image, x: int = 0, y: int = 0) -> Pixels:
    """An image from to_srgb, decoded now. Raises pyvips.Error where its file is damaged."""
    kind = VIPS_FORMATS[image.format]
    data = image.write_to_memory()
    if kind == FLOAT:
        data = _encoded(np.frombuffer(data, np.float32).reshape(-1, 4)).astype("<f4")
    elif kind == DEEP:
        data = np.frombuffer(data, np.uint16).astype("<u2", copy=False)
    return Pixels(Extent(x, y, image.width, image.height), kind, bytes(data))


def to_image(pixels: Pixels) -> pyvips.Image:
    """Pixels as an image in the same depth; float becomes linear light."""
    width, height = pixels.extent.width, pixels.extent.height
    array = np.frombuffer(pixels.data, NUMPY_TYPES[pixels.format]).reshape(height, width, 4)
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    image = pyvips.Image.new_from_array(array)
    if pixels.format == FLOAT:
        image = _linear(image)
    return image.copy(interpretation=INTERPRETATIONS[pixels.format])


def check_suffix(path: Path) -> None:
    """Raises PictureError where no picture can be written under this name."""
    if path.suffix.lower() not in WRITABLE:
        raise PictureError(
            f"{path} does not say what to write: end its name in {', '.join(WRITABLE)}."
        )


def write(pixels: Pixels, path: Path, put: Callable[[Path, bytes], None] = files.put) -> list[str]:
    """Write a picture file atomically, or have its bytes put there; what the file could not hold,
    in sentences.

    Raises PictureError, and then a file that was there is as it was.
    """
    check_suffix(path)
    data, notes = encode(pixels, path.suffix.lower())
    put(path, data)
    return [f"{path.name}: {note}" for note in notes]


def encode(pixels: Pixels, suffix: str) -> tuple[bytes, list[str]]:
    """A picture file's bytes, in the deepest format it holds; and what it could not hold."""
    kind, notes = pixels.format, []
    if kind not in WRITABLE[suffix]:
        kind = WRITABLE[suffix][-1]
        notes.append(f"{suffix} holds {8 * FORMATS[kind].bytes_per_channel} bits a channel.")
    image = _in_depth(to_image(pixels), kind)
    if suffix in OPAQUE:
        if image[3].min() < 255:
            notes.append(f"{suffix} has no transparency, so white lies below.")
        image = image.flatten(background=255)
    if suffix == ".webp" and max(image.width, image.height) > MAX_WEBP:
        raise PictureError(f"A WebP picture has at most {MAX_WEBP} px a side: choose PNG or TIFF.")
    try:
        return _save(image, suffix), notes
    except pyvips.Error as error:
        detail = " ".join(str(error.detail or "").split())
        raise PictureError(f"No {suffix} can be made of it ({detail}): choose .png.") from error


def _in_depth(image: pyvips.Image, kind: str) -> pyvips.Image:
    if image.interpretation == INTERPRETATIONS[kind]:
        return image
    return image.colourspace(INTERPRETATIONS[kind])


def _save(image: pyvips.Image, suffix: str) -> bytes:
    if suffix == ".png":
        return image.pngsave_buffer(keep="none")
    if suffix in OPAQUE:
        return image.jpegsave_buffer(Q=95, subsample_mode="off", keep="none")
    if suffix == ".webp":
        return image.webpsave_buffer(Q=95, exact=True, keep="none")
    predictor = "float" if image.format == "float" else "horizontal"
    return image.tiffsave_buffer(compression="deflate", predictor=predictor, keep="none")


class FileHost(Host):
    """What the hosts of files have in common: nobody paints meanwhile, and progress goes elsewhere.

    written: the file that holds the result, once there is one.
    """

    def __init__(
        self,
        path: Path,
        output: Path,
        show: Callable[[Progress], None] = lambda progress: None,
        say: Callable[[str], None] = lambda message: None,
    ):
        self.path = path
        self.output = output
        self.written: Path | None = None
        self._show = show
        self._say = say

    def selection(self) -> None:
        """A file knows none; so no result comes with a mask."""

    def read_picture(self, path: Path) -> Pixels:
        return read(path)

    def show_progress(self, progress: Progress) -> None:
        self._show(progress)

    def show_preview(self, pixels: Pixels) -> None:
        """Nobody looks."""

    def say(self, message: str) -> None:
        self._say(message)

    def is_free(self) -> bool:
        return True

    def set_aside(self, pixels: Pixels, name: str, mask: Pixels | None = None) -> None:
        """The result alone, beside the output, under a name that is free."""
        picture = files.free_name(self.output.with_suffix(".png"))
        self.write_picture(pixels, picture)
        self.say(f"{self.path.name} has changed meanwhile, so the result lies alone in {picture}.")

    def write_picture(self, pixels: Pixels, path: Path) -> None:
        for note in write(pixels, path, self.put_bytes):
            self.say(note)
        self.written = path

    def put_bytes(self, path: Path, data: bytes) -> None:
        """Where the bytes of a result go."""
        files.put(path, data)


class ReadHost(FileHost):
    """Of a file that was read whole before it is painted: what becomes of it then is all the same.
    The result is another picture."""

    def is_open(self) -> bool:
        return True

    def is_there(self, layer: str) -> bool:
        return True

    def insert(self, new: NewLayer) -> str:
        """The id of the layer it lies above: the picture has no other."""
        self.write_picture(new.pixels, self.output)
        return new.above


class PictureHost(ReadHost):
    """A plain picture: its one layer is the picture; the result is another picture."""

    def __init__(self, path: Path, output: Path, *tell):
        check_suffix(output)
        super().__init__(path, output, *tell)
        self._pixels = read(path)

    def layers(self) -> list[Layer]:
        return [Layer("0", self.path.stem, "paint", self._pixels.extent)]

    def active_layer(self) -> Layer:
        return self.layers()[0]

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        return self._pixels if extent is None else self._pixels.crop(extent)
