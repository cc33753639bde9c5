"""Flat areas stay free of the net that square convolutions weave."""

import numpy as np
import pytest
import torch
from tests.figures.spectra import weave

from scumble.hosts.openraster import OpenRasterHost
from scumble_backend.compute import images, weights
from scumble_backend.engine.encoder import Encoder
from scumble_backend.engine.styles import Style
from scumble_backend.engine.stylize import stylize
from scumble_backend.sample import SAMPLE

SIDE = 160  # px


@pytest.fixture(scope="module")
def lite() -> Encoder:
    return weights.load_encoder("lite").to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def night_wind() -> Style:
    document = OpenRasterHost(SAMPLE, SAMPLE)
    (layer,) = (each for each in document.layers() if each.name == "Night wind")
    return Style(*images.to_tensors(document.read(layer.id), (180, 270)))


def test_lines_in_a_flat_area_do_not_follow_rows_and_columns(lite):
    grey = torch.full((1, 3, SIDE, SIDE), 0.5)
    *_, last = stylize(lite, grey, torch.ones_like(grey[:, :1]), [night_wind()])
    assert weave(np.asarray(last.picture.mean(1)[0], np.float64)) < 1.9
