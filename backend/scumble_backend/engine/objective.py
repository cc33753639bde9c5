"""Equation 7 of Gatys, Ecker and Bethge 2016 at one octave: its value and its gradient.

Beside its two terms stand the neighbours' (neighbours.py), where they have a weight, and the total
variation.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from scumble_backend.engine import guides, losses, neighbours, regions, styles, wrap
from scumble_backend.engine.encoder import CONTENT_LAYER, STYLE_LAYERS, Encoder
from scumble_backend.engine.losses import ContentLoss, Moments, Pull, W2Target
from scumble_backend.engine.neighbours import Neighbours
from scumble_backend.engine.passage import Passage, features_of, laid, places_of
from scumble_backend.engine.regions import Places, Regions
from scumble_backend.engine.styles import Style


class Aim(NamedTuple):
    """What one region's features at a layer should be like."""

    places: Places
    target: losses.W2Target | Tensor


class Objective:
    """Targets, and the gradient with respect to the picture.

    used: styles of weights that sum to 1. Weights of terms are against the style's 1. root: how W2
    takes its matrix roots. margins: what the encoder sees around a seamless picture (wrap.py).
    where: the regions in which styles lie, of the picture with its margins. held: how many times
    the content weighs where none lies. forms: whether the octave settles the large forms alone.
    direction: (1, 2, H, W), which way strokes run (directions.py), margins and all. onward: whether
    the picture is a painting already (neighbours.py).
    """

    def __init__(
        self,
        encoder: Encoder,
        content: Tensor,
        guide: Tensor,
        used: list[Style],
        loss: str,
        blend: str,
        layer_weights: tuple[float, ...],
        content_weight: float,
        smoothness: float,
        neighbour_weight: float = 0.0,
        root: losses.Root = losses.roots,
        margins: wrap.Margins = (0, 0),
        where: Regions | None = None,
        held: float = 1.0,
        forms: bool = False,
        direction: Tensor | None = None,
        onward: bool = False,
    ):
        where = where or regions.regions(used, None)
        self.encoder, self.root, self.margins = encoder, root, margins
        self.around = (margins[0] > 0, margins[1] > 0)
        self.content_weight, self.smoothness = content_weight, smoothness
        long_side = max(content.shape[2:])
        weights = {
            layer: weight
            for layer, weight in zip(STYLE_LAYERS, layer_weights, strict=True)
            if weight > 0 and layer in encoder.layers
        }
        whole = sum(weights.values()) or 1.0
        self.weights = {layer: weight / whole for layer, weight in weights.items()}
        self.content_layer = (
            CONTENT_LAYER if CONTENT_LAYER in encoder.layers else encoder.layers[-1]
        )
        content, guide = wrap.with_margins(content, margins), wrap.nothing_around(guide, margins)
        self.aims: dict[str, list[Aim]] = {layer: [] for layer in weights}
        for part in where.parts:
            here = _those_there(used, part.weights)
            for layers, giving in styles.by_layers(here, tuple(weights), forms):
                targets = styles.targets(encoder, giving, long_side, layers, loss, blend, root)
                for layer, target in targets.items():
                    if places := regions.places(part, guide, layer):
                        self.aims[layer].append(Aim(places, target))
        strokes = where.with_strokes(used)
        near = neighbours.layers(encoder) if neighbour_weight > 0 and strokes.parts else ()
        of_content = (self.content_layer, *(neighbours.SEEN if near else ()))
        features = features_of(encoder, content, of_content)
        self.content = features[self.content_layer]
        if self.content.dtype == torch.float32:  # neighbours hold the same
            features[self.content_layer] = self.content = self.content.to(neighbours.HELD)
        self.neighbours = (
            Neighbours(encoder, features, guide, used, strokes, blend, direction, onward)
            if near
            else None
        )
        self.neighbour_weight = neighbour_weight / max(1, len(near))
        self.matched: dict[str, neighbours.Goal] = {}
        self.layers = (*weights, self.content_layer, *near)
        self.content_shares = where.weighed(
            guides.shares(guide, self.content_layer), self.content_layer, held
        )
        self.shares = {
            layer: strokes.weighed(guides.shares(guide, layer), layer, 0.0) for layer in near
        }

    @torch.no_grad()
    def differentiate(
        self, picture: Tensor, renew: bool = False
    ) -> tuple[dict[str, Tensor], Tensor]:
        """Its parts, {"content", "style", "neighbours", "variation": 0-d tensors}, all but the
        style's without their weights, and its gradient with respect to the picture, (1, 3, h, w).

        renew: match with the styles anew; neighbours count from the first such call on.
        """
        seen_picture = wrap.with_margins(picture, self.margins)
        passage = Passage(self.encoder, seen_picture, self.layers)
        moments = {layer: [Moments() for _ in aims] for layer, aims in self.aims.items()}
        seen: dict[str, Tensor] = {}  # that neighbours are matched by
        matcher = self.neighbours if renew else None
        for layer, row, x in passage.forward():
            part, own = places_of(row, x), losses.places(x)
            for aim, each in zip(self.aims.get(layer, ()), moments.get(layer, ()), strict=True):
                each.add(*regions.those(aim.places, part, own))
            if matcher and layer in neighbours.SEEN:
                seen[layer] = laid(seen.get(layer), x, row, passage.height)
        if matcher:
            self.matched = matcher.match(seen)
        of_content = losses.places(self.content)
        content = ContentLoss(self.content_shares, of_content.__getitem__, self.content_weight)
        near = {
            layer: ContentLoss(self.shares[layer], goal, self.neighbour_weight)
            for layer, goal in self.matched.items()
        }
        pulls: dict[str, list[Pull]] = {layer: [each] for layer, each in near.items()}
        pulls.setdefault(self.content_layer, []).append(content)
        style = picture.new_zeros(())
        for layer, value, pull in self._of_style(moments):
            style = style + value
            pulls.setdefault(layer, []).append(pull)

        def pull_at(layer: str, row: int, x: Tensor) -> Tensor:
            return losses.gradient(x, pulls.get(layer, []), places_of(row, x).start)

        gradient = wrap.gathered(passage.back(pull_at), self.margins)
        variation, total = losses.total_variation(picture, self.around)
        nearness = sum(each.value for each in near.values()) / max(1, len(near))
        found = {
            "content": content.value,
            "style": style,
            "neighbours": style.new_zeros(()) + nearness,
            "variation": variation,
        }
        return found, gradient.add_(total, alpha=self.smoothness)

    def whole(self, parts: dict[str, Tensor]) -> Tensor:
        """What goes downhill: the parts by their weights."""
        return (
            parts["style"]
            + self.content_weight * parts["content"]
            + self.neighbour_weight * len(self.matched) * parts["neighbours"]
            + self.smoothness * parts["variation"]
        )

    def _of_style(self, moments: dict[str, list[Moments]]) -> Iterator[tuple[str, Tensor, Pull]]:
        """Each layer's losses to its aims, and what they ask for."""
        aims = [(layer, aim) for layer in self.weights for aim in self.aims[layer]]
        seen = [each.gaussian for layer in self.weights for each in moments[layer]]
        targets = [aim.target for _, aim in aims]
        both = zip(seen, targets, strict=True)
        pairs = [(own, target) for own, target in both if isinstance(target, W2Target)]
        moved = iter(losses.transports(pairs, self.root))
        for (layer, aim), own, target in zip(aims, seen, targets, strict=True):
            (area, chosen, shares), weight = aim.places, self.weights[layer]
            if isinstance(target, W2Target):
                value, pull = losses.w2_loss(own, shares, target, next(moved), weight * area)
            else:
                value, pull = losses.gram_loss(own, shares, target, weight * area)
            yield layer, value, pull if chosen is None else losses.among(chosen, pull)


def _those_there(used: list[Style], weights: tuple[float, ...]) -> list[Style]:
    both = zip(used, weights, strict=True)
    return [replace(style, weight=weight) for style, weight in both if weight > 0]
