"""What the judge says of Scumble's pictures and of G'MIC's: style, content, ghost.

`python -m tests.figures.judged FOLDER --shared SHARED` paints what FOLDER lacks, asks
SHARED/judge/judge.py (which sees with a network that the engine never optimises; read its warning)
and G'MIC's `stylize` where `gmic` is installed, prints the tables and writes FOLDER/judged.json:

- every pair and two blends at strengths 30, 60 and 90, beside G'MIC's result;
- the sweep of weights: its style distance to either style, which should rise and fall evenly;
- brush sizes: the spectral centroid of the result, which should fall as the brush grows;
- flat areas: the spectrum where the photograph is flattest against the style's own flattest area;
- ghosts: of the style, beside that of pictures which cannot shine through since they were not used,
  the style mirrored and the other styles. What is no more than theirs is chance.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps
from tests.figures import paintings
from tests.figures.paintings import PHOTOGRAPHS, STYLES, Painter, Painting
from tests.figures.spectra import centroid, grain, peak, weave

STRENGTHS = (30.0, 60.0, 90.0)
PATCH = 96  # px a side of a flat area
MIRRORED = "mirrored "  # before a style's name
LINE = re.compile(r"style ([\d.]+) .*content ([\d.]+) .*ghost ([\d.]+)")


class Verdict(NamedTuple):
    style: float
    content: float
    ghost: float

    def __str__(self) -> str:
        return f"{self.style:.3f} / {self.content:.3f} / {self.ghost:.2f}"


class Judge:
    """judge.py of the folder beside the project, and the pictures it is shown, as files."""

    def __init__(self, script: Path, painter: Painter, size: int):
        self.script, self.painter, self.size = script, painter, size

    def given(self, name: str) -> Path:
        """A content or style at the size that is painted."""
        path = self.painter.folder / f"{name} {self.size}.png"
        if not path.exists():
            picture = self.painter.picture(name.removeprefix(MIRRORED), self.size)
            (ImageOps.mirror(picture) if name.startswith(MIRRORED) else picture).save(path)
        return path

    def __call__(
        self, content: str, styles: tuple[tuple[str, float], ...], results: list[Path]
    ) -> list[Verdict]:
        spec = ",".join(f"{self.given(name)}:{weight:g}" for name, weight in styles)
        command = [sys.executable, self.script, self.given(content), spec, *results]
        said = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
        found = [LINE.search(line) for line in said.stdout.splitlines()]
        return [Verdict(*map(float, each.groups())) for each in found if each]


def gmic(judge: Judge, content: str, style: str) -> Path:
    """What a user without a GPU has in both editors today."""
    path = judge.painter.folder / f"gmic {content} {style} {judge.size}.png"
    if not path.exists():
        pictures = [str(judge.given(name)) for name in (content, style)]
        words = ["gmic", *pictures, "stylize[0]", "[1]", "keep[0]", "o", str(path)]
        subprocess.run(words, check=True, capture_output=True)
    return path


def subjects() -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """All pairs of the folder's photographs and styles, and the first two blends."""
    found = [(content, ((style, 1.0),)) for content in PHOTOGRAPHS for style in STYLES]
    return found + [(blend.content, blend.styles) for blend in paintings.blends()[:2]]


def table(judge: Judge, **values) -> dict[str, dict[str, Verdict]]:
    """{"tubingen starry_night": {"30": ..., "60": ..., "90": ..., "gmic": ...}}"""
    found = {}
    for content, styles in subjects():
        made = [Painting(content, styles, strength=each, **values) for each in STRENGTHS]
        judge.painter.paint(made)
        results = {f"{each.strength:g}": judge.painter.path(each) for each in made}
        if len(styles) == 1 and shutil.which("gmic"):
            results["gmic"] = gmic(judge, content, styles[0][0])
        verdicts = judge(content, styles, list(results.values()))
        name = f"{content} {' + '.join(style for style, _ in styles)}"
        found[name] = dict(zip(results, verdicts, strict=True))
        shown = "".join(f"  {key}: {each}" for key, each in found[name].items())
        print(f"{name:42}{shown}", flush=True)
    return found


def sweep(judge: Judge, **values) -> dict[str, list[float]]:
    """{style: its distances along the sweep}"""
    made = paintings.sweep(**values)
    judge.painter.paint(made)
    results = [judge.painter.path(each) for each in made]
    found = {}
    for style, _ in made[0].styles:
        verdicts = judge(made[0].content, ((style, 1.0),), results)
        found[style] = [each.style for each in verdicts]
        print(f"sweep, distance to {style}: {found[style]}", flush=True)
    return found


def brushes(judge: Judge, **values) -> dict[str, list[float]]:
    """{pair: spectral centroid in cycles per px at brush sizes 50, 100, 200 %}"""
    found = {}
    for content, style in (("tubingen", "starry_night"), ("golden_gate", "shipwreck")):
        made = paintings.brush_sizes(content, style, **values)
        judge.painter.paint(made)
        pictures = [Image.open(judge.painter.path(each)) for each in made]
        found[f"{content} {style}"] = [round(centroid(light(each)), 4) for each in pictures]
        print(
            f"brush sizes, centroid, {content} {style}: {found[f'{content} {style}']}", flush=True
        )
    return found


def flats(judge: Judge, **values) -> dict[str, dict[str, tuple[float, ...]]]:
    """{pair: {"pastiche" | "style" | "gmic": (grain, peak, weave)}}

    The pastiche is looked at where its photograph is flattest.
    """
    found = {}
    for content in PHOTOGRAPHS:
        place = flattest(light(Image.open(judge.given(content))))
        for style in STYLES:
            painted = judge.painter.path(Painting(content, ((style, 1.0),), **values))
            own = light(Image.open(judge.given(style)))
            seen = {
                "pastiche": flaws(patch(light(Image.open(painted)), place)),
                "style": flaws(patch(own, flattest(own))),
            }
            if shutil.which("gmic"):
                other = light(Image.open(gmic(judge, content, style)))
                seen["gmic"] = flaws(patch(other, place))
            found[f"{content} {style}"] = seen
            print(f"flat area, {content} {style}: {seen}", flush=True)
    return found


def ghosts(judge: Judge, **values) -> dict[str, dict[str, float]]:
    """{pair: {"own" | "mirrored" | the other styles: ghost}}"""
    found = {}
    for content in PHOTOGRAPHS:
        for style in STYLES:
            painted = Painting(content, ((style, 1.0),), **values)
            judge.painter.paint([painted])
            others = {other: other for other in STYLES if other != style}
            asked = {"own": style, "mirrored": MIRRORED + style, **others}
            result = [judge.painter.path(painted)]
            seen = {
                key: judge(content, ((each, 1.0),), result)[0].ghost for key, each in asked.items()
            }
            found[f"{content} {style}"] = seen
            print(f"ghosts, {content} {style}: {seen}", flush=True)
    return found


def light(picture: Image.Image) -> np.ndarray:
    """(H, W), 0..1."""
    return np.asarray(picture.convert("L"), np.float64) / 255


def patch(rows: np.ndarray, place: tuple[int, int]) -> np.ndarray:
    return rows[place[0] : place[0] + PATCH, place[1] : place[1] + PATCH]


def flaws(rows: np.ndarray) -> tuple[float, ...]:
    return round(grain(rows), 3), round(peak(rows), 1), round(weave(rows), 2)


def flattest(rows: np.ndarray) -> tuple[int, int]:
    """(top, left) of the PATCH with the least variance."""
    places = [
        (top, left)
        for top in range(0, rows.shape[0] - PATCH + 1, 8)
        for left in range(0, rows.shape[1] - PATCH + 1, 8)
    ]
    return min(places, key=lambda place: patch(rows, place).var())


def main() -> None:
    asked = paintings.options("tests.figures.judged", "for the paintings and judged.json")
    painter = Painter(asked.shared / "pictures", asked.folder)
    judge = Judge(asked.shared / "judge" / "judge.py", painter, asked.size)
    values = {"size": asked.size, "quality": asked.quality}
    parts = {
        part.__name__: part(judge, **values) for part in (table, sweep, brushes, flats, ghosts)
    }
    (asked.folder / "judged.json").write_text(json.dumps(parts, indent=1))


if __name__ == "__main__":
    main()
