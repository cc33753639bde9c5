"""How true the estimates are, and what more styles cost.

`python -m tests.figures.speed` prints, for jobs of different sizes, styles and qualities in a real
backend, the seconds and the memory told before and what they took; and the time of a step for 1, 2,
4 and 8 styles, in turn, so that what else the machine does hits all of them.
"""

import argparse
import statistics
import time

import torch

from scumble import launcher, protocol
from scumble_backend.cli import bench
from scumble_backend.compute import devices, estimate, weights

JOBS = (  # long side, styles, quality; the first three teach
    (384, 2, "draft"), (256, 1, "standard"), (448, 2, "draft"),
    (320, 2, "standard"), (512, 1, "draft"), (512, 2, "standard"),
)  # fmt: skip
NUMBERS = (1, 2, 4, 8)


def estimates() -> None:
    with launcher.find_or_start() as client:
        for size, count, quality in JOBS:
            content, styles = bench._sample(size)
            styles, values = styles[:count], {"quality": quality}
            sizes = [protocol.StyleSize(*style.extent[2:]) for style in styles]
            question = client.estimate(*content.extent[2:], sizes, values)
            told = next(
                reply
                for reply in bench._replies(client)
                if isinstance(reply, protocol.EstimateReply) and reply.question == question
            )
            named = [(protocol.Style("", style.digest()), style) for style in styles]
            job = client.submit(content, named, values)
            done = next(
                reply
                for reply in bench._replies(client)
                if isinstance(reply, protocol.Done) and reply.job == job
            )
            off = told.seconds / done.seconds - 1
            print(
                f"{size} px, {count} styles, {quality}: told {told.seconds:.1f} s and "
                f"{told.memory / 1e6:.0f} MB, took {done.seconds:.1f} s ({off:+.0%})",
                flush=True,
            )


def styles_cost(size: int, steps: int) -> None:
    device = devices.pick()
    encoder = devices.place(weights.load_encoder("lite"), device)
    paintings = {
        number: estimate.octave(encoder, device, size * 3 // 4, size, 10**6, styles=number)
        for number in NUMBERS
    }
    took = {number: [] for number in NUMBERS}
    for _ in range(3 + steps):
        for number, painting in paintings.items():
            began = time.monotonic()
            float(next(painting)[0, 0, 0, 0])
            took[number].append(time.monotonic() - began)
    one = statistics.median(took[1][3:])
    for number in NUMBERS:
        median, least = statistics.median(took[number][3:]), min(took[number][3:])
        print(
            f"{number} styles at {size} px: {1000 * median:.1f} ms a step ({median / one:.3f} of "
            f"one style's), {1000 * least:.1f} ms at least"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.figures.speed")
    parser.add_argument("--size", type=int, default=512, help="for the cost of styles, px")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    estimates()
    torch.set_num_threads(asked.threads)
    styles_cost(asked.size, 15)


if __name__ == "__main__":
    main()
