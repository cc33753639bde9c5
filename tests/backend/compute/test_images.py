import numpy as np
import pytest
import torch
from PIL import Image
from tests.sentences import says

from scumble.errors import LayerError
from scumble.pixels import Extent, Pixels
from scumble_backend.compute import images


def random_pixels(width: int, height: int, format: str, seed: int = 0) -> Pixels:
    generator, dtype = np.random.default_rng(seed), np.dtype(images.DTYPES[format])
    if dtype.kind == "f":
        rows = generator.random((height, width, 4), np.float32)
    else:
        rows = generator.integers(0, np.iinfo(dtype).max, (height, width, 4), dtype, endpoint=True)
    return Pixels(Extent(-2, 7, width, height), format, rows.astype(dtype).tobytes())


@pytest.mark.parametrize("format", [each for each in images.DTYPES if each != "rgbaf32-linear"])
def test_pixels_come_back_bit_for_bit(format):
    pixels = random_pixels(13, 9, format)
    picture, guide = images.to_tensors(pixels)
    assert picture.shape == (1, 3, 9, 13)
    assert images.to_pixels(picture, guide, pixels.extent, format) == pixels


@pytest.mark.parametrize("size", [None, (8, 8)])
@pytest.mark.parametrize("format", ["rgba16", "rgbaf32"])
def test_linear_light_is_seen_as_srgb_encodes_it(format, size):
    whole = 65535 if format == "rgba16" else 1
    row = [0.001, 0.2140411, 1.0, 0.5]  # encoded: 0.01292, 0.5, 1; alpha is no light
    data = np.tile(np.array(row) * whole, 16 * 16).round(7).astype(images.DTYPES[format])
    pixels = Pixels(Extent(0, 0, 16, 16), f"{format}-linear", data.tobytes())
    picture, guide = images.to_tensors(pixels, size)
    assert picture[0, :, 3, 3].tolist() == pytest.approx([0.01292, 0.5, 1], abs=2e-4)
    assert float(guide[0, 0, 3, 3]) == pytest.approx(0.5, abs=1e-4)
    if size is None:
        again = images.array(images.to_pixels(picture, guide, pixels.extent, pixels.format))
        assert np.abs(again / whole - images.array(pixels) / whole).max() < 1e-6


def test_channels_are_red_green_blue_alpha():
    pixels = Pixels(Extent(0, 0, 1, 1), "rgba8", bytes((255, 51, 0, 102)))
    picture, guide = images.to_tensors(pixels)
    assert picture.flatten().tolist() == pytest.approx([1, 0.2, 0])
    assert float(guide) == pytest.approx(0.4)


def test_numbers_that_are_none_become_black_and_overshoot_is_clipped():
    data = np.array([np.nan, np.inf, -3, 1], "<f4").tobytes()
    picture, _ = images.to_tensors(Pixels(Extent(0, 0, 1, 1), "rgbaf32", data))
    assert picture.flatten().tolist() == [0, 1, 0]


@pytest.mark.parametrize("size", [(50, 75), (17, 25), (100, 149)])
def test_a_smaller_size_is_what_pillow_makes_of_it(size):
    generator = np.random.default_rng(1)
    coarse = Image.fromarray(generator.integers(0, 256, (9, 13, 3), np.uint8))
    smooth = coarse.resize((300, 200), Image.Resampling.BICUBIC)
    rgba = np.dstack((np.asarray(smooth), np.full((200, 300), 255, np.uint8)))
    found, _ = images.to_tensors(Pixels(Extent(0, 0, 300, 200), "rgba8", rgba.tobytes()), size)
    expected = np.asarray(smooth.resize(size[::-1], Image.Resampling.BICUBIC)) / 255
    difference = np.abs(found[0].permute(1, 2, 0).numpy() - expected)
    assert difference.mean() < 0.004


def test_no_hidden_colour_bleeds_in_when_it_shrinks():
    rows = np.zeros((400, 400, 4), np.uint8)
    rows[:, :200] = (200, 100, 50, 255)
    rows[:, 200:] = (0, 255, 0, 0)
    pixels = Pixels(Extent(0, 0, 400, 400), "rgba8", rows.tobytes())
    picture, guide = images.to_tensors(pixels, (37, 37))
    seen = picture[:, :, guide[0, 0] > 0.05]
    expected = torch.tensor([200, 100, 50]).view(1, 3, 1) / 255
    assert float((seen - expected).abs().max()) < 0.02


def test_what_tiles_tiles_when_it_shrinks():
    rows = np.random.default_rng(1).integers(0, 256, (60, 80, 4), np.uint8)
    still, moved = (
        images.to_tensors(
            Pixels(Extent(0, 0, 80, 60), "rgba8", each.tobytes()), (20, 32), (True,) * 2
        )[0]
        for each in (rows, np.roll(rows, (30, 40), (0, 1)))
    )
    torch.testing.assert_close(moved, still.roll((10, 16), (2, 3)), rtol=0, atol=1e-4)


def test_a_layer_without_paint_or_too_small_gets_a_sentence():
    with pytest.raises(LayerError, match=says("is empty (all transparent): paint on it, or")):
        images.check(Pixels(Extent(0, 0, 20, 20), "rgba8", bytes(1600)), "The style 'x'")
    with pytest.raises(LayerError, match=says("is only … x … px: it needs at least … px")):
        images.check(random_pixels(15, 40, "rgba16"), "The layer to repaint")
    images.check(random_pixels(16, 16, "rgbaf32"), "The layer to repaint")
    with pytest.raises(LayerError, match="send it as RGBA"):
        images.check(Pixels(Extent(0, 0, 20, 20), "grey8", bytes(400)), "The style 'x'")


def test_a_mask_takes_the_picture_away_where_it_is_black():
    pixels = random_pixels(40, 30, "rgba16")
    mask = np.zeros((30, 40), np.uint8)
    mask[:, 20:], mask[:10] = 255, 128
    before, after = images.array(pixels), images.array(images.within(pixels, mask))
    assert (after[..., :3] == before[..., :3]).all()
    assert (after[10:, 20:, 3] == before[10:, 20:, 3]).all()
    assert (after[10:, :20, 3] == 0).all()
    assert (after[:10, :, 3] == np.rint(before[:10, :, 3] * (128 / 255))).all()


def test_a_feathered_mask_is_soft_inside_the_picture_and_whole_at_its_edge():
    mask = Pixels(Extent(100, 50, 60, 200), "grey8", b"\xff" * 60 * 200)
    soft = images.soft_mask(mask, Extent(100, 50, 200, 200), 10)
    assert soft.shape == (200, 200)
    assert (soft[:, :40] == 255).all(), "left, above and below it ends where the picture does"
    assert (soft[:, 80:] == 0).all()
    row = soft[100].astype(int)
    assert (np.diff(row) <= 0).all()
    assert 100 < row[60] < 155, "half at the edge"
    hard = images.soft_mask(mask, Extent(100, 50, 200, 200), 0)
    assert (hard == np.where(np.arange(200) < 60, 255, 0)).all()


@pytest.mark.parametrize("format", images.DTYPES)
@pytest.mark.parametrize("seamless", ["across", "down", "both"])
def test_a_layer_made_to_tile_goes_on_at_its_other_side(format, seamless):
    ramp = np.linspace(0.1, 0.9, 64, dtype=np.float32)
    whole = np.ones((64, 64, 4), np.float32)
    whole[..., :3] = (ramp[:, None] + ramp[None])[..., None] / 2
    dtype = np.dtype(images.DTYPES[format])
    most = 1.0 if dtype.kind == "f" else float(np.iinfo(dtype).max)
    pixels = Pixels(Extent(5, 6, 64, 64), format, (whole * most).astype(dtype).tobytes())
    made = images.tileable(pixels, seamless)
    assert (made.extent, made.format) == (pixels.extent, format)
    rows, before = (images.array(each).astype(np.float32) / most for each in (made, pixels))
    jump = {"down": abs(rows[0] - rows[-1]).max(), "across": abs(rows[:, 0] - rows[:, -1]).max()}
    for way, size in jump.items():
        assert (size < 0.05) == (seamless in (way, "both"))
    np.testing.assert_allclose(rows[24:40, 24:40], before[24:40, 24:40], atol=1.5 / 255)
    assert rows[..., 3].min() > 0.99


def test_colour_hidden_under_transparency_does_not_come_out_where_a_layer_is_made_to_tile():
    rows = np.full((32, 32, 4), 255, np.uint8)
    rows[:, 16:] = (255, 0, 0, 0)
    rows[:, :16, :3] = (0, 0, 255)
    made = images.array(
        images.tileable(Pixels(Extent(0, 0, 32, 32), "rgba8", rows.tobytes()), "across")
    )
    assert (made[made[..., 3] > 0][:, 0] == 0).all()
