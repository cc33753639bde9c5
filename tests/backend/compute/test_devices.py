import subprocess
import sys
from inspect import signature

import psutil
import pytest
import torch

from scumble import machine
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


def test_what_is_chosen_paints_and_what_is_gone_leaves_it_to_the_fastest(scumble_home, monkeypatch):
    name = devices.processor()
    assert devices.found()[name] == torch.device("cpu")
    assert (devices.pick(), devices.gone()) == (devices.found()[next(iter(devices.found()))], "")
    machine.choose(name)
    assert (devices.pick(), devices.gone()) == (torch.device("cpu"), "")
    machine.choose("Voodoo")
    assert devices.pick() == next(iter(devices.found().values()))
    assert devices.gone() == "Voodoo"
    monkeypatch.setenv("SCUMBLE_DEVICE", "cpu")
    assert (devices.pick(), devices.gone()) == (torch.device("cpu"), "")
    monkeypatch.setenv("SCUMBLE_DEVICE", "Riva")
    assert devices.gone() == "Riva"


@pytest.mark.parametrize("kind", ["cuda", "xpu"])
def test_equal_devices_have_different_names(monkeypatch, kind):
    monkeypatch.setattr(devices.CARDS[kind], "device_count", lambda: 3)
    monkeypatch.setattr(devices.CARDS[kind], "get_device_name", lambda device: "Quadro")
    assert list(devices.found())[:3] == ["Quadro", "Quadro (2)", "Quadro (3)"]
    assert devices.found()["Quadro (2)"] == torch.device(kind, 1)


@pytest.mark.parametrize("name", devices.CARDS)
def test_torch_has_all_that_is_asked_of_a_card(name):
    """Of kinds of cards that this machine has not: by the names alone."""
    asked = (
        "device_count", "set_device", "get_device_name", "is_bf16_supported", "mem_get_info",
        "get_device_properties", "memory_reserved", "empty_cache", "reset_peak_memory_stats",
        "max_memory_allocated", "synchronize",
    )  # fmt: skip
    assert [each for each in asked if not hasattr(devices.CARDS[name], each)] == []
    assert "including_emulation" in signature(devices.CARDS[name].is_bf16_supported).parameters


class Says:
    """A card that says what it has of memory in all, and holds some of it."""

    total_memory = 8 << 30

    def mem_get_info(self, device):
        raise RuntimeError("The device doesn't support querying the available free memory.")

    def get_device_properties(self, device):
        return self

    def memory_reserved(self, device):
        return 1 << 30


def test_a_card_that_does_not_say_what_is_free_has_what_torch_did_not_take(monkeypatch):
    monkeypatch.setitem(devices.CARDS, "xpu", Says())
    assert devices.free_memory(torch.device("xpu", 0)) == 7 << 30
