"""Which way strokes run: seen, drawn, and painted."""

import math

import pytest
import torch

from scumble_backend.compute import weights
from scumble_backend.engine import directions
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize

SIDE = 96


def stripes(degrees: float, period: float = 8.0, side: int = SIDE) -> torch.Tensor:
    """(1, 3, side, side), of strokes that run at this angle."""
    y, x = torch.meshgrid(*[torch.arange(side).float()] * 2, indexing="ij")
    angle = math.radians(degrees)
    across = y * math.cos(angle) - x * math.sin(angle)
    return (0.5 + 0.4 * torch.sin(2 * math.pi * across / period)).expand(1, 3, side, side)


def axis(degrees: float) -> torch.Tensor:
    angle = 2 * math.radians(degrees)
    return torch.tensor([math.cos(angle), math.sin(angle)]).view(1, 2, 1, 1)


def drawn(*lines: tuple[slice, slice], colour: float = 0.0) -> torch.Tensor:
    layer = torch.zeros(1, 4, SIDE, SIDE)
    for rows, columns in lines:
        layer[:, :3, rows, columns] = colour
        layer[:, 3, rows, columns] = 1
    return layer


LEVEL = (slice(46, 50), slice(0, SIDE))
UPRIGHT = (slice(0, SIDE), slice(46, 50))


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 135])
def test_strokes_are_seen_to_run_along_what_changes_least(degrees):
    inside = directions.seen(stripes(degrees))[..., 16:-16, 16:-16]
    torch.testing.assert_close(inside, axis(degrees).expand_as(inside), atol=0.1, rtol=0)


def test_on_a_flat_colour_and_without_lines_there_is_no_direction():
    assert directions.seen(torch.full((1, 3, SIDE, SIDE), 0.5)).abs().max() < 1e-3
    assert directions.field(torch.zeros(1, 4, SIDE, SIDE)).abs().max() < 1e-3


@pytest.mark.parametrize("colour", [0.0, 1.0], ids=["black", "white"])
@pytest.mark.parametrize(("line", "degrees"), [(LEVEL, 0), (UPRIGHT, 90)])
def test_a_line_gives_its_direction_to_all_around_and_less_the_further(line, degrees, colour):
    found = directions.field(drawn(line, colour=colour))
    along = (found * axis(degrees)).sum(1)[0]
    near, far = (along[48, 48], along[4, 4])
    assert near > 0.9
    assert 0.02 < far < 0.6 * near


def test_a_black_line_on_white_paper_is_a_line_too():
    paper = torch.ones(1, 4, SIDE, SIDE)
    paper[:, :3, LEVEL[0]] = 0
    assert directions.field(paper)[0, 0, 48, 48] > 0.9


@pytest.mark.slow
def test_strokes_run_along_the_lines():
    """Of a style with strokes of either way, over a flat colour."""
    content, whole = torch.full((1, 3, SIDE, SIDE), 0.5), torch.ones(1, 1, SIDE, SIDE)
    style = torch.cat((stripes(0)[..., : SIDE // 2], stripes(90)[..., SIDE // 2 :]), 3)

    def level(lines: torch.Tensor) -> float:
        *_, last = stylize(
            weights.load_encoder("lite"), content, whole, [Style(style, whole)], lines=lines,
            painterly=100.0,
        )  # fmt: skip
        return float((directions.seen(last.picture) * axis(0)).sum(1).mean())

    assert level(drawn(LEVEL)) > level(drawn(UPRIGHT)) + 0.2
