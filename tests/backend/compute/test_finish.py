"""How a painting comes to the layer's own size, as the compute child does it."""

import io
import re

import numpy as np
import pytest
from tests.sentences import says

from scumble import parameters, protocol
from scumble.pixels import Extent, Pixels
from scumble_backend.compute import finish, images
from scumble_backend.compute.worker import Inbox, Painter

FEW = {"quality": "draft", "steps": 2}


def picture(width: int, height: int, format: str = "rgba8", seed: int = 0) -> Pixels:
    rows = np.random.default_rng(seed).random((height // 8 + 1, width // 8 + 1, 4))
    rows = np.kron(rows, np.ones((8, 8, 1)))[:height, :width]
    rows[..., 3] = 0.2 + 0.8 * rows[..., 3]
    dtype = np.dtype(images.DTYPES[format])
    most = np.iinfo(dtype).max if dtype.kind != "f" else 1
    return Pixels(Extent(3, 5, width, height), format, (rows * most).astype(dtype).tobytes())


INK = picture(120, 90, seed=1)


@pytest.fixture(scope="module")
def painter(tmp_path_factory):
    said: list[protocol.Message] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCUMBLE_HOME", str(tmp_path_factory.mktemp("home")))
        yield Painter(Inbox(io.BytesIO()), said.append), said


def painted(painter, layer: Pixels, keep=None, **values) -> np.ndarray:
    at_work, said = painter
    style = protocol.Style("Ink", INK.digest())
    request = protocol.Stylize("1", layer, (style,), FEW | values, keep=keep)
    at_work.answer(request, {style.digest: INK})
    assert isinstance(said[-1], protocol.Done), said[-1]
    return images.array(said[-1].pixels)


@pytest.mark.parametrize("format", ["rgba8", "rgba16", "rgbaf32", "rgba16-linear"])
def test_a_large_layer_is_brushwork_in_its_own_format_and_alpha(painter, format):
    layer = picture(700, 500, format)
    found = painted(painter, layer, working_size=256)
    assert found.dtype == images.array(layer).dtype
    assert np.array_equal(found[..., 3], images.array(layer)[..., 3])
    assert not np.array_equal(
        found, painted(painter, layer, working_size=256, finish="photographic")
    )
    assert np.array_equal(found, painted(painter, layer, working_size=256))


def test_rows_made_at_a_time_do_not_matter(painter, monkeypatch):
    layer = picture(600, 420)
    found = painted(painter, layer, working_size=256)
    monkeypatch.setattr(finish, "STRIP", 37)
    again = painted(painter, layer, working_size=256)
    assert np.abs(found.astype(int) - again).max() <= 1


def test_what_is_painted_at_its_own_size_is_the_same_with_either_finish(painter):
    layer = picture(256, 200)
    assert np.array_equal(painted(painter, layer), painted(painter, layer, finish="photographic"))


@pytest.mark.parametrize("format", ["rgba8", "rgba16"])
def test_what_is_kept_stays_to_the_byte(painter, format):
    layer = picture(600, 420, format)
    mask = np.zeros((420, 600), np.uint8)
    mask[:, :300] = 255
    keep = protocol.Place(Pixels(layer.extent, "grey8", mask.tobytes()))
    found = painted(painter, layer, keep, working_size=256)
    assert np.array_equal(found[:, :280], images.array(layer)[:, :280])
    assert not np.array_equal(found[:, 320:], images.array(layer)[:, 320:])


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ({}, 1.0),
        ({"finish": "photographic"}, 0.0),
        ({"painterly": 0}, 0.0),
        ({"painterly": 20}, 0.5),
        ({"strength": 10}, 0.5),
        ({"quality": "reference"}, 0.0),
    ],
)
def test_what_keeps_the_photographs_detail_has_less_brushwork(values, share):
    assert finish.brushed(parameters.check(values)) == share


def test_where_memory_runs_out_for_brushwork_the_change_is_laid_over(painter, monkeypatch):
    layer = picture(600, 420)
    change = painted(painter, layer, working_size=256, finish="photographic")

    def scarce(self, rows, top):
        raise MemoryError

    monkeypatch.setattr(finish.Brushwork, "lay_over", scarce)
    assert np.array_equal(painted(painter, layer, working_size=256), change)
    sentence = says(
        "Memory ran out for brushwork at full size: the change is laid over the photograph."
    )
    assert any(re.search(sentence, note) for note in painter[1][-1].notes)
