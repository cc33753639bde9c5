"""Training pictures: none of them judges, all of them are pictures."""

import numpy as np
import pytest
import torch

from scumble_backend.training import pictures


def test_no_picture_that_judges_is_trained_on():
    trained_on = {*pictures.SKIMAGE, *pictures.SKLEARN}
    assert not trained_on & set(pictures.HELD_OUT)
    assert not trained_on & {"tubingen.jpg", "golden_gate.jpg", "starry_night.jpg"}
    photos = [pictures.shrink(photo, 64) for photo in pictures.photographs().values()]
    for held in (pictures.shrink(picture, 64) for picture in pictures.held_out().values()):
        for small in photos:
            assert small.shape != held.shape or (small - held).abs().mean() > 0.05


@pytest.mark.parametrize("painter", pictures.PAINTERS, ids=lambda painter: painter.__name__)
def test_every_painter_paints(painter):
    random = np.random.default_rng(0)
    pixels = painter(random, 48, torch.rand(3, 60, 80))
    assert pixels.shape == (48, 48, 3)
    assert np.isfinite(pixels).all()


def test_crops_stay_in_range_and_differ():
    random = np.random.default_rng(0)
    crops = [
        pictures.training_crop(random, [torch.rand(3, 40, 70), torch.zeros(3, 70, 40)], 32)
        for _ in range(20)
    ]
    assert all(crop.shape == (3, 32, 32) and 0 <= crop.min() <= crop.max() <= 1 for crop in crops)
    assert len({round(float(crop.mean()), 5) for crop in crops}) > 10


def test_the_same_seed_gives_the_same_crop():
    photo = torch.rand(3, 50, 50)
    first, second = (
        pictures.training_crop(np.random.default_rng(5), [photo], 32) for _ in range(2)
    )
    assert torch.equal(first, second)
