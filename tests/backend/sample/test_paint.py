"""The sample document: what is committed is what the script paints, and any editor can open it."""

import io
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from scumble_backend.sample import SAMPLE


def pixels(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(archive.read(name))), float)


def layers(archive: zipfile.ZipFile) -> dict[str, np.ndarray]:
    """{name: pixels}, from the top."""
    stack = ElementTree.fromstring(archive.read("stack.xml"))
    return {
        layer.get("name", ""): pixels(archive, layer.get("src", ""))
        for layer in stack.iter("layer")
    }


@pytest.fixture(scope="module")
def sample():
    with zipfile.ZipFile(SAMPLE) as archive:
        yield archive


def test_the_document_is_small():
    assert SAMPLE.stat().st_size <= 1_500_000


def test_the_document_is_openraster(sample):
    first = sample.infolist()[0]
    assert first.filename == "mimetype"
    assert first.compress_type == zipfile.ZIP_STORED
    assert sample.read("mimetype") == b"image/openraster"
    image = ElementTree.fromstring(sample.read("stack.xml"))
    width, height = int(image.get("w", 0)), int(image.get("h", 0))
    assert all(layer.shape == (height, width, 3) for layer in layers(sample).values())
    assert np.array_equal(pixels(sample, "mergedimage.png"), layers(sample)["Photograph"])
    assert max(pixels(sample, "Thumbnails/thumbnail.png").shape) == 256


def test_the_headless_host_reads_it(tmp_path):
    from scumble.hosts.openraster import OpenRasterHost

    found = OpenRasterHost(SAMPLE, tmp_path / "out.ora").layers()
    assert [layer.name for layer in found] == ["Photograph", "Night wind", "Red harbour"]


def test_the_two_styles_differ_and_fill_their_picture(sample):
    """No bare paper, no frame, and one is cold where the other is warm."""
    night, harbour = (layers(sample)[name] for name in ("Night wind", "Red harbour"))
    warmth = [(style[..., 0] - style[..., 2]).mean() for style in (night, harbour)]
    assert warmth[0] < -20 < 20 < warmth[1]
    for style in (night, harbour):
        assert style.std() > 40
        for edge in (style[:4], style[-4:], style[:, :4], style[:, -4:]):
            assert edge.std() > 15  # strokes run over the border


@pytest.mark.slow
def test_painting_again_makes_the_same_document(tmp_path, sample):
    """But for what another PNG encoder or processor rounds differently."""
    pytest.importorskip("skimage", reason="pip install scikit-image")
    from scumble_backend.sample import paint

    paint.build(tmp_path / "again.ora")
    with zipfile.ZipFile(tmp_path / "again.ora") as again:
        assert again.namelist() == sample.namelist()
        assert again.read("stack.xml") == sample.read("stack.xml")
        for name, picture in layers(again).items():
            assert np.abs(picture - layers(sample)[name]).mean() < 0.5, name
