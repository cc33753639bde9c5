"""What an artist steers by, on three photographs: a sheet for each way, to look at.

`python -m tests.figures.control FOLDER` paints as the backend does, and lays out FOLDER/*.png:
where each style lies, what stays, colours, a tile three times three, strokes along drawn lines,
forms of one style and strokes of another, weights turned round from the last result, drafts.
"""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from tests.figures import paintings

from scumble import protocol, ways
from scumble.parameters import check
from scumble.pixels import Extent, Pixels
from scumble_backend.compute.worker import Inbox, Painter

PHOTOGRAPHS = ("tubingen", "golden_gate", "astronaut")
ONE, OTHER = "starry_night", "the_scream"
SHARE = {  # of the height, where the sky ends; of a portrait, the width that is the background
    "tubingen": 0.45, "golden_gate": 0.55, "astronaut": 0.5,
}  # fmt: skip
LABEL = 20  # px
FIELDS = ("start", "before", "keep", "lines")  # of protocol.Stylize
Row = list[tuple[str, Image.Image]]


class Studio:
    """Paints pictures by name. size: long side, px."""

    def __init__(self, pictures: Path, folder: Path, size: int):
        self._own, self._size = paintings.Painter(pictures, folder), size
        self._said: list[protocol.Message] = []
        self._painter = Painter(Inbox(io.BytesIO()), self._said.append)

    def picture(self, name: str) -> Pixels:
        picture = self._own.picture(name, self._size).convert("RGBA")
        return Pixels(Extent(0, 0, *picture.size), "rgba8", picture.tobytes())

    def paint(
        self, content: Pixels, styles: tuple[protocol.Style, ...], of: list[Pixels], **values
    ) -> Image.Image:
        """values: parameters, and fields of protocol.Stylize."""
        fields = {name: values.pop(name) for name in FIELDS if name in values}
        asked = values | {"working_size": self._size}
        request = protocol.Stylize("1", content, styles, asked, **fields)
        self._painter.answer(request, {each.digest(): each for each in of})
        done = self._said[-1]
        assert isinstance(done, protocol.Done), done
        self._said.clear()
        return image(done.pixels)


def image(pixels: Pixels) -> Image.Image:
    return Image.frombytes("RGBA", tuple(pixels.extent[2:]), pixels.data).convert("RGB")


def pixels(picture: Image.Image) -> Pixels:
    picture = picture.convert("RGBA")
    return Pixels(Extent(0, 0, *picture.size), "rgba8", picture.tobytes())


def soft(extent: Extent, shape: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> protocol.Place:
    """A place that is where a function of x and y, 0..1 each, is above 0, with a soft border."""
    across, down = np.meshgrid(np.linspace(0, 1, extent.width), np.linspace(0, 1, extent.height))
    grey = np.clip(shape(across, down) / 0.08 + 0.5, 0, 1)
    mask = Pixels(extent, "grey8", np.rint(255 * grey).astype(np.uint8).tobytes())
    return protocol.Place(mask)


def lines(extent: Extent, across: bool) -> Pixels:
    """Four drawn lines, waving, from side to side or down."""
    width, height = extent.width, extent.height
    sheet = Image.new("RGBA", (width, height))
    for number in range(4):
        at = np.linspace(0, 1, 40)
        off = (number + 0.5) / 4 + 0.04 * np.sin(2 * np.pi * at)
        x, y = (at, off) if across else (off, at)
        points = list(zip(x * width, y * height, strict=True))
        ImageDraw.Draw(sheet).line(points, fill="black", width=5)
    return pixels(sheet)


def sheets(studio: Studio, name: str) -> dict[str, Row]:
    """{name of the sheet: a photograph's row}"""
    content, one, other = (studio.picture(each) for each in (name, ONE, OTHER))
    first, second = (protocol.Style(each, of.digest()) for each, of in ((ONE, one), (OTHER, other)))
    both, extent, share = [one, other], content.extent, SHARE[name]

    def paint(*styles: protocol.Style, content: Pixels = content, **values) -> Image.Image:
        return studio.paint(content, styles or (first,), both, **values)

    def given(style: protocol.Style, what: str) -> protocol.Style:
        return replace(style, gives=what)

    portrait = name == "astronaut"
    sky = soft(extent, lambda x, y: share - (x if portrait else y))
    ground = replace(sky, outside=True)
    middle = soft(extent, lambda x, y: 0.2 - np.hypot(x - 0.44, y - 0.25))
    turned = (replace(first, weight=0.25), replace(second, weight=0.75))
    former = paint(replace(first, weight=0.75), replace(second, weight=0.25))
    tile = paint(seamless="both")
    plain = check({"quality": "draft"})
    return {
        "where": [
            ("each in its place", paint(replace(first, where=sky), replace(second, where=ground))),
            ("one alone", paint(replace(first, where=sky))),
        ],
        "keep": [("all painted", paint()), ("kept", paint(keep=middle))],
        "colour": [
            *((f"colours {c} %", paint(colour=c)) for c in (0, 50, 100)),
            ("palette 100 %", paint(colour=100, colour_by="palette")),
        ],
        "tile": [("three times three", tiled(tile))],
        "direction": [
            ("as they come", paint(painterly=80)),
            ("along", paint(painterly=80, lines=lines(extent, True))),
            ("down", paint(painterly=80, lines=lines(extent, False))),
        ],
        "gives": [
            ("all of both", paint(first, second)),
            ("forms, strokes", paint(given(first, "forms"), given(second, "strokes"))),
            ("strokes, forms", paint(given(first, "strokes"), given(second, "forms"))),
        ],
        "again": [
            ("3 : 1", former),
            ("1 : 3 from it", paint(*turned, init="result", start=pixels(former))),
            ("1 : 3 anew", paint(*turned)),
        ],
        "drafts": [(way.caption, paint(**_draft(plain, way))) for way in ways.WAYS],
    }  # fmt: skip


def _draft(plain: dict, way: ways.Way) -> dict:
    varied = ways.varied(plain, way)
    return {each: varied[each] for each in ("quality", *ways.DIFFERENT)}


def tiled(tile: Image.Image) -> Image.Image:
    whole = Image.new("RGB", (3 * tile.width, 3 * tile.height))
    for place in range(9):
        whole.paste(tile, (place % 3 * tile.width, place // 3 * tile.height))
    return whole.resize(tile.size if tile.width > 600 else whole.size)


def lay_out(rows: list[Row]) -> Image.Image:
    width = max(sum(each.width for _, each in row) for row in rows)
    sheet = Image.new(
        "RGB", (width, sum(max(each.height for _, each in row) + LABEL for row in rows)), "white"
    )
    top = 0
    for row in rows:
        left = 0
        for label, each in row:
            sheet.paste(each, (left, top + LABEL))
            ImageDraw.Draw(sheet).text(
                (left + 4, top + 2), label, "black", ImageFont.load_default(13)
            )
            left += each.width
        top += max(each.height for _, each in row) + LABEL
    return sheet


def main() -> None:
    asked = paintings.options("tests.figures.control", "for the sheets")
    studio = Studio(asked.shared / "pictures", asked.folder, asked.size)
    all_: dict[str, list[Row]] = {}
    for name in PHOTOGRAPHS:
        for sheet, row in sheets(studio, name).items():
            all_.setdefault(sheet, []).append([(name, image(studio.picture(name))), *row])
        for sheet, rows in all_.items():
            lay_out(rows).save(asked.folder / f"{sheet}.png")
        print(name, flush=True)


if __name__ == "__main__":
    main()
