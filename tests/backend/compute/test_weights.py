"""Where encoder weights come from: the package, a file of the user's, a download (on loopback)."""

import hashlib
import http.server
import os
import pickle
import re
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
import torch
from tests.sentences import says
from torchvision.models import VGG19_Weights, vgg19

from scumble.errors import PictureError, StartError
from scumble_backend.cli import commands
from scumble_backend.compute import weights
from scumble_backend.engine.encoder import IMAGENET_MEAN, IMAGENET_STD, LAYERS

FILE = "weights/vgg19_conv1_1-conv3_4.pth"


def random_state(layers: int = 13) -> dict[str, torch.Tensor]:
    """The first convolutions of torchvision's VGG-19, with random weights."""
    generator = torch.Generator().manual_seed(0)
    shapes = {
        key: value.shape
        for key, value in vgg19(weights=None).features.state_dict(prefix="features.").items()
    }
    kept = list(shapes.items())[: 2 * layers]
    return {key: 0.05 * torch.randn(shape, generator=generator) for key, shape in kept}


def saved(state: dict, folder: Path, name: str = "vgg19-{}.pth") -> Path:
    """A file named by its own hash, as torch.hub names them."""
    torch.save(state, folder / "new")
    digest = hashlib.sha256((folder / "new").read_bytes()).hexdigest()
    return (folder / "new").replace(folder / name.format(digest[:8]))


def test_the_encoder_that_ships_has_every_layer():
    assert weights.load_encoder("lite").layers == LAYERS


def test_a_truncated_vgg19_of_the_users_serves_and_is_normalised(shared, scumble_home):
    weights.keep_vgg19(shared / FILE)
    encoder = weights.load_encoder("vgg19")
    assert encoder.layers[-1] == "relu3_4"
    picture = weights._photograph()
    for layer, x in encoder(picture, encoder.layers).items():
        assert float(x.mean()) == pytest.approx(1, rel=1e-3), layer


def test_the_oxford_networks_own_input_is_folded_in(shared):
    raw = torch.load(shared / FILE, weights_only=True)
    found = weights.read_vgg19(shared / FILE)
    x = torch.rand(1, 3, 20, 20, generator=torch.Generator().manual_seed(0))
    theirs = x * 255 - torch.tensor(weights.OXFORD_MEAN).view(1, 3, 1, 1)
    expected = torch.conv2d(theirs, raw["features.0.weight"], raw["features.0.bias"])
    ours = torch.conv2d(x, found["conv1_1.weight"], found["conv1_1.bias"])
    torch.testing.assert_close(ours, expected, rtol=1e-3, atol=1e-2)


def test_torchvisions_network_gives_torchvisions_features(tmp_path):
    """Inside the picture, that is: its borders are padded with zeros, ours by replication."""
    path = saved(random_state(4), tmp_path)
    network = torch.nn.Sequential(*list(vgg19(weights=None).features.children())[:9]).eval()
    network.load_state_dict(
        {key.removeprefix("features."): value for key, value in random_state(4).items()}
    )
    x = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    mean, std = (torch.tensor(each).view(1, 3, 1, 1) for each in (IMAGENET_MEAN, IMAGENET_STD))
    with torch.no_grad():
        expected = network((x - mean) / std)
    found = weights.Encoder(weights.read_vgg19(path))(x, ("relu2_2",))["relu2_2"]
    inside = (..., slice(4, -4), slice(4, -4))
    torch.testing.assert_close(found[inside], expected[inside], rtol=1e-3, atol=1e-4)


def test_without_the_file_there_is_a_sentence(scumble_home):
    with pytest.raises(StartError, match="scumble weights"):
        weights.load_encoder("vgg19")


class Spy:
    """Unpickled, it would leave a trace."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.mark.security
def test_a_file_that_would_run_code_is_refused_and_does_not(tmp_path, scumble_home):
    trace = tmp_path / "trace"
    (tmp_path / "vgg19.pth").write_bytes(pickle.dumps({"features.0.weight": Spy(trace)}, 2))
    with pytest.raises(PictureError, match="not a file of weights"):
        weights.keep_vgg19(tmp_path / "vgg19.pth")
    assert not trace.exists()
    assert weights.vgg19_file() is None


@pytest.mark.parametrize("content", [b"", b"rubbish" * 100, b"PK\x03\x04" + bytes(50)])
@pytest.mark.parametrize("name", ["vgg19.pth", "vgg19.safetensors"])
def test_a_damaged_file_gets_a_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(
        PictureError,
        match=says("is not a file of weights, or is damaged: fetch it again"),
    ):
        weights.read_vgg19(tmp_path / name)


def test_a_wrong_hash_is_named(tmp_path):
    path = saved(random_state(1), tmp_path)
    other = path.rename(tmp_path / "vgg19-0123abcd.pth")
    with pytest.raises(
        PictureError,
        match=says("is damaged: its SHA-256 begins with …, its name says …; fetch"),
    ):
        weights.read_vgg19(other)


def test_another_networks_file_is_refused(tmp_path):
    path = saved({"fc.weight": torch.zeros(2, 2)}, tmp_path)
    with pytest.raises(PictureError, match=says("holds no VGG-19 (no features.0): name another")):
        weights.read_vgg19(path)


def test_what_holds_no_weights_by_name_is_refused(tmp_path):
    with pytest.raises(PictureError, match=says("… holds no weights by name: name another file.")):
        weights.read_vgg19(saved({"features.0.weight": 5}, tmp_path))


@pytest.mark.faults
def test_a_file_for_which_there_is_no_room_gets_a_sentence(tmp_path, scumble_home):
    scumble_home.mkdir()
    weights.weights_folder().touch()
    path = saved(random_state(1), tmp_path)
    with pytest.raises(PictureError, match=says("cannot be copied to … (…): make room there.")):
        weights.keep_vgg19(path)


def test_a_missing_file_gets_a_sentence(tmp_path, scumble_home, capsys):
    assert commands.main(["weights", str(tmp_path / "nowhere.pth")]) == 1
    assert re.search(says("… cannot be read (…): name another file."), capsys.readouterr().err)


# torchvision's own download, from a server on loopback in place of its own


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


@pytest.fixture
def served(tmp_path, monkeypatch):
    """served(name) makes torchvision's VGG-19 come from a folder on loopback."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def serve(name: str) -> None:
        url = f"http://127.0.0.1:{server.server_port}/{name}"
        monkeypatch.setattr(VGG19_Weights.IMAGENET1K_V1.value, "url", url)

    yield folder, serve
    server.shutdown()
    server.server_close()


def test_a_download_is_checked_and_used(scumble_home, served):
    folder, serve = served
    path = saved(random_state(), folder)
    serve(path.name)
    assert commands.main(["weights"]) == 0
    assert weights.vgg19_file() == scumble_home / "weights" / path.name
    assert [each.name for each in (scumble_home / "weights").iterdir()] == [path.name]
    assert weights.load_encoder("vgg19").layers == LAYERS


@pytest.mark.faults
@pytest.mark.parametrize("fault", ["wrong hash", "not there", "nobody answers"])
def test_a_download_that_fails_leaves_nothing_and_says_what_to_do(scumble_home, served, fault):
    folder, serve = served
    path = saved(random_state(1), folder)
    if fault == "wrong hash":
        path = path.rename(folder / "vgg19-0123abcd.pth")
    serve("vgg19-00000000.pth" if fault == "not there" else path.name)
    if fault == "nobody answers":
        url = VGG19_Weights.IMAGENET1K_V1.value.url.replace("127.0.0.1", "127.0.0.2")
        VGG19_Weights.IMAGENET1K_V1.value.url = url.rpartition(":")[0] + ":9/" + path.name
    with pytest.raises(StartError, match=r"could not be fetched .*scumble weights FILE"):
        weights.fetch_vgg19()
    assert weights.vgg19_file() is None


@pytest.mark.faults
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX pipes")
def test_what_might_never_end_is_not_read(tmp_path, scumble_home):
    """Neither a pipe nor a file of holes; a device is as little a regular file."""
    os.mkfifo(tmp_path / "pipe.pth")
    with open(tmp_path / "holes.pth", "wb") as file:
        file.truncate(weights.LARGEST + 1)
    for name in ("pipe.pth", "holes.pth"):
        command = [sys.executable, "-m", "scumble_backend", "weights", str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 1
        assert done.stderr == f"{tmp_path / name} is no file of weights: name another file.\n"
