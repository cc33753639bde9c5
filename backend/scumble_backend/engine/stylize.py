"""The algorithm on one page: repaint a picture in a blend of styles, coarse to fine.

Gatys, Ecker and Bethge 2016, equation 7: minimise alpha L_content + beta L_style over the picture
(objective.py), coarse to fine after K. Crowson's style-transfer-pytorch, each octave going on from
the one before. Beside them, the more painterly the more, each place is asked to look like the place
of a style that is most like it (neighbours.py), on all octaves but the smallest: those settle the
large forms by statistics alone, and bring in motifs that no place would find.

Departures: the style loss is the Gaussian W2 with its gradient in closed form (losses.py); few
steps on the way, since forms are settled soon; and each octave begins with the detail of the
content that the one before was too small for, where that is not painterly. Without that, the last
octave takes 60 steps instead of 36 to the same objective at 512 px, and one 1 % higher where it
takes 55 at 256.

Departure from DECISIONS: brush size is the size at which the styles are looked at, and nothing
else. Where it moved the coarsest octave, too, broad brushes began at 192 px and lost the large
forms.
"""

import copy
import logging
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine import directions, guides, losses, pyramid, regions, styles, wrap
from scumble_backend.engine.colour import with_colours_of, with_palette_of
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.objective import Objective
from scumble_backend.engine.optimisers import FIRST, LBFGS, Adam
from scumble_backend.engine.pyramid import Around, Octave, resize, resize_positive
from scumble_backend.engine.styles import Style
from scumble_backend.engine.thrift import Thrift

# Steps on an octave of this long side, px, at quality "standard", on the way and where it is the
# last; between them by the logarithm. Twice the steps on the way lower the objective at the end by
# nothing at 256 px and by 0.5 % at 512 px; those at the end by 4 %.
STEPS = {96: 40, 128: 35, 181: 28, 256: 22, 362: 17, 512: 14, 1024: 12, 8192: 7}
LAST_STEPS = {96: 75, 256: 55, 512: 42, 1024: 20, 2048: 12, 8192: 7}
QUALITY = {"draft": 0.17, "standard": 1.0, "fine": 3.0}  # times as many steps
# Quality "reference": K. Crowson's schedule, for comparison.
REFERENCE_COARSEST = 128  # px, long side
REFERENCE_STEPS = (1000, 500)  # on the first octave, and on each other
REFERENCE = {"rates": (0.02, 0.02), "average": 0.99}

# From an earlier painting of the same content: large forms are there, and most of the rest. The
# last octave goes on from it or from what came of it on those before, whichever is nearer to the
# end: with nothing changed those only stir it, by 10/255.
ONWARD_FROM = 0.49  # of the long side: smaller octaves are passed over
ONWARD_STEPS = 1 / 3  # of the steps on the others
ONWARD_FIRST = 0.0005  # mean change of a colour channel by the first step from a painting
TRIED = 4  # steps on the last octave that lower the whole
WORTH = 0.01  # by less than this share: there is nothing to do but to stir its grain

# At painterly 100 %; from none at 0 %.
NEIGHBOUR_WEIGHT = 1.2  # of the neighbours against the style's 1; with the square: even to the eye
FIRMER = 0.5  # share by which the content's weight rises, since forms have no detail to lean on
DETAILED = 8  # power of the share that is not painterly: the detail an octave begins with
FORMED = 512  # px, long side: on larger octaves forms are more and more the painting's own,
LOOSE = 60.0  # %: and less where the strength is less
FORMS = 181  # px, long side: smaller octaves settle the large forms, by statistics alone
RENEWALS = (1, 9, 17, 25)  # steps of an octave at which neighbours are matched anew

CONTENT_WEIGHT = (1.5, 0.008)  # against the style's 1, at strength 0 and 100 %
SETTLED = 256  # px, long side: on smaller octaves on the way the content holds less
LAYER_WEIGHTS = (1.0, 1.0, 1.0, 1.0, 1.0)  # of the style at STYLE_LAYERS
FAINT = 20.0  # %: a painting of less strength fades into the photograph, which it is at 0 %
SMOOTHNESS = 50.0  # weight of total variation at smoothing 100 %
NOISE = 0.05  # standard deviation on the first picture: what the seed decides


log = logging.getLogger(__name__)


class Iterate(NamedTuple):
    """The picture after a step.

    octave, octaves: which of how many, from 1. step, of: which of how many, from 1.
    losses: {"content", "style", "variation": 0-d tensors}, of the picture before the step.
    picture: (1, 3, h, w), RGB in [0, 1], at the octave's size. bare: the same before any of the
    photograph's colours are kept by lightness; None where nothing is painted.
    """

    octave: int
    octaves: int
    step: int
    of: int
    losses: dict[str, Tensor]
    picture: Tensor
    bare: Tensor | None = None


def plan(
    height: int,
    width: int,
    quality: str = "standard",
    steps: int | str = "auto",
    init: str = "content",
) -> list[Octave]:
    """The octaves that `stylize` will go through, and the steps on each."""
    reference = quality == "reference"
    coarsest = REFERENCE_COARSEST if reference else pyramid.COARSEST
    sizes = pyramid.sizes(height, width, coarsest)
    if isinstance(steps, int):
        counts = [steps] * len(sizes)
    elif reference:
        counts = [REFERENCE_STEPS[0], *[REFERENCE_STEPS[1]] * (len(sizes) - 1)]
    else:
        tables = [STEPS] * (len(sizes) - 1) + [LAST_STEPS]
        counts = [
            _steps(table, max(size), quality) for table, size in zip(tables, sizes, strict=True)
        ]
    octaves = [Octave(*size, count) for size, count in zip(sizes, counts, strict=True)]
    if init != "result":
        return octaves
    long_side, share = max(height, width), 1.0 if isinstance(steps, int) else ONWARD_STEPS
    return [
        each._replace(steps=math.ceil(share * each.steps))
        for each in octaves
        if max(each.height, each.width) >= ONWARD_FROM * long_side
    ]


def _steps(table: dict[int, int], long_side: int, quality: str) -> int:
    """The table at this long side, times the quality's factor."""
    knots = sorted(table)
    x = min(max(long_side, knots[0]), knots[-1])
    above = next(i for i, knot in enumerate(knots) if knot >= x)
    low, high = knots[max(0, above - 1)], knots[above]
    part = math.log(x / low) / math.log(high / low) if high > low else 0.0
    return max(1, round(QUALITY[quality] * (table[low] + part * (table[high] - table[low]))))


def content_weight(strength: float) -> float:
    """alpha / beta of equation 7, from the artist's strength in percent."""
    weak, strong = CONTENT_WEIGHT
    return weak * (strong / weak) ** (strength / 100)


def _hold(size: tuple[int, int], last: bool, quality: str) -> float:
    """Share of the content's weight at an octave, all of it on the last.

    A style's large forms, the sweep of a sky, a moon, come in on small octaves, and only where the
    content lets them; its detail comes back on the larger ones.
    """
    return 1.0 if last or quality == "reference" else min(1.0, (max(size) / SETTLED) ** 3)


def stylize(
    encoder: Encoder,
    content: Tensor,
    content_guide: Tensor,
    style_list: list[Style],
    start: Tensor | None = None,
    keep: Tensor | None = None,
    lines: Tensor | None = None,
    bare: Tensor | None = None,
    thrift: Thrift | None = None,
    *,
    strength: float = 60.0,
    painterly: float = 50.0,
    brush_size: float = 100.0,
    blend: str = "barycentre",
    quality: str = "standard",
    smoothing: float = 10.0,
    colour: float = 0.0,
    colour_by: str = "lightness",
    seamless: str = "none",
    seed: int = 0,
    loss: str = "w2",
    optimiser: str = "lbfgs",
    steps: int | str = "auto",
    layer_weights: tuple[float, ...] = LAYER_WEIGHTS,
    init: str = "content",
) -> Iterator[Iterate]:
    """Repaint content in a blend of styles.

    content: (1, 3, H, W), RGB in [0, 1], both sides at least 16 px; content_guide: (1, 1, H, W),
    its alpha; both tile already where the picture is to be seamless. start: an earlier painting of
    the content, (1, 3, H, W), to go on from where init is "result". keep: (1, 1, H, W) in 0..1, how
    much of the content stays as it is. lines: (1, 4, H, W), RGB and alpha, along which strokes run,
    where the painting is painterly. bare: what an earlier call with the same arguments, but for how
    much of the colours is kept by lightness, yielded last: then that alone is done, in no step.
    thrift: how sparingly to go about memory; where it runs out it goes a level down, and on, and
    ends with what is painted where there is none. The
    other parameters: see scumble.parameters. Yields an
    Iterate after every step; to stop is not to ask for the next. With 0 steps or strength 0, or
    where no style lies anywhere, it yields the content, once.
    """
    init = "content" if init == "result" and start is None else init
    thrift = thrift or Thrift()
    around = wrap.around(seamless)
    octaves = plan(content.shape[2], content.shape[3], quality, steps, init)
    painterly = 0.0 if quality == "reference" else painterly
    style_list = [style for style in style_list if regions.lies(style)]
    if steps == 0 or strength == 0 or not style_list:
        yield Iterate(len(octaves), len(octaves), 0, 0, {}, content)
        return
    content = guides.fill_holes(content, content_guide)
    factor = brush_size / 100
    used = [
        replace(
            style,
            picture=guides.fill_holes(style.picture, style.guide),
            brush_size=style.brush_size * factor,
        )
        for style in styles.canonical(style_list)
    ]
    where = regions.regions(used, keep)

    def finished(bare: Tensor, photograph: Tensor, kept: Tensor | None) -> Tensor:
        """With what of the photograph stays."""
        if colour > 0 and colour_by == "lightness":
            seen = resize_positive(content_guide, (bare.shape[2], bare.shape[3]))
            shown = with_colours_of(bare, photograph, seen, colour / 100)
        else:
            shown = bare
        return shown if kept is None else torch.lerp(shown, photograph, kept)

    if bare is not None:
        yield Iterate(
            len(octaves), len(octaves), 0, 0, {}, finished(bare, content, where.kept), bare
        )
        return
    if colour > 0 and colour_by == "palette":
        used = [_coloured(style, content, content_guide, colour / 100) for style in used]
    begun = start if start is not None and init == "result" else None  # what it goes on from
    smallest = (octaves[0].height, octaves[0].width)
    first, shy = _start(resize(content, smallest, around), init, seed), FIRST
    if begun is not None:
        first, shy = resize(begun, smallest, around).clamp(0, 1), ONWARD_FIRST
    descent = _optimiser(optimiser, quality, first, around, shy, thrift.level.pairs)

    direction = directions.field(lines) if lines is not None else None

    def along(size: tuple[int, int], margins: wrap.Margins) -> Tensor | None:
        if direction is None:
            return None
        return wrap.with_margins(F.interpolate(direction, size, mode="area"), margins)

    def objective(size: tuple[int, int], last: bool, careful: bool, aimed_at: Tensor) -> Objective:
        near = painterly / 100 if has_neighbours(size, last) else 0.0
        alpha = content_weight(strength) * _hold(size, last, quality) * (1 + FIRMER * near)
        margins, spared = wrap.margins(size, seamless), thrift.spared(encoder)
        return Objective(
            copy.deepcopy(spared).float() if careful else spared,
            aimed_at, resize_positive(content_guide, size), used,
            loss, blend, layer_weights, alpha, SMOOTHNESS * smoothing / 100,
            NEIGHBOUR_WEIGHT * near**2, losses.carefully if careful else losses.roots, margins,
            where.at(size, margins), content_weight(0) / alpha, not has_neighbours(size, last),
            along(size, margins), begun is not None,
        )  # fmt: skip

    def octave_painted(number: int, after: int) -> Iterator[Iterate]:
        """after: the step that it goes on from."""
        nonlocal descent
        octave = octaves[number - 1]
        size, last = (octave.height, octave.width), number == len(octaves)
        plain = (1 - painterly / 100) ** DETAILED if has_neighbours(size, last) else 1.0
        source, share = (content, plain) if begun is None else (begun, 1.0)
        if after == 0:
            descent.enlarge(size, share * _detail(source, descent.picture, size, quality, around))
        photograph, kept = resize(content, size, around), where.at(size).kept
        own = (1 - plain) * (1 - FORMED / max(FORMED, *size)) * min(1.0, strength / LOOSE)
        for careful in (False, True):
            aimed_at = _aimed_at(photograph, descent.picture, own, kept).clamp(0, 1)
            aim = objective(size, last, careful, aimed_at)
            del aimed_at  # a large picture's takes as much as the picture
            anew = last and after == 0
            if begun is not None and anew and _is_better(aim, begun, descent.picture):
                pairs = thrift.level.pairs
                descent = _optimiser(optimiser, quality, begun, around, ONWARD_FIRST, pairs)
            at_first: Tensor | None = None
            for step in range(after + 1, octave.steps + 1):
                renew = step in RENEWALS or step == after + 1
                values, gradient = aim.differentiate(descent.picture, renew)
                whole = aim.whole(values)
                at_first = whole if at_first is None else at_first
                tried = begun is not None and steps == "auto" and last and step == TRIED + 1
                if tried and whole > (1 - WORTH) * at_first:
                    break
                descent.step(gradient, step, octave.steps)
                painted = _faded(descent.result, content, strength, around)
                shown = finished(painted, photograph, kept)
                yield Iterate(number, len(octaves), step, octave.steps, values, shown, painted)
            if careful or not descent.failed:
                break
            log.warning("no numbers at %d x %d px: again, in a slower and safer way", *size[::-1])
            descent.restart()
            after = 0

    for number in range(1, len(octaves) + 1):
        step = 0
        while True:
            try:
                for iterate in octave_painted(number, step):
                    step = iterate.step
                    yield iterate
                break
            except (MemoryError, RuntimeError) as error:
                if not thrift.goes_on(error, number > 1 or step > 0):
                    raise
                log.warning("out of memory, after step %d: %s", step, error)
            thrift.give_back()
            if thrift.over:
                return
            descent.spare(thrift.level.pairs)


def _coloured(style: Style, content: Tensor, guide: Tensor, share: float) -> Style:
    """A style in the photograph's palette; nothing was seen of it as it is now."""
    picture = with_palette_of(style.picture, style.guide, content, guide, share)
    return replace(style, picture=picture, seen={})


def _faded(picture: Tensor, content: Tensor, strength: float, around: Around) -> Tensor:
    """However much the content weighs, its features do not hold its colours."""
    if strength >= FAINT:
        return picture
    seen = resize(content, (picture.shape[2], picture.shape[3]), around).clamp(0, 1)
    return torch.lerp(seen, picture, strength / FAINT)


def _start(content: Tensor, init: str, seed: int) -> Tensor:
    """The first picture: the content with a little noise, or noise of the content's mean colour."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(content.shape, generator=generator).to(content)
    if init == "noise":
        return (content.mean((2, 3), keepdim=True) + 0.2 * noise).clamp(0, 1)
    return (content + NOISE * noise).clamp(0, 1)


def has_neighbours(size: tuple[int, int], last: bool) -> bool:
    """Whether an octave does, where the picture is to be painterly. A small picture's last does."""
    return last or max(size) >= FORMS


def _detail(
    content: Tensor, picture: Tensor, size: tuple[int, int], quality: str, around: Around
) -> Tensor:
    """What of the content, or of what it goes on from, the picture was too small to show: it begins
    the octave with that.

    The content loss asks for it anyway; half of the steps of an octave went into finding it. But
    it is a photograph's: the more painterly, the smaller a share of it is taken.
    """
    whole = resize(content, size, around)
    if quality == "reference":
        return torch.zeros_like(whole)
    seen = (picture.shape[2], picture.shape[3])
    return whole - resize(resize(content, seen, around), size, around)


def _aimed_at(photograph: Tensor, painting: Tensor, own: float, kept: Tensor | None) -> Tensor:
    """What an octave's content is: the photograph, and a share of the painting's own forms."""
    if own == 0:
        return photograph
    return torch.lerp(photograph, painting, own if kept is None else own * (1 - kept))


def _is_better(aim: Objective, begun: Tensor, painted: Tensor) -> bool:
    """Whether the last octave has less to do on what the painting goes on from than on what came
    of it on the smaller octaves, which do not know what it has of fine strokes."""
    ahead, behind = (aim.whole(aim.differentiate(each, renew=True)[0]) for each in (begun, painted))
    return bool(ahead < behind)


def _optimiser(
    name: str, quality: str, picture: Tensor, around: Around, first: float, history: int
) -> LBFGS | Adam:
    if quality == "reference":
        return Adam(picture, around, **REFERENCE)
    return LBFGS(picture, around, first, history) if name == "lbfgs" else Adam(picture, around)
