"""What a job is said to take of memory, beside what it takes.

`python -m tests.figures.memory` paints each case in a process of its own, and prints the most that
the process held more than before, what was told, and how far that is off.
"""

import argparse
import io
import json
import subprocess
import sys

from scumble import parameters, protocol
from scumble_backend.cli import bench
from scumble_backend.compute import devices, estimate
from scumble_backend.compute.worker import Inbox, Painter

STEPS = 7  # of an octave: L-BFGS then holds all that it ever does
CASES = (  # long side, long side of two styles, parameters
    (512, 512, {}),
    (1024, 1024, {}),
    (1024, 1024, {"brush_size": 400.0}),
    (1024, 1024, {"painterly": 0.0}),
    (1024, 2048, {"seamless": "both"}),
    (2048, 1024, {}),
    (2048, 2048, {"colour": 100.0}),
    (4096, 1024, {}),
)


def one(size: int, of_styles: int, values: dict) -> None:
    """Paint a case; prints what was told, and what it took."""
    content, styles = bench._sample(size)
    styles = [bench._scaled(style, of_styles) for style in styles]
    painter = Painter(Inbox(io.BytesIO()), lambda message: None)
    chosen = tuple(protocol.Style("", style.digest()) for style in styles)
    values = {"steps": STEPS, "working_size": max(content.extent[2:])} | values
    request = protocol.Stylize("", content, chosen, values)
    with painter.peak:
        done = painter._paint(request, {style.digest(): style for style in styles})
    width, height = done.pixels.extent[2:]
    sizes = [protocol.StyleSize(*style.extent[2:]) for style in styles]
    checked = parameters.check(values)
    task = estimate.Task(height, width, sizes, checked)
    told = estimate.memory(painter._encoder("lite"), task, height, width)
    print(json.dumps([width, height, told, painter.peak.bytes]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.figures.memory")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--largest", type=int, default=4096, help="long side, px")
    asked = parser.parse_args()
    if asked.case:
        devices.prepare()
        one(*json.loads(asked.case))
        return
    for case in CASES:
        if case[0] > asked.largest:
            continue
        command = [sys.executable, "-m", "tests.figures.memory", "--case", json.dumps(case)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        width, height, told, took = json.loads(said)
        print(
            f"{width} x {height} px, styles of {case[1]} px, {case[2]}: told {told / 1e6:.0f} MB, "
            f"took {took / 1e6:.0f} MB ({told / took - 1:+.0%})",
            flush=True,
        )


if __name__ == "__main__":
    main()
