"""From the working size to the full size: brushwork, guided by the painting.

Image Analogies (Hertzmann et al. 2001) of each style with itself reduced to the working size: a
place of the painting has the detail of the place that is most like it in a reduced style, taken
from the style at full size. Patches are matched exactly, by matrix products; then neighbours agree
on pieces of the style that hang together (coherent candidates of Ashikhmin 2001, the energy of
Kwatra et al. 2005 lowered place by place), so that strokes stay whole. Guided by a stylised picture
as in Texler et al. 2019, "Enhancing Neural Style Transfer using Patch-Based Synthesis".

Departures: only what is finer than FINE is taken, and colours and forms stay the painting's, so
that nothing of a style's own shading makes seams; of what the painting has as fine, and the style's
patches have otherwise, a part stays (HELD), for the forms' sake; a few places beside each other
vote, the nearest most, and every pixel is asked for by itself, so that any strip of rows is the
same as in the whole. The painting is matched at the working size, which is bounded; of the styles
no more than MOST pixels are kept.
"""

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine import guides, regions, styles
from scumble_backend.engine.colour import from_oklab, oklab
from scumble_backend.engine.detail import Change, bordered, enlarged
from scumble_backend.engine.neighbours import assigned_among, averaged, nearest, owned
from scumble_backend.engine.pyramid import NOWHERE, Around, resize, resize_positive
from scumble_backend.engine.styles import Style

FINE = 1.5  # px of the working size, standard deviation: what is finer is the style's
HELD = 0.5  # share of the painting's own detail that stays where the style's is otherwise
MOST = 2**20  # px of all styles together, reduced; of more the middle of each
LARGEST = 4.0  # times as many a side at full size, at most
APART = 2  # px of the working size between two places that are matched, at least
PLACES = 200_000  # of the painting that are matched, at most
KEYS = 16384  # places of all styles that each is compared with, at most
REACH = 2  # px on each side of a place that it is matched by
COLOURED = 0.5  # weight of chroma in a patch, against lightness
TONED = 1.0  # weight of a patch's mean, against what is in it
COMPONENTS = 24  # principal ones of patches, that distance is measured in
TOGETHER = 0.3  # cost of a neighbour that goes on elsewhere, in variances of the painting's patches
ROUNDS = 6  # in which neighbours agree
REGION = {"barycentre": 9, "mixture": 31}  # places a side over which a style's likeness is averaged
SPREAD = 4.0  # standard deviations of likeness beyond which a place is as unlike as any
NEARER = 3  # power of a place's nearness by which its vote counts
CALM, LOUD = 0.5, 1.25  # times a style's own contrast that its detail has, at least and at most
STRIP = 512  # rows at a time
OPAQUE = 0.99  # alpha of a style's place that may be matched
KEEP = torch.float16  # what detail is kept as
KEPT = 0.999  # of a place: it is the photograph
SIDES = ((0, 1), (0, -1), (1, 1), (1, -1))  # of a place its neighbours: axis, and by how many


def pairs(height: int, width: int) -> int:
    """Patches that are compared for a painting of this size, px."""
    apart = _apart(height, width)
    return (height // apart) * (width // apart) * KEYS


def _apart(height: int, width: int) -> int:
    """Px between two places that are matched."""
    return max(APART, math.ceil(math.sqrt(height * width / PLACES)))


class Source(NamedTuple):
    """A style.

    lab: (1, 3, h, w), of the reduced one, in Oklab. opaque: (h, w), bool. fine: (h, w, 3), what of
    it is finer than FINE. contrast: (h, w), of that. detail: (H, W, 3), the same of the style at
    full size. patches: (h, w, COMPONENTS).
    """

    lab: Tensor
    opaque: Tensor
    fine: Tensor
    contrast: Tensor
    detail: Tensor
    patches: Tensor


class Vote(NamedTuple):
    """What each matched place of the picture, (gh, gw), says of the pixels around it at some size:
    where in a table of styles' pixels one behind the other.

    table: (n, 3). start, height, width: of the place's style in it. down, across: from a pixel of
    the picture to the style's. gain: times contrast. size: (H, W), the picture's.
    """

    table: Tensor
    start: Tensor
    height: Tensor
    width: Tensor
    down: Tensor
    across: Tensor
    gain: Tensor
    size: tuple[int, int]


class Brushwork:
    """A painting in brushwork of its styles at full size, ready to be asked for rows.

    painted, photograph: (1, 3, h, w), RGB in [0, 1], at the working size; size: the full one.
    style_list: as stylize's, brush sizes with the overall one; keep: (1, 1, h, w), as stylize's.
    shown: 0..1, how much of it is brushwork and not the change laid over the photograph. chroma:
    0..1, how much of the brushwork's own colour shows.
    """

    def __init__(
        self,
        painted: Tensor,
        photograph: Tensor,
        size: tuple[int, int],
        style_list: list[Style],
        keep: Tensor | None = None,
        around: Around = NOWHERE,
        *,
        blend: str = "barycentre",
        shown: float = 1.0,
        chroma: float = 1.0,
    ):
        self.size, self._around, self._shown = size, around, shown
        used = styles.canonical([style for style in style_list if regions.lies(style)])
        where = regions.regions(used, keep)
        self._kept, brushed = where.kept, where.with_strokes(used)
        self._plain = brushed.kept
        self._change = None
        if shown < 1 or self._plain is not None:
            self._change = Change(painted, photograph, size[0], around)
        ratio = size[0] / painted.shape[2]
        lab = oklab(painted.clamp(0, 1))
        base = _blurred(lab, around)
        sources = [_source(style, size, ratio, len(used)) for style in used]
        kernel = _principal([each.lab for each in sources])
        sources = [each._replace(patches=_patches(each.lab, kernel)) for each in sources]
        contrast = _contrast(lab - base, around)
        grid = _Grid(_patches(lab, kernel, around), contrast, sources, brushed, around, blend)
        tint = torch.tensor((1.0, chroma, chroma)).to(lab)
        self._vote = grid.vote([each.detail * tint for each in sources], size)
        coarse = grid.vote([each.fine * tint for each in sources], (lab.shape[2], lab.shape[3]))
        held = max(HELD, 2 - ratio)  # a painting that is nearly as large stays as it is
        voted = _voted(coarse, 0, painted.shape[2], around)
        self._base = base + held * (lab - base - voted)

    def lay_over(self, rows: Tensor, top: int) -> Tensor:
        """The full-size painting's rows from top on.

        rows: (1, 3, n, W), the photograph's. -> (1, 3, n, W), RGB in [0, 1].
        """
        count = rows.shape[2]
        found = from_oklab(
            self._enlarged(self._base, top, count) + _voted(self._vote, top, count, self._around)
        )
        if self._change is not None:
            plain = 1 - self._shown
            if self._plain is not None:
                bare = self._enlarged(self._plain, top, count).clamp(0, 1)
                plain = 1 - self._shown * (1 - bare)
            found = torch.lerp(found, self._change.lay_over(rows, top), plain)  # type: ignore[arg-type]
        if self._kept is not None:
            found = torch.where(self._enlarged(self._kept, top, count) > KEPT, rows, found)
        return found

    def _enlarged(self, layer: Tensor, top: int, count: int) -> Tensor:
        return enlarged(layer, *self.size, top, count, self._around)


class _Grid:
    """The places of a painting that are matched, each with its style's place.

    patches: (h, w, D). where: the regions in which styles lie.
    """

    def __init__(
        self,
        patches: Tensor,
        contrast: Tensor,
        sources: list[Source],
        where: regions.Regions,
        around: Around,
        blend: str,
    ):
        self._sources, self._around = sources, around
        self._sides = tuple(patches.shape[:2])
        apart = _apart(*self._sides)
        self._shape = tuple(max(1, side // apart) for side in self._sides)
        middles = [
            (torch.arange(n, device=patches.device) + 0.5) * (side / n)
            for n, side in zip(self._shape, self._sides, strict=True)
        ]
        self._lines = [middle.long() for middle in middles]  # rows, and columns
        self._beside = [
            middle - line - 0.5 for middle, line in zip(middles, self._lines, strict=True)
        ]
        self._wanted = patches[self._lines[0]][:, self._lines[1]]  # (gh, gw, D)
        self._contrast = contrast[self._lines[0]][:, self._lines[1]]  # (gh, gw)
        found = [_matched(self._wanted, each, KEYS // len(sources)) for each in sources]
        likeness = averaged(torch.stack([likeness for likeness, _ in found]), REGION[blend])
        self._chosen = _assigned(likeness, where)
        size = (1, 2, *self._shape)
        first = torch.stack([place for _, place in found])
        first = first.gather(0, self._chosen[None, None].expand(size))[0]
        self._starts = self._of(_starts([each.patches for each in sources]))
        self._heights, self._widths = (
            self._of([each.patches.shape[axis] for each in sources]) for axis in (0, 1)
        )
        self._place = self._agreed(first)  # (2, gh, gw), px of the reduced style

    def _of(self, sides: list[int]) -> Tensor:
        """One number a style -> that of each place's."""
        return torch.tensor(sides, device=self._chosen.device)[self._chosen]

    def _rows(self, place: Tensor) -> Tensor:
        """Where in a table of the styles' places one behind the other: (gh, gw)."""
        return self._starts + place[0] * self._widths + place[1]

    def _agreed(self, first: Tensor) -> Tensor:
        """The places after neighbours have come to terms, on a chessboard's fields by turns."""
        table = torch.cat([each.patches.flatten(0, 1) for each in self._sources])
        cost = TOGETHER * float(self._wanted.square().sum(2).mean())
        rows, columns = (torch.arange(n, device=first.device) for n in self._shape)
        white = (rows[:, None] + columns) % 2 == 0
        steps, same = zip(*(self._step(axis, by) for axis, by in SIDES), strict=True)

        def away(place: Tensor) -> Tensor:
            return (table[self._rows(place)] - self._wanted).square().sum(2)

        place, apart = first, away(first)
        original = apart
        for turn in range(2 * ROUNDS):
            beside = []
            for (axis, by), step, there in zip(SIDES, steps, same, strict=True):
                goes_on = torch.roll(place, -by, axis + 1) - step
                inside = torch.stack(
                    (
                        torch.minimum(goes_on[0].clamp_min(REACH), self._heights - 1 - REACH),
                        torch.minimum(goes_on[1].clamp_min(REACH), self._widths - 1 - REACH),
                    )
                ).clamp_min(0)
                beside.append(torch.where(there, inside, place))
            offers = [(place, apart), (first, original), *((each, away(each)) for each in beside)]
            costs = torch.stack(
                [
                    far + cost * sum(
                        there & (offer != each).any(0)
                        for each, there in zip(beside, same, strict=True)
                    )
                    for offer, far in offers
                ]
            )  # fmt: skip
            best = costs.argmin(0, keepdim=True)
            places = torch.stack([offer for offer, _ in offers])
            better = places.gather(0, best[:, None].expand(1, *place.shape))[0]
            nearer = torch.stack([far for _, far in offers]).gather(0, best)[0]
            moves = white if turn % 2 == 0 else ~white
            place = torch.where(moves, better, place)
            apart = torch.where(moves, nearer, apart)
        return place

    def _step(self, axis: int, by: int) -> tuple[Tensor, Tensor]:
        """How far a neighbour lies from each place, (2, gh or 1, gw or 1), px; and whether it has
        the same style, (gh, gw)."""
        line, side = self._lines[axis], self._sides[axis]
        far = (torch.roll(line, -by) - line + side // 2) % side - side // 2
        step = torch.zeros(2, len(line), dtype=torch.long, device=line.device)
        step[axis] = far
        same = torch.roll(self._chosen, -by, axis) == self._chosen
        if not self._around[axis]:
            same.select(axis, -1 if by > 0 else 0).fill_(False)
        return (step[:, :, None] if axis == 0 else step[:, None, :]), same

    def vote(self, tables: list[Tensor], size: tuple[int, int]) -> Vote:
        """tables: (H, W, 3) of each style, at the scale of a picture of this size."""
        offsets = []
        for axis in (0, 1):
            scale = torch.tensor(
                [
                    table.shape[axis] / each.patches.shape[axis]
                    for table, each in zip(tables, self._sources, strict=True)
                ]
            ).to(self._wanted)[self._chosen]
            shape = (-1, 1) if axis == 0 else (1, -1)
            middle = self._lines[axis] + 0.5 + self._beside[axis]
            own = (self._place[axis] + 0.5 + self._beside[axis].view(shape)) * scale
            offset = own - (middle * (size[axis] / self._sides[axis])).view(shape)
            offsets.append(offset.round().long())
        return Vote(
            torch.cat([each.flatten(0, 1) for each in tables]),
            self._of(_starts(tables)),
            self._of([each.shape[0] for each in tables]),
            self._of([each.shape[1] for each in tables]),
            offsets[0],
            offsets[1],
            self._gain(),
            size,
        )

    def _gain(self) -> Tensor:
        """(gh, gw): as calm where the painting is calm."""
        table = torch.cat([each.contrast.flatten() for each in self._sources])
        own = table[self._rows(self._place)]
        return (self._contrast / own.clamp_min(1e-4)).clamp(CALM, LOUD)


def _starts(tables: list[Tensor]) -> list[int]:
    """Where each begins in all, one behind the other."""
    sizes = [math.prod(each.shape[:2]) for each in tables]
    return [sum(sizes[:number]) for number in range(len(sizes))]


def _source(style: Style, size: tuple[int, int], ratio: float, of: int) -> Source:
    """A style as large as it is looked at in a picture of the full size, and by ratio smaller.

    of: how many styles there are.
    """
    picture, guide = guides.fill_holes(style.picture, style.guide), style.guide
    height, width = picture.shape[2:]
    scale = max(styles.size_looked_at(style, max(size))) / max(height, width)
    room = MOST * min(ratio, LARGEST) ** 2 / of / scale**2
    part = min(1.0, math.sqrt(room / (height * width)))
    (top, tall), (left, wide) = (_middle(side, part) for side in (height, width))
    picture, guide = (x[:, :, top : top + tall, left : left + wide] for x in (picture, guide))
    picture = resize(picture, (round(tall * scale), round(wide * scale))).clamp(0, 1)
    lab = torch.cat([oklab(rows) for rows in picture.split(STRIP, 2)], 2)
    reduced = (_reduced(lab.shape[2], ratio), _reduced(lab.shape[3], ratio))
    small = resize(lab, reduced)
    base = _blurred(small)
    height, width = lab.shape[2:]
    detail = torch.cat(
        [
            rows - enlarged(base, height, width, number * STRIP, rows.shape[2])
            for number, rows in enumerate(lab.split(STRIP, 2))
        ],
        2,
    )
    opaque = -F.max_pool2d(-resize_positive(guide, reduced), 2 * REACH + 1, 1, REACH)[0, 0] > OPAQUE
    inner = torch.zeros_like(opaque)
    inner[REACH : reduced[0] - REACH, REACH : reduced[1] - REACH] = True
    opaque = inner & opaque if bool((inner & opaque).any()) else inner
    fine = small - base
    return Source(
        small,
        opaque,
        _rows_of(fine),
        _contrast(fine),
        _rows_of(detail).to(KEEP),
        torch.empty(0),
    )


def _reduced(side: int, ratio: float) -> int:
    return max(2 * REACH + 1, round(side / ratio))


def _middle(side: int, part: float) -> tuple[int, int]:
    """Where the middle part of a side begins, and how long it is."""
    length = max(1, round(side * part))
    return (side - length) // 2, length


def _rows_of(x: Tensor) -> Tensor:
    """(1, C, H, W) -> (H, W, C)."""
    return x[0].permute(1, 2, 0).contiguous()


def _blurred(x: Tensor, around: Around = NOWHERE) -> Tensor:
    """Without what is finer than FINE."""
    reach = math.ceil(3 * FINE)
    line = torch.exp(-0.5 * (torch.arange(-reach, reach + 1).to(x) / FINE) ** 2)
    line, channels = line / line.sum(), x.shape[1]
    x = _padded(x, reach, around)
    x = F.conv2d(x, line.view(1, 1, -1, 1).expand(channels, 1, -1, 1), groups=channels)
    return F.conv2d(x, line.view(1, 1, 1, -1).expand(channels, 1, 1, -1), groups=channels)


def _contrast(fine: Tensor, around: Around = NOWHERE) -> Tensor:
    """(h, w), standard deviation of the lightness of what is fine around each place."""
    return _blurred(fine[:, :1].square(), around)[0, 0].clamp_min(0).sqrt()


def _windows() -> Tensor:
    """(78, 3, 5, 5): what a patch is compared by: its pixels, the middle ones most, without their
    mean; and that."""
    side = 2 * REACH + 1
    line = torch.exp(-((torch.arange(side) - REACH) ** 2) / 8.0)
    near = (line[:, None] * line).flatten() / line.sum() ** 2
    pixels = (torch.eye(side * side) - near) * near.sqrt()[:, None]  # (25, 25)
    weights = (1.0, COLOURED, COLOURED)
    windows = torch.zeros(3, side * side + 1, 3, side * side)
    for channel, weight in enumerate(weights):
        windows[channel, :-1, channel] = weight * pixels
        windows[channel, -1, channel] = TONED * near
    return windows.view(-1, 3, side, side)


def _principal(labs: list[Tensor]) -> Tensor:
    """(COMPONENTS, 3, 5, 5): the directions in which the styles' patches have most of what they
    have. In double precision, as in neighbours.py."""
    windows = _windows().to(labs[0])
    spread = torch.zeros(len(windows), len(windows), dtype=torch.float64)
    for lab in labs:
        apart = max(1, math.isqrt(lab[0, 0].numel() // KEYS))
        patches = F.conv2d(lab, windows, stride=apart).flatten(2)[0]
        spread += (patches @ patches.T / patches.shape[1]).cpu().double()
    basis = torch.linalg.eigh(spread).eigenvectors[:, -COMPONENTS:].to(windows)
    return torch.einsum("wcij,wd->dcij", windows, basis).contiguous()


def _patches(lab: Tensor, kernel: Tensor, around: Around = NOWHERE) -> Tensor:
    """(h, w, COMPONENTS)."""
    return _rows_of(F.conv2d(_padded(lab, REACH, around), kernel))


def _matched(wanted: Tensor, source: Source, most: int) -> tuple[Tensor, Tensor]:
    """The nearest of a style's patches: minus the squared distance, (gh, gw), and its place,
    (2, gh, gw). most: of its places that are looked at."""
    places = source.opaque.nonzero()
    apart = max(1, math.ceil(math.sqrt(len(places) / most)))
    places = places[(places % apart == 0).all(1)] if apart > 1 else places
    keys = source.patches[places[:, 0], places[:, 1]]
    query = wanted.flatten(0, 1)
    one = torch.ones_like(query[:, :1])
    likeness, best = nearest(
        torch.cat((query, one), 1), torch.cat((2 * keys, -keys.square().sum(1, keepdim=True)), 1)
    )
    shape = wanted.shape[:2]
    likeness = likeness - query.square().sum(1)
    return likeness.view(shape), places[best].T.reshape(2, *shape)


def _assigned(likeness: Tensor, where: regions.Regions) -> Tensor:
    """Which style each place has, (gh, gw): by its weight's share of the region, where it suits
    best. likeness: (S, gh, gw)."""
    apart = likeness - likeness.mean(0)  # offsets are found in steps of its range
    likeness = (apart / apart.std().clamp_min(1e-12)).clamp(-SPREAD, SPREAD)
    count = likeness[0].numel()
    areas = likeness.new_full((count, 1), 1 / count)
    return assigned_among(likeness, owned(where, areas, likeness[None]))


def _voted(vote: Vote, top: int, count: int, around: Around) -> Tensor:
    """Rows top .. top + count, (1, 3, count, W)."""
    (height, width), (down, across) = vote.size, around
    rows, lines = (
        torch.arange(first, first + n, device=vote.table.device)
        for first, n in ((top, count), (0, width))
    )
    found, votes = 0, 0
    for row, place_down, near_down in _beside(rows, height, vote.down.shape[0], down):
        for line, place_across, near_across in _beside(lines, width, vote.down.shape[1], across):
            cell = place_down[:, None] * vote.down.shape[1] + place_across
            weight = (near_down[:, None] * near_across) ** NEARER
            start, tall, wide, far_down, far_across, gain = (
                each.flatten()[cell]
                for each in (
                    vote.start, vote.height, vote.width, vote.down, vote.across, vote.gain
                )
            )  # fmt: skip
            y = torch.minimum((row[:, None] + far_down).clamp_min(0), tall - 1)
            x = torch.minimum((line + far_across).clamp_min(0), wide - 1)
            pixels = vote.table[start + y * wide + x]
            found = found + (weight * gain)[..., None] * pixels.float()
            votes = votes + weight
    return (found / votes[..., None]).permute(2, 0, 1)[None]  # type: ignore[union-attr, index]


def _beside(pixels: Tensor, side: int, places: int, around: bool):
    """For each pixel, (n,), the two places before and behind it: where the pixel lies as seen from
    there, the place, and how near it is, 0..1."""
    at = (pixels + 0.5) * (places / side) - 0.5
    before = at.floor()
    for place, near in ((before, 1 - (at - before)), (before + 1, at - before)):
        place = place.long()
        if around:
            turns = torch.div(place, places, rounding_mode="floor")
            yield pixels - turns * side, place - turns * places, near
        else:
            yield pixels, place.clamp(0, places - 1), near


def _padded(x: Tensor, by: int, around: Around) -> Tensor:
    """As `bordered`, also where the picture is smaller than its border."""
    while by > 0:
        step = min(by, *x.shape[2:])
        x, by = bordered(x, step, around), by - step
    return x
