import subprocess
import sys

import psutil
import pytest
import torch

from scumble_backend.compute import devices

HELD = """
import resource, psutil, torch
from scumble_backend.compute import devices

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def held():
    return psutil.Process().memory_info().rss

devices.hold_memory()
needed = []
for _ in range(5):
    before = faults()
    buffers = [torch.ones(6_000_000) for _ in range(4)]
    del buffers
    needed.append(faults() - before)
print(needed[-1], held())
devices.give_back(torch.device("cpu"))
print(held())
"""


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere the C library returns memory by itself")
def test_memory_that_a_job_is_done_with_goes_back_to_the_machine():
    held = [torch.ones(16_000) for _ in range(4_000)]  # too small for pages of their own
    last = held[-1]  # keeps the heap as long as it is
    del held
    before = psutil.Process().memory_info().rss
    devices.give_back(torch.device("cpu"))
    assert psutil.Process().memory_info().rss < before - 150e6
    assert last.sum() == 16_000


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere the C library keeps memory by itself")
def test_memory_is_held_from_one_large_buffer_to_the_next_and_given_back():
    found = subprocess.run([sys.executable, "-c", HELD], capture_output=True, check=True).stdout
    faults, held, after = map(int, found.split())
    assert faults < 1_000  # of the 24,000 that its pages would make
    assert held > 100e6
    assert after < held - 90e6
