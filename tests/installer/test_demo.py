"""The demo: the sample's own layers, and files that write over nothing."""

import subprocess
import sys

from installer import demo
from scumble_backend import sample


def test_the_demo_names_the_layers_of_the_sample():
    assert demo.SAMPLE == sample.SAMPLE
    names = [each for each in demo.SAMPLE_LAYERS if not each.startswith("--")]
    layers = [sys.executable, "-m", "scumble_backend", "layers", sample.SAMPLE]
    said = subprocess.check_output(layers, text=True)
    assert all(f"'{name}'" in said for name in names)


def test_the_demo_writes_over_nothing(tmp_path):
    assert demo.free_name(tmp_path).name == "scumble-demo.ora"
    (tmp_path / "scumble-demo.ora").touch()
    (tmp_path / "scumble-demo-2.png").touch()
    assert demo.free_name(tmp_path).name == "scumble-demo-3.ora"
