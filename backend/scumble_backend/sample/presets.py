"""Paint the presets that come along: the sample's styles, and what they make of its photograph.

python -m scumble_backend.sample.presets
"""

import base64
import json
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from PIL import Image

import scumble
from scumble import parameters
from scumble_backend.sample import SAMPLE
from scumble_backend.sample.paint import LAYERS

FOLDER = Path(scumble.__file__).with_name("samples")
SIDE = 96  # px of a small picture
QUICK = ["--quality=draft", "--working-size=256"]  # enough for that
PRESETS = {  # name -> parameters, and the weights of styles
    "Night wind": ({"strength": 70.0}, {"Night wind": 1.0}),
    "Red harbour": ({"strength": 70.0}, {"Red harbour": 1.0}),
    "Harbour at night": (
        {"strength": 75.0, "blend": "mixture"}, {"Night wind": 1.0, "Red harbour": 0.7},
    ),
    "Night wind, own colours": ({"strength": 70.0, "colour": 100.0}, {"Night wind": 1.0}),
    "Red harbour, broad": ({"strength": 80.0, "brush_size": 200.0}, {"Red harbour": 1.0}),
}  # fmt: skip


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        write_styles()
        found = {name: described(name, Path(folder)) for name in PRESETS}
    text = json.dumps({"scumble presets": 1, "presets": found}, indent=1)
    (FOLDER / "presets.json").write_text(text + "\n", encoding="utf-8")


def file_name(style: str) -> str:
    return f"{style.lower().replace(' ', '-')}.jpg"


def write_styles() -> None:
    from scumble.hosts.openraster import OpenRasterHost

    host = OpenRasterHost(SAMPLE, SAMPLE)
    for layer in host.layers():
        if layer.name in LAYERS[1:]:
            pixels = host.read(layer.id)
            image = Image.frombytes("RGBA", pixels.extent[2:], pixels.data).convert("RGB")
            image.save(FOLDER / file_name(layer.name), quality=90)


def described(name: str, folder: Path) -> dict:
    values, weights = PRESETS[name]
    painted = folder / "painted.png"
    flags = [f"--{key.replace('_', '-')}={value}" for key, value in values.items()]
    styles = [f"--style={style}={weight}" for style, weight in weights.items()]
    command = [sys.executable, "-m", "scumble_backend", "stylize", str(SAMPLE)]
    subprocess.run(
        [*command, "--content", LAYERS[0], *styles, *flags, *QUICK, "-o", str(painted)], check=True
    )
    small = Image.open(painted).convert("RGBA")
    small.thumbnail((SIDE, SIDE))
    data = base64.b64encode(zlib.compress(small.tobytes(), 9)).decode()
    return {
        **parameters.defaults(), **values,
        "styles": [
            {"file": f"scumble:{file_name(style)}", "weight": weight, "brush_size": 100.0}
            for style, weight in weights.items()
        ],
        "picture": {"size": list(small.size), "data": data},
    }  # fmt: skip


if __name__ == "__main__":
    main()
