import psutil
import pytest
import torch

from scumble_backend.compute import devices


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere the C library returns memory by itself")
def test_memory_that_a_job_is_done_with_goes_back_to_the_machine():
    held = [torch.ones(16_000) for _ in range(4_000)]  # too small for pages of their own
    last = held[-1]  # keeps the heap as long as it is
    del held
    before = psutil.Process().memory_info().rss
    devices.give_back(torch.device("cpu"))
    assert psutil.Process().memory_info().rss < before - 150e6
    assert last.sum() == 16_000
