"""Encoder weights: find, fetch, verify, and bring into the form of engine/encoder.py.

`lite` ships with Scumble. `vgg19` is torchvision's: fetched by its own download, or taken from a
file that the user names, also one cut short. Files are read without pickle's powers.
"""

import contextlib
import hashlib
import os
import re
import shutil
import stat
import zipfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load, load_file
from torch import Tensor

from scumble.connection import home
from scumble.errors import PictureError, StartError
from scumble.language import tr
from scumble_backend.engine.encoder import (
    CONVOLUTIONS,
    IMAGENET_MEAN,
    IMAGENET_STD,
    Encoder,
    fold_input,
    normalised,
)

# Index of each convolution in torchvision's vgg19().features: two or four, with a ReLU behind each
# and a pooling behind each block.
TORCHVISION = dict(zip(CONVOLUTIONS, (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28), strict=True))
# The networks of Simonyan and Zisserman themselves take RGB * 255 minus this mean. By the first 16
# digits of the file's SHA-256; all others are taken for torchvision's.
OXFORD_MEAN = (123.68, 116.779, 103.939)
OXFORD = {"671287267eee3f83"}

LARGEST = 2**31  # bytes of a file: VGG-19 as it was published, whole, is 575 MB


def weights_folder() -> Path:
    return home() / "weights"


def vgg19_file() -> Path | None:
    """The VGG-19 on this machine, if there is one."""
    for pattern in ("vgg19*.safetensors", "vgg19*.pth"):
        for path in sorted(weights_folder().glob(pattern)):
            return path
    return None


def fetch_vgg19() -> Path:
    """Download torchvision's VGG-19 (550 MB, checked by its hash). Raises StartError."""
    from torchvision.models import VGG19_Weights

    name = VGG19_Weights.IMAGENET1K_V1.url.rpartition("/")[2]
    torch.hub.set_dir(str(weights_folder() / "fetching"))
    try:
        VGG19_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True)
        fetched = weights_folder() / "fetching" / "checkpoints" / name
        fetched.replace(weights_folder() / name)
    except (OSError, RuntimeError) as error:
        raise StartError(
            f"VGG-19 could not be fetched ({error}): try again later, or name a file that you have "
            "with `scumble weights FILE`. Scumble works without it."
        ) from error
    finally:
        shutil.rmtree(weights_folder() / "fetching", ignore_errors=True)
    return weights_folder() / name


def keep_vgg19(path: Path) -> Path:
    """Copy a file of the user's into the weights folder, once it is known to be good."""
    read_vgg19(path)
    name = path.name if path.name.startswith("vgg19") else f"vgg19_{path.name}"
    temporary = weights_folder() / f"{name}.{os.getpid()}"
    try:
        weights_folder().mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, temporary)
        return temporary.replace(weights_folder() / name)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise PictureError(
            f"{path} cannot be copied to {weights_folder()} ({error.strerror}): make room there."
        ) from error


def read_vgg19(path: Path) -> dict[str, Tensor]:
    """The convolutions of a VGG-19 file as Encoder takes them. Raises PictureError.

    A file named as torch.hub names them, vgg19-dcbb9e9d.pth, must have that SHA-256.
    """
    digest = _digest(path)
    named = re.search(r"-([0-9a-f]{8,})\.", path.name)
    if named and not digest.startswith(named[1]):
        raise PictureError(
            f"{path} is damaged: its SHA-256 begins with {digest[:8]}, its name says {named[1]}; "
            "fetch it again."
        )
    found = _state(path)
    weights = {}
    for name, index in TORCHVISION.items():
        for part in ("weight", "bias"):
            if f"features.{index}.{part}" in found:
                weights[f"conv{name}.{part}"] = found[f"features.{index}.{part}"].float()
    if not {"conv1_1.weight", "conv1_1.bias"} <= set(weights):
        raise PictureError(f"{path} holds no VGG-19 (no features.0): name another file.")
    if any(digest.startswith(each) for each in OXFORD):
        return fold_input(weights, torch.tensor(OXFORD_MEAN) / 255, torch.ones(3) / 255)
    return fold_input(weights, torch.tensor(IMAGENET_MEAN), torch.tensor(IMAGENET_STD))


def load_encoder(name: str) -> Encoder:
    """An encoder by its name, "lite" or "vgg19", normalised.

    Raises StartError where vgg19 is not on this machine, PictureError where its file is damaged.
    """
    if name == "lite":
        shipped = files("scumble_backend.encoders") / "lite.safetensors"
        return Encoder(load(shipped.read_bytes()))
    path = vgg19_file()
    if path is None:
        raise StartError(
            tr(
                "VGG-19 is not on this machine: fetch it with `scumble weights`, name a file that "
                "you have with `scumble weights FILE`, or choose the encoder lite."
            )
        )
    try:
        return normalised(Encoder(read_vgg19(path)), _photograph())
    except ValueError as error:
        raise PictureError(f"{path}: {error}.") from error


def _photograph() -> Tensor:
    """An ordinary photograph, (1, 3, H, W): what the sample document shows."""
    sample = files("scumble_backend.sample") / "sample.ora"
    with sample.open("rb") as file, zipfile.ZipFile(file) as document:
        picture = Image.open(document.open("mergedimage.png")).convert("RGB")
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1)[None].float() / 255


def _digest(path: Path) -> str:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:  # one might never end
            raise PictureError(f"{path} is no file of weights: name another file.")
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            while part := file.read(2**20):
                digest.update(part)
        return digest.hexdigest()
    except OSError as error:
        raise PictureError(
            f"{path} cannot be read ({error.strerror}): name another file."
        ) from error


def _state(path: Path) -> dict[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # what is not a file of weights breaks the readers in any way
        raise PictureError(
            f"{path} is not a file of weights, or is damaged: fetch it again, or name another."
        ) from error
    if not isinstance(found, dict) or not all(isinstance(each, Tensor) for each in found.values()):
        raise PictureError(f"{path} holds no weights by name: name another file.")
    return found
