"""Nearest neighbours: what every place of the picture should look like, shown by the place of the
styles that is most like it.

After Kolkin, Kucera, Paris, Sykora, Shechtman and Shakhnarovich 2022, "Neural Neighbor Style
Transfer": hypercolumns matched by their angle, renewed from the picture as it goes ("feature
splitting"). Statistics (losses.w2_loss) are cheapest to reach where the content holds least, in
skies and walls, and leave the subject a toned photograph; here every place is asked for brushwork.

Departures:
- the style's own features are asked for, by their squared distance (losses.ContentLoss), at
  LAYERS; W2 goes on beside it and brings in the large motifs that a flat place would never find;
- the first matches of an octave are made by the content and by the picture together: the content's
  alone lose the motifs that smaller octaves have painted, the picture's alone lose the content;
- several styles: each is matched by itself, then each gets its weight's share of the places by an
  offset on its likeness, in regions, larger ones where styles are to lie side by side;
- where it is drawn which way strokes run, that is a part of likeness (directions.py), and each
  style is matched turned by a right angle, too;
- on large octaves blocks of places are matched, and each place takes the best of what the four
  blocks around it propose: time and memory are bounded (PLACES, CHUNK).
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine import directions, guides, losses
from scumble_backend.engine.encoder import Encoder, stride
from scumble_backend.engine.hypercolumns import (
    COMPONENTS,
    GRID,
    SEEN,
    Features,
    principal,
    projected,
)
from scumble_backend.engine.passage import features_of
from scumble_backend.engine.pyramid import resize_positive
from scumble_backend.engine.regions import Regions
from scumble_backend.engine.styles import Style, looked_at

LAYERS = ("relu2_1", "relu3_1", "relu4_1")  # at which a place should look like its match
CONTENT_SHARE = 0.5  # of what an octave's first matches are made by
DIRECTED = 1.0  # likeness of the right direction, against 1 for each of SEEN
COLUMN_BYTES = 4 * COMPONENTS / stride(GRID) ** 2  # a pixel of what is matched
PLACES = 16384  # that are matched at once, of the picture and of all styles together, at most
CHUNK = 2**22  # likenesses that are held at once, at most
REGION = {"barycentre": 5, "mixture": 15}  # places a side over which a style's likeness is averaged
HELD = torch.float16  # what styles' features, of mean 1, are kept as: half the memory, nothing seen
EDGE = 4  # places of a style next to its edges that are nobody's match: they show its padding
ROUNDS = 60  # in which the offsets settle


def layers(encoder: Encoder) -> tuple[str, ...]:
    """LAYERS that an encoder has; none, where it is cut before GRID."""
    return tuple(each for each in LAYERS if each in encoder.layers and GRID in encoder.layers)


def bytes_per_pixel(encoder: Encoder) -> float:
    """What is held for each pixel of a style that is looked at: features as they come, tables made
    of them, and columns in float."""
    grid = stride(GRID)
    come = sum(encoder.widths[each] / stride(each) ** 2 for each in layers(encoder))
    wide = sum(encoder.widths[each] / min(stride(each), grid) ** 2 for each in layers(encoder))
    return encoder.dtype.itemsize * come + HELD.itemsize * wide + COLUMN_BYTES


def pairs(height: int, width: int, looked_at: list[float]) -> int:
    """Places that are compared at one matching: of a picture of this size, px, with those of styles
    of so many pixels each."""
    places, keys = (x / stride(GRID) ** 2 for x in (height * width, sum(looked_at)))
    in_block = _block(places) ** 2
    return round(places / in_block * min(PLACES, keys / in_block))


def _block(places: float) -> int:
    """Places a side of the blocks that are matched, where a picture has so many places."""
    return math.ceil(math.sqrt(places / PLACES))


# Which of a layer's places -> what they should look like, (n, C), as HELD.
Goal = Callable[[slice], Tensor]


class Look(NamedTuple):
    """What is seen of a style on GRID's places.

    features: {layer: (1, C', h, w)}, of finer layers with more channels, as HELD. kept:
    (1, 1, h, w), where it is not transparent. way: (1, 2, h, w), which way its strokes run; None,
    where nobody asks.
    """

    features: dict[str, Tensor]
    kept: Tensor
    way: Tensor | None


class Shown(NamedTuple):
    """A style at an octave; its places are those of GRID.

    columns: (1, D, h, w). keys: (K, D), those of the blocks that may be matched, and where these
    begin: rows, lines (K,).
    """

    columns: Tensor
    keys: Tensor
    rows: Tensor
    lines: Tensor


class Match(NamedTuple):
    """How like its match in a style each place of the picture is, and which of the style's places
    that is: (h, w)."""

    likeness: Tensor
    place: Tensor


class Neighbours:
    """The styles at an octave, as neighbours for the places of a picture.

    content: {layer: (1, C, H, W)}, its features of SEEN. guide: (1, 1, H, W), its alpha. styles: of
    weights that sum to 1, where: the regions in which they lie. direction: (1, 2, H, W), which way
    strokes run; None: as it comes. onward: the picture is a painting, by which alone the first
    matches are made.
    """

    def __init__(
        self,
        encoder: Encoder,
        content: dict[str, Tensor],
        guide: Tensor,
        styles: list[Style],
        where: Regions,
        blend: str,
        direction: Tensor | None = None,
        onward: bool = False,
    ):
        first = {k: content[k] for k in SEEN if k in content}
        self._content: Features | None = None if onward else first
        self._sizes = {layer: _size(layer, guide) for layer in layers(encoder)}
        self._region = REGION[blend]
        places = content[GRID][0, 0].numel()
        self._block = _block(places)
        areas = guides.shares(guide, GRID).expand(places, 1)
        self._owned = owned(where, areas, content[GRID])
        long_side = max(guide.shape[2:])
        self._turns = 1 if direction is None else 2
        looks = [
            _look(encoder, style, long_side, turn, direction is not None)
            for style in styles
            for turn in range(self._turns)
        ]
        self._basis = principal(look.features for look in looks)
        self._way = direction if direction is None else _on(direction, content[GRID])
        self._shown = [self._prepared(look, PLACES // len(looks)) for look in looks]
        self._tables = {
            layer: _table([look.features for look in looks], layer) for layer in self._sizes
        }
        counts = torch.tensor([0] + [look.kept.numel() for look in looks[:-1]])
        self._first = counts.cumsum(0).to(guide.device)  # of each one's places among those of all

    def match(self, features: Features) -> dict[str, Goal]:
        """{layer: what its places should look like} of the picture with these features, of SEEN,
        which go out of `features` as soon as columns are made of them: they are as large."""
        content, self._content = self._content, None  # only the first of the octave
        columns = self._with_way(
            projected(features, self._basis, content, CONTENT_SHARE), self._way
        )
        features.clear()
        del content
        matches = [self._search(columns, shown) for shown in self._shown]
        likeness = torch.stack([match.likeness for match in matches])
        likeness, turn = likeness.unflatten(0, (-1, self._turns)).max(1)
        chosen = assigned_among(averaged(likeness, self._region), self._owned)
        chosen = chosen * self._turns + turn.gather(0, chosen[None])[0]
        places = torch.stack([match.place for match in matches]).gather(0, chosen[None])[0]
        places = places + self._first[chosen]
        return {
            layer: _goal(self._tables[layer], places, layer, size)
            for layer, size in self._sizes.items()
        }

    def _with_way(self, columns: Tensor, way: Tensor | None) -> Tensor:
        """(1, D, h, w): what likeness is the inner product of."""
        if way is None:
            return columns
        return torch.cat((columns, math.sqrt(DIRECTED) * way), 1)

    def _prepared(self, look: Look, most: int) -> Shown:
        """most: keys. Of too many every second, third ... is taken."""
        columns = self._with_way(projected(look.features, self._basis), look.way)
        block = self._block
        blocks, kept = self._in_blocks(columns), self._in_blocks(_inner(look.kept))
        places = (kept >= 0.5 * kept.amax()).flatten().nonzero()[:, 0]
        places = places[:: math.ceil(len(places) / most)]
        width = blocks.shape[3]
        rows, lines = places // width * block, places % width * block
        return Shown(columns, losses.places(blocks)[places], rows, lines)

    def _in_blocks(self, x: Tensor) -> Tensor:
        """(1, C, h, w), blocks' means of it."""
        if self._block == 1:
            return x
        return F.avg_pool2d(x, self._block, ceil_mode=True, count_include_pad=False)

    def _search(self, columns: Tensor, shown: Shown) -> Match:
        """The match of every place; of blocks, where there are too many places."""
        block, (height, width) = self._block, columns.shape[2:]
        blocks = self._in_blocks(columns)
        likeness, key = nearest(losses.places(blocks), shown.keys)
        if block == 1:
            place = shown.rows[key] * shown.columns.shape[3] + shown.lines[key]
            return Match(likeness.view(height, width), place.view(height, width))
        key = key.view(blocks.shape[2:])
        proposals = [
            self._proposed(columns, shown, key, above, before)
            for above in (0, 1)
            for before in (0, 1)
        ]
        best = torch.stack([each.likeness for each in proposals]).argmax(0, keepdim=True)
        parts = (torch.stack(each).gather(0, best)[0] for each in zip(*proposals, strict=True))
        return Match(*parts)

    def _proposed(
        self, columns: Tensor, shown: Shown, keys: Tensor, above: int, before: int
    ) -> Match:
        """What one of the four blocks around each place proposes: its own match, moved on by as
        much as the place lies from it."""
        block, (height, width) = self._block, columns.shape[2:]
        row, rows = _around(height, block, keys.shape[0], above, columns.device)
        line, lines = _around(width, block, keys.shape[1], before, columns.device)
        key = keys[row[:, None], line[None, :]]
        high, wide = shown.columns.shape[2:]
        row = (shown.rows[key] + rows[:, None]).clamp(0, high - 1)
        line = (shown.lines[key] + lines[None, :]).clamp(0, wide - 1)
        place = row * wide + line
        return Match(_likeness(columns, shown.columns, place), place)


class Owned(NamedTuple):
    """A region's places, (n,), and their areas, (n, 1); its styles, (S,), and their weights, both
    of which sum to 1."""

    places: Tensor
    areas: Tensor
    styles: Tensor
    weights: Tensor


def owned(where: Regions, areas: Tensor, grid: Tensor) -> list[Owned]:
    """Each place goes to the region that has most of it. areas: (h w, 1); grid: (1, C, h, w)."""
    if where.kept is None:
        owner = torch.zeros(len(areas), dtype=torch.long, device=areas.device)
    else:
        size = (grid.shape[2], grid.shape[3])
        shares = [
            resize_positive(part.guide, size) for part in where.parts if part.guide is not None
        ]
        owner = torch.cat(shares, 1).argmax(1).flatten()
    found = []
    for number, part in enumerate(where.parts):
        places = (owner == number).nonzero()[:, 0]
        if len(places):
            weights = torch.tensor(part.weights).to(areas)
            styles = weights.nonzero()[:, 0]
            area = areas[places] / areas[places].sum().clamp_min(1e-12)
            found.append(Owned(places, area, styles, weights[styles]))
    return found


def assigned_among(likeness: Tensor, regions: list[Owned]) -> Tensor:
    """Which style each place goes to, (h, w): in each region one of those that lie there.
    likeness: (S, h, w)."""
    chosen = torch.zeros(likeness[0].numel(), dtype=torch.long, device=likeness.device)
    for own in regions:
        found = assigned(likeness.flatten(1)[own.styles][:, own.places], own.weights, own.areas)
        chosen[own.places] = own.styles[found]
    return chosen.view(likeness.shape[1:])


def assigned(likeness: Tensor, weights: Tensor, areas: Tensor) -> Tensor:
    """Which style each place goes to, (h, w): where its likeness plus the style's offset is
    largest, offsets such that the places of a style take its weight's share of the area.

    likeness: (S, h, w). weights: (S,), areas: (h w, 1), both summing to 1.
    """
    size, likeness = likeness.shape[1:], likeness.flatten(1)
    offsets = torch.zeros_like(weights)
    step = 4 * (likeness.amax() - likeness.amin())
    for _ in range(ROUNDS if len(weights) > 1 else 0):
        own = likeness + offsets[:, None]
        taken = (own >= own.amax(0)).to(areas)  # an argmax takes sixteen times as long
        taken = taken / taken.sum(0)  # of what is like two of them each has a half
        offsets = offsets + step * (weights - (taken * areas[:, 0]).sum(1))
        step = 0.9 * step
    return (likeness + offsets[:, None]).argmax(0).view(size)


@torch.no_grad()
def _look(encoder: Encoder, style: Style, long_side: int, turn: int, directed: bool) -> Look:
    """turn: by how many right angles. directed: whether it is asked which way its strokes run."""
    picture, guide = (torch.rot90(x, turn, (2, 3)) for x in looked_at(style, long_side))
    features = features_of(encoder, picture, layers(encoder))
    grid = features[GRID]
    size = (grid.shape[2], grid.shape[3])
    way = _on(directions.seen(picture), grid) if directed else None
    return Look(features, resize_positive(guide, size), way)


def _table(looks: list[Features], layer: str) -> Tensor:
    """(P f f, C), as HELD: what all styles look like at a layer with f places a side in each of
    GRID's P, the places in one after another; of coarser layers, resized to GRID.

    What nothing else is made of goes out of looks: styles that are looked at large are the most
    that a job holds.
    """
    finer, sizes = max(1, stride(GRID) // stride(layer)), [x[GRID].shape[2:] for x in looks]
    widths, counts = looks[0][layer].shape[1], [size.numel() for size in sizes]
    table = torch.empty(
        (sum(counts), finer, finer, widths), dtype=HELD, device=looks[0][layer].device
    )
    for part, size, features in zip(table.split(counts), sizes, looks, strict=True):
        x = features[layer] if layer in SEEN else features.pop(layer)
        if x.shape[2] < size[0] or x.shape[3] < size[1]:
            x = F.interpolate(x.float(), size, mode="bilinear")
        own = part.view(*size, finer, finer, widths)
        for row in range(finer):
            rows = x.index_select(2, _every(finer, row, size[0], x.shape[2], x.device))
            for line in range(finer):
                lines = _every(finer, line, size[1], x.shape[3], x.device)
                own[:, :, row, line] = rows.index_select(3, lines)[0].permute(1, 2, 0)
    return table.flatten(0, 2)


def _size(layer: str, picture: Tensor) -> torch.Size:
    """(H, W) of a layer's features of a picture: every pooling rounds up."""
    return torch.Size(math.ceil(side / stride(layer)) for side in picture.shape[2:])


def _every(step: int, first: int, count: int, most: int, device: torch.device) -> Tensor:
    """Every so many places from the first on, (count,), the last of all again where there are no
    more."""
    return (torch.arange(count, device=device) * step + first).clamp_max(most - 1)


def _goal(table: Tensor, places: Tensor, layer: str, size: torch.Size) -> Goal:
    """places: (h, w), of the table, one for each of GRID; size: (H, W) of the layer."""
    finer, coarser = stride(GRID) // stride(layer), stride(layer) // stride(GRID)
    if coarser > 1:
        means = _means(table, places, coarser)
        return lambda part: means[part]

    flat = places.flatten()

    def shown(part: slice) -> Tensor:
        place = torch.arange(part.start, part.stop, device=places.device)
        row, line = place // size[1], place % size[1]
        own = flat.index_select(0, row // finer * places.shape[1] + line // finer)
        return table.index_select(0, (own * finer + row % finer) * finer + line % finer)

    return shown


def _means(table: Tensor, places: Tensor, side: int) -> Tensor:
    """(n, C): of squares of so many places a side, cut off at the edges; some rows at a time."""
    found = []
    for rows in places.split(side * max(1, CHUNK // (side * places.shape[1] * table.shape[1]))):
        shown = table.index_select(0, rows.flatten()).float()
        x = losses.as_features(shown, rows[None, None])
        x = F.avg_pool2d(x, side, ceil_mode=True, count_include_pad=False)
        found.append(losses.places(x).to(HELD))
    return torch.cat(found)


def _likeness(columns: Tensor, others: Tensor, place: Tensor) -> Tensor:
    """(h, w): of each place's column and the one at a place of others; some at a time."""
    x, y = losses.places(columns), losses.places(others)
    some = max(1, CHUNK // x.shape[1])
    parts = zip(x.split(some), place.flatten().split(some), strict=True)
    return torch.cat([(own * y[those]).sum(1) for own, those in parts]).view_as(place)


def _on(way: Tensor, grid: Tensor) -> Tensor:
    """Directions on GRID's places."""
    return F.interpolate(way, grid.shape[2:], mode="area")


def _inner(guide: Tensor) -> Tensor:
    """Without the EDGE, or a quarter of a small style."""
    inner = torch.zeros_like(guide)
    top, left = (min(EDGE, side // 4) for side in guide.shape[2:])
    rows, lines = (slice(n, side - n) for n, side in zip((top, left), guide.shape[2:], strict=True))
    inner[..., rows, lines] = guide[..., rows, lines]
    return inner


def averaged(likeness: Tensor, region: int) -> Tensor:
    """(S, h, w), each place the mean of the region around it."""
    edge = region // 2
    padded = F.pad(likeness[None], (edge,) * 4, mode="replicate")
    return F.avg_pool2d(padded, region, 1)[0]


def nearest(query: Tensor, keys: Tensor) -> tuple[Tensor, Tensor]:
    """For each query (N, D) the largest likeness to a key (K, D), and which that is.

    Into memory of its own: small results between large ones taken anew kept 1 GB of them from being
    used again.
    """
    rows = max(1, CHUNK // len(keys))
    held = query.new_empty(min(rows, len(query)), len(keys))
    likeness = query.new_empty(len(query))
    place = torch.empty(len(query), dtype=torch.long, device=query.device)
    for part, *found in zip(*(x.split(rows) for x in (query, likeness, place)), strict=True):
        torch.max(torch.mm(part, keys.T, out=held[: len(part)]), 1, out=found)
    return likeness, place


def _around(side: int, block: int, blocks: int, after: int, device) -> tuple[Tensor, Tensor]:
    """For each of side places: the block before it, or the one after, by their middles; and how
    far from the block's first place it lies."""
    place = torch.arange(side, device=device)
    near = ((place - (block - 1) / 2) / block).floor().long() + after
    near = near.clamp(0, blocks - 1)
    return near, place - near * block
