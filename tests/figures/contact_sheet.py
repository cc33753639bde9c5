"""Contact sheets: one PNG a group of rows, to look at.

`python -m tests.figures.contact_sheet FOLDER` paints into FOLDER, skipping what it has painted
before, and lays out FOLDER/sheet-*.png: pairs, kinds of pictures and styles, blends, a sweep of
weights, painterly, shares of area, strengths, brush sizes. A folder belongs to one state of the
engine: take another after a change.
"""

from PIL import Image, ImageDraw, ImageFont
from tests.figures import paintings
from tests.figures.paintings import Painter, Painting

LABEL, GAP = 22, 6  # px


def groups(**values) -> dict[str, list[list[Painting]]]:
    """{name of the sheet: its rows}"""
    return {
        "pairs": paintings.pairs(**values),
        "kinds": paintings.kinds(**values),
        "blends": [paintings.blends(**values)],
        "sweep": [paintings.sweep(**values)],
        "painterly": [
            paintings.painterly("tubingen", "starry_night", **values),
            paintings.painterly("golden_gate", "the_scream", **values),
            paintings.painterly("astronaut", "shipwreck", **values),
        ],
        "shares": [paintings.shares("tubingen", "starry_night", "the_scream", **values)],
        "strengths": [
            paintings.strengths("tubingen", "starry_night", **values),
            paintings.strengths("golden_gate", "the_scream", **values),
        ],
        "brushes": [
            paintings.brush_sizes("tubingen", "starry_night", **values),
            paintings.brush_sizes("golden_gate", "shipwreck", **values),
        ],
    }


def lay_out(painter: Painter, rows: list[list[Painting]], width: int) -> Image.Image:
    """Every row begins with its photograph; a label below each picture. width: of a cell, px."""
    lines = []
    for row in rows:
        photograph = painter.picture(row[0].content, width)
        lines.append([(row[0].content, photograph)])
        lines[-1] += [(_label(each), Image.open(painter.path(each))) for each in row]
    scaled = [[(label, _scaled(picture, width)) for label, picture in line] for line in lines]
    heights = [max(picture.height for _, picture in line) + LABEL + GAP for line in scaled]
    columns = max(map(len, scaled))
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, sum(heights) + GAP), "white")
    draw, font, top = ImageDraw.Draw(sheet), ImageFont.load_default(15), GAP
    for line, height in zip(scaled, heights, strict=True):
        for column, (label, picture) in enumerate(line):
            left = GAP + column * (width + GAP)
            sheet.paste(picture, (left, top))
            draw.text((left, top + height - LABEL - GAP), label, fill="black", font=font)
        top += height
    return sheet


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    height = round(picture.height * width / picture.width)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _label(painting: Painting) -> str:
    styles = " + ".join(f"{name} {weight:g}" for name, weight in painting.styles if weight)
    return (
        f"{styles}; {painting.strength:g} %, painterly {painting.painterly:g} %, "
        f"brush {painting.brush_size:g} %"
    )


def main() -> None:
    asked = paintings.options("tests.figures.contact_sheet", "for the paintings and the sheets")
    painter = Painter(asked.shared / "pictures", asked.folder)
    for name, rows in groups(size=asked.size, quality=asked.quality).items():
        painter.paint(each for row in rows for each in row)
        lay_out(painter, rows, asked.size).save(asked.folder / f"sheet-{name}.png")


if __name__ == "__main__":
    main()
