"""Where each style lies: regions of the picture, each painted in a blend of its own.

After Gatys et al. 2017, "Controlling Perceptual Factors in Neural Style Transfer", section 4:
statistics over a region by itself are brought to those of its own styles.

Departures:
- any number of styles may lie anywhere, softly, over each other or not: a region is a set of styles
  that meet somewhere. Where guides are soft a place belongs to several regions, in shares by which
  each style gets what its guide says, as many as possible of them and as little as possible at once
  (`_sets`: systematic sampling, Madow and Madow 1944): two guides that are each other's complement
  never meet, and nothing is left between them;
- features that see beyond a region's border belong to no region's statistics (`inner`), so that
  nothing of one gets into the other; a region too narrow for that has all its own;
- where no style lies the content stays: it is held there as at strength 0, and what is shown there
  is the content itself.
"""

from dataclasses import replace
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from scumble_backend.engine import guides, losses, wrap
from scumble_backend.engine.pyramid import resize_positive
from scumble_backend.engine.styles import Style

LEVELS = 16  # into which soft guides are resolved
LEAST = 1e-4  # share of the picture: a smaller region is nobody's
FEW = 4.0  # places: fewer of them have no statistics


class Region(NamedTuple):
    """guide: (1, 1, H, W) in 0..1, where it lies; None everywhere. weights: of all styles there,
    0 for those that are not; they sum to 1."""

    guide: Tensor | None
    weights: tuple[float, ...]


class Regions(NamedTuple):
    """The regions of a picture, and (1, 1, H, W) how much of the content stays; None: nothing."""

    parts: list[Region]
    kept: Tensor | None

    def at(self, size: tuple[int, int], margins: wrap.Margins = (0, 0)) -> "Regions":
        """Those of the picture at another size, with the margins of a seamless one."""
        if self.kept is None:
            return self

        def there(guide: Tensor) -> Tensor:
            return wrap.with_margins(resize_positive(guide, size), margins).clamp(0, 1)

        parts = [
            part if part.guide is None else part._replace(guide=there(part.guide))
            for part in self.parts
        ]
        return Regions(parts, there(self.kept))

    def with_strokes(self, styles: list[Style]) -> "Regions":
        """Those of the styles that give strokes; where there are none, nothing is asked for."""
        givers = [style.gives != "forms" for style in styles]
        if all(givers):
            return self
        parts, kept = [], self.kept
        for part in self.parts:
            weights = [w * gives for w, gives in zip(part.weights, givers, strict=True)]
            if there := sum(weights):
                parts.append(part._replace(weights=tuple(w / there for w in weights)))
            elif kept is not None and part.guide is not None:
                kept = kept + part.guide
        return Regions(parts, kept)

    def weighed(self, shares: Tensor, layer: str, factor: float) -> Tensor:
        """The shares of a layer's places, times a factor where no style lies."""
        if self.kept is None:
            return shares
        return shares * (1 + (factor - 1) * guides.means(self.kept, layer).view(-1, 1))


def regions(styles: list[Style], keep: Tensor | None) -> Regions:
    """The regions in which styles lie, of weights that sum to 1, by their `where`.

    keep: (1, 1, H, W) in 0..1, what of a place no style may have; None: nothing.
    """
    styles = [_plainly(style) for style in styles]
    guided = [style.where for style in styles if style.where is not None]
    if not guided and keep is None:
        return Regions([Region(None, tuple(style.weight for style in styles))], None)
    like = guided[0] if keep is None else keep  # pyright: ignore[reportOptionalMemberAccess]
    free = torch.ones_like(like) if keep is None else 1 - keep
    guides: list[Tensor] = []  # each once, so that styles that lie together stay together
    whole = torch.ones_like(like)
    place = [_found(guides, whole if style.where is None else style.where) for style in styles]
    parts = []
    for chosen, guide in _sets(guides):
        weights = [s.weight * chosen[k] for s, k in zip(styles, place, strict=True)]
        if any(weights):
            there = sum(weights)
            parts.append(Region(guide * free, tuple(weight / there for weight in weights)))
    return Regions(parts, 1 - free * torch.stack(guides).sum(0).clamp(max=1))


def lies(style: Style) -> bool:
    """Whether it lies anywhere."""
    return style.where is None or bool(style.where.max() > 0)


def _plainly(style: Style) -> Style:
    """A guide that is 1 throughout says nothing."""
    whole = style.where is not None and style.where.min() == 1
    return replace(style, where=None) if whole else style


def _found(guides: list[Tensor], guide: Tensor) -> int:
    """The guide's place in the list, which it joins where it is new."""
    for number, each in enumerate(guides):
        if torch.equal(each, guide):
            return number
    guides.append(guide)
    return len(guides) - 1


def _sets(guides: list[Tensor]) -> list[tuple[tuple[bool, ...], Tensor]]:
    """Which guides hold together, and where: [(a flag a guide, (1, 1, H, W) in 0..1), ...].

    At each place guides lie end to end on a circle of length 1. A point of the circle is in those
    that cover it: LEVELS points give the shares of the sets.
    """
    held = torch.cat(guides, 1)  # (1, G, H, W)
    ends = held.cumsum(1)
    bits = 2 ** torch.arange(len(guides), device=held.device).view(1, -1, 1, 1)
    shares: dict[int, Tensor] = {}
    for level in range(LEVELS):
        point = (level + 0.5) / LEVELS
        covers = (ends - point).floor() > (ends - held - point).floor()
        code = (covers * bits).sum(1, keepdim=True)
        for each in code.unique().tolist():
            share = (code == each).to(held) / LEVELS
            shares[each] = shares[each] + share if each in shares else share
    return [
        (tuple(bool(code >> number & 1) for number in range(len(guides))), share)
        for code, share in sorted(shares.items())
        if share.mean() >= LEAST
    ]


class Places(NamedTuple):
    """What of a layer's places a region has.

    area: its share of the picture. chosen: which places; None: all. shares: as losses take them,
    (n, 1) or (1, 1), summing to 1.
    """

    area: float
    chosen: losses.Chosen | None
    shares: Tensor


def places(part: Region, alpha: Tensor, layer: str) -> Places | None:
    """The places of a layer that see no other region; None where there are next to none.

    alpha: (1, 1, H, W), the picture's.
    """
    if part.guide is None:
        return Places(1.0, None, guides.shares(alpha, layer))
    own, whole, mean = (
        guides.means(each, layer) for each in (part.guide * alpha, alpha, part.guide)
    )
    core = own * -F.max_pool2d(-mean, 3, 1, 1) / mean.clamp_min(1e-6)
    core = own if core.sum() < FEW else core
    if core.sum() < FEW / 2:
        return None
    chosen = core.flatten().nonzero()[:, 0]
    shares = core.flatten()[chosen, None] / core.sum()
    return Places(float(own.sum() / whole.sum()), losses.Chosen(chosen), shares)


def those(where: Places, part: slice, x: Tensor) -> tuple[Tensor, Tensor]:
    """Of some of a layer's places, x (n, C), which are that part of all: a region's own, and their
    shares."""
    if where.chosen is None:
        return x, losses.those_of(where.shares, part)
    own = where.chosen.within(part)
    return x[where.chosen.places[own] - part.start], where.shares[own]
